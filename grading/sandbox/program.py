"""A program that runs in the sandbox: heard, typed to, held to its limits, ended."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import struct
import termios
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

from grading.sandbox import tables
from grading.sandbox.launch import Ends, Quota, close_theirs
from grading.sandbox.ticks import tick

_CHUNK = 65536
_SEVERAL = 1.25
"""What processes may have together, as a multiple of what each may: the kernel holds one alone."""
_ROUNDS = 1000
"""How often processes that may fork are looked for anew, to be ended."""
_END_OF_INPUT = b"\x04"
_ENDS_OF_INPUT = 3
"""How often a program that reads on is told that there is no more."""
_QUIET_SECONDS = 0.5
"""After so long a program that waits for one of several things is taken to wait for a line."""


class Ending(Enum):
    """How a program came to its end."""

    RUNNING = "still running"
    EXITED = "ended by itself"
    STOPPED = "stopped when it was no longer needed"
    NOT_STARTED = "could not be started"
    NOT_THERE = "is not in the submission"
    TIME = "took too long"
    MEMORY = "used too much memory"
    PROCESSES = "started too many processes or threads"
    OUTPUT = "printed too much"
    TRAFFIC = "sent too much"


@dataclass(frozen=True)
class Command:
    """A program to start; `arguments` are looked up as a shell would."""

    name: str
    arguments: tuple[str, ...]
    environment: dict[str, str]
    terminal: bool
    isolated: bool
    """Whether it has namespaces of its own."""
    trusted: bool = False
    """Whether it is the lab's own: it sees the lab, and its standard error is not shown."""
    reads_messages: bool = False
    """Whether it is handed the lab's messages."""


@dataclass(frozen=True)
class Said:
    """Something on a console, in seconds since the start of the run."""

    seconds: float
    data: bytes
    typed: bool = False
    """Whether it was typed; the terminal's echo of it is there as well."""


class Program:
    """A running program and its console. Made by an arena."""

    def __init__(
        self, command: Command, process: int, status: int, ends: Ends, quota: Quota, began: float
    ) -> None:
        """`process` is the first of its family; `status` gives `exit N` or `failed WHY`."""
        self.command = command
        self.process = process
        self.said: list[Said] = []
        self.ending = Ending.RUNNING
        self.exit_code: int | None = None
        self.fault = ""
        self.exited = asyncio.Event()
        """Set once the program itself has ended; what it started may still run."""
        self.over = asyncio.Event()
        """Set once nothing of it is left, and all that it printed is here."""
        self._ends = ends
        self._status = status
        self._quota = quota
        self._began = began
        self._printed = 0
        self._open = {ends.ours, status}
        loop = asyncio.get_running_loop()
        for descriptor, hear in ((ends.ours, self._hear), (status, self._hear_status)):
            os.set_blocking(descriptor, False)
            loop.add_reader(descriptor, hear)

    @property
    def ended(self) -> bool:
        return self.ending is not Ending.RUNNING

    def text(self) -> bytes:
        """What stood on its console."""
        return b"".join(said.data for said in self.said if not said.typed)

    def family(self) -> list[int]:
        """The processes of the program, without the first, which is the sandbox's own."""
        return tables.family(self.process)[1:]

    def hold_to_limits(self) -> None:
        """End the program if it has more than its due."""
        if self.command.trusted or self.over.is_set():
            return
        memory, threads = tables.usage(self.family())
        if threads >= self._quota.processes:
            self.end(Ending.PROCESSES)
        elif memory > _SEVERAL * self._quota.memory:
            self.end(Ending.MEMORY)

    async def type(self, lines: Sequence[str]) -> None:
        """Type lines, each once the program waits for one; then that there is no more.

        Returns when the program has ended, or has been told so often enough.
        """
        entries = [f"{line}\n".encode() for line in lines] + [_END_OF_INPUT] * _ENDS_OF_INPUT
        typed, at = b"", 0
        for entry in entries:
            await self._awaits_input(typed, at)
            if self.exited.is_set() or self.ended:
                return
            if entry != _END_OF_INPUT:
                self._note(entry, typed=True)
                typed, at = entry, len(self.said)
            os.write(self._ends.ours, entry)

    async def _awaits_input(self, typed: bytes, at: int) -> None:
        """Wait until the program reads, and what was typed before has its echo.

        The terminal takes a line a moment after it is written; then it echoes it.
        """
        quiet_since, count = time.monotonic(), len(self.said)
        while not (self.exited.is_set() or self.ended):
            echoed = typed in b"".join(said.data for said in self.said[at:])
            taken = echoed and not self._untaken_input()
            if taken and tables.reads_terminal(self.family()):
                return
            quiet = count == len(self.said) and tables.watches(self.family())
            if not quiet or self._untaken_input():
                quiet_since, count = time.monotonic(), len(self.said)
            elif time.monotonic() - quiet_since > _QUIET_SECONDS:
                return
            await tick()

    def _untaken_input(self) -> int:
        count = fcntl.ioctl(self._ends.stdin, termios.FIONREAD, bytes(4))
        return int(struct.unpack("i", count)[0])

    def interrupt(self, number: int) -> None:
        """Send it a signal, as Ctrl-C would: to all its processes."""
        for process in self.family():
            with suppress(ProcessLookupError):
                os.kill(process, number)

    def end(self, ending: Ending) -> None:
        """End it and all that it started, for a reason; the first reason counts."""
        if not self.ended:
            self.ending = ending
        # With the first process of a namespace all others end. Elsewhere they may fork meanwhile.
        for _ in range(0 if self.command.isolated else _ROUNDS):
            if self.over.is_set() or not self.family():
                break
            self.interrupt(signal.SIGSTOP)
            self.interrupt(signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)

    def _hear(self) -> None:
        try:
            data = os.read(self._ends.ours, _CHUNK)
        except BlockingIOError:
            return
        except OSError:  # how a terminal says that nobody is left at its other end
            data = b""
        if not data:
            self._let_go(self._ends.ours)
            return
        left = max(0, self._quota.output - self._printed)
        self._printed += len(data)
        if data[:left]:
            self._note(data[:left])
        if self._printed > self._quota.output and not self.command.trusted:
            self.end(Ending.OUTPUT)

    def _hear_status(self) -> None:
        for line in os.read(self._status, _CHUNK).splitlines() or [b""]:
            word, _, rest = line.partition(b" ")
            if not word:
                self._let_go(self._status)
            elif word == b"failed":
                self.ending, self.fault = Ending.NOT_STARTED, rest.decode()
            elif not self.ended:
                self.exit_code, self.ending = int(rest), Ending.EXITED
            if not self.exited.is_set():
                self.exited.set()
                close_theirs(self._ends)

    def _let_go(self, descriptor: int) -> None:
        asyncio.get_running_loop().remove_reader(descriptor)
        os.close(descriptor)
        self._open.discard(descriptor)
        if not self._open:
            self.over.set()

    def _note(self, data: bytes, *, typed: bool = False) -> None:
        self.said.append(Said(time.monotonic() - self._began, data, typed))
