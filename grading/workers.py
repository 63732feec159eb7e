"""Processes that grade side by side: forked, fed one task at a time, gone with their parent."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe, wait
from typing import Generic, NoReturn, TypeVar, cast

from grading.sandbox import kernel

Task = TypeVar("Task")
Result = TypeVar("Result")


class Workers(Generic[Task, Result]):
    """Processes that each call `work` on one task after another; a context manager.

    Forked when it is entered, which is to be before this process has threads.
    """

    def __init__(self, count: int, work: Callable[[Task], Result]) -> None:
        self._count = count
        self._work = work
        self._workers: dict[Connection, int] = {}

    def __enter__(self) -> Workers[Task, Result]:
        for _ in range(self._count):
            self._fork()
        return self

    def __exit__(self, *_: object) -> None:
        for connection, process in self._workers.items():
            connection.close()
            # Its arena, and all in it, ends with it.
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)

    def run(
        self, tasks: Iterable[Task], *, at_once: int | None = None
    ) -> Iterator[tuple[Task, Result | None]]:
        """Each task with its result as it comes; None where the worker was lost with it."""
        waiting = deque(tasks)
        busy: dict[Connection, Task] = {}
        while waiting or busy:
            free = [one for one in self._workers if one not in busy]
            for connection in free[: (at_once or self._count) - len(busy)]:
                if waiting:
                    busy[connection] = waiting.popleft()
                    connection.send(busy[connection])
            for connection in cast("list[Connection]", wait(list(busy))):
                task = busy.pop(connection)
                try:
                    result = connection.recv()
                except (EOFError, ConnectionError):
                    self._replace(connection)
                    result = None
                yield task, result

    def _replace(self, lost: Connection) -> None:
        os.waitpid(self._workers.pop(lost), 0)
        lost.close()
        self._fork()

    def _fork(self) -> None:
        ours, theirs = Pipe()
        process = os.fork()
        if not process:
            ours.close()
            for other in self._workers:
                other.close()
            self._serve(theirs)
        theirs.close()
        self._workers[ours] = process

    def _serve(self, connection: Connection) -> NoReturn:
        try:
            kernel.die_with_parent(signal.SIGKILL)
            kernel.adopt_orphans()
            os.setsid()  # Ctrl-C is the parent's to act on
            with suppress(EOFError, ConnectionError):
                while True:
                    connection.send(self._work(connection.recv()))
        finally:
            os._exit(1)
