"""Where a machine gives no namespaces: processes of this user, and none of them left."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from grading.isolation import PROCESSES, find_isolation
from grading.sandbox.program import Ending
from tests.grading.sandbox.support import processes_with, run_in_sandbox
from tests.grading.sandbox.test_arena import DAEMON, MEMORY_OF_MANY

pytestmark = pytest.mark.usefixtures("subreaper")

FORKS = """
import os, time
for _ in range(60):
    if not os.fork():
        os.setsid()
        time.sleep(60)
time.sleep(60)
"""


@pytest.mark.parametrize(
    ("source", "ending"),
    [
        ("print('done')", Ending.EXITED),
        (DAEMON, Ending.EXITED),
        (FORKS, Ending.PROCESSES),
        (MEMORY_OF_MANY, Ending.MEMORY),
        ("while True: print('x' * 70)", Ending.OUTPUT),
        ("import time\ntime.sleep(600)", Ending.TIME),
    ],
    ids=["exits", "daemon", "forks", "memory", "output", "sleep"],
)
def test_limits_hold_and_nothing_is_left(tmp_path: Path, source: str, ending: Ending) -> None:
    mark = f"left-behind-{os.getpid()}"
    outcome = run_in_sandbox(
        tmp_path,
        source,
        isolated=False,
        seconds=1.0 if ending is Ending.TIME else 20.0,
        arguments=(sys.executable, "program.py", mark),
    )
    assert outcome.ending is ending
    assert not processes_with(mark)


def test_lines_are_typed_here_too(tmp_path: Path) -> None:
    outcome = run_in_sandbox(
        tmp_path, "print(input('name: ').upper())", lines=("ada",), isolated=False
    )
    assert outcome.text == "name: ada\nADA\n"


def test_what_is_weaker_is_said(tmp_path: Path) -> None:
    isolation = find_isolation(tmp_path, wanted=PROCESSES)
    assert isolation.name == PROCESSES
    assert "nothing is judged by the wire" in isolation.detail
