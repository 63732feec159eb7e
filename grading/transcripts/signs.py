"""Text with all that can't be seen, or looks like something else, made visible.

    ·         space
    →         tab
    ␍ ␛ ...   a control character, by the picture that Unicode has for it
    ⏎         the end of a line
    ⟨U+00A0⟩  any other character that can't be seen or poses as another, by its code point
    ⟨12 more⟩ 12 characters are left out here

A text that holds such a sign itself has it shown by its code point, so two
different texts never come out the same.
"""

from __future__ import annotations

import unicodedata

LINE_END = "⏎"

_SIGNS = {
    " ": "·",
    "\t": "→",
    **{chr(code): chr(0x2400 + code) for code in range(0x20) if code != 0x09},
    "\x7f": "␡",
}
_RESERVED = frozenset([*_SIGNS.values(), LINE_END, "⟨", "⟩"])


LEGEND = {"·": "space", "→": "tab", "␍": "carriage return", LINE_END: "end of line"}


def signed(text: str, *, differs: bool = False, spelled: bool = False) -> str:
    """The text in signs.

    Where it differs from its opposite, all but ASCII has its code point beside
    it; `spelled` gives all characters as code points.
    """
    if spelled:
        return "".join(map(_code_point, text))
    return "".join(_sign(character, differs) for character in text)


def left_out(characters: int) -> str:
    """A sign for what is left out; empty for nothing."""
    return f"⟨{characters:,} more⟩" if characters > 0 else ""


def _sign(character: str, differs: bool) -> str:
    if character in _SIGNS:
        return _SIGNS[character]
    if character.isascii():
        return character
    if character in _RESERVED or not character.isprintable():
        return _code_point(character)
    if unicodedata.category(character).startswith("M"):
        return _code_point(character)
    return character + _code_point(character) if differs else character


def _code_point(character: str) -> str:
    return f"⟨U+{ord(character):04X}⟩"
