"""Classic mode against literal bytes, and against the lab's text followed byte by byte."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wire.ciphers import classic
from wire.errors import ErrorCode, Undecipherable

KEY_OF_SECRET = bytes.fromhex("dd497fb7efaa177f511296d759ac3a607a5400528384ec2a7fd8f6b2f9cea704")
CHUNK_SIZE = 1 << 17


def naive_key(password: str) -> bytes:
    secret = password.encode()
    digest = hashlib.sha256(secret).digest()
    for _ in range(20):
        digest = hashlib.sha256(digest + secret).digest()
    return digest


def naive_encrypt(plaintext: bytes, key: bytes) -> bytes:
    missing = 32 - len(plaintext) % 32
    padded = plaintext + bytes([missing] * missing)
    mixed = []
    for start in range(0, len(padded), 32):
        block = padded[start : start + 32]
        mixed += [block[31 - at] ^ key[at] for at in range(32)]
    return b64encode(bytes(mixed))


def text_of(size: int) -> bytes:
    return Random(size).randbytes(size)


def test_the_key_of_a_password() -> None:
    # As 21 calls of `openssl dgst -sha256` give it.
    assert classic.derive_key("secret") == KEY_OF_SECRET


@given(st.text(max_size=40))
@settings(max_examples=50, deadline=None)
def test_the_key_is_as_the_lab_says(password: str) -> None:
    assert classic.derive_key(password) == naive_key(password)


def test_a_password_may_be_bytes_that_are_no_text() -> None:
    secret = b"caf\xe9"
    digest = hashlib.sha256(secret).digest()
    for _ in range(20):
        digest = hashlib.sha256(digest + secret).digest()
    assert classic.derive_key("caf\udce9") == digest


@pytest.mark.parametrize(
    ("plaintext", "ciphertext"),
    [
        (b"Hello, server!", b"z1ttpf24BW1DAITFS74ocmhGISDm8p5PDPja3ZWiwkw="),
        (b"", b"/Wlfl8+KN19xMrb3eYwaQFp0IHKjpMwKX/jWktnuhyQ="),
    ],
    ids=["a text", "no text"],
)
def test_known_ciphertexts(plaintext: bytes, ciphertext: bytes) -> None:
    assert classic.encrypt(plaintext, KEY_OF_SECRET) == ciphertext
    assert classic.decrypt(ciphertext, KEY_OF_SECRET) == plaintext


def test_a_block_is_reversed_then_mixed_with_the_key() -> None:
    plaintext = b"0123456789abcdefghijklmnopqrstuv"
    assert b64decode(classic.encrypt(plaintext, bytes(32))) == plaintext[::-1] + b"\x20" * 32
    assert b64decode(classic.encrypt(bytes(32), KEY_OF_SECRET))[:32] == KEY_OF_SECRET


@pytest.mark.parametrize(
    ("size", "encrypted_size"),
    [(107, 172), (2169, 2904), (130, 216), (0, 44), (31, 44), (32, 88), (64, 128), (96, 172)],
)
def test_sizes_of_the_lab(size: int, encrypted_size: int) -> None:
    assert len(classic.encrypt(text_of(size), KEY_OF_SECRET)) == encrypted_size


@pytest.mark.parametrize(
    "size",
    [
        *(0, 1, 31, 32, 33, 63, 64, 65),
        *(CHUNK_SIZE - 33, CHUNK_SIZE - 32, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1),
        *(2 * CHUNK_SIZE - 32, 2 * CHUNK_SIZE, 2 * CHUNK_SIZE + 31),
    ],
)
def test_a_message_of_any_size_is_encrypted_as_the_lab_says(size: int) -> None:
    plaintext = text_of(size)
    ciphertext = naive_encrypt(plaintext, KEY_OF_SECRET)
    assert classic.encrypt(plaintext, KEY_OF_SECRET) == ciphertext
    assert classic.decrypt(ciphertext, KEY_OF_SECRET) == plaintext


@given(st.binary(max_size=200), st.binary(min_size=32, max_size=32))
@settings(max_examples=100, deadline=None)
def test_a_message_is_encrypted_as_the_lab_says(plaintext: bytes, key: bytes) -> None:
    assert classic.encrypt(plaintext, key) == naive_encrypt(plaintext, key)
    assert classic.decrypt(naive_encrypt(plaintext, key), key) == plaintext


def test_the_key_travels_in_front() -> None:
    ciphertext = b"z1ttpf24BW1DAITFS74ocmhGISDm8p5PDPja3ZWiwkw="
    payload = KEY_OF_SECRET + ciphertext
    assert classic.seal(b"Hello, server!", KEY_OF_SECRET) == (0, payload)
    assert classic.unseal(0, payload) == b"Hello, server!"
    assert classic.unseal(0xFF, payload) == b"Hello, server!"
    assert classic.log_text(payload) == ciphertext


def padded_with(end: bytes) -> bytes:
    """A payload whose last block decrypts to something that ends so."""
    block = end.rjust(32, b".")
    return KEY_OF_SECRET + b64encode(
        bytes(byte ^ key for byte, key in zip(block[::-1], KEY_OF_SECRET, strict=True))
    )


def test_a_block_made_by_hand_is_unsealed() -> None:
    assert classic.unseal(0, padded_with(b"the end\x02\x02")) == b"the end".rjust(30, b".")


WHOLE = b64encode(bytes(32))


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "the payload is too short for a key"),
        (KEY_OF_SECRET[:31], "the payload is too short for a key"),
        (KEY_OF_SECRET, "the ciphertext is not a whole number of blocks"),
        (KEY_OF_SECRET + WHOLE[:-4], "the ciphertext is not a whole number of blocks"),
        (KEY_OF_SECRET + b64encode(bytes(33)), "the ciphertext is not a whole number of blocks"),
        (KEY_OF_SECRET + WHOLE[:-1], "the ciphertext is not base64"),
        (KEY_OF_SECRET + WHOLE + b"\n", "the ciphertext is not base64"),
        (KEY_OF_SECRET + WHOLE + WHOLE, "the ciphertext is not base64"),
        (KEY_OF_SECRET + b"*" + WHOLE[1:], "the ciphertext is not base64"),
        (KEY_OF_SECRET + b"\xff" + WHOLE[1:], "the ciphertext is not base64"),
        (KEY_OF_SECRET + b"====", "the ciphertext is not base64"),
        (padded_with(b"\x00"), "the ciphertext does not decrypt under the key in front of it"),
        (padded_with(b"\x21" * 32), "the ciphertext does not decrypt under the key in front of it"),
        (padded_with(b"\xff"), "the ciphertext does not decrypt under the key in front of it"),
        (padded_with(b"\x01\x02"), "the ciphertext does not decrypt under the key in front of it"),
        (padded_with(b"\x20" * 31), "the ciphertext does not decrypt under the key in front of it"),
    ],
)
def test_what_was_never_sealed_is_undecipherable(payload: bytes, reason: str) -> None:
    with pytest.raises(Undecipherable) as caught:
        classic.unseal(0, payload)
    assert str(caught.value) == reason
    assert caught.value.code is ErrorCode.UNDECIPHERABLE


@given(st.binary(max_size=64).map(b64encode) | st.binary(max_size=70))
@settings(max_examples=200, deadline=None)
def test_a_ciphertext_is_decrypted_to_its_one_plaintext_or_undecipherable(
    ciphertext: bytes,
) -> None:
    try:
        plaintext = classic.decrypt(ciphertext, KEY_OF_SECRET)
    except Undecipherable:
        return
    encrypted = classic.encrypt(plaintext, KEY_OF_SECRET)
    assert b64decode(encrypted) == b64decode(ciphertext)
