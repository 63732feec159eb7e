"""What of a line is presentation: white space, case and punctuation.

Two lines that `squeeze` to the same differ in presentation only. Where it
carries a meaning, punctuation counts: what parts two numbers, a decimal point,
a minus sign. So do symbols that calculate, such as + and <.
"""

from __future__ import annotations

import re

VALUE = "\0"
"""Stands for a field's value in a line to squeeze; it counts as a digit."""

_PUNCTUATION = (
    r"""!"#%&'()*,\-./:;=?@\[\\\]^_`{|}~"""
    "\u00a1\u00a7\u00ab\u00b4\u00b6\u00b7\u00bb\u00bf\u2010-\u2027\u2030-\u205e\u3001-\u3003"
)
_UNSEEN = "\u00ad\u200b-\u200f\u2060\ufeff"
_GAP = rf"[\s{_PUNCTUATION}{_UNSEEN}]"
_GAPS = re.compile(f"{_GAP}+")
_TELLING = re.compile(
    rf"(?<=[\d{VALUE}])({_GAP}+)(?=[\d{VALUE}])|(?<![\w{VALUE}])(-)(?=[\d{VALUE}])|{_GAP}+?"
)
_NUMERIC = re.compile(rf"[\d{VALUE}]")


def squeeze(line: str) -> str:
    """The line without its presentation; empty for a blank one, `-` for mere punctuation."""
    text = line.casefold()
    squeezed = _TELLING.sub(_kept, text) if _NUMERIC.search(text) else _GAPS.sub("", text)
    return squeezed or ("-" if text.strip() else "")


def _kept(match: re.Match[str]) -> str:
    between, minus = match[1], match[2]
    if not between:
        return minus or ""
    if between == ".":
        return "."
    return " -" if len(between) > 1 and between.endswith("-") else " "


def telling(text: str) -> str:
    """The text's letters and digits alone: the same for all that squeezes to the same."""
    return "".join(filter(str.isalnum, text)).casefold()
