"""The table of modes, what holds in all of them, and open mode."""

from __future__ import annotations

import subprocess
import sys
from base64 import b64decode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.programs import ROOT
from wire.ciphers import cipher_for
from wire.errors import Undecipherable
from wire.frames import MESSAGE_MODES, Mode

every_mode = pytest.mark.parametrize("mode", MESSAGE_MODES, ids=lambda mode: mode.name)


@every_mode
def test_a_mode_is_the_module_of_its_name(mode: Mode) -> None:
    assert vars(cipher_for(mode))["__name__"] == f"wire.ciphers.{mode.name.lower()}"


def test_no_mode_is_no_cipher() -> None:
    with pytest.raises(KeyError):
        cipher_for(Mode.NONE)


def test_a_mode_costs_nothing_before_it_is_used() -> None:
    ask = "import sys, wire.ciphers; print([name for name in sys.modules if 'crypto' in name])"
    ended = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ended.stdout == "[]\n"


@every_mode
@given(plaintext=st.binary(max_size=200), password=st.text(max_size=20))
@settings(max_examples=50, deadline=None)
def test_what_was_sealed_is_unsealed(mode: Mode, plaintext: bytes, password: str) -> None:
    cipher = cipher_for(mode)
    flags, payload = cipher.seal(plaintext, cipher.derive_key(password))
    assert cipher.unseal(flags, payload) == plaintext


@every_mode
@given(plaintext=st.binary(max_size=200))
@settings(max_examples=25, deadline=None)
def test_a_log_shows_the_whole_ciphertext_as_base64(mode: Mode, plaintext: bytes) -> None:
    cipher = cipher_for(mode)
    _, payload = cipher.seal(plaintext, cipher.derive_key("password"))
    shown = b64decode(cipher.log_text(payload), validate=True)
    if mode is Mode.CLASSIC:
        assert len(shown) == (len(plaintext) // 32 + 1) * 32
    else:
        assert shown == payload


@every_mode
@given(flags=st.integers(0, 255), payload=st.binary(max_size=100))
@settings(max_examples=150, deadline=None)
def test_arbitrary_bytes_are_unsealed_or_undecipherable(
    mode: Mode, flags: int, payload: bytes
) -> None:
    try:
        plaintext = cipher_for(mode).unseal(flags, payload)
    except Undecipherable:
        return
    assert len(plaintext) <= len(payload)


def test_open_mode_hides_nothing() -> None:
    cipher = cipher_for(Mode.OPEN)
    key = cipher.derive_key("secret")
    assert key == b""
    assert cipher.seal(b"hello \x00\xff", key) == (0, b"hello \x00\xff")
    assert cipher.unseal(0, b"hello \x00\xff") == b"hello \x00\xff"
    assert cipher.unseal(0xFF, b"") == b""
    assert cipher.log_text(b"hello \x00\xff") == b"aGVsbG8gAP8="
