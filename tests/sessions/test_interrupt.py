"""SIGINT and SIGTERM at every phase of a run: it ends at once, in order, and says so once."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.programs import ROOT
from tests.sessions.driving import Driver, narrow_pipe
from tests.sessions.test_mp4 import content_of, logs_in

SAMPLES = sorted((ROOT / "sample_messages").iterdir())
SECONDS = 30
STARTED = b"MP4 Driver: Server Thread Started...\n\n"

PAUSE_CLIENTS = """\
import os, signal, sys
if "client" in sys.orig_argv:
    with open(os.environ["CLIENT_STARTED"], "w") as started:
        started.write(str(os.getpid()))
    signal.pause()
"""

either_signal = pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name
)


@pytest.fixture(autouse=True)
def _unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Coverage holds a lock now and then; interrupted right there, it would wait for itself."""
    for variable in ("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG"):
        monkeypatch.delenv(variable, raising=False)


def assert_interrupted(driver: Driver, process: subprocess.Popen[str]) -> dict[str, Any]:
    """The run is over, said so once, and kept all that it had acknowledged."""
    assert process.stderr
    lines = process.stderr.read().splitlines()
    assert process.wait(timeout=SECONDS) == 130, lines
    assert [line for line in lines if not line.startswith("import time:")] == [
        "driver: interrupted"
    ]
    driver.assert_nothing_left()
    record = driver.record()
    assert (record["verdict"], record["error"]) == ("interrupted", None)
    for lab in record["labs"]:
        assert lab["verdict"] == "interrupted"
        assert_kept(Path(lab["folder"]), lab["messages"])
    return record


def assert_kept(folder: Path, messages: list[dict[str, Any]]) -> None:
    """Whatever a client has a receipt for is in the store, and its log is whole."""
    logs = logs_in(folder / "serverdata")
    acknowledged = [message for message in messages if message["verdict"] == "passed"]
    if acknowledged:
        with sqlite3.connect(folder / "serverdata" / ".messages.sqlite3") as database:
            kept = dict(database.execute("SELECT id, plaintext FROM messages").fetchall())
        database.close()
        for message in acknowledged:
            text = Path(message["file"]).read_bytes()
            assert kept[bytes.fromhex(message["id"])] == text
            assert content_of(logs[message["log"]])[0] == text
    for name, log in logs_in(folder / "ftpreceived").items():
        assert log == logs[name]


@pytest.mark.parametrize("module", ["wire.errors", "argparse", "runs.record", "ssl", "runs.mp4"])
@either_signal
def test_while_modules_load(driver: Driver, number: signal.Signals, module: str) -> None:
    command = driver.command("mp4")
    command[1:1] = ["-X", "importtime"]
    with subprocess.Popen(
        command,
        env=driver.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stderr
        while process.stderr.readline().split("|")[-1].strip() != module:
            pass
        process.send_signal(number)
        record = assert_interrupted(driver, process)
    assert record["labs"] == []


@pytest.mark.parametrize("line", [1, 3, 4, 5, 6, 17, 38, 39, 43, 50, 70])
@either_signal
def test_after_a_line(driver: Driver, number: signal.Signals, line: int) -> None:
    with (
        narrow_pipe() as (reader, theirs),
        driver.start("mp4", stdout=theirs) as process,
    ):
        for _ in range(line):
            assert reader.readline()
        process.send_signal(number)
        assert_interrupted(driver, process)


@pytest.mark.parametrize("line", [2, 40, 180])
def test_with_four_clients_at_once(driver: Driver, line: int) -> None:
    with (
        narrow_pipe() as (reader, theirs),
        driver.start("mp4", "--jobs", "4", "--messages", *6 * SAMPLES, stdout=theirs) as process,
    ):
        for _ in range(line):
            assert reader.readline()
        process.terminate()
        assert_interrupted(driver, process)


@pytest.mark.parametrize("then", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
@pytest.mark.parametrize("line", [3, 50])
@either_signal
def test_twice(driver: Driver, number: signal.Signals, then: signal.Signals, line: int) -> None:
    with (
        narrow_pipe() as (reader, theirs),
        driver.start("mp4", "--jobs", "2", stdout=theirs) as process,
    ):
        for _ in range(line):
            assert reader.readline()
        process.send_signal(number)
        process.send_signal(then)
        assert_interrupted(driver, process)


def test_while_large_logs_are_fetched(driver: Driver, tmp_path: Path) -> None:
    message = tmp_path / "large"
    message.write_bytes(b"large\n" * 3_000_000)
    with (
        narrow_pipe() as (reader, theirs),
        driver.start("mp4", "--mode", "open", "--messages", message, stdout=theirs) as process,
    ):
        while "Proceeding to download" not in reader.readline():
            pass
        process.terminate()
        assert_interrupted(driver, process)


@pytest.mark.parametrize("lab", ["mp4", "cs330"])
@either_signal
def test_while_a_client_hangs(
    driver: Driver, tmp_path: Path, lab: str, number: signal.Signals
) -> None:
    (tmp_path / "sitecustomize.py").write_text(PAUSE_CLIENTS)
    started = tmp_path / "started"
    os.mkfifo(started)
    env = {"PYTHONPATH": str(tmp_path), "CLIENT_STARTED": str(started)}
    with driver.start(lab, env=env, start_new_session=True) as process:
        assert Path(f"/proc/{started.read_text()}").exists()
        os.killpg(process.pid, number)  # as a terminal does it
        assert_interrupted(driver, process)


def test_while_the_server_can_not_print(driver: Driver) -> None:
    """Its thread hangs in a write, as a client shows by giving up, and must not hold up the end."""
    with (
        narrow_pipe(room=len(STARTED)) as (_, theirs),
        driver.start("mp4", "--timeout", "0.5", stdout=theirs) as process,
    ):
        assert process.stderr
        assert "did not greet within 0.5 s" in process.stderr.readline()
        assert process.stderr.readline().startswith("hint: ")
        process.terminate()
        assert_interrupted(driver, process)


def test_a_signal_after_the_end_changes_nothing(driver: Driver) -> None:
    """While the interpreter winds up: the last line is out, and the pipe is still open."""
    with driver.start("cs330", stdout=subprocess.DEVNULL) as process:
        assert process.stderr
        assert process.stderr.readline().startswith("driver: the files of this run")
        process.terminate()
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() in ("", "driver: interrupted\n")
        assert process.wait(timeout=SECONDS) in (0, 130)
    assert (driver.record()["verdict"] == "passed") == (process.returncode == 0)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_clients_are_not_the_terminals_to_interrupt(driver: Driver, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(PAUSE_CLIENTS)
    started = tmp_path / "started"
    os.mkfifo(started)
    env = {"PYTHONPATH": str(tmp_path), "CLIENT_STARTED": str(started)}
    with driver.start("mp4", env=env) as process:
        client = int(started.read_text())
        assert os.getsid(client) == client
        process.terminate()
        assert_interrupted(driver, process)
