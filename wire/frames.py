"""The frames of the Wirelab protocol: encode and decode, side by side.

docs/protocol.md is the contract, byte by byte. Frames are plain classes, not
dataclasses: a client is started once a message, and importing `dataclasses`
would cost it most of another interpreter start.
"""

from __future__ import annotations

import struct
from enum import IntEnum

from wire.errors import ErrorCode, ProtocolError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAGIC = b"WLAB"
VERSION = 1

HEADER = struct.Struct("!4sBBBBII")
"""Magic, version, type, mode, flags, request id, body length (bytes)."""

LARGEST_BODY = 64 * 1024 * 1024
"""The default cap on a frame's body, in bytes."""

MESSAGE_ID_SIZE = 16
DIGEST_SIZE = 32

PADDED = 0x01
"""Flag: the plaintext was padded (PKCS#7, RFC 5652 section 6.3) before encryption."""

MORE = 0x02
"""Flag: another REPLY to the same request follows."""


class FrameType(IntEnum):
    HELLO = 1
    STORE = 2
    ECHO = 3
    REPLY = 4
    ERROR = 5
    BYE = 6


class Mode(IntEnum):
    """How a body is encrypted; NONE stands in frames that carry no message."""

    NONE = 0
    OPEN = 1
    CLASSIC = 2
    SECURE = 3


MESSAGE_MODES = (Mode.OPEN, Mode.CLASSIC, Mode.SECURE)


class Frame:
    """One frame: a header of 16 bytes, big-endian, and a body."""

    __slots__ = ("body", "flags", "mode", "request_id", "type")

    def __init__(
        self,
        type: FrameType,
        *,
        mode: Mode = Mode.NONE,
        flags: int = 0,
        request_id: int = 0,
        body: bytes = b"",
    ) -> None:
        self.type = type
        self.mode = mode
        self.flags = flags
        self.request_id = request_id
        self.body = body

    def encode(self) -> bytes:
        """The frame as it crosses the wire."""
        header = HEADER.pack(
            MAGIC, VERSION, self.type, self.mode, self.flags, self.request_id, len(self.body)
        )
        return header + self.body

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Frame) and self.encode() == other.encode()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return (
            f"<{self.type.name} {self.mode.name} flags={self.flags:#04x} "
            f"request={self.request_id} {len(self.body)} bytes>"
        )


def decode_header(header: bytes | bytearray, largest_body: int) -> tuple[Frame, int]:
    """A frame without its body, and that body's length in bytes.

    Raises ProtocolError for anything that is no header of this version, or
    that announces more than `largest_body` bytes.
    """
    magic, version, type_, mode, flags, request_id, length = HEADER.unpack(header)
    check_magic(magic)
    if version != VERSION:
        raise ProtocolError(
            ErrorCode.UNSUPPORTED_VERSION,
            f"the peer speaks version {version} of the protocol, this program version {VERSION}",
            "run the same release of Wirelab at both ends",
        )
    if length > largest_body:
        raise ProtocolError(
            ErrorCode.TOO_LARGE,
            f"a frame of {length} bytes was announced; at most {largest_body} are taken",
            "check the address: it may be no Wirelab program that answers there",
        )
    try:
        frame_type = FrameType(type_)
    except ValueError:
        raise ProtocolError(ErrorCode.BAD_FRAME, f"unknown frame type {type_}") from None
    try:
        frame_mode = Mode(mode)
    except ValueError:
        raise ProtocolError(ErrorCode.UNSUPPORTED_MODE, f"unknown mode {mode}") from None
    return Frame(frame_type, mode=frame_mode, flags=flags, request_id=request_id), length


def check_magic(beginning: bytes | bytearray) -> None:
    """Raise ProtocolError unless a frame may begin with these bytes."""
    if beginning[: len(MAGIC)] != MAGIC[: len(beginning)]:
        raise ProtocolError(
            ErrorCode.BAD_FRAME,
            "the peer does not speak the Wirelab protocol",
            "check the address: another program may listen there",
        )


class Hello:
    """HELLO's body: what the server speaks, sent as soon as it accepts."""

    __slots__ = ("largest_body", "modes", "public_key")
    _FIXED = struct.Struct("!II")

    def __init__(self, modes: tuple[Mode, ...], largest_body: int, public_key: bytes = b"") -> None:
        self.modes = modes
        self.largest_body = largest_body
        self.public_key = public_key

    def frame(self) -> Frame:
        offered = sum(1 << mode for mode in self.modes)
        body = self._FIXED.pack(offered, self.largest_body) + self.public_key
        return Frame(FrameType.HELLO, body=body)

    @classmethod
    def decode(cls, frame: Frame) -> Hello:
        """Raises ProtocolError on a body that is too short. Unknown modes are passed over."""
        offered, largest_body = _unpack_front(cls._FIXED, frame)
        modes = tuple(mode for mode in Mode if mode and offered >> mode & 1)
        return cls(modes, largest_body, frame.body[cls._FIXED.size :])


class Receipt:
    """The body of a STORE's REPLY: the message is durable and its log file in place.

    `digest` is the SHA-256 of the plaintext, so that the sender can check that
    what was kept is what it sent; `size` is the plaintext's, in bytes.
    """

    __slots__ = ("digest", "log_name", "message_id", "number", "size")
    _FIXED = struct.Struct(f"!{MESSAGE_ID_SIZE}sII{DIGEST_SIZE}s")

    def __init__(
        self, message_id: bytes, number: int, size: int, digest: bytes, log_name: str
    ) -> None:
        self.message_id = message_id
        self.number = number
        self.size = size
        self.digest = digest
        self.log_name = log_name

    def frame(self, request_id: int) -> Frame:
        body = self._FIXED.pack(self.message_id, self.number, self.size, self.digest)
        return Frame(FrameType.REPLY, request_id=request_id, body=body + self.log_name.encode())

    @classmethod
    def decode(cls, frame: Frame) -> Receipt:
        """Raises ProtocolError on a body that is too short."""
        message_id, number, size, digest = _unpack_front(cls._FIXED, frame)
        log_name = frame.body[cls._FIXED.size :].decode(errors="replace")
        return cls(message_id, number, size, digest, log_name)


def error_frame(code: ErrorCode, message: str, request_id: int = 0) -> Frame:
    """An ERROR; with request id 0 it is about the connection, which ends with it."""
    body = struct.pack("!H", code) + message.encode(errors="replace")
    return Frame(FrameType.ERROR, request_id=request_id, body=body)


def decode_error(frame: Frame) -> tuple[ErrorCode, str]:
    """An ERROR's code and text. Raises ProtocolError on a body that is none."""
    (code,) = _unpack_front(struct.Struct("!H"), frame)
    try:
        return ErrorCode(code), frame.body[2:].decode(errors="replace")
    except ValueError:
        raise ProtocolError(ErrorCode.BAD_FRAME, f"unknown error code {code}") from None


def store_frame(
    mode: Mode, flags: int, message_id: bytes, payload: bytes, request_id: int
) -> Frame:
    """A STORE: keep this message. Its body is the message id, then the payload."""
    return Frame(
        FrameType.STORE, mode=mode, flags=flags, request_id=request_id, body=message_id + payload
    )


def decode_store(frame: Frame) -> tuple[bytes, bytes]:
    """A STORE's message id and payload. Raises ProtocolError on a body too short for an id."""
    if len(frame.body) < MESSAGE_ID_SIZE:
        raise ProtocolError(ErrorCode.BAD_FRAME, "a STORE without a message id")
    return frame.body[:MESSAGE_ID_SIZE], frame.body[MESSAGE_ID_SIZE:]


def _unpack_front(layout: struct.Struct, frame: Frame) -> tuple[Any, ...]:
    if len(frame.body) < layout.size:
        raise ProtocolError(
            ErrorCode.BAD_FRAME, f"{frame.type.name} of {len(frame.body)} bytes is too short"
        )
    return layout.unpack_from(frame.body)
