"""What a comparison gives: each line beside its opposite, and each part with its points."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from grading.transcripts.difference import Difference
from grading.transcripts.filling import Expected
from grading.transcripts.format import Part
from grading.transcripts.segments import Opposites, oppose, whole


class Kind(Enum):
    """What came of a line."""

    SAME = "same"
    PRESENTATION = "presentation"
    """Right but for white space, case or punctuation; or a blank line too many, or too few."""
    WRONG = "wrong"
    MISSING = "missing"
    EXTRA = "extra"
    ABSENT = "absent"
    """Optional, and not there."""


class Outcome(Enum):
    """What came of a part."""

    PASSED = "passed"
    PRESENTATION = "presentation"
    WRONG = "wrong"


class ComparedLine(NamedTuple):
    """An expected line beside the printed one; None where there is none."""

    kind: Kind
    part: Part
    """What it is charged to."""
    cost: float
    """In lines."""
    wanted: Expected | None = None
    actual: str | None = None
    actual_number: int | None = None
    """Of the printed line, from 1."""
    seconds: float | None = None
    """When it was printed."""
    reason: str = ""
    """Why it is wrong, where the two texts don't show it."""
    differing_field: int | None = None
    """The field, counted from 0, that has another value than elsewhere."""

    @property
    def expected(self) -> str | None:
        """Inputs filled in, fields as they stand in the transcript."""
        return None if self.wanted is None else self.wanted.shown

    @property
    def number(self) -> int | None:
        """The expected line's, in the transcript, from 1."""
        return None if self.wanted is None else self.wanted.line.number

    def opposites(self) -> Opposites:
        """Both lines, with what differs in them."""
        if self.wanted is not None and self.actual is not None and self.kind is not Kind.SAME:
            return oppose(self.wanted.pieces, self.actual, self.differing_field)
        differs = self.kind not in (Kind.SAME, Kind.ABSENT)
        return Opposites(whole(self.expected, differs=differs), whole(self.actual, differs=differs))


@dataclass(frozen=True)
class ComparedStream:
    """All lines of a stream, expected and printed, in order."""

    name: str
    section: str
    ran: bool
    """Whether there is a text at all."""
    lines: tuple[ComparedLine, ...]


@dataclass(frozen=True)
class PartResult:
    """What a part came to."""

    name: str
    help: str
    stream: str
    """Empty for a declared order."""
    max_points: float
    points: float
    outcome: Outcome
    cost: float
    """In lines."""
    size: int
    """Lines that were expected."""
    difference: Difference | None
    """The first; None if it passed."""


@dataclass(frozen=True)
class Comparison:
    """What was printed, against a transcript."""

    streams: tuple[ComparedStream, ...]
    parts: tuple[PartResult, ...]

    @property
    def points(self) -> float:
        return round(sum(part.points for part in self.parts), 2)

    @property
    def max_points(self) -> float:
        return round(sum(part.max_points for part in self.parts), 2)
