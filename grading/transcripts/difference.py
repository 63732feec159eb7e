"""The first difference of a part: expected above printed, nothing in it unseen."""

from __future__ import annotations

from dataclasses import dataclass

from grading.transcripts.segments import Side
from grading.transcripts.signs import LEGEND, LINE_END, left_out, signed

LONGEST_LINE = 100
"""Characters of a line that are shown."""

_BEFORE = 40
"""Characters of them that come before the first that differs."""

_MARGIN = 12


@dataclass(frozen=True)
class Difference:
    """Where a part first lost something, and how."""

    stream: str
    """Empty for an order that was not kept."""
    what: str
    """Where it is and what is wrong, in a line."""
    before: tuple[str, ...] = ()
    """The lines printed just before."""
    expected: Side | None = None
    actual: Side | None = None
    instead: str | None = None
    """What was printed where a line is missing."""
    ended: bool = False
    """Whether nothing was."""

    def render(self) -> str:
        """The difference as plain text, with a legend of the signs in it."""
        rows = [("before", _shown(Side(line, 0, 0))[0]) for line in self.before]
        mark = []
        expected = _shown(self.expected)[0] if self.expected else ""
        if self.expected:
            rows.append(("expected", expected))
        if self.actual:
            actual, column = _shown(self.actual)
            if actual == expected:
                actual, column = _shown(self.actual, spelled=True)
            rows.append(("printed", actual))
            if self.expected:
                mark = [f"{' ' * (_MARGIN + column)}^ column {self.actual.start + 1}"]
        if self.instead is not None:
            rows.append(("printed", _shown(Side(self.instead, 0, 0))[0]))
        elif self.ended:
            rows.append(("printed", "(nothing more)"))
        lines = [f"  {name:<{_MARGIN - 2}}{text}" for name, text in rows]
        return "\n".join([self._title(), *lines, *mark, *_legend([text for _, text in rows])])

    def _title(self) -> str:
        return f"{self.stream}{', ' if self.stream else ''}{self.what}"


def _shown(side: Side, *, spelled: bool = False) -> tuple[str, int]:
    """A line in signs, cut around what differs, and the column where that begins, from 0."""
    length = len(side.text)
    start = max(0, min(side.start - _BEFORE, length - LONGEST_LINE))
    stop = min(length, start + LONGEST_LINE)
    end = max(start, min(side.stop, stop))
    front = left_out(start) + signed(side.text[start : side.start])
    differing = signed(side.text[side.start : end], differs=True, spelled=spelled)
    back = signed(side.text[end:stop]) + (left_out(length - stop) or LINE_END)
    return f"{front}{differing}{back}", len(front)


def _legend(texts: list[str]) -> list[str]:
    used = [f"{sign} {meaning}" for sign, meaning in LEGEND.items() if sign in "".join(texts)]
    return [f"  {'signs':<{_MARGIN - 2}}{', '.join(used)}"] if used else []
