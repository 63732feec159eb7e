"""Reads the text of a transcript (docs/grading.md specifies it)."""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from grading.transcripts.fields import parse_pieces
from grading.transcripts.format import (
    Group,
    GroupKind,
    Line,
    Order,
    Part,
    Section,
    Transcript,
)
from wire.errors import UsageError


def parse_transcript(text: str, source: str = "transcript") -> Transcript:
    """Read a transcript; `source` names it in errors.

    Raises UsageError, with file, line and a hint, for what the format does not allow.
    """
    lines = text.removeprefix("\ufeff").removesuffix("\n").split("\n")
    reader = _Reader()
    for number, line in enumerate(lines, start=1):
        try:
            reader.read(number, line.removesuffix("\r"))
        except UsageError as error:
            raise UsageError(f"{source}, line {number}: {error}", error.hint) from error
    try:
        sections, orders = reader.finish()
    except UsageError as error:
        raise UsageError(f"{source}, {error}", error.hint) from error
    return Transcript(source, sections, orders)


_ATTRIBUTES = ("points", "help", "name", "label")
_DIRECTIVES = ("stream", "order", "end", *(kind.value for kind in GroupKind))
_RANGE = re.compile(r"(?P<least>\d+)(?P<on>\.\.(?P<most>\d*))?")
_ORDER = re.compile(r"(?P<earlier>\S+) before (?P<later>\S+)")
_LITERAL_HINT = "a line of text that begins with % is written with %%"

_Children = list[Line | Group]


@dataclass
class _Open:
    """A stream, a group or the declared order, while its lines are read."""

    kind: GroupKind | None
    number: int
    parts: tuple[Part, ...]
    name: str = ""
    label: str = ""
    least: int = 1
    most: int | None = 1
    children: _Children = field(default_factory=list)
    never: list[Line] = field(default_factory=list)


class _Reader:
    """Takes the lines of a transcript one by one. Raises UsageError; the caller adds the place."""

    def __init__(self) -> None:
        self._sections: list[Section] = []
        self._orders: list[Order] = []
        self._labels: set[str] = set()
        self._open: list[_Open] = []
        self._ordering = False
        self._ahead: Mapping[str, str] = {}
        """Attributes for the line that follows."""
        self._ahead_number = 0

    def read(self, number: int, line: str) -> None:
        if line.startswith("%") and not line.startswith("%%"):
            self._directive(number, line[1:].strip())
            return
        text = line.removeprefix("%")
        if self._ordering:
            self._order(number, text.strip())
        elif self._open:
            self._line(number, text)
        elif text.strip():
            raise UsageError("text before the first stream", "begin with % stream NAME")

    def finish(self) -> tuple[tuple[Section, ...], tuple[Order, ...]]:
        """All that was read. Raises UsageError for what was begun and never ended."""
        self._check_ahead()
        self._close_section()
        if not self._sections:
            raise UsageError("line 1: no stream", "begin with % stream NAME")
        for order in self._orders:
            for label in (order.earlier, order.later):
                if label not in self._labels:
                    raise UsageError(
                        f"line {order.number}: nothing is labelled {label}",
                        f"write % label={label} above the line that is meant",
                    )
        return tuple(self._sections), tuple(self._orders)

    def _directive(self, number: int, body: str) -> None:
        if not body or body.startswith("#"):
            return
        self._check_ahead()
        try:
            first, *rest = shlex.split(body)
        except ValueError as error:
            raise UsageError(f"{error} in a directive", "close the quotation marks") from error
        if "=" in first:
            self._ahead, self._ahead_number = _attributes([first, *rest]), number
        elif first == "stream":
            self._begin_section(number, rest)
        elif first == "order":
            self._close_section()
            self._ordering = True
            part = _part(_attributes(rest), number, "order") or Part("order", "", 0.0, number)
            self._open = [_Open(None, number, (part,))]
        elif first == "end":
            self._end(rest)
        elif first in _DIRECTIVES:
            self._begin_group(number, GroupKind(first), rest)
        else:
            close = get_close_matches(first, _DIRECTIVES, n=1)
            hint = f"did you mean % {close[0]}? " if close else ""
            raise UsageError(f"no directive is called {first!r}", hint + _LITERAL_HINT)

    def _begin_section(self, number: int, words: list[str]) -> None:
        self._close_section()
        if not words:
            raise UsageError("a stream without a name", "write % stream NAME")
        name = words[0]
        if any(section.name == name for section in self._sections):
            raise UsageError(f"a second stream {name!r}", "give it another name")
        attributes = _attributes(words[1:])
        if "label" in attributes:
            raise UsageError("a stream has no label", "label a line or a group of it")
        part = _part({"points": "0", **attributes}, number, name)
        assert part is not None
        self._open = [_Open(None, number, (part,), name)]

    def _begin_group(self, number: int, kind: GroupKind, words: list[str]) -> None:
        if not self._open or self._ordering:
            raise UsageError(f"% {kind.value} outside a stream", "begin with % stream NAME")
        outer = self._open[-1]
        if outer.kind is GroupKind.NEVER:
            raise UsageError("a group inside % never", "it holds lines only; end it before")
        if kind is GroupKind.NEVER and outer.kind not in (None, GroupKind.GROUP):
            raise UsageError(
                f"% never inside % {outer.kind.value if outer.kind else ''}",
                "it is about the whole stream: put it outside",
            )
        least, most = _range("0..1" if kind is GroupKind.OPTIONAL else "1")
        if kind is GroupKind.REPEAT:
            range_, words = (
                (words[0], words[1:]) if words and "=" not in words[0] else ("0..", words)
            )
            least, most = _range(range_)
        attributes = _attributes(words)
        part = _part(attributes, number, f"{kind.value} on line {number}")
        parts = (*outer.parts, part) if part else outer.parts
        label = self._label(attributes, kind)
        self._open.append(_Open(kind, number, parts, label=label, least=least, most=most))

    def _end(self, words: list[str]) -> None:
        group = self._open[-1] if self._open else None
        if words or group is None or group.kind is None:
            raise UsageError("% end ends no group", "remove it; a stream ends with the next one")
        if not group.children:
            raise UsageError("a group without lines", "remove it, or put lines before its % end")
        self._open.pop()
        if group.kind is GroupKind.NEVER:
            self._open[0].never += [line for line in group.children if isinstance(line, Line)]
            return
        children = group.children
        if group.kind is GroupKind.UNORDERED:
            children = _with_blank_lines(children)
        self._open[-1].children.append(
            Group(group.kind, group.number, group.label, group.least, group.most, tuple(children))
        )

    def _close_section(self) -> None:
        for group in self._open[1:]:
            raise UsageError(
                f"the group that begins on line {group.number} has no end", "write % end after it"
            )
        if self._open and not self._ordering:
            section = self._open[0]
            children, never = tuple(section.children), tuple(section.never)
            self._sections.append(Section(section.name, section.parts[0], children, never))
        self._open, self._ordering = [], False

    def _line(self, number: int, text: str) -> None:
        group = self._open[-1]
        attributes, self._ahead = self._ahead, {}
        part = _part(attributes, number, text.strip() or "a blank line")
        parts = (*group.parts, part) if part else group.parts
        label = self._label(attributes, group.kind)
        line = Line(number, parse_pieces(text), parts, label, text)
        group.children.append(line)

    def _order(self, number: int, text: str) -> None:
        if not text:
            return
        match = _ORDER.fullmatch(text)
        if match is None:
            raise UsageError(f"{text!r} declares no order", "write: LABEL before LABEL")
        attributes, self._ahead = self._ahead, {}
        if "label" in attributes:
            raise UsageError("an order has no label", "label the lines that it is about")
        part = _part(attributes, number, text) or self._open[0].parts[0]
        self._orders.append(Order(match["earlier"], match["later"], part, number))

    def _label(self, attributes: Mapping[str, str], kind: GroupKind | None) -> str:
        label = attributes.get("label", "")
        if label and kind is GroupKind.NEVER:
            raise UsageError("what must never appear has no label", "leave it out")
        if label in self._labels:
            raise UsageError(f"a second label {label!r}", "give it another name")
        if label:
            self._labels.add(label)
        return label

    def _check_ahead(self) -> None:
        if self._ahead:
            raise UsageError(
                f"{' and '.join(self._ahead)} on line {self._ahead_number} without a line",
                "put it right above a line; a group has its own behind % group",
            )


def _with_blank_lines(children: _Children) -> _Children:
    """The members of an unordered group: a blank line goes with what it stands behind."""
    members: _Children = []
    for child in children:
        if members and isinstance(child, Line) and not child.text.strip():
            last = members.pop()
            members.append(Group(GroupKind.GROUP, last.number, "", 1, 1, (last, child)))
        else:
            members.append(child)
    return members


def _attributes(words: list[str]) -> dict[str, str]:
    attributes: dict[str, str] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or key not in _ATTRIBUTES or key in attributes:
            raise UsageError(
                f"{word!r} is out of place here",
                f'what may stand here is {", ".join(_ATTRIBUTES)}, once each: help="two words"',
            )
        attributes[key] = value
    return attributes


def _part(attributes: Mapping[str, str], number: int, name: str) -> Part | None:
    """The part that attributes declare, if they do; `name` is for want of one."""
    if "points" not in attributes:
        if attributes.keys() & {"name", "help"}:
            raise UsageError("a name or a help text without points", "add points=")
        return None
    try:
        points = float(attributes["points"])
    except ValueError:
        points = math.nan
    if not 0 <= points < math.inf:
        raise UsageError(f"points={attributes['points']} is no number of points", "write points=2")
    return Part(attributes.get("name") or name, attributes.get("help", ""), points, number)


def _range(text: str) -> tuple[int, int | None]:
    match = _RANGE.fullmatch(text)
    if match is not None:
        least = int(match["least"])
        most = least if not match["on"] else int(match["most"]) if match["most"] else None
        if most is None or most >= max(least, 1):
            return least, most
    raise UsageError(f"{text!r} is no number of repetitions", "write 3, 1.. or 1..5")
