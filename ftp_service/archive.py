"""All logs in one data connection: a tar archive, packed while it is sent."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Generator
from pathlib import PurePath

from ftp_service.filesystem import ARCHIVE, ServedFolder

_CHUNK = 64 * 1024
_END = bytes(2 * tarfile.BLOCKSIZE)


class LogArchive:
    """A POSIX tar (pax) of the root's files; holds one chunk of 64 KiB at a time.

    It is a producer for pyftpdlib (`more`) and, so that an abandoned transfer
    closes the file being packed, its file object as well (`name`, `close`).
    """

    name = ARCHIVE

    def __init__(self, folder: ServedFolder) -> None:
        self.closed = False
        self._blocks = _pack(folder)

    def more(self) -> bytes:
        """The next bytes, none at the end. Raises EOFError if a file shrank, or OSError."""
        chunk = bytearray()
        for block in self._blocks:
            chunk += block
            if len(chunk) >= _CHUNK:
                break
        return bytes(chunk)

    def close(self) -> None:
        self._blocks.close()
        self.closed = True


def _pack(folder: ServedFolder) -> Generator[bytes, None, None]:
    for path in folder.files():
        with folder.open(path, "rb") as file:
            status = os.fstat(file.fileno())
            yield _header(PurePath(path).name, status)
            # A file that grows meanwhile is cut at the size its header gives.
            left = status.st_size
            while left:
                data = file.read(min(left, _CHUNK))
                if not data:
                    raise EOFError(f"{path} shrank while it was packed")
                left -= len(data)
                yield data
            yield bytes(-status.st_size % tarfile.BLOCKSIZE)
    yield _END


def _header(name: str, status: os.stat_result) -> bytes:
    member = tarfile.TarInfo(name)
    member.size = status.st_size
    member.mtime = int(status.st_mtime)
    return member.tobuf(tarfile.PAX_FORMAT, "utf-8")
