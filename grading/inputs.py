"""Each student's own words and texts, so that a copied transcript shows itself.

They are drawn by a keyed stream alone: the same from the same secret on every
machine, whatever the order of a lab's inputs, and with each one as good as
random to who does not hold the secret.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from hmac import digest
from pathlib import Path
from tempfile import NamedTemporaryFile
from textwrap import wrap

from grading.lab import Input
from wire.errors import LabFailed, UsageError

SECRET_SIZE = 32
"""Bytes."""
LINE_WIDTH = 60
"""A drawn text's lines are no longer, in bytes."""

_ROOM_FOR_A_SENTENCE = 60
"""Bytes: five of the longest words."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_CONSONANTS = "bdhjklmnrstvw"
_VOWELS = "aeiou"
_ENGLISH = """
    a about after again all along and another answer any arrives before begins between both
    bytes carries client closes comes connection each ends every far first follows for from goes
    half here in into it keeps last late leaves less line little long message more never next no
    noise of often on once one or packet part peer port quiet reply route sends server short
    slow small socket some stays still stream that the then there through time to two under
    until waits wire
"""
_WORDS = tuple(_ENGLISH.split())


def draw_inputs(inputs: Mapping[str, Input], secret: bytes, student: str) -> dict[str, str]:
    """A student's inputs, by the names that the lab gives them; ASCII, of exactly their length.

    - word: letters a-z.
    - phrase: words of an unknown tongue with single spaces between. English
      has about 30 bits of chance in 16 bytes; these have more than 40, however they
      fall into words: two are alike in less than one of two million classes of 1,000.
    - text: English sentences in lines of at most LINE_WIDTH, none empty, the last without
      a line end; about a bit of chance a byte.
    - number: decimal digits; the first is not 0.
    """
    own = _keyed(secret, student)
    return {name: _draw(wanted, _Stream(_keyed(own, name))) for name, wanted in inputs.items()}


def load_secret(file: Path) -> bytes:
    """The secret of a class, made once, readable to its owner alone.

    Raises UsageError for a file that holds something else, LabFailed for one
    that can be neither read nor made.
    """
    try:
        if not file.exists():
            _make_secret(file)
        text = file.read_bytes().strip()
    except OSError as error:
        raise LabFailed(
            f"can't keep the class's secret in {file}: {error.strerror}",
            "see that its folder is there and can be written",
        ) from error
    try:
        secret = bytes.fromhex(text.decode())
    except ValueError:
        secret = b""
    if len(secret) != SECRET_SIZE:
        raise UsageError(
            f"{file} holds no secret: {2 * SECRET_SIZE} hexadecimal digits are one",
            "put it back; or remove it, and every student gets other words and texts",
        )
    return secret


def _make_secret(file: Path) -> None:
    """Written whole before it has its name; whoever comes first has made it."""
    with NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}-") as temporary:
        temporary.write(os.urandom(SECRET_SIZE).hex().encode() + b"\n")
        temporary.flush()
        os.fsync(temporary.fileno())
        with suppress(FileExistsError):
            os.link(temporary.name, file)


class _Stream:
    """Numbers drawn from a key: HMAC over a counter (NIST SP 800-108, section 4.1)."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._counter = 0
        self._left = b""

    def below(self, limit: int) -> int:
        """A number from 0 to `limit` - 1, each as likely; at most 256."""
        fair = 256 - 256 % limit
        while (number := self._byte()) >= fair:
            pass
        return number % limit

    def one_of(self, choices: Sequence[str]) -> str:
        return choices[self.below(len(choices))]

    def _byte(self) -> int:
        if not self._left:
            self._left = digest(self._key, self._counter.to_bytes(8, "big"), sha256)
            self._counter += 1
        byte, self._left = self._left[0], self._left[1:]
        return byte


def _keyed(key: bytes, name: str) -> bytes:
    return digest(key, name.encode(errors="surrogatepass"), sha256)


def _draw(wanted: Input, stream: _Stream) -> str:
    draw = {"word": _word, "phrase": _phrase, "text": _text, "number": _number}[wanted.kind]
    return draw(stream, wanted.length)


def _word(stream: _Stream, length: int) -> str:
    return "".join(stream.one_of(_LETTERS) for _ in range(length))


def _number(stream: _Stream, length: int) -> str:
    rest = "".join(stream.one_of("0123456789") for _ in range(length - 1))
    return stream.one_of("123456789") + rest


def _phrase(stream: _Stream, length: int) -> str:
    """Words of 3 to 7 letters, but for a phrase that is shorter than that."""
    words = []
    while length > 7:
        size = 3 + stream.below(min(4, length - 6))
        words.append(_sounding(stream, size))
        length -= size + 1
    return " ".join([*words, _sounding(stream, length)])


def _sounding(stream: _Stream, length: int) -> str:
    """A word that can be said; three letters of it have at least 9.7 bits."""
    return "".join(stream.one_of((_CONSONANTS, _VOWELS)[place % 2]) for place in range(length))


def _text(stream: _Stream, length: int) -> str:
    """Sentences of at least 5 words; the last is as long as it takes to end where it must."""
    words: list[str] = []
    left, to_come, begins = length - len("."), 0, True
    while left:
        word = stream.one_of(_fitting(left))
        left -= len(word)
        if begins:
            word = word.capitalize()
            to_come = 4 + stream.below(6)
        begins = to_come <= 0 and left > _ROOM_FOR_A_SENTENCE
        if begins:
            word += "."
            left -= 1
        left -= 1 if left else 0  # what stands before the next one
        to_come -= 1
        words.append(word)
    return "\n".join(wrap(" ".join(words) + ".", LINE_WIDTH))


def _fitting(left: int) -> list[str]:
    """The words that fill so many bytes, or leave what others can fill."""
    if left <= 7:
        return [word for word in _WORDS if len(word) == left]
    return [word for word in _WORDS if len(word) <= left - 3]
