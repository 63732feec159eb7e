"""A TCP connection to a server, or a clear word on why there is none."""

from __future__ import annotations

import socket

from wire.errors import NoServer, TimedOut


def connect(host: str, port: int, timeout: float, command: str) -> socket.socket:
    """A connected socket. Raises TimedOut after `timeout` seconds, or NoServer.

    `command` is how a server would be started.
    """
    try:
        # As bytes where it can be: looking up a str imports the idna codec.
        name = host.encode() if host.isascii() else host
        return socket.create_connection((name, port), timeout)  # type: ignore[arg-type]
    except TimeoutError as error:
        raise TimedOut(
            f"{host}:{port} did not answer within {timeout:g} s",
            "check the address, and that no firewall is in between",
        ) from error
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise NoServer(
            f"no server at {host}:{port}: {reason}",
            f"start one with: {command}, or name its --host and --port",
        ) from error
