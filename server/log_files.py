"""The numbered text logs of the lab: `server_messageN.txt`, one a message.

A log appears under its name only when it is whole: it is written under a
temporary name that begins with a dot, which the FTP service never shows.
"""

from __future__ import annotations

import os
import stat
import time
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_PREFIX, _SUFFIX, _TEMPORARY_SUFFIX = "server_message", ".txt", ".tmp"
_MOST_DIGITS = 9
"""No more than a receipt's number can hold."""
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC


def log_name(number: int) -> str:
    return f"{_PREFIX}{number}{_SUFFIX}"


def _number(name: str) -> int | None:
    """The number of the log that has this name; None if no log has it."""
    digits = name[len(_PREFIX) : -len(_SUFFIX)]
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= _MOST_DIGITS):
        return None
    return int(digits) if name == log_name(int(digits)) else None


def render(received_at: float, plaintext: bytes, ciphertext: bytes) -> list[bytes]:
    """A log's pieces, as the mp4 lab has them; the plaintext stands in it byte for byte.

    `ciphertext` is base64 text, `received_at` in Unix seconds.
    """
    when = time.strftime("%a %b %d, %Y %H:%M:%S", time.localtime(received_at))
    head = (
        f"Message Received at: {when}\n\n"
        f"Total Encrypted Message Size: {len(ciphertext)} bytes\n"
        f"Total Decrypted Message Size: {len(plaintext)} bytes\n"
        "-----\nDECRYPTED MESSAGE CONTENT\n-----\n\n"
    )
    between = "\n\n-----\nENCRYPTED MESSAGE CONTENT\n-----\n\n"
    return [head.encode(), plaintext, between.encode(), ciphertext, b"\n"]


class LogFolder:
    """The folder that the logs of one server stand in."""

    def __init__(self, path: Path | str) -> None:
        self._path = path

    def sizes(self) -> dict[int, int]:
        """The logs that are there: number to size in bytes."""
        with os.scandir(self._path) as entries:
            return {
                number: entry.stat(follow_symlinks=False).st_size
                for entry in entries
                if (number := _number(entry.name)) is not None
            }

    def has(self, number: int, size: int) -> bool:
        """Whether a log is there with all its `size` bytes."""
        try:
            status = os.lstat(self._final(number))
        except FileNotFoundError:
            return False
        return stat.S_ISREG(status.st_mode) and status.st_size == size

    def prepare(self, number: int, pieces: Iterable[bytes]) -> None:
        """Write a log under its temporary name."""
        left = [memoryview(piece) for piece in pieces]
        # As system calls: for a file this small, Python's file object costs as much again.
        log = os.open(self._temporary(number), _CREATE, 0o666)
        try:
            while left:
                _drop(left, os.writev(log, left))
        except OSError:
            self.discard(number)
            raise
        finally:
            os.close(log)

    def publish(self, number: int) -> None:
        """Give a prepared log its name."""
        os.rename(self._temporary(number), self._final(number))

    def discard(self, number: int) -> None:
        """Remove a log that was prepared and is not to be published."""
        # What can't be removed now is removed at the next start; the fault that led here counts.
        with suppress(OSError):
            os.unlink(self._temporary(number))

    def clear_temporaries(self) -> None:
        """Remove what a crash left half-written."""
        with os.scandir(self._path) as entries:
            for entry in entries:
                if entry.name.startswith(f".{_PREFIX}") and entry.name.endswith(_TEMPORARY_SUFFIX):
                    os.unlink(entry.path)

    def _final(self, number: int) -> str:
        return f"{self._path}/{log_name(number)}"

    def _temporary(self, number: int) -> str:
        return f"{self._path}/.{log_name(number)}{_TEMPORARY_SUFFIX}"


def _drop(left: list[memoryview], written: int) -> None:
    """Take away what was written; a system call may write less than it was given."""
    while left and written >= len(left[0]):
        written -= len(left.pop(0))
    if left:
        left[0] = left[0][written:]
