"""A section with its groups written out: each as many times as it is taken to occur."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from grading.transcripts.filling import Expect, Expected
from grading.transcripts.format import Group, GroupKind, Line


@dataclass(eq=False)
class Slot:
    """A place for one printed line."""

    expected: Expected
    repetitions: tuple[Copy, ...]
    """The repetitions that it lies in, the innermost first."""
    absent: bool = False
    """Whether it lies in an optional group that is not there."""
    spare: bool = False
    """Whether it lies in a group that need not be there."""


@dataclass(eq=False)
class Copy:
    """One occurrence of a group."""

    members: list[Member] = field(default_factory=list)
    absent: bool = False

    def fits(self, matched: set[Slot]) -> bool:
        """Whether the output has at least half of its lines."""
        there, all_of_them = self.count(matched)
        return 0 < all_of_them <= 2 * there

    def count(self, matched: set[Slot]) -> tuple[int, int]:
        """How many of its lines are matched, and how many it has; blank ones in want of others."""
        slots = list(self.counted(matched))
        telling = [slot for slot in slots if not slot.expected.blank] or slots
        return sum(slot in matched for slot in telling), len(telling)

    def counted(self, matched: set[Slot]) -> Iterator[Slot]:
        """Its slots, without those of groups in it that are not there and need not be."""
        for member in self.members:
            yield from member.slots
            least = member.node.least if isinstance(member.node, Group) else 0
            for index, copy in enumerate(member.copies):
                if index < least or (not copy.absent and copy.fits(matched)):
                    yield from copy.counted(matched)


@dataclass(eq=False)
class Member:
    """A line, with its slots, or a group, with its copies."""

    node: Line | Group
    repetitions: tuple[Copy, ...]
    slots: list[Slot] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)
    start: int = 0
    stop: int = 0
    """Its slots are those from `start` to before `stop`."""

    def groups(self) -> Iterator[tuple[Member, Group]]:
        """It, if it is a group, and all groups in its copies, the outer first."""
        if isinstance(self.node, Group):
            yield self, self.node
        for copy in self.copies:
            for member in copy.members:
                yield from member.groups()

    def occurrences(self, label: str) -> Iterator[range]:
        """The slots of each occurrence of what has that label, it or something in it."""
        if self.node.label == label and isinstance(self.node, Line):
            yield range(self.start, self.stop)
        for copy in self.copies:
            if copy.absent:
                continue
            if self.node.label == label:
                yield range(
                    min(member.start for member in copy.members),
                    max(member.stop for member in copy.members),
                )
            for member in copy.members:
                yield from member.occurrences(label)


class Writer:
    """Writes groups out."""

    def __init__(self, expect: Expect) -> None:
        self._expect = expect

    def copy(
        self,
        nodes: Iterable[Line | Group],
        repetitions: tuple[Copy, ...] = (),
        *,
        repeats: bool = False,
    ) -> Copy:
        """An occurrence of a group of these; groups in it occur as often as they must.

        An optional group is there until it is found not to be.
        """
        copy = Copy()
        inside = (copy, *repetitions) if repeats else repetitions
        copy.members = [self._member(node, inside) for node in nodes]
        return copy

    def add_copy(self, member: Member, group: Group) -> None:
        """One more occurrence of a group."""
        repeats = group.kind is GroupKind.REPEAT
        member.copies.append(self.copy(group.children, member.repetitions, repeats=repeats))

    def _member(self, node: Line | Group, repetitions: tuple[Copy, ...]) -> Member:
        member = Member(node, repetitions)
        if isinstance(node, Line):
            member.slots = [Slot(expected, repetitions) for expected in self._expect(node)]
        else:
            for _ in range(1 if node.kind is GroupKind.OPTIONAL else node.least):
                self.add_copy(member, node)
        return member


def number_slots(
    copy: Copy, slots: list[Slot], *, absent: bool = False, spare: bool = False
) -> None:
    """Append the slots of a copy in order, and note for its members where theirs are."""
    for member in copy.members:
        member.start = len(slots)
        for slot in member.slots:
            slot.absent, slot.spare = absent, spare
            slots.append(slot)
        least = member.node.least if isinstance(member.node, Group) else 0
        for index, inner in enumerate(member.copies):
            number_slots(inner, slots, absent=absent or inner.absent, spare=spare or index >= least)
        member.stop = len(slots)
