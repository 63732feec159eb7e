"""The first difference, with nothing in it that can't be seen."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.results import Segment
from grading.transcripts.difference import Difference
from grading.transcripts.segments import Opposites, Side
from grading.transcripts.signs import signed
from tests.grading.transcripts.support import compare_one, shown


def difference(expected: str, printed: str | None, **inputs: str) -> str:
    return shown(compare_one(expected, printed, inputs), "program")


def test_expected_stands_above_printed() -> None:
    assert (
        difference(
            "One\nTwo\nThree\nIt will be capitalized.", "One\nTwo\nThree\nIt will be capitalised."
        )
        == """\
program, line 4: not what is expected
  before    Two⏎
  before    Three⏎
  expected  It·will·be·capitalized.⏎
  printed   It·will·be·capitalised.⏎
                               ^ column 20
  signs     · space, ⏎ end of line"""
    )


def test_a_missing_line_is_shown_with_what_came_instead() -> None:
    assert (
        difference("One\nTwo\nThree", "One\nThree")
        == """\
program, after line 1: a line is missing
  before    One⏎
  expected  Two⏎
  printed   Three⏎
  signs     ⏎ end of line"""
    )
    assert (
        difference("One\nTwo", "One")
        == """\
program, after line 1: a line is missing
  before    One⏎
  expected  Two⏎
  printed   (nothing more)
  signs     ⏎ end of line"""
    )


@pytest.mark.parametrize(
    ("expected", "printed", "title"),
    [
        ("A\nB", "B", "at its beginning: a line is missing"),
        ("A\n\nB", "A\nB", "after line 1: a blank line is missing"),
        ("A\nB", "A\nnoise\nB", "line 2: a line too many"),
        ("A\nB", "A\n\nB", "line 2: a blank line too many"),
        ("A\nB", "A\nb", "line 2: other white space, case or punctuation"),
        ("A {p:port}", "A 0", "line 1: {p:port} stands for a port number, 1 to 65535"),
        ("A {p:int}\n{p:int}", "A 1\n2", "line 2: p is 2 here, and was 1 on line 1"),
        ("A b\nC d", "a b\nnoise\nC d", "line 2: a line too many"),
        ("A", None, "there is no such output"),
    ],
)
def test_a_title_says_where_and_what(expected: str, printed: str | None, title: str) -> None:
    assert difference(expected, printed).split("\n")[0] == f"program, {title}"


@pytest.mark.parametrize(
    ("expected", "printed", "shown_expected", "shown_printed"),
    [
        ("a b", "a\tb", "a·b⏎", "a→b⏎"),
        ("a", "a ", "a⏎", "a·⏎"),
        ("a", "a\r", "a⏎", "a␍⏎"),
        ("a b", "a\u00a0b", "a·b⏎", "a⟨U+00A0⟩b⏎"),
        ("abc", "ab\u0441", "abc⏎", "ab\u0441⟨U+0441⟩⏎"),
        ("aé", "ae\u0301", "aé⟨U+00E9⟩⏎", "ae⟨U+0301⟩⏎"),
        ("ab", "a\u200bb", "ab⏎", "a⟨U+200B⟩b⏎"),
        ("ab", "a\x1b[1mb", "ab⏎", "a␛[1mb⏎"),
        ("a b", "a·b", "a·b⏎", "a⟨U+00B7⟩b⏎"),
        ("a", "a...", "a⏎", "a...⏎"),
        ("{p:int}", "{p:int}", "{p:int}⏎", "".join(f"⟨U+{ord(c):04X}⟩" for c in "{p:int}") + "⏎"),
    ],
)
def test_no_two_texts_look_the_same(
    expected: str, printed: str, shown_expected: str, shown_printed: str
) -> None:
    lines = difference(expected, printed).split("\n")
    assert f"  expected  {shown_expected}" in lines
    assert f"  printed   {shown_printed}" in lines


def test_a_long_line_is_cut_around_what_differs() -> None:
    long = "".join(chr(ord("a") + number % 26) for number in range(500))
    lines = difference(long, f"{long[:300]}...{long[303:]}").split("\n")
    assert lines[1] == f"  expected  ⟨260 more⟩{long[260:360]}⟨140 more⟩"
    assert lines[2] == f"  printed   ⟨260 more⟩{long[260:300]}...{long[303:360]}⟨140 more⟩"
    assert lines[3].index("^") == lines[2].index("...")
    assert lines[3].endswith("column 301")


@given(
    st.text(st.characters(exclude_characters="\n")), st.text(st.characters(exclude_characters="\n"))
)
def test_different_texts_have_different_signs(one: str, other: str) -> None:
    assert (signed(one) == signed(other)) == (one == other)
    for text in (signed(one, differs=True), signed(one)):
        assert text.isprintable()
        assert not any(
            unicodedata.category(character).startswith(("Z", "M", "C")) for character in text
        )


def segments(expected: str, printed: str, **inputs: str) -> list[str]:
    """Both lines, what differs in brackets."""
    (line,) = compare_one(expected, printed, inputs).streams[0].lines
    sides = line.opposites()
    return [
        "".join(f"[{each.text}]" if each.differs else each.text for each in side.segments())
        for side in (sides.expected, sides.actual)
        if side is not None
    ]


@pytest.mark.parametrize(
    ("expected", "printed", "marked"),
    [
        ("same", "same", ["same", "same"]),
        ("n {n:int}", "n 5", ["n {n:int}", "n 5"]),
        ("a cat sat", "a dog sat", ["a [cat] sat", "a [dog] sat"]),
        ("a cat sat", "a sat", ["a [cat ]sat", "a sat"]),
        ("aaa", "aaaa", ["aaa", "aaa[a]"]),
        (
            "from ('{h:address}', {p:port}) ok",
            "From ('127.0.0.1', 5000) ok",
            ["[f]rom ('{h:address}', {p:port}) ok", "[F]rom ('127.0.0.1', 5000) ok"],
        ),
        (
            "connected to from ('{h:address}', {p:port})",
            "connected from ('127.0.0.1', 5000)",
            ["connected [to ]from ('{h:address}', {p:port})", "connected from ('127.0.0.1', 5000)"],
        ),
        ("port {p:port}.", "port 99999.", ["port [{p:port}].", "port [99999]."]),
        ("{a:text} is {n:int}", "it was 5", ["[{a:text} i]s {n:int}", "[it wa]s 5"]),
        ("{a:word} x", "b y", ["[{a:word} x]", "[b y]"]),
        ("a {x:int} b {y:int} c", "a 1 B 2 c", ["a {x:int} [b] {y:int} c", "a 1 [B] 2 c"]),
    ],
)
def test_what_differs_is_marked_between_what_is_the_same(
    expected: str, printed: str, marked: list[str]
) -> None:
    assert segments(expected, printed) == marked


def test_a_field_with_another_value_is_marked_alone() -> None:
    lines = compare_one("{p:int} {q:int}\n{p:int} is {q:int}!", "1 2\n1 is 3!").streams[0].lines
    sides = lines[1].opposites()
    assert sides.expected is not None
    assert sides.actual is not None
    assert sides.expected.segments() == (
        Segment("{p:int} is "),
        Segment("{q:int}", differs=True),
        Segment("!"),
    )
    assert sides.actual.segments() == (Segment("1 is "), Segment("3", differs=True), Segment("!"))


def test_a_line_without_an_opposite_differs_all_over() -> None:
    missing, extra = compare_one("A line", "\n").streams[0].lines
    assert missing.opposites() == Opposites(Side("A line", 0, 6), None)
    assert extra.opposites() == Opposites(None, Side("", 0, 0))
    (absent,) = compare_one("% optional\nA line\n% end", "").streams[0].lines
    assert absent.opposites().expected == Side("A line", 6, 6)


def test_an_order_has_nothing_but_its_title() -> None:
    assert Difference("", "a came after b").render() == "a came after b"
