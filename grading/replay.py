"""One scenario of one submission run again, to be looked at; nothing is kept."""

from __future__ import annotations

import tempfile
from pathlib import Path

from grading.grader import Grader, Task
from grading.inputs import load_secret
from grading.lab import load_lab
from grading.results import StudentResult
from grading.session import SECRET_NAME, Request, chosen, prepare
from grading.submissions.finding import find_submissions
from wire.errors import LabFailed, UsageError


def play(request: Request, scenario: str) -> StudentResult:
    """The result of that scenario alone. Raises UsageError where there is no such one."""
    lab = load_lab(request.lab_folder)
    names = [one.name for one in lab.scenario]
    if scenario not in names:
        raise UsageError(
            f"the lab has no scenario {scenario!r}", f"these are there: {', '.join(names)}"
        )
    submissions = chosen(find_submissions(request.submissions, lab.files), request.only)
    if len(submissions) > 1:
        raise UsageError(
            "only one submission is replayed at a time", "name that one, or give --only STUDENT"
        )
    secret = request.output / SECRET_NAME
    if not secret.is_file():
        raise UsageError(
            f"{request.output} is no folder of a grading: it has no {SECRET_NAME}",
            "name it with --output: the student's words are drawn from its secret",
        )
    with tempfile.TemporaryDirectory(prefix="wirelab-replay-") as staging:
        setting, _ = prepare(request, lab, load_secret(secret), Path(staging))
        result = Grader(setting).grade(Task(submissions[0], scenarios=(scenario,)))
    if not isinstance(result, StudentResult):
        raise LabFailed("nothing was run", "this is a fault of the grader's, worth a report")
    return result
