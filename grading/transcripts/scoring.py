"""The parts of a stream: what each lost, and where first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from grading.transcripts.difference import Difference
from grading.transcripts.fields import Field
from grading.transcripts.format import Part, Section
from grading.transcripts.outcome import ComparedLine, ComparedStream, Kind, Outcome, PartResult

_BEFORE = 2
"""Printed lines that are shown before a difference."""

_GOOD = (Kind.SAME, Kind.ABSENT)


@dataclass
class _Tally:
    size: int = 0
    cost: float = 0.0
    faults: list[int] = field(default_factory=list)
    """Indices of the lines that are not as they should be."""


def part_results(section: Section, stream: ComparedStream) -> list[PartResult]:
    """What each part of a section came to in one stream, in the order of the transcript."""
    tallies = {part: _Tally() for part in _parts(section)}
    for index, line in enumerate(stream.lines):
        tally = tallies[line.part]
        tally.size += line.wanted is not None and line.kind is not Kind.ABSENT
        tally.cost += line.cost
        if line.kind not in _GOOD:
            tally.faults.append(index)
    _add_never(section, stream, tallies)
    return [_result(stream, part, tally) for part, tally in tallies.items()]


def points(part: Part, cost: float, size: int) -> float:
    """What is left of a part's points, in proportion to its lines."""
    return round(part.points * max(0.0, 1 - cost / max(size, 1)), 2)


def _parts(section: Section) -> list[Part]:
    found = {
        section.part,
        *(part for line in (*section.lines(), *section.never) for part in line.parts),
    }
    return sorted(found, key=lambda part: part.number)


def _add_never(section: Section, stream: ComparedStream, tallies: dict[Part, _Tally]) -> None:
    """What must not appear counts in a part that has nothing else; silence does not keep to it."""
    silent = all(line.actual is None for line in stream.lines)
    bare = {line.parts[-1] for line in section.never if not tallies[line.parts[-1]].size}
    for line in section.never:
        part = line.parts[-1]
        if part in bare and part is not section.part:
            tallies[part].size += 1
            tallies[part].cost += silent


def _result(stream: ComparedStream, part: Part, tally: _Tally) -> PartResult:
    faults = [index for index in tally.faults if stream.lines[index].kind is not Kind.PRESENTATION]
    outcome = Outcome.PASSED
    if tally.faults or tally.cost:
        outcome = Outcome.WRONG if faults or not tally.faults else Outcome.PRESENTATION
    difference = None
    if outcome is not Outcome.PASSED:
        difference = _difference(stream, next(iter(faults or tally.faults), None))
    return PartResult(
        part.name,
        part.help,
        stream.name,
        part.points,
        points(part, tally.cost, tally.size),
        outcome,
        tally.cost,
        tally.size,
        difference,
    )


def _difference(stream: ComparedStream, index: int | None) -> Difference:
    """The difference at a line; without one, the stream is silent."""
    if not stream.ran:
        return Difference(stream.name, "there is no such output")
    if index is None:
        return Difference(stream.name, "nothing was printed")
    line = stream.lines[index]
    before = list(islice(_printed(stream, range(index - 1, -1, -1)), _BEFORE))[::-1]
    after = next(_printed(stream, range(index + 1, len(stream.lines))), None)
    opposites = line.opposites()
    missing = line.actual is None
    return Difference(
        stream.name,
        _what(line, opposites.field, before[-1].actual_number if before else 0),
        tuple(each.actual or "" for each in before),
        opposites.expected,
        opposites.actual,
        after.actual if missing and after else None,
        missing and after is None,
    )


def _printed(stream: ComparedStream, indices: range) -> Iterator[ComparedLine]:
    return (line for index in indices if (line := stream.lines[index]).actual is not None)


def _what(line: ComparedLine, field: Field | None, before: int | None) -> str:
    """Where a difference is, `before` being the number of the last line before it, and what."""
    if line.actual is None:
        place = f"after line {before}" if before else "at its beginning"
        missing = "a blank line" if line.kind is Kind.PRESENTATION else "a line"
        return f"{place}: {missing} is missing"
    place = f"line {line.actual_number}"
    if line.reason:
        return f"{place}: {line.reason}"
    if line.wanted is None:
        return f"{place}: a {'line' if line.kind is Kind.EXTRA else 'blank line'} too many"
    if line.kind is Kind.PRESENTATION:
        return f"{place}: other white space, case or punctuation"
    if field is not None:
        return f"{place}: {field.written} stands for {field.type.meaning}"
    return f"{place}: not what is expected"
