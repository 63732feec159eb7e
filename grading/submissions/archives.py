"""Zip and tar archives, member by member; never unpacked by their libraries.

Each of these had faults that led out of the folder, and none has limits. What
is read here is written by `staging`, as all else is.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import stat
import tarfile
import time
import zipfile
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import IO, Self, cast

from grading.submissions.members import (
    ASK_AGAIN,
    MOST_BYTES,
    MOST_ENTRIES,
    MOST_UNPACKED,
    SLOWEST,
    SPECIAL,
    Member,
    Unreadable,
    parts_of,
    special,
)

_CHUNK = 64 * 1024
_TELLING_OF_THE_NEXT = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)


def walk_zip(path: Path) -> Generator[Member, None, None]:
    _refuse_if_large(path)
    # zipfile reads the whole directory at once; each of its entries begins so.
    if path.read_bytes().count(b"PK\1\2") > 10 * MOST_ENTRIES:
        raise Unreadable(f"{path.name} holds far too many files", ASK_AGAIN)
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            yield _member_of_zip(archive, info)


def _member_of_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    name = _name_in_zip(info)
    parts, mode = parts_of(name), info.external_attr >> 16
    if name.endswith("/"):
        return Member(parts, None)
    if info.flag_bits & 0x1:
        raise Unreadable(f"it is encrypted: {name!r}", "ask for it again, without a password")
    # The other methods are unpacked without a limit on what a few bytes become.
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unreadable(f"it is packed by a rare method: {name!r}", ASK_AGAIN)

    def read(most: int) -> bytes:
        with archive.open(info) as file:
            return file.read(most)

    return Member(parts, read, bool(mode & stat.S_IXUSR), special(mode))


def _name_in_zip(info: zipfile.ZipInfo) -> str:
    """A name as whoever packed it meant it.

    Without the flag for UTF-8 (APPNOTE 4.4.4, bit 11) it is read as code page
    437, though many programs write UTF-8 all the same. Old ones for Windows
    write backslashes.
    """
    name = info.filename
    if not info.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode()
        except UnicodeError:
            name = info.filename
    return name.replace("\\", "/")


def walk_tar(path: Path) -> Generator[Member, None, None]:
    _refuse_if_large(path)
    # As a stream: a header that points backwards can't make it loop.
    with (
        closing(_unpacked(path)) as file,
        tarfile.open(
            fileobj=cast(IO[bytes], limited := _Limited(file)), mode="r|", tarinfo=_Header
        ) as archive,
    ):
        for info in archive:
            yield _member_of_tar(archive, info)
        while limited.read(_CHUNK):  # only its end tells whether what was packed is undamaged
            pass


def _member_of_tar(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Member:
    parts = parts_of(info.name)
    if info.isdir():
        return Member(parts, None)

    def read(most: int) -> bytes:
        with cast(IO[bytes], archive.extractfile(info)) as content:  # None for no file only
            return content.read(most)

    return Member(parts, read, bool(info.mode & stat.S_IXUSR), _special_in_tar(info))


def _special_in_tar(info: tarfile.TarInfo) -> str:
    if info.isreg():
        return ""
    return "a symbolic link" if info.issym() else "a hard link" if info.islnk() else SPECIAL


def _unpacked(path: Path) -> IO[bytes]:
    """The tar itself, by what the file begins with: names of archives are often wrong."""
    with path.open("rb") as file:
        beginning = file.read(6)
    if beginning.startswith(b"\x1f\x8b"):
        return cast(IO[bytes], gzip.open(path))
    if beginning.startswith(b"BZh"):
        return cast(IO[bytes], bz2.open(path))
    if beginning == b"\xfd7zXZ\0":
        return cast(IO[bytes], lzma.open(path))
    return path.open("rb")


class _Limited:
    """A tar as tarfile reads it, within limits."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._left = MOST_UNPACKED
        self._end = time.monotonic() + SLOWEST

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self._left -= len(data)
        if self._left < 0 or time.monotonic() > self._end:
            raise Unreadable("it is too large when unpacked", ASK_AGAIN)
        return data


class _Header(tarfile.TarInfo):
    """A header; one that tells of the next is held to a size that is searched in no time.

    Some Pythons need time that grows with the square of it. A damaged header,
    which tarfile takes for the end of the archive, raises Unreadable.
    """

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        try:
            header = super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            if any(buf):
                raise Unreadable("it is damaged", ASK_AGAIN) from error
            raise
        if header.type in _TELLING_OF_THE_NEXT and header.size > 16_384:
            raise Unreadable("it holds an overlong name", ASK_AGAIN)
        return header


def _refuse_if_large(path: Path) -> None:
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(
            f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB",
            "unpack it by hand and leave out what the lab does not need",
        )
