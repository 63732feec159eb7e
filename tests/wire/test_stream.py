"""FrameReader: whole, byte by byte, with more behind, and given what is no frame."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wire.errors import ErrorCode, ProtocolError
from wire.frames import HEADER, LARGEST_BODY, Frame, FrameType, Mode
from wire.stream import FrameReader

ECHO = b"WLAB\x01\x03\x01\x00\x00\x00\x00\x07\x00\x00\x00\x04word"
BYE = b"WLAB\x01\x06\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"

nearly_headers = st.builds(
    HEADER.pack,
    st.sampled_from([b"WLAB", b"WLAB", b"WLAB", b"WLAC"]),
    st.sampled_from([1, 1, 1, 2]),
    st.integers(0, 7),
    st.integers(0, 4),
    st.integers(0, 255),
    st.integers(0, 2**32 - 1),
    st.integers(0, 12) | st.just(2**32 - 1),
)
nearly_streams = st.lists(nearly_headers | st.binary(max_size=12), max_size=8).map(b"".join)


def take_all(reader: FrameReader) -> list[Frame]:
    frames = []
    while frame := reader.next_frame():
        frames.append(frame)
    return frames


def outcome(chunks: list[bytes], largest_body: int = 8) -> tuple[bytes, ErrorCode | None, int]:
    """What a stream's frames encode to, the code of its end by error, and what is pending."""
    reader = FrameReader(largest_body)
    encoded = b""
    try:
        for chunk in chunks:
            reader.feed(chunk)
            while frame := reader.next_frame():
                encoded += frame.encode()
    except ProtocolError as error:
        return encoded, error.code, reader.pending
    return encoded, None, reader.pending


def one_by_one(data: bytes) -> list[bytes]:
    return [data[at : at + 1] for at in range(len(data))]


def test_a_frame_fed_whole() -> None:
    reader = FrameReader()
    reader.feed(ECHO)
    frame = reader.next_frame()
    assert frame is not None
    assert (frame.type, frame.mode, frame.flags, frame.request_id, frame.body) == (
        FrameType.ECHO,
        Mode.OPEN,
        0,
        7,
        b"word",
    )
    assert reader.next_frame() is None


def test_a_frame_fed_byte_by_byte() -> None:
    reader = FrameReader()
    for byte in one_by_one(ECHO):
        assert reader.next_frame() is None
        reader.feed(byte)
    assert [frame.encode() for frame in take_all(reader)] == [ECHO]


def test_frames_with_more_behind_them() -> None:
    reader = FrameReader()
    reader.feed(ECHO + BYE + ECHO[:-1])
    assert [frame.encode() for frame in take_all(reader)] == [ECHO, BYE]
    reader.feed(ECHO[-1:])
    assert [frame.encode() for frame in take_all(reader)] == [ECHO]


@pytest.mark.parametrize("cut", range(len(ECHO + BYE) + 1))
def test_frames_cut_in_two_anywhere(cut: int) -> None:
    stream = ECHO + BYE
    assert outcome([stream[:cut], stream[cut:]]) == (stream, None, 0)


def test_a_frames_body_is_its_own() -> None:
    reader = FrameReader()
    reader.feed(ECHO)
    frame = reader.next_frame()
    reader.feed(b"WLAB")
    assert frame is not None
    assert frame.body == b"word"


def test_pending_counts_the_bytes_of_an_unfinished_frame() -> None:
    reader = FrameReader()
    for arrived, byte in enumerate(one_by_one(ECHO)):
        assert reader.next_frame() is None
        assert reader.pending == arrived
        reader.feed(byte)
    assert reader.next_frame() is not None
    assert reader.pending == 0


def test_a_body_as_large_as_the_cap_is_taken() -> None:
    assert outcome([ECHO], largest_body=4) == (ECHO, None, 0)


def test_a_body_beyond_the_cap_is_refused_by_its_header() -> None:
    reader = FrameReader(largest_body=3)
    reader.feed(ECHO[:15])
    assert reader.next_frame() is None
    reader.feed(ECHO[15:16])
    with pytest.raises(ProtocolError, match="4 bytes was announced; at most 3 are") as caught:
        reader.next_frame()
    assert caught.value.code is ErrorCode.TOO_LARGE


def test_the_cap_is_64_mib_unless_told() -> None:
    largest = HEADER.pack(b"WLAB", 1, 2, 1, 0, 1, LARGEST_BODY)
    beyond = HEADER.pack(b"WLAB", 1, 2, 1, 0, 1, LARGEST_BODY + 1)
    assert LARGEST_BODY == 64 * 2**20
    reader = FrameReader()
    reader.feed(largest)
    assert reader.next_frame() is None
    reader = FrameReader()
    reader.feed(beyond)
    with pytest.raises(ProtocolError):
        reader.next_frame()


@pytest.mark.parametrize("right", range(4))
def test_another_protocol_is_told_by_its_first_wrong_byte(right: int) -> None:
    reader = FrameReader()
    reader.feed(b"WLAB"[:right])
    assert reader.next_frame() is None
    reader.feed(b"\n")
    with pytest.raises(ProtocolError, match="does not speak the Wirelab protocol") as caught:
        reader.next_frame()
    assert caught.value.code is ErrorCode.BAD_FRAME


@pytest.mark.parametrize(
    ("at", "byte", "code"),
    [
        (0, b"w", ErrorCode.BAD_FRAME),
        (4, b"\x02", ErrorCode.UNSUPPORTED_VERSION),
        (5, b"\x00", ErrorCode.BAD_FRAME),
        (5, b"\x07", ErrorCode.BAD_FRAME),
        (6, b"\x04", ErrorCode.UNSUPPORTED_MODE),
        (12, b"\x01", ErrorCode.TOO_LARGE),
    ],
    ids=["magic", "version", "type 0", "type 7", "mode", "length"],
)
def test_a_wrong_byte_ends_the_stream_after_the_frames_before_it(
    at: int, byte: bytes, code: ErrorCode
) -> None:
    wrong = ECHO[:at] + byte + ECHO[at + 1 :]
    for chunks in ([BYE + wrong], one_by_one(BYE + wrong)):
        encoded, ended_by, _ = outcome(chunks)
        assert (encoded, ended_by) == (BYE, code)


def test_a_stream_that_went_wrong_stays_wrong() -> None:
    reader = FrameReader()
    reader.feed(b"GET / HTTP/1.1\r\n")
    for _ in range(2):
        with pytest.raises(ProtocolError):
            reader.next_frame()
        reader.feed(ECHO)


@given(st.binary(max_size=60) | nearly_streams)
@settings(max_examples=300, deadline=None)
def test_what_was_taken_from_arbitrary_bytes_is_what_was_fed(data: bytes) -> None:
    encoded, ended_by, pending = outcome([data])
    assert data.startswith(encoded)
    if ended_by is None:
        assert len(encoded) + pending == len(data)


@given(nearly_streams)
@settings(max_examples=200, deadline=None)
def test_the_way_bytes_arrive_changes_nothing(data: bytes) -> None:
    assert outcome(one_by_one(data))[:2] == outcome([data])[:2]
