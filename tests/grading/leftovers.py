"""What a grading could leave on a machine: processes, mounts."""

from __future__ import annotations

import ctypes
import os
import select
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_IN_MODIFY = 2

MARK = "WIRELAB_TEST_GRADING"
"""In the environment of a grader, and so of every process that it does not start in a sandbox."""


def mounts() -> set[str]:
    """Everything that is mounted."""
    return set(Path("/proc/self/mountinfo").read_text().splitlines())


def wait_until_gone(folder: Path, mark: str, seconds: float = 30.0) -> None:
    """Wait for the end of all that a grading started; fails if it goes on."""
    while found := processes_in(folder, mark):
        for process, command in found.items():
            with suppress(ProcessLookupError):
                ended = os.pidfd_open(process)
                try:
                    assert select.select([ended], [], [], seconds)[0], f"still there: {command}"
                finally:
                    os.close(ended)


def processes_in(folder: Path, mark: str) -> dict[int, str]:
    """The command lines of processes in a sandbox, in a folder, or with a marked environment.

    All that a grading starts is one of these.
    """
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes().split(b"\0")
            current = (process / "cwd").readlink()
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # it has ended, or is the kernel's
            continue
        in_sandbox = b"HOME=/lab/work" in environment
        if in_sandbox or f"{MARK}={mark}".encode() in environment or folder in current.parents:
            found[int(process.name)] = command
    return found


@contextmanager
def watched(folder: Path) -> Iterator[Callable[[], None]]:
    """Within it, what it gives waits until something in the folder is written to (inotify(7))."""
    libc = ctypes.CDLL(None)
    events = libc.inotify_init1(os.O_CLOEXEC)
    assert libc.inotify_add_watch(events, bytes(folder), _IN_MODIFY) >= 0

    def wait() -> None:
        assert select.select([events], [], [], 60.0)[0], f"nothing was written in {folder}"
        os.read(events, 65536)

    try:
        yield wait
    finally:
        os.close(events)
