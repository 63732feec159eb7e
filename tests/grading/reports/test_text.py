"""Plain text, for terminals and for `grades.txt`."""

from __future__ import annotations

from grading.reports import text
from grading.reports.signs import columns
from grading.results import Check, Happening, ScenarioRecord, StudentResult, Verdict
from tests.grading.reports import samples


def grades() -> str:
    ((name, content),) = text.files(samples.every_verdict())
    assert name == "grades.txt"
    return content


def test_every_grade_stands_there_with_what_was_not_passed() -> None:
    lines = grades().splitlines()
    assert lines[0] == "Message transfer with log retrieval (mp4)"
    assert "isolation: namespaces: each run has processes and a network of its own" in lines
    assert "edsger            20      20" in lines
    assert "mallory            -      20  not graded" in lines
    start = lines.index(
        "Ada Lovelace      11      20  1 crashed, 1 timed out, 1 never listened, 1 wrong,"
    )
    assert lines[start + 1].strip() == "1 presentation, flaky"


def test_each_lost_point_says_why() -> None:
    content = grades()
    for why in samples.WHY.values():
        assert all(line in content for line in why.splitlines())
    for line in samples.DIFFERENCE.splitlines():
        assert f"      {line}" in content.splitlines()
    assert "wrong, 2 of 4: client console" in content
    assert "flaky; its other run: The client ended in time" in content
    assert "see it: python driver.py grade mp4 submissions --only ada --replay split" in content
    assert "the archive is damaged" in content
    assert "grace and edsger: 87% (usual here: 12%)" in content


def test_it_reads_well_at_80_columns() -> None:
    long = [line for line in grades().splitlines() if columns(line) > 80]
    assert all(line.lstrip().startswith("see it: ") for line in long)


def test_columns_line_up_whatever_the_name() -> None:
    names = ["ada", "王小明", "e\u0301va"]
    lines = list(text.overview(samples.class_of(*(samples.student(name, []) for name in names))))
    rows = [line for line in lines if line.endswith("20")][:3]
    assert {columns(row) for row in rows} == {columns(lines[0].removesuffix("  not passed"))}


def test_the_overview_of_nobody() -> None:
    assert list(text.overview(samples.class_of()))[-1] == "0 students, 0 graded"


def test_hostile_texts_steer_nothing() -> None:
    ((_, content),) = text.files(samples.hostile())
    assert not set(content) & set("\x1b\x00\x07\r\u202e\u200b\udcff\x9b")
    assert r"line\nfeed\ttab" in content


def test_why_one_student_lost_points() -> None:
    student = samples.student("ada", [Verdict.PASSED, Verdict.CRASHED])
    assert list(text.reasons(student)) == [
        "  crashed, 0 of 4: client console",
        "    server.py ended with an exception:",
        "    IndexError: list index out of range",
        "    help: The client says what it connected to before it sends anything.",
        "    see it: python driver.py grade mp4 submissions --only ada --replay together",
    ]


def test_a_fault_is_told_once() -> None:
    checks = tuple(Check(name, Verdict.NOT_RUN, 0, 1, why="no server.py") for name in "ab")
    student = StudentResult("ada", 0, 2, checks, fault="no server.py")
    assert list(text.reasons(student)) == ["    no server.py"]


def test_who_said_what_when() -> None:
    record = samples.scenarios()[0]
    lines = list(text.sequence(record))
    assert lines[0] == "Server and client together, 1.23 s"
    assert lines[1:6] == [
        "       0 ms  server           starts",
        "      50 ms  server           prints  The server is ready to receive",
        "     101 ms  client message0  starts",
        "     110 ms  client → relay   connects",
        "     110 ms  relay → server   connects",
    ]
    assert "     115 ms  client → relay   4 bytes  abcd" in lines
    assert "     150 ms  client → relay   6 bytes lost  ping 1" in lines
    assert not set("".join(lines)) & set("\x1b\x00\x07\r\u202e")
    assert list(text.sequence(ScenarioRecord("s", "Silent", 0.0))) == ["Silent, 0 s"]


def test_what_was_said_in_several_lines_stays_so() -> None:
    said = (Happening(0.5, "client", text="1. open\r\n2. quit\r\n"),)
    assert list(text.sequence(ScenarioRecord("s", "Menu", 1.0, (), said)))[1:] == [
        "     500 ms  client  prints  1. open",
        "                             2. quit",
    ]
