"""The classic cipher on one core, against SHA-256 of the same bytes."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from os import urandom

from benchmarks.measure import medians, prepare
from wire.ciphers import classic

ROUNDS = 7
SIZE = 32_000_000
GOAL = 100.0


def main() -> None:
    prepare()
    plaintext, key = urandom(SIZE), classic.derive_key("bench")
    ciphertext = classic.encrypt(plaintext, key)

    def megabytes_a_second(work: Callable[[], object]) -> float:
        started = time.process_time()
        work()
        return SIZE / 1e6 / (time.process_time() - started)

    figures = medians(
        {
            "encrypt": partial(megabytes_a_second, lambda: classic.encrypt(plaintext, key)),
            "decrypt": partial(megabytes_a_second, lambda: classic.decrypt(ciphertext, key)),
            "sha256": partial(megabytes_a_second, lambda: sha256(plaintext).digest()),
        },
        ROUNDS,
    )
    for name in ("encrypt", "decrypt"):
        print(
            f"classic {name}: {figures[name]:.0f} MB/s, {figures[name] / figures['sha256']:.2f} x"
            f" sha256 (goal: over {GOAL:.0f} MB/s), medians of {ROUNDS}"
        )


if __name__ == "__main__":
    main()
