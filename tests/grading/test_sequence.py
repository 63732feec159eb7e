"""Who said what when, out of a run's evidence."""

from __future__ import annotations

from capture.events import (
    Closed,
    Data,
    DatagramLost,
    Direction,
    Ended,
    Event,
    Opened,
    Refused,
    Reset,
    Side,
)
from grading.evidence import Evidence, ProgramEvidence
from grading.sandbox.program import Ending, Said
from grading.sequence import sequence_of

SIDE = Side(("127.0.0.1", 1), ("127.0.0.1", 2))
BEGAN = 10**18


def at(milliseconds: int) -> int:
    return BEGAN + milliseconds * 10**6


def test_lines_and_bytes_in_the_order_of_time() -> None:
    client = ProgramEvidence(
        "client",
        "client",
        "",
        reference=False,
        terminal=True,
        ending=Ending.EXITED,
        exit_code=0,
        said=[Said(0.002, b"word: "), Said(0.003, b"abc\n", typed=True)],
        started=0.001,
        ended=0.009,
    )
    absent = ProgramEvidence("x", "x", "", False, True, Ending.NOT_THERE)
    wire: list[Event] = [
        Opened(at(4), 1, SIDE, SIDE),
        Data(at(5), 1, Direction.TO_SERVER, b"abc\x001"),
        DatagramLost(at(6), 2, Direction.TO_CLIENT, 1, SIDE, SIDE, b"lost", "a fault"),
        Ended(at(7), 1, Direction.TO_SERVER),
        Reset(at(8), 1, Direction.TO_CLIENT),
        Refused(at(10), 3, SIDE, "nobody there"),
        Closed(at(11), 1),
    ]
    told = sequence_of(Evidence([client, absent], wire, {}, "", BEGAN, 0.02))
    assert [
        (round(each.seconds * 1000), each.source, each.target, each.kind, each.text, each.size)
        for each in told
    ] == [
        (1, "client", "", "started", "", 0),
        (2, "client", "", "line", "word: ", 0),
        (3, "client", "", "typed", "abc\n", 0),
        (4, "client", "server", "opened", "connection 1", 0),
        (5, "client", "server", "data", "abc\\x001", 5),
        (6, "server", "client", "lost", "lost", 4),
        (7, "client", "server", "ended", "", 0),
        (8, "server", "client", "reset", "", 0),
        (9, "client", "", "exited", "exit code 0", 0),
        (10, "server", "client", "reset", "nobody there", 0),
    ]
