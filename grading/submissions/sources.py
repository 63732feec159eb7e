"""A submission's members, the same for a folder, a zip and a tar."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path

from grading.submissions.archives import walk_tar, walk_zip
from grading.submissions.finding import Kind
from grading.submissions.members import ASK_AGAIN, Member, Unreadable, special

_JUNK = frozenset(
    {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini", "__pycache__", ".git", ".svn", ".hg"}
    | {".idea", ".vscode", ".venv", "venv"}
)
"""What systems and tools leave in a folder, and no program of a submission needs."""


_Walk = Callable[[Path], Generator[Member, None, None]]


def members(path: Path, kind: Kind) -> Generator[Member, None, None]:
    """All that a submission holds, but for junk. To be gone through within `reading`."""
    if kind == "other":
        raise Unreadable(f"{path.name} is of a kind that can't be read here", ASK_AGAIN)
    walks: dict[Kind, _Walk] = {"folder": _walk_folder, "zip": walk_zip, "tar": walk_tar}
    with closing(walks[kind](path)) as found:
        for member in found:
            if member.parts and not any(map(_is_junk, member.parts)):
                yield member


def _is_junk(name: str) -> bool:
    return name in _JUNK or name.startswith("._")


def _walk_folder(top: Path, parts: tuple[str, ...] = ()) -> Generator[Member, None, None]:
    with os.scandir(top.joinpath(*parts)) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        inner = (*parts, entry.name)
        if entry.is_dir(follow_symlinks=False):
            yield Member(inner, None)
            if not _is_junk(entry.name):
                yield from _walk_folder(top, inner)
        else:
            yield _file_in_folder(entry, inner)


def _file_in_folder(entry: os.DirEntry[str], parts: tuple[str, ...]) -> Member:
    mode = entry.stat(follow_symlinks=False).st_mode

    def read(most: int) -> bytes:
        with open(entry.path, "rb", opener=_open_itself) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise OSError("it changed while it was read")
            return file.read(most)

    return Member(parts, read, bool(mode & stat.S_IXUSR), special(mode))


def _open_itself(path: str, flags: int) -> int:
    """Never what a symbolic link leads to, and without waiting for a FIFO's writer."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)
