"""One client's FTP session: pyftpdlib's, cut down to reading, with HASH and the packed archive."""

from __future__ import annotations

import hashlib
import logging
import os
import sys
from pathlib import PurePath
from typing import Any

# Before the handlers: it hushes the deprecation of asyncore, which pyftpdlib brings along.
import pyftpdlib.ioloop  # noqa: F401
from pyftpdlib.exceptions import FilesystemError
from pyftpdlib.handlers import DTPHandler, FTPHandler, TLS_DTPHandler, TLS_FTPHandler

from ftp_service import events
from ftp_service.archive import LogArchive
from ftp_service.filesystem import ARCHIVE, ServedFolder

PERMISSIONS = "elr"
"""Change folder, list, retrieve."""

_HASH = {"perm": "r", "auth": True, "arg": True, "help": "Syntax: HASH <SP> path (SHA-256)."}


def _reading(commands: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The commands that can't write, and HASH.

    Permissions alone would not do: STOU makes its file before it looks at them.
    """
    allowed = (None, *PERMISSIONS)
    reading = {name: command for name, command in commands.items() if command["perm"] in allowed}
    return {**reading, "HASH": _HASH}


class DataChannel(DTPHandler):  # type: ignore[misc]
    """A data connection."""

    def abandon(self) -> None:
        """Close at once, without the farewell that TLS would wait for."""
        self._error = True
        self.close()

    def handle_error(self) -> None:
        # pyftpdlib leaves a TLS client without an answer here.
        self._resp = ("426 Internal error; transfer aborted.", logging.getLogger("pyftpdlib").debug)
        super().handle_error()

    def handle_timeout(self) -> None:
        # The peer stopped reading: it would not take a TLS farewell either.
        self._error = True
        super().handle_timeout()


class SecureDataChannel(DataChannel, TLS_DTPHandler):  # type: ignore[misc]
    """A data connection under TLS."""


class Session(FTPHandler):  # type: ignore[misc]
    """A control connection. `report` takes its events; the service sets it and the limits."""

    proto_cmds = _reading(FTPHandler.proto_cmds)
    abstracted_fs = ServedFolder
    dtp_handler = DataChannel
    banner = "Wirelab log files, read-only."
    report: events.OnEvent
    _extra_feats: list[str]
    _restart_position: int

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._extra_feats = [*self._extra_feats, "HASH SHA-256*"]

    def abandon(self) -> None:
        """Close at once, with the transfer that runs."""
        self._error = True
        self.close()

    @property
    def _client(self) -> events.Address:
        return (self.remote_ip, self.remote_port)

    def pre_process_command(self, line: str, cmd: str, arg: str) -> None:
        about_a_file = self.authenticated and cmd in ("RETR", "SIZE", "MDTM", "HASH")
        if not (about_a_file and self.fs.ftpnorm(arg) == ARCHIVE):
            super().pre_process_command(line, cmd, arg)
        elif cmd == "RETR":
            self._send_archive()
        else:
            # After a 550 to SIZE, curl would not try to retrieve it.
            self.respond("504 That is not known before the archive is packed.")

    def _send_archive(self) -> None:
        if self._restart_position:
            self._restart_position = 0
            self.respond("554 The archive is packed anew each time: it can't be resumed.")
        elif self._current_type != "i":
            self.respond("550 The archive is binary: set TYPE I first.")
        else:
            archive = LogArchive(self.fs)
            self.push_dtp_data(archive, isproducer=True, file=archive, cmd="RETR")

    def ftp_HASH(self, path: str) -> None:  # noqa: N802
        """Answer a whole file's SHA-256 (draft-bryan-ftpext-hash).

        The file is read in chunks; other sessions wait meanwhile.
        """
        try:
            with self.fs.open(path, "rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                size = file.tell()
        except (OSError, FilesystemError) as error:
            self.respond(f"550 {getattr(error, 'strerror', None) or error}.")
        else:
            name = os.path.relpath(path, self.fs.ftp2fs(self.fs.cwd))
            self.respond(f"213 SHA-256 0-{size} {digest} {name}")

    def ftp_OPTS(self, line: str) -> None:  # noqa: N802
        command, _, option = line.upper().partition(" ")
        if command != "HASH":
            super().ftp_OPTS(line)
        elif option in ("", "SHA-256"):
            self.respond("200 SHA-256")
        else:
            self.respond("501 Unknown algorithm, current selection not changed.")

    def on_login(self, username: str) -> None:  # noqa: ARG002
        self.report(events.LoggedIn(self._client))

    def on_login_failed(self, username: str, password: str) -> None:  # noqa: ARG002
        self.report(events.LoginRefused(self._client, username))

    def on_file_sent(self, file: str) -> None:
        self.report(events.FileSent(self._client, PurePath(file).name))

    def on_incomplete_file_sent(self, file: str) -> None:
        self.report(events.TransferBroken(self._client, PurePath(file).name))

    def log_exception(self, instance: object) -> None:  # noqa: ARG002
        self.report(events.SessionFailed(self._client, repr(sys.exception())))


class SecureSession(Session, TLS_FTPHandler):  # type: ignore[misc]
    """A control connection that takes no password, and opens no data connection, without TLS."""

    proto_cmds = _reading(TLS_FTPHandler.proto_cmds)
    dtp_handler = SecureDataChannel
    tls_control_required = True
    tls_data_required = True

    def ftp_AUTH(self, line: str) -> None:  # noqa: N802
        super().ftp_AUTH(line)
        # What came in the clear behind AUTH may be another's: it must not run under TLS.
        self.ac_in_buffer = b""
