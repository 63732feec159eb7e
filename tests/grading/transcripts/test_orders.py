"""Order across streams, where it is declared."""

from __future__ import annotations

import pytest

from grading.transcripts.comparison import compare
from grading.transcripts.orders import TOLERANCE
from grading.transcripts.outcome import Comparison, PartResult
from grading.transcripts.parsing import parse_transcript
from grading.transcripts.streams import Printed
from wire.errors import UsageError

TRANSCRIPT = """\
% stream server
% repeat
% label=accepted
accepted {n:int}
% group label=work
reading
done
% end
% end
% label=stopped
server stopped
% stream client
% label=connected
connected {n:int}
% label=ended
ended
% order points=3 help="the server prints before it answers"
accepted before connected
connected before work
% points=1 name=last
ended before stopped
"""


def order(
    server: list[tuple[float, str]], *clients: list[tuple[float, str]], times: bool = True
) -> dict[str, PartResult]:
    streams = {"server": server, **{f"client {n}": lines for n, lines in enumerate(clients)}}
    printed = {
        name: Printed(
            name.split()[0],
            "\n".join(line for _, line in lines),
            times=[seconds for seconds, _ in lines] if times else None,
        )
        for name, lines in streams.items()
    }
    result: Comparison = compare(parse_transcript(TRANSCRIPT, "lab.txt"), printed)
    return {part.name: part for part in result.parts if not part.stream}


SERVER = [
    (1.0, "accepted 1"),
    (1.2, "reading"),
    (1.3, "done"),
    (2.0, "accepted 2"),
    (2.2, "reading"),
    (2.3, "done"),
    (3.0, "server stopped"),
]
FIRST = [(1.1, "connected 1"), (1.5, "ended")]
SECOND = [(2.1, "connected 2"), (2.5, "ended")]


def moved(lines: list[tuple[float, str]], index: int, seconds: float) -> list[tuple[float, str]]:
    return [(seconds if at == index else time, line) for at, (time, line) in enumerate(lines)]


def test_lines_of_repetitions_are_put_in_order_one_by_one() -> None:
    parts = order(SERVER, FIRST, SECOND)
    assert (parts["order"].points, parts["last"].points) == (3, 1)
    assert parts["order"].help == "the server prints before it answers"
    assert order(SERVER, SECOND, FIRST)["order"].points == 3


def test_an_order_that_is_not_kept_says_which_lines() -> None:
    parts = order(SERVER, FIRST, moved(SECOND, 0, 1.9))
    assert (parts["order"].points, parts["last"].points) == (1.5, 1)
    difference = parts["order"].difference
    assert difference is not None
    assert difference.render() == (
        "'accepted {n:int}' comes before 'connected {n:int}'; "
        "line 4 of server came after line 1 of client 1"
    )


def test_what_comes_once_comes_before_or_after_all() -> None:
    assert order(SERVER, FIRST, moved(SECOND, 1, 3.5))["last"].points == 0


def test_two_streams_are_read_apart() -> None:
    assert order(SERVER, moved(FIRST, 0, 1.0 - TOLERANCE / 2), SECOND)["order"].points == 3
    assert order(SERVER, moved(FIRST, 0, 1.0 - TOLERANCE * 2), SECOND)["order"].points == 1.5


def test_a_line_that_was_not_printed_has_no_order() -> None:
    parts = order(SERVER[:-1], FIRST, SECOND)
    assert parts["last"].points == 0
    assert parts["last"].difference is not None
    assert parts["last"].difference.what == (
        "'server stopped' was not printed, so nothing shows its order"
    )


@pytest.mark.parametrize(("last", "points"), [("server stoped", 1), ("Traceback", 0)])
def test_a_line_with_a_slip_in_it_has_its_order(last: str, points: float) -> None:
    assert order([*SERVER[:-1], (3.0, last)], FIRST, SECOND)["last"].points == points


def test_order_within_a_stream_needs_no_times() -> None:
    transcript = parse_transcript(
        "% stream s\n% unordered\n% label=a\nA\n% group label=b\nB\nC\n% end\n% end\n"
        "% optional label=o\nO\n% end\n% order points=1\na before b\n"
    )
    for text, points in (("A\nB\nC", 1), ("B\nC\nA", 0)):
        assert compare(transcript, {"s": Printed("s", text)}).points == points


def test_order_across_streams_needs_times() -> None:
    with pytest.raises(
        UsageError, match=r"lab\.txt, line 18: the times of server are not known"
    ) as e:
        order(SERVER, FIRST, times=False)
    assert e.value.hint
