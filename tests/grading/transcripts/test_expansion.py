"""Groups: as often, and in the order, as the output has them."""

from __future__ import annotations

import pytest

from grading.transcripts.outcome import Kind
from tests.grading.transcripts.support import compare_one, cost, kinds

CONNECTIONS = """\
Started

% repeat
Connected {port:port}
Received {port:port}
Closed

% end
Stopped
"""


def session(port: int) -> str:
    return f"Connected {port}\nReceived {port}\nClosed\n\n"


@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_a_group_repeats_as_often_as_it_is_printed(count: int) -> None:
    sessions = "".join(session(port) for port in range(1, count + 1))
    assert kinds(CONNECTIONS, f"Started\n\n{sessions}Stopped\n") == "==" + "====" * count + "="


def test_a_fault_in_one_repetition_costs_that_fault() -> None:
    sessions = [session(1), session(2).replace("Received 2\n", ""), session(3)]
    printed = f"Started\n\n{''.join(sessions)}Stopped\n"
    assert kinds(CONNECTIONS, printed) == "==" + "====" + "=-==" + "====" + "="
    sessions[1] = session(2).replace("Received", "debug\nReceived")
    assert kinds(CONNECTIONS, f"Started\n\n{''.join(sessions)}Stopped\n").count("+") == 1


def test_a_repetition_of_which_most_is_missing_is_none() -> None:
    assert kinds("% repeat\nA\nB\nC\n% end\nD", "A\nB\nC\nB\nD") == "===+="
    assert kinds("% repeat\nA\nB\nC\n% end\nD", "A\nB\nC\nB\nC\nD") == "===-==="


@pytest.mark.parametrize(
    ("range", "count", "expected"),
    [
        ("2", 1, "==--"),
        ("2", 2, "===="),
        ("2", 3, "====++"),
        ("2..", 0, "----"),
        ("2..", 4, "========"),
        ("1..3", 4, "======++"),
        ("0..1", 0, ""),
    ],
)
def test_a_group_repeats_within_its_bounds(range: str, count: int, expected: str) -> None:
    assert kinds(f"% repeat {range}\nAsk\nAnswer\n% end", "Ask\nAnswer\n" * count) == expected


def test_repetitions_within_repetitions() -> None:
    expected = "% repeat 1..\nHead {n:int}\n% repeat\nitem {x:word}\n% end\nTail\n% end\nEnd"
    printed = "Head 1\nitem a\nitem b\nitem c\nTail\nHead 2\nTail\nHead 3\nitem d\nTail\nEnd"
    assert kinds(expected, printed) == "=" * 11


def test_what_repeats_may_look_like_what_stands_beside_it() -> None:
    lines = "Top\na\nb\nc\nBottom"
    assert cost("Top\n{_:text}\n% repeat\n{_:text}\n% end\nBottom", lines) == 0
    assert cost("Top\n% repeat\n{_:text}\n% end\n{_:text}\nBottom", lines) == 0
    assert cost("% repeat\n{_:any}\n% end\nBottom", "x\n\ny\n\nBottom") == 0
    assert cost("A\n% repeat 0..2\n\n% end\nB", "A\n\n\nB") == 0


def test_an_optional_group_is_there_or_is_not() -> None:
    expected = "A\n% optional\nMaybe\nOr not\n% end\nB"
    assert kinds(expected, "A\nMaybe\nOr not\nB") == "===="
    assert kinds(expected, "A\nB") == "=oo="
    assert kinds(expected, "A\nOr not\nB") == "=-=="


def test_a_line_that_must_be_there_comes_before_one_that_need_not() -> None:
    assert kinds("% optional\nA\n% end\nA\nB", "A\nB") == "o=="
    assert kinds("% optional\n\n% end\n\nB", "\nB") == "o=="
    expected = "% optional\nX\nY\nA\n% end\n% optional\nA\n% end\nB"
    assert kinds(expected, "A\nB") == "ooo=="


def test_optional_groups_hold_others() -> None:
    expected = "% optional\nHead\n% repeat\nrow {n:int}\n% end\n% optional\nNote\n% end\n% end\nEnd"
    assert kinds(expected, "Head\nrow 1\nrow 2\nEnd") == "===o="
    assert kinds(expected, "End") == "oo="


UNORDERED = """\
% unordered
Alpha {n:int}
Beta line
% group
Gamma
---
Gamma end
% end
% optional
Delta
% end
% end
End
"""


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Alpha 1\nBeta line\nGamma\n---\nGamma end\nDelta\nEnd", "======="),
        ("Delta\nGamma\n---\nGamma end\nBeta line\nAlpha 1\nEnd", "======="),
        ("Beta line\nGamma\n---\nGamma end\nAlpha 1\nEnd", "====o=="),
        ("Gamma\n---\nGamma end\nBeta lime\nAlpha 1\nEnd", "===xo=="),
        ("Gamma\n---\nBeta line\nAlpha 1\nEnd", "==-=o=="),
    ],
)
def test_an_unordered_group_takes_the_order_of_the_output(printed: str, expected: str) -> None:
    found = kinds(UNORDERED, printed)
    assert sorted(found) == sorted(expected)


def test_lines_in_any_order_that_are_the_same_are_told_apart_by_number() -> None:
    expected = "% unordered\nlog\nlog\n{_:text}\nend\n% end"
    assert kinds(expected, "log\nend\nanything\nlog") == "===="
    assert sorted(kinds(expected, "log\nend\nanything")) == sorted("===-")


def test_orders_may_differ_from_repetition_to_repetition() -> None:
    expected = "% repeat {}\n% unordered\nServer {{n:int}}\nClient\n% end\n% end\nEnd"
    printed = "Server 1\nClient\nClient\nServer 2\nServer 3\nClient\nClient\nServer 4\nEnd"
    assert cost(expected.format(""), printed) == 0
    assert cost(expected.format("4"), printed) == 0


def test_blank_lines_around_an_unordered_group_stay_outside() -> None:
    assert cost("Top\n\n% unordered\nA\nB\n\n% end\nEnd", "Top\n\nB\n\nA\nEnd") == 0


def test_a_blank_line_in_an_unordered_group_goes_with_what_it_stands_behind() -> None:
    expected = "% unordered\n\nA\n\n% group\nB\n\n% end\n\n% end"
    assert cost(expected, "\nB\n\n\nA\n\n") == 0
    assert kinds(expected, "\nB\n\nA\n\n").count("~") == 1


def test_many_lost_members_are_not_looked_for_by_likeness() -> None:
    names = [f"name number {number}" for number in range(150)]
    expected = "% unordered\n" + "\n".join(names) + "\n% end"
    printed = "\n".join(name.replace("m", "n") for name in names)
    assert cost(expected, printed) == 150


def test_output_without_any_sense_still_ends() -> None:
    expected = "% repeat\nConnected {p:int}\nReceived {p:int}\n\n% end\nEnd"
    printed = "".join(f"Received {n}\nReceived {n}\nx\n" for n in range(300))
    lines = compare_one(expected, printed).streams[0].lines
    assert len([line for line in lines if line.actual is not None]) == 900
    assert {line.kind for line in lines} >= {Kind.SAME, Kind.WRONG}


def test_a_section_grows_to_a_limit() -> None:
    inner = "".join(f"% optional\nkind {number} {{_:text}}\n% end\n" for number in range(300))
    printed = "".join(f"kind {number % 7} x\n" for number in range(90))
    lines = compare_one(f"% repeat\n{inner}% end", printed).streams[0].lines
    assert len([line for line in lines if line.actual is not None]) == 90
    assert len(lines) < 25_000
