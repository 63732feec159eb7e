"""What one client, or all together, may ask of a server."""

from __future__ import annotations

from dataclasses import dataclass

from wire.frames import LARGEST_BODY


@dataclass(frozen=True)
class Limits:
    """Beyond each the client gets a clear ERROR, and nothing that was acknowledged is lost."""

    connections: int = 4096
    connections_per_address: int = 4096
    largest_body: int = LARGEST_BODY
    """Bytes of a frame's body."""
    pipelined: int = 64
    """Requests of one connection that may wait for their answers; then it is not read from."""
    idle_seconds: float = 300.0
    """Between two requests."""
    message_seconds: float = 300.0
    """From a message's first byte to its last."""
    grace_seconds: float = 10.0
    """Before the least rate counts; also how long a client may leave an answer unread."""
    least_rate: float = 500.0
    """Bytes a second of an unfinished message."""

    def message_deadline(self, received: int) -> float:
        """Seconds from a message's start by when more than `received` bytes must be here."""
        return min(self.message_seconds, max(self.grace_seconds, received / self.least_rate))
