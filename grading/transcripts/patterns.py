"""Whether a printed line is the one that was expected, and what its fields stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

from grading.transcripts.fields import FieldType
from grading.transcripts.presentation import VALUE, squeeze, telling
from grading.transcripts.views import Fixed, LiteralView, LooseView

LONGEST_LOOSE = 10_000
"""Characters of a line beyond which one with inputs or fields must match to the letter."""

Span = tuple[int, int]

_WORD = re.compile(r"\S*+")


class Pattern:
    """A line as a sequence of fixed texts and fields; names play no part."""

    def __init__(self, pieces: tuple[Fixed | FieldType, ...]) -> None:
        self._pieces = pieces
        self._chunks = _chunks(pieces)
        fixed = [piece for piece in pieces if isinstance(piece, Fixed)]
        self.fixed_text = "".join(piece.text for piece in fixed)
        self.text = self.fixed_text if len(fixed) == len(pieces) else None
        """The line itself, if there is no field in it."""
        self.blank = self.text is not None and not self.text.strip()
        self._as_lab_text = self.text is not None and not any(piece.exact for piece in fixed)

    @cached_property
    def squeezed(self) -> str:
        """What it squeezes to, values left out."""
        return squeeze(
            "".join(
                piece.text if isinstance(piece, Fixed) and not piece.exact else VALUE
                for piece in self._pieces
            )
        )

    @cached_property
    def ends(self) -> tuple[str, str]:
        """The letters and digits before its first field and behind its last."""
        fields = [at for at, piece in enumerate(self._pieces) if isinstance(piece, FieldType)]
        return (
            telling(_text(self._pieces[: fields[0]])),
            telling(_text(self._pieces[fields[-1] + 1 :])),
        )

    @cached_property
    def core(self) -> str:
        """The most letters and digits that stand together between its fields."""
        fixed = (piece.telling for piece in self._pieces if isinstance(piece, Fixed))
        return max(fixed, key=len, default="")

    def values(self, line: str) -> list[str] | None:
        """What the fields stand for, if the line matches to the letter."""
        spans = self.spans(line)
        return None if spans is None else [line[start:end] for start, end in spans]

    def spans(self, line: str) -> list[Span] | None:
        """Where the fields' values lie, if the line matches to the letter."""
        if self.text is not None:
            return [] if line == self.text else None
        found = _Search(self._chunks, LiteralView(line)).spans()
        return None if found is None else self._of_fields(found)

    def loose_values(self, view: LooseView) -> list[str] | None:
        """As `values`, if the line matches but for its presentation, and is not overlong."""
        if self._as_lab_text:
            return [] if view.squeezed == self.squeezed else None
        if len(view.line) > LONGEST_LOOSE:
            return None
        found = _Search(self._chunks, view).spans()
        if found is None or squeeze(_without(view.line, found)) != self.squeezed:
            return None
        return [view.line[start:end] for start, end in self._of_fields(found)]

    def _of_fields(self, spans: Sequence[Span]) -> list[Span]:
        """Of the spans of fields and exact texts, those of fields."""
        pieces = [piece for piece in self._pieces if isinstance(piece, FieldType) or piece.exact]
        return [
            span for piece, span in zip(pieces, spans, strict=True) if isinstance(piece, FieldType)
        ]


_Chunk = tuple[FieldType | None, Sequence[Fixed | FieldType]]


def _chunks(pieces: Sequence[Fixed | FieldType]) -> list[_Chunk]:
    """The pieces, cut before each open field."""
    chunks: list[tuple[FieldType | None, list[Fixed | FieldType]]] = [(None, [])]
    for piece in pieces:
        if isinstance(piece, FieldType) and piece.regex is None:
            chunks.append((piece, []))
        else:
            chunks[-1][1].append(piece)
    return list(chunks)


def _text(pieces: Sequence[Fixed | FieldType]) -> str:
    return "".join(piece.text for piece in pieces if isinstance(piece, Fixed))


def _without(line: str, spans: Sequence[Span]) -> str:
    """The line, a VALUE in the place of each span."""
    parts, end = [], 0
    for start, stop in spans:
        parts += [line[end:start], VALUE]
        end = stop
    return "".join([*parts, line[end:]])


class _Search:
    """One match of a pattern, in time that grows with the line's length and no faster.

    An open field ends at the nearest place from which the line can be completed.
    What can't be completed from a text's beginning can't be from a later one, nor
    from a later beginning in the same word: neither is tried twice.
    """

    def __init__(self, chunks: Sequence[_Chunk], view: LiteralView) -> None:
        self._chunks = chunks
        self._view = view
        self._hopeless = False
        self._dead = [0] * len(chunks)
        """By chunk: a word that begins before this place leads nowhere."""

    def spans(self, number: int = 0, at: int = 0) -> list[Span] | None:
        """Where the values lie from chunk `number` on, which begins at `at`."""
        field, pieces = self._chunks[number]
        if field is None:
            return self._complete(number, pieces, at)
        at = self._view.begin(at)
        if at < self._dead[number]:
            return None
        limit = self._limit(field, at)
        for start in self._starts(number, pieces, at + field.least, limit):
            spans = self._complete(number, pieces, start)
            if spans is not None:
                return [(at, max(at, self._view.trim(min(start, limit)))), *spans]
            if self._hopeless:
                return None
        self._hopeless = field.reach == "line"
        self._dead[number] = limit
        return None

    def _limit(self, field: FieldType, at: int) -> int:
        line = self._view.line
        word = _WORD.match(line, at) if field.reach == "word" else None
        return word.end() if word else len(line)

    def _starts(
        self, number: int, pieces: Sequence[Fixed | FieldType], least: int, limit: int
    ) -> Iterable[int]:
        """Where the pieces behind an open field may begin."""
        if pieces:
            return self._view.places(pieces[0], least, self._view.begin(limit))
        start = limit if number + 1 == len(self._chunks) else least
        return (start,) if least <= start <= limit else ()

    def _complete(
        self, number: int, pieces: Sequence[Fixed | FieldType], at: int
    ) -> list[Span] | None:
        spans = []
        for piece in pieces:
            span = self._view.follow(piece, at)
            if span is None:
                return None
            at = span[1]
            if isinstance(piece, FieldType) or piece.exact:
                spans.append(span)
        if number + 1 == len(self._chunks):
            return spans if self._view.ends(at) else None
        rest = self.spans(number + 1, at)
        return None if rest is None else [*spans, *rest]
