"""A transcript as a tree; docs/grading.md specifies the text that it is read from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from grading.transcripts.fields import Piece


@dataclass(frozen=True, eq=False)
class Part:
    """What points are given for: a stream, a group, a line or a declared order."""

    name: str
    help: str
    points: float
    number: int
    """The line of the transcript that declares it, from 1."""


@dataclass(frozen=True, eq=False)
class Line:
    """A line that is expected, or that must never appear."""

    number: int
    pieces: tuple[Piece, ...]
    parts: tuple[Part, ...]
    """The parts that it lies in, the stream's first. The last is charged."""
    label: str
    text: str
    """As it stands in the transcript."""


class GroupKind(Enum):
    GROUP = "group"
    OPTIONAL = "optional"
    REPEAT = "repeat"
    UNORDERED = "unordered"
    NEVER = "never"


@dataclass(frozen=True, eq=False)
class Group:
    """Lines and groups that stand together, `least` to `most` times (None: any number)."""

    kind: GroupKind
    number: int
    label: str
    least: int
    most: int | None
    children: tuple[Line | Group, ...]

    def lines(self) -> Iterator[Line]:
        """All lines in it, of inner groups too."""
        for child in self.children:
            if isinstance(child, Line):
                yield child
            else:
                yield from child.lines()


@dataclass(frozen=True, eq=False)
class Section:
    """What a stream should hold."""

    name: str
    part: Part
    children: tuple[Line | Group, ...]
    never: tuple[Line, ...]
    """What must not appear anywhere in it."""

    def lines(self) -> Iterator[Line]:
        """All lines that it may hold."""
        for child in self.children:
            yield from (child,) if isinstance(child, Line) else child.lines()


@dataclass(frozen=True, eq=False)
class Order:
    """The lines labelled `earlier` come before those labelled `later`."""

    earlier: str
    later: str
    part: Part
    number: int


@dataclass(frozen=True, eq=False)
class Transcript:
    """What programs should print, and what it is worth."""

    source: str
    sections: tuple[Section, ...]
    orders: tuple[Order, ...]
