"""One direction of a relayed connection."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from capture.ends import End
from capture.events import Data, Direction, Ended, Side
from capture.faults import StreamFaults
from capture.recorder import Recorder

Pause = Callable[[Side], Awaitable[None]]
"""Awaited between two pieces, and before a reset, until the receiver has read what it got.

Its argument is the receiver's side: in the kernel's socket table the receiver is
the socket whose local address is `peer` and whose remote address is `relay`.
"""

LARGEST_HELD = 1024 * 1024
"""Bytes from which `join` holds no more."""

_PAUSE_SECONDS = 0.002


async def pause_briefly(_: Side) -> None:
    """Leave a receiver on the same machine the time to read."""
    await asyncio.sleep(_PAUSE_SECONDS)


class Flow:
    """What comes from `source` goes to `target`, through the faults.

    It takes no more than it can pass on, so a slow receiver slows the sender.
    """

    def __init__(
        self,
        connection: int,
        direction: Direction,
        source: End,
        target: End,
        *,
        faults: StreamFaults,
        pause: Pause,
        recorder: Recorder,
    ) -> None:
        self.direction = direction
        self.source = source
        self.target = target
        self._connection = connection
        self._faults = faults
        self._pieces = faults.splitter(connection, direction)
        self._pause = pause
        self._recorder = recorder
        self._sent = 0
        self._ended = False

    @property
    def at_limit(self) -> bool:
        """The bytes after which the relay ends the connection have been forwarded."""
        return self._sent == self._faults.limit

    @property
    def resets(self) -> bool:
        """At its limit the connection is to be reset, not cut."""
        return self._faults.reset_after is not None

    async def run(self) -> None:
        """Forward until the source ends, an end is lost, or the limit is reached."""
        while not self.at_limit:
            data = await self._take()
            if not data:
                if not self.source.lost:
                    self.finish()
                return
            for piece in self._pieces(data[: self._left()]):
                if not await self._pass_on(piece):
                    return
        if self._sent and self.resets:
            await self._wait_for_the_reader()

    def finish(self, *, by_relay: bool = False) -> None:
        """Pass on the end of the stream, once."""
        if not self._ended:
            self._ended = True
            now = self._recorder.now()
            self.target.finish()
            self._recorder.report(Ended(now, self._connection, self.direction, by_relay))

    async def _take(self) -> bytes:
        """What has come, joined and delayed; nothing at the end."""
        data = await self.source.receive()
        if data and self._faults.join:
            data = await self._joined(data)
        if self._faults.delay:
            await asyncio.sleep(self._faults.delay)
        return data

    async def _joined(self, first: bytes) -> bytes:
        """The first bytes with those behind them, until it was quiet for so long."""
        held = bytearray(first)
        with suppress(TimeoutError):
            while len(held) < LARGEST_HELD:
                async with asyncio.timeout(self._faults.join):
                    more = await self.source.receive()
                if not more:
                    break
                held += more
        return bytes(held)

    def _left(self) -> int | None:
        limit = self._faults.limit
        return None if limit is None else limit - self._sent

    async def _pass_on(self, piece: bytes) -> bool:
        """Hand a piece to the kernel; False if it takes no more of this stream.

        Of a lost source only what the kernel takes at once is passed on: the
        receiver, if it never reads, is to meet the reset all the same.
        """
        if self._sent and self._faults.split:
            await self._wait_for_the_reader()
        while piece and not self.target.lost:
            now = self._recorder.now()
            taken = self.target.send(piece)
            if taken:
                self._recorder.report(Data(now, self._connection, self.direction, piece[:taken]))
                self._sent += taken
                piece = piece[taken:]
            elif self.source.lost:
                return False
            else:
                await self.target.room()
        return not piece

    async def _wait_for_the_reader(self) -> None:
        try:
            await self._pause(self.target.side)
        except Exception as fault:
            self._recorder.keep(fault)
