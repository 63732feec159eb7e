"""docs/results-json.md holds: its tables and its example against what is found and written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from grading import results
from grading.reports import results_json
from grading.results import ClassResult, Verdict
from tests.grading.reports import samples
from tests.programs import ROOT

PAGE = (ROOT / "docs/results-json.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| ([\w ]+?)( \*)? \| [^|]+ \|$", re.MULTILINE)
TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
}
STRUCTS: dict[str, type[msgspec.Struct]] = {
    "class": results.ClassResult,
    "isolation": results.Isolation,
    "student": results.StudentResult,
    "check": results.Check,
    "pair": results.AlikePair,
    "scenario": results.ScenarioRecord,
    "stream": results.StreamRecord,
    "line": results.LineRecord,
    "segment": results.Segment,
    "happening": results.Happening,
}
IN_RESULTS_ONLY = {"alike", "details"}
IN_STUDENTS_ONLY = {"scenarios"}


def tables() -> dict[str, dict[str, tuple[str, bool]]]:
    """Each object's fields: their types, and whether they may be left out, as the page has them."""
    sections = re.split(r"^## (?:The|An?) (\w+)$", PAGE, flags=re.MULTILINE)[1:]
    return {
        name: {field: (kind, bool(star)) for field, kind, star in ROW.findall(text)}
        for name, text in zip(sections[::2], sections[1::2], strict=True)
    }


def check(value: Any, kind: str, absent: set[str], seen: set[str]) -> None:
    """Hold a value, and all that is in it, against a type of the page; note the fields seen."""
    if kind.startswith("list of "):
        for each in value:
            check(each, kind.removeprefix("list of "), absent, seen)
    elif kind in TYPES:
        assert isinstance(value, TYPES[kind])
        assert isinstance(value, bool) == (kind == "boolean")
    else:
        fields = {name: each for name, each in tables()[kind].items() if name not in absent}
        assert set(value) <= set(fields)
        assert {name for name, (_, optional) in fields.items() if not optional} <= set(value)
        seen |= {f"{kind}.{name}" for name in value}
        for name, each in value.items():
            check(each, fields[name][0], absent, seen)


def test_every_struct_has_its_table_and_every_field_its_row() -> None:
    found = tables()
    assert list(found) == list(STRUCTS)
    for name, struct in STRUCTS.items():
        fields = {field.name for field in msgspec.structs.fields(struct)} - {"pending"}
        assert set(found[name]) - {"details"} == fields


def test_every_verdict_is_explained() -> None:
    text = PAGE.partition("| verdict | meaning |")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `([\w ]+)` \|", text, re.MULTILINE) == [each.value for each in Verdict]


@pytest.mark.parametrize("make", [samples.every_verdict, samples.hostile, samples.class_of])
def test_what_is_written_is_as_the_page_says(make: Callable[[], ClassResult]) -> None:
    for name, text in results_json.files(make()):
        absent = IN_STUDENTS_ONLY if name == "results.json" else IN_RESULTS_ONLY
        check(json.loads(text), "class", absent, set())


def test_all_that_the_page_tells_of_is_written() -> None:
    seen: set[str] = set()
    for name, text in results_json.files(samples.every_verdict()):
        absent = IN_STUDENTS_ONLY if name == "results.json" else IN_RESULTS_ONLY
        check(json.loads(text), "class", absent, seen)
    assert seen == {f"{kind}.{name}" for kind, fields in tables().items() for name in fields}


def test_the_example_is_as_the_page_says() -> None:
    example = json.loads(PAGE.partition("```json\n")[2].partition("```")[0])
    check(example, "class", IN_STUDENTS_ONLY, set())
    result = msgspec.convert(example, ClassResult)
    ((_, written), _) = results_json.files(result)
    assert json.loads(written) == example
    assert sum(each["points"] for each in example["students"][0]["checks"]) == 4


def test_the_schema_on_the_page() -> None:
    assert f"# What `grade --format json` writes, schema {results.SCHEMA}\n" in PAGE
    assert f"| `schema` | integer | {results.SCHEMA} |" in PAGE
