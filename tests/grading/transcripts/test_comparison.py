"""What each line of an output comes to, what it costs, and which part it costs."""

from __future__ import annotations

import time

import pytest

from grading.transcripts.comparison import compare
from grading.transcripts.outcome import Comparison, Outcome
from grading.transcripts.parsing import parse_transcript
from grading.transcripts.streams import Printed
from tests.grading.transcripts.support import compare_one, cost, kinds, part
from wire.errors import UsageError

THREE = "Alpha line\nBeta line\nGamma line"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Alpha line\nBeta line\nGamma line", "==="),
        ("Alpha line\nBeta line\nGamma line\n", "==="),
        ("Alpha line\nGamma line", "=-="),
        ("Alpha line\nBeta line\none more\nGamma line", "==+="),
        ("Beta line\nAlpha line\nGamma line", "+=-="),
        ("Alpha line\nBeta lime\nGamma line", "=x="),
        ("Alpha line\nsomething else\nGamma line", "=x="),
        ("Alpha line\nnoise\nBeta lime\nGamma line", "=+x="),
        ("ALPHA LINE.\nBeta line\r\nGamma  line", "~~~"),
        ("Alpha line\n\nBeta line\nGamma line\n\n", "=~==~"),
        ("", "---"),
        (None, "---"),
    ],
)
def test_lines_are_compared_by_least_edits(printed: str | None, expected: str) -> None:
    assert kinds(THREE, printed) == expected


@pytest.mark.parametrize(
    ("expected", "printed", "result"),
    [
        ("A\n\nB", "A\nB", "=~="),
        ("A\n\nB", "A\n  \nB", "=~="),
        ("A\n\nB", "A", "=~-"),
        ("A\n\nB", "B", "-~="),
        ("A\n\nB", "x", "x~-"),
        ("A\nB\n\nC\nD", "A\nD", "=---="),
        ("A\n\nB\n\n", "A\n\nB", "===~"),
        ("", "", ""),
        ("", "\n", "~"),
        ("", "hello", "+"),
        ("\n", "\n", "="),
        ("\n", "", "~"),
        ("A\n\n\nB", "a\nB", "~~~="),
    ],
)
def test_blank_lines_are_presentation_unless_all_around_them_is_missing(
    expected: str, printed: str, result: str
) -> None:
    assert kinds(expected, printed) == result


def test_presentation_never_excuses_another_value() -> None:
    expected = "Sent: {word}\nGot {n:int}."
    assert kinds(expected, "sent {word}\ngot -5".format(word="abcd"), {"word": "abcd"}) == "~~"
    assert kinds(expected, "Sent: ABCD\nGot -5.", {"word": "abcd"}) == "x="


def test_blank_and_exact_lines_do_not_mislead() -> None:
    assert kinds("A one\n\nB two\n\nC three", "a one\n\n\nb two\nc three") == "~=~~~~"
    assert kinds("Foo bar\nfoo bar\nEnd", "foo bar\nEnd") == "-=="
    assert kinds("{_:any}\nfoo", "foo") == "-="
    assert kinds("foo\n{_:any}\nbar", "foo\n\nx\nbar") == "=~=="
    assert kinds("foo\n{_:any}\nbar", "foo\n\nbar") == "==="


def test_an_input_may_have_several_lines() -> None:
    message = "Dear all,\r\n\r\n  this is it.\r\n"
    expected = "Message: {message}\n-----"
    printed = f"Message: {message}\n-----"
    assert kinds(expected, printed, {"message": message}) == "====="
    assert kinds(expected, printed.replace("\r", ""), {"message": message}) == "~~~=="
    assert kinds(expected, printed.replace("this", "This"), {"message": message}) == "==x=="
    assert kinds("{empty}\nA", "\nA", {"empty": ""}) == "=="


def test_a_field_named_twice_is_equal_everywhere() -> None:
    comparison = compare_one(
        "port {p:int}\nagain {p:int}\nany {_:int} {_:int}", "port 1\nagain 2\nany 1 2"
    )
    first, second, third = comparison.streams[0].lines
    assert (first.kind.value, second.kind.value, third.kind.value) == ("same", "wrong", "same")
    assert second.reason == "p is 2 here, and was 1 on line 1"
    assert second.differing_field == 0


def test_what_is_bound_in_a_repetition_is_its_own() -> None:
    expected = "name {n:word}\n% repeat\nget {p:int} {n:word}\nput {p:int}\n% end\nlast {p:int}"
    assert cost(expected, "name x\nget 1 x\nput 1\nget 2 x\nput 2\nlast 3") == 0
    assert kinds(expected, "name x\nget 1 y\nput 1\nget 2 x\nput 1\nlast 1") == "=x==x="


def test_long_values_are_quoted_in_part() -> None:
    lines = compare_one("{a:text}\n{a:text}", f"{'x' * 50}\n{'x' * 50}\t").streams[0].lines
    assert lines[1].reason == (
        f"a is {'x' * 40}⟨11 more⟩ here, and was {'x' * 40}⟨10 more⟩ on line 1"
    )


def two_streams(server: str, *clients: str) -> Comparison:
    transcript = parse_transcript(
        "% stream server points=4\nport {p:int}\n"
        "% stream client points=2\nconnected to {p:int}\n"
        "I am {name:word} {n:int}\nbye {name:word}\n"
    )
    streams = {f"client {index}": Printed("client", text) for index, text in enumerate(clients)}
    return compare(transcript, {**streams, "server": Printed("server", server)})


def test_streams_share_what_is_bound_in_one_of_a_kind() -> None:
    comparison = two_streams(
        "port 1", "connected to 1\nI am a 1\nbye a", "connected to 2\nI am b 2\nbye b"
    )
    assert [stream.name for stream in comparison.streams] == ["server", "client 0", "client 1"]
    assert [each.outcome for each in comparison.parts] == [
        Outcome.PASSED,
        Outcome.PASSED,
        Outcome.WRONG,
    ]
    assert comparison.streams[2].lines[0].reason == "p is 2 here, and was 1 on line 1 of server"
    assert (comparison.points, comparison.max_points) == (7.33, 8)


def test_one_stream_of_a_section_binds_for_all() -> None:
    transcript = parse_transcript("% stream a\n{n:int}\n% stream b\n{n:int}\n")
    streams = {"b": Printed("b", "1"), "a": Printed("a", "2")}
    assert compare(transcript, streams).streams[1].lines[0].reason == (
        "n is 1 here, and was 2 on line 1 of a"
    )


def test_a_stream_that_never_ran_has_all_its_lines_missing() -> None:
    comparison = compare_one("A\n\nB\n% never points=1\nC\n% end", None)
    assert not comparison.streams[0].ran
    assert comparison.points == 0
    assert part(comparison, "program").cost == 3


def test_times_come_back_with_their_lines() -> None:
    lines = compare_one("A\nB\nC", "A\nX\nx\nC", times=[0.5, 1.0, 1.25, 2.0]).streams[0].lines
    assert [(line.actual, line.actual_number, line.seconds) for line in lines if line.actual] == [
        ("A", 1, 0.5),
        ("X", 2, 1.0),
        ("x", 3, 1.25),
        ("C", 4, 2.0),
    ]
    with pytest.raises(ValueError, match="program has 3 lines and 2 times"):
        compare_one("A", "A\nB\nC", times=[0.0, 1.0])


def test_expected_lines_are_shown_with_inputs_filled_in_and_fields_as_written() -> None:
    lines = compare_one("Hi {name}, {{port}} {p:int}", "x", {"name": "Ann"}).streams[0].lines
    assert (lines[0].expected, lines[0].number) == ("Hi Ann, {port} {p:int}", 2)


MANY = 10_000
NUMBERED = [f"Line {number} of the output" for number in range(MANY)]
FEWER = NUMBERED[:2_000]


@pytest.mark.parametrize(
    ("expected", "printed", "lost"),
    [
        (NUMBERED, [line for number, line in enumerate(NUMBERED) if number % 100], 100),
        (FEWER, [line.swapcase() for line in FEWER], len(FEWER) / 4),
        (NUMBERED, [f"other {line}" for line in NUMBERED], MANY),
        (NUMBERED[:20], [f"other {line}" for line in NUMBERED], MANY),
        (
            [f"{line} {{_:int}}, {{_:word}}" for line in FEWER],
            [f"{line} 1, x" for line in FEWER],
            0,
        ),
        (["% repeat", "port {p:int}", "again {p:int}", "% end"], ["port 1", "again 1"] * 1_000, 0),
        (["% unordered", *FEWER, "% end"], FEWER[::-1], 0),
    ],
    ids=["nearly equal", "case", "different", "far more", "fields", "repeated", "unordered"],
)
def test_many_lines_are_compared_fast(expected: list[str], printed: list[str], lost: float) -> None:
    start = time.process_time()
    result = part(compare_one("\n".join(expected), "\n".join(printed)), "program")
    assert result.cost == lost
    assert time.process_time() - start < 15  # a tenth of it, but for coverage and busy machines


@pytest.mark.parametrize("unit", ["a", "-.", " b'\\", "x 1 "])
def test_a_line_without_end_does_not_hang_it(unit: str) -> None:
    expected = "{a:text}-{b:word}.{n:int}!\n{_:any} {_:bytes}!\n{_:text} is {_:text}, not {_:text}"
    assert kinds(expected, unit * (300_000 // len(unit))) in ("x--", "--x", "-x-")


def test_what_comes_between_is_not_held_against_the_rest() -> None:
    assert kinds(THREE, "noise\n" * 5 + THREE) == "+++++==="
    assert kinds(f"{THREE}\nDelta line", f"Alpha lime\n{THREE}") == "+===-"


@pytest.mark.parametrize(
    ("streams", "message"),
    [
        ({"x": "server", "y": "log"}, "lab.txt has no section 'log' for y"),
        ({"y": "server"}, "lab.txt, line 4: nothing prints the stream 'client'"),
        ({}, "lab.txt, line 1: nothing prints the stream 'server'"),
        ({"y": "server", "x": "client"}, "lab.txt, line 2: no input is called word"),
    ],
)
def test_what_does_not_fit_the_transcript_is_refused(streams: dict[str, str], message: str) -> None:
    transcript = parse_transcript("% stream server\n{word}\n{n:int}\n% stream client\n", "lab.txt")
    with pytest.raises(UsageError) as refused:
        compare(transcript, {name: Printed(section, "") for name, section in streams.items()})
    assert message in str(refused.value)
    assert refused.value.hint
