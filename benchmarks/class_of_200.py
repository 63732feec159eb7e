"""200 mp4 submissions, a fifth of them hostile: graded with 1 job, with 4, and after kills.

All must be graded, with the same grades each time, and nothing left: no process, no
mount, no file. Prints what was found and how long it took; takes some ten minutes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.grading.grading_runs import grade, grades
from tests.grading.leftovers import MARK, mounts, wait_until_gone, watched
from tests.programs import ROOT, environment

SUBMISSIONS = ROOT / "tests" / "grading" / "submissions" / "mp4"
WELL_BEHAVED = (
    *("right_procedural", "right_threads", "right_asyncio", "right_helper_module"),
    *("right_home_address", "extra_blank_line", "lower_case", "misspelled"),
    *("key_not_sent", "one_recv_1024", "two_connections", "wrong_log_sizes"),
)
HOSTILE = (
    *("daemon_child", "fills_disk", "eats_memory", "kills_everything"),
    *("hangs_after_first", "never_closes", "reads_stdin", "crashes_at_second"),
)
COUNT = 200
Check = tuple[str, str, str, float]
Grades = dict[str, list[Check]]
KILLS = (20, 60, 120)
"""After so many finished results the grader is killed."""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="wirelab-class-") as name:
        folder = Path(name)
        submissions = make_class(folder / "class")
        before = mounts()
        found = {}
        for jobs in (1, 4):
            output = output_folder(folder / f"jobs-{jobs}")
            began = time.monotonic()
            run = grade(
                *("mp4", submissions, "--output", output, "--jobs", str(jobs)), timeout=3600
            )
            print(f"{jobs} jobs: exit code {run.returncode}, {time.monotonic() - began:.0f} s")
            found[f"{jobs} jobs"] = grades(output)
        found["killed"] = killed_and_resumed(submissions, output_folder(folder / "killed"))
        wait_until_gone(folder, MARK)
        first = found["1 jobs"]
        for how, each in found.items():
            other = [student for student in first if each.get(student) != first[student]]
            print(f"{how}: {len(each)} graded, {len(other)} with other grades than by 1 job")
            for student in other:
                print(f"    {student}: {differing(first[student], each.get(student, []))}")
        print(f"mounts left: {len(mounts() - before)}")


def differing(first: list[Check], second: list[Check]) -> str:
    """The first check that did not come out alike."""
    pairs = zip(first, second, strict=False)
    return next((f"{one} and {other}" for one, other in pairs if one != other), "not graded")


def make_class(folder: Path) -> Path:
    """Every fifth submission is hostile."""
    for number in range(COUNT):
        kinds = HOSTILE if number % 5 == 4 else WELL_BEHAVED
        kind = kinds[number // 5 % len(kinds)] if number % 5 == 4 else kinds[number % len(kinds)]
        shutil.copytree(SUBMISSIONS / kind, folder / f"student{number:03}-{kind}")
    return folder


def output_folder(folder: Path) -> Path:
    """One whose students get the same words as in any other."""
    folder.mkdir()
    (folder / "secret").write_text(f"{'5a' * 32}\n")
    (folder / "secret").chmod(0o600)
    return folder


def killed_and_resumed(submissions: Path, output: Path) -> Grades:
    options = ["mp4", str(submissions), "--output", str(output), "--jobs", "2", "--resume"]
    for finished in KILLS:
        with (
            watched(output) as wait,
            subprocess.Popen(
                [sys.executable, "driver.py", "grade", *options],
                cwd=ROOT,
                env=environment({MARK: MARK}),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            ) as grader,
        ):
            while count_lines(output / "journal.jsonl") <= finished:
                wait()
            grader.kill()
        wait_until_gone(output, MARK)
        print(f"killed after {finished} results: nothing left running")
    began = time.monotonic()
    run = grade(*options, timeout=3600)
    print(f"resumed: exit code {run.returncode}, {time.monotonic() - began:.0f} s")
    left = sorted(os.listdir(output))  # noqa: PTH208
    print(f"in the output folder: {', '.join(left)}")
    return grades(output)


def count_lines(journal: Path) -> int:
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


if __name__ == "__main__":
    main()
