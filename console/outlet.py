"""Lines from a program that must not wait for whoever reads them."""

from __future__ import annotations

import select

from console.command_line import drop_output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

_PATIENCE = 1.0
"""Seconds that a reader may take to make room, before lines are left out."""


class Outlet:
    """A stream of lines. A pipe that nobody reads, or a terminal that was stopped, loses some.

    What was lost is counted, and said once there is a reader again; a stream
    that was closed is no fault either.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._poll = select.poll()
        self._poll.register(stream, select.POLLOUT)
        self._lost = 0

    def say(self, text: str) -> None:
        """Print a text and a line end."""
        # Only the first line that finds no room waits for it.
        if not self._poll.poll(0 if self._lost else _PATIENCE * 1000):
            self._lost += 1
            return
        if self._lost:
            text = f"[{self._lost} lines left out: nobody read on]\n{text}"
            self._lost = 0
        try:
            print(text, file=self._stream, flush=True)
        except OSError:
            drop_output(self._stream.fileno())
