"""What a run is asked to do, and the data of the labs."""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from wire.errors import LabFailed, UsageError
from wire.frames import Mode

ROOT = Path(__file__).resolve().parent.parent
"""The repository's top: where `labs/`, `sample_messages/` and the programs are."""


@dataclass(frozen=True)
class Settings:
    """A run, as the command line asks for it; `timeout` in seconds, for each client."""

    messages: tuple[Path, ...]
    mode: Mode
    password: str
    jobs: int
    output: Path
    timeout: float
    quiet: bool


def load_lab(name: str) -> dict[str, Any]:
    """The [run] table of a lab's lab.toml."""
    with (ROOT / "labs" / name / "lab.toml").open("rb") as file:
        run: dict[str, Any] = tomllib.load(file)["run"]
    return run


def find_messages(paths: list[Path]) -> tuple[Path, ...]:
    """Message files: those named, and for a folder all its files, `2` before `10`.

    Raises UsageError for what can't be read, and for a folder without files.
    """
    files = [file for path in paths for file in (_inside(path) if path.is_dir() else [path])]
    for file in files:
        _check_readable(file)
    return tuple(files)


def make_run_folder(output: Path, lab: str) -> Path:
    """A new folder for one run; an earlier run's is never used again. Raises LabFailed."""
    name = f"{datetime.now(UTC).astimezone():%Y%m%d-%H%M%S}-{lab}"
    try:
        output.mkdir(parents=True, exist_ok=True)
        folder = _claim(output / (f"{name}-{attempt}" if attempt else name) for attempt in count())
    except OSError as error:
        raise LabFailed(
            f"can't make a folder for this run in {output}: {error.strerror}",
            "name another with --output",
        ) from error
    return folder.resolve()


def _claim(folders: Iterable[Path]) -> Path:
    """The first that no one has; another driver may look for one at the same time."""
    for folder in folders:
        with suppress(FileExistsError):
            folder.mkdir()
            break
    return folder


def _inside(folder: Path) -> list[Path]:
    try:
        files = [file for file in folder.iterdir() if file.is_file() and file.name[0] != "."]
    except OSError as error:
        raise _unreadable(folder, error.strerror) from error
    if not files:
        raise UsageError(f"no message files in {folder}", "put a text file there, or name some")
    return sorted(files, key=_natural)


def _check_readable(file: Path) -> None:
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise _unreadable(file, "it is no file")
        with file.open("rb"):
            pass
    except OSError as error:
        raise _unreadable(file, error.strerror) from error


def _unreadable(path: Path, reason: str | None) -> UsageError:
    return UsageError(
        f"can't read messages from {path}: {reason}",
        "name files or folders that exist and that you may read",
    )


def _natural(path: Path) -> list[tuple[int, str]]:
    """A sort key under which numbers inside a name count as numbers."""
    return [
        (int(part), "") if part.isdecimal() else (-1, part)
        for part in re.split(r"(\d+)", path.name)
    ]
