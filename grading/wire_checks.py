"""What has to hold for the bytes that crossed, as the relay recorded them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from capture.events import Data, Datagram, Direction, Event, Opened
from grading.lab import WireCheck
from wire.ciphers import classic
from wire.errors import Undecipherable

_DIRECTIONS = {"to server": Direction.TO_SERVER, "to client": Direction.TO_CLIENT}
_SHOWN = 24


def fault_on_the_wire(check: WireCheck, events: Iterable[Event], texts: Mapping[str, str]) -> str:
    """Why a check fails; empty if it holds."""
    streams = _streams(events, _DIRECTIONS[check.direction])
    match check.check:
        case "connections":
            return _count(len(streams), check.count)
        case "never":
            return _never(_wanted(check, texts), streams, check.direction)
        case "carries":
            return _carries(_wanted(check, texts), streams, check.direction)
        case "ciphertext":
            return _ciphertexts([text.format_map(texts) for text in check.texts], streams)


def _wanted(check: WireCheck, texts: Mapping[str, str]) -> bytes:
    if check.hex:
        return bytes.fromhex(check.hex.format_map(texts))
    return check.text.format_map(texts).encode()


def _streams(events: Iterable[Event], direction: Direction) -> list[bytes]:
    """What crossed in each connection, in the order in which they were opened."""
    streams: dict[int, list[bytes]] = {}
    for event in events:
        if isinstance(event, Opened):
            streams[event.connection] = []
        elif isinstance(event, Data | Datagram):
            pieces = streams.setdefault(event.connection, [])
            if event.direction is direction:
                pieces.append(event.data)
    return [b"".join(pieces) for pieces in streams.values()]


def _count(opened: int, wanted: int) -> str:
    return "" if opened == wanted else f"{opened} connections were made, and {wanted} are expected"


def _never(secret: bytes, streams: list[bytes], direction: str) -> str:
    if not any(streams):
        return "nothing was sent"
    for number, stream in enumerate(streams, start=1):
        if secret in stream:
            at = stream.index(secret)
            return (
                f"{secret!r} crossed {direction} in clear:"
                f" connection {number}, byte {at}: {_excerpt(stream[at:])}"
            )
    return ""


def _carries(wanted: bytes, streams: list[bytes], direction: str) -> str:
    if any(wanted in stream for stream in streams):
        return ""
    sent = "; ".join(_excerpt(stream) for stream in streams[:3]) or "nothing at all"
    return f"{wanted!r} never crossed {direction}. What did: {sent}"


def _ciphertexts(texts: list[str], streams: list[bytes]) -> str:
    if not any(streams):
        return "nothing was sent"
    for number, (text, stream) in enumerate(zip(texts, streams, strict=False), start=1):
        try:
            plaintext = classic.unseal(0, stream)
        except Undecipherable as error:
            return f"connection {number}: {error}; it begins with {_excerpt(stream)}"
        if plaintext != text.encode():
            return (
                f"connection {number} decrypts to {_excerpt(plaintext)},"
                f" and the message is {_excerpt(text.encode())}"
            )
    if len(streams) < len(texts):
        return f"only {len(streams)} of {len(texts)} messages were sent"
    return ""


def _excerpt(data: bytes) -> str:
    if not data:
        return "nothing"
    rest = f" and {len(data) - _SHOWN} bytes more" if len(data) > _SHOWN else ""
    return f"{data[:_SHOWN]!r}{rest}"
