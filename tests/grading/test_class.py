"""A class of submissions: results that depend on nothing but the submissions, and nothing left."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.grading.grading_runs import grade, grades, results
from tests.grading.leftovers import MARK, mounts, wait_until_gone, watched
from tests.programs import ROOT, environment

MP4 = ROOT / "tests" / "grading" / "submissions" / "mp4"
CLASS = [
    "right_procedural",
    "right_threads",
    "key_not_sent",
    "extra_blank_line",
    "crashes_at_second",
    "daemon_child",
    "fills_disk",
    "eats_memory",
    "kills_everything",
]

pytestmark = [pytest.mark.usefixtures("namespaces"), pytest.mark.timeout(300)]


@pytest.fixture
def submissions(tmp_path: Path) -> Path:
    folder = tmp_path / "class"
    for name in CLASS:
        shutil.copytree(MP4 / name, folder / name)
    return folder


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where graders put temporary files."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def with_secret(output: Path) -> Path:
    """An output folder whose students' words are the same as in any other made so."""
    output.mkdir()
    (output / "secret").write_text(f"{'5a' * 32}\n")
    (output / "secret").chmod(0o600)
    return output


def test_one_job_and_four_give_the_same_grades_and_leave_nothing(
    submissions: Path, temporary: Path, tmp_path: Path
) -> None:
    before = mounts()
    found = []
    for jobs in ("1", "4"):
        output = with_secret(tmp_path / f"by-{jobs}")
        run = grade(
            "mp4",
            submissions,
            "--output",
            output,
            "--jobs",
            jobs,
        )
        assert run.returncode == 0, run.stderr
        found.append(grades(output))
        assert not (output / ".staging").exists()
    assert found[0] == found[1]
    assert sorted(found[0]) == sorted(CLASS)
    wait_until_gone(tmp_path, "none")
    assert mounts() == before
    assert not list(temporary.iterdir())


def test_a_grader_that_is_killed_goes_on_where_it_was(
    submissions: Path, temporary: Path, tmp_path: Path
) -> None:
    before = mounts()
    options = ("mp4", str(submissions), "--jobs", "2")
    whole = with_secret(tmp_path / "whole")
    assert grade(*options, "--output", whole).returncode == 0
    output = with_secret(tmp_path / "killed")
    for finished in (1, 2, 4):
        _kill_once(output, finished, options, str(os.getpid()))
        wait_until_gone(tmp_path, str(os.getpid()))
    safe = _finished(output)
    run = grade(*options, "--output", output, "--resume")
    assert run.returncode == 0, run.stderr
    assert grades(output) == grades(whole)
    # What was safe was not run again: nothing was added to the journal for it.
    assert _finished(output)[: len(safe)] == safe
    assert sorted(_finished(output)) == sorted(CLASS)
    assert mounts() == before
    assert not list(temporary.iterdir())


def _finished(output: Path) -> list[str]:
    """The students in the journal with nothing left to run, in the order of their results."""
    journal = output / "journal.jsonl"
    lines = journal.read_text().splitlines(keepends=True)[1:] if journal.exists() else []
    found = [json.loads(line) for line in lines if line.endswith("\n")]
    return [result["name"] for result in found if not result.get("pending")]


def _kill_once(output: Path, finished: int, options: tuple[str, ...], mark: str) -> None:
    """Start the grader, and kill it once so many results are safe."""
    with (
        watched(output) as wait,
        subprocess.Popen(
            [sys.executable, "driver.py", "grade", *options, "--output", output, "--resume"],
            cwd=ROOT,
            env=environment({MARK: mark}),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as grader,
    ):
        while len(_finished(output)) < finished:
            wait()
        grader.kill()


def test_a_submission_that_changed_is_run_again_and_no_other(
    submissions: Path, tmp_path: Path
) -> None:
    for name in CLASS[2:]:
        shutil.rmtree(submissions / name)
    output = tmp_path / "output"
    assert grade("mp4", submissions, "--output", output).returncode == 0
    first = results(output)
    client = submissions / CLASS[1] / "client.py"
    client.write_text(client.read_text().replace("Connected", "connected"))
    assert grade("mp4", submissions, "--output", output, "--resume").returncode == 0
    second = results(output)
    assert second[CLASS[0]] == first[CLASS[0]]
    assert second[CLASS[1]]["score"] < first[CLASS[1]]["score"]
