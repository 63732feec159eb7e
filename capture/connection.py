"""A relayed TCP connection: two flows, and how they end together."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress

from capture.ends import End, ResetWatch
from capture.events import Closed, Direction, Opened, Reset
from capture.faults import StreamFaults
from capture.flow import Flow, Pause
from capture.recorder import Recorder

LINGER_SECONDS = 1.0
"""How long the ends of a connection that was cut may take to close it in order."""


class Connection:
    """Both ends see what they would see without the relay: FIN for FIN, RST for RST."""

    def __init__(
        self,
        number: int,
        client: End,
        server: End,
        *,
        faults: Mapping[Direction, StreamFaults],
        pause: Pause,
        recorder: Recorder,
    ) -> None:
        self._number = number
        self._client = client
        self._server = server
        self._recorder = recorder
        self._flows = tuple(
            Flow(
                number,
                direction,
                source,
                target,
                faults=faults[direction],
                pause=pause,
                recorder=recorder,
            )
            for direction, source, target in (
                (Direction.TO_SERVER, client, server),
                (Direction.TO_CLIENT, server, client),
            )
        )
        self._tasks: dict[Flow, asyncio.Task[None]] = {}

    async def run(self, watch: ResetWatch) -> None:
        """Forward until the connection is over; cancelled, reset it. It leaves no socket."""
        now = self._recorder.now()
        self._recorder.report(Opened(now, self._number, self._client.side, self._server.side))
        try:
            with watch.over(self._client, self._lose), watch.over(self._server, self._lose):
                async with asyncio.TaskGroup() as group:
                    for flow in self._flows:
                        self._tasks[flow] = group.create_task(self._run(flow))
            await self._end()
        except BaseException:
            self._reset(self._flows, by_relay=True)
            raise
        finally:
            self._client.close()
            self._server.close()
            self._recorder.report(Closed(self._recorder.now(), self._number))

    async def _run(self, flow: Flow) -> None:
        await flow.run()
        if flow.at_limit:
            for other in set(self._flows) - {flow}:
                self._tasks[other].cancel()

    def _lose(self, end: End) -> None:
        """Send no more to an end that is lost, and wait no longer with what came from it."""
        for flow in self._flows:
            if flow.target is end:
                self._tasks[flow].cancel()
            else:
                flow.target.wake()

    async def _end(self) -> None:
        """Once both flows are over: end the connection the way they ended."""
        if broken := [flow for flow in self._flows if flow.source.lost]:
            self._reset(broken)
        elif limited := [flow for flow in self._flows if flow.at_limit]:
            if limited[0].resets:
                self._reset(self._flows, by_relay=True)
            else:
                await self._cut()

    def _reset(self, flows: Iterable[Flow], *, by_relay: bool = False) -> None:
        now = self._recorder.now()
        for end in (self._client, self._server):
            end.reset()
        for flow in flows:
            self._recorder.report(Reset(now, self._number, flow.direction, by_relay))

    async def _cut(self) -> None:
        """End both directions, and read on until both ends have closed.

        Closing with bytes unread would be a reset.
        """
        for flow in self._flows:
            flow.finish(by_relay=True)
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER_SECONDS):
                for end in (self._client, self._server):
                    while await end.receive():
                        pass
