"""A program run in the sandbox, as grading runs one."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from grading.sandbox.arena import Arena, Stage, run_in_arena
from grading.sandbox.launch import Quota
from grading.sandbox.program import Command, Ending, Program

HOST = "host"
PATIENCE = 30.0
QUOTA = Quota(
    cpu_seconds=5, memory=256 << 20, disk=8 << 20, processes=32, open_files=64, output=100_000
)


@dataclass
class Outcome:
    """What became of a program."""

    ending: Ending
    exit_code: int | None
    fault: str
    text: str
    typed: list[str]


def run_in_sandbox(
    folder: Path,
    source: str,
    *,
    lines: tuple[str, ...] = (),
    seconds: float = 10.0,
    isolated: bool = True,
    terminal: bool = True,
    messages: dict[str, bytes] | None = None,
    arguments: tuple[str, ...] = (sys.executable, "program.py"),
) -> Outcome:
    """Run a Python program, typing `lines`; after `seconds` it is ended."""
    submission = folder / "submission"
    if not submission.exists():
        submission.mkdir()
    (submission / "program.py").write_text(source)
    place = folder / "place"
    place.mkdir(exist_ok=True)
    stage = Stage(place, submission, messages or {}, (HOST,), QUOTA, (HOST,))
    environment = {"PATH": os.environ["PATH"], "TERM": "dumb", "PYTHONDONTWRITEBYTECODE": "1"}
    command = Command(
        "program", arguments, environment, terminal, isolated, reads_messages=bool(messages)
    )

    async def run(arena: Arena) -> Outcome:
        watching = asyncio.create_task(arena.watch())
        program = arena.start(command, HOST)
        await _to_its_end(program, lines, seconds)
        await arena.close()
        watching.cancel()
        typed = [said.data.decode() for said in program.said if said.typed]
        text = program.text().decode(errors="surrogateescape")
        return Outcome(program.ending, program.exit_code, program.fault, text, typed)

    return run_in_arena(stage, run, isolated=isolated, timeout=PATIENCE)


async def _to_its_end(program: Program, lines: tuple[str, ...], seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            if program.command.terminal:
                await program.type(lines)
            await program.exited.wait()
    except TimeoutError:
        program.end(Ending.TIME)


def processes_with(text: str) -> list[str]:
    """The command lines of this machine's processes that have a text in them."""
    listed = subprocess.run(
        ["ps", "-eo", "args"], capture_output=True, text=True, check=True, errors="replace"
    )
    return [line for line in listed.stdout.splitlines() if text in line]
