"""The numbered text logs of the lab: `server_messageN.txt`, one a message.

A log appears under its name only when it is whole: it is written under a
temporary name that begins with a dot, which the FTP service never shows.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable
from pathlib import Path

_NAME = re.compile(r"server_message(0|[1-9][0-9]*)\.txt")
_TEMPORARY_SUFFIX = ".tmp"


def log_name(number: int) -> str:
    return f"server_message{number}.txt"


def render(received_at: float, plaintext: bytes, ciphertext: bytes) -> list[bytes]:
    """A log's pieces (LABS.md, mp4). `ciphertext` is base64 text, `received_at` in Unix seconds.

    The plaintext stands in it byte for byte.
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

    def __init__(self, path: Path) -> None:
        self._path = path

    def sizes(self) -> dict[int, int]:
        """The logs that are there: number to size in bytes."""
        with os.scandir(self._path) as entries:
            return {
                int(match[1]): entry.stat().st_size
                for entry in entries
                if (match := _NAME.fullmatch(entry.name))
            }

    def has(self, number: int) -> bool:
        return (self._path / log_name(number)).exists()

    def prepare(self, number: int, pieces: Iterable[bytes]) -> None:
        """Write a log under its temporary name."""
        with self._temporary(number).open("wb") as log:
            log.writelines(pieces)

    def publish(self, number: int) -> None:
        """Give a prepared log its name."""
        self._temporary(number).rename(self._path / log_name(number))

    def discard(self, number: int) -> None:
        """Remove a prepared log that is not to be published, if it is there."""
        self._temporary(number).unlink(missing_ok=True)

    def clear_temporaries(self) -> None:
        """Remove what a crash left half-written."""
        for leftover in self._path.glob(f".server_message*{_TEMPORARY_SUFFIX}"):
            leftover.unlink()

    def _temporary(self, number: int) -> Path:
        return self._path / f".{log_name(number)}{_TEMPORARY_SUFFIX}"
