"""Lines with fields: found to the letter or past their presentation, and never slowly."""

from __future__ import annotations

import time

import pytest

from grading.transcripts.fields import FieldType, Input, Text, parse_pieces
from grading.transcripts.patterns import LONGEST_LOOSE, Pattern
from grading.transcripts.views import Fixed, LooseView


def pattern(line: str, **inputs: str) -> Pattern:
    pieces: list[Fixed | FieldType] = []
    for piece in parse_pieces(line):
        if isinstance(piece, Text):
            pieces.append(Fixed(piece.text))
        elif isinstance(piece, Input):
            pieces += [Fixed(inputs[piece.name], exact=True)] if inputs[piece.name] else []
        else:
            pieces.append(piece.type)
    return Pattern(tuple(pieces))


@pytest.mark.parametrize(
    ("expected", "line", "values"),
    [
        ("port {p:int}", "port 5000", ["5000"]),
        ("port {p:int}", "port 5000 ", None),
        ("port {p:int}", "Port 5000", None),
        ("('{h:address}', {p:port})", "('127.0.0.1', 5000)", ["127.0.0.1", "5000"]),
        ("to {_:text}...", "to localhost....", ["localhost."]),
        ("{f:word}.", "log.txt.", ["log.txt"]),
        ("{a:text}-{b:word}.", "foo bar-b c-d.", ["foo bar-b c", "d"]),
        ("{a:word}-{b:word} end", "x-y-z end", ["x", "y-z"]),
        ("{a:word} {b:word}", "one two three", None),
        ("{a:text} is {n:int}", "it is what it is 5", ["it is what it", "5"]),
        ("{a:any}, {b:any}", ", ", ["", ""]),
        ("{a:word}:{b:text}", "a:b:c d", ["a", "b:c d"]),
        ("{a:text} {b:word}-{c:word}!", "x y-z! u-v!", ["x y-z!", "u", "v"]),
        ("{a:word}{gap}{b:text}", "ab c", ["a", "b c"]),
        ("{a:text}{gap}{n:int}", "ab 12", ["ab ", "12"]),
    ],
)
def test_a_line_matches_to_the_letter(expected: str, line: str, values: list[str] | None) -> None:
    assert pattern(expected, gap="").values(line) == values


@pytest.mark.parametrize(
    ("expected", "line", "values"),
    [
        ("Port {p:int}", "port:  5000 ", ["5000"]),
        ("('{h:address}', {p:port})", '( "127.0.0.1" ,5000 )', ["127.0.0.1", "5000"]),
        ("n {n:int} x", "N -5X", ["-5"]),
        ("{a:word}, {b:word}", "foo,bar", ["foo", "bar"]),
        ("{a:word}, {b:word}", "foo bar baz", None),
        ("Name: {a:text}.", "name  John Doe", ["John Doe"]),
        ("{a:text} of {n:int}", "Line, of: 5", ["Line,", "5"]),
        ("{a:text}{gap}{n:int}", "AB5.", ["AB", "5"]),
        ("Received {word}", "received: 'abcd'", []),
        ("Received {word}", "Received ABCD", None),
        ("Received {word} twice", "Received abc d twice", None),
        ("{a:text} {word}!", "one ABCD abcd", ["one ABCD"]),
        ("Sum {number}", "sum: 5.", []),
        ("Sum {number}", "Sum -5", None),
        ("Sum {number}", "Sum 5.5", None),
        ("{a:text}, {n:int}", "AB5", None),
    ],
)
def test_a_line_matches_past_its_presentation(
    expected: str, line: str, values: list[str] | None
) -> None:
    found = pattern(expected, word="abcd", number="5", gap="").loose_values(LooseView(line))
    assert found == values


def test_an_overlong_line_has_to_match_to_the_letter() -> None:
    long = "x" * LONGEST_LOOSE
    assert pattern("a {w:word}").values(f"a {long}") == [long]
    assert pattern("a {w:word}").loose_values(LooseView(f"A {long}")) is None
    assert pattern(f"a {long}").loose_values(LooseView(f"A {long}")) == []


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", ["a", "-.", " ", "-a", " b'\\", "-.1", "x y-"])
@pytest.mark.parametrize(
    "expected",
    [
        "{a:text}-{b:word}.{n:int}!",
        "{a:word} {b:text} {c:any} {d:word}-{e:word}.",
        "{a:text} {b:bytes}!",
        "{a:any}x{b:any}x{c:any}y",
        "{a:text}, {b:word}, {c:text} {n:number}.",
        "{a:text} {t:time}.",
        "{a:word}-{b:word}-{c:word}-{d:word}!",
    ],
)
def test_a_hostile_line_takes_no_more_than_its_share(expected: str, unit: str) -> None:
    line = unit * (150_000 // len(unit))
    start = time.process_time()
    assert pattern(expected).values(line) is None
    pattern(expected).loose_values(LooseView(line[:LONGEST_LOOSE]))
    assert time.process_time() - start < 10
