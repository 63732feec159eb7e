"""The client program as the driver starts it: a process of its own for each message."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from runs.settings import ROOT
from wire.errors import INTERRUPTED, LabFailed, NoServer, Refused, TimedOut, UsageError

SERVER_NAME = "localhost"

_SLACK_SECONDS = 5.0
"""What a client gets beyond its own timeout to say so and end."""

_VERDICTS = {
    0: "passed",
    LabFailed.exit_code: "failed",
    UsageError.exit_code: "wrong usage",
    NoServer.exit_code: "no server",
    Refused.exit_code: "refused",
    TimedOut.exit_code: "timed out",
    INTERRUPTED: "interrupted",
}

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


@dataclass(frozen=True)
class EndedClient:
    """How a client ended, its exit code if it did so by itself, what it printed if captured."""

    verdict: str
    exit_code: int | None = None
    stdout: str = ""
    stderr: str = ""


class Clients:
    """Client processes, each awaited in a thread; those that run when `with` ends are killed.

    The threads are there for signals' sake: these interrupt the main thread
    only, and so never come between the start of a process and the note of it.
    """

    def __init__(self, timeout: float, jobs: int = 1) -> None:
        self._patience = timeout + _SLACK_SECONDS
        self._threads = ThreadPoolExecutor(jobs)
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()
        self._closed = False

    def __enter__(self) -> Clients:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._closed = True
            for process in self._running:
                process.kill()
        self._threads.shutdown(cancel_futures=True)

    def submit(
        self,
        function: Callable[Parameters, Result],
        *arguments: Parameters.args,
        **options: Parameters.kwargs,
    ) -> Future[Result]:
        """Call a function, which calls `run`, in one of the threads."""
        return self._threads.submit(function, *arguments, **options)

    def run(
        self, arguments: list[str], options: Mapping[str, str], *, typed: str | None = None
    ) -> EndedClient:
        """Run a client to its end. Raises LabFailed if it can't be started.

        `options` go by the environment, where no other user can read them. With
        `typed`, that is its stdin, and what it prints is returned, not shown.
        """
        with self._lock:
            if self._closed:
                return EndedClient("interrupted")
            process = _start(arguments, options, captured=typed is not None)
            self._running.add(process)
        late = threading.Event()

        def give_up() -> None:
            late.set()
            process.kill()

        # A wait with a timeout polls, and would end up to 32 ms after the client.
        timer = threading.Timer(self._patience, give_up)
        timer.start()
        try:
            stdout, stderr = process.communicate(typed)
        finally:
            timer.cancel()
            with self._lock:
                self._running.discard(process)
        if late.is_set():
            return EndedClient("timed out")
        if process.returncode < 0:
            return EndedClient("interrupted" if self._closed else "crashed")
        verdict = _VERDICTS.get(process.returncode, "crashed")
        return EndedClient(verdict, process.returncode, stdout or "", stderr or "")


def _start(
    arguments: list[str], options: Mapping[str, str], *, captured: bool
) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE if captured else None
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "client", *arguments],
            cwd=ROOT,
            env=_environment(options),
            stdin=pipe or subprocess.DEVNULL,
            stdout=pipe,
            stderr=pipe,
            text=True,
            encoding="utf-8",
            errors="backslashreplace",
            start_new_session=True,  # Ctrl-C is the driver's to act on
        )
    except OSError as error:
        raise LabFailed(
            f"can't start a client: {error.strerror}", "free some memory, or lower --jobs"
        ) from error


def _environment(options: Mapping[str, str]) -> dict[str, str]:
    """Ours, but for the user's own choices of client options."""
    inherited = {name: value for name, value in os.environ.items() if name[:8] != "WIRELAB_"}
    return inherited | {f"WIRELAB_{name}": value for name, value in options.items()}
