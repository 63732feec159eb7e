"""Where in the output a group's lines may lie."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from grading.transcripts.alignment import Alignment
from grading.transcripts.copies import Member, Slot


class Regions:
    """The lines between what stands around a group, wherever that may be.

    What stands before it is looked for as early as it can be, what stands
    behind it as late.
    """

    def __init__(self, alignment: Alignment, slots: Sequence[Slot], lines: Sequence[str]) -> None:
        self._slots = slots
        self._lines = lines
        self._slots_before = [slot for slot, _ in alignment.earliest]
        self._lines_before = [line for _, line in alignment.earliest]
        self._slots_behind = [slot for slot, _ in alignment.latest]
        self._lines_behind = [line for _, line in alignment.latest]
        self._placed = set(self._lines_before), set(self._lines_behind)

    def of(self, member: Member) -> range:
        """The lines that may belong to a group."""
        before = bisect_left(self._slots_before, member.start)
        behind = bisect_left(self._slots_behind, member.stop)
        start = self._lines_before[before - 1] + 1 if before else 0
        stop = self._lines_behind[behind] if behind < len(self._slots_behind) else len(self._lines)
        slot = member.start
        while slot and self._slots[slot - 1].expected.blank:
            slot -= 1
            if start < stop and not self._lines[start].strip():
                start += 1
        return range(start, max(start, stop))

    def spare(self, lines: Sequence[int]) -> int:
        """How many of these have no place, early or late."""
        return max(sum(line not in placed for line in lines) for placed in self._placed)
