"""The lines by which a group is known in an output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grading.transcripts.filling import Expect, Expected
from grading.transcripts.format import Group, Line


@dataclass(frozen=True)
class Telling:
    """The lines of a group that are there whenever it is; of blank ones only if it has no other."""

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
        sure = [each for each in self._sure(nodes) if not each.blank]
        if sure:
            return _telling(sure, len(sure))
        lines = [node] if isinstance(node, Line) else list(node.lines())
        every = [each for line in lines for each in self._expect(line)]
        return _telling([each for each in every if not each.blank] or every, 1)

    def _sure(self, nodes: Sequence[Line | Group]) -> Iterator[Expected]:
        """The lines that these have at least."""
        for node in nodes:
            if isinstance(node, Line):
                yield from self._expect(node)
            else:
                for _ in range(node.least):
                    yield from self._sure(node.children)


def _telling(expected: Sequence[Expected], size: int) -> Telling:
    numbers = frozenset(each.number for each in expected)
    return Telling(expected, numbers, size, all(each.blank for each in expected))
