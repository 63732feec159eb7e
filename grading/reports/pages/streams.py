"""A stream for a student's page: its lines beside those expected, folded where all is well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from grading.reports.pages import marks
from grading.reports.signs import count
from grading.results import LineRecord, Segment, StreamRecord

_AROUND = 3
"""Lines that are always shown before and after one that is not as expected."""

_FOLDED_FROM = 8
"""As many lines in a row that are as expected are folded."""

_LONGEST_UNFOLDED = 40
"""Lines of a stream that is as expected throughout, and not folded."""

_LONGEST_FOLD = 200
"""Lines of a fold that are on the page at all."""

_ROW_SIZE = 160
"""About what a row takes beside its texts, in bytes."""

_AS_EXPECTED = ("same", "absent")
_NOT_AS_EXPECTED = ("wrong", "missing", "extra", "presentation")
_BLANK = Markup("<i>blank line</i>")


@dataclass(frozen=True)
class Row:
    """A line as it was expected and as it was printed; None where there is none."""

    kind: str
    expected: Markup | None
    actual: Markup | None
    expected_number: int
    actual_number: int

    @property
    def size(self) -> int:
        """About how much of the page it takes, in bytes."""
        return _ROW_SIZE + len(((self.expected or "") + (self.actual or "")).encode())


@dataclass(frozen=True)
class Chunk:
    """Some rows; after them come `left_out` lines as expected that are not on the page."""

    rows: list[Row]
    folded: bool
    left_out: int = 0


@dataclass(frozen=True)
class StreamView:
    """A stream as the page shows it."""

    record: StreamRecord
    summary: str
    """How many lines are not as expected, in words; empty if all are."""
    chunks: list[Chunk]
    left_out: str
    """What its end lost so that the page stays small, in words; empty if nothing."""
    size: int
    """About how much of the page it takes, in bytes."""

    @property
    def height(self) -> int:
        """About how much of the page it takes, in lines."""
        return 4 + sum(1 if chunk.folded else len(chunk.rows) for chunk in self.chunks)


@dataclass(frozen=True)
class _Numbered:
    """A line with its numbers: among those expected, and among those printed."""

    record: LineRecord
    expected: int
    actual: int


def view(stream: StreamRecord, room: int) -> StreamView:
    """A stream in about `room` bytes of HTML."""
    chunks = []
    size = shown = 0
    for lines, folded in _pieces(_numbered(stream.lines)):
        rows = []
        for line in lines[:_LONGEST_FOLD] if folded else lines:
            row = _row(line)
            if size + row.size > room:
                break
            size += row.size
            rows.append(row)
        whole = len(rows) == len(lines) or (folded and len(rows) == _LONGEST_FOLD)
        chunks.append(Chunk(rows, folded, len(lines) - len(rows) if whole else 0))
        shown += len(lines) if whole else len(rows)
        if not whole:
            break
    return StreamView(
        record=stream,
        summary=_summary(stream.lines),
        chunks=[chunk for chunk in chunks if chunk.rows],
        left_out=_left_out(stream.lines[shown:]),
        size=size,
    )


def _numbered(lines: Sequence[LineRecord]) -> list[_Numbered]:
    numbered = []
    expected = actual = 0
    for line in lines:
        expected += line.expected is not None
        actual += line.actual is not None
        numbered.append(_Numbered(line, expected, actual))
    return numbered


def _pieces(lines: list[_Numbered]) -> Iterator[tuple[list[_Numbered], bool]]:
    """The lines in runs, and whether to fold each."""
    calm = [line.record.kind in _AS_EXPECTED for line in lines]
    if all(calm):
        yield lines, len(lines) > _LONGEST_UNFOLDED
        return
    near = {
        close
        for index, is_calm in enumerate(calm)
        if not is_calm
        for close in range(index - _AROUND, index + _AROUND + 1)
    }
    for is_near, indices in groupby(range(len(lines)), key=near.__contains__):
        run = [lines[index] for index in indices]
        yield run, not is_near and len(run) >= _FOLDED_FROM


def _row(line: _Numbered) -> Row:
    record = line.record
    return Row(
        kind=record.kind,
        expected=_cell(record.expected, record.kind),
        actual=_cell(record.actual, record.kind),
        expected_number=line.expected,
        actual_number=line.actual,
    )


def _cell(segments: Sequence[Segment] | None, kind: str) -> Markup | None:
    if segments is None:
        return None
    shown = marks.line(segments)
    return shown if shown or kind == "same" else _BLANK


def _summary(lines: Sequence[LineRecord]) -> str:
    amounts = Counter(line.kind for line in lines)
    return ", ".join(f"{amounts[kind]:,} {kind}" for kind in _NOT_AS_EXPECTED if amounts[kind])


def _left_out(lines: Sequence[LineRecord]) -> str:
    """What there is of these lines, in words."""
    if not lines:
        return ""
    summary = _summary(lines)
    return f"{count(len(lines), 'line')} more" + (f", among them {summary}" if summary else "")
