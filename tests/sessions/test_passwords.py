"""Where a password comes from, and where it never goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.programs import ROOT
from tests.sessions.driving import Driver
from tests.sessions.terminal import Terminal
from tests.sessions.test_mp4 import classic, content_of, logs_in

MESSAGE = ROOT / "sample_messages/message0.txt"
SECRET = "Pässword 文 of the message"
FTP_SECRET = "password-of-the-ftp-service"


def assert_encrypted_under(driver: Driver, password: str) -> None:
    log = logs_in(driver.folders()[0] / "ftpreceived")["server_message0.txt"]
    assert content_of(log) == (MESSAGE.read_bytes(), classic(MESSAGE.read_bytes(), password))


def test_from_the_environment(driver: Driver) -> None:
    driver.run("mp4", "--messages", MESSAGE, env={"WIRELAB_PASSWORD": SECRET})
    assert_encrypted_under(driver, SECRET)


@pytest.mark.parametrize("rest", ["", "\n", "\r\nsecond line\n"])
def test_from_a_file_before_the_environment(driver: Driver, tmp_path: Path, rest: str) -> None:
    file = tmp_path / "password"
    file.write_bytes((SECRET + rest).encode())
    driver.run(
        *("mp4", "--messages", MESSAGE, "--password-file", file),
        env={"WIRELAB_PASSWORD": "another"},
    )
    assert_encrypted_under(driver, SECRET)


def test_from_the_terminal_unseen(driver: Driver) -> None:
    with Terminal() as terminal:
        process = driver.start(
            *("mp4", "--messages", MESSAGE, "--ask-password"),
            env={"WIRELAB_PASSWORD": "another"},
            stdin=terminal.theirs,
            stderr=terminal.theirs,
            start_new_session=True,
        )
        terminal.release()
        with process:
            terminal.read_until("Password: ")
            terminal.type(f"{SECRET}\n")
            stdout, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        assert SECRET not in terminal.read_all() + stdout
    assert_encrypted_under(driver, SECRET)


@pytest.mark.parametrize("typed", ["\n", "\x04"], ids=["nothing", "end of input"])
def test_none_from_the_terminal(driver: Driver, typed: str) -> None:
    with Terminal() as terminal:
        process = driver.start(
            *("mp4", "--ask-password"),
            stdin=terminal.theirs,
            stderr=terminal.theirs,
            start_new_session=True,
        )
        terminal.release()
        with process:
            terminal.read_until("Password: ")
            terminal.type(typed)
            assert process.wait(timeout=60) == 2
        assert "driver: what was typed is no password\nhint: " in terminal.read_all()
    assert not driver.output.exists()


def test_ctrl_c_at_the_prompt(driver: Driver) -> None:
    with Terminal() as terminal:
        process = driver.start(
            *("mp4", "--ask-password"),
            stdin=terminal.theirs,
            stderr=terminal.theirs,
            start_new_session=True,
        )
        terminal.release()
        with process:
            terminal.read_until("Password: ")
            process.terminate()
            assert process.wait(timeout=60) == 130
        assert "driver: interrupted\n" in terminal.read_all()
    assert driver.record()["verdict"] == "interrupted"


def test_no_password_is_ever_shown(driver: Driver, tmp_path: Path) -> None:
    """The service's is made for the run, so for this test the run is given a known one."""
    used = tmp_path / "used"
    (tmp_path / "sitecustomize.py").write_text(
        "import pathlib, secrets\n"
        f"def known():\n    pathlib.Path({str(used)!r}).touch()\n    return {FTP_SECRET!r}\n"
        "secrets.token_urlsafe = known\n"
    )
    env = {"WIRELAB_PASSWORD": SECRET, "PYTHONPATH": str(tmp_path)}
    process = driver.start("mp4", "--messages", *3 * [MESSAGE], env=env)
    command_lines = set[str]()
    with process:
        assert process.stdout
        assert process.stderr
        shown = ""
        for line in process.stdout:
            shown += line
            command_lines.update(driver.processes())
        shown += process.stderr.read()
    assert process.wait() == 0
    assert used.exists()
    assert any("-m client" in line for line in command_lines)
    written = driver.json.read_text()
    for secret in (SECRET, FTP_SECRET):
        assert secret not in shown
        assert secret not in written
        assert not any(secret in line for line in command_lines)
        for file in driver.output.rglob("*.txt"):
            assert secret not in file.read_text()
