"""Transcripts with fields, as `labs/` holds them, against what a program printed.

A field is `{name:type}`. It stands for an `int`, a `time` as the logs write it,
or any `text`, line ends included. Two fields of one name stand for the same.
"""

from __future__ import annotations

import re
from pathlib import Path

_FIELD = re.compile(r"\{(\w+):(\w+)\}")
_TYPES = {
    "int": r"\d+",
    "time": r"[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d, \d{4} \d\d:\d\d:\d\d",
    "text": r"(?s:.*?)",
}


def match_transcript(path: Path, printed: str) -> dict[str, str]:
    """The values of the transcript's fields; fails at the first line that was not printed."""
    transcript = path.read_text(encoding="utf-8")
    whole = re.fullmatch(_pattern(transcript), printed)
    if whole is not None:
        return whole.groupdict()
    lines = transcript.splitlines(keepends=True)
    fitting = (
        count
        for count in range(len(lines), -1, -1)
        if re.match(_pattern("".join(lines[:count])), printed)
    )
    expected = next(fitting)
    begun = re.match(_pattern("".join(lines[:expected])), printed)
    assert begun is not None
    wanted = "".join(lines[expected : expected + 1])
    raise AssertionError(
        f"{path.name}, line {expected + 1}: {wanted!r}, printed: {printed[begun.end() :][:200]!r}"
    )


def _pattern(transcript: str) -> str:
    pattern, known = "", set[str]()
    parts = iter(_FIELD.split(transcript))
    for literal in parts:
        pattern += re.escape(literal)
        name, kind = next(parts, ""), next(parts, "")
        if name in known:
            pattern += f"(?P={name})"
        elif name:
            pattern += f"(?P<{name}>{_TYPES[kind]})"
            known.add(name)
    return pattern
