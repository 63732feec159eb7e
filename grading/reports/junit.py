"""JUnit's XML: a suite for each student, a case for each check."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite
from junitparser.junitparser import FinalResult

from grading.reports.checks import Labels, Outcome, explanation, label, labels_of, outcome
from grading.reports.signs import number, on_one_line, shortened, visible
from grading.results import Check, ClassResult, StudentResult

_LONGEST = 8_000
_LONGEST_MESSAGE = 200
"""Characters."""

_RESULTS: dict[Outcome, type[FinalResult]] = {
    Outcome.FAILED: Failure,
    Outcome.ERROR: Error,
    Outcome.SKIPPED: Skipped,
}


def files(result: ClassResult) -> Iterator[tuple[str, str]]:
    """The name and the text of what `--format junit` writes."""
    report = JUnitXml(on_one_line(result.lab))
    labels = labels_of(result.students)
    for student in result.students:
        report.append(_suite(result, student, labels))
    report.update_statistics()
    written = BytesIO()
    report.write(written, pretty=True)
    yield "junit.xml", written.getvalue().decode()


def _suite(result: ClassResult, student: StudentResult, labels: Labels) -> TestSuite:
    suite = TestSuite(on_one_line(student.name))
    suite.timestamp = on_one_line(result.graded)
    for name, value in (
        ("lab", result.lab),
        ("isolation", f"{result.isolation.name}: {result.isolation.detail}"),
        ("score", number(student.score)),
        ("max_score", number(student.max_score)),
        ("seconds", f"{student.seconds:.3f}"),
    ):
        suite.add_property(name, on_one_line(value))
    if student.fault:
        case = TestCase("could be graded", classname=on_one_line(student.name))
        case.result = _ending(Error, "not graded", student.fault, student.fault)
        suite.append(case)
    untold = {scenario.name: scenario.seconds for scenario in student.scenarios}
    for check in student.checks:
        # A scenario's first check has all its time, so that the cases' sum is right.
        case = _case(check, label(check, labels), untold.pop(check.scenario, 0.0))
        case.classname = on_one_line(student.name)
        suite.append(case)
    return suite


def _case(check: Check, name: str, seconds: float) -> TestCase:
    case = TestCase(on_one_line(name), time=round(seconds, 3))
    kind = _RESULTS.get(outcome(check))
    if kind is not None:
        text = f"{explanation(check)}\n{check.replay}".strip()
        case.result = _ending(kind, check.verdict.value, check.why, text)
    return case


def _ending(kind: type[FinalResult], type_: str, why: str, text: str) -> FinalResult:
    first = on_one_line(why.partition("\n")[0])
    ending = kind(first[:_LONGEST_MESSAGE] or type_, type_)
    ending.text = shortened(visible(text), _LONGEST)
    return ending
