"""The real programs as subprocesses, for tests: started, waited for by what they print, ended."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LISTENING = re.compile(r"listening on (\S+):(\d+)")


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The tests' own environment without what steers the programs, and with `extra`."""
    kept = {name: value for name, value in os.environ.items() if name[:8] != "WIRELAB_"}
    return kept | dict(extra or {})


def run_program(
    *arguments: str | Path,
    stdin: str | bytes | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float = 60,
) -> subprocess.CompletedProcess[str]:
    """`python ARGUMENTS` from the repository's top, run to its end; both outputs as text."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=ROOT,
        env=environment(env),
        input=stdin.decode(errors="surrogateescape") if isinstance(stdin, bytes) else stdin or "",
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=timeout,
        check=False,
    )


@dataclass
class RunningServer:
    """A `python -m server`; `port` is the one it bound, `logs` its folder."""

    process: subprocess.Popen[str]
    host: str
    port: int
    logs: Path

    def log(self, number: int) -> bytes:
        return (self.logs / f"server_message{number}.txt").read_bytes()

    def stop(self) -> tuple[str, str]:
        """SIGTERM, and what it printed: stdout, and stderr after its first line."""
        self.process.terminate()
        self.process.wait(30)
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        # Not by `communicate`: what was read along with the first line would be lost on it.
        return self.process.stdout.read(), self.process.stderr.read()


@contextmanager
def running_server(
    logs: Path, *arguments: str, env: Mapping[str, str] | None = None
) -> Iterator[RunningServer]:
    """A server on a free loopback port, ready when this yields, gone when it ends."""
    with subprocess.Popen(
        [sys.executable, "-m", "server", "--port", "0", "--logs", str(logs), *arguments],
        cwd=ROOT,
        env=environment(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        try:
            assert process.stderr is not None
            line = process.stderr.readline()
            match = LISTENING.search(line)
            assert match, f"the server said {line!r}"
            yield RunningServer(process, match[1], int(match[2]), logs)
        finally:
            if process.poll() is None:
                process.terminate()
                process.communicate(timeout=30)
