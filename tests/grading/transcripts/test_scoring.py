"""What parts lose, and the difference that says why."""

from __future__ import annotations

import pytest

from grading.transcripts.comparison import compare
from grading.transcripts.outcome import Outcome
from grading.transcripts.parsing import parse_transcript
from grading.transcripts.streams import Printed
from tests.grading.transcripts.support import compare_one, part

PARTS = """\
Start
% points=2 help="print the port" name=port
port {p:port}
% group points=4 name=session
Hello
% points=1 name=word
word {w:word}
Goodbye
% end
End
"""


@pytest.mark.parametrize(
    ("printed", "lost"),
    [
        ("Start\nport 1\nHello\nword x\nGoodbye\nEnd", {}),
        ("Start\nport 0\nHello\nword x\nGoodbye\nEnd", {"port": 2}),
        ("Start\nPORT 1\nHello\nword x\nGoodbye\nEnd", {"port": 0.5}),
        ("Start\nport 1\nHello\nnoise\nword x\nGoodbye\nEnd", {"session": 2}),
        ("Start\nport 1\nnoise\nHello\nword x\nGoodbye\nEnd", {"program": 5}),
        ("Start\nport 1\nHello\nword x\nGoodbye\nEnd\nnoise", {"program": 5}),
        ("noise\nStart\nport 1\nHello\nword x\nGoodbye\nEnd", {"program": 5}),
        ("Start\nport 1\nHello\nword x\n\nGoodbye\nEnd", {"session": 0.5}),
        ("Start\nport 1\nEnd", {"session": 4, "word": 1}),
        ("", {"program": 10, "port": 2, "session": 4, "word": 1}),
    ],
)
def test_a_line_is_charged_to_the_part_it_lies_in(printed: str, lost: dict[str, float]) -> None:
    comparison = compare_one(PARTS, printed)
    assert {
        each.name: each.max_points - each.points
        for each in comparison.parts
        if each.points < each.max_points
    } == lost
    assert comparison.max_points == 17
    assert part(comparison, "port").help == "print the port"


def test_what_presentation_costs_is_for_the_lab_to_say() -> None:
    transcript = parse_transcript("% stream s points=4\nOne\nTwo\n")
    results = [
        compare(transcript, {"s": Printed("s", "one\n\nTwo")}, presentation_cost=price).parts[0]
        for price in (0, 0.25, 1)
    ]
    assert [result.points for result in results] == [4, 3, 0]
    assert {result.outcome for result in results} == {Outcome.PRESENTATION}


def test_points_are_rounded_to_two_digits() -> None:
    assert compare_one("A a\nB b\nC c", "A a\nB b").points == 6.67


NEVER = 'Start\n% never points=3 name=key help="keep it secret"\n{_:any}{key}{_:any}\n% end\nEnd'


@pytest.mark.parametrize(
    ("printed", "points", "difference"),
    [
        ("Start\nEnd", 3, ""),
        ("Start\nEND", 3, ""),
        ("Start\nmy key is s3cret\nEnd", 0, "program, line 2: this must not be printed"),
        ("Start\nEnd\ns3cret", 0, "program, line 3: this must not be printed"),
        ("", 0, "program, nothing was printed"),
        (None, 0, "program, there is no such output"),
    ],
)
def test_what_must_never_appear_costs_its_part(
    printed: str | None, points: float, difference: str
) -> None:
    result = part(compare_one(NEVER, printed, {"key": "s3cret"}), "key")
    assert result.points == points
    assert (result.difference.render().split("\n")[0] if result.difference else "") == difference


def test_what_must_never_appear_costs_nothing_else() -> None:
    comparison = compare_one(NEVER, "Start\ns3cret\nEnd", {"key": "s3cret"})
    assert part(comparison, "program").outcome is Outcome.PASSED
    comparison = compare_one("Start\n% never\nkey\n% end\nEnd", "Start\nkey\nEnd")
    assert (comparison.points, comparison.max_points) == (5, 10)


def test_never_counts_beside_lines_of_its_group() -> None:
    expected = "% group points=4 name=g\nA a\nB b\n% never\nC c\n% end\n% end"
    assert part(compare_one(expected, "A a\nB b"), "g").points == 4
    assert part(compare_one(expected, "A a\nC c\nB b"), "g").points == 2


def test_two_groups_of_what_must_never_appear() -> None:
    expected = "A\n% never points=1 name=x\nfoo\nbar\n% end\n% never points=1 name=y\nfoo\n% end"
    comparison = compare_one(expected, "foo\nA")
    assert (part(comparison, "x").points, part(comparison, "y").points) == (0.5, 1)
