"""One scenario of one submission run again, to be looked at; nothing is kept."""

from __future__ import annotations

from grading.grader import Grader, Task
from grading.lab import load_lab
from grading.results import StudentResult
from grading.session import Request, chosen, prepared
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
    with prepared(request, lab) as (setting, _):
        result = Grader(setting).grade(Task(submissions[0], scenarios=(scenario,)))
    if not isinstance(result, StudentResult):
        raise LabFailed("nothing was run", "this is a fault of the grader's, worth a report")
    return result
