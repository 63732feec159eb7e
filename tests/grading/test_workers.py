"""Workers, as processes: fed, replaced, gone with their parent."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from grading.workers import Workers
from tests.programs import ROOT


def double(task: int) -> tuple[int, int]:
    return task * 2, os.getpid()


def die_at_three(task: int) -> int:
    if task == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return task


def gone(process: int) -> bool:
    """Whether a process has ended, collected or not."""
    status = Path(f"/proc/{process}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z"


@pytest.mark.parametrize("count", [1, 3])
def test_every_task_gets_its_result(count: int) -> None:
    with Workers(count, double) as workers:
        done = dict(workers.run(range(20)))
    assert {task: result and result[0] for task, result in done.items()} == {
        task: task * 2 for task in range(20)
    }
    processes = {result[1] for result in done.values() if result}
    assert 1 <= len(processes) <= count
    assert os.getpid() not in processes
    assert all(map(gone, processes))


def test_one_at_a_time_where_that_is_asked_for() -> None:
    with Workers(3, double) as workers:
        done = dict(workers.run(range(6), at_once=1))
    assert len(done) == 6


def test_a_worker_that_is_lost_costs_its_task_only() -> None:
    with Workers(2, die_at_three) as workers:
        done = dict(workers.run(range(8)))
    assert done == {task: None if task == 3 else task for task in range(8)}


def test_it_is_left_with_tasks_under_way() -> None:
    tasks: Callable[[int], None] = time.sleep
    with Workers(2, tasks) as workers:
        pending = workers.run([0, 600])
        assert next(pending)[0] == 0
    assert threading.active_count() == 1


PARENT = """
import os, sys, time
from grading.workers import Workers
with Workers(2, lambda task: (print(os.getpid(), flush=True), time.sleep(600))) as workers:
    list(workers.run([1, 2]))
"""


def test_workers_end_with_a_parent_that_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        workers = [os.pidfd_open(int(parent.stdout.readline())) for _ in range(2)]
        parent.kill()
        for worker in workers:
            assert select.select([worker], [], [], 30)[0]  # readable once it has ended
            os.close(worker)
