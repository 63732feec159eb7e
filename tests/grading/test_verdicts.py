"""Every submission in tests/grading/submissions gets the verdict that it must get."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.grading.grading_runs import grade, results
from tests.grading.submissions.expected import CS330, MP4
from tests.programs import ROOT

SUBMISSIONS = ROOT / "tests" / "grading" / "submissions"
SIDES = {
    "client": {"client", "no server", "replies in pieces"},
    "server": {"server", "pieces", "joined"},
}
UNDER_FAULTS = {"replies in pieces", "pieces", "joined"}
GRADING_SECONDS = 400

pytestmark = [pytest.mark.usefixtures("namespaces"), pytest.mark.timeout(GRADING_SECONDS)]


@pytest.fixture(scope="module", params=["mp4", "cs330"])
def graded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A lab whose submissions have been graded, once for all tests; and where."""
    lab: str = request.param
    output = tmp_path_factory.mktemp("graded") / lab
    run = grade(
        lab,
        SUBMISSIONS / lab,
        "--output",
        output,
        "--timeout-scale",
        "0.6",
        timeout=GRADING_SECONDS,
    )
    assert run.returncode == 0, run.stderr
    return str(output)


def verdict_of(checks: list[dict[str, str]], side: str) -> str:
    """That of the first check which a side does not pass."""
    lost = (
        check["verdict"]
        for check in checks
        if check["scenario"] in SIDES[side] and check["verdict"] != "passed"
    )
    return next(lost, "passed")


def test_every_side_gets_its_verdict(graded: str) -> None:
    output = Path(graded)
    students = results(output)
    table = MP4 if output.name == "mp4" else CS330
    assert set(students) == {expected.name for expected in table}
    found = {
        (expected.name, side): verdict_of(students[expected.name]["checks"], side)
        for expected in table
        for side in SIDES
    }
    assert found == {
        (expected.name, side): expected.verdict(side) for expected in table for side in SIDES
    }


def test_whoever_trusts_recv_is_told_so(graded: str) -> None:
    output = Path(graded)
    table = MP4 if output.name == "mp4" else CS330
    trusting = [expected.name for expected in table if expected.under_faults]
    assert trusting
    for name in trusting:
        checks = results(output)[name]["checks"]
        lost = [check for check in checks if check["scenario"] in UNDER_FAULTS]
        assert any("recv" in check["help"] for check in lost if check["verdict"] != "passed")


def test_every_lost_point_says_why_and_how_to_see_it(graded: str) -> None:
    for student in results(Path(graded)).values():
        for check in student["checks"]:
            if check["points"] < check["max_points"]:
                assert check["why"]
                assert f"--replay {check['scenario'].split()[0]}" in check["replay"].replace(
                    "'", ""
                )
