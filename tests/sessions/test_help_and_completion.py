"""--help of every program, and what a shell is told can stand on a command line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import driver
from client import options as client_options
from ftp_service import __main__ as ftp_program
from server import options as server_options
from tests.programs import ROOT, environment, run_program
from tests.tools import require_tool

COMMANDS = [
    ["driver.py"],
    ["driver.py", "run"],
    ["-m", "server"],
    ["-m", "client"],
    ["-m", "ftp_service"],
]
MODES = {"open", "classic", "secure"}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_has_an_example_and_fits_80_columns(command: list[str]) -> None:
    run = run_program(*command, "--help", env={"COLUMNS": "200"})
    assert (run.returncode, run.stderr) == (0, "")
    assert max(map(len, run.stdout.splitlines())) <= 80
    usage, example = run.stdout.splitlines()[0], run.stdout.splitlines()[-1]
    assert usage.startswith("usage: ")
    assert example.startswith(f"  python {' '.join(command)}")


@pytest.mark.parametrize(
    ("command", "parse"),
    [
        (["driver.py", "run"], driver._parser().parse_args),
        (["-m", "server"], server_options.parse),
        (["-m", "client"], client_options.parse),
        (["-m", "ftp_service"], ftp_program._parser().parse_args),
    ],
)
def test_the_example_is_a_command_line(
    command: list[str], parse: Callable[[list[str]], object]
) -> None:
    program = len(command) if command[0] == "-m" else 1
    example = run_program(*command, "--help").stdout.splitlines()[-1].split()
    assert example[: program + 1] == ["python", *command[:program]]
    parse(example[program + 1 :])


def completions(program: list[str], line: str) -> set[str]:
    """What a shell would offer at the line's end, by argcomplete's protocol: file descriptor 8."""
    answer, theirs = os.pipe()
    bridge = 'exec "$@" 8>&' + str(theirs) + " 9>/dev/null"
    variables = {
        "_ARGCOMPLETE": str(len(program)),
        "_ARGCOMPLETE_IFS": "\n",
        "_ARGCOMPLETE_SHELL": "bash",
        "COMP_LINE": line,
        "COMP_POINT": str(len(line.encode())),
        "COMP_TYPE": "9",
    }
    with subprocess.Popen(
        [require_tool("bash"), "-c", bridge, "bash", sys.executable, *program],
        cwd=ROOT,
        env=environment(variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=[theirs],
    ) as process:
        os.close(theirs)
        with open(answer, encoding="utf-8") as offered:
            words = {word.strip() for word in offered.read().split("\n")} - {""}
        assert process.stdout
        assert process.stdout.read() == b""
    return words


@pytest.mark.parametrize(
    ("program", "typed", "offered"),
    [
        (["driver.py"], "", {"run"}),
        (["driver.py"], "run ", {"mp4", "cs330", "--messages", "--mode", "--json", "--jobs"}),
        (["driver.py"], "run c", {"cs330"}),
        (["driver.py"], "run mp4 --mode ", MODES),
        (["driver.py"], "run --pass", {"--password-file"}),
        (["-m", "client"], "--mode ", MODES),
        (["-m", "client"], "--", {"--host", "--port", "--message-id", "--retries"}),
        (["-m", "server"], "--lab ", {"mp4", "cs330"}),
        (["-m", "server"], "--largest", {"--largest-body"}),
        (["-m", "ftp_service"], "--t", {"--tls"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_completion(program: list[str], typed: str, offered: set[str]) -> None:
    words = completions(program, f"{' '.join(program)} {typed}")
    assert offered <= words
    if typed and not typed.endswith((" ", "--")):
        assert words == offered


def test_completion_offers_files(tmp_path: Path) -> None:
    (tmp_path / "a message.txt").touch()
    (words,) = completions(["driver.py"], f"driver.py run --messages {tmp_path}/")
    assert words.endswith("message.txt")


@pytest.mark.parametrize(("shell", "check"), [("bash", "-n"), ("zsh", "-n"), ("fish", "-n")])
def test_each_shell_takes_the_code_to_register(tmp_path: Path, shell: str, check: str) -> None:
    maker = Path(sys.executable).with_name("register-python-argcomplete")
    code = subprocess.run(
        [maker, "--shell", shell, "driver.py", "wirelab"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    assert "wirelab" in code
    file = tmp_path / "completion"
    file.write_text(code)
    assert subprocess.run([require_tool(shell), check, file], check=False).returncode == 0
