"""Every frame as literal bytes, both ways; then arbitrary ones."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wire.errors import ErrorCode, ProtocolError
from wire.frames import (
    HEADER,
    MESSAGE_MODES,
    MORE,
    PADDED,
    Frame,
    FrameType,
    Hello,
    Mode,
    Receipt,
    check_magic,
    decode_error,
    decode_header,
    decode_store,
    error_frame,
    store_frame,
)
from wire.stream import FrameReader

MESSAGE_ID = bytes(range(0xA0, 0xB0))
DIGEST = bytes(range(32))

LITERALS: dict[str, tuple[Frame, bytes]] = {
    "HELLO": (
        Hello(MESSAGE_MODES, 0x01020304).frame(),
        b"WLAB\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x08\x00\x00\x00\x0e\x01\x02\x03\x04",
    ),
    "HELLO with a public key": (
        Hello((Mode.OPEN,), 16, b"key").frame(),
        b"WLAB\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x0b\x00\x00\x00\x02\x00\x00\x00\x10key",
    ),
    "STORE": (
        store_frame(Mode.SECURE, PADDED, MESSAGE_ID, b"16 bytes of AES.", 7),
        (
            b"WLAB\x01\x02\x03\x01\x00\x00\x00\x07\x00\x00\x00\x20"
            b"\xa0\xa1\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xab\xac\xad\xae\xaf16 bytes of AES."
        ),
    ),
    "ECHO": (
        Frame(FrameType.ECHO, mode=Mode.OPEN, request_id=0x01020304, body=b"word"),
        b"WLAB\x01\x03\x01\x00\x01\x02\x03\x04\x00\x00\x00\x04word",
    ),
    "ECHO of nothing": (
        Frame(FrameType.ECHO, mode=Mode.CLASSIC, request_id=2**32 - 1),
        b"WLAB\x01\x03\x02\x00\xff\xff\xff\xff\x00\x00\x00\x00",
    ),
    "REPLY": (
        Frame(FrameType.REPLY, mode=Mode.OPEN, flags=MORE, request_id=9, body=b"WORD"),
        b"WLAB\x01\x04\x01\x02\x00\x00\x00\x09\x00\x00\x00\x04WORD",
    ),
    "receipt": (
        Receipt(MESSAGE_ID, 6, 2169, DIGEST, "server_message6.txt").frame(3),
        (
            b"WLAB\x01\x04\x00\x00\x00\x00\x00\x03\x00\x00\x00\x4b"
            b"\xa0\xa1\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xab\xac\xad\xae\xaf"
            b"\x00\x00\x00\x06\x00\x00\x08\x79"
            b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"
            b"\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f"
            b"server_message6.txt"
        ),
    ),
    "ERROR": (
        error_frame(ErrorCode.UNDECIPHERABLE, "n\u00f6", 5),
        b"WLAB\x01\x05\x00\x00\x00\x00\x00\x05\x00\x00\x00\x05\x00\x05n\xc3\xb6",
    ),
    "ERROR of the connection": (
        error_frame(ErrorCode.BUSY, ""),
        b"WLAB\x01\x05\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x08",
    ),
    "BYE": (Frame(FrameType.BYE), b"WLAB\x01\x06\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"),
}

either_way = pytest.mark.parametrize(("frame", "encoded"), LITERALS.values(), ids=LITERALS)

request_ids = st.integers(0, 2**32 - 1)
frames = st.builds(
    Frame,
    st.sampled_from(FrameType),
    mode=st.sampled_from(Mode),
    flags=st.integers(0, 255),
    request_id=request_ids,
    body=st.binary(max_size=100),
)


def decode(encoded: bytes) -> Frame:
    reader = FrameReader()
    reader.feed(encoded)
    frame = reader.next_frame()
    assert frame is not None
    return frame


@either_way
def test_encodes_to_these_bytes(frame: Frame, encoded: bytes) -> None:
    assert frame.encode() == encoded


@either_way
def test_decodes_from_these_bytes(frame: Frame, encoded: bytes) -> None:
    decoded = decode(encoded)
    assert isinstance(decoded.type, FrameType)
    assert isinstance(decoded.mode, Mode)
    assert (decoded.type, decoded.mode, decoded.flags, decoded.request_id, decoded.body) == (
        frame.type,
        frame.mode,
        frame.flags,
        frame.request_id,
        frame.body,
    )


@given(frames)
@settings(max_examples=100, deadline=None)
def test_every_frame_survives_the_wire(frame: Frame) -> None:
    assert decode(frame.encode()) == frame


def test_frames_are_equal_by_what_crosses_the_wire() -> None:
    bye = Frame(FrameType.BYE)
    assert bye == Frame(FrameType.BYE)
    assert bye != Frame(FrameType.BYE, request_id=1)
    assert bye != bye.encode()


def test_a_frame_shows_itself_without_its_body() -> None:
    frame = store_frame(Mode.CLASSIC, PADDED, MESSAGE_ID, b"secret", 7)
    assert repr(frame) == "<STORE CLASSIC flags=0x01 request=7 22 bytes>"


def test_hello_offers_modes_and_a_cap() -> None:
    hello = Hello.decode(decode(LITERALS["HELLO with a public key"][1]))
    assert (hello.modes, hello.largest_body, hello.public_key) == ((Mode.OPEN,), 16, b"key")


def test_hello_of_tomorrow_offers_modes_that_are_passed_over() -> None:
    body = b"\xff\xff\xff\xf7\x00\x00\x00\x00"
    hello = Hello.decode(Frame(FrameType.HELLO, body=body))
    assert hello.modes == (Mode.OPEN, Mode.CLASSIC)


@given(st.sets(st.sampled_from(MESSAGE_MODES)), request_ids, st.binary(max_size=64))
@settings(max_examples=50, deadline=None)
def test_every_hello_survives_the_wire(
    modes: set[Mode], largest_body: int, public_key: bytes
) -> None:
    hello = Hello.decode(decode(Hello(tuple(modes), largest_body, public_key).frame().encode()))
    assert set(hello.modes) == modes
    assert (hello.largest_body, hello.public_key) == (largest_body, public_key)


def test_a_receipt_names_the_message_and_its_log() -> None:
    receipt = Receipt.decode(decode(LITERALS["receipt"][1]))
    assert receipt.message_id == MESSAGE_ID
    assert (receipt.number, receipt.size) == (6, 2169)
    assert receipt.digest == DIGEST
    assert receipt.log_name == "server_message6.txt"


@given(st.binary(min_size=16, max_size=16), request_ids, st.text(max_size=30))
@settings(max_examples=50, deadline=None)
def test_every_receipt_survives_the_wire(message_id: bytes, number: int, log_name: str) -> None:
    sent = Receipt(message_id, number, number, DIGEST, log_name)
    receipt = Receipt.decode(decode(sent.frame(1).encode()))
    assert (receipt.message_id, receipt.number, receipt.size, receipt.digest) == (
        message_id,
        number,
        number,
        DIGEST,
    )
    assert receipt.log_name == log_name


def test_a_log_name_that_is_no_text_is_shown_as_far_as_it_is() -> None:
    frame = Frame(FrameType.REPLY, body=bytes(56) + b"log\xff")
    assert Receipt.decode(frame).log_name == "log\ufffd"


def test_an_error_has_a_code_and_a_text() -> None:
    assert decode_error(decode(LITERALS["ERROR"][1])) == (ErrorCode.UNDECIPHERABLE, "n\u00f6")


@given(st.sampled_from(ErrorCode), st.text(st.characters(codec="utf-8"), max_size=30))
@settings(max_examples=50, deadline=None)
def test_every_error_survives_the_wire(code: ErrorCode, text: str) -> None:
    assert decode_error(decode(error_frame(code, text, 1).encode())) == (code, text)


def test_an_errors_text_is_sent_and_read_whatever_is_in_it() -> None:
    assert error_frame(ErrorCode.BUSY, "file \udcff").body == b"\x00\x08file ?"
    frame = Frame(FrameType.ERROR, body=b"\x00\x08file \xff")
    assert decode_error(frame) == (ErrorCode.BUSY, "file \ufffd")


@pytest.mark.parametrize("code", [0, len(ErrorCode) + 1, 0xFFFF])
def test_an_error_of_an_unknown_code_breaks_the_protocol(code: int) -> None:
    frame = Frame(FrameType.ERROR, body=code.to_bytes(2, "big") + b"what is it?")
    with pytest.raises(ProtocolError, match=f"unknown error code {code}") as caught:
        decode_error(frame)
    assert caught.value.code is ErrorCode.BAD_FRAME


def test_a_store_carries_an_id_and_a_payload() -> None:
    assert decode_store(decode(LITERALS["STORE"][1])) == (MESSAGE_ID, b"16 bytes of AES.")
    assert decode_store(Frame(FrameType.STORE, body=MESSAGE_ID)) == (MESSAGE_ID, b"")


@pytest.mark.parametrize(
    ("decoder", "least"),
    [(Hello.decode, 8), (Receipt.decode, 56), (decode_error, 2), (decode_store, 16)],
    ids=["HELLO", "receipt", "ERROR", "STORE"],
)
def test_a_body_too_short_breaks_the_protocol(
    decoder: Callable[[Frame], object], least: int
) -> None:
    for size in range(least):
        with pytest.raises(ProtocolError) as caught:
            decoder(Frame(FrameType.REPLY, body=bytes(size)))
        assert caught.value.code is ErrorCode.BAD_FRAME


def test_a_header_is_16_bytes() -> None:
    assert HEADER.size == 16


@pytest.mark.parametrize(
    ("header", "code", "message"),
    [
        (b"HTTP/1.1 400 Bad", ErrorCode.BAD_FRAME, "does not speak the Wirelab protocol"),
        (
            b"WLAB\x02\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
            ErrorCode.UNSUPPORTED_VERSION,
            "the peer speaks version 2 of the protocol, this program version 1",
        ),
        (
            b"WLAB\x01\x02\x01\x00\x00\x00\x00\x01\x00\x00\x04\x01",
            ErrorCode.TOO_LARGE,
            "a frame of 1025 bytes was announced; at most 1024 are taken",
        ),
        (
            b"WLAB\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
            ErrorCode.BAD_FRAME,
            "unknown frame type 0",
        ),
        (
            b"WLAB\x01\x07\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
            ErrorCode.BAD_FRAME,
            "unknown frame type 7",
        ),
        (
            b"WLAB\x01\x02\x2a\x00\x00\x00\x00\x01\x00\x00\x00\x10",
            ErrorCode.UNSUPPORTED_MODE,
            "unknown mode 42",
        ),
    ],
    ids=["magic", "version", "length", "type 0", "type 7", "mode"],
)
def test_a_wrong_header_is_refused(header: bytes, code: ErrorCode, message: str) -> None:
    with pytest.raises(ProtocolError, match=message) as caught:
        decode_header(header, 1024)
    assert caught.value.code is code


def test_another_version_is_told_from_a_header_that_would_be_wrong_in_this_one() -> None:
    with pytest.raises(ProtocolError) as caught:
        decode_header(b"WLAB\x63\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 0)
    assert caught.value.code is ErrorCode.UNSUPPORTED_VERSION


def test_the_magic_is_checked_as_far_as_it_is_there() -> None:
    for beginning in (b"", b"W", b"WL", b"WLA", b"WLAB", b"WLAB\x01\x02"):
        check_magic(beginning)
    for beginning in (b"X", b"Wl", b"WLA\x00", b"\x00WLAB"):
        with pytest.raises(ProtocolError):
            check_magic(beginning)
