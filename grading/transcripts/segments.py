"""Two lines cut into what they share at both ends, and what differs between."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from grading.results import Segment
from grading.transcripts.fields import TYPES, Field
from grading.transcripts.filling import written
from grading.transcripts.patterns import Pattern
from grading.transcripts.views import Fixed

Pieces = Sequence[Fixed | Field]

_ANYTHING = Field("_", TYPES["any"], "")


@dataclass(frozen=True)
class Side:
    """One of two lines; what differs lies from `start` to before `stop`, and may be nothing."""

    text: str
    start: int
    stop: int

    def segments(self) -> tuple[Segment, ...]:
        """The line in up to three pieces, none of them empty."""
        pieces = (
            Segment(self.text[: self.start]),
            Segment(self.text[self.start : self.stop], differs=True),
            Segment(self.text[self.stop :]),
        )
        return tuple(piece for piece in pieces if piece.text)


def whole(text: str | None, *, differs: bool) -> Side | None:
    """A line that differs from one end to the other, or not at all."""
    return None if text is None else Side(text, 0 if differs else len(text), len(text))


@dataclass(frozen=True)
class Opposites:
    """An expected line and the printed one; None where there is none."""

    expected: Side | None
    actual: Side | None
    field: Field | None = None
    """The field that has no value where they begin to differ."""


def oppose(pieces: Pieces, line: str, differing: int | None = None) -> Opposites:
    """Find what differs; `differing` is the index of a field that has another's value."""
    spans = None if differing is None else _pattern(pieces).spans(line)
    if spans is not None and differing is not None:
        at = [index for index, piece in enumerate(pieces) if isinstance(piece, Field)][differing]
        expected = Side(_text(pieces), len(_text(pieces[:at])), len(_text(pieces[: at + 1])))
        return Opposites(expected, Side(line, *spans[differing]))
    front, start = _front(pieces, line)
    back, stop = _back(pieces[front:], line, start)
    between, left = pieces[front : len(pieces) - back], line[start:stop]
    first, last = (between[0], between[-1]) if between else (None, None)
    same = _shared(first.text, left) if isinstance(first, Fixed) else 0
    alike = 0
    if isinstance(last, Fixed):
        rest = last.text[same:] if len(between) == 1 else last.text
        alike = _shared(rest[::-1], left[same:][::-1])
    begin = len(_text(pieces[:front]))
    end = begin + len(_text(between))
    return Opposites(
        Side(_text(pieces), begin + same, end - alike),
        Side(line, start + same, stop - alike),
        first if isinstance(first, Field) and first.type.regex else None,
    )


def _front(pieces: Pieces, line: str) -> tuple[int, int]:
    """How many pieces the line begins with, and where they end."""
    for count in range(len(pieces), 0, -1):
        if not _is_open(pieces[count - 1]):
            spans = _pattern([*pieces[:count], _ANYTHING]).spans(line)
            if spans is not None:
                return count, spans[-1][0]
    return 0, 0


def _back(pieces: Pieces, line: str, start: int) -> tuple[int, int]:
    """How many pieces the line ends with, from `start` on, and where they begin."""
    for count in range(len(pieces), 0, -1):
        if not _is_open(pieces[-count]):
            spans = _pattern([_ANYTHING, *pieces[-count:]]).spans(line[start:])
            if spans is not None and _begins(pieces[-count], line, start + spans[0][1]):
                return count, start + spans[0][1]
    return 0, len(line)


def _begins(piece: Fixed | Field, line: str, at: int) -> bool:
    """Whether a piece may begin there: a value has no beginning within a longer one."""
    if isinstance(piece, Fixed) or not piece.type.members or not at:
        return True
    return re.fullmatch(piece.type.members, line[at - 1]) is None


def _shared(first: str, second: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(first), len(second)))


def _is_open(piece: Fixed | Field) -> bool:
    return isinstance(piece, Field) and piece.type.regex is None


def _pattern(pieces: Pieces) -> Pattern:
    return Pattern(tuple(piece.type if isinstance(piece, Field) else piece for piece in pieces))


def _text(pieces: Pieces) -> str:
    return "".join(written(piece) for piece in pieces)
