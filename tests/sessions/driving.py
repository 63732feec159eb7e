"""The driver as its users start it, watched for what it leaves behind."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from tests.programs import ROOT, environment
from tests.sessions.terminal import Terminal

_MARK = "RUN_OF_A_TEST"
_SECONDS = 60
_SMALLEST_PIPE = 4096


class Driver:
    """`python driver.py run ... --output OUTPUT --json JSON`, from a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.output = folder / "output"
        self.json = folder / "run.json"
        self._mark = uuid.uuid4().hex
        self._elsewhere = [folder / name for name in ("home", "tmp", "cwd")]
        for place in self._elsewhere:
            place.mkdir()

    def command(self, *arguments: str | Path) -> list[str]:
        fixed = ["--output", str(self.output), "--json", str(self.json)]
        return [sys.executable, str(ROOT / "driver.py"), "run", *fixed, *map(str, arguments)]

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        home, tmp, _ = map(str, self._elsewhere)
        own = {"HOME": home, "TMPDIR": tmp, _MARK: self._mark, "TERM": "xterm-256color"}
        inherited = environment()
        for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "COLORTERM"):
            inherited.pop(name, None)
        return {**inherited, **own, **(extra or {})}

    def start(
        self, *arguments: str | Path, env: Mapping[str, str] | None = None, **options: Any
    ) -> subprocess.Popen[str]:
        """A run in the background; both outputs are pipes unless `options` say otherwise."""
        settings: dict[str, Any] = {
            "cwd": self._elsewhere[2],
            "env": self.environment(env),
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "encoding": "utf-8",
        }
        return subprocess.Popen(self.command(*arguments), **(settings | options))

    def run(
        self, *arguments: str | Path, env: Mapping[str, str] | None = None, **options: Any
    ) -> subprocess.CompletedProcess[str]:
        """A run to its end."""
        with self.start(*arguments, env=env, **options) as process:
            stdout, stderr = process.communicate(timeout=_SECONDS)
        return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)

    def run_command(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        """Any command that runs the driver, to its end."""
        return subprocess.run(
            command,
            cwd=self._elsewhere[2],
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=_SECONDS,
            check=False,
        )

    def run_on_terminal(
        self,
        *arguments: str | Path,
        columns: int = 80,
        env: Mapping[str, str] | None = None,
        streams: tuple[str, ...] = ("stdout",),
        **elsewhere: Any,
    ) -> tuple[str, subprocess.CompletedProcess[str]]:
        """A run to its end, some of its streams on a terminal: what that showed, and the rest."""
        with Terminal(columns) as terminal:
            options = dict.fromkeys(streams, terminal.theirs) | elsewhere
            with self.start(*arguments, env=env, start_new_session=True, **options) as process:
                terminal.release()
                shown = terminal.read_all()
                stdout, stderr = process.communicate(timeout=_SECONDS)
        return shown, subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)

    def record(self) -> dict[str, Any]:
        """What `--json` holds."""
        record: dict[str, Any] = json.loads(self.json.read_text(encoding="utf-8"))
        return record

    def folders(self) -> list[Path]:
        """The folders of the runs so far, oldest first."""
        return sorted(self.output.iterdir(), key=lambda folder: folder.stat().st_mtime_ns)

    def processes(self) -> list[str]:
        """Command lines of the processes of this driver's runs that are alive."""
        alive = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if f"{_MARK}={self._mark}".encode() in (process / "environ").read_bytes():
                    alive.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:
                continue  # it ended meanwhile, or is another user's
        return alive

    def assert_nothing_left(self) -> None:
        """No process, open port or file beside the output is left of the runs so far."""
        assert self.processes() == []
        for place in self._elsewhere:
            left = [file.name for file in place.iterdir() if not file.name.startswith(".coverage")]
            assert left == []
        beside = self.json.parent.glob(".*.json")
        assert list(beside) == []
        if self.json.exists():
            for lab in self.record()["labs"]:
                for address in filter(None, (lab["server"], lab["ftp"])):
                    assert not _is_open(address["host"], address["port"])


@contextmanager
def narrow_pipe(room: int = _SMALLEST_PIPE) -> Iterator[tuple[IO[str], int]]:
    """A pipe that takes this many bytes, then blocks: its reader, and its end for a program."""
    ours, theirs = os.pipe()
    fcntl.fcntl(theirs, fcntl.F_SETPIPE_SZ, _SMALLEST_PIPE)
    os.write(theirs, bytes(_SMALLEST_PIPE - room))
    with open(ours, encoding="utf-8") as reader:
        try:
            yield reader, theirs
        finally:
            os.close(theirs)


def _is_open(host: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) == 0
