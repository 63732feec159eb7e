"""All logs of an FTP service, fetched over one data connection and checked one by one."""

from __future__ import annotations

import hashlib
import os
import re
import socket
import tarfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ftplib import FTP
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, cast

from ftp_service.connection import connected, explained
from wire.errors import IntegrityError, LabFailed, UsageError

_CHUNK = 64 * 1024
_PIPELINED = 64
_HASH_REPLY = re.compile(r"213 SHA-256 0-(\d+) ([0-9A-Fa-f]{64}) (.*)")
_FETCH_AGAIN = "fetch again; a log that was written meanwhile has this effect, and so has damage"


@dataclass(frozen=True)
class RetrievedLog:
    """A log that arrived as the server has it."""

    name: str
    path: Path
    size: int
    """Bytes."""
    digest: str
    """SHA-256, in hexadecimal."""


def retrieve_logs(  # noqa: PLR0913
    host: str,
    port: int,
    user: str,
    password: str,
    destination: Path,
    *,
    timeout: float,
    fingerprint: str | None = None,
    on_log: Callable[[RetrievedLog], None] | None = None,
) -> list[RetrievedLog]:
    """Fetch every log into `destination`, all or none; in the order of their numbers.

    Each is checked against the size that the server lists (MLSD, RFC 3659) and
    the SHA-256 that it gives (HASH), then `on_log` is told. `timeout`: seconds
    that the server may stay silent. With a `fingerprint` (SHA-256 of the
    server's certificate, in hexadecimal, colons or not) all is under TLS, and
    no password goes to any other server.

    Raises UsageError (a log of that name is there already), LabFailed (this
    machine's disk), NoServer, Refused, IntegrityError, TimedOut.
    """
    with connected(host, port, user, password, timeout=timeout, fingerprint=fingerprint) as ftp:
        logs = _announced(ftp, destination)
        _refuse_to_overwrite(logs)
        with _temporary_folder(destination) as folder:
            _fetch(ftp, folder, logs)
            _put_in_place(folder, logs)
    if on_log is not None:
        for log in logs:
            on_log(log)
    return logs


def _announced(ftp: FTP, destination: Path) -> list[RetrievedLog]:
    """What there is to fetch, by MLSD and HASH, in the order of the numbers."""
    sizes = dict(_listed(ftp))
    names = sorted(sizes, key=_natural)
    logs = []
    for name, reply in zip(names, _hash_replies(ftp, names), strict=True):
        match = _HASH_REPLY.fullmatch(reply)
        if match is None or (int(match[1]), match[3]) != (sizes[name], name):
            raise IntegrityError(
                f"the server lists {name} with {sizes[name]} bytes and then says: {reply}",
                _FETCH_AGAIN,
            )
        logs.append(RetrievedLog(name, destination / name, sizes[name], match[2].lower()))
    return logs


def _listed(ftp: FTP) -> Iterator[tuple[str, int]]:
    for name, facts in ftp.mlsd(facts=["type", "size"]):
        if facts.get("type", "").lower() == "file":
            if not _is_plain(name):
                raise IntegrityError(
                    f"the server names a log {name!r}", "don't trust it: this is no file name"
                )
            yield name, int(facts.get("size", ""))


def _hash_replies(ftp: FTP, names: list[str]) -> Iterator[str]:
    """Ask for many digests at once: one at a time costs a round trip each."""
    control = cast(socket.socket, ftp.sock)
    for start in range(0, len(names), _PIPELINED):
        batch = names[start : start + _PIPELINED]
        control.sendall("".join(f"HASH {name}\r\n" for name in batch).encode())
        for _ in batch:
            yield ftp.getresp()


def _refuse_to_overwrite(logs: list[RetrievedLog]) -> None:
    for log in logs:
        if os.path.lexists(log.path):
            raise UsageError(
                f"{log.path} is there already", "move it, or fetch into another folder"
            )


def _fetch(ftp: FTP, folder: Path, logs: list[RetrievedLog]) -> None:
    """Unpack `logs.tar` into `folder` while it arrives. Raises IntegrityError."""
    ftp.voidcmd("TYPE I")
    with ftp.transfercmd("RETR logs.tar") as connection:
        stream = _Stream(connection, most=sum(log.size + 4096 for log in logs) + _CHUNK)
        _unpack(cast(IO[bytes], stream), folder, logs)
        while stream.read(_CHUNK):
            pass
    # The data may end early and look whole; only this reply says that it is.
    ftp.voidresp()


def _unpack(stream: IO[bytes], folder: Path, logs: Iterable[RetrievedLog]) -> None:
    missing = {log.name: log for log in logs}
    with _writing(folder), tarfile.open(fileobj=stream, mode="r|", bufsize=_CHUNK) as archive:
        for member in archive:
            log = missing.pop(member.name, None)
            content = archive.extractfile(member) if log and member.isreg() else None
            if log is None or content is None:
                raise IntegrityError(f"{member.name!r} came and was not listed", _FETCH_AGAIN)
            _keep(content, folder / log.name, log)
    if missing:
        raise IntegrityError(f"listed and never sent: {', '.join(missing)}", _FETCH_AGAIN)


def _keep(content: IO[bytes], path: Path, log: RetrievedLog) -> None:
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
    if (size, digest.hexdigest()) != (log.size, log.digest):
        raise IntegrityError(
            f"{log.name} arrived with {size} bytes and SHA-256 {digest.hexdigest()}, "
            f"the server has {log.size} bytes and {log.digest}",
            _FETCH_AGAIN,
        )


def _put_in_place(folder: Path, logs: Iterable[RetrievedLog]) -> None:
    for log in logs:
        with _writing(log.path):
            log.path.touch(exist_ok=False)  # claims the name: a rename alone would overwrite
            (folder / log.name).replace(log.path)


class _Stream:
    """A data connection as tarfile reads it: at most `most` bytes, errors as ours."""

    def __init__(self, connection: socket.socket, most: int) -> None:
        self._connection = connection
        self._left = most

    def read(self, size: int) -> bytes:
        with explained("the FTP server"):
            data = self._connection.recv(size)
        self._left -= len(data)
        if self._left < 0:
            raise IntegrityError("far more came than the server lists", _FETCH_AGAIN)
        return data


@contextmanager
def _temporary_folder(destination: Path) -> Iterator[Path]:
    with _writing(destination):
        destination.mkdir(parents=True, exist_ok=True)
        folder = TemporaryDirectory(prefix=".retrieval-", dir=destination)
    with folder as name:
        yield Path(name)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Within it an OSError is this machine's; what the connection raises is translated already."""
    try:
        yield
    except OSError as error:
        raise LabFailed(
            f"can't write {path}: {error.strerror or error}",
            "see that the folder can be written and its disk has room",
        ) from error
    except tarfile.TarError as error:
        raise IntegrityError(
            f"the archive of the logs is damaged: {error}", _FETCH_AGAIN
        ) from error


def _is_plain(name: str) -> bool:
    return name.isprintable() and not name.startswith(".") and not set(name) & {"/", "\\"}


def _natural(name: str) -> tuple[str, str]:
    """A key that puts server_message2 before server_message10."""
    return re.sub(r"\d+", lambda digits: digits[0].zfill(20), name), name
