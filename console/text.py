"""Text that came over the network, made safe to print."""

from __future__ import annotations

_CONTROLS = [*range(0x20), *range(0x7F, 0xA0)]
_BIDIRECTIONAL = [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_LINE_SEPARATORS = [0x2028, 0x2029]


def _escape(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


_ESCAPES = {
    code: _escape(code)
    for code in (*_CONTROLS, *_BIDIRECTIONAL, *_LINE_SEPARATORS)
    if chr(code) not in "\n\t"
}


def printable(text: str | bytes) -> str:
    """The text with every character that could steer a terminal escaped.

    Line feed and tab stay. Bytes are read as UTF-8; what is none shows as `\\xNN`.
    """
    if isinstance(text, bytes):
        text = text.decode(errors="backslashreplace")
    return text.translate(_ESCAPES)
