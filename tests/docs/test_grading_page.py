"""docs/grading.md says what transcripts do: every example, every table, every number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from grading.transcripts.comparison import PRESENTATION_COST, compare
from grading.transcripts.fields import TYPES
from grading.transcripts.format import GroupKind, Transcript
from grading.transcripts.orders import TOLERANCE
from grading.transcripts.outcome import Kind, PartResult
from grading.transcripts.parsing import parse_transcript
from grading.transcripts.patterns import LONGEST_LOOSE
from grading.transcripts.signs import LINE_END, left_out, signed
from grading.transcripts.streams import Printed
from tests.programs import ROOT

PAGE = (ROOT / "docs" / "grading.md").read_text(encoding="utf-8")
BLOCK = re.compile(
    r"^```(transcript|inputs|output|timed|result) ?(.*)\n((?s:.*?))^```$", re.MULTILINE
)


@dataclass
class Example:
    """A transcript, what was printed, and the result that the page shows."""

    transcript: str
    inputs: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    times: dict[str, list[float]] = field(default_factory=dict)
    result: str = ""

    def printed(self, transcript: Transcript) -> dict[str, Printed]:
        sections = [section.name for section in transcript.sections]
        return {
            name: Printed(
                next(section for section in sections if name.startswith(section)),
                text,
                self.inputs,
                self.times.get(name),
            )
            for name, text in self.outputs.items()
        }


def examples() -> Iterator[Example]:
    example: Example | None = None
    for kind, name, text in BLOCK.findall(PAGE):
        if kind == "transcript":
            example = Example(text)
        assert example is not None, f"a {kind} before any transcript"
        if kind == "inputs":
            example.inputs = dict(line.split(" = ") for line in text.splitlines())
        elif kind == "output":
            example.outputs[name] = text
        elif kind == "timed":
            rows = [line.split(" ", 1) for line in text.splitlines()]
            example.times[name] = [float(seconds) for seconds, _ in rows]
            example.outputs[name] = "".join(f"{line}\n" for _, line in rows)
        elif kind == "result":
            example.result = text
            yield example


EXAMPLES = list(examples())


def told(part: PartResult) -> str:
    line = f"{part.name}: {part.points:g} of {part.max_points:g}, {part.outcome.value}\n"
    return line + (f"{part.difference.render()}\n" if part.difference else "")


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_gives_the_result_beside_it(example: Example) -> None:
    transcript = parse_transcript(example.transcript)
    comparison = compare(transcript, example.printed(transcript))
    assert "".join(map(told, comparison.parts)) == example.result


def test_no_block_stands_outside_an_example() -> None:
    assert len(EXAMPLES) == PAGE.count("```transcript") == PAGE.count("```result")
    assert len(EXAMPLES) >= 4


def first_cells(heading: str) -> list[str]:
    """The first column of the first table under a heading."""
    section = PAGE.split(f"\n### {heading}\n", 1)[1].split("\n#", 1)[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    return [row.split("|")[1].strip(" `") for row in rows]


def test_the_tables_list_all_there_is() -> None:
    assert first_cells("Fields") == [*TYPES, "time"]
    assert first_cells("What a line costs") == [kind.value for kind in Kind]
    directives = {cell.split()[1] for cell in first_cells("Lines and directives")}
    groups = {kind.value for kind in GroupKind}
    assert directives == {"stream", "order", "end", "points=2", "label=x", *groups}


def test_the_signs_are_those_of_the_page() -> None:
    signs = [signed(" "), signed("\t"), signed("\r"), LINE_END, signed("\u00a0"), left_out(260)]
    assert first_cells("What a difference shows") == signs


def test_the_numbers_are_those_of_the_code() -> None:
    assert f"`presentation_cost`, {PRESENTATION_COST} by default" in PAGE
    assert f"over {LONGEST_LOOSE:,} characters" in PAGE
    assert f"a tolerance of {TOLERANCE} s" in PAGE
