"""What two lines may differ in and still say the same."""

from __future__ import annotations

import pytest

from grading.transcripts.presentation import squeeze


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hello, World!", "hello world"),
        ("Client IP", "ClientIP"),
        ("a\u00a0b\tc", "a b c"),
        ("zero\u200bwidth", "zero width"),
        ("-----", "====="),
        ("-----", "..."),
        ("(1, 2)", "(1,2)"),
        ("a = -5", "A=-5"),
        ("\u201cquoted\u201d", '"quoted"'),
        ("STRASSE", "straße"),
        ("1.Open mode", "1 Open mode"),
        ("port:5000", "port 5000."),
        ("", "  \t"),
    ],
)
def test_presentation_does_not_count(one: str, other: str) -> None:
    assert squeeze(one) == squeeze(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("", "-----"),
        ("12", "1 2"),
        ("12", "1.2"),
        ("1, 2", "1.2"),
        ("1 -2", "1 2"),
        ("x = 5", "x = -5"),
        ("1 + 2", "1 2"),
        ("a < b", "a > b"),
        ("colour", "color"),
        ("✓ done", "✗ done"),
    ],
)
def test_what_is_said_counts(one: str, other: str) -> None:
    assert squeeze(one) != squeeze(other)
