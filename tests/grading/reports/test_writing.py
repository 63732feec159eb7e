"""Reports in a folder: whole, in agreement, and made from whatever a class holds."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path

import junitparser
import pytest

from grading.reports.writing import FORMATS, write_reports
from grading.results import ClassResult
from tests.grading.reports import samples
from tests.grading.reports.markup import Page
from wire.errors import LabFailed, UsageError

STUDENTS = ("Ada Lovelace", "edsger", "grace", "mallory")

FILES = {
    "text": {"grades.txt"},
    "json": {"results.json", *(f"students/{name}.json" for name in STUDENTS)},
    "gradescope": {f"gradescope/{name}.json" for name in STUDENTS},
    "junit": {"junit.xml"},
    "csv": {"grades.csv"},
    "html": {"class.html", *(f"students/{name}.html" for name in STUDENTS)},
}


def all_files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("formats", [*([name] for name in FORMATS), ["html", "csv"], []])
def test_what_is_asked_for_is_written_and_nothing_else(
    formats: Collection[str], tmp_path: Path
) -> None:
    written = write_reports(samples.every_verdict(), tmp_path / "new" / "folder", formats)
    expected = set().union(*(FILES[name] for name in formats))
    assert all_files(tmp_path / "new" / "folder") == expected
    assert {
        path.relative_to(tmp_path / "new" / "folder").as_posix() for path in written
    } == expected


def test_all_formats_are_known() -> None:
    assert set(FORMATS) == set(FILES)


@pytest.mark.parametrize(
    "make", [samples.every_verdict, samples.hostile, partial(samples.large, 50)]
)
def test_totals_agree_over_all_formats(make: Callable[[], ClassResult], tmp_path: Path) -> None:
    result = make()
    write_reports(result, tmp_path, FORMATS)
    graded = [student for student in result.students if not student.fault]
    scores = [student.score for student in graded]

    told = json.loads((tmp_path / "results.json").read_text())["students"]
    assert [each["score"] for each in told if not each["fault"]] == scores
    assert [
        sum(check["points"] for check in each["checks"]) for each in told if not each["fault"]
    ] == scores

    details = [json.loads((tmp_path / each["details"]).read_text()) for each in told]
    assert [
        each["students"][0]["score"] for each in details if not each["students"][0]["fault"]
    ] == scores

    stems = [Path(each["details"]).stem for each in told if not each["fault"]]
    submissions = [json.loads((tmp_path / f"gradescope/{stem}.json").read_text()) for stem in stems]
    assert [each["score"] for each in submissions] == scores

    with (tmp_path / "grades.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["score"]]
    assert [float(row["score"]) for row in rows] == scores

    suites = list(junitparser.JUnitXml.fromfile(str(tmp_path / "junit.xml")))
    properties = [{each.name: each.value for each in suite.properties()} for suite in suites]
    assert sum(float(each["score"]) for each in properties) == sum(scores)

    shown = [
        Page((tmp_path / f"students/{stem}.html").read_text()).one("p", "score") for stem in stems
    ]
    assert [float(each.text.split()[0]) for each in shown] == scores

    text = (tmp_path / "grades.txt").read_text()
    assert sum(float(each) for each in re.findall(r"  +([\d.]+)  +(?:20|3)\b", text)) == sum(scores)


def test_a_report_that_is_there_is_replaced_as_a_whole(tmp_path: Path) -> None:
    write_reports(samples.every_verdict(), tmp_path, ["text"])
    before = (tmp_path / "grades.txt").stat().st_ino
    write_reports(samples.hostile(), tmp_path, ["text"])
    assert (tmp_path / "grades.txt").stat().st_ino != before
    assert all_files(tmp_path) == {"grades.txt"}


def test_the_same_results_give_the_same_files(tmp_path: Path) -> None:
    for folder in ("one", "other"):
        write_reports(samples.every_verdict(), tmp_path / folder, FORMATS)
    for name in all_files(tmp_path / "one"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


def test_a_format_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="pdf is no format of a report") as caught:
        write_reports(samples.every_verdict(), tmp_path, ["text", "pdf"])
    assert caught.value.hint == "these are: text, json, gradescope, junit, csv, html"
    assert all_files(tmp_path) == set()


def test_a_folder_that_can_not_be(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    with pytest.raises(UsageError, match=r"can't write .*grades\.txt: "):
        write_reports(samples.every_verdict(), file, ["text"])
    (tmp_path / "grades.txt").mkdir()
    with pytest.raises(UsageError, match="Is a directory"):
        write_reports(samples.every_verdict(), tmp_path, ["text"])
    assert {path.name for path in tmp_path.iterdir()} == {"file", "grades.txt"}
    with pytest.raises(LabFailed, match=r"can't write /proc/.*grades\.txt: "):
        write_reports(samples.every_verdict(), Path("/proc/here"), ["text"])
