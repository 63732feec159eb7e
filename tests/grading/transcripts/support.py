"""Short ways to compare an output with a transcript, and to name what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grading.transcripts.comparison import compare
from grading.transcripts.outcome import Comparison, Kind, PartResult
from grading.transcripts.parsing import parse_transcript
from grading.transcripts.streams import Printed

SIGNS = {
    Kind.SAME: "=",
    Kind.PRESENTATION: "~",
    Kind.WRONG: "x",
    Kind.MISSING: "-",
    Kind.EXTRA: "+",
    Kind.ABSENT: "o",
}


def compare_one(
    expected: str,
    printed: str | None,
    inputs: Mapping[str, str] | None = None,
    times: Sequence[float] | None = None,
) -> Comparison:
    """An output against a transcript of one stream, worth 10 points."""
    transcript = parse_transcript(f"% stream program points=10\n{expected}", "lab.txt")
    return compare(transcript, {"program": Printed("program", printed, inputs or {}, times)})


def kinds(expected: str, printed: str | None, inputs: Mapping[str, str] | None = None) -> str:
    """What came of each line, a sign for each."""
    lines = compare_one(expected, printed, inputs).streams[0].lines
    return "".join(SIGNS[line.kind] for line in lines)


def cost(expected: str, printed: str | None, inputs: Mapping[str, str] | None = None) -> float:
    """What all lines cost."""
    lines = compare_one(expected, printed, inputs).streams[0].lines
    return sum(line.cost for line in lines)


def part(comparison: Comparison, name: str, stream: str | None = None) -> PartResult:
    """The one part of that name, of that stream."""
    (found,) = (
        each for each in comparison.parts if each.name == name and stream in (None, each.stream)
    )
    return found


def shown(comparison: Comparison, name: str) -> str:
    """The first difference of a part, as plain text."""
    difference = part(comparison, name).difference
    assert difference is not None
    return difference.render()
