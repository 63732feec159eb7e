"""What a run is asked to do, and the data of the labs."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wire.errors import LabFailed, UsageError
from wire.frames import Mode

ROOT = Path(__file__).resolve().parent.parent
"""The repository's top: where `labs/`, `sample_messages/` and the programs are."""

LOOPBACK = "127.0.0.1"


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

    Raises UsageError for what does not exist, and for a folder without files.
    """
    files: list[Path] = []
    for path in paths:
        if not path.is_dir():
            files.append(path)
            continue
        inside = [file for file in path.iterdir() if file.is_file() and file.name[0] != "."]
        if not inside:
            raise UsageError(f"no message files in {path}", "put a text file there, or name some")
        files.extend(sorted(inside, key=_natural))
    for file in files:
        if not file.exists():
            raise UsageError(f"no message file {file}", "name files or folders that exist")
    return tuple(files)


def make_run_folder(output: Path, lab: str) -> Path:
    """A new folder for one run; an earlier run's is never used again. Raises LabFailed."""
    name = f"{datetime.now(UTC).astimezone():%Y%m%d-%H%M%S}-{lab}"
    try:
        output.mkdir(parents=True, exist_ok=True)
        for attempt in range(1000):
            folder = output / (f"{name}-{attempt}" if attempt else name)
            if not folder.exists():
                folder.mkdir()
                return folder.resolve()
    except OSError as error:
        raise LabFailed(
            f"can't make a folder for this run in {output}: {error.strerror}",
            "name another with --output",
        ) from error
    raise LabFailed(f"{output} is full of runs of this second", "name another with --output")


def _natural(path: Path) -> list[tuple[int, str]]:
    """A sort key under which numbers inside a name count as numbers."""
    parts: list[tuple[int, str]] = []
    digits = ""
    for character in f"{path.name}\0":
        if character.isdecimal():
            digits += character
            continue
        if digits:
            parts.append((int(digits), ""))
            digits = ""
        parts.append((-1, character))
    return parts
