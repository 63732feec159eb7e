"""Taking a TCP address to listen on."""

from __future__ import annotations

import os
import socket
from errno import EACCES, EADDRINUSE, errorcode

from wire.errors import LabFailed

BACKLOG = 1024


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 is any free one. Raises LabFailed."""
    try:
        # As bytes where it can be: looking up a str imports the idna codec.
        name = host.encode() if host.isascii() else host
        family = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except (OSError, UnicodeError) as error:
        code = getattr(error, "errno", None) or 0
        reason = os.strerror(code) if code in errorcode else getattr(error, "strerror", error)
        raise LabFailed(
            f"can't listen on {host}:{port}: {reason}",
            "choose another --port, or 0 for any free one"
            if code in (EADDRINUSE, EACCES)
            else "name an address of this machine with --host",
        ) from error
