"""A section laid beside what one stream holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import NamedTuple

from grading.transcripts.alignment import Row
from grading.transcripts.copies import Slot
from grading.transcripts.expansion import Expansion
from grading.transcripts.filling import Filler
from grading.transcripts.format import Part, Section
from grading.transcripts.likeness import ALIKE, likeness
from grading.transcripts.relation import Relation, content


@dataclass(frozen=True)
class Printed:
    """What one stream holds, and the section of the transcript that says what it should."""

    section: str
    text: str | None
    """None if its program never ran."""
    inputs: Mapping[str, str] = field(default_factory=dict)
    times: Sequence[float] | None = None
    """When each line was printed, in seconds on a clock that all streams share."""

    def lines(self) -> list[str]:
        """The lines; whether the last has an end makes no difference."""
        return self.text.removesuffix("\n").split("\n") if self.text else []


class Fit(NamedTuple):
    """A slot and a printed line that stand side by side; one of them may be None."""

    slot: Slot | None
    line: int | None
    """Its index in the stream."""
    matched: bool
    part: Part
    """What is charged if they differ."""
    forbidden: bool = False


class FittedStream:
    """A section with its groups and inputs written out to fit what a stream holds.

    Raises UsageError for an input that was not given, ValueError for lines without times.
    """

    def __init__(self, source: str, section: Section, name: str, printed: Printed) -> None:
        self.section = section
        self.name = name
        self.printed = printed
        self.lines = printed.lines()
        if printed.times is not None and len(printed.times) < len(self.lines):
            raise ValueError(f"{name} has {len(self.lines)} lines and {len(printed.times)} times")
        self.relation = Relation()
        forbidden = self._forbidden(Filler(source, printed.inputs, Relation()))
        indices = [index for index in range(len(self.lines)) if index not in forbidden]
        filler = Filler(source, printed.inputs, self.relation)
        lines = [self.lines[index] for index in indices]
        self._expansion = Expansion(section, filler.expected, self.relation, lines)
        self.fits = [*_merged(self._fits(indices), forbidden)]

    def occurrences(self, label: str) -> list[list[int]]:
        """The printed lines of each occurrence of a label, by index; those without any left out."""
        lines = {id(fit.slot): fit.line for fit in self.fits if self._is_itself(fit)}
        slots = self._expansion.slots
        found = (
            [line for slot in occurrence if (line := lines.get(id(slots[slot]))) is not None]
            for occurrence in self._expansion.occurrences(label)
        )
        return [occurrence for occurrence in found if occurrence]

    def _is_itself(self, fit: Fit) -> bool:
        """Whether what is expected was printed, a slip in it or not."""
        if fit.slot is None or fit.line is None or fit.matched:
            return fit.matched
        pattern = self.relation.patterns[fit.slot.expected.number]
        return likeness(pattern.fixed_text, content(self.lines[fit.line])) >= ALIKE

    def _forbidden(self, filler: Filler) -> dict[int, Part]:
        """The index of each line that must not appear, with the part that it costs."""
        parts: dict[int, Part] = {}
        for line in self.section.never:
            for expected in filler.expected(line):
                parts.setdefault(expected.number, line.parts[-1])
        relation = filler.relation
        found: dict[int, Part] = {}
        for index, text in enumerate(self.lines if parts else ()):
            for number in relation.matched_by(text):
                if relation.patterns[number].values(content(text)) is not None:
                    found.setdefault(index, parts[number])
        return found

    def _fits(self, indices: Sequence[int]) -> Iterator[Fit]:
        rows = self._expansion.rows
        behind = self._parts_behind(rows)
        before: tuple[Part, ...] = ()
        for row, after in zip(rows, behind, strict=True):
            slot = None if row.slot is None else self._expansion.slots[row.slot]
            line = None if row.line is None else indices[row.line]
            if slot is None:
                yield Fit(None, line, matched=False, part=self._common(before, after))
                continue
            parts = slot.expected.line.parts
            yield Fit(slot, line, row.matched, parts[-1])
            before = before if slot.absent else parts

    def _parts_behind(self, rows: Sequence[Row]) -> list[tuple[Part, ...]]:
        """For each row, the parts of the next slot behind it."""
        parts: tuple[Part, ...] = ()
        found = []
        for row in reversed(rows):
            found.append(parts)
            if row.slot is not None and not self._expansion.slots[row.slot].absent:
                parts = self._expansion.slots[row.slot].expected.line.parts
        return found[::-1]

    def _common(self, before: Sequence[Part], after: Sequence[Part]) -> Part:
        """The innermost part that holds what stands on either side."""
        both = zip(before, after, strict=False)
        shared = [part for part, _ in takewhile(lambda pair: pair[0] is pair[1], both)]
        return shared[-1] if shared else self.section.part


def _merged(fits: Iterator[Fit], forbidden: Mapping[int, Part]) -> Iterator[Fit]:
    """The fits with the forbidden lines at their places."""
    waiting = [
        Fit(None, line, matched=False, part=part, forbidden=True)
        for line, part in sorted(forbidden.items(), key=lambda item: item[0], reverse=True)
    ]
    for fit in fits:
        while fit.line is not None and waiting and (waiting[-1].line or 0) < fit.line:
            yield waiting.pop()
        yield fit
    yield from reversed(waiting)
