"""Which submissions there are: folders, archives, and folders of those."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from grading.journal import JOURNAL_NAME
from wire.errors import UsageError

Kind = Literal["folder", "zip", "tar", "other"]
"""What a submission is; `other`: an archive of a kind that is not read here."""

_SUFFIXES: dict[str, Kind] = {
    ".zip": "zip",
    ".tar": "tar",
    ".tar.gz": "tar",
    ".tgz": "tar",
    ".tar.bz2": "tar",
    ".tbz2": "tar",
    ".tbz": "tar",
    ".tar.xz": "tar",
    ".txz": "tar",
    ".tar.zst": "other",
    ".rar": "other",
    ".7z": "other",
}


@dataclass(frozen=True)
class Submission:
    """What a student handed in; `name` is the student's."""

    name: str
    path: Path
    kind: Kind


def find_submissions(paths: Sequence[Path], wanted: Sequence[str]) -> tuple[Submission, ...]:
    """All submissions, in the natural order of their names.

    A path is an archive, a folder that is one submission, or a folder of such
    (a class). `wanted` are the files that the lab asks for: a folder with one of
    them is a submission; else it is a class if an entry is an archive or a
    folder with one of them; else a submission if it has a file at all.

    In a class each folder and each archive is a submission, and a folder with
    nothing but one archive stands for that (Moodle packs them so); hidden
    entries, other files and a grading's output are passed over.

    Raises UsageError: nothing there, no submission, two of one name.
    """
    found: dict[str, Submission] = {}
    for path in paths:
        for submission in _submissions_at(path, wanted):
            other = found.setdefault(submission.name, submission)
            if other is not submission:
                raise UsageError(
                    f"two submissions are named {submission.name!r}: "
                    f"{other.path} and {submission.path}",
                    "a submission is named by its folder or archive: rename one of them",
                )
    if not found:
        raise UsageError(
            f"no submission in {', '.join(map(str, paths)) or 'nothing'}",
            "name a submission's folder, a .zip or .tar file, or a folder of those",
        )
    return tuple(sorted(found.values(), key=lambda submission: _natural(submission.name)))


def plain_text(name: str) -> str:
    """A file's name as text that can be written anywhere; bytes that are no UTF-8 as escapes."""
    text = name.encode(errors="surrogateescape").decode(errors="backslashreplace")
    return unicodedata.normalize("NFC", text)  # macOS takes letters and accents apart


def _submissions_at(path: Path, wanted: Sequence[str]) -> Iterator[Submission]:
    try:
        if not path.is_dir():
            yield _given_archive(path)
        elif _is_submission(path, wanted):
            yield _folder(path)
        else:
            for entry in _visible(path):
                if not _is_output(entry, wanted):
                    yield from _in_class(entry)
    except OSError as error:
        raise UsageError(
            f"can't read {path}: {error.strerror}", "check its name, and who may read it"
        ) from error


def _given_archive(path: Path) -> Submission:
    path.stat()
    name, kind = _by_suffix(path)
    if kind is None:
        raise UsageError(
            f"{path} is no submission",
            "name a submission's folder, a .zip or .tar file, or a folder of those",
        )
    return Submission(name, path, kind)


def _in_class(path: Path) -> Iterator[Submission]:
    if path.is_dir():
        yield _only_archive(path) or _folder(path)
    else:
        name, kind = _by_suffix(path)
        if kind is not None:
            yield Submission(name, path, kind)


def _only_archive(folder: Path) -> Submission | None:
    try:
        entries = _visible(folder)
    except OSError:
        return None  # one that may not be read; staging it says so
    if len(entries) != 1 or entries[0].is_dir():
        return None
    _, kind = _by_suffix(entries[0])
    return Submission(plain_text(folder.name), entries[0], kind) if kind else None


def _is_submission(folder: Path, wanted: Sequence[str]) -> bool:
    if _holds_any(folder, wanted):
        return True
    files = [entry for entry in _visible(folder) if not entry.is_dir()]
    folders = [entry for entry in _visible(folder) if entry.is_dir()]
    archives = [file for file in files if _by_suffix(file)[1] is not None]
    if archives or any(_holds_any(inner, wanted) for inner in folders):
        return False
    return bool(files)


def _is_output(folder: Path, wanted: Sequence[str]) -> bool:
    return _holds_any(folder, [JOURNAL_NAME]) and not _holds_any(folder, wanted)


def _holds_any(folder: Path, wanted: Sequence[str]) -> bool:
    try:
        return any((folder / name).is_file() for name in wanted)
    except OSError:
        return False  # one that may not be read; staging it says so


def _folder(path: Path) -> Submission:
    name = path.name if path.name not in ("", "..") else path.resolve().name
    return Submission(plain_text(name), path, "folder")


def _by_suffix(path: Path) -> tuple[str, Kind | None]:
    """A file's name without its archive's suffix, and the kind of archive; None: it is none."""
    for suffix in sorted(_SUFFIXES, key=len, reverse=True):
        if path.name.lower().endswith(suffix) and len(path.name) > len(suffix):
            return plain_text(path.name[: -len(suffix)]), _SUFFIXES[suffix]
    return plain_text(path.name), None


def _visible(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def _natural(name: str) -> tuple[str, str]:
    """A key that puts student2 before student10."""
    return re.sub(r"\d+", lambda digits: digits[0].zfill(20), name.casefold()), name
