"""The labs' own wires: a message is found wherever the stream was cut."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

import pytest

from wire.ciphers import classic, secure
from wire.errors import ErrorCode, ProtocolError, Undecipherable
from wire.frames import MESSAGE_MODES, Hello, Mode
from wire.raw import (
    DIALECTS,
    OPTIONS,
    WIRELAB,
    Reading,
    WordReader,
    capitals,
    check_not_framed,
    decode_message,
    encode_message,
    encode_word,
)

Message = tuple[Mode, bytes]

SECRET = b"the answer is no"
CIPHERTEXT = b"utgs\x8a\t\x0c\x8b\xef\x19\xa89\xf5\x06\xc5U"
GOODBYE = (Mode.NONE, b"No data")
WITH_DIGITS = bytes.fromhex("31 32 33 80 32 31 33 ff 31 00 32 01 33 02 80 32")
"""A ciphertext's bytes may be digits; this many never are."""

MESSAGES: list[Message] = [
    (Mode.OPEN, b"abcd"),
    (Mode.OPEN, b"a b"),
    (Mode.OPEN, "größe".encode()),
    (Mode.OPEN, b"No data"),
    (Mode.OPEN, b"a\xff\x00"),
    (Mode.SECURE, CIPHERTEXT),
    (Mode.SECURE, SECRET),
    GOODBYE,
]


def stream(message: Message) -> bytes:
    return b"".join(encode_word(*message))


def cuts(data: bytes, most: int) -> Iterator[list[bytes]]:
    """The data in up to so many more pieces than one, cut at every place."""
    for count in range(most + 1):
        for places in combinations(range(1, len(data)), count):
            edges = [0, *places, len(data)]
            yield [data[a:b] for a, b in pairwise(edges)]


def hear(pieces: list[bytes]) -> list[Message]:
    """What is heard of pieces that come faster than the grace ends, and then silence."""
    reader = WordReader()
    heard = []
    for piece in pieces:
        reader.feed(piece)
        if reader.reading is Reading.CERTAIN:
            heard.append(reader.take())
    while reader.reading is not Reading.UNFINISHED:
        heard.append(reader.take())
    assert reader.pending == 0
    return heard


def reading_of(*pieces: bytes) -> Reading:
    reader = WordReader()
    for piece in pieces:
        reader.feed(piece)
    return reader.reading


@pytest.mark.parametrize("message", MESSAGES, ids=repr)
class TestAMessage:
    def test_cut_anywhere(self, message: Message) -> None:
        for pieces in cuts(stream(message), most=3):
            assert hear(pieces) == [message], pieces

    def test_byte_by_byte(self, message: Message) -> None:
        assert hear([bytes([byte]) for byte in stream(message)]) == [message]

    def test_with_the_farewell_behind_it(self, message: Message) -> None:
        if message != GOODBYE:
            assert hear([stream(message) + stream(GOODBYE)]) == [message, GOODBYE]


@pytest.mark.parametrize(
    "message",
    [(Mode.OPEN, b"word1"), (Mode.OPEN, b"2 be or not 2"), (Mode.SECURE, WITH_DIGITS)],
    ids=repr,
)
class TestAMessageWithDigits:
    """Digits may mislead where the cuts fall behind them; never as it is sent, or joined."""

    def test_as_it_is_sent(self, message: Message) -> None:
        assert hear([*encode_word(*message)]) == [message]

    def test_joined(self, message: Message) -> None:
        assert hear([stream(message)]) == [message]

    def test_byte_by_byte(self, message: Message) -> None:
        assert hear([bytes([byte]) for byte in stream(message)]) == [message]


def test_a_session_byte_by_byte() -> None:
    reader = WordReader()
    heard = []
    for message in MESSAGES:
        for byte in stream(message):
            reader.feed(bytes([byte]))
        heard.append(reader.take())
    assert heard == MESSAGES


@pytest.mark.parametrize(
    "pieces",
    [
        [b"abcd", b"1"],
        [b"a", b"bcd e", b"1"],
        [CIPHERTEXT, b"2"],
        [CIPHERTEXT + b"2"],
        [CIPHERTEXT[:5], CIPHERTEXT[5:] + b"2"],
        [b"No data", b"3"],
        [b"No data3"],
        [b"No d", b"ata3"],
    ],
)
def test_is_answered_at_once(pieces: list[bytes]) -> None:
    assert reading_of(*pieces) is Reading.CERTAIN


@pytest.mark.parametrize(
    "pieces",
    [
        [b"abcd1"],
        [b"ab", b"cd1"],
        [b"a", b"b", b"c", b"1"],
        [b"ab1", b"1"],
        ["größe".encode(), b"1"],
        [CIPHERTEXT[:4], b"\x8a", b"1"],
        [SECRET, b"2"],
        ["größe größe ".encode(), b"2"],
        [2 * CIPHERTEXT, b"2"],
        [b"abcd1No data3"],
        [CIPHERTEXT + b"2No data3"],
    ],
)
def test_may_go_on(pieces: list[bytes]) -> None:
    assert reading_of(*pieces) is Reading.LIKELY


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a",
        b"1",
        b"2",
        b"3",
        b"abcd",
        b"abcd2",
        b"abcd3",
        b"abcd4",
        b"No data",
        b"No data2",
        b"abcdNo data3",
        b"1No data3",
        CIPHERTEXT + b"x2",
        CIPHERTEXT + b"3",
        b"abcd1\n",
    ],
)
def test_is_no_message_yet(data: bytes) -> None:
    reader = WordReader()
    reader.feed(data)
    assert reader.reading is Reading.UNFINISHED
    assert reader.pending == len(data)
    with pytest.raises(ValueError, match="no whole message"):
        reader.take()


def test_what_seemed_whole_goes_on() -> None:
    reader = WordReader()
    for piece, reading in ((b"word1", Reading.LIKELY), (b" or 2", Reading.UNFINISHED)):
        reader.feed(piece)
        assert reader.reading is reading
    reader.feed(b"1")
    assert reader.take() == (Mode.OPEN, b"word1 or 2")


def test_what_was_cut_says_nothing_of_the_next_message() -> None:
    reader = WordReader()
    reader.feed("größe1".encode())
    reader.take()
    reader.feed(b"abcd")
    reader.feed(b"1")
    assert reader.reading is Reading.CERTAIN


def test_a_word_as_long_as_the_largest_is_taken() -> None:
    reader = WordReader(largest=4)
    reader.feed(b"abcd")
    reader.feed(b"1")
    assert reader.take() == (Mode.OPEN, b"abcd")
    reader.feed(b"abcde")
    with pytest.raises(ProtocolError, match="more than 4 bytes") as fault:
        reader.feed(b"1")
    assert fault.value.code is ErrorCode.TOO_LARGE


def test_each_option_has_its_digit() -> None:
    assert [OPTIONS[mode] for mode in (Mode.OPEN, Mode.SECURE, Mode.NONE)] == [b"1", b"2", b"3"]
    assert encode_word(Mode.NONE) == (b"No data", b"3")
    assert encode_word(Mode.SECURE, secure.seal(SECRET, secure.KEY)[1]) == (CIPHERTEXT, b"2")


@pytest.mark.parametrize(
    ("word", "in_capitals"),
    [("abcd", "ABCD"), ("a1 b", "A1 B"), ("größe", "GRÖSSE"), ("a\udcffb", "A\udcffB")],
)
def test_capitals(word: str, in_capitals: str) -> None:
    as_bytes = word.encode(errors="surrogateescape")
    assert capitals(as_bytes) == in_capitals.encode(errors="surrogateescape")


class TestAnMp4Message:
    @pytest.mark.parametrize("text", [b"", b"x", b"x" * 107, bytes(range(256))])
    def test_there_and_back(self, text: bytes) -> None:
        sent = encode_message(text, "a password")
        assert decode_message(sent) == (text, sent[32:])

    def test_is_as_long_as_the_lab_says(self) -> None:
        assert len(encode_message(b"x" * 107, "a password")) == 32 + 172

    @pytest.mark.parametrize("size", [0, 31, 32, 33, 75])
    def test_that_is_cut_short(self, size: int) -> None:
        with pytest.raises(Undecipherable):
            decode_message(encode_message(b"hello", "a password")[:size])

    def test_that_is_a_frame(self) -> None:
        with pytest.raises(ProtocolError, match="not the lab's own wire") as fault:
            decode_message(Hello(MESSAGE_MODES, 1).frame().encode())
        assert "--dialect" in fault.value.hint

    def test_whose_key_looks_like_a_frame(self) -> None:
        key = b"WLAB\x01" + bytes(27)
        assert decode_message(key + classic.encrypt(b"hello", key))[0] == b"hello"


def test_a_word_may_begin_as_the_magic_does() -> None:
    check_not_framed(b"WLABORATORY")


def test_the_dialects() -> None:
    assert DIALECTS == (WIRELAB, "mp4", "cs330")
