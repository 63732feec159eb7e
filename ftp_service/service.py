"""A read-only FTP server over a folder, in a thread of its own."""

from __future__ import annotations

import ipaddress
import logging
import socket
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from pyftpdlib.authorizers import DummyAuthorizer

from ftp_service import events
from ftp_service.certificate import Certificate
from ftp_service.loop import FtpLoop
from ftp_service.session import PERMISSIONS, SecureSession, Session
from wire.errors import LabFailed, UsageError


@dataclass(frozen=True)
class Limits:
    """What one client, or all together, may ask of the service."""

    connections: int = 512
    """Control and data connections, and ports waiting for one."""
    connections_per_address: int = 64
    login_attempts: int = 3
    login_delay: float = 3.0
    """Seconds before a wrong password is answered."""
    idle_seconds: float = 300.0
    """Between two commands."""
    stall_seconds: float = 120.0
    """Without progress in a transfer."""


class FtpService:
    """Serves `root` to one user until it is stopped; a context manager.

    With a `certificate` everything but the greeting is under TLS, else nothing
    is. `passive_ports` are for data connections (any free one by default);
    `public_address` is the IPv4 address that PASV names, for a service behind
    NAT (RFC 959, section 4.1.2). `on_event` is called in the service's thread.
    """

    def __init__(  # noqa: PLR0913
        self,
        root: Path,
        *,
        user: str,
        password: str,
        host: str = "127.0.0.1",
        port: int = 0,
        certificate: Certificate | None = None,
        passive_ports: range | None = None,
        public_address: str | None = None,
        limits: Limits | None = None,
        on_event: events.OnEvent = lambda _: None,
    ) -> None:
        """Raises UsageError where these settings can't be served."""
        self.host = host
        self.port = port
        self.fingerprint = certificate and certificate.fingerprint
        self._limits = limits or Limits()
        self._on_event = on_event
        self._silence = logging.NullHandler()
        self._handler = self._make_handler(
            certificate,
            authorizer=_authorize(root, user, password),
            passive_ports=passive_ports,
            masquerade_address=public_address and _ipv4(public_address),
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.stop()

    def start(self) -> None:
        """Bind, then serve; `host` and `port` are those bound. Raises LabFailed."""
        listener = _bind(self.host, self.port)
        self.host, self.port = listener.getsockname()[:2]
        self._loop = FtpLoop(listener, self._handler, self._on_event)
        self._loop.max_cons = self._limits.connections
        self._loop.max_cons_per_ip = self._limits.connections_per_address
        # Where pyftpdlib's log has no handler, logging prints its warnings on stderr.
        logging.getLogger("pyftpdlib").addHandler(self._silence)
        self._thread = threading.Thread(target=self._loop.serve, name="FTP service", daemon=True)
        self._thread.start()

    def request_stop(self) -> None:
        """Make the service stop, without waiting for it; a signal handler may call this."""
        self._loop.request_stop()

    def wait(self) -> None:
        """Return when the service is over. Raises LabFailed if it broke down."""
        self._loop.over.wait()
        if self._loop.failure is not None:
            raise LabFailed(
                f"the FTP service broke down: {self._loop.failure!r}",
                "this is a fault in Wirelab, worth a report; starting it again may help",
            ) from self._loop.failure

    def stop(self) -> None:
        """Close all connections, and wait for the end of the thread. Raises what `wait` does.

        A second call does nothing.
        """
        if self._thread.is_alive():
            self.request_stop()
        self._thread.join()
        self._loop.release()
        logging.getLogger("pyftpdlib").removeHandler(self._silence)
        self.wait()

    def _make_handler(self, certificate: Certificate | None, **settings: Any) -> type[Session]:
        """pyftpdlib takes its settings from the class: each service has one of its own."""
        base = SecureSession if certificate else Session
        data_channel = type(
            "ServiceDataChannel", (base.dtp_handler,), {"timeout": self._limits.stall_seconds}
        )
        settings |= {
            "dtp_handler": data_channel,
            "timeout": self._limits.idle_seconds,
            "max_login_attempts": self._limits.login_attempts,
            "auth_failed_timeout": self._limits.login_delay,
            "permit_foreign_addresses": False,
            "permit_privileged_ports": False,
            "report": staticmethod(self._on_event),
        }
        if certificate:
            settings["ssl_context"] = certificate.context
        return type("ServiceSession", (base,), settings)


def _authorize(root: Path, user: str, password: str) -> DummyAuthorizer:
    if not root.is_dir():
        raise UsageError(f"{root} is no folder", "make it, or name another to serve")
    # pyftpdlib lets "anonymous" in without looking at the password.
    if user in ("", "anonymous") or not password:
        raise UsageError(
            "the FTP service needs a user other than anonymous, and a password", "give both"
        )
    authorizer = DummyAuthorizer()
    authorizer.add_user(user, password, str(root), perm=PERMISSIONS)
    return authorizer


def _ipv4(address: str) -> str:
    try:
        return str(ipaddress.IPv4Address(address))
    except ValueError as error:
        raise UsageError(
            f"{address} is no IPv4 address", "PASV can name no other: give one as 203.0.113.7"
        ) from error


def _bind(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise LabFailed(
            f"can't listen on {host}:{port}: {error.strerror or error}",
            "choose another --port, or 0 for any free one",
        ) from error
