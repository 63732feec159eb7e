"""What a submission holds, one by one, and why it can't be read."""

from __future__ import annotations

import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wire.errors import WirelabError

MOST_ENTRIES = 2_000
"""Files and folders of a submission."""
MOST_BYTES = 50_000_000
"""Of all its files together, and of the archive that they come in."""
MOST_UNPACKED = 4 * MOST_BYTES
"""Bytes of a tar, with what is passed over."""
SLOWEST = 60.0
"""Seconds that reading a tar may take; only one that is built to be slow needs as many."""

_FAULTS = (
    OSError,
    EOFError,
    ValueError,
    RuntimeError,  # NotImplementedError and RecursionError too
    MemoryError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    tarfile.TarError,
)
"""What reading a damaged archive, or one that is built to do harm, raises."""

SPECIAL = "no regular file"
ASK_AGAIN = "ask for it again, as a folder, a .zip or a .tar.gz"


class Unreadable(WirelabError):
    """A submission that can't be read; it is this submission's fault, and no other's."""


@dataclass(frozen=True)
class Member:
    """A file or folder; `parts` are the folders that it is in, and its own name."""

    parts: tuple[str, ...]
    read: Callable[[int], bytes] | None
    """At most so many bytes of it; None for a folder. To be called before the next member."""
    executable: bool = False
    passed_over: str = ""
    """What it is, if it is neither file nor folder."""


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Within it whatever a damaged submission makes its readers raise is Unreadable."""
    try:
        yield
    except _FAULTS as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise Unreadable(f"{path.name} can't be read: {reason}", ASK_AGAIN) from error


def parts_of(name: str) -> tuple[str, ...]:
    """The parts of a name in an archive; as tar and unzip do, from where it is unpacked.

    Raises Unreadable for one that would lead out of there.
    """
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    if ".." in parts or "\0" in name:
        raise Unreadable(f"it holds a file whose name leads out of it: {name!r}", ASK_AGAIN)
    return parts


def special(mode: int) -> str:
    """What a file is by its mode's type; empty for a regular one, and for no type at all."""
    if stat.S_ISLNK(mode):
        return "a symbolic link"
    return "" if stat.S_IFMT(mode) in (0, stat.S_IFREG) else SPECIAL
