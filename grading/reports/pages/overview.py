"""The class's page, as data for its template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grading.reports.checks import is_flaky, not_passed
from grading.reports.figures import CheckFigures, Standing, by_check, share, standing
from grading.reports.signs import shortened
from grading.results import AlikePair, ClassResult, StudentResult, Verdict

_MOST_PAIRS = 100
_LONGEST_FAULT = 400
"""Characters."""

_AXIS = ("0", "10", "20", "30", "40", "50", "60", "70", "80", "90", "full")


@dataclass(frozen=True)
class StudentRow:
    student: StudentResult
    page: str
    """The address of its page, as seen from the class's."""
    percent: float
    verdicts: tuple[tuple[Verdict, int], ...]
    flaky: bool
    fault: str


@dataclass(frozen=True)
class Bar:
    """A bar of the distribution: students between two shares of the points."""

    label: str
    meaning: str
    amount: int
    height: float
    """Percent of the highest bar."""


@dataclass(frozen=True)
class PairRow:
    pair: AlikePair
    first_page: str
    second_page: str


@dataclass(frozen=True)
class ClassView:
    standing: Standing
    bars: list[Bar]
    rows: list[StudentRow]
    not_graded: list[StudentRow]
    checks: list[CheckFigures]
    pairs: list[PairRow]
    pairs_left_out: int


def view(result: ClassResult, pages: Sequence[str]) -> ClassView:
    """What the page of the class shows; `pages` are the students' addresses."""
    figures = standing(result)
    rows = [_row(*each) for each in zip(result.students, pages, strict=True)]
    page_of = {row.student.name: row.page for row in rows}
    return ClassView(
        standing=figures,
        bars=_bars(figures.bins),
        rows=rows,
        not_graded=[row for row in rows if row.student.fault],
        checks=by_check(result),
        pairs=[_pair(pair, page_of) for pair in result.alike[:_MOST_PAIRS]],
        pairs_left_out=len(result.alike[_MOST_PAIRS:]),
    )


def _row(student: StudentResult, page: str) -> StudentRow:
    return StudentRow(
        student=student,
        page=page,
        percent=0.0 if student.fault else 100 * min(max(share(student), 0.0), 1.0),
        verdicts=not_passed(student.checks),
        flaky=is_flaky(student),
        fault=shortened(student.fault, _LONGEST_FAULT),
    )


def _bars(bins: Sequence[int]) -> list[Bar]:
    highest = max(*bins, 1)
    meanings = [f"{start} to below {start + 10} %" for start in range(0, 100, 10)]
    return [
        Bar(label, meaning, amount, 100 * amount / highest)
        for label, meaning, amount in zip(_AXIS, [*meanings, "full marks"], bins, strict=True)
    ]


def _pair(pair: AlikePair, page_of: Mapping[str, str]) -> PairRow:
    return PairRow(pair, page_of.get(pair.first, ""), page_of.get(pair.second, ""))
