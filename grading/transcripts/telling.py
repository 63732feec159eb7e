"""The lines by which a group is known in an output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grading.transcripts.filling import Expect, Expected
from grading.transcripts.format import Group, Line


@dataclass(frozen=True)
class Telling:
    """The lines that a group has whenever it occurs, without the blank ones.

    For want of these they are those that it may have, and for want of those its blank ones.
    """

    expected: Sequence[Expected]
    numbers: frozenset[int]
    """Of their patterns."""
    size: int
    """How many of them an occurrence has."""
    blank: bool


class Tellings:
    """What is telling of each group and line, found once."""

    def __init__(self, expect: Expect) -> None:
        self._expect = expect
        self._known: dict[Line | Group, Telling] = {}

    def of(self, node: Line | Group) -> Telling:
        if node not in self._known:
            self._known[node] = self._find(node)
        return self._known[node]

    def _find(self, node: Line | Group) -> Telling:
        nodes = [node] if isinstance(node, Line) else node.children
        for at_least in (0, 1):
            lines = [each for each in self._lines(nodes, at_least) if not each.blank]
            if lines:
                return _telling(lines)
        return _telling([*self._lines(nodes, 1)])

    def _lines(self, nodes: Sequence[Line | Group], at_least: int) -> Iterator[Expected]:
        """The lines of these, with groups in them as often as they must occur, or `at_least`."""
        for node in nodes:
            if isinstance(node, Line):
                yield from self._expect(node)
            else:
                for _ in range(max(node.least, at_least)):
                    yield from self._lines(node.children, at_least)


def _telling(expected: Sequence[Expected]) -> Telling:
    numbers = frozenset(each.number for each in expected)
    return Telling(expected, numbers, len(expected), all(each.blank for each in expected))
