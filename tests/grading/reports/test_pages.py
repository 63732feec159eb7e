"""The HTML pages: well formed, by themselves, and nothing in them that a student planted."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from itertools import pairwise
from urllib.parse import unquote

import pytest

from grading.reports.pages import rendering
from grading.results import (
    AlikePair,
    Check,
    ClassResult,
    Happening,
    LineRecord,
    ScenarioRecord,
    Segment,
    StreamRecord,
    StudentResult,
    Verdict,
)
from tests.grading.reports import samples
from tests.grading.reports.markup import Page

HOSTILE_TEXT = samples.HOSTILE * 100

LARGEST = 1_000_000
"""Bytes of a page."""


def pages(result: ClassResult) -> dict[str, str]:
    return dict(rendering.files(result))


def page_of(student: StudentResult) -> Page:
    _, source = pages(samples.class_of(student)).values()
    return Page(source)


@pytest.mark.parametrize("make", [samples.every_verdict, samples.hostile, samples.class_of])
def test_every_page_is_whole_and_by_itself(make: Callable[[], ClassResult]) -> None:
    for source in pages(make()).values():
        source.encode()
        page = Page(source)
        tags = {element.tag for element in page.elements}
        assert not tags & {"img", "link", "iframe", "object", "embed", "base", "form", "input"}
        for element in page.elements:
            assert not {"style", "src"} & set(element.attributes)
            assert not any(name.startswith("on") for name in element.attributes)
        ids = [each.attributes["id"] for each in page.elements if "id" in each.attributes]
        assert len(set(ids)) == len(ids)
        for link in page.all("a"):
            address = link.attributes["href"]
            assert address.startswith(("#", "students/", "../class.html"))
            assert not address.startswith("#") or address[1:] in ids
        for element in page.elements:
            assert set(element.attributes.get("aria-labelledby", "").split()) <= set(ids)


@pytest.mark.parametrize("make", [samples.every_verdict, samples.hostile])
def test_the_policy_lets_in_what_the_page_brings_and_nothing_else(
    make: Callable[[], ClassResult],
) -> None:
    for source in pages(make()).values():
        policy = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', source)[0]
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
        for tag, rule in (("style", "style-src"), ("script", "script-src")):
            found = re.findall(f"<{tag}>(.*?)</{tag}>", source, re.DOTALL)
            hashes = [base64.b64encode(hashlib.sha256(each.encode()).digest()) for each in found]
            assert rules[rule] == " ".join(f"'sha256-{each.decode()}'" for each in hashes) or (
                not found and rules[rule] == "'none'"
            )


def test_nothing_hidden_gets_onto_a_page() -> None:
    for source in pages(samples.hostile()).values():
        assert not set(source) & set("\x1b\x00\x07\x08\r\u202e\u2066\u200b\udcff\ufffe\x9b")
        assert "<script>alert" not in source
        assert "{{ 7 * 7 }}" in Page(source).all("title")[0].text


def test_headings_go_down_one_step_at_a_time() -> None:
    for source in pages(samples.every_verdict()).values():
        levels = [
            int(each.tag[1]) for each in Page(source).elements if re.fullmatch(r"h\d", each.tag)
        ]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_class_page_has_every_student_and_every_figure() -> None:
    result = samples.every_verdict()
    made = pages(result)
    page = Page(made["class.html"])
    rows = {row.text.split("  ")[0].strip().split("\n")[0]: row.text for row in page.all("tr")}
    assert "11 of 20" in rows["Ada Lovelace"]
    assert "1 crashed" in rows["Ada Lovelace"]
    assert "flaky" in rows["Ada Lovelace"]
    assert "all passed" in rows["edsger"]
    assert "not graded" in rows["mallory"]
    assert "the archive is damaged" in page.one("dl", "faults").text
    assert "87 %" in rows["grace"]
    assert [each.text for each in page.all("text", "amount")] == ["1", "1", "1"]
    assert "10 to below 20 %: 1" in page.one("desc").text
    assert "namespaces" in page.one("p", "about").text
    linked = {unquote(link.attributes["href"].partition("#")[0]) for link in page.all("a")}
    assert {name for name in made if name != "class.html"} <= linked


def test_a_class_of_200_is_a_small_page() -> None:
    made = pages(samples.large())
    assert len(made) == 201
    assert len(made["class.html"].encode()) < LARGEST / 4
    assert max(len(source.encode()) for source in made.values()) < LARGEST


def test_many_pairs_are_cut_and_that_is_said() -> None:
    pairs = tuple(AlikePair("ada", "eve", 0.9, 0.1, tuple("abcdefgh")) for _ in range(120))
    page = Page(pages(samples.class_of(samples.student("ada", []), alike=pairs))["class.html"])
    alike = page.one("main").text
    assert "20 more pairs are in results.json" in alike
    assert "and 2 more places" in alike


def test_a_student_page_has_each_check_with_all_there_is_to_say() -> None:
    page = page_of(samples.student("ada", list(Verdict)[:6]))
    assert "11 of 20" in " ".join(page.one("p", "score").text.split())
    points = page.one("table", "points")
    assert points.text.count(" of ") == 6
    articles = {each.attributes["id"]: each.text for each in page.all("article", "check")}
    assert list(articles) == ["check-2", "check-3", "check-4", "check-5", "check-6"]
    wrong = articles["check-2"]
    assert samples.WHY[Verdict.WRONG] in wrong
    assert samples.DIFFERENCE in wrong
    assert samples.HELP["client console"] in wrong
    assert "--replay together" in wrong
    both = articles["check-5"]
    assert "This run" in both
    assert "The other run" in both
    assert "The client ended in time; its console was right." in both
    assert (
        "it costs no points"
        in page_of(samples.student("ada", [Verdict.GRADER_FAULT])).one("article").text
    )


def test_streams_stand_side_by_side_and_differences_are_marked() -> None:
    page = page_of(samples.student("ada", [Verdict.WRONG]))
    streams = page.all("details", "stream")
    assert [each.text.split("\n")[1] for each in streams][:1] == [
        "server 2 wrong, 1 missing, 1 extra, 2 presentation; stopped by SIGINT, as it should"
    ]
    assert (
        len({id(each.within[-1]) for each in streams if streams[0].within[:-1] == each.within[:-1]})
        == 2
    )
    assert {"M", "R", "m", "r", "·", "·→·"} <= {each.text for each in page.all("mark")}
    kinds = {row.attributes.get("class") for row in page.all("tr")}
    assert {"same", "wrong", "missing", "extra", "presentation", "absent"} <= kinds
    assert "8 lines as expected" in page.all("details", "fold")[0].text
    assert "the lab's own" in page.one("main").text
    assert "It printed nothing, and nothing was expected." in page.one("main").text


def test_streams_of_a_scenario_that_is_as_it_should_be_are_folded() -> None:
    page = page_of(samples.student("ada", []))
    sequences = page.all("details", "sequence")
    assert sequences
    assert all("open" not in each.attributes for each in sequences)
    as_expected = [
        each for each in page.all("details", "stream") if "as expected" in each.text[:80]
    ]
    assert as_expected
    assert all("open" not in each.attributes for each in as_expected)


def test_a_student_page_names_nobody_else() -> None:
    made = pages(samples.every_verdict())
    assert "edsger" not in made["students/grace.html"]
    assert "Ada" not in made["students/grace.html"]


def test_a_student_who_could_not_be_graded() -> None:
    checks = (Check("console", Verdict.NOT_RUN, 0, 2, why="no server.py"),)
    page = page_of(StudentResult("eve", 0, 2, checks, fault="no server.py"))
    assert page.one("p", "score").text.strip() == "not graded"
    assert page.one("main").text.count("no server.py") == 1
    assert "not run" in page.one("table", "points").text


def test_checks_without_a_scenario_come_first() -> None:
    checks = (
        Check("console", Verdict.PASSED, 2, 2, scenario="run"),
        Check("files", Verdict.WRONG, 0, 1, why="there is no client.py"),
    )
    record = ScenarioRecord("run", "A run", 0.1)
    page = page_of(StudentResult("eve", 2, 3, checks, (record,)))
    assert [each.text for each in page.all("h2")] == ["Points", "The submission", "A run"]


def noise(lines: int, length: int) -> StudentResult:
    """A student whose program printed all that is worst for a page."""
    line = LineRecord("extra", None, (Segment('"\x00<\U000e0041' * (length // 4), True),))
    streams = tuple(StreamRecord(f"file {each}", (line,) * lines) for each in range(60))
    sequence = (Happening(0.1, "client", "server", "data", HOSTILE_TEXT, 9),) * lines
    record = ScenarioRecord("run", "A run", 1.0, streams, sequence)
    checks = tuple(
        Check(
            f"check {each}",
            Verdict.WRONG,
            0,
            1,
            HOSTILE_TEXT,
            "run",
            HOSTILE_TEXT,
            HOSTILE_TEXT,
            "",
            HOSTILE_TEXT,
        )
        for each in range(30)
    )
    return StudentResult("eve", 0, 30, checks, (record,))


@pytest.mark.parametrize(("lines", "length"), [(1, 100), (2_000, 40), (20, 100_000)])
def test_a_page_stays_small_whatever_was_printed_and_says_what_it_lost(
    lines: int, length: int
) -> None:
    _, source = pages(samples.class_of(noise(lines, length))).values()
    assert len(source.encode()) < LARGEST
    text = Page(source).one("main").text
    assert "20 more streams are left out here" in text
    assert "characters left out" in text
    if lines > 1_000:
        assert re.search(
            r"\d+ lines more, among them [\d,]+ extra: the page would be too large", text
        )
        assert re.search(r"\d+ more events: the page would be too large", text)
