"""What a terminal adds: colour, columns, a table and a bar; never another text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from console.screen import Screen
from runs.settings import ROOT
from tests.sessions.driving import Driver
from tests.sessions.terminal import Terminal
from tests.sessions.test_mp4 import TRANSCRIPT, masked
from tests.sessions.transcript import match_transcript

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
COLOUR = re.compile(r"\x1b\[[0-9;]*3[0-7][0-9;]*m")


def test_the_text_is_the_same_on_a_terminal(driver: Driver) -> None:
    shown, run = driver.run_on_terminal("mp4")
    assert run.returncode == 0
    match_transcript(TRANSCRIPT, ESCAPE.sub("", shown))
    assert masked(ESCAPE.sub("", shown)) == masked(driver.run("mp4").stdout)


def test_speakers_have_their_colours_on_a_terminal_only(driver: Driver) -> None:
    shown, _ = driver.run_on_terminal("mp4")
    coloured = [line for line in shown.splitlines() if COLOUR.match(line)]
    speakers = {ESCAPE.sub("", line).split(":")[0] for line in coloured}
    assert speakers == {"MP4 Driver", "Server"}
    assert len(coloured) == 14 + 11
    assert "\x1b" not in driver.run("mp4").stdout


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_colours_can_be_switched_off(driver: Driver, env: dict[str, str]) -> None:
    shown, _ = driver.run_on_terminal("mp4", env=env)
    assert "\x1b" not in shown
    match_transcript(TRANSCRIPT, shown)


def test_tabs_wide_characters_and_long_lines_come_through(driver: Driver, tmp_path: Path) -> None:
    message = tmp_path / "message"
    message.write_text("a\tb\tc  \n" + "文字" * 500 + "  \n[bold]:smile:\n" + "x" * 3000)
    shown, run = driver.run_on_terminal("mp4", "--messages", message)
    assert run.returncode == 0
    assert f"\n{message.read_text()}\n" in shown


def test_cs330_side_by_side_on_a_wide_terminal(driver: Driver) -> None:
    shown, run = driver.run_on_terminal("cs330", columns=160)
    assert run.returncode == 0
    lines = shown.splitlines()
    assert re.fullmatch(r" CLIENT SIDE +SERVER SIDE *", lines[1])
    assert all(len(line) <= 160 for line in lines)
    left = " ".join(line[:80].strip() for line in lines)
    right = " ".join(line[80:].strip() for line in lines)
    assert "After encryption is b'utgs" in left
    assert "The word after decrypted is: the answer is no" in right


def test_cs330_one_after_the_other_on_a_narrow_terminal(driver: Driver) -> None:
    shown, _ = driver.run_on_terminal("cs330", columns=80)
    ports = re.compile(r"(?<=port number )\d+")
    assert ports.sub("PORT", shown) == ports.sub("PORT", driver.run("cs330").stdout)


def test_a_summary_where_stderr_is_a_terminal(driver: Driver) -> None:
    shown, run = driver.run_on_terminal("mp4", "cs330", streams=("stderr",))
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in shown.splitlines()]
    messages = [row for row in rows if len(row) == 5]
    samples = sorted((ROOT / "sample_messages").iterdir())
    assert [row[:2] for row in messages] == [
        [sample.name, str(sample.stat().st_size)] for sample in samples
    ]
    assert [row[2] for row in messages][:3] == ["172", "2904", "216"]
    assert {row[4] for row in messages} == {"passed"}
    assert [row for row in rows if len(row) == 2] == [
        ["scripted", "passed"],
        ["no server", "passed"],
    ]
    assert "\x1b" not in run.stdout


def test_no_summary_of_nothing(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    with Terminal() as terminal, open(terminal.theirs, "w", closefd=False) as stderr:
        monkeypatch.setattr("sys.stderr", stderr)
        Screen().summarize(["session", "verdict"], [])
        Screen().note("the end")
        terminal.release()
        assert terminal.read_all() == "the end\n"


def test_progress_where_stderr_alone_is_a_terminal(driver: Driver, tmp_path: Path) -> None:
    with (tmp_path / "out").open("w") as file:
        shown, _ = driver.run_on_terminal("mp4", streams=("stderr",), stdout=file)
    assert "Sending messages" in shown
    assert (tmp_path / "out").read_text().startswith("MP4 Driver: Server Thread Started...\n")
    (tmp_path / "out").unlink()
    piped, run = driver.run_on_terminal("mp4", streams=("stderr",))
    assert "Sending messages" not in piped
    assert run.stdout.startswith("MP4 Driver: Server Thread Started...\n")
    both, _ = driver.run_on_terminal("mp4", streams=("stdout", "stderr"))
    assert "Sending messages" not in both
    assert "verdict" in both


def test_quiet_is_quiet_on_a_terminal(driver: Driver) -> None:
    shown, _ = driver.run_on_terminal("--quiet", streams=("stdout", "stderr"))
    assert shown == ""


def test_a_name_can_not_steer_the_terminal(driver: Driver, tmp_path: Path) -> None:
    message = tmp_path / "\x1b[2J\nhint: nonsense"
    message.write_text("text")
    shown, _ = driver.run_on_terminal("mp4", "--messages", message, streams=("stderr",))
    assert "│ \\x1b[2J\\nhint: nonsense │" in shown
    missing = driver.run("mp4", "--messages", f"{message}?")
    assert len(missing.stderr.splitlines()) == 2
    assert "\x1b" not in missing.stderr


@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "ascii:strict"},
    ],
    ids=str,
)
def test_a_locale_without_unicode(driver: Driver, tmp_path: Path, env: dict[str, str]) -> None:
    message = tmp_path / "grüße.txt"
    message.write_text("Grüße 文\n")
    run = driver.run("mp4", "cs330", "--messages", message, env=env)
    assert run.returncode == 0, run.stderr
    assert "Gr\\xfc\\xdfe \\u6587\n" in run.stdout
    shown, _ = driver.run_on_terminal(
        *("mp4", "--messages", message), env=env, streams=("stdout", "stderr")
    )
    assert re.search(r"gr\\(xfc|udcc3)", shown)
    assert "Traceback" not in shown
    assert (driver.folders()[0] / "ftpreceived/server_message0.txt").read_text().count("Grüße 文")
