"""What fields stand for, and which can't be told apart from what is beside them."""

from __future__ import annotations

import pytest

from grading.transcripts.fields import Field, Input, Piece, Text, parse_pieces
from tests.grading.transcripts.support import kinds
from wire.errors import UsageError


def described(piece: Piece) -> str:
    match piece:
        case Text(text):
            return text
        case Input(name):
            return f"<{name}>"
        case Field(name):
            return f"[{name}]"


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        ("", []),
        ("plain", ["plain"]),
        ("{word}", ["<word>"]),
        ("port {p:int}.", ["port ", "[p]", "."]),
        ("{a:word} said {b}", ["[a]", " said ", "<b>"]),
        ("{{a:word}}", ["{a:word}"]),
        ('{"a": {}, 1} }} {{', ['{"a": {}, 1} } {']),
        ("{a b} {1} {} {a: int}", ["{a b} {1} {} {a: int}"]),
        ("{when:time %H:%M}", ["[when]"]),
    ],
)
def test_a_line_is_taken_apart(line: str, pieces: list[str]) -> None:
    assert [described(piece) for piece in parse_pieces(line)] == pieces


@pytest.mark.parametrize(
    ("type", "values", "others"),
    [
        ("int", ["0", "-5", "+17", "007"], ["", "1.5", "five", "1 2", "٣"]),
        ("number", ["1", "-1.5", ".5", "1e9", "2.5E-3"], ["", ".", "1.2.3", "e5"]),
        ("word", ["a", "x-y_z.", "b'\\x00'"], ["", "two words", "tab\there"]),
        ("text", ["a", "two words", " "], [""]),
        ("any", ["", "a", "two words"], []),
        ("base64", ["QUI=", "QQ==", "QUJD", "a+/9"], ["", "QUJ", "QQ=", "Q Q=", "=QUI"]),
        ("hex", ["0", "deadBEEF", "0x1f"], ["", "0x", "xyz"]),
        ("bytes", ["b''", "b'a\\x8a\\t\\\\'", 'b"it\'s"'], ["", "''", "b'", "b'\\q'", "b'é'"]),
        ("address", ["127.0.0.1", "255.255.255.255"], ["", "256.0.0.1", "1.2.3", "1.2.3.4.5"]),
        ("port", ["1", "5000", "65535"], ["", "0", "65536", "100000", "-1"]),
        ("time", ["Sun Jul 22, 2012 20:44:41"], ["", "Sun Jul 42, 2012 20:44:41", "20:44:41"]),
        ("time %H:%M:%S", ["20:44:41", "7:05:00"], ["25:00:00", "20:44", "20:44:411"]),
        ("time 100%% on %j", ["100% on 366"], ["100% on 367", "100 on 1"]),
        ("time %Y-%m-%dT%H:%M:%S.%f%z", ["2024-02-29T00:00:00.125+01:00"], ["2024-2-30"]),
        ("time %A, %d %B %y, %I %p", ["Monday, 1 May 24, 12 PM"], ["Monday, 1 Mai 24, 12 PM"]),
    ],
)
def test_a_field_stands_for_its_type(type: str, values: list[str], others: list[str]) -> None:
    for value in values:
        assert kinds(f"<{{x:{type}}}>", f"<{value}>") == "=", value
    for other in others:
        assert kinds(f"<{{x:{type}}}>", f"<{other}>") == "x", other


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{a:integer}", "is of no known type"),
        ("{a:int %d}", "has a format"),
        ("{a:time %q}", "%q in a time's format is not known"),
        ("{a:time 5%}", "% in a time's format is not known"),
        ("{a:int}{b:int}", "stand side by side"),
        ("{a:text}{b:word}", "stand side by side"),
        ("{a:int}0", "'0' right after {a:int}"),
        ("{a:hex}bytes", "'b' right after {a:hex}"),
        ("{a:text}v1{b:int}", "'1' right before {b:int}"),
    ],
)
def test_a_field_that_cant_be_told_is_refused(line: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_pieces(line)
    assert message in str(refused.value)
    assert refused.value.hint


@pytest.mark.parametrize("line", ["v1{n:int}", "{a:text} {b:base64}.", "{n:int}{word}", "{n:int}%"])
def test_a_field_that_can_be_told_is_taken(line: str) -> None:
    assert parse_pieces(line)
