"""docs/labs.md shows the worked lab as it is, and names what lab.toml can hold."""

from __future__ import annotations

import re

import msgspec
import pytest

from grading import lab
from tests.programs import ROOT

PAGE = (ROOT / "docs" / "labs.md").read_text()
SHOWN = re.compile(r"<!-- file: (\S+?)(?:, (up to|from) (\S+))? -->\n```\w*\n(.*?)```", re.DOTALL)
TABLES = [
    lab.Derived,
    lab.Faults,
    lab.Input,
    lab.Limits,
    lab.Program,
    lab.Scenario,
    lab.Spoiled,
    lab.Step,
    lab.WireCheck,
]


def part_of(file: str, which: str, mark: str) -> str:
    """A file, up to the first line with a mark, or from it."""
    text = (ROOT / file).read_text()
    if not which:
        return text
    place = text.index(mark)
    return text[:place].rstrip() + "\n" if which == "up to" else text[place:]


def test_the_worked_lab_is_shown_as_it_is() -> None:
    shown = SHOWN.findall(PAGE)
    assert len(shown) == 4
    for file, which, mark, text in shown:
        assert text == part_of(file, which, mark)


def test_the_worked_lab_is_less_than_forty_lines_of_data() -> None:
    parts = [part_of(file, which, mark) for file, which, mark, _ in SHOWN.findall(PAGE)[:3]]
    assert sum(bool(line.strip()) for part in parts for line in part.splitlines()) < 40


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_every_key_is_described(table: type[msgspec.Struct]) -> None:
    for field in msgspec.structs.fields(table):
        assert re.search(rf"\b{field.name}\b", PAGE), field.name
