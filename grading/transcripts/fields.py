"""What a line of a transcript is made of: text, inputs and typed fields (docs/grading.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from wire.errors import UsageError


@dataclass(frozen=True)
class FieldType:
    """What a field may stand for.

    A closed type has a `regex`, and takes all that it can. An open one takes as
    little as it can, of anything within its `reach`: a word or the line.
    """

    meaning: str
    regex: re.Pattern[str] | None = None
    members: str = ""
    """A regular expression for the characters that a value is made of."""
    reach: str = ""
    least: int = 1
    """How many characters an open field takes at least."""


@dataclass(frozen=True)
class Text:
    """Text of the lab's own."""

    text: str


@dataclass(frozen=True)
class Input:
    """A text that the grader gives: the student's own word."""

    name: str


@dataclass(frozen=True)
class Field:
    """A value that varies from run to run. The name `_` is never bound."""

    name: str
    type: FieldType
    written: str
    """As it stands in the transcript, with its braces."""


Piece = Text | Input | Field


def parse_pieces(line: str) -> tuple[Piece, ...]:
    """A line of a transcript, taken apart.

    Raises UsageError for a field of no known type, or one whose end or
    beginning can't be told.
    """
    pieces: list[Piece] = []
    text, end = "", 0
    for match in _BRACES.finditer(line):
        text += line[end : match.start()]
        end = match.end()
        if match["name"] is None:
            text += match[0][0]
            continue
        if text:
            pieces.append(Text(text))
        text = ""
        pieces.append(_field(match) if match["type"] is not None else Input(match["name"]))
    text += line[end:]
    if text:
        pieces.append(Text(text))
    _check_neighbours(pieces)
    return tuple(pieces)


_BRACES = re.compile(
    r"\{\{|\}\}|\{(?P<name>[A-Za-z_]\w*)(?::(?P<type>\w+)(?: (?P<argument>[^{}]*))?)?\}"
)

DEFAULT_TIME = "%a %b %d, %Y %H:%M:%S"
"""As the logs of mp4 write it: Sun Jul 22, 2012 20:44:41."""

_OCTET = r"(?>25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_TOP_PORT = "6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}"
_BASE64 = "[A-Za-z0-9+/]"
_ESCAPED = r"\\(?:x[0-9a-f]{2}|[tnr\\'])"

TYPES = {
    "int": FieldType("a whole number", re.compile(r"[+-]?[0-9]++"), "[0-9]"),
    "number": FieldType(
        "a number",
        re.compile(r"[+-]?(?>[0-9]++(?:\.[0-9]++)?+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?+"),
        "[0-9]",
    ),
    "word": FieldType("a word, without spaces", reach="word"),
    "text": FieldType("some text", reach="line"),
    "any": FieldType("anything", reach="line", least=0),
    "base64": FieldType(
        "base64, padded to a multiple of four characters",
        re.compile(
            f"(?={_BASE64})(?:{_BASE64}{{4}})*+(?:{_BASE64}{{2}}==|{_BASE64}{{3}}=)?+"
            "(?![A-Za-z0-9+/=])"
        ),
        _BASE64,
    ),
    "hex": FieldType("hexadecimal digits", re.compile("(?:0[xX])?+[0-9a-fA-F]++"), "[0-9a-fA-F]"),
    "bytes": FieldType(
        "bytes as Python shows them: b'...', up to 4096 of them",
        re.compile(
            rf"b(?:'(?:[ -&(-\[\]-~]|{_ESCAPED}){{0,4096}}+'"
            rf'|"(?:[ !#-\[\]-~]|{_ESCAPED}){{0,4096}}+")'
        ),
    ),
    "address": FieldType(
        "an IPv4 address",
        re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}(?!\.?[0-9])"),
        "[0-9]",
    ),
    "port": FieldType(
        "a port number, 1 to 65535",
        re.compile(f"(?:{_TOP_PORT}|[1-5][0-9]{{4}}|[1-9][0-9]{{0,3}})(?![0-9])"),
        "[0-9]",
    ),
}
"""All types but `time`, which has a format."""

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _names(names: tuple[str, ...], length: int | None = None) -> str:
    return f"(?:{'|'.join(name[:length] for name in names)})"


_TIME_PARTS = {
    "a": _names(_WEEKDAYS, 3),
    "A": _names(_WEEKDAYS),
    "b": _names(_MONTHS, 3),
    "B": _names(_MONTHS),
    "d": "(?:3[01]|[12][0-9]|[0 ]?[1-9])",
    "m": "(?:1[0-2]|0?[1-9])",
    "y": "[0-9]{2}",
    "Y": "[0-9]{4}",
    "j": "(?:36[0-6]|3[0-5][0-9]|[12][0-9]{2}|0?[1-9][0-9]|0{0,2}[1-9])",
    "H": "(?:2[0-3]|[01]?[0-9])",
    "I": "(?:1[0-2]|0?[1-9])",
    "M": "[0-5]?[0-9]",
    "S": "(?:6[01]|[0-5]?[0-9])",
    "f": "[0-9]{1,6}",
    "p": "(?:[AaPp][Mm])",
    "z": "(?:[+-][0-9]{2}:?[0-9]{2}|Z)",
    "Z": "(?:UTC|GMT|[A-Z]{3,5})",
    "%": "%",
}
"""The directives of strptime, in English; the Python documentation of `datetime` lists them."""


def _field(match: re.Match[str]) -> Field:
    name, type_name, argument = match["name"], match["type"], match["argument"]
    if type_name == "time":
        return Field(name, _time(argument or DEFAULT_TIME), match[0])
    if type_name not in TYPES:
        raise UsageError(
            f"{match[0]} is of no known type",
            f"the types are {', '.join([*TYPES, 'time'])}; for a brace that is text, write {{{{",
        )
    if argument is not None:
        raise UsageError(f"{match[0]} has a format", "only a {:time ...} has one; leave it out")
    return Field(name, TYPES[type_name], match[0])


def _time(format: str) -> FieldType:
    pattern = ""
    for directive, text in re.findall(r"%(.?)|([^%]+)", format):
        if not text and directive not in _TIME_PARTS:
            raise UsageError(
                f"%{directive} in a time's format is not known",
                f"of strptime's directives there are %{', %'.join(_TIME_PARTS)}",
            )
        pattern += re.escape(text) or _TIME_PARTS[directive]
    return FieldType(f"a time, as {format} writes it", re.compile(f"{pattern}(?![0-9])"))


def _check_neighbours(pieces: list[Piece]) -> None:
    """A closed field takes all it can, so what stands next to it must not be part of it.

    At its beginning that matters only behind an open field: there its place is searched for.
    """
    searched = False
    for before, after in pairwise(pieces):
        if isinstance(before, Field):
            searched = searched or before.type.regex is None
            if isinstance(after, Field):
                raise UsageError(
                    f"{before.written}{after.written} stand side by side",
                    "put some text between them, so that one can tell where the first ends",
                )
            if isinstance(after, Text):
                _check_apart(before, after.text[0], "after")
        elif isinstance(before, Text) and isinstance(after, Field) and searched:
            _check_apart(after, before.text[-1], "before")


def _check_apart(field: Field, neighbour: str, side: str) -> None:
    if field.type.members and re.fullmatch(field.type.members, neighbour):
        raise UsageError(
            f"the {neighbour!r} right {side} {field.written} could be part of its value",
            "put a space between them, or take another type",
        )
