"""SIGINT and SIGTERM: when they may cut a program short, and how.

The exception that a signal raises can come between any two steps. While
modules load it may even get lost, in a callback of the import system: until
the run begins a signal is only remembered.
"""

from __future__ import annotations

import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """Takes both signals over: held back at first, then one KeyboardInterrupt, then none."""

    def __init__(self) -> None:
        self._drop_output: Callable[[], None] | None = None
        self._over = False
        for number in _SIGNALS:
            signal.signal(number, self._take)

    def allow(self, drop_output: Callable[[], None]) -> None:
        """Raise KeyboardInterrupt when a signal comes, or at once if one has come.

        First `drop_output` is called, which makes stdout lead nowhere: a pipe
        that nobody reads would hold up every thread that writes to it.
        """
        self._drop_output = drop_output
        if self._over:
            raise KeyboardInterrupt

    def ignore(self) -> None:
        """From here on no signal changes what was decided, to the interpreter's very end."""
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)

    def _take(self, *_: object) -> None:
        if self._over:
            return  # Cleaning up is brief, and not interrupted again.
        self._over = True
        if self._drop_output is not None:
            self._drop_output()
            _wake_writers()
            raise KeyboardInterrupt


def _wake_writers() -> None:
    """End each blocked write; Python begins it again, and then it goes where stdout now leads."""
    import threading

    for thread in threading.enumerate():
        if thread.ident is not None and thread is not threading.main_thread():
            signal.pthread_kill(thread.ident, signal.SIGTERM)
