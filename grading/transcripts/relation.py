"""Which of many patterns a printed line matches, presentation apart; few are tried for each."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from grading.transcripts.fields import FieldType
from grading.transcripts.patterns import Pattern
from grading.transcripts.presentation import squeeze
from grading.transcripts.views import Fixed, LooseView

Ends = tuple[str, str]


def content(line: str) -> str:
    """The line without the CRs at its end, which are presentation."""
    return line.rstrip("\r")


class Relation:
    """Patterns by number, and the lines that match them."""

    def __init__(self) -> None:
        self.patterns: list[Pattern] = []
        self._numbers: dict[Hashable, int] = {}
        self._texts: dict[str, list[int]] = {}
        """Numbers of the patterns without fields, by what they squeeze to."""
        self._ends: dict[tuple[int, int], dict[Ends, list[int]]] = {}
        """Numbers of the others, by what is telling at both ends, by how many those are."""
        self._known: dict[str, tuple[int, ...]] = {}

    def add(self, pieces: Sequence[Fixed | FieldType]) -> int:
        """The number of the pattern of these pieces; the same for the same."""
        key = tuple(pieces)
        if key in self._numbers:
            return self._numbers[key]
        number = self._numbers[key] = len(self.patterns)
        pattern = Pattern(key)
        self.patterns.append(pattern)
        if pattern.text is not None:
            self._texts.setdefault(squeeze(pattern.text), []).append(number)
        else:
            start, end = pattern.ends
            by_ends = self._ends.setdefault((len(start), len(end)), {})
            by_ends.setdefault((start, end), []).append(number)
        return number

    def matched_by(self, line: str) -> tuple[int, ...]:
        """The numbers of the patterns that the line matches, in the order of `add`."""
        if line not in self._known:
            self._known[line] = tuple(sorted(self._matched_by(LooseView(content(line)))))
        return self._known[line]

    def _matched_by(self, view: LooseView) -> list[int]:
        candidates = [*self._texts.get(view.squeezed, ())]
        if self._ends:
            text = view.telling
            for (start, end), by_ends in self._ends.items():
                if start + end <= len(text):
                    ends = text[:start], text[len(text) - end :]
                    candidates += by_ends.get(ends, ())
        return [number for number in candidates if self._matches(number, view)]

    def _matches(self, number: int, view: LooseView) -> bool:
        pattern = self.patterns[number]
        if pattern.core not in view.telling:
            return False
        return pattern.values(view.line) is not None or pattern.loose_values(view) is not None
