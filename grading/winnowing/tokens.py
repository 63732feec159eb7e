"""A source file as tokens that renaming and laying it out anew do not change."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_for_filename
from pygments.lexers.special import TextLexer
from pygments.token import Comment, Name, Number, String, Text, _TokenType
from pygments.util import ClassNotFound

LARGEST_SOURCE = 100_000
"""Bytes; a larger file is nothing that a student wrote, and is passed over."""

_FORMS = {
    Comment: "",
    Text: "",
    String.Doc: "",
    Name: "N",
    Name.Builtin: None,
    Name.Exception: None,
    String: "S",
    Number: "0",
}
"""How tokens of a kind, and of those under it, are compared: "" not at all, None as written."""


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is what is compared; `line` where it begins, from 1."""

    text: str
    line: int


def tokens_of(file: Path) -> list[Token]:
    """A file's tokens; none of one that is no source code. Raises OSError.

    Comments, white space and the text of docstrings are left out. Names that
    the language does not give are all alike, and so are all strings and all
    numbers.
    """
    if file.stat().st_size > LARGEST_SOURCE:
        return []
    text = file.read_bytes().decode(errors="replace")
    lexer = _lexer(file.name, text)
    if lexer is None:
        return []
    tokens: list[Token] = []
    line = 1
    for kind, piece in lexer.get_tokens(text):
        normal = _normal(kind, piece)
        if normal and not (normal == "S" and tokens and tokens[-1].text == "S"):
            tokens.append(Token(normal, line))
        line += piece.count("\n")
    return tokens


def _lexer(name: str, text: str) -> Lexer | None:
    """By the name; the text decides where languages share a suffix, as Perl and Prolog do."""
    try:
        lexer = get_lexer_for_filename(name, text, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
    return None if isinstance(lexer, TextLexer) else lexer


def _normal(kind: _TokenType, text: str) -> str:
    """A token as it is compared; empty for one that is left out."""
    if text.isspace():
        return ""
    while kind.parent and kind not in _FORMS:
        kind = kind.parent
    form = _FORMS.get(kind)
    return text if form is None else form
