"""An FTP connection to fetch from: plain, or under TLS to a server known by its fingerprint."""

from __future__ import annotations

import ftplib
import hashlib
import hmac
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

from wire.errors import (
    ErrorCode,
    IntegrityError,
    NoServer,
    Refused,
    TimedOut,
    UsageError,
    WirelabError,
)


@contextmanager
def connected(
    host: str, port: int, user: str, password: str, *, timeout: float, fingerprint: str | None
) -> Iterator[ftplib.FTP]:
    """A connection that is logged in; what goes wrong on it is raised as a WirelabError."""
    ftp = ftplib.FTP() if fingerprint is None else _PinnedFtp(fingerprint)
    with closing(ftp), explained(f"the FTP server at {host}:{port}"):
        ftp.connect(host, port, timeout)
        if isinstance(ftp, _PinnedFtp):
            ftp.auth()
        _log_in(ftp, user, password)
        if isinstance(ftp, _PinnedFtp):
            ftp.prot_p()
        yield ftp


def _log_in(ftp: ftplib.FTP, user: str, password: str) -> None:
    try:
        ftp.login(user, password)
    except ftplib.error_perm as error:
        raise Refused(
            ErrorCode.UNEXPECTED,
            f"the FTP server refused the login of {user}: {error}",
            "check the user and the password; a server that demands TLS needs its fingerprint here",
        ) from error


@contextmanager
def explained(server: str) -> Iterator[None]:
    """Raise whatever ftplib and the connection to `server` raise as a WirelabError."""
    try:
        yield
    except TimeoutError as error:
        raise TimedOut(f"{server} was silent for too long", "try again, or wait longer") from error
    except EOFError as error:
        raise NoServer(
            f"{server} closed the connection", "see that it runs, and try again"
        ) from error
    except ftplib.Error as error:
        raise _answered(server, error) from error
    except ssl.SSLError as error:
        raise IntegrityError(
            f"no secure connection to {server}: {error.reason or error}",
            "the server must offer TLS 1.2 or newer",
        ) from error
    except OSError as error:
        raise NoServer(
            f"can't reach {server}: {error.strerror or error}", "see that it runs, and its address"
        ) from error
    except (ValueError, OverflowError, RecursionError) as error:
        raise IntegrityError(
            f"{server} sent what makes no sense: {error}", "see what program listens there"
        ) from error


def _answered(server: str, error: ftplib.Error) -> WirelabError:
    """What a reply that ftplib did not expect stands for (RFC 959, section 4.2)."""
    message = f"{server} answered: {error}"
    if str(error).startswith("421"):
        return Refused(ErrorCode.BUSY, message, "try again later")
    if isinstance(error, ftplib.error_temp):
        return IntegrityError(message, "the transfer broke off; fetch again")
    if isinstance(error, ftplib.error_perm):
        return Refused(
            ErrorCode.UNEXPECTED, message, "this needs Wirelab's FTP service, and its TLS settings"
        )
    return NoServer(message, "that is no FTP server: check the port")


class _PinnedFtp(ftplib.FTP_TLS):
    """FTP over TLS (RFC 4217) to the one server whose certificate has this SHA-256."""

    def __init__(self, fingerprint: str) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        # The fingerprint says more than an authority's signature or a name would.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.sslsocket_class = _TlsSocket
        super().__init__(context=context)
        try:
            self._expected = bytes.fromhex(fingerprint.replace(":", ""))
        except ValueError:
            self._expected = b""
        if len(self._expected) != hashlib.sha256().digest_size:
            raise UsageError(
                f"{fingerprint} is no SHA-256 fingerprint", "give the 32 hex pairs the server shows"
            )

    def auth(self) -> str:
        reply = super().auth()
        self._check(self.sock)
        return reply

    def ntransfercmd(
        self, cmd: str, rest: int | str | None = None
    ) -> tuple[socket.socket, int | None]:
        connection, size = super().ntransfercmd(cmd, rest)
        try:
            self._check(connection)
        except IntegrityError:
            connection.close()
            raise
        return connection, size

    def _check(self, connection: socket.socket | None) -> None:
        assert isinstance(connection, ssl.SSLSocket)
        shown = hashlib.sha256(connection.getpeercert(binary_form=True) or b"").digest()
        if not hmac.compare_digest(shown, self._expected):
            raise IntegrityError(
                f"the FTP server's certificate has the fingerprint {_pairs(shown)}, "
                f"not {_pairs(self._expected)}",
                "compare it with the server's own screen: another may answer in its place",
            )


class _TlsSocket(ssl.SSLSocket):
    def unwrap(self) -> socket.socket:
        # Many servers close without TLS's farewell. That the data came whole is
        # for the reply on the control connection, the size and the digest to say.
        with suppress(OSError, ValueError):
            return super().unwrap()
        return self


def _pairs(digest: bytes) -> str:
    return digest.hex(":").upper()
