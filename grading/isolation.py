"""How far this machine lets programs be kept apart: tried once, before anything is graded."""

from __future__ import annotations

from pathlib import Path

from grading.results import Isolation
from grading.sandbox.arena import Arena, Stage, run_in_arena
from grading.sandbox.launch import Quota
from grading.sandbox.program import Command, Ending

NAMESPACES = "namespaces"
PROCESSES = "processes"

_SECONDS = 20.0
_QUOTA = Quota(
    cpu_seconds=10, memory=1 << 28, disk=1 << 20, processes=16, open_files=64, output=4096
)
_FULL = Isolation(
    NAMESPACES,
    "each program has user, process, mount and network namespaces of its own,"
    " sees the system and its submission read-only, and is held to its limits",
)


def find_isolation(folder: Path, *, wanted: str = "") -> Isolation:
    """What is possible here, tried in a folder. This process has to be a subreaper."""
    if wanted == PROCESSES:
        return _weaker("it was asked for")
    place, submission = folder / "try", folder / "try-submission"
    place.mkdir()
    submission.mkdir()
    stage = Stage(place, submission, {}, ("host",), _QUOTA)
    try:
        fault = run_in_arena(stage, _try, isolated=True, timeout=_SECONDS)
    except OSError as error:
        fault = str(error)
    return _weaker(fault) if fault else _FULL


def _weaker(why: str) -> Isolation:
    return Isolation(
        PROCESSES,
        "programs run as ordinary processes of this user, which are all ended after each run;"
        f" there is no relay, and so nothing is judged by the wire ({why})",
    )


async def _try(arena: Arena) -> str:
    path = {"PATH": "/usr/bin:/bin"}
    command = Command("true", ("true",), path, terminal=True, isolated=True)
    program = arena.start(command, "host")
    await program.exited.wait()
    await arena.close()
    if program.ending is Ending.NOT_STARTED:
        return program.fault
    return "" if program.exit_code == 0 else f"a program ended with {program.exit_code}"
