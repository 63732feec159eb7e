"""Processes in namespaces of their own: users, mounts, processes, networks (namespaces(7)).

The user that the grader runs as is 0 in the arena's user namespace, and a
student's program is another in a namespace within: it has no rights in the arena.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from grading.sandbox import kernel

PROGRAM_ID = 1000
"""The user and the group that a student's program is, as it sees itself."""

_NOBODY = 65534

MapIds = Callable[[int], None]


def fork_isolated(
    namespaces: int, map_ids: MapIds, main: Callable[[], NoReturn], before: Callable[[], None]
) -> int:
    """Run `main` in a child that is the first process of fresh namespaces; its process id.

    `before` is called on the way, outside of them. `main` starts once the child's
    parent is this process, which has to be a subreaper or itself the first of its
    namespace. Raises OSError for what the kernel refuses.
    """
    told, tell = os.pipe()
    heard, hear = os.pipe()
    if not (middle := os.fork()):
        os.close(told)
        os.close(hear)  # or it would wait for itself, should its parent be killed
        _fork_in_the_middle(namespaces, main, before, tell, heard)
    os.close(tell)
    os.close(heard)
    try:
        with open(told, "rb", buffering=0) as answers:
            _raise_if_failed(answers.read(16))
            map_ids(middle)
            os.write(hear, b"m")
            answer = answers.read(16)
            _raise_if_failed(answer)
            os.waitpid(middle, 0)
            os.write(hear, b"g")
            return int(answer)
    finally:
        os.close(hear)


def _raise_if_failed(answer: bytes) -> None:
    if not answer:
        raise OSError("a process in fresh namespaces ended before it began")
    if answer.startswith(b"-"):
        raise OSError(-int(answer), os.strerror(-int(answer)))


def _fork_in_the_middle(
    namespaces: int,
    main: Callable[[], NoReturn],
    before: Callable[[], None],
    tell: int,
    heard: int,
) -> NoReturn:
    try:
        before()
        kernel.unshare(namespaces)
        os.write(tell, b"unshared")
        if os.read(heard, 1) and not (child := os.fork()):
            os.close(tell)
            if os.read(heard, 1):
                os.close(heard)
                main()
            os._exit(1)
        os.write(tell, str(child).encode())
    except OSError as error:
        os.write(tell, str(-(error.errno or 1)).encode())
    finally:
        os._exit(0)


def map_arena(process: int) -> None:
    """Map the users of an arena.

    Root can give a student's program a user that owns nothing outside; anyone
    else can give no one but himself.
    """
    if os.geteuid() == 0:
        # In a container, root may not have that user to give.
        with suppress(OSError):
            _write_maps(process, f"0 0 1\n{PROGRAM_ID} {_NOBODY} 1")
            return
    _write(process, "setgroups", "deny")
    _write(process, "uid_map", f"0 {os.geteuid()} 1")
    _write(process, "gid_map", f"0 {os.getegid()} 1")


def inner_id() -> int:
    """Who a student's program is for the arena; called in it."""
    return PROGRAM_ID if len(Path("/proc/self/uid_map").read_text().splitlines()) > 1 else 0


def map_program(process: int, inner: int) -> None:
    """Map the one user that a student's program is."""
    _write_maps(process, f"{PROGRAM_ID} {inner} 1")


def _write_maps(process: int, lines: str) -> None:
    _write(process, "uid_map", lines)
    _write(process, "gid_map", lines)


def _write(process: int, name: str, text: str) -> None:
    Path(f"/proc/{process}/{name}").write_text(text)
