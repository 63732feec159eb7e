"""What came over the network can't steer the terminal that shows it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.text import printable


def test_control_characters_are_escaped() -> None:
    for code in [*range(0x20), *range(0x7F, 0xA0)]:
        if chr(code) not in "\n\t":
            assert printable(f"<{chr(code)}>") == f"<\\x{code:02x}>"


def test_a_terminals_commands_come_out_as_text() -> None:
    assert printable("\x1b]0;title\x07\x1b[2J") == r"\x1b]0;title\x07\x1b[2J"
    assert printable("\x9b31m\r\x08") == r"\x9b31m\x0d\x08"


@pytest.mark.parametrize(
    "name",
    [
        "ARABIC LETTER MARK",
        "LEFT-TO-RIGHT MARK",
        "RIGHT-TO-LEFT MARK",
        "LEFT-TO-RIGHT EMBEDDING",
        "RIGHT-TO-LEFT EMBEDDING",
        "POP DIRECTIONAL FORMATTING",
        "LEFT-TO-RIGHT OVERRIDE",
        "RIGHT-TO-LEFT OVERRIDE",
        "LEFT-TO-RIGHT ISOLATE",
        "RIGHT-TO-LEFT ISOLATE",
        "FIRST STRONG ISOLATE",
        "POP DIRECTIONAL ISOLATE",
        "LINE SEPARATOR",
        "PARAGRAPH SEPARATOR",
    ],
)
def test_what_would_reorder_or_break_a_line_is_escaped(name: str) -> None:
    character = unicodedata.lookup(name)
    assert printable(f"a{character}b") == f"a\\u{ord(character):04x}b"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "two lines\n\tand a tab\n",
        "\u00a1Gr\u00fc\u00dfe aus K\u00f6ln! \u00a0",
        "\u041f\u0440\u0438\u0432\u0435\u0442, \u03ba\u03cc\u03c3\u03bc\u03b5",
        "\u4f60\u597d \u65e5\u672c\u8a9e \ud55c\uad6d\uc5b4",
        "\u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd",
        "\u0928\u092e\u0938\u094d\u0924\u0947 e\u0301 \U0001f44b\U0001f3fd",
        r"a \x1b that was typed",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert printable(text) == text
    assert printable(text.encode()) == text


def test_bytes_that_are_no_text_show_their_values() -> None:
    assert printable(b"\xff\xfe ok \xc3") == r"\xff\xfe ok \xc3"
    assert printable(b"caf\xe9 \xf0\x9f\x92") == r"caf\xe9 \xf0\x9f\x92"


def test_bytes_are_escaped_as_the_text_they_are() -> None:
    assert printable(b"\x1b[2J \xc2\x9b \xe2\x80\xae") == r"\x1b[2J \x9b \u202e"


@given(st.binary(max_size=80) | st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_nothing_that_steers_comes_through(text: str | bytes) -> None:
    for character in printable(text):
        bidirectional = unicodedata.bidirectional(character)
        assert unicodedata.category(character) not in ("Cc", "Zl", "Zp") or character in "\n\t"
        assert bidirectional not in (
            *("LRE", "RLE", "LRO", "RLO", "PDF"),
            *("LRI", "RLI", "FSI", "PDI"),
        )
