"""What a class's results come to."""

from __future__ import annotations

import pytest

from grading.reports.checks import Outcome, is_flaky, labels_of, not_passed, outcome, speaks
from grading.reports.figures import by_check, standing, when
from grading.results import Check, StudentResult, Verdict
from tests.grading.reports import samples


@pytest.mark.parametrize(
    ("verdict", "points", "expected"),
    [
        (Verdict.PASSED, 2.0, Outcome.PASSED),
        (Verdict.WRONG, 1.0, Outcome.FAILED),
        (Verdict.PRESENTATION, 1.5, Outcome.FAILED),
        (Verdict.PRESENTATION, 2.0, Outcome.PASSED),
        (Verdict.CRASHED, 0.0, Outcome.FAILED),
        (Verdict.NOT_RUN, 0.0, Outcome.SKIPPED),
        (Verdict.GRADER_FAULT, 2.0, Outcome.ERROR),
    ],
)
def test_the_end_of_a_check(verdict: Verdict, points: float, expected: Outcome) -> None:
    assert outcome(Check("c", verdict, points, 2.0)) is expected


def test_verdicts_are_counted_worst_first_and_none_is_forgotten() -> None:
    checks = [Check("c", verdict, 0, 1) for verdict in [*Verdict, Verdict.WRONG]]
    counted = not_passed(checks)
    assert (counted[0], counted[-1]) == ((Verdict.CRASHED, 1), (Verdict.GRADER_FAULT, 1))
    assert dict(counted) == {each: 1 for each in Verdict if each is not Verdict.PASSED} | {
        Verdict.WRONG: 2
    }


def test_a_checks_label_has_its_scenario_where_its_name_does_not_tell() -> None:
    assert list(labels_of([samples.student("ada", [])]).values()) == [
        "together: server console",
        "client console",
        "log files",
        "no plaintext on the wire",
        "cross-server: server console",
        "survives a split message",
    ]


def test_what_is_flaky() -> None:
    assert is_flaky(samples.student("ada", [Verdict.TIMED_OUT]))
    assert not is_flaky(samples.student("ada", [Verdict.WRONG]))
    again = Check("c", Verdict.PASSED, 1, 1, other_run="timed out")
    assert is_flaky(StudentResult("ada", 1, 1, (again,)))


def test_a_check_that_only_repeats_its_students_fault_says_nothing() -> None:
    student = samples.ungraded("ada", "no server.py")
    assert not speaks(student, Check("c", Verdict.NOT_RUN, 0, 1, why="no server.py"))
    assert speaks(student, Check("c", Verdict.WRONG, 0, 1, why="line 2"))
    assert speaks(student, Check("c", Verdict.PASSED, 1, 1, other_run="timed out"))
    assert not speaks(student, Check("c", Verdict.PASSED, 1, 1))


def test_how_a_class_did() -> None:
    figures = standing(samples.every_verdict())
    assert (figures.graded, figures.full, figures.max_score) == (3, 1, 20)
    assert (figures.lowest, figures.median, figures.mean, figures.highest) == (2, 11, 11, 20)
    assert figures.bins == (0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1)


@pytest.mark.parametrize(
    ("score", "place"), [(0, 0), (1.99, 0), (2, 1), (6, 3), (14, 7), (19.99, 9), (20, 10), (21, 10)]
)
def test_a_score_is_counted_in_its_tenth(score: float, place: int) -> None:
    bins = standing(samples.class_of(StudentResult("ada", score, 20, ()))).bins
    assert [index for index, amount in enumerate(bins) if amount] == [place]


def test_a_class_of_nobody_and_a_lab_without_points() -> None:
    assert standing(samples.class_of()).bins == (0,) * 11
    assert standing(samples.class_of(samples.ungraded("eve"))).graded == 0
    assert standing(samples.class_of(StudentResult("ada", 0, 0, ()))).full == 1
    assert by_check(samples.class_of()) == []


def test_the_check_that_the_most_failed_is_first_and_no_grader_fault_counts() -> None:
    figures = by_check(samples.every_verdict())
    assert [(each.label, each.passed, each.tried) for each in figures] == [
        ("client console", 1, 3),
        ("log files", 1, 3),
        ("no plaintext on the wire", 1, 3),
        ("cross-server: server console", 1, 3),
        ("survives a split message", 1, 2),
        ("together: server console", 2, 3),
    ]
    assert figures[0].lost == 6
    assert figures[4].verdicts == ((Verdict.NEVER_LISTENED, 1), (Verdict.GRADER_FAULT, 1))


def test_a_check_that_nobody_tried() -> None:
    (figures,) = by_check(
        samples.class_of(StudentResult("a", 1, 1, (Check("c", Verdict.GRADER_FAULT, 1, 1),)))
    )
    assert (figures.tried, figures.failed_share, figures.lost) == (0, 0, 0)


@pytest.mark.parametrize(
    ("graded", "shown"),
    [
        ("2026-11-22T05:16:00+00:00", "2026-11-22 05:16 UTC"),
        ("2026-11-22T05:16:00+01:00", "2026-11-22 05:16 UTC+01:00"),
        ("2026-11-22T05:16:00", "2026-11-22 05:16"),
        ("yesterday", "yesterday"),
    ],
)
def test_when(graded: str, shown: str) -> None:
    assert when(graded) == shown
