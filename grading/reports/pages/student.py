"""A student's page, as data for its template."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grading.reports.checks import is_flaky, speaks
from grading.reports.pages import sequence, streams
from grading.reports.pages.sequence import SequenceView
from grading.reports.pages.streams import StreamView
from grading.reports.signs import shortened, visible
from grading.results import Check, ScenarioRecord, StudentResult, Verdict

_ROOM = 600_000
"""About the bytes that all streams and sequences of a page may take."""

_TEXT_ROOM = 60_000
_LONGEST_TEXT = 4_000
"""Characters, of all checks' texts together, and of one."""

_MOST_STREAMS = 40
"""Of a scenario: a program may leave any number of files."""


@dataclass(frozen=True)
class CheckView:
    """A check, its texts cut to what a page can hold."""

    number: int
    check: Check
    speaks: bool
    """Whether there is more to say than its verdict, and than what kept all from being graded."""
    why: str
    help: str
    difference: str
    other_run: str


@dataclass(frozen=True)
class ScenarioView:
    """A scenario with its checks; checks that were never run have no record."""

    title: str
    record: ScenarioRecord | None
    checks: list[CheckView]
    streams: list[StreamView]
    streams_left_out: int
    sequence: SequenceView | None

    @property
    def points(self) -> float:
        return sum(view.check.points for view in self.checks)

    @property
    def max_points(self) -> float:
        return sum(view.check.max_points for view in self.checks)

    @property
    def silent(self) -> bool:
        """Whether there is nothing to show but points."""
        return self.record is None and not any(view.speaks for view in self.checks)

    @property
    def columns(self) -> tuple[list[StreamView], list[StreamView]]:
        """The streams side by side: each below the others where there is more room."""
        left: list[StreamView] = []
        right: list[StreamView] = []
        for stream in self.streams:
            shorter = min(left, right, key=lambda column: sum(each.height for each in column))
            shorter.append(stream)
        return left, right

    @property
    def calm(self) -> bool:
        """Whether all is as it should be."""
        return all(view.check.verdict is Verdict.PASSED for view in self.checks)


@dataclass(frozen=True)
class StudentView:
    student: StudentResult
    flaky: bool
    scenarios: list[ScenarioView]

    @property
    def checks(self) -> list[CheckView]:
        return [check for scenario in self.scenarios for check in scenario.checks]


def view(student: StudentResult) -> StudentView:
    """What the page of this student shows."""
    return StudentView(student, is_flaky(student), list(_scenarios(student)))


def _scenarios(student: StudentResult) -> Iterator[ScenarioView]:
    """Those of the checks without a record first: they are what kept all else from running."""
    checks = _checks(student)
    records = {record.name: record for record in student.scenarios}
    for name in dict.fromkeys(view.check.scenario for view in checks):
        if name not in records:
            yield ScenarioView(name or "The submission", None, _of(name, checks), [], 0, None)
    room = _ROOM
    parts = sum(len(record.streams[:_MOST_STREAMS]) + 1 for record in student.scenarios)
    for record in student.scenarios:
        shown = []
        for stream in record.streams[:_MOST_STREAMS]:
            shown.append(streams.view(stream, room // parts))
            room -= shown[-1].size
            parts -= 1
        events = sequence.view(record.sequence, room // parts)
        room -= events.size
        parts -= 1
        left_out = len(record.streams) - len(shown)
        own = _of(record.name, checks)
        yield ScenarioView(record.title, record, own, shown, left_out, events)


def _of(scenario: str, checks: list[CheckView]) -> list[CheckView]:
    return [view for view in checks if view.check.scenario == scenario]


def _checks(student: StudentResult) -> list[CheckView]:
    limit = min(_LONGEST_TEXT, _TEXT_ROOM // (4 * len(student.checks) or 1))
    return [
        CheckView(
            number=number,
            check=check,
            speaks=speaks(student, check),
            why=shortened(visible(check.why), limit),
            help=shortened(visible(check.help), limit),
            difference=shortened(visible(check.difference), limit),
            other_run=shortened(visible(check.other_run), limit),
        )
        for number, check in enumerate(student.checks, start=1)
    ]
