"""`results.json` and the students' own files, whole and for every reader."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from grading.reports import results_json
from grading.results import ClassResult, Verdict
from tests.grading.reports import samples


def written(result: ClassResult) -> dict[str, Any]:
    return {name: json.loads(text) for name, text in results_json.files(result)}


def test_the_contract() -> None:
    found = written(samples.every_verdict())["results.json"]
    assert list(found) == ["schema", "lab", "title", "graded", "isolation", "students", "alike"]
    assert (found["schema"], found["lab"], found["isolation"]["name"]) == (1, "mp4", "namespaces")
    edsger = found["students"][2]
    assert (edsger["name"], edsger["score"], edsger["max_score"]) == ("edsger", 20, 20)
    for check in edsger["checks"]:
        assert check.items() >= {"verdict": "passed", "why": ""}.items()
        assert check["points"] == check["max_points"]
    verdicts = {check["verdict"] for each in found["students"] for check in each["checks"]}
    assert verdicts == {verdict.value for verdict in Verdict}
    assert not any("scenarios" in student for student in found["students"])


def test_what_is_written_is_what_was_found() -> None:
    result = samples.every_verdict()
    texts = dict(results_json.files(result))
    assert msgspec.json.decode(texts["results.json"], type=ClassResult) == msgspec.structs.replace(
        result,
        students=tuple(msgspec.structs.replace(each, scenarios=()) for each in result.students),
    )
    ada = result.students[3]
    assert ada.name == "mallory"
    assert msgspec.json.decode(texts["students/mallory.json"], type=ClassResult).students == (ada,)


def test_a_students_file_has_all_that_was_printed_and_names_nobody_else() -> None:
    found = written(samples.every_verdict())["students/grace.json"]
    assert "alike" not in found
    (grace,) = found["students"]
    assert [each["name"] for each in grace["scenarios"]] == ["together", "cross-server", "split"]
    lines = grace["scenarios"][0]["streams"][0]["lines"]
    assert lines[3]["actual"][1] == {"text": "m", "differs": True}
    assert "edsger" not in json.dumps(found)


@pytest.mark.parametrize("reader", [json.loads, msgspec.json.decode])
def test_every_reader_takes_any_text(reader: Any) -> None:
    for text in dict(results_json.files(samples.hostile())).values():
        found = reader(text.encode())
        assert found["title"] == samples.HOSTILE.replace("\udcff", r"\udcff")
        for student in found["students"]:
            assert "\udcff" not in student["name"]


def test_half_a_pair_beside_backslashes_is_still_json() -> None:
    assert json.loads(results_json.as_json({"a": "\\\udcff\\"})) == {"a": r"\\udcff" + "\\"}
    assert json.loads(results_json.as_json({"\udcff": "\U0001f600"})) == {r"\udcff": "\U0001f600"}
