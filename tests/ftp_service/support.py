"""A folder of logs to serve, a service over it, and a server that lies."""

from __future__ import annotations

import ftplib
import hashlib
import io
import os
import socket
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from ftp_service.certificate import Certificate
from ftp_service.filesystem import ServedFolder
from ftp_service.service import FtpService, Limits

USER = "student"
PASSWORD = "correct horse"
QUICK = Limits(login_delay=0)
CERTIFICATE = Certificate.self_signed("localhost", "127.0.0.1", "::1")


def write_logs(folder: Path, count: int = 12) -> dict[str, bytes]:
    """Logs as the server numbers them, of many sizes, one empty; what stands in each."""
    logs = {f"server_message{n}.txt": f"Grüße {n}\n".encode() * n**3 for n in range(count)}
    logs["naïve log.txt"] = bytes(range(256)) * 300
    folder.mkdir(exist_ok=True)
    for name, content in logs.items():
        (folder / name).write_bytes(content)
    return logs


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def make_root(tmp_path: Path) -> Path:
    """A folder with logs, and around them all that must stay out of sight."""
    root = tmp_path / "root"
    write_logs(root)
    (tmp_path / "secret.txt").write_text("outside")
    (root / ".store.db").write_text("hidden")
    (root / ".folder").mkdir()
    (root / ".folder" / "inner.txt").write_text("hidden")
    (root / "sub").mkdir()
    (root / "sub" / "log.txt").write_text("inside")
    (root / "sub" / ".part").write_text("hidden")
    (root / "escape.txt").symlink_to(tmp_path / "secret.txt")
    (root / "escape").symlink_to(tmp_path)
    (root / "peek.txt").symlink_to(root / ".store.db")
    (root / "lost.txt").symlink_to(root / "nowhere.txt")
    (root / "circle.txt").symlink_to(root / "circle.txt")
    (root / "bad\r\nname.txt").write_text("two lines in a listing")
    (root / "logs.tar").write_text("its name is taken")
    os.mkfifo(root / "fifo.txt")
    return root


def visible(root: Path) -> set[str]:
    hidden = {"logs.tar", "bad\r\nname.txt", "fifo.txt"}
    return {p.name for p in root.iterdir() if not (p.name[0] == "." or p.is_symlink())} - hidden


def folder(root: Path) -> ServedFolder:
    return ServedFolder(str(root.resolve()), None)


def run(*command: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, capture_output=True, timeout=60, check=False)


@contextmanager
def serving(root: Path, **settings: Any) -> Iterator[FtpService]:
    settings.setdefault("limits", QUICK)
    with FtpService(root, user=USER, password=PASSWORD, **settings) as service:
        yield service


@contextmanager
def logged_in(service: FtpService) -> Iterator[ftplib.FTP]:
    ftp = ftplib.FTP_TLS() if service.fingerprint else ftplib.FTP()
    with ftp:
        ftp.connect(service.host, service.port, timeout=10)
        ftp.login(USER, PASSWORD)
        if isinstance(ftp, ftplib.FTP_TLS):
            ftp.prot_p()
        yield ftp


def retrieved(ftp: ftplib.FTP, name: str) -> bytes:
    data = io.BytesIO()
    ftp.retrbinary(f"RETR {name}", data.write)
    return data.getvalue()


def packed(logs: dict[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for name, content in logs.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return archive.getvalue()


class LyingServer:
    """An FTP server for one client that says what the test tells it to.

    By default it serves `logs` truthfully; `replies` overrides the answer to a
    command, "" being silence and None the end of the connection.
    """

    def __init__(
        self,
        logs: dict[str, bytes],
        *,
        listing: str | None = None,
        archive: bytes | None = None,
        replies: dict[str, str | None] | None = None,
        greeting: str = "220 ready",
        after_archive: str | None = "226 done",
    ) -> None:
        self._logs = logs
        self._listing = listing
        self._archive = packed(logs) if archive is None else archive
        self._replies = replies or {}
        self._greeting = greeting
        self._after_archive = after_archive
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.received: list[str] = []
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        control, _ = self._listener.accept()
        with control, control.makefile("r", errors="replace", newline="\r\n") as lines:
            self._data: socket.socket | None = None
            self._control = control
            self._say(self._greeting)
            with suppress(ConnectionError):  # the client has seen enough
                for line in lines:
                    self.received.append(line.rstrip())
                    verb, _, argument = line.rstrip().partition(" ")
                    reply = self._replies.get(verb, getattr(self, f"_{verb.lower()}", None))
                    if reply is None:
                        break
                    if text := reply if isinstance(reply, str) else reply(argument):
                        self._say(text)
            if self._data is not None:
                self._data.close()

    def _say(self, text: str) -> None:
        self._control.sendall(text.encode(errors="surrogateescape") + b"\r\n")

    def _send(self, data: bytes) -> None:
        assert self._data is not None
        connection, _ = self._data.accept()
        with connection, suppress(ConnectionError):
            connection.sendall(data)
        self._data.close()
        self._data = None

    def _user(self, _: str) -> str:
        return "331 password"

    def _pass(self, _: str) -> str:
        return "230 in"

    def _type(self, _: str) -> str:
        return "200 ok"

    _opts = _type

    def _pasv(self, _: str) -> str:
        self._data = socket.create_server(("127.0.0.1", 0))
        port = self._data.getsockname()[1]
        # An address that leads elsewhere: a client must not follow it.
        return f"227 Entering Passive Mode (203,0,113,9,{port // 256},{port % 256})"

    def _mlsd(self, _: str) -> str:
        listing = self._listing
        if listing is None:
            listing = "".join(
                f"type=file;size={len(content)}; {name}\r\n" for name, content in self._logs.items()
            )
        self._say("150 here")
        self._send(listing.encode())
        return "226 done"

    def _hash(self, name: str) -> str:
        content = self._logs.get(name, b"")
        return f"213 SHA-256 0-{len(content)} {hashlib.sha256(content).hexdigest()} {name}"

    def _retr(self, _: str) -> str | None:
        self._say("150 here")
        self._send(self._archive)
        if self._after_archive is None:
            self._control.shutdown(socket.SHUT_RDWR)
        return self._after_archive
