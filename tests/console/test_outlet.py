from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TextIO

import pytest

from console import outlet as module
from console.outlet import Outlet


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, TextIO]]:
    """The reading end of a pipe, and a stream that writes to it."""
    monkeypatch.setattr(module, "_PATIENCE", 0.01)
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as stream:
        yield reading, stream
    os.close(reading)


def test_lines_come_whole_and_at_once(pipe: tuple[int, TextIO]) -> None:
    reading, stream = pipe
    Outlet(stream).say("one\ntwo")
    assert os.read(reading, 100) == b"one\ntwo\n"


def test_nobody_reads_for_a_while(pipe: tuple[int, TextIO]) -> None:
    reading, stream = pipe
    outlet = Outlet(stream)
    line = "x" * 999
    for _ in range(200):
        outlet.say(line)  # far more than a pipe holds
    held = os.read(reading, 1 << 20)
    assert held == f"{line}\n".encode() * (len(held) // 1000)
    outlet.say("later")
    lost = 200 - len(held) // 1000
    assert os.read(reading, 1 << 20).decode() == (
        f"[{lost} lines left out: nobody read on]\nlater\n"
    )
