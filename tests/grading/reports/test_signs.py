"""No text of a student's steers a screen, or looks like another."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from grading.reports.signs import columns, count, number, on_one_line, shortened, spelled, visible

HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Unicode's categories of what steers, joins or isn't a character at all."""


def test_all_that_can_not_be_seen_is_spelled_out_and_nothing_else() -> None:
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        category = unicodedata.category(character)
        if character in " \t\n\u3000":
            assert visible(character) == character
        elif category in (*HIDDEN, "Zs") or character in "\ufffe\uffff":
            assert visible(character) == spelled(character) != character
        elif category not in ("Mn", "Lo", "Cn"):  # some of these are blank as well
            assert visible(character) == character


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb\n", "a\tb\n"),
        ("\x1b[2J\r\x00", r"\x1b[2J\r\x00"),
        ("\u202egnp\udcff", r"\u202egnp\udcff"),
        ("\U000e0041", r"\U000e0041"),
        ("Zoë 王 👋🏽", "Zoë 王 👋🏽"),
    ],
)
def test_what_is_spelled_out_and_how(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_text_on_one_line() -> None:
    assert on_one_line("a\tb\nc\r") == r"a\tb\nc\r"


def test_a_text_that_is_too_long_says_what_it_lost() -> None:
    assert shortened("x" * 140, 100) == "x" * 140
    head, note, tail = shortened("a" * 5000 + "b" * 5000, 100).split("\n")
    assert (head, note, tail) == ("a" * 50, "[9,900 characters left out]", "b" * 50)


def test_how_wide_a_text_is() -> None:
    assert [columns(text) for text in ("ada", "王小明", "e\u0301")] == [3, 6, 1]


def test_numbers_as_people_write_them() -> None:
    assert [number(value) for value in (20.0, 17.5, 1 / 3, 0.0, 100)] == [
        "20",
        "17.5",
        "0.33",
        "0",
        "100",
    ]
    assert [count(amount, "byte") for amount in (1, 0, 2904)] == [
        "1 byte",
        "0 bytes",
        "2,904 bytes",
    ]
