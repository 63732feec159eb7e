"""Bytes in, whole frames out; the same for both ends."""

from __future__ import annotations

from wire.frames import HEADER, LARGEST_BODY, Frame, check_magic, decode_header


class FrameReader:
    """Cuts a byte stream into frames, however the bytes arrive.

    A body longer than `largest_body` bytes is refused by its header, before
    anything is allocated for it.
    """

    def __init__(self, largest_body: int = LARGEST_BODY) -> None:
        self.largest_body = largest_body
        self._buffer = bytearray()
        self._frame: Frame | None = None
        self._length = 0

    @property
    def pending(self) -> int:
        """How many bytes of an unfinished frame have arrived."""
        return len(self._buffer) + (HEADER.size if self._frame else 0)

    def feed(self, data: bytes) -> None:
        """Take what a socket gave."""
        self._buffer += data

    def next_frame(self) -> Frame | None:
        """The next whole frame, or None until more bytes are fed.

        Raises ProtocolError as soon as what was fed can't become a frame.
        """
        if self._frame is None:
            if len(self._buffer) < HEADER.size:
                check_magic(self._buffer)
                return None
            self._frame, self._length = decode_header(
                self._buffer[: HEADER.size], self.largest_body
            )
            del self._buffer[: HEADER.size]
        if len(self._buffer) < self._length:
            return None
        frame, self._frame = self._frame, None
        with memoryview(self._buffer) as view:
            frame.body = bytes(view[: self._length])
        del self._buffer[: self._length]
        return frame
