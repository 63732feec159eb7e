"""What other people's programs import: read back by readers that are not ours."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import Any
from xml.etree import ElementTree

import junitparser
import pytest

from grading.reports import gradebook_csv, gradescope, junit
from grading.results import Check, ClassResult, StudentResult, Verdict
from tests.grading.reports import samples


def submission(result: ClassResult, name: str) -> Any:
    return json.loads(dict(gradescope.files(result))[f"gradescope/{name}.json"])


def test_gradescope_has_every_check_as_a_test() -> None:
    found = submission(samples.every_verdict(), "Ada Lovelace")
    assert (found["score"], found["execution_time"]) == (11.0, 7.25)
    assert sum(test["score"] for test in found["tests"]) == found["score"]
    assert [test["number"] for test in found["tests"]] == ["1", "2", "3", "4", "5", "6"]
    assert [test["status"] for test in found["tests"]] == ["passed"] + ["failed"] * 5
    assert {test["output_format"] for test in found["tests"]} == {"text"}
    assert {test["visibility"] for test in found["tests"]} == {"visible"}
    assert found["extra_data"]["isolation"] == "namespaces"
    wrong = found["tests"][1]
    assert (wrong["name"], wrong["score"], wrong["max_score"]) == ("client console", 2.0, 4.0)
    assert wrong["output"].startswith("wrong\nLine 3 is not what was expected")
    assert samples.DIFFERENCE in wrong["output"]
    assert "Two runs of this did not agree" in found["tests"][4]["output"]


def test_gradescope_shows_no_command_of_the_instructors() -> None:
    assert "driver.py" not in json.dumps(submission(samples.every_verdict(), "grace"))


def test_gradescope_is_told_of_the_graders_own_faults() -> None:
    found = submission(samples.every_verdict(), "grace")
    assert "The grader itself failed in some of the checks" in found["output"]
    fault = found["tests"][5]
    assert fault["score"] == fault["max_score"]
    assert "status" not in fault
    assert "it costs no points" in fault["output"]
    found = submission(samples.every_verdict(), "mallory")
    assert found["tests"] == []
    assert "could not be graded: the archive is damaged" in found["output"]


def cases(result: ClassResult) -> dict[str, list[junitparser.TestCase]]:
    ((name, content),) = junit.files(result)
    assert name == "junit.xml"
    suites = junitparser.JUnitXml.fromstring(content.encode())
    return {suite.name: list(suite) for suite in suites}


def test_junit_has_a_suite_a_student_and_a_case_a_check() -> None:
    found = cases(samples.every_verdict())
    assert list(found) == ["Ada Lovelace", "grace", "edsger", "mallory"]
    assert [case.is_failure for case in found["Ada Lovelace"]] == [False] + [True] * 5
    assert [case.is_skipped for case in found["grace"]] == [False] * 4 + [True, False]
    assert [case.is_error for case in found["grace"]] == [False] * 5 + [True]
    assert all(case.is_passed for case in found["edsger"])
    (ending,) = found["Ada Lovelace"][1].result
    assert (ending.type, ending.message) == (
        "wrong",
        "Line 3 is not what was expected, and one line is missing.",
    )
    assert samples.DIFFERENCE in ending.text
    assert "--replay together" in ending.text


def test_junit_counts_and_times() -> None:
    ((_, content),) = junit.files(samples.every_verdict())
    root = ElementTree.fromstring(content)
    assert [root.get(name) for name in ("tests", "failures", "errors", "skipped")] == [
        "19",
        "9",
        "2",
        "1",
    ]
    ada = root[0]
    assert float(ada.get("time", "")) == pytest.approx(1.234 + 0.8 + 5.0)
    assert [float(case.get("time", "")) for case in ada.iter("testcase")] == [
        1.234,
        0,
        0,
        0,
        0.8,
        5,
    ]
    properties = {each.get("name"): each.get("value") for each in ada.iter("property")}
    assert (properties["score"], properties["max_score"]) == ("11", "20")
    assert properties["isolation"] == "namespaces: each run has processes and a network of its own"


def test_junit_has_an_error_for_who_could_not_be_graded() -> None:
    (case,) = cases(samples.every_verdict())["mallory"]
    assert case.is_error
    assert case.result[0].message.startswith("the archive is damaged")


def test_junit_is_xml_whatever_students_print() -> None:
    found = cases(samples.hostile())
    assert len(found) == len(samples.HOSTILE_NAMES) + 1
    assert r"\x1b[2J" in found["ada"][0].result[0].text
    assert "]]>" in found["ada"][0].result[0].text


def rows(result: ClassResult) -> list[dict[str, str]]:
    ((name, content),) = gradebook_csv.files(result)
    assert name == "grades.csv"
    return list(csv.DictReader(StringIO(content, newline="")))


def test_csv_has_the_columns_that_gradebooks_know_and_one_for_each_check() -> None:
    ada, grace, edsger, mallory = rows(samples.every_verdict())
    assert list(ada) == [
        *("assignment", "timestamp", "student_id", "raw_score", "late_submission_penalty"),
        *("score", "max_score"),
        "check: together: server console",
        "check: client console",
        "check: log files",
        "check: no plaintext on the wire",
        "check: cross-server: server console",
        "check: survives a split message",
    ]
    assert (ada["assignment"], ada["timestamp"]) == ("mp4", "2026-11-22T05:16:00+00:00")
    assert (ada["raw_score"], ada["late_submission_penalty"], ada["max_score"]) == ("11", "0", "20")
    assert ada["check: log files"] == "3"
    for row in (ada, grace, edsger):
        points = [float(row[name]) for name in row if name.startswith("check: ")]
        assert sum(points) == float(row["score"])
    assert (mallory["score"], mallory["raw_score"], mallory["check: log files"]) == ("", "", "")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"])
def test_no_cell_is_a_formula(start: str) -> None:
    name = f"{start}cmd|' /C calc'!A0"
    checks = (Check(name, Verdict.PASSED, 1, 1),)
    (row,) = rows(samples.class_of(StudentResult(name, 1, 1, checks)))
    assert row["student_id"].startswith("'")
    assert not any(cell.startswith(start) for cell in (*row, *row.values()))


def test_csv_holds_any_name() -> None:
    found = rows(samples.hostile())
    assert len(found) == len(samples.HOSTILE_NAMES) + 1
    assert {"a/b", "Zoë Ünal", r"line\nfeed\ttab", "'-rf"} <= {row["student_id"] for row in found}
    assert {row["max_score"] for row in found} == {"3", "20"}
