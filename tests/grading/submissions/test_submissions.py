"""The submissions themselves: the right ones are right, and the hostile ones can't be started."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from grading.results import Verdict
from runs.settings import ROOT
from tests.grading.submissions import peers
from tests.grading.submissions.expected import EXPECTED, Expected
from tests.grading.submissions.playing import IN_NAMESPACES, Printed, play
from tests.programs import environment
from tests.sessions.transcript import match_transcript
from tests.tools import require_tool, skip_without

HERE = Path(__file__).parent
CS330 = ROOT / "labs/cs330"
WHEN = re.compile(r"(Message Received at: )\w{3} \w{3} \d\d, \d{4} \d\d:\d\d:\d\d\n")
MP4_CLIENT = re.compile(
    r"Client: Connected to server (\S+)\.\.\.\nClient: Message data sent to server \1\n"
)
MP4_SERVER = re.compile(
    r"Server: Client connected to from \('[\d.]+', (\d+)\)\n"
    r"Server: Message Received from \('[\d.]+', \1\)\n"
)

HARMFUL = {
    "os.fork",
    "os.forkpty",
    "os.kill",
    "os.killpg",
    "os.remove",
    "os.rmdir",
    "os.unlink",
    "os.removedirs",
    "os.truncate",
    "shutil.rmtree",
    "shutil.move",
    "subprocess.run",
    "subprocess.Popen",
    "os.system",
}
GUARD = "not os.environ.get('WIRELAB_SANDBOX')"


def folder(submission: Expected) -> Path:
    return HERE / submission.lab / submission.name


def identity(submission: Expected) -> str:
    return f"{submission.lab}-{submission.name}"


def called(tree: ast.AST) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def is_guarded(tree: ast.Module) -> bool:
    """Whether it ends unless in the sandbox, before it does anything but import."""
    for statement in tree.body:
        if isinstance(statement, ast.If) and ast.unparse(statement.test) == GUARD:
            return ast.unparse(statement.body[0]).startswith("sys.exit(")
        is_docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not is_docstring and not isinstance(statement, ast.Import | ast.ImportFrom):
            return False
    return False


TREES = {
    file: ast.parse(file.read_bytes())
    for submission in EXPECTED
    for file in sorted(folder(submission).rglob("*.py"))
    if identity(submission) != "mp4-syntax_error" or file.name != "client.py"
}
GUARDED = [file for file, tree in TREES.items() if is_guarded(tree)]


def right_sides() -> Iterator[ParameterSet]:
    """What is to be right and can be started: sides for themselves, and both with each other."""
    for submission in EXPECTED:
        sides = [side for side in ("client", "server") if submission.verdict(side) == "passed"]
        for side in sides:
            if folder(submission) / f"{side}.py" in set(TREES) - set(GUARDED):
                yield pytest.param(submission, side, id=f"{identity(submission)}-{side}")
        if len(sides) == 2 and not submission.guarded:
            yield pytest.param(submission, "pair", id=f"{identity(submission)}-pair")


def test_every_folder_has_its_line_and_every_line_its_folder() -> None:
    folders = {path.parent for path in HERE.glob("*/*/server.*")}
    assert {folder(submission) for submission in EXPECTED} == folders
    assert len(EXPECTED) == len(folders) >= 36


@pytest.mark.parametrize("submission", EXPECTED, ids=identity)
def test_its_verdicts_are_verdicts_and_its_programs_there(submission: Expected) -> None:
    for side in ("client", "server"):
        verdict = Verdict(submission.verdict(side))
        there = list(folder(submission).glob(f"{side}.*"))
        assert len(there) == (verdict is not Verdict.NOT_RUN)


def test_every_verdict_that_a_program_can_get_is_there() -> None:
    given = {submission.verdict(side) for submission in EXPECTED for side in ("client", "server")}
    assert given == {verdict.value for verdict in Verdict if verdict is not Verdict.GRADER_FAULT}


def test_what_can_do_harm_has_its_guard() -> None:
    harmful = {file for file, tree in TREES.items() if called(tree) & HARMFUL}
    assert harmful <= set(GUARDED)
    assert {file.parent for file in GUARDED} == {
        folder(submission) for submission in EXPECTED if submission.guarded
    }


def test_a_program_that_does_harm_first_is_not_taken_for_guarded() -> None:
    guard = f"if {GUARD}:\n    sys.exit('no')\n"
    assert is_guarded(ast.parse(f"'''What it is.'''\nimport os, sys\n{guard}os.fork()"))
    assert not is_guarded(ast.parse(f"import os, sys\nos.fork()\n{guard}"))
    assert not is_guarded(ast.parse("import os, sys\nos.fork()"))
    assert not is_guarded(ast.parse("import os, sys"))


@pytest.mark.parametrize("file", GUARDED, ids=lambda file: file.parent.name)
@pytest.mark.parametrize("setting", [{}, {"WIRELAB_SANDBOX": ""}], ids=["unset", "empty"])
def test_it_does_nothing_outside_the_sandbox(
    file: Path, setting: dict[str, str], tmp_path: Path
) -> None:
    copy = tmp_path / "submission"
    shutil.copytree(file.parent, copy)
    before = sorted(tmp_path.rglob("*"))
    ended = subprocess.run(
        [sys.executable, copy / file.name, "message", "password"],
        cwd=tmp_path,
        env=environment(setting),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "this program does harm: it runs only where WIRELAB_SANDBOX is set\n"
    assert sorted(tmp_path.rglob("*")) == before


@pytest.fixture(scope="module")
def network() -> None:
    """Needs namespaces, in which anybody may set up a network."""
    require_tool("unshare")
    require_tool("ip")
    tried = subprocess.run(
        [*IN_NAMESPACES, "true"], capture_output=True, encoding="utf-8", check=False
    )
    if tried.returncode:
        skip_without(f"namespaces: {tried.stderr}")


@pytest.mark.usefixtures("network")
@pytest.mark.parametrize(("submission", "who"), list(right_sides()))
def test_what_is_to_pass_prints_the_transcript(
    submission: Expected, who: str, tmp_path: Path
) -> None:
    if submission.lab == "perl":
        require_tool("perl")
    printed = play(submission.lab, folder(submission), tmp_path, who)
    {"mp4": check_mp4, "cs330": check_cs330, "perl": check_perl}[submission.lab](printed, who)
    assert not list(folder(submission).rglob("__pycache__"))


def check_mp4(printed: Printed, who: str) -> None:
    if who != "server":
        assert len(printed.clients) == len(peers.MESSAGES)
        assert all(map(MP4_CLIENT.fullmatch, printed.clients))
    if who != "client":
        assert MP4_SERVER.sub("message\n", printed.server) == "message\n" * len(peers.MESSAGES)
        assert {name: WHEN.sub(r"\1\n", text) for name, text in printed.logs.items()} == {
            name: WHEN.sub(r"\1\n", text) for name, text in peers.expected_logs().items()
        }


def check_cs330(printed: Printed, who: str) -> None:
    if who != "server":
        assert ended(printed.clients[0]) == (CS330 / "client.txt").read_text()
    if who == "client":
        assert ended(printed.down) == (CS330 / "client-server-down.txt").read_text()
    if who != "client":
        fields = match_transcript(CS330 / "server.txt", ended(printed.server))
        assert re.fullmatch(r"[\d.]+", fields["address"])


def check_perl(printed: Printed, who: str) -> None:
    assert printed.clients == ["Client: got HELLO\n"]
    assert printed.server == "Server: listening\nServer: got hello\n"


def ended(printed: str) -> str:
    """With a newline at its end: a program may leave out its last one."""
    return printed.removesuffix("\n") + "\n"
