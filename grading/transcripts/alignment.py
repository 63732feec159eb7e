"""Which printed line stands for which expected one: the least edits, not the same position."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from functools import cached_property
from typing import NamedTuple

from grading.transcripts.likeness import likest_pairs
from grading.transcripts.relation import Relation, content
from grading.transcripts.subsequence import Pair, longest_common_subsequence

PAIRING_EFFORT = 250_000
"""How many pairs of lines are looked at for likeness in a stream; the rest pair in order."""

NOT_THERE = -1
"""In place of a pattern's number: no line is looked for."""


class Row(NamedTuple):
    """An expected line beside a printed one, by index; None where there is none."""

    slot: int | None
    line: int | None
    matched: bool = False
    """Whether they are the same, presentation apart."""


class Alignment:
    """The patterns' numbers that are expected, in order, beside the lines that were printed."""

    def __init__(
        self,
        relation: Relation,
        numbers: Sequence[int],
        lines: Sequence[str],
        spare: Set[int] = frozenset(),
    ) -> None:
        self._relation = relation
        self._spare = spare
        """The slots that need no line; the others come first where both would do."""
        self._numbers = numbers
        self._lines = lines

    @cached_property
    def earliest(self) -> list[Pair]:
        """As many pairs (slot, line) that match as there can be, but for blank lines."""
        return self._pairs(self._numbers, self._lines)

    @cached_property
    def latest(self) -> list[Pair]:
        """As `earliest`, with each pair as late as it can be."""
        slots, lines = len(self._numbers) - 1, len(self._lines) - 1
        pairs = self._pairs(self._numbers[::-1], self._lines[::-1])
        return [(slots - slot, lines - line) for slot, line in reversed(pairs)]

    def rows(self, *, by_likeness: bool = True) -> list[Row]:
        """Every slot and every line once, in order.

        First what matches; then, in the gaps, what is alike; blank lines last, for
        they match anywhere.
        """
        matched = self._polished(self.earliest)
        alike = self._alike(matched) if by_likeness else []
        anchors = sorted([*matched, *alike])
        blank = self._blank(anchors)
        return list(self._in_order(sorted([*anchors, *blank]), {*matched, *blank}))

    def _pairs(self, numbers: Sequence[int], lines: Sequence[str]) -> list[Pair]:
        slots_of: dict[int, int] = {}
        for slot, number in enumerate(numbers):
            if number != NOT_THERE and not self._relation.patterns[number].blank:
                slots_of[number] = slots_of.get(number, 0) | 1 << slot
        masks: dict[str, int] = {}
        for line in lines:
            if line not in masks:
                masks[line] = 0
                for number in self._relation.matched_by(line):
                    masks[line] |= slots_of.get(number, 0)
        indices = [index for index, line in enumerate(lines) if masks[line]]
        pairs = longest_common_subsequence([masks[lines[index]] for index in indices], len(numbers))
        return [(slot, indices[row]) for slot, row in pairs]

    def _polished(self, pairs: Sequence[Pair]) -> list[Pair]:
        """The pairs, each with the fittest of the slots and lines that would do for it."""
        ends = [(-1, -1), *pairs, (len(self._numbers), len(self._lines))]
        for index, pair in enumerate(pairs, start=1):
            (first, top), (last, bottom) = ends[index - 1], ends[index + 1]
            slot, line = self._fittest(pair, [(slot, pair[1]) for slot in range(first + 1, last)])
            ends[index] = self._fittest(
                (slot, line), [(slot, line) for line in range(top + 1, bottom)]
            )
        return ends[1:-1]

    def _fittest(self, pair: Pair, rivals: Sequence[Pair]) -> Pair:
        matching = [rival for rival in rivals if self._match(*rival)] if len(rivals) > 1 else []
        if len(matching) < 2:
            return pair
        return min(
            matching,
            key=lambda rival: (rival[0] in self._spare, self._rank(*rival), rival != pair),
        )

    def _match(self, slot: int, line: int) -> bool:
        return self._numbers[slot] in self._relation.matched_by(self._lines[line])

    def _rank(self, slot: int, line: int) -> int:
        """How well they fit, the lowest best."""
        pattern = self._relation.patterns[self._numbers[slot]]
        text = content(self._lines[line])
        if pattern.values(text) is None:
            return 3
        if not text.strip():
            return 2
        return 0 if pattern.text is not None else 1

    def _alike(self, pairs: Sequence[Pair]) -> list[Pair]:
        found: list[Pair] = []
        effort = PAIRING_EFFORT
        for slots, lines in self._gaps(pairs):
            free_slots = [slot for slot in slots if self._is_told(slot)]
            free_lines = [line for line in lines if self._lines[line].strip()]
            cells = len(free_slots) * len(free_lines)
            if cells == 0:
                continue
            if cells > effort:
                found += zip(free_slots, free_lines, strict=False)
                continue
            effort -= cells
            texts = [self._relation.patterns[self._numbers[slot]].fixed_text for slot in free_slots]
            chosen = likest_pairs(texts, [content(self._lines[line]) for line in free_lines])
            found += [(free_slots[slot], free_lines[line]) for slot, line in chosen]
        return found

    def _is_told(self, slot: int) -> bool:
        number = self._numbers[slot]
        return number != NOT_THERE and not self._relation.patterns[number].blank

    def _blank(self, pairs: Sequence[Pair]) -> list[Pair]:
        accepting = set(self._relation.matched_by(""))
        found: list[Pair] = []
        for slots, lines in self._gaps(pairs):
            free_slots = [slot for slot in slots if self._numbers[slot] in accepting]
            free_lines = [line for line in lines if not self._lines[line].strip()]
            if len(free_slots) > len(free_lines):
                needed = sorted(free_slots, key=lambda slot: slot in self._spare)
                free_slots = sorted(needed[: len(free_lines)])
            found += zip(free_slots, free_lines, strict=False)
        return found

    def _gaps(self, pairs: Sequence[Pair]) -> Iterator[tuple[range, range]]:
        """The slots and lines before each pair, and behind the last."""
        slot = line = -1
        for next_slot, next_line in [*pairs, (len(self._numbers), len(self._lines))]:
            yield range(slot + 1, next_slot), range(line + 1, next_line)
            slot, line = next_slot, next_line

    def _in_order(self, pairs: Sequence[Pair], matched: set[Pair]) -> Iterator[Row]:
        for (slots, lines), pair in zip(self._gaps(pairs), [*pairs, None], strict=True):
            yield from (Row(slot, None) for slot in slots)
            yield from (Row(None, line) for line in lines)
            if pair is not None:
                yield Row(*pair, matched=pair in matched)
