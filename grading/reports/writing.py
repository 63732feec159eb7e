"""The reports of a grading, written into its output folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from grading.reports import gradebook_csv, gradescope, junit, results_json, text
from grading.reports.pages import rendering
from grading.results import ClassResult
from wire.errors import LabFailed, UsageError

_FILES: dict[str, Callable[[ClassResult], Iterator[tuple[str, str]]]] = {
    "text": text.files,
    "json": results_json.files,
    "gradescope": gradescope.files,
    "junit": junit.files,
    "csv": gradebook_csv.files,
    "html": rendering.files,
}

FORMATS = tuple(_FILES)


def write_reports(result: ClassResult, output: Path, formats: Collection[str]) -> list[Path]:
    """Write the reports of these formats; the files, each whole under its name.

    What a grading of the same folder wrote before is replaced. Raises
    UsageError (a format that is none, a folder that can't be), LabFailed (the disk).
    """
    unknown = sorted(set(formats) - set(FORMATS))
    if unknown:
        raise UsageError(
            f"{unknown[0]} is no format of a report", f"these are: {', '.join(FORMATS)}"
        )
    return [
        _write(output / name, content)
        for format in FORMATS
        if format in formats
        for name, content in _FILES[format](result)
    ]


def _write(path: Path, content: str) -> Path:
    temporary = path.with_name(f".report-{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            temporary.write_bytes(content.encode())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        message, hint = f"can't write {path}: {error.strerror}", "name another folder with --output"
        if isinstance(error, FileExistsError | NotADirectoryError | IsADirectoryError):
            raise UsageError(message, hint) from error
        raise LabFailed(message, hint) from error
    return path
