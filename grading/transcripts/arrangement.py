"""The order of an unordered group's members: the one in which the output has them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from grading.transcripts.copies import Member
from grading.transcripts.likeness import ALIKE, likeness
from grading.transcripts.relation import Relation
from grading.transcripts.telling import Tellings

_EFFORT = 10_000
"""How many pairs of lines are looked at for likeness in a group."""


class Arranger:
    """Finds the members of unordered groups in an output."""

    def __init__(self, tellings: Tellings, relation: Relation, lines: Sequence[str]) -> None:
        self._tellings = tellings
        self._relation = relation
        self._lines = lines
        self._where: dict[int, list[int]] | None = None

    def arranged(self, members: Sequence[Member], region: range) -> list[Member]:
        """The members in the order in which the region of the output has them.

        Each is known by the rarest of its lines. What is not found stays behind
        the member that it stood behind in the transcript.
        """
        written = sorted(members, key=lambda member: member.node.number)
        places = self._by_rarest_line(written, region)
        self._add_by_likeness(places, written, region)
        keys: dict[Member, tuple[int, int]] = {}
        last = -1
        for index, member in enumerate(written):
            last = places.get(member, last)
            keys[member] = (last, index)
        return sorted(written, key=keys.__getitem__)

    def _by_rarest_line(self, members: Sequence[Member], region: range) -> dict[Member, int]:
        rarest = []
        for index, member in enumerate(members):
            numbers = self._tellings.of(member.node).numbers
            counts = [
                (len(found), number) for number in numbers if (found := self._found(number, region))
            ]
            if counts:
                rarest.append((*min(counts), index))
        places: dict[Member, int] = {}
        claimed: set[int] = set()
        searches: dict[int, Iterator[int]] = {}
        for _, number, index in sorted(rarest):
            search = searches.setdefault(number, iter(self._found(number, region)))
            place = next((line for line in search if line not in claimed), None)
            if place is not None:
                claimed.add(place)
                places[members[index]] = place
        return places

    def _found(self, number: int, region: range) -> list[int]:
        """The lines of the region that match a pattern."""
        if self._where is None:
            self._where = {}
            for line, text in enumerate(self._lines):
                for each in self._relation.matched_by(text):
                    self._where.setdefault(each, []).append(line)
        lines = self._where.get(number, [])
        return lines[bisect_left(lines, region.start) : bisect_left(lines, region.stop)]

    def _add_by_likeness(
        self, places: dict[Member, int], members: Sequence[Member], region: range
    ) -> None:
        """Find those with a slip in them among the lines that match nothing."""
        lost = [member for member in members if member not in places]
        free = [line for line in region if not self._relation.matched_by(self._lines[line])]
        if len(lost) * len(free) > _EFFORT:
            return
        for member in lost:
            text = self._relation.patterns[
                self._tellings.of(member.node).expected[0].number
            ].fixed_text
            best = max(free, key=lambda line: likeness(text, self._lines[line]), default=None)
            if best is not None and likeness(text, self._lines[best]) >= ALIKE:
                places[member] = best
                free.remove(best)
