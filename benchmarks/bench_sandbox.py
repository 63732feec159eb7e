"""What grading adds to a run: the sandbox, the relay, FTP and judging.

Each run of labs/mp4 is graded, and played bare by benchmarks/bare_run.py, by turns.
What is added is the difference of the two in a round. It has in it the copy of the
submission, and for the client's run the trial that finds where its server listens.
"""

from __future__ import annotations

import json
import secrets
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import mp4_stage
from benchmarks.measure import ROOT, prepare, working_folder
from grading import session
from grading.grader import Grader, Task
from grading.lab import load_lab
from grading.results import StudentResult
from grading.session import Request
from grading.submissions.finding import Submission, find_submissions

ROUNDS = 21
GOAL = 0.15
RIGHT_ONES = ROOT / "tests" / "grading" / "submissions" / "mp4"
LAB = ROOT / "labs" / "mp4"

Seconds = dict[str, float]


def main() -> None:
    prepare()
    lab = load_lab(LAB)
    scenarios = [scenario.name for scenario in lab.scenario]
    right = find_submissions(tuple(sorted(RIGHT_ONES.glob("right_*"))), lab.files)
    rounds: list[tuple[Seconds, Seconds]] = []
    with working_folder() as folder:
        request = _request(folder)
        setting, isolation = session.prepare(request, lab, secrets.token_bytes(), folder)
        grader = Grader(setting)
        for number in range(ROUNDS):
            submission = right[number % len(right)]
            graded = {name: seconds_graded(grader, submission, name) for name in scenarios}
            rounds.append((seconds_bare(submission.path), graded))
    print(f"a run of mp4, its isolation {isolation.name}, medians of {ROUNDS} rounds:")
    print("            bare      graded    added")
    for name in scenarios:
        _tell(name, [(bare[name], graded[name]) for bare, graded in rounds])
    _tell("any", [(bare[name], graded[name]) for bare, graded in rounds for name in scenarios])
    print(f"(goal: at most {GOAL} s added; in brackets the quartiles of what is added)")


def seconds_graded(grader: Grader, submission: Submission, scenario: str) -> float:
    """From a submission to its result in one scenario; all of its checks have to pass."""
    started = time.perf_counter()
    result = grader.grade(Task(submission, scenarios=(scenario,)))
    seconds = time.perf_counter() - started
    if not isinstance(result, StudentResult) or result.score != result.max_score:
        raise SystemExit(f"{submission.name} did not pass {scenario!r}")
    return seconds


def seconds_bare(submission: Path) -> Seconds:
    """What the runs of a submission take without the grader."""
    ended = subprocess.run(
        [*mp4_stage.NETWORK, sys.executable, "-m", "benchmarks.bare_run", submission],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        check=True,
    )
    seconds: Seconds = json.loads(ended.stdout)
    return seconds


def _tell(name: str, figures: list[tuple[float, float]]) -> None:
    bare, graded = (statistics.median(values) for values in zip(*figures, strict=True))
    low, added, high = statistics.quantiles([long - short for short, long in figures])
    print(f"  {name:8} {bare:6.3f} s  {graded:6.3f} s  {added:6.3f} s  ({low:.3f} to {high:.3f})")


def _request(output: Path) -> Request:
    return Request(
        lab="mp4",
        lab_folder=LAB,
        submissions=(),
        output=output,
        jobs=1,
        resume=False,
        formats=(),
        only=(),
        timeout_scale=1.0,
        isolation="",
        reference_path=ROOT,
    )


if __name__ == "__main__":
    main()
