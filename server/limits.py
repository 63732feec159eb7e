"""What one client, or all together, may ask of a server."""

from __future__ import annotations

from dataclasses import dataclass

from wire.errors import UsageError
from wire.frames import LARGEST_BODY

LARGEST_KEPT = 400 * 1024 * 1024
"""Bytes of the largest body whose plaintext and base64 text fit a row of SQLite (10^9 bytes)."""


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
    """From a message's first byte to its last, and for a client to read its answers."""
    grace_seconds: float = 10.0
    """Before the least rate counts."""
    least_rate: float = 500.0
    """Bytes a second of an unfinished message, or of answers that wait to be read."""

    def __post_init__(self) -> None:
        if self.largest_body > LARGEST_KEPT:
            raise UsageError(
                f"a body of {self.largest_body} bytes is more than the server can keep",
                f"let --largest-body be {LARGEST_KEPT} at most",
            )

    def message_deadline(self, received: int) -> float:
        """Seconds from a message's start by when more than `received` bytes must be here."""
        return min(self.message_seconds, max(self.grace_seconds, received / self.least_rate))

    def reading_seconds(self, unsent: int) -> float:
        """Seconds that a client may take to read the last `unsent` bytes."""
        return min(self.message_seconds, unsent / self.least_rate)
