"""Lines of consoles as HTML: escaped, what can't be seen as signs, what differs marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape

from grading.reports.signs import UNSEEN, on_one_line
from grading.results import Segment

LONGEST_LINE = 400
"""Characters of a line that are shown."""

_BEFORE = 60
"""Characters of them that come before the first difference."""

_UNSEEN_RUN = re.compile(f"(?:{UNSEEN.pattern}|\n)+")
_BLANK_OR_UNSEEN_RUN = re.compile(f"(?:{UNSEEN.pattern}|[ \t\n])+")
_BLANKS = str.maketrans({" ": "·", "\t": "→"})


def line(segments: Sequence[Segment]) -> Markup:
    """A line of a console, cut around its first difference where it is very long."""
    length = sum(len(segment.text) for segment in segments)
    if length <= LONGEST_LINE:
        return _joined(segments)
    start = min(max(_first_difference(segments) - _BEFORE, 0), length - LONGEST_LINE)
    stop = start + LONGEST_LINE
    shown = list(_between(segments, start, stop))
    return _left_out(start) + _joined(shown) + _left_out(length - stop)


def _joined(segments: Sequence[Segment]) -> Markup:
    return Markup("").join(
        Markup("<mark>{}</mark>").format(_signed(segment.text, _BLANK_OR_UNSEEN_RUN))
        if segment.differs
        else _signed(segment.text, _UNSEEN_RUN)
        for segment in segments
    )


def _signed(text: str, unseen: re.Pattern[str]) -> Markup:
    """The text as HTML, with each run of what can't be seen in an element of its own."""
    parts, end = [], 0
    for match in unseen.finditer(text):
        signs = on_one_line(match[0].translate(_BLANKS))
        parts += [escape(text[end : match.start()]), Markup("<i>{}</i>").format(signs)]
        end = match.end()
    return Markup("").join([*parts, escape(text[end:])])


def _first_difference(segments: Sequence[Segment]) -> int:
    offset = 0
    for segment in segments:
        if segment.differs:
            return offset
        offset += len(segment.text)
    return 0


def _between(segments: Sequence[Segment], start: int, stop: int) -> Iterator[Segment]:
    offset = 0
    for segment in segments:
        text = segment.text[max(start - offset, 0) : max(stop - offset, 0)]
        if text:
            yield Segment(text, segment.differs)
        offset += len(segment.text)


def _left_out(characters: int) -> Markup:
    note = Markup('<b class="cut">[{:,} characters left out]</b>')
    return note.format(characters) if characters else Markup("")
