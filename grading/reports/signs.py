"""Texts of students, made safe to show: what can't be seen, or steers a screen, is spelled out."""

from __future__ import annotations

import re
import unicodedata

UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\xa0\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
    "\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3164"
    "\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
"""Controls but for tab and line feed, formats (bidirectional overrides, joiners), line separators,
lone surrogates, fillers, spaces that pose as others; with them all that XML 1.0 refuses."""

_NOTE = 40
"""Characters that are no gain to leave out: it takes about as many to say so."""

_SHORT = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}


def spelled(character: str) -> str:
    r"""A character as an escape: `\r`, `\x1b`, `\u202e`."""
    return _SHORT.get(character) or ascii(character)[1:-1]


def visible(text: str) -> str:
    """The text with all of UNSEEN spelled out. Line feeds and tabs stay."""
    return UNSEEN.sub(lambda match: spelled(match[0]), text)


def on_one_line(text: str) -> str:
    """As `visible`, for a place that is one line."""
    return visible(text).replace("\n", r"\n").replace("\t", r"\t")


def shortened(text: str, limit: int) -> str:
    """The text; where it is well over `limit` characters, its middle is left out, and that said."""
    if len(text) <= limit + _NOTE:
        return text
    half = limit // 2
    note = f"[{len(text) - 2 * half:,} characters left out]"
    return f"{text[:half]}\n{note}\n{text[len(text) - half :]}"


def columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(
        0 if unicodedata.combining(each) else 1 + (unicodedata.east_asian_width(each) in "WF")
        for each in text
    )


def number(value: float) -> str:
    """Points as one writes them: 17.5, 20, 0.33."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def count(amount: int, what: str) -> str:
    """An amount and its noun: 1 student, 200 students."""
    return f"{amount:,} {what}{'' if amount == 1 else 's'}"
