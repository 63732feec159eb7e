"""Secure mode against the lab's known answer, and against pycryptodome's AES."""

from __future__ import annotations

import pytest
from Crypto.Cipher import AES
from Crypto.Util.Padding import pad
from hypothesis import given, settings
from hypothesis import strategies as st

from wire.ciphers import secure
from wire.errors import ErrorCode, Undecipherable
from wire.frames import PADDED

KEY = b"This is a key123"
IV = b"This is an IV456"
KNOWN_ANSWER = b"utgs\x8a\t\x0c\x8b\xef\x19\xa89\xf5\x06\xc5U"

whole_blocks = st.integers(0, 5).flatmap(lambda n: st.binary(min_size=16 * n, max_size=16 * n))


def aes(plaintext: bytes) -> bytes:
    return AES.new(KEY, AES.MODE_CBC, IV).encrypt(plaintext)


def test_the_labs_known_answer() -> None:
    assert secure.seal(b"the answer is no", KEY) == (0, KNOWN_ANSWER)
    assert secure.unseal(0, KNOWN_ANSWER) == b"the answer is no"


def test_another_length_is_padded_and_says_so() -> None:
    # As `openssl enc -aes-128-cbc` encrypts it.
    hello = bytes.fromhex("47d33e17b966780f28044af3757b6aca")
    assert secure.seal(b"hello", KEY) == (PADDED, hello)
    assert secure.unseal(PADDED, hello) == b"hello"


def test_the_key_is_the_labs_whatever_the_password() -> None:
    assert secure.derive_key("") == secure.derive_key("secret") == KEY


def test_nothing_is_nothing_encrypted() -> None:
    assert secure.seal(b"", KEY) == (0, b"")
    assert secure.unseal(0, b"") == b""


@pytest.mark.parametrize("size", [1, 15, 16, 17, 31, 32, 33, 1024, 1 << 17, (1 << 17) + 1])
def test_any_size(size: int) -> None:
    plaintext = bytes(at % 251 for at in range(size))
    padded = plaintext if size % 16 == 0 else pad(plaintext, 16)
    flags, payload = secure.seal(plaintext, KEY)
    assert (flags, payload) == (PADDED if size % 16 else 0, aes(padded))
    assert secure.unseal(flags, payload) == plaintext


@given(st.binary(max_size=100))
@settings(max_examples=100, deadline=None)
def test_sealed_as_another_library_does(plaintext: bytes) -> None:
    flags, payload = secure.seal(plaintext, KEY)
    assert payload == aes(pad(plaintext, 16) if flags else plaintext)


@given(whole_blocks)
@settings(max_examples=50, deadline=None)
def test_unsealed_as_another_library_does(payload: bytes) -> None:
    assert secure.unseal(0, payload) == AES.new(KEY, AES.MODE_CBC, IV).decrypt(payload)


def test_flags_of_tomorrow_are_passed_over() -> None:
    assert secure.unseal(0xFF - PADDED, KNOWN_ANSWER) == b"the answer is no"


def test_a_log_shows_the_ciphertext_as_base64() -> None:
    assert secure.log_text(KNOWN_ANSWER) == b"dXRnc4oJDIvvGag59QbFVQ=="


@pytest.mark.parametrize("size", [1, 15, 17, 31])
@pytest.mark.parametrize("flags", [0, PADDED])
def test_a_part_of_a_block_is_undecipherable(flags: int, size: int) -> None:
    with pytest.raises(Undecipherable, match="not a whole number of blocks") as caught:
        secure.unseal(flags, bytes(size))
    assert caught.value.code is ErrorCode.UNDECIPHERABLE


@pytest.mark.parametrize(
    "padded",
    [
        b"",
        b"fifteen bytes..\x00",
        b"fifteen bytes..\x11",
        b"fifteen bytes..\xff",
        b"fourteen bytes\x01\x02",
        b"thirteen byte\x03\x02\x03",
        b"\x10" * 16,
        b"the answer is no" + b"\x10" * 16,
    ],
)
def test_wrong_padding_is_undecipherable(padded: bytes) -> None:
    with pytest.raises(Undecipherable, match="does not decrypt under the lab's key"):
        secure.unseal(PADDED, aes(padded))


@given(whole_blocks)
@settings(max_examples=200, deadline=None)
def test_a_padded_payload_has_one_plaintext_or_none(payload: bytes) -> None:
    try:
        plaintext = secure.unseal(PADDED, payload)
    except Undecipherable:
        return
    assert secure.seal(plaintext, KEY) == (PADDED, payload)
