"""A transcript's lines with a student's inputs filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from grading.transcripts.fields import Field, Input, Text
from grading.transcripts.format import Line
from grading.transcripts.relation import Relation, content
from grading.transcripts.views import Fixed
from wire.errors import UsageError


@dataclass(frozen=True, eq=False)
class Expected:
    """One line that is expected of a stream."""

    line: Line
    number: int
    """Its pattern's, in the relation."""
    pieces: tuple[Fixed | Field, ...]
    """With inputs filled in."""
    cr: bool
    """Whether an input has a CR at its end."""
    blank: bool

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, Field))

    @cached_property
    def shown(self) -> str:
        """The line with its fields as they were written."""
        return "".join(written(piece) for piece in self.pieces)


def written(piece: Fixed | Field) -> str:
    """A piece as it is shown: a field as it stands in the transcript."""
    return piece.text if isinstance(piece, Fixed) else piece.written


Expect = Callable[[Line], Sequence[Expected]]
"""Gives the lines that a line of the transcript stands for."""


class Filler:
    """Fills in the inputs of one stream, once for each line of the transcript."""

    def __init__(self, source: str, inputs: Mapping[str, str], relation: Relation) -> None:
        self._source = source
        self._inputs = inputs
        self.relation = relation
        self._filled: dict[Line, tuple[Expected, ...]] = {}

    def expected(self, line: Line) -> Sequence[Expected]:
        """The lines that `line` stands for: several where an input has several.

        Raises UsageError for an input that was not given.
        """
        if line not in self._filled:
            self._filled[line] = tuple(self._fill(line))
        return self._filled[line]

    def _fill(self, line: Line) -> list[Expected]:
        rows: list[list[Fixed | Field]] = [[]]
        for piece in line.pieces:
            if isinstance(piece, Input):
                first, *others = self._input(line, piece.name).split("\n")
                rows[-1].append(Fixed(first, exact=True))
                rows += [[Fixed(other, exact=True)] for other in others]
            else:
                rows[-1].append(Fixed(piece.text) if isinstance(piece, Text) else piece)
        return [self._row(line, row) for row in rows]

    def _input(self, line: Line, name: str) -> str:
        if name in self._inputs:
            return self._inputs[name]
        known = ", ".join(sorted(self._inputs)) or "none"
        raise UsageError(
            f"{self._source}, line {line.number}: no input is called {name}",
            f"the inputs are: {known}; for text in braces, write {{{{{name}}}}}",
        )

    def _row(self, line: Line, row: Sequence[Fixed | Field]) -> Expected:
        last = row[-1] if row else None
        cr = isinstance(last, Fixed) and last.text.endswith("\r")
        if isinstance(last, Fixed) and cr:
            row = [*row[:-1], Fixed(content(last.text), last.exact)]
        pieces = tuple(piece for piece in row if isinstance(piece, Field) or piece.text)
        number = self.relation.add(
            [piece.type if isinstance(piece, Field) else piece for piece in pieces]
        )
        return Expected(line, number, pieces, cr, self.relation.patterns[number].blank)
