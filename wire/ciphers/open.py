"""Open mode (cs330): cleartext, there to be seen through."""

from __future__ import annotations

from binascii import b2a_base64


def derive_key(password: str) -> bytes:
    return b""


def seal(plaintext: bytes, key: bytes) -> tuple[int, bytes]:
    return 0, plaintext


def unseal(flags: int, payload: bytes) -> bytes:
    return payload


def log_text(payload: bytes) -> bytes:
    return b2a_base64(payload, newline=False)
