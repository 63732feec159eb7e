"""Gradescope's results.json, one a submission.

https://gradescope-autograders.readthedocs.io/en/latest/specs/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from grading.reports.checks import Labels, Outcome, explanation, label, labels_of, outcome
from grading.reports.names import file_stems
from grading.reports.results_json import as_json
from grading.reports.signs import on_one_line, shortened, visible
from grading.results import Check, ClassResult, StudentResult, Verdict

_LONGEST = 8_000
"""Characters of a text."""

_STATUS = {Outcome.PASSED: "passed", Outcome.FAILED: "failed", Outcome.SKIPPED: "failed"}
"""Without one, as for the grader's own fault, Gradescope goes by the points."""


def files(result: ClassResult) -> Iterator[tuple[str, str]]:
    """The name and the text of what `--format gradescope` writes."""
    labels = labels_of(result.students)
    stems = file_stems(student.name for student in result.students)
    for student, stem in zip(result.students, stems, strict=True):
        yield f"gradescope/{stem}.json", as_json(_submission(result, student, labels))


def _submission(result: ClassResult, student: StudentResult, labels: Labels) -> dict[str, Any]:
    return {
        "score": student.score,
        "execution_time": round(student.seconds, 3),
        "output": _shown(_about(result, student)),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {
            "schema": result.schema,
            "lab": result.lab,
            "isolation": result.isolation.name,
            "digest": student.digest,
        },
        "tests": [
            _test(check, number, label(check, labels))
            for number, check in enumerate(student.checks, start=1)
        ],
    }


def _about(result: ClassResult, student: StudentResult) -> str:
    lines = [f"{result.title}, graded {result.graded}"]
    if student.fault:
        lines.append(f"This submission could not be graded: {student.fault}")
    if any(check.verdict is Verdict.GRADER_FAULT for check in student.checks):
        lines.append("The grader itself failed in some of the checks. They cost no points.")
    return "\n".join(lines)


def _test(check: Check, number: int, name: str) -> dict[str, Any]:
    status = _STATUS.get(outcome(check))
    verdict = "" if check.verdict is Verdict.PASSED else f"{check.verdict.value}\n"
    return {
        "score": check.points,
        "max_score": check.max_points,
        **({"status": status} if status else {}),
        "name": on_one_line(name),
        "number": str(number),
        "output": _shown(verdict + explanation(check)),
        "output_format": "text",
        "visibility": "visible",
    }


def _shown(text: str) -> str:
    return shortened(visible(text), _LONGEST)
