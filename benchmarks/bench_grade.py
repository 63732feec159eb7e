"""A class of right mp4 submissions graded, against check50 with the same programs and checks.

Both take two submissions at a time, and have to give every one of them full marks.
check50 is measured twice: with two workers in all, as the grader has, so that each
of its processes runs one check at a time; and as it comes, with a pool of its own
for each submission, of as many workers as there are cores. Half of its turns come
before the grader's and half after, so that a machine that slows down slows both.

check50's environment is .bench/check50: made at the first run, from
requirements-bench.txt.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from shutil import copytree

from benchmarks import mp4_stage
from benchmarks.measure import ROOT, prepare, working_folder

SUBMISSIONS = 200
WORKERS = 2
GOAL = 3.0
POOLS = {"check50, two workers": {"CHECK50_WORKERS": "1"}, "check50, two pools of its own": {}}
"""What check50 is told of its own workers, in its environment."""

REQUIREMENTS = ROOT / "requirements-bench.txt"
ENVIRONMENT = ROOT / ".bench" / "check50"
CHECK50 = ENVIRONMENT / "bin" / "check50"
PROBLEM = ROOT / "benchmarks" / "check50_mp4"
RIGHT_ONES = ROOT / "tests" / "grading" / "submissions" / "mp4"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--submissions", type=int, default=SUBMISSIONS, metavar="N")
    count = parser.parse_args().submissions
    prepare()
    install_check50()
    with working_folder() as folder:
        submissions = make_class(folder / "submissions", count)
        halves = submissions[: count // 2], submissions[count // 2 :]
        before = {who: check(halves[0], folder, pool) for who, pool in POOLS.items()}
        ours = grade(folder / "submissions", folder / "grades", count)
        after = {who: check(halves[1], folder, pool) for who, pool in POOLS.items()}
    print(f"{count} right mp4 submissions, {WORKERS} at a time, all with full marks:")
    print(f"  {'Wirelab':32} {ours:6.1f} s")
    for who in POOLS:
        theirs = before[who] + after[who]
        spread = f"{before[who]:.1f} + {after[who]:.1f}"
        print(f"  {who:32} {theirs:6.1f} s  {theirs / ours:5.2f} x  ({spread})")
    print(f"(goal: at least {GOAL:.0f} x)")


def install_check50() -> None:
    """Make check50's environment, unless it is there as requirements-bench.txt has it."""
    made = ENVIRONMENT / "requirements.txt"
    wanted = REQUIREMENTS.read_text()
    if made.exists() and made.read_text() == wanted:
        return
    print(f"setting up {ENVIRONMENT.relative_to(ROOT)}, once ...", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=True)
    python = str(ENVIRONMENT / "bin" / "python")
    pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--no-deps"]
    subprocess.run([*pip, "--requirement", str(REQUIREMENTS)], check=True)
    made.write_text(wanted)


def make_class(folder: Path, count: int) -> list[Path]:
    """Submissions, each a copy of one of those that are right, by turns."""
    right = sorted(RIGHT_ONES.glob("right_*"))
    submissions = []
    for number, original in enumerate(islice(cycle(right), count)):
        submissions.append(folder / f"student{number:03}")
        copytree(original, submissions[-1])
    return submissions


def grade(submissions: Path, output: Path, count: int) -> float:
    """Seconds that the grader takes for a class, its start and its reports included."""
    driver = [sys.executable, "driver.py", "grade", "mp4", str(submissions)]
    started = time.perf_counter()
    ended = subprocess.run(
        [*driver, "--output", str(output), "--jobs", str(WORKERS)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - started
    if ended.returncode:
        raise SystemExit(f"the grader failed: {ended.stderr}")
    students = json.loads((output / "results.json").read_text())["students"]
    if sum(student["score"] == student["max_score"] for student in students) != count:
        raise SystemExit(f"not all of {count} got full marks: see {output}")
    return seconds


def check(submissions: Sequence[Path], folder: Path, pool: Mapping[str, str]) -> float:
    """Seconds that check50 takes for submissions, a process for each as it has it."""
    started = time.perf_counter()
    with ThreadPoolExecutor(WORKERS) as workers:
        results = list(workers.map(partial(check_one, folder, pool), submissions))
    seconds = time.perf_counter() - started
    for submission, checks in zip(submissions, results, strict=True):
        if not checks or any(not one["passed"] for one in checks):
            raise SystemExit(f"{submission.name} did not pass check50's checks: {checks}")
    return seconds


def check_one(folder: Path, pool: Mapping[str, str], submission: Path) -> list[dict[str, object]]:
    """What check50 says of each check of a submission; nothing where it fails itself.

    It runs in a user namespace, where its checks may have networks of their own.
    """
    report = folder / "report-of-check50" / f"{submission.name}.json"
    report.parent.mkdir(exist_ok=True)
    report.unlink(missing_ok=True)
    check50 = [*mp4_stage.NETWORK, str(CHECK50), "--dev", "--log-level", "warning", str(PROBLEM)]
    environment = {"PYTHONPATH": str(ROOT), "WIRELAB_BENCH_PYTHON": sys.executable}
    subprocess.run(
        [*check50, "--output", "json", "--output-file", str(report)],
        cwd=submission,
        env=os.environ | environment | dict(pool),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=False,  # the report says whether all went well
    )
    if not report.exists():
        return []
    results: list[dict[str, object]] = json.loads(report.read_text()).get("results", [])
    return results


if __name__ == "__main__":
    main()
