"""How often groups occur, and in which order: what a section comes to for one output.

A group that may repeat gets as many copies as the output has lines for, and
loses those that turn out to hold less than half of theirs. The members of an
unordered group take the order in which the output has them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from grading.transcripts.alignment import NOT_THERE, Alignment, Row
from grading.transcripts.arrangement import Arranger, Claims
from grading.transcripts.copies import Copy, Member, Slot, Writer, number_slots
from grading.transcripts.filling import Expect
from grading.transcripts.format import Group, GroupKind, Line, Section
from grading.transcripts.regions import Regions
from grading.transcripts.relation import Relation
from grading.transcripts.telling import Tellings

_MOST_SLOTS = 20_000
"""Up to so many slots, and two for each line, a section grows."""

_ROUNDS = 12
"""How often copies and orders are improved at most."""


class Expansion:
    """A section written out to fit what one stream printed."""

    def __init__(
        self, section: Section, expect: Expect, relation: Relation, lines: Sequence[str]
    ) -> None:
        self._relation = relation
        self._lines = lines
        self._writer = Writer(expect)
        self._tellings = Tellings(expect)
        self._arranger = Arranger(self._tellings, relation, lines)
        for line in section.lines():
            expect(line)  # so that the relation knows all patterns before it is asked
        self._top = self._writer.copy(section.children)
        self.slots: list[Slot] = []
        alignment = self._aligned()
        self._most_slots = _MOST_SLOTS + 2 * len(lines)
        if any(isinstance(node, Group) for node in section.children):
            alignment = self._fitted(alignment)
        self.rows: list[Row] = alignment.rows()

    def occurrences(self, label: str) -> list[range]:
        """Which slots the line or group of that label has, each time that it occurs."""
        return [found for member in self._top.members for found in member.occurrences(label)]

    def _aligned(self) -> Alignment:
        self.slots = []
        number_slots(self._top, self.slots)
        return self._alignment(slot.absent for slot in self.slots)

    def _alignment(self, passed_over: Iterable[bool]) -> Alignment:
        numbers = [
            NOT_THERE if passed else slot.expected.number
            for slot, passed in zip(self.slots, passed_over, strict=True)
        ]
        spare = {index for index, slot in enumerate(self.slots) if slot.spare}
        return Alignment(self._relation, numbers, self._lines, spare)

    def _fitted(self, alignment: Alignment) -> Alignment:
        """Written out anew until it fits: once, and once more if a group turned out not to."""
        for _ in range(2):
            alignment = self._grown(alignment)
            pruned = self._pruned(alignment)
            if pruned is None:
                break
            alignment = pruned
        return alignment

    def _grown(self, alignment: Alignment) -> Alignment:
        for _ in range(_ROUNDS):
            arranged = self._arranged(alignment)
            if arranged is None and not self._grow(Regions(alignment, self.slots, self._lines)):
                break
            alignment = arranged or self._aligned()
        return alignment

    def _pruned(self, alignment: Alignment) -> Alignment | None:
        """The alignment without the copies that don't fit; None if all do."""
        pruned = None
        for _ in range(_ROUNDS):
            rows = (pruned or alignment).rows(by_likeness=False)
            matched = {self.slots[row.slot] for row in rows if row.matched and row.slot is not None}
            # Those that hold something go first: another may have a better use for it.
            if not (
                self._prune(self._top, matched, least=1) or self._prune(self._top, matched, least=0)
            ):
                break
            pruned = self._aligned()
        return pruned

    def _groups(self, kind: GroupKind) -> Iterator[tuple[Member, Group]]:
        for member in self._top.members:
            yield from ((each, group) for each, group in member.groups() if group.kind is kind)

    def _arranged(self, alignment: Alignment) -> Alignment | None:
        """The alignment with unordered groups in an order of the output that fits better, if any.

        The groups are looked for between what stands around them, once with
        their lines in place, once without.
        """
        copies = [(m, copy) for m, _ in self._groups(GroupKind.UNORDERED) for copy in m.copies]
        inside = {slot for member, _ in copies for slot in range(member.start, member.stop)}
        if not inside:
            return None
        outside = self._alignment(
            slot.absent or index in inside for index, slot in enumerate(self.slots)
        )
        before = [copy.members for _, copy in copies]
        found = []
        for frame in (alignment, outside):
            found.append(self._in_frame(frame, copies))
            self._reorder(copies, before)
        most, orders = max(found, key=lambda each: each[0])
        if orders == before or most < len(alignment.earliest):
            self._aligned()
            return None
        self._reorder(copies, orders)
        return self._aligned()

    def _in_frame(
        self, frame: Alignment, copies: Sequence[tuple[Member, Copy]]
    ) -> tuple[int, list[list[Member]]]:
        """How many lines match with unordered groups as the frame has them, and their orders."""
        self._aligned()
        regions = Regions(frame, self.slots, self._lines)
        claims: defaultdict[Line | Group, Claims] = defaultdict(Claims)
        orders = [
            self._arranger.arranged(copy.members, regions.of(member), claims[member.node])
            for member, copy in copies
        ]
        self._reorder(copies, orders)
        return len(self._aligned().earliest), orders

    def _reorder(
        self, copies: Sequence[tuple[Member, Copy]], orders: Sequence[list[Member]]
    ) -> None:
        for (_, copy), members in zip(copies, orders, strict=True):
            copy.members = members

    def _grow(self, regions: Regions) -> bool:
        """Add copies for lines without a place. Returns whether there are any."""
        room = self._most_slots - len(self.slots)
        grown = False
        for member, group in list(self._groups(GroupKind.REPEAT)):
            telling = self._tellings.of(group)
            lines = [line for line in regions.of(member) if self._is_of(telling.numbers, line)]
            if telling.blank:
                wanted = len(lines) - len(member.copies)
            else:
                wanted = -(-regions.spare(lines) // telling.size)
            if group.most is not None:
                wanted = min(wanted, group.most - len(member.copies))
            for _ in range(min(wanted, room // telling.size)):
                self._writer.add_copy(member, group)
                room -= telling.size
                grown = True
        return grown

    def _is_of(self, numbers: frozenset[int], line: int) -> bool:
        return not numbers.isdisjoint(self._relation.matched_by(self._lines[line]))

    def _prune(self, copy: Copy, matched: set[Slot], least: int) -> bool:
        """Drop the copies that have `least` lines, but less than half. Returns whether any had."""
        pruned = False
        for member in copy.members:
            for inner in member.copies:
                pruned = self._prune(inner, matched, least) or pruned
            if not isinstance(member.node, Group):
                continue
            unfit = [
                each
                for each in member.copies
                if not (each.absent or each.fits(matched)) and each.count(matched)[0] >= least
            ]
            if member.node.kind is GroupKind.OPTIONAL:
                for each in unfit:
                    each.absent = pruned = True
            elif member.node.kind is GroupKind.REPEAT:
                # The least fit go first, and the last of those.
                unfit.sort(key=lambda each: -each.count(matched)[0])
                spared = max(member.node.least - (len(member.copies) - len(unfit)), 0)
                dropped = set(unfit[spared:])
                member.copies = [each for each in member.copies if each not in dropped]
                pruned = pruned or bool(dropped)
        return pruned
