"""A lab proved: its own programs get full marks, and spoiled ones lose what they should."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grading.grader import Grader, Setting, Task
from grading.lab import Lab, Spoiled, load_lab
from grading.results import Check, StudentResult, Verdict
from grading.session import Request, prepare
from grading.submissions.finding import Submission
from wire.errors import LabFailed

ROUNDS = 10
"""How often in a row the lab's own programs must get full marks."""


@dataclass(frozen=True)
class Finding:
    """Something that was tried; `fault` is empty where it came out as it should."""

    name: str
    fault: str


def prove(request: Request) -> Iterator[Finding]:
    """What was tried, as it is found. Raises UsageError for a lab that can't be read."""
    lab = load_lab(request.lab_folder)
    with tempfile.TemporaryDirectory(prefix="wirelab-check-") as staging:
        try:
            setting, _ = prepare(request, lab, secrets.token_bytes(), Path(staging))
        except LabFailed as error:
            yield Finding("the lab's own programs", str(error))
            return
        yield Finding("the lab's own programs, round 1", "")  # while preparing
        for number in range(2, ROUNDS + 1):
            yield Finding(f"the lab's own programs, round {number}", _rehearse(setting, lab))
        for spoiled in lab.spoiled:
            yield Finding(f"spoiled: {spoiled.name}", _try(setting, spoiled))


def _rehearse(setting: Setting, lab: Lab) -> str:
    grader = Grader(setting)
    lost = [
        check
        for scenario in lab.scenario
        for check in grader.rehearse(scenario)[0]
        if check.points < check.max_points
    ]
    return _told(lost[0]) if lost else ""


def _try(setting: Setting, spoiled: Spoiled) -> str:
    folder = Path(setting.lab_folder, spoiled.folder)
    result = Grader(setting).grade(Task(Submission(spoiled.name, folder, "folder")))
    assert isinstance(result, StudentResult)
    if result.fault:
        return result.fault
    lost = {check.name: check for check in result.checks if check.points < check.max_points}
    excused = {check.name for check in result.checks if check.verdict is Verdict.GRADER_FAULT}
    for name in sorted(set(spoiled.loses) - set(lost) - excused):
        return f"it should lose {name!r}, and does not"
    for name, check in lost.items():
        if name not in spoiled.loses:
            return f"it should not lose {_told(check)}"
        if check.verdict.value != spoiled.verdict:
            return f"its verdict should be {spoiled.verdict}: {_told(check)}"
    return ""


def _told(check: Check) -> str:
    return f"{check.name!r} of {check.scenario!r}: {check.verdict.value}. {check.why}"
