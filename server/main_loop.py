"""The server in the main thread of a program of its own, until a signal ends it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit, setrlimit
from typing import Any

from server.binding import BACKLOG
from server.conversation import OnEvent
from server.limits import Limits
from server.listener import Server
from wire.events import Address

Ready = Callable[[Address], None]
Complain = Callable[[str], None]

_STOPPING = (signal.SIGINT, signal.SIGTERM)


class MainLoop:
    """A server and the loop that it runs in.

    `complain` is told, once each, what the system denies.
    """

    def __init__(self, folder: Path, limits: Limits, on_event: OnEvent, complain: Complain) -> None:
        self._server = Server(folder, limits, on_event)
        self._complain_once = cache(complain)
        _allow_files(limits.connections + BACKLOG)

    def run(self, host: str, port: int, ready: Ready) -> None:
        """Serve until SIGINT or SIGTERM; `ready` gets the address. Raises LabFailed."""
        asyncio.run(self._serve(host, port, ready))

    async def _serve(self, host: str, port: int, ready: Ready) -> None:
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(partial(self._report_fault, stopping))
        for number in _STOPPING:
            loop.add_signal_handler(number, stopping.set)
        ready(await self._server.start(host, port))
        await stopping.wait()
        # A second one has nothing to add, and would find the loop without its handlers.
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
        await self._server.stop()

    def _report_fault(
        self, stopping: asyncio.Event, loop: asyncio.AbstractEventLoop, context: dict[str, Any]
    ) -> None:
        """A line for what the system denies, such as more open files; a bug keeps its traceback.

        Of the first asyncio may come upon a thousand times a second.
        """
        fault = context.get("exception")
        if isinstance(fault, OSError):
            self._complain_once(f"{context['message']}: {fault.strerror}")
        elif not stopping.is_set():  # then asyncio may try to go on with a listener that was closed
            loop.default_exception_handler(context)


def _allow_files(wanted: int) -> None:
    """Let this process have that many open files, as far as it may."""
    soft, hard = getrlimit(RLIMIT_NOFILE)
    if hard != RLIM_INFINITY:
        wanted = min(wanted, hard)
    if RLIM_INFINITY != soft < wanted:
        setrlimit(RLIMIT_NOFILE, (wanted, hard))
