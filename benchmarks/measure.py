"""How benchmarks measure: alternating runs, medians, and a ratio against a named peer."""

from __future__ import annotations

import compileall
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EMPTY = [sys.executable, "-c", "pass"]


def seconds_of(command: list[str], env: Mapping[str, str] | None = None) -> float:
    """The wall time of a process, from its start to its end."""
    started = time.perf_counter()
    subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | dict(env or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - started


def medians(candidates: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """The median of each candidate over `rounds` rounds, in each of which all take a turn."""
    figures: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, measure in candidates.items():
            figures[name].append(measure())
    return {name: statistics.median(values) for name, values in figures.items()}


_PACKAGES = (
    *("wire", "client", "server", "ftp_service", "console", "runs"),
    *("capture", "grading", "commands"),
)


def prepare() -> None:
    """Compile the programs, as installing or first running them does, and name the machine."""
    for package in _PACKAGES:
        compileall.compile_dir(ROOT / package, quiet=1)
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")


@contextmanager
def working_folder() -> Iterator[Path]:
    """A folder on the disk that runs write to by default; gone afterwards."""
    output = ROOT / "output"
    output.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output, prefix="bench-") as folder:
        yield Path(folder)


@contextmanager
def serving(*command: str) -> Iterator[int]:
    """A server process that says `listening on HOST:PORT` on stderr; its port."""
    with subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        try:
            words = process.stderr.readline().replace(",", " ").split()
            yield int(words[words.index("on") + 1].rpartition(":")[2])
        finally:
            process.terminate()
            process.communicate()
