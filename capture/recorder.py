"""The way of a relay's events to its caller."""

from __future__ import annotations

import os
import time
from errno import errorcode

from capture.events import Event, OnEvent


class Recorder:
    """Tells the time of events and hands them on; it keeps none.

    What the caller's functions raise costs the traffic nothing: it is kept, and
    `finish` raises the first of it.
    """

    def __init__(self, on_event: OnEvent) -> None:
        self._on_event = on_event
        self._epoch = time.time_ns() - time.monotonic_ns()
        self._fault: BaseException | None = None

    def now(self) -> int:
        """Unix time in nanoseconds; setting the machine's clock does not move it."""
        return self._epoch + time.monotonic_ns()

    def report(self, event: Event) -> None:
        try:
            self._on_event(event)
        except Exception as fault:
            self.keep(fault)

    def keep(self, fault: BaseException) -> None:
        """Leave a fault to `finish`."""
        self._fault = self._fault or fault

    def finish(self) -> None:
        """Raise the first fault, if there was one."""
        if self._fault is not None:
            raise self._fault


def reason_of(error: BaseException) -> str:
    """An error in words, without its number."""
    number: int = getattr(error, "errno", None) or 0
    if number in errorcode:
        return os.strerror(number)
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
