"""`driver.py grade` as an instructor runs it, and what its results.json says."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.programs import run_program


def grade(*arguments: str | Path, timeout: float = 600) -> subprocess.CompletedProcess[str]:
    return run_program("driver.py", "grade", *arguments, timeout=timeout)


def results(output: Path) -> dict[str, dict[str, Any]]:
    """Each student's result, by name."""
    read = json.loads((output / "results.json").read_text())
    return {student["name"]: student for student in read["students"]}


def grades(output: Path) -> dict[str, list[tuple[str, str, str, float]]]:
    """What each student's checks came to, without what varies from run to run."""
    return {
        name: [
            (check["scenario"], check["name"], check["verdict"], check["points"])
            for check in student["checks"]
        ]
        for name, student in results(output).items()
    }
