"""The modes: one table, one module a mode, the same four functions in each.

    derive_key(password) -> key         the key that a password stands for
    seal(plaintext, key) -> flags, payload
    unseal(flags, payload) -> plaintext         raises Undecipherable
    log_text(payload) -> ciphertext as base64, as the log shows it

A module is imported when its mode is first used: a client pays for the
libraries of its own mode only.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from wire.frames import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol, cast

    class Cipher(Protocol):
        """What every mode's module offers."""

        def derive_key(self, password: str) -> bytes: ...
        def seal(self, plaintext: bytes, key: bytes) -> tuple[int, bytes]: ...
        def unseal(self, flags: int, payload: bytes) -> bytes: ...
        def log_text(self, payload: bytes) -> bytes: ...

else:

    def cast(_type: object, value: object) -> object:
        return value


MODULES = {
    Mode.OPEN: "wire.ciphers.open",
    Mode.CLASSIC: "wire.ciphers.classic",
    Mode.SECURE: "wire.ciphers.secure",
}


@cache
def cipher_for(mode: Mode) -> Cipher:
    """The module of a mode. Raises KeyError for Mode.NONE."""
    return cast("Cipher", import_module(MODULES[mode]))
