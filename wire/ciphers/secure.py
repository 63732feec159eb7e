"""Secure mode (cs330): AES-128-CBC under the lab's fixed key and IV.

A teaching mode: key and IV stand in every copy of the source, so equal
beginnings give equal ciphertext, and nothing authenticates it. A multiple of
16 bytes is encrypted as it is, so the lab's documented vector holds; any other
length is padded (PKCS#7, RFC 5652 section 6.3) and flagged.
"""

from __future__ import annotations

from binascii import b2a_base64

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES128
from cryptography.hazmat.primitives.ciphers.modes import CBC

from wire.errors import Undecipherable
from wire.frames import PADDED

KEY = b"This is a key123"
IV = b"This is an IV456"
BLOCK_SIZE = 16


def derive_key(password: str) -> bytes:
    """The lab's key, whatever the password."""
    return KEY


def seal(plaintext: bytes, key: bytes) -> tuple[int, bytes]:
    """PADDED or no flag, and the raw AES ciphertext."""
    flags = 0
    if len(plaintext) % BLOCK_SIZE:
        padding = BLOCK_SIZE - len(plaintext) % BLOCK_SIZE
        plaintext += bytes([padding]) * padding
        flags = PADDED
    encryptor = Cipher(AES128(key), CBC(IV)).encryptor()
    return flags, encryptor.update(plaintext) + encryptor.finalize()


def unseal(flags: int, payload: bytes) -> bytes:
    """The plaintext of a payload. Raises Undecipherable."""
    if len(payload) % BLOCK_SIZE:
        raise Undecipherable("the ciphertext is not a whole number of blocks")
    decryptor = Cipher(AES128(KEY), CBC(IV)).decryptor()
    plaintext = decryptor.update(payload) + decryptor.finalize()
    if not flags & PADDED:
        return plaintext
    padding = plaintext[-1] if plaintext else 0
    if not 1 <= padding < BLOCK_SIZE or not plaintext.endswith(bytes([padding]) * padding):
        raise Undecipherable("the ciphertext does not decrypt under the lab's key")
    return plaintext[:-padding]


def log_text(payload: bytes) -> bytes:
    return b2a_base64(payload, newline=False)
