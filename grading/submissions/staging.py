"""A copy of a submission that grading works with: plain files and folders, within limits."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from grading.submissions.finding import Submission, plain_text
from grading.submissions.members import (
    MOST_BYTES,
    MOST_ENTRIES,
    Member,
    Unreadable,
    reading,
)
from grading.submissions.sources import members
from wire.errors import LabFailed

LARGEST_FILE = 10_000_000
"""Bytes."""
DEEPEST = 20
"""Folders inside one another."""

_OF_THE_NAME = frozenset(
    {errno.ENAMETOOLONG, errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.EILSEQ, errno.EINVAL}
)
"""Why a file can't be written where the fault is its name, and not this machine."""


@dataclass(frozen=True)
class Staged:
    """A submission's copy."""

    path: Path
    """The folder that holds the lab's files: where the copy was put, or one inside it."""
    missing: tuple[str, ...]
    """The files that the lab asks for and that are not there."""
    left_out: tuple[str, ...]
    """What is neither file nor folder, and so was not copied: "server.py: a symbolic link"."""


def stage(submission: Submission, destination: Path, wanted: Sequence[str]) -> Staged:
    """Copy a submission into the new folder `destination`; all of it, or nothing is left there.

    Files get mode 0644, or 0755 if their owner could execute them; of two with
    one name the last counts. Where the `wanted` files stand in a folder inside
    it, `Staged.path` is that.

    Raises Unreadable (the submission's fault), LabFailed (this machine's).
    """
    copy = _Copy(destination)
    try:
        with (
            reading(submission.path),
            closing(members(submission.path, submission.kind)) as found,
        ):
            for member in found:
                copy.take(member)
        root = _root(destination, wanted)
    except BaseException:
        copy.remove()
        raise
    missing = tuple(name for name in wanted if not (root / name).is_file())
    return Staged(root, missing, tuple(copy.left_out))


def digest(staged: Staged) -> str:
    """SHA-256, in hexadecimal, over all names, contents and permissions to execute."""
    total = sha256()
    for path in sorted(staged.path.rglob("*"), key=os.fsencode):
        name = os.fsencode(path.relative_to(staged.path))
        total.update(b"%d:%b" % (len(name), name))
        if path.is_dir():
            total.update(b"folder")
        else:
            executable = path.stat().st_mode & stat.S_IXUSR
            kind = b"program" if executable else b"file"
            total.update(kind + sha256(path.read_bytes()).digest())
    return total.hexdigest()


class _Copy:
    """The copy while it is made."""

    def __init__(self, top: Path) -> None:
        self._top = top
        self._folders: set[Path] = set()
        self._entries = 0
        self._bytes = 0
        self.left_out: list[str] = []
        with _writing():
            top.parent.mkdir(parents=True, exist_ok=True)
            self._make_folder(top)

    def take(self, member: Member) -> None:
        """Raises Unreadable, LabFailed, and whatever reading the member raises."""
        name = plain_text("/".join(member.parts))
        self._entries += 1
        if self._entries > MOST_ENTRIES:
            raise _too_much(f"{MOST_ENTRIES} files and folders")
        if len(member.parts) > DEEPEST:
            raise _too_much(f"{DEEPEST} folders inside one another")
        if member.passed_over:
            self.left_out.append(f"{name}: {member.passed_over}")
            return
        content = None if member.read is None else self._content(member.read, name)
        with _writing(name):
            for depth in range(1, len(member.parts)):
                self._make_folder(self._top.joinpath(*member.parts[:depth]))
            path = self._top.joinpath(*member.parts)
            if content is None:
                self._make_folder(path)
            else:
                path.write_bytes(content)
                path.chmod(0o755 if member.executable else 0o644)

    def _content(self, read: Callable[[int], bytes], name: str) -> bytes:
        """What archives say of sizes is not believed: what comes is counted."""
        content = read(LARGEST_FILE + 1)
        self._bytes += len(content)
        if len(content) > LARGEST_FILE:
            raise _too_much(f"{LARGEST_FILE // 1_000_000} MB in one file: {name!r}")
        if self._bytes > MOST_BYTES:
            raise _too_much(f"{MOST_BYTES // 1_000_000} MB")
        return content

    def _make_folder(self, path: Path) -> None:
        if path not in self._folders:
            path.mkdir()
            path.chmod(0o755)  # whatever the umask is
            self._folders.add(path)

    def remove(self) -> None:
        shutil.rmtree(self._top, ignore_errors=True)


def _root(top: Path, wanted: Sequence[str]) -> Path:
    """The uppermost folder with most of the wanted files; without any, what a lone folder holds."""
    held = {folder: _count(folder, wanted) for folder in _folders(top)}
    if held[top]:
        return top
    most = max(held.values())
    best = sorted((len(folder.parts), folder) for folder in held if most and held[folder] == most)
    if best and (len(best) == 1 or best[0][0] < best[1][0]):
        return best[0][1]
    inside = list(top.iterdir())
    return _root(inside[0], ()) if len(inside) == 1 and inside[0].is_dir() else top


def _folders(top: Path) -> list[Path]:
    return [top, *(path for path in top.rglob("*") if path.is_dir())]


def _count(folder: Path, wanted: Sequence[str]) -> int:
    return sum((folder / name).is_file() for name in wanted)


def _too_much(limit: str) -> Unreadable:
    return Unreadable(
        f"it holds more than {limit}", "ask for it again, without what the lab does not need"
    )


@contextmanager
def _writing(name: str = "") -> Iterator[None]:
    """Within it an OSError is this machine's, or that of a member's `name`."""
    try:
        yield
    except OSError as error:
        if name and error.errno in _OF_THE_NAME:
            raise Unreadable(
                f"{name[:100]!r} can't be written: {error.strerror}", "ask for it under plain names"
            ) from error
        raise LabFailed(
            f"can't write {error.filename}: {error.strerror}",
            "see that the folder can be written and its disk has room",
        ) from error
