"""A printed line as a pattern looks at it: to the letter, or past its presentation."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from grading.transcripts.fields import FieldType
from grading.transcripts.presentation import squeeze, telling


@dataclass(frozen=True)
class Fixed:
    """Text of a pattern. Where it is `exact`, an input, it has no other presentation."""

    text: str
    exact: bool = False

    @cached_property
    def telling(self) -> str:
        """What counts of it past its presentation."""
        return telling(self.text)


class LiteralView:
    """Every character counts. Positions are indices of the line."""

    def __init__(self, line: str) -> None:
        self.line = line

    def ends(self, at: int) -> bool:
        """Whether nothing that counts comes at `at` or behind it."""
        return at == len(self.line)

    def begin(self, at: int) -> int:
        """Where the next that counts is."""
        return at

    def trim(self, end: int) -> int:
        """Where a value ends that reaches up to `end`."""
        return end

    def follow(self, piece: Fixed | FieldType, at: int) -> tuple[int, int] | None:
        """Where `piece` lies, if it stands at `at`."""
        if isinstance(piece, Fixed):
            return (at, at + len(piece.text)) if self.line.startswith(piece.text, at) else None
        assert piece.regex is not None
        match = piece.regex.match(self.line, at)
        return match.span() if match else None

    def places(self, piece: Fixed | FieldType, least: int, most: int) -> Iterator[int]:
        """Where `piece` may begin, from `least` to `most`, the nearest first."""
        if not isinstance(piece, Fixed):
            yield from range(least, most + 1)
            return
        at = self.line.find(piece.text, least, most + len(piece.text))
        while at >= 0:
            yield at
            at = self.line.find(piece.text, at + 1, most + len(piece.text))


class LooseView(LiteralView):
    """Letters and digits count, in any case; inputs and fields to the letter.

    It takes more than it should: who asks must squeeze what is left of the line.
    """

    @cached_property
    def squeezed(self) -> str:
        """What the line squeezes to."""
        return squeeze(self.line)

    @cached_property
    def telling(self) -> str:
        """The line's letters and digits, in one case."""
        return telling(self.line)

    @cached_property
    def _places(self) -> list[int]:
        """Where each character of `telling` stands in the line."""
        return [
            place
            for place, character in enumerate(self.line)
            if character.isalnum()
            for _ in character.casefold()
        ]

    def ends(self, at: int) -> bool:
        return self.begin(at) == len(self.line)

    def begin(self, at: int) -> int:
        index = bisect_left(self._places, at)
        return self._places[index] if index < len(self._places) else len(self.line)

    def trim(self, end: int) -> int:
        return len(self.line[:end].rstrip())

    def follow(self, piece: Fixed | FieldType, at: int) -> tuple[int, int] | None:
        if isinstance(piece, FieldType) or piece.exact:
            tries = (
                super(LooseView, self).follow(piece, at) for at in range(at, self.begin(at) + 1)
            )
            return next((span for span in tries if span), None)
        index = bisect_left(self._places, at)
        if not self.telling.startswith(piece.telling, index):
            return None
        return at, self._places[index + len(piece.telling) - 1] + 1 if piece.telling else at

    def places(self, piece: Fixed | FieldType, least: int, most: int) -> Iterator[int]:
        if isinstance(piece, FieldType) or piece.exact:
            yield from super().places(piece, least, most)
        elif piece.telling:
            index = self.telling.find(piece.telling, bisect_left(self._places, least))
            while index >= 0 and self._places[index] <= most:
                yield self._places[index]
                index = self.telling.find(piece.telling, index + 1)
        else:
            yield from self._gaps(least, most)

    def _gaps(self, least: int, most: int) -> Iterator[int]:
        """Where runs of what doesn't count begin; the line's end is one too."""
        start = least
        while start <= most:
            place = self.begin(start)
            if place > start or start == len(self.line):
                yield start
            start = place + 1
