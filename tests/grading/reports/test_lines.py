"""A stream, a line and a sequence as a student's page shows them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.reports.pages import marks, sequence, streams
from grading.results import Happening, LineRecord, Segment, StreamRecord
from tests.grading.reports.markup import Page
from tests.grading.reports.samples import same

ROOM = 1_000_000


@pytest.mark.parametrize(
    ("segments", "html"),
    [
        ([], ""),
        ([Segment("a <b>")], "a &lt;b&gt;"),
        ([Segment("a b\t", True)], "<mark>a<i>·</i>b<i>→</i></mark>"),
        ([Segment("a b\tc")], "a b\tc"),
        ([Segment("one\r"), Segment("\r\n", True)], r"one<i>\r</i><mark><i>\r\n</i></mark>"),
        ([Segment("\x1b[0m\u202e")], r"<i>\x1b</i>[0m<i>\u202e</i>"),
        ([Segment("a\xa0b", True)], r"<mark>a<i>\xa0</i>b</mark>"),
    ],
)
def test_a_line(segments: list[Segment], html: str) -> None:
    assert marks.line(segments) == html


def test_a_long_line_is_cut_around_its_first_difference() -> None:
    line = marks.line([Segment("a" * 5000), Segment("b", True), Segment("c" * 5000)])
    text = Page(f"<p>{line}</p>").one("p").text
    head, tail = "[4,940 characters left out]", "[4,661 characters left out]"
    assert text == head + "a" * 60 + "b" + "c" * 339 + tail
    assert "<mark>b</mark>" in line


@pytest.mark.parametrize(
    ("segments", "left_out"),
    [([Segment("a" * 1000)], 1), ([Segment("a" * 999), Segment("b", True)], 1)],
)
def test_a_long_line_is_not_cut_where_it_need_not_be(
    segments: list[Segment], left_out: int
) -> None:
    assert str(marks.line(segments)).count("left out") == left_out


@given(st.lists(st.builds(Segment, st.text(max_size=300), st.booleans()), max_size=6))
@settings(max_examples=200, deadline=None)
def test_a_line_keeps_all_that_can_be_seen(segments: list[Segment]) -> None:
    shown = Page(f"<p>{marks.line(segments)}</p>")
    assert {each.tag for each in shown.elements} <= {"p", "mark", "i", "b"}
    whole = "".join(segment.text for segment in segments)
    if len(whole) <= marks.LONGEST_LINE and whole.isprintable() and " " not in whole:
        assert shown.one("p").text == whole


def wrong(text: str) -> LineRecord:
    return LineRecord("wrong", (Segment(text),), (Segment(text.upper(), True),))


def shape(view: streams.StreamView) -> list[tuple[int, bool, int]]:
    return [(len(chunk.rows), chunk.folded, chunk.left_out) for chunk in view.chunks]


def stream(*lines: LineRecord) -> StreamRecord:
    return StreamRecord("server", lines)


def test_what_is_as_expected_is_folded_but_for_the_lines_around_a_difference() -> None:
    view = streams.view(stream(*[same("a")] * 20, wrong("b"), *[same("c")] * 9), ROOM)
    assert shape(view) == [(17, True, 0), (7, False, 0), (6, False, 0)]
    assert view.summary == "1 wrong"
    numbers = [(row.expected_number, row.actual_number) for row in view.chunks[1].rows]
    assert numbers == [(number, number) for number in range(18, 25)]


def test_numbers_count_the_lines_of_each_side() -> None:
    missing = LineRecord("missing", (Segment("a"),), None)
    extra = LineRecord("extra", None, (Segment(""),))
    (chunk,) = streams.view(stream(missing, extra, same("b")), ROOM).chunks
    assert [(row.expected_number, row.actual_number) for row in chunk.rows] == [
        (1, 0),
        (1, 1),
        (2, 2),
    ]
    assert chunk.rows[0].actual is None
    assert chunk.rows[1].actual == "<i>blank line</i>"


@pytest.mark.parametrize(
    ("amount", "expected"),
    [(40, [(40, False, 0)]), (41, [(41, True, 0)]), (10_000, [(200, True, 9_800)])],
)
def test_a_long_stream_that_is_as_expected(
    amount: int, expected: list[tuple[int, bool, int]]
) -> None:
    view = streams.view(stream(*[same("a")] * amount), ROOM)
    assert (shape(view), view.left_out, view.summary) == (expected, "", "")


def test_a_stream_takes_no_more_room_than_it_has() -> None:
    lines = [each for number in range(500) for each in (same("a"), wrong(f"line {number}"))]
    view = streams.view(stream(*lines), 20_000)
    shown = sum(len(chunk.rows) for chunk in view.chunks)
    assert 0 < view.size <= 20_000
    assert view.left_out == f"{1000 - shown} lines more, among them {(1001 - shown) // 2} wrong"
    assert view.height == 4 + shown


def test_a_stream_without_room_and_a_stream_without_lines() -> None:
    assert streams.view(stream(same("a")), 0).left_out == "1 line more"
    assert streams.view(stream(), ROOM).chunks == []


def test_the_lanes_of_a_sequence_run_from_clients_to_servers() -> None:
    happened = [
        Happening(0, "server"),
        Happening(1, "client", "relay", "opened"),
        Happening(2, "client message1", kind="typed"),
        Happening(3, "relay", "client", "data", size=2904),
    ]
    view = sequence.view(happened, ROOM)
    assert view.lanes == ["client", "relay", "server"]
    spans = [(event.first, event.last, event.backwards) for event in view.shown]
    assert spans == [(2, 2, False), (0, 1, False), (0, 0, False), (0, 1, True)]
    assert [event.what for event in view.shown] == ["prints", "connects", "types", "2,904 bytes"]
    assert [event.which for event in view.shown] == ["", "", "message1", ""]


def test_who_has_no_lane_shares_one() -> None:
    happened = [Happening(0, f"client{number}", "server", "data") for number in range(30)]
    view = sequence.view(happened, ROOM)
    assert view.lanes == ["client0", "client1", "client2", "client3", "others", "server"]
    last = view.shown[-1]
    assert (last.first, last.last, last.who, last.which) == (4, 5, "client29 → server", "client29")


def test_a_long_sequence_is_folded_and_one_without_end_is_cut() -> None:
    happened = [Happening(number / 1000, "client", text="x" * 1000) for number in range(5000)]
    view = sequence.view(happened, 200_000)
    assert len(view.shown) == sequence.SHOWN
    assert len(view.folded) + len(view.shown) + view.left_out == 5000
    assert view.size <= 200_000
    assert view.left_out > 0
    assert sequence.view([], ROOM).lanes == []
