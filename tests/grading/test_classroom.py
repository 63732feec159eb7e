"""Two runs of what timed out, made into one result."""

from __future__ import annotations

from grading.classroom import merge
from grading.results import Check, ScenarioRecord, StudentResult, Verdict


def check(scenario: str, name: str, verdict: Verdict, points: float) -> Check:
    why = "" if verdict is Verdict.PASSED else "because"
    return Check(name, verdict, points, 10, why=why, scenario=scenario)


FIRST = StudentResult(
    name="ada",
    score=14,
    max_score=30,
    checks=(
        check("client", "a", Verdict.PASSED, 10),
        check("server", "b", Verdict.TIMED_OUT, 4),
        check("server", "c", Verdict.TIMED_OUT, 0),
    ),
    scenarios=(ScenarioRecord("client", "", 1.0), ScenarioRecord("server", "", 5.0)),
    pending=("server",),
)


def second(*checks: Check) -> StudentResult:
    records = (ScenarioRecord("server", "", 0.5),)
    return StudentResult(name="ada", score=0, max_score=20, checks=checks, scenarios=records)


def test_two_runs_that_agree_are_one() -> None:
    merged = merge(FIRST, second(*FIRST.checks[1:]))
    assert merged.checks == FIRST.checks
    assert merged.score == 14
    assert merged.pending == ()
    assert not any(record.flaky for record in merged.scenarios)


def test_of_two_that_do_not_the_better_counts_and_both_are_shown() -> None:
    merged = merge(
        FIRST,
        second(
            check("server", "b", Verdict.PASSED, 10), check("server", "c", Verdict.TIMED_OUT, 0)
        ),
    )
    assert [(one.verdict, one.points) for one in merged.checks] == [
        (Verdict.PASSED, 10),
        (Verdict.PASSED, 10),
        (Verdict.TIMED_OUT, 0),
    ]
    assert merged.score == 20
    assert merged.checks[1].other_run == "timed out, 4 points: because"
    assert merged.checks[2].other_run == ""
    assert [record.flaky for record in merged.scenarios] == [False, True]
    assert merged.scenarios[1].seconds == 0.5


def test_the_first_run_counts_if_it_was_the_better() -> None:
    merged = merge(
        FIRST,
        second(check("server", "b", Verdict.WRONG, 0), check("server", "c", Verdict.TIMED_OUT, 0)),
    )
    assert (merged.checks[1].verdict, merged.checks[1].points) == (Verdict.TIMED_OUT, 4)
    assert merged.checks[1].other_run == "wrong, 0 points: because"
