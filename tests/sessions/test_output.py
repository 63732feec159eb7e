"""Streams that take nothing, are closed, or lose their reader."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.programs import ROOT, environment, running_server
from tests.sessions.complaints import assert_complaint
from tests.sessions.driving import Driver, narrow_pipe

SAMPLES = sorted((ROOT / "sample_messages").iterdir())


@pytest.mark.parametrize("lab", ["mp4", "cs330"])
def test_standard_output_that_takes_nothing(driver: Driver, lab: str) -> None:
    with Path("/dev/full").open("w") as full:
        run = driver.run(lab, stdout=full)
    run.stderr = "".join(
        line
        for line in run.stderr.splitlines(keepends=True)
        if not line.startswith("driver: the files of this run")
    )
    assert_complaint(run, 1, "driver", "can't write to standard output: No space left on device")


def test_a_client_whose_output_goes_nowhere(tmp_path: Path) -> None:
    with running_server(tmp_path / "logs") as server, Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "client", str(SAMPLES[0]), "--mode", "open"]
        env = environment({"WIRELAB_PORT": str(server.port)})
        for streams in ({"stderr": subprocess.PIPE}, {"stderr": full}):
            run = subprocess.run(
                command, cwd=ROOT, env=env, stdout=full, encoding="utf-8", check=False, **streams
            )
            assert run.returncode == 1
            if run.stderr is not None:
                assert_complaint(run, 1, "client", "No space left on device")


@pytest.mark.parametrize("lines", [0, 1, 3, 20, 60])
def test_a_reader_that_leaves_early(driver: Driver, lines: int) -> None:
    with (
        narrow_pipe() as (reader, theirs),
        driver.start("mp4", "cs330", "--jobs", "2", stdout=theirs) as process,
    ):
        assert process.stderr
        for _ in range(lines):
            assert reader.readline()
        reader.close()
        stderr = process.stderr.read()
    assert process.returncode == 1
    assert "Traceback" not in stderr
    assert "hint: " not in stderr


def test_both_streams_into_a_reader_that_leaves_early(driver: Driver) -> None:
    command = driver.command("mp4", "cs330")
    run = driver.run_command(["sh", "-c", '"$@" 2>&1 | head -3', "sh", *command])
    assert len(run.stdout.splitlines()) == 3
    assert run.stderr == ""


def test_notes_that_go_nowhere_fail_nothing(driver: Driver) -> None:
    with Path("/dev/full").open("w") as full:
        assert driver.run("mp4", "cs330", stderr=full).returncode == 0
    assert driver.record()["verdict"] == "passed"


def test_streams_that_are_closed(driver: Driver) -> None:
    command = driver.command("mp4", "cs330")
    run = driver.run_command(["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *command])
    assert run.returncode == 0
    assert driver.record()["verdict"] == "passed"
    closed = driver.run_command(["sh", "-c", 'exec "$@" <&- >&-', "sh", *command, "--ask-password"])
    assert_complaint(closed, 2, "driver", "no terminal")
