"""The order of lines across streams, where a transcript declares one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from grading.transcripts.difference import Difference
from grading.transcripts.format import Group, Line, Order, Part, Transcript
from grading.transcripts.outcome import Outcome, PartResult
from grading.transcripts.scoring import points
from grading.transcripts.streams import FittedStream
from wire.errors import UsageError

TOLERANCE = 0.01
"""Seconds by which lines of two streams may seem out of order: they are read apart."""


@dataclass(frozen=True)
class _Occurrence:
    """A labelled line or group, as it was printed once."""

    stream: FittedStream
    first: int
    last: int
    """Indices of its lines."""

    def seconds(self, line: int) -> float | None:
        times = self.stream.printed.times
        return None if times is None else times[line]

    def __str__(self) -> str:
        return f"line {self.first + 1} of {self.stream.name}"


def order_results(transcript: Transcript, streams: Sequence[FittedStream]) -> list[PartResult]:
    """What each declared order, or part of several, came to.

    Raises UsageError where lines of two streams are to be put in order and
    have no times.
    """
    by_part: dict[Part, list[Order]] = {}
    for order in transcript.orders:
        by_part.setdefault(order.part, []).append(order)
    return [_result(transcript, streams, part, orders) for part, orders in by_part.items()]


def _result(
    transcript: Transcript, streams: Sequence[FittedStream], part: Part, orders: Sequence[Order]
) -> PartResult:
    faults = [fault for order in orders if (fault := _fault(transcript, streams, order))]
    return PartResult(
        part.name,
        part.help,
        "",
        part.points,
        points(part, len(faults), len(orders)),
        Outcome.WRONG if faults else Outcome.PASSED,
        len(faults),
        len(orders),
        Difference("", faults[0]) if faults else None,
    )


def _fault(transcript: Transcript, streams: Sequence[FittedStream], order: Order) -> str:
    """Why an order was not kept; empty if it was.

    Of lines that occur several times, the first come before the first, the
    second before the second; one that occurs once comes before all, or after.
    """
    earlier = _occurrences(streams, order.earlier)
    later = _occurrences(streams, order.later)
    for label, found in ((order.earlier, earlier), (order.later, later)):
        if not found:
            return f"{_text(transcript, label)!r} was not printed, so nothing shows its order"
    single = 1 in (len(earlier), len(later))
    pairs = product(earlier, later) if single else zip(earlier, later, strict=False)
    for one, other in pairs:
        if not _in_order(transcript, order, one, other):
            return (
                f"{_text(transcript, order.earlier)!r} comes before "
                f"{_text(transcript, order.later)!r}; {one} came after {other}"
            )
    return ""


def _in_order(transcript: Transcript, order: Order, one: _Occurrence, other: _Occurrence) -> bool:
    if one.stream is other.stream:
        return one.last < other.first
    end, begin = one.seconds(one.last), other.seconds(other.first)
    if end is None or begin is None:
        raise UsageError(
            f"{transcript.source}, line {order.number}: the times of "
            f"{(one if end is None else other).stream.name} are not known",
            "order lines of streams that are printed, not of files",
        )
    return end <= begin + TOLERANCE


def _occurrences(streams: Sequence[FittedStream], label: str) -> list[_Occurrence]:
    """All occurrences, in the order of time as far as that is known."""
    found = [
        _Occurrence(stream, min(lines), max(lines))
        for stream in streams
        for lines in stream.occurrences(label)
    ]
    if all(each.stream.printed.times is not None for each in found):
        found.sort(key=lambda each: each.seconds(each.first) or 0.0)
    return found


def _text(transcript: Transcript, label: str) -> str:
    """The line of that label, or the first one of the group."""
    return next(
        text for section in transcript.sections for text in _labelled(section.children, label)
    )


def _labelled(nodes: Sequence[Line | Group], label: str) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Line):
            if node.label == label:
                yield node.text
        elif node.label == label:
            yield next(node.lines()).text
        else:
            yield from _labelled(node.children, label)
