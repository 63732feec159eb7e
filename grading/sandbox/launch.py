"""From a command to a process: its descriptors, user, limits and folder."""

from __future__ import annotations

import os
import resource
import signal
import termios
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import astuple, dataclass
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

from grading.sandbox import kernel
from grading.sandbox.namespaces import PROGRAM_ID

_COLUMNS = 200


@dataclass(frozen=True)
class Quota:
    """What a program may take."""

    cpu_seconds: int
    memory: int
    """Bytes, of all its processes together."""
    disk: int
    """Bytes, of all that the programs of a run write."""
    processes: int
    """Threads count too."""
    open_files: int
    output: int
    """Bytes on its console."""


@dataclass(frozen=True)
class Ends:
    """The two ends of a program's console. They are one and the same on a terminal."""

    ours: int
    theirs: int
    stdin: int
    """What it reads from."""

    def __iter__(self) -> Iterator[int]:
        return iter(astuple(self))


def open_terminal() -> Ends:
    """A pseudo-terminal that echoes what is typed and leaves alone what is printed."""
    ours, theirs = os.openpty()
    settings = termios.tcgetattr(theirs)
    settings[1] = 0  # no line end is rewritten
    settings[3] = termios.ICANON | termios.ECHO | termios.ISIG
    termios.tcsetattr(theirs, termios.TCSANOW, settings)
    termios.tcsetwinsize(theirs, (50, _COLUMNS))
    return Ends(ours, theirs, theirs)


def open_pipe() -> Ends:
    """A pipe for what is printed; nothing to read."""
    ours, theirs = os.pipe()
    return Ends(ours, theirs, os.open(os.devnull, os.O_RDONLY))


def close_theirs(ends: Ends) -> None:
    """Let go of what only the program needs."""
    for descriptor in {ends.theirs, ends.stdin}:
        os.close(descriptor)


def close_all_but(kept: set[int]) -> None:
    """Close this process's descriptors, standard input and outputs too."""
    edges = [-1, *sorted(kept), os.sysconf("SC_OPEN_MAX")]
    for before, after in pairwise(edges):
        os.closerange(before + 1, after)


def become(
    arguments: tuple[str, ...],
    environment: dict[str, str],
    ends: Ends,
    quota: Quota,
    *,
    folder: Path,
    own_user: bool,
    stderr_apart: bool,
) -> NoReturn:
    """Make this process the program. Raises OSError where it can't be started."""
    if ends.stdin == ends.theirs:
        os.login_tty(ends.theirs)
    else:
        os.setsid()
        os.dup2(ends.stdin, 0)
        os.dup2(ends.theirs, 1)
        os.dup2(ends.theirs, 2)
    if stderr_apart:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    kernel.leave_keyring()
    os.chdir(folder)
    os.umask(0o022)
    for number in (signal.SIGPIPE, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    _limit(quota)
    if own_user:
        # Counted in the program's own user namespace; elsewhere the user's other processes count.
        resource.setrlimit(resource.RLIMIT_NPROC, (quota.processes, quota.processes))
        with suppress(PermissionError):  # whoever is not root has no groups to lose
            os.setgroups([])
        os.setresgid(PROGRAM_ID, PROGRAM_ID, PROGRAM_ID)
        os.setresuid(PROGRAM_ID, PROGRAM_ID, PROGRAM_ID)
    kernel.gain_no_privileges()
    os.execvpe(arguments[0], arguments, environment)


def _limit(quota: Quota) -> None:
    for kind, amount in (
        (resource.RLIMIT_CPU, quota.cpu_seconds),
        (resource.RLIMIT_DATA, quota.memory),
        (resource.RLIMIT_FSIZE, quota.disk),
        (resource.RLIMIT_NOFILE, quota.open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        lowest = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        resource.setrlimit(kind, (lowest, lowest))
