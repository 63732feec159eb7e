"""The labs' own wires: no frames, no lengths, nothing that says where a message ends.

    mp4    the key and the ciphertext of classic mode, then the end of the connection; no reply
    cs330  a word, then the digit of its option in a send of its own; the reply is bare bytes

docs/protocol.md describes both ("The labs' own wires").
"""

from __future__ import annotations

from enum import Enum, auto

from wire.ciphers import cipher_for
from wire.errors import ErrorCode, ProtocolError
from wire.frames import LARGEST_BODY, MAGIC, VERSION, Mode

WIRELAB = "wirelab"
"""The name of this project's own protocol, where one of these dialects could stand."""
DIALECTS = (WIRELAB, "mp4", "cs330")

GOODBYE = b"No data"
"""cs330's word on quitting."""
OPTIONS = {Mode.OPEN: b"1", Mode.SECURE: b"2", Mode.NONE: b"3"}
"""cs330's options; `Mode.NONE` is to quit."""
BLOCK_SIZE = 16
"""Bytes; a word in secure mode is a multiple of it, as nothing here could say that it is padded."""

GRACE_SECONDS = 0.2
"""How long to wait for more of a message that may be whole."""
PAUSE_SECONDS = 0.05
"""Between two sends, so that a peer that takes one recv for one send gets them as two."""

_FRAMED = MAGIC + bytes([VERSION])
_FAREWELL = GOODBYE + OPTIONS[Mode.NONE]
_LETTERS = b" abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def encode_message(plaintext: bytes, password: str) -> bytes:
    """A message as mp4's client sends it: 32 bytes of key, then the ciphertext as base64."""
    cipher = cipher_for(Mode.CLASSIC)
    return cipher.seal(plaintext, cipher.derive_key(password))[1]


def decode_message(data: bytes) -> tuple[bytes, bytes]:
    """The plaintext and the ciphertext of all that an mp4 client sent. Raises ProtocolError."""
    cipher = cipher_for(Mode.CLASSIC)
    try:
        return cipher.unseal(0, data), cipher.log_text(data)
    except ProtocolError:
        check_not_framed(data)
        raise


def encode_word(mode: Mode, payload: bytes = GOODBYE) -> tuple[bytes, bytes]:
    """What cs330's client sends of a word, one send each: the payload and the option's digit."""
    return payload, OPTIONS[mode]


def capitals(word: bytes) -> bytes:
    """The word in capitals; bytes that are no UTF-8 stay as they are."""
    return word.decode(errors="surrogateescape").upper().encode(errors="surrogateescape")


def check_not_framed(data: bytes) -> None:
    """Raise ProtocolError if these bytes begin as a frame does: the peer speaks our protocol."""
    if data.startswith(_FRAMED):
        raise ProtocolError(
            ErrorCode.BAD_FRAME,
            "the peer speaks the Wirelab protocol, not the lab's own wire",
            "give --dialect at both ends, or at neither",
        )


class Reading(Enum):
    """How what has arrived of a word and its digit reads."""

    UNFINISHED = auto()
    LIKELY = auto()
    """It could be whole, or go on: a digit may be the word's, or a byte of ciphertext."""
    CERTAIN = auto()


class WordReader:
    """Finds the messages of a cs330 client, however their bytes arrive.

    The wire does not say where a word ends, so time and the cuts between what
    each recv gave have to: the caller waits GRACE_SECONDS for more of what is
    only LIKELY to be whole. A client waits for its answer before it sends
    again; only its farewell may come together with the word before it.
    """

    def __init__(self, largest: int = LARGEST_BODY) -> None:
        self._largest = largest
        self._buffer = bytearray()
        self._cuts = self._last = 0
        self._letters = self._letters_before = True

    @property
    def pending(self) -> int:
        """How many bytes of a message have arrived."""
        return len(self._buffer)

    def feed(self, data: bytes) -> None:
        """Take what one recv gave. Raises ProtocolError on a word that is too long."""
        self._buffer += data
        if len(self._buffer) - 1 > self._largest:
            raise ProtocolError(ErrorCode.TOO_LARGE, f"a word of more than {self._largest} bytes")
        self._letters_before = self._letters_before and self._letters
        self._letters = not data.translate(None, _LETTERS)
        self._cuts += 1
        self._last = len(data)

    @property
    def reading(self) -> Reading:
        data = self._buffer
        if data.endswith(_FAREWELL):
            before = len(data) - len(_FAREWELL)
            if not before:
                return Reading.CERTAIN
            return Reading.LIKELY if _mode_of(data, before) else Reading.UNFINISHED
        mode = _mode_of(data, len(data))
        if mode is None:
            return Reading.UNFINISHED
        sure = self._is_sure_to_be_open() if mode is Mode.OPEN else self._is_sure_to_be_secure()
        return Reading.CERTAIN if sure else Reading.LIKELY

    def take(self) -> tuple[Mode, bytes]:
        """The message that has arrived, and Mode.NONE for the farewell.

        Only for a `reading` that is LIKELY or CERTAIN.
        """
        size = len(self._buffer)
        if self._buffer.endswith(_FAREWELL) and size > len(_FAREWELL):
            size -= len(_FAREWELL)
        mode = Mode.NONE if self._buffer == _FAREWELL else _mode_of(self._buffer, size)
        if mode is None:
            raise ValueError("there is no whole message")
        payload = bytes(self._buffer[: size - 1])
        del self._buffer[:size]
        self._cuts = self._last = 0
        self._letters = self._letters_before = True
        return mode, payload

    def _is_sure_to_be_open(self) -> bool:
        """Letters and spaces, then the digit by itself: the lab's two sends, as they were made.

        Not so if every byte came by itself, or if the digit came along with
        letters: then it may be the word's last.
        """
        alone = self._last == 1 and len(self._buffer) > self._cuts
        return alone and self._letters_before

    def _is_sure_to_be_secure(self) -> bool:
        """One block, that nobody could have typed."""
        return len(self._buffer) == BLOCK_SIZE + 1 and not _is_text(self._buffer[:-1])


def _mode_of(data: bytearray, size: int) -> Mode | None:
    """The option of the message that the first `size` bytes may be, None if they can't be one."""
    option, length = data[size - 1 : size], size - 1
    if option == OPTIONS[Mode.OPEN] and length > 0:
        return Mode.OPEN
    if option == OPTIONS[Mode.SECURE] and length > 0 and length % BLOCK_SIZE == 0:
        return Mode.SECURE
    return None


def _is_text(data: bytearray) -> bool:
    try:
        return data.decode().isprintable()
    except UnicodeDecodeError:
        return False
