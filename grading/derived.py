"""The texts of a run: a student's inputs, what follows from them, and their sizes."""

from __future__ import annotations

from collections.abc import Mapping

from grading.lab import Derived
from wire.ciphers import classic, secure


def complete(inputs: Mapping[str, str], derived: Mapping[str, Derived]) -> dict[str, str]:
    """The inputs and all that is derived from them, and NAME_size of each: its bytes in UTF-8.

    What is encrypted by `secure` is there as NAME_hex too.
    """
    texts = dict(inputs)
    for name, rule in derived.items():
        texts |= _derive(name, rule, texts)
    return texts | {f"{name}_size": str(len(text.encode())) for name, text in texts.items()}


def _derive(name: str, rule: Derived, texts: Mapping[str, str]) -> dict[str, str]:
    text = texts[rule.of]
    match rule.how:
        case "capitals":
            return {name: text.upper()}
        case "reverse":
            return {name: text[::-1]}
        case "key":
            return {name: classic.derive_key(text).hex()}
        case "classic":
            key = classic.derive_key(texts[rule.password])
            return {name: classic.encrypt(text.encode(), key).decode()}
        case "secure":
            _, payload = secure.seal(text.encode(), secure.derive_key(""))
            return {name: repr(payload), f"{name}_hex": payload.hex()}
