"""The order of an unordered group's members: the one in which the output has them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from grading.transcripts.copies import Member
from grading.transcripts.likeness import ALIKE, likeness
from grading.transcripts.relation import Relation
from grading.transcripts.telling import Tellings

_EFFORT = 10_000
"""How many pairs of lines are looked at for likeness in a group."""


class Claims:
    """The lines that members of one group have taken, in all its copies, which come in order."""

    def __init__(self) -> None:
        self._taken: set[int] = set()
        self._passed: dict[int, int] = {}
        """How many of the lines of each pattern are all taken, from its first."""

    def take(self, number: int, lines: Sequence[int], region: range) -> int | None:
        """The first of these lines, of one pattern, that lies in the region and is free."""
        index = max(self._passed.get(number, 0), bisect_left(lines, region.start))
        while index < len(lines) and lines[index] in self._taken:
            index += 1
        self._passed[number] = index
        if index == len(lines) or lines[index] >= region.stop:
            return None
        self._taken.add(lines[index])
        return lines[index]


class Arranger:
    """Finds the members of unordered groups in an output."""

    def __init__(self, tellings: Tellings, relation: Relation, lines: Sequence[str]) -> None:
        self._tellings = tellings
        self._relation = relation
        self._lines = lines
        self._where: dict[int, list[int]] | None = None

    def arranged(self, members: Sequence[Member], region: range, claims: Claims) -> list[Member]:
        """The members in the order in which the region of the output has them.

        Each is known by the rarest of its lines. What is not found stays behind
        the member that it stood behind in the transcript.
        """
        written = sorted(members, key=lambda member: member.node.number)
        places = self._by_rarest_line(written, region, claims)
        self._add_by_likeness(places, written, region)
        keys: dict[Member, tuple[int, int]] = {}
        last = region.start - 1
        for index, member in enumerate(written):
            last = places.get(member, last)
            keys[member] = (last, index)
        return sorted(written, key=keys.__getitem__)

    def _by_rarest_line(
        self, members: Sequence[Member], region: range, claims: Claims
    ) -> dict[Member, int]:
        rarest = []
        for index, member in enumerate(members):
            numbers = self._tellings.of(member.node).numbers
            counts = [(self._count(number, region), number) for number in numbers]
            found = [each for each in counts if each[0]]
            if found:
                rarest.append((*min(found), index))
        places: dict[Member, int] = {}
        for _, number, index in sorted(rarest):
            place = claims.take(number, self._lines_of(number), region)
            if place is not None:
                places[members[index]] = place
        return places

    def _count(self, number: int, region: range) -> int:
        lines = self._lines_of(number)
        return bisect_left(lines, region.stop) - bisect_left(lines, region.start)

    def _lines_of(self, number: int) -> list[int]:
        """The indices of the lines that match a pattern."""
        if self._where is None:
            self._where = {}
            for line, text in enumerate(self._lines):
                for each in self._relation.matched_by(text):
                    self._where.setdefault(each, []).append(line)
        return self._where.get(number, [])

    def _add_by_likeness(
        self, places: dict[Member, int], members: Sequence[Member], region: range
    ) -> None:
        """Find those with a slip in them among the lines that match nothing."""
        lost = [member for member in members if member not in places]
        if len(lost) * len(region) > _EFFORT:
            return
        free = [line for line in region if not self._relation.matched_by(self._lines[line])]
        for member in lost:
            number = self._tellings.of(member.node).expected[0].number
            text = self._relation.patterns[number].fixed_text
            best = max(free, key=lambda line: likeness(text, self._lines[line]), default=None)
            if best is not None and likeness(text, self._lines[best]) >= ALIKE:
                places[member] = best
                free.remove(best)
