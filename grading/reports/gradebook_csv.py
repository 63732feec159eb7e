"""`grades.csv`: the columns that nbgrader exports and gradebooks import, and one for each check."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from grading.reports.checks import labels_of
from grading.reports.signs import number, on_one_line
from grading.results import ClassResult, StudentResult

COLUMNS = (
    "assignment",
    "timestamp",
    "student_id",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)
CHECK_PREFIX = "check: "

_FORMULA = (*"=+-@\t\r\n\0", *"\uff1d\uff0b\uff0d\uff20")
"""What a spreadsheet may take for the beginning of a formula; the last four are full-width."""


def files(result: ClassResult) -> Iterator[tuple[str, str]]:
    """The name and the text of what `--format csv` writes."""
    written = StringIO(newline="")
    writer = csv.writer(written)
    labels = labels_of(result.students)
    writer.writerow([*COLUMNS, *(_cell(f"{CHECK_PREFIX}{label}") for label in labels.values())])
    for student in result.students:
        points = {(check.scenario, check.name): number(check.points) for check in student.checks}
        cells = [_cell(result.lab), _cell(result.graded), _cell(student.name), *_scores(student)]
        writer.writerow([*cells, *(points.get(key, "") for key in labels)])
    yield "grades.csv", written.getvalue()


def _scores(student: StudentResult) -> list[str]:
    """Empty for who could not be graded: to a gradebook that is no grade, not a bad one."""
    most = number(student.max_score)
    if student.fault:
        return ["", "", "", most]
    score = number(student.score)
    return [score, "0", score, most]


def _cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{on_one_line(text)}" if text.startswith(_FORMULA) else on_one_line(text)
