"""Who said what when in a run: the lines printed and typed, and the bytes that crossed."""

from __future__ import annotations

from collections.abc import Iterator

from capture.events import (
    Closed,
    Data,
    Datagram,
    DatagramLost,
    Direction,
    Ended,
    Event,
    Opened,
    Refused,
    Reset,
)
from grading.evidence import Evidence, ProgramEvidence
from grading.results import Happening
from grading.sandbox.program import Ending

_SHOWN = 200
"""Bytes of what crossed that are shown."""
_MOST = 2000
"""How many happenings are kept: the first of them tell most."""


def sequence_of(evidence: Evidence) -> tuple[Happening, ...]:
    """All that happened, in the order of time."""
    happenings = [
        *(each for program in evidence.programs for each in _of_program(program)),
        *(each for event in evidence.wire or () for each in _of_event(event, evidence.began_ns)),
    ]
    return tuple(sorted(happenings, key=lambda each: each.seconds)[:_MOST])


def _of_program(program: ProgramEvidence) -> Iterator[Happening]:
    if program.ending in (Ending.RUNNING, Ending.NOT_THERE):
        return
    name = program.stream
    yield Happening(round(program.started, 6), name, kind="started")
    for said in program.said:
        text = said.data.decode(errors="backslashreplace")
        kind = "typed" if said.typed else "line"
        yield Happening(round(said.seconds, 6), name, kind=kind, text=text[:_SHOWN])
    yield Happening(round(program.ended, 6), name, kind="exited", text=how_it_ended(program))


def how_it_ended(program: ProgramEvidence) -> str:
    """In words."""
    if program.ending is Ending.EXITED and program.exit_code is not None:
        return f"exit code {program.exit_code}"
    return program.ending.value


def _of_event(event: Event, began_ns: int) -> Iterator[Happening]:
    seconds = round((event.time_ns - began_ns) / 1e9, 6)
    match event:
        case Opened():
            yield Happening(seconds, "client", "server", "opened", f"connection {event.connection}")
        case Data() | Datagram():
            yield _crossing(seconds, event.direction, "data", event.data)
        case DatagramLost():
            yield _crossing(seconds, event.direction, "lost", event.data)
        case Ended():
            yield _crossing(seconds, event.direction, "ended", b"")
        case Reset():
            yield _crossing(seconds, event.direction, "reset", b"")
        case Refused():
            yield Happening(seconds, "server", "client", "reset", event.reason)
        case Closed():
            pass  # both directions have said so


def _crossing(seconds: float, direction: Direction, kind: str, data: bytes) -> Happening:
    ends = ("client", "server") if direction is Direction.TO_SERVER else ("server", "client")
    text = repr(data[:_SHOWN])[2:-1] if data else ""
    return Happening(seconds, *ends, kind, text, len(data))
