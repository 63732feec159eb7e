"""The format of transcripts: what it allows, and what is said of the rest."""

from __future__ import annotations

import pytest

from grading.transcripts.format import Group, GroupKind, Line
from grading.transcripts.parsing import parse_transcript
from wire.errors import UsageError

TRANSCRIPT = """\
% stream "the server" points=10 name="What it says" help="don't forget"
%# A remark,
% # another one.
%
%% begins with a percent sign
% points=2 label=ready
  Ready

% group points=3 name=session
Session
% optional label=maybe
Maybe
% end
% repeat 1..3
% unordered
A
B
% end
% end
% repeat
C
% end
% repeat 2
D
% end
% repeat 4..
E
% end
% never points=1
Traceback
% end
% end
% stream client
Hello
% order points=5
ready before maybe

% points=1.5 name="late"
maybe before ready
"""


def outline(node: Line | Group) -> object:
    if isinstance(node, Line):
        return node.text
    return (node.kind.value, node.least, node.most, [outline(child) for child in node.children])


def test_a_transcript_becomes_a_tree() -> None:
    server, client = parse_transcript(TRANSCRIPT).sections
    assert (server.name, server.part.name, server.part.points) == ("the server", "What it says", 10)
    assert server.part.help == "don't forget"
    assert [outline(child) for child in server.children] == [
        "% begins with a percent sign",
        "  Ready",
        "",
        (
            "group",
            1,
            1,
            [
                "Session",
                ("optional", 0, 1, ["Maybe"]),
                ("repeat", 1, 3, [("unordered", 1, 1, ["A", "B"])]),
                ("repeat", 0, None, ["C"]),
                ("repeat", 2, 2, ["D"]),
                ("repeat", 4, None, ["E"]),
            ],
        ),
    ]
    assert [line.text for line in server.never] == ["Traceback"]
    assert (client.name, client.part.name, client.part.points) == ("client", "client", 0)


def test_parts_lie_in_each_other() -> None:
    transcript = parse_transcript(TRANSCRIPT)
    server = transcript.sections[0]
    parts = {line.text: [part.name for part in line.parts] for line in server.lines()}
    assert parts["% begins with a percent sign"] == ["What it says"]
    assert parts["  Ready"] == ["What it says", "Ready"]
    assert parts["A"] == ["What it says", "session"]
    assert server.never[0].parts[-1].name == "never on line 29"
    assert [(order.part.name, order.part.points) for order in transcript.orders] == [
        ("order", 5),
        ("late", 1.5),
    ]


def test_line_ends_of_windows_and_a_byte_order_mark_are_no_part_of_it() -> None:
    (section,) = parse_transcript("\ufeff% stream s\r\nHello\r\n").sections
    assert [line.text for line in section.lines()] == ["Hello"]


def test_blank_lines_before_the_first_stream_are_none() -> None:
    assert parse_transcript("\n \n% stream s\n").sections[0].children == ()


S = "% stream s\n"


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("", None, "line 1: no stream", "% stream NAME"),
        ("Hello\n", 1, "text before the first stream", "% stream NAME"),
        ("% stream\n", 1, "a stream without a name", "% stream NAME"),
        (S + S, 2, "a second stream 's'", "another name"),
        ("% stream s label=x", 1, "a stream has no label", "label a line"),
        ("% stream s t", 1, "'t' is out of place", 'help="two words"'),
        (S + "% points=\nA", 3, "is no number of points", "points=2"),
        (S + "% group points=-1", 2, "is no number of points", "points=2"),
        (S + "% group points=inf", 2, "is no number of points", "points=2"),
        (S + "% points=1 points=2", 2, "'points=2' is out of place", "once each"),
        (S + "% points=1 cost=2", 2, "'cost=2' is out of place", "points, help"),
        (S + '% help="it', 2, "No closing quotation", "quotation marks"),
        (S + "% help=x\nHello", 3, "without points", "add points="),
        (S + "% points=1\n% group", 3, "points on line 2 without a line", "right above a line"),
        (S + "% points=1 name=x", None, "points and name on line 2 without a line", "above a line"),
        (S + "% optoinal", 2, "no directive is called 'optoinal'", "did you mean % optional?"),
        (S + "%d items", 2, "no directive is called 'd'", "%%"),
        (S + "% end", 2, "% end ends no group", "remove it"),
        (S + "% group\n% end", 3, "a group without lines", "put lines"),
        (S + "% group\nA\n% end group", 4, "% end ends no group", "remove it"),
        (S + "% group\nA", None, "the group that begins on line 2 has no end", "write % end"),
        (S + "% group\nA\n% order", 4, "the group that begins on line 2 has no end", "write % end"),
        ("% group\n", 1, "% group outside a stream", "% stream NAME"),
        ("% order\n% group\n", 2, "% group outside a stream", "% stream NAME"),
        (S + "% repeat 3..2", 2, "'3..2' is no number of repetitions", "1..5"),
        (S + "% repeat 0", 2, "'0' is no number of repetitions", "1..5"),
        (S + "% repeat many", 2, "'many' is no number of repetitions", "1..5"),
        (S + "% never\n% group", 3, "a group inside % never", "end it before"),
        (S + "% optional\n% never", 3, "% never inside % optional", "outside"),
        (S + "% never label=x", 2, "has no label", "leave it out"),
        (S + "% label=x\nA\n% label=x\nB", 5, "a second label 'x'", "another name"),
        (S + "% order\na after b", 3, "'a after b' declares no order", "LABEL before LABEL"),
        (S + "% order\n% label=x\na before b", 4, "an order has no label", "label the lines"),
        (S + "% order\na before b", None, "line 3: nothing is labelled a", "% label=a"),
        (S + "{x:float}", 2, "{x:float} is of no known type", "the types are int"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    text: str, line: int | None, message: str, hint: str
) -> None:
    with pytest.raises(UsageError) as refused:
        parse_transcript(text, "labs/x/server.txt")
    place = "labs/x/server.txt, " + ("" if line is None else f"line {line}: ")
    assert str(refused.value).startswith(place)
    assert message in str(refused.value)
    assert hint in refused.value.hint


@pytest.mark.parametrize("kind", list(GroupKind))
def test_every_kind_of_group_can_be_written(kind: GroupKind) -> None:
    assert parse_transcript(f"{S}% {kind.value}\nA\n% end")
