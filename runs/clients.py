"""The client program as the driver starts it: a process of its own for each message."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from runs.settings import ROOT
from wire.errors import INTERRUPTED, LabFailed, NoServer, Refused, TimedOut, UsageError

SERVER_NAME = "localhost"

_SLACK_SECONDS = 5.0
"""What a client gets beyond its own timeout to say so and end."""

_VERDICTS = {
    None: "timed out",
    0: "passed",
    LabFailed.exit_code: "failed",
    UsageError.exit_code: "wrong usage",
    NoServer.exit_code: "no server",
    Refused.exit_code: "refused",
    TimedOut.exit_code: "timed out",
    INTERRUPTED: "interrupted",
}


@dataclass(frozen=True)
class EndedClient:
    """A client's exit code, None if it had to be killed, and what it printed if captured."""

    exit_code: int | None
    stdout: str = ""
    stderr: str = ""

    @property
    def verdict(self) -> str:
        """What the exit code says, in a word or two."""
        return _VERDICTS.get(self.exit_code, "crashed")


class Clients:
    """Client processes; whichever still run when the `with` block ends are killed."""

    def __init__(self, timeout: float) -> None:
        self._patience = timeout + _SLACK_SECONDS
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

    def run(
        self, arguments: list[str], options: Mapping[str, str], *, typed: str | None = None
    ) -> EndedClient:
        """Run a client to its end.

        `options` go by the environment, where no other user can read them. With
        `typed`, that is its stdin, and what it prints is returned, not shown.
        """
        captured = None if typed is None else subprocess.PIPE
        with self._lock:
            if self._closed:
                return EndedClient(None)
            # Out of the terminal's foreground group: Ctrl-C is the driver's to act on.
            process = subprocess.Popen(
                [sys.executable, "-m", "client", *arguments],
                cwd=ROOT,
                env=_environment(options),
                stdin=captured or subprocess.DEVNULL,
                stdout=captured,
                stderr=captured,
                text=True,
                encoding="utf-8",
                errors="backslashreplace",
                process_group=0,
            )
            self._running.add(process)
        try:
            stdout, stderr = process.communicate(typed, timeout=self._patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return EndedClient(None)
        finally:
            with self._lock:
                self._running.discard(process)
        return EndedClient(process.returncode, stdout or "", stderr or "")


def _environment(options: Mapping[str, str]) -> dict[str, str]:
    """Ours, but for the user's own choices of client options."""
    inherited = {name: value for name, value in os.environ.items() if name[:8] != "WIRELAB_"}
    return inherited | {f"WIRELAB_{name}": value for name, value in options.items()}
