"""Classic mode (mp4): a 32-byte block cipher whose key travels in front of its ciphertext.

A teaching cipher: by its authors' own words it should not be used in real code.
A block is its 32 bytes in reverse order, XORed with the key; all blocks
together are written as base64. Nothing here loops over bytes: a chunk's blocks
are reversed as four 8-byte words each, and XORed as one large number.
"""

from __future__ import annotations

from array import array
from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from hashlib import sha256

from wire.errors import Undecipherable

BLOCK_SIZE = 32
KEY_ROUNDS = 20

_WORDS_PER_BLOCK = BLOCK_SIZE // 8
_CHUNK_SIZE = 1 << 17  # stays in the processor's cache


def derive_key(password: str) -> bytes:
    """The 32-byte key of a password: SHA-256 of it, then 20 rounds over digest and password."""
    secret = password.encode(errors="surrogateescape")  # the bytes that a command line gave
    digest = sha256(secret).digest()
    for _ in range(KEY_ROUNDS):
        digest = sha256(digest + secret).digest()
    return digest


def encrypt(plaintext: bytes, key: bytes) -> bytes:
    """The ciphertext, as base64 text, without the key in front.

    The padding's value is its length, 1 to 32 bytes: a whole number of blocks
    gets one block more.
    """
    padding = BLOCK_SIZE - len(plaintext) % BLOCK_SIZE
    padded = plaintext + bytes([padding]) * padding
    return b2a_base64(_reverse_and_xor(padded, key), newline=False)


def decrypt(ciphertext: bytes, key: bytes) -> bytes:
    """What `encrypt` was given. Raises Undecipherable."""
    try:
        blocks = a2b_base64(ciphertext, strict_mode=True)
    except Base64Error as error:
        raise Undecipherable("the ciphertext is not base64") from error
    if not blocks or len(blocks) % BLOCK_SIZE:
        raise Undecipherable("the ciphertext is not a whole number of blocks")
    # Reversing what was XORed with a key is XORing the reverse with the reversed key.
    padded = _reverse_and_xor(blocks, key[::-1])
    padding = padded[-1]
    if not 1 <= padding <= BLOCK_SIZE or not padded.endswith(bytes([padding]) * padding):
        raise Undecipherable("the ciphertext does not decrypt under the key in front of it")
    return padded[:-padding]


def seal(plaintext: bytes, key: bytes) -> tuple[int, bytes]:
    """No flags; the payload is the key and the ciphertext, as the lab has it."""
    return 0, key + encrypt(plaintext, key)


def unseal(flags: int, payload: bytes) -> bytes:
    """The plaintext of a payload. Raises Undecipherable."""
    if len(payload) < BLOCK_SIZE:
        raise Undecipherable("the payload is too short for a key")
    return decrypt(payload[BLOCK_SIZE:], payload[:BLOCK_SIZE])


def log_text(payload: bytes) -> bytes:
    return payload[BLOCK_SIZE:]


def _reverse_and_xor(data: bytes, key: bytes) -> bytes:
    """Every block of `data` with its bytes in reverse order, XORed with the key."""
    pad = key * (min(len(data), _CHUNK_SIZE) // BLOCK_SIZE)
    view = memoryview(data)
    chunks = []
    for start in range(0, len(data), _CHUNK_SIZE):
        chunk = _reverse_blocks(view[start : start + _CHUNK_SIZE])
        mixed = int.from_bytes(chunk, "little") ^ int.from_bytes(pad[: len(chunk)], "little")
        chunks.append(mixed.to_bytes(len(chunk), "little"))
    return b"".join(chunks)


def _reverse_blocks(data: memoryview) -> bytes:
    words = array("Q")
    words.frombytes(data)
    words.byteswap()
    blocks = array("Q", bytes(len(data)))
    for word in range(_WORDS_PER_BLOCK):
        blocks[word::_WORDS_PER_BLOCK] = words[_WORDS_PER_BLOCK - 1 - word :: _WORDS_PER_BLOCK]
    return blocks.tobytes()
