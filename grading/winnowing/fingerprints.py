"""Fingerprints of source code, by winnowing.

Of the hashes of all runs of RUN tokens, the least of each WINDOW neighbours is
kept: Schleimer, Wilkerson, Aiken, "Winnowing: Local Algorithms for Document
Fingerprinting", 2003. Any RUN + WINDOW - 1 tokens that two texts share, about
three lines, leave a fingerprint in both; fewer than RUN never do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from grading.winnowing.tokens import Token, tokens_of

RUN = 16
"""Tokens."""
WINDOW = 8
"""Runs."""
MOST_SOURCE = 300_000
"""Bytes of a submission; files past it are passed over."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fingerprint is: the run's file, its first token's number, its lines from 1."""

    file: str
    start: int
    first_line: int
    last_line: int


Fingerprints = dict[bytes, list[Place]]
"""A submission's fingerprints, and where each of them is."""


def fingerprints_of(folder: Path, suffixes: Collection[str]) -> Fingerprints:
    """Those of all source files with one of these suffixes, or of any. Raises OSError."""
    found: Fingerprints = {}
    for file in _sources(folder, suffixes):
        tokens = tokens_of(file)
        name = file.relative_to(folder).as_posix()
        for start, value in _winnowed(_hashes(tokens)):
            last = tokens[start + RUN - 1]
            found.setdefault(value, []).append(Place(name, start, tokens[start].line, last.line))
    return found


def all_hashes(path: Path) -> set[bytes]:
    """The hashes of all runs in a file, or in a folder's files. Raises OSError."""
    files = _sources(path, ()) if path.is_dir() else [path]
    return {value for file in files for value in _hashes(tokens_of(file))}


def _sources(folder: Path, suffixes: Collection[str]) -> Iterator[Path]:
    left = MOST_SOURCE
    for file in sorted(folder.rglob("*")):
        if file.is_file() and (not suffixes or file.suffix in suffixes):
            left -= file.stat().st_size
            if left >= 0:
                yield file


def _hashes(tokens: list[Token]) -> list[bytes]:
    """One for each run, in order."""
    texts = [token.text for token in tokens]
    runs = (" ".join(texts[start : start + RUN]) for start in range(len(texts) - RUN + 1))
    return [blake2b(run.encode(), digest_size=8).digest() for run in runs]


def _winnowed(hashes: list[bytes]) -> Iterator[tuple[int, bytes]]:
    """The least hash of each window and its place; of equal ones the last."""
    kept = -1
    for start in range(max(1, len(hashes) - WINDOW + 1)):
        window = hashes[start : start + WINDOW]
        if window:
            least = min(window)
            place = start + len(window) - 1 - window[::-1].index(least)
            if place != kept:
                yield place, least
                kept = place
