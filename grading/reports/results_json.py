"""`results.json` and `students/NAME.json`, as docs/results-json.md describes them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec.structs import asdict

from grading.reports.names import file_stems
from grading.results import ClassResult, StudentResult

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def files(result: ClassResult) -> Iterator[tuple[str, str]]:
    """The name and the text of what `--format json` writes."""
    stems = file_stems(student.name for student in result.students)
    names = [f"students/{stem}.json" for stem in stems]
    students = [
        _without_scenarios(student) | {"details": name}
        for student, name in zip(result.students, names, strict=True)
    ]
    yield "results.json", as_json(asdict(result) | {"students": students})
    for student, name in zip(result.students, names, strict=True):
        whole = asdict(result) | {"students": [_whole(student)]}
        del whole["alike"]  # it names others, and this file may be given to its student
        yield name, as_json(whole)


def as_json(data: Any) -> str:
    """JSON text that every reader takes (RFC 7493): half a surrogate pair is spelled out."""
    text = json.dumps(msgspec.to_builtins(data), ensure_ascii=False)
    text = _LONE_SURROGATE.sub(lambda half: rf"\\u{ord(half[0]):04x}", text)
    return msgspec.json.format(text, indent=2) + "\n"


def _without_scenarios(student: StudentResult) -> dict[str, Any]:
    data = _whole(student)
    del data["scenarios"]
    return data


def _whole(student: StudentResult) -> dict[str, Any]:
    """All fields, of checks too: only scenarios, which are long, go without what is empty."""
    data = asdict(student) | {"checks": [asdict(check) for check in student.checks]}
    del data["pending"]  # nothing is, once there are reports
    return data
