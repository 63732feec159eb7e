"""A relay between TCP clients and a server: forwards, records, and does what its faults say."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from functools import partial

from capture.connection import Connection
from capture.ends import End, ResetWatch
from capture.events import Direction, OnEvent, Refused
from capture.faults import StreamFaults
from capture.flow import Pause, pause_briefly
from capture.recorder import Recorder, reason_of
from wire.errors import WirelabError

NO_FAULTS = StreamFaults()
MOST_CONNECTIONS = 256
_REST_SECONDS = 0.1


class TcpRelay:
    """Takes the clients of one listening socket to one server, within one event loop.

    The caller makes the sockets, wherever it has them: `listening` is bound and
    listens, `connect` gives one that is connected to the server, or raises OSError
    or WirelabError. From `start` on the relay closes them. Beyond `most`
    connections at once, clients wait in the listening socket's queue.

    A client is accepted before the server is asked: where the server refuses it, it
    sees a connection that is reset, not one that is refused.
    """

    def __init__(
        self,
        listening: socket.socket,
        connect: Callable[[], Awaitable[socket.socket]],
        on_event: OnEvent,
        *,
        to_server: StreamFaults = NO_FAULTS,
        to_client: StreamFaults = NO_FAULTS,
        pause: Pause = pause_briefly,
        most: int = MOST_CONNECTIONS,
    ) -> None:
        listening.setblocking(False)
        self._listening = listening
        self._connect = connect
        self._recorder = Recorder(on_event)
        self._faults = {Direction.TO_SERVER: to_server, Direction.TO_CLIENT: to_client}
        self._pause = pause
        self._most = most
        self._number = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._rest: asyncio.TimerHandle | None = None

    async def start(self) -> None:
        """Take clients from now on."""
        self._loop = asyncio.get_running_loop()
        self._watch = ResetWatch()
        self._take_clients()

    async def drain(self) -> None:
        """Wait until no connection is under way, and no client waits to be accepted."""
        taken = -1
        while self._tasks or taken < self._number:
            taken = self._number
            self._accept()
            if self._tasks:
                await asyncio.wait(self._tasks)

    async def stop(self) -> None:
        """Reset what is under way, and close all sockets.

        Raises the first of what `on_event`, `pause` or, beside the errors it may
        raise, `connect` raised. Once stopped, it does nothing.
        """
        if self._stopped():
            return
        self._take_no_clients()
        self._listening.close()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        self._watch.close()
        self._recorder.finish()

    def _stopped(self) -> bool:
        return self._listening.fileno() < 0

    def _take_clients(self) -> None:
        self._take_no_clients()
        self._loop.add_reader(self._listening, self._accept)

    def _take_no_clients(self) -> None:
        self._loop.remove_reader(self._listening)
        if self._rest:
            self._rest.cancel()

    def _accept(self) -> None:
        """Take one client, if one waits and there is room."""
        if self._stopped():
            return
        if len(self._tasks) >= self._most:
            self._take_no_clients()
            return
        try:
            accepted, address = self._listening.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError:  # no files left, say: the client stays in the queue for a while
            self._take_no_clients()
            self._rest = self._loop.call_later(_REST_SECONDS, self._take_clients)
            return
        self._number += 1
        client = End(accepted, address[:2])
        task = asyncio.create_task(self._serve(self._number, client))
        self._tasks.add(task)
        task.add_done_callback(partial(self._leave, client))

    def _leave(self, client: End, task: asyncio.Task[None]) -> None:
        client.reset()  # if the task was cancelled before it began
        if not task.cancelled() and (fault := task.exception()):
            self._recorder.keep(fault)
        self._tasks.remove(task)
        if not self._stopped():
            self._take_clients()

    async def _serve(self, number: int, client: End) -> None:
        try:
            server = await self._reach()
        except (OSError, WirelabError, asyncio.CancelledError) as error:
            now = self._recorder.now()
            client.reset()
            self._recorder.report(Refused(now, number, client.side, reason_of(error)))
            if isinstance(error, asyncio.CancelledError):
                raise
            return
        connection = Connection(
            number,
            client,
            server,
            faults=self._faults,
            pause=self._pause,
            recorder=self._recorder,
        )
        await connection.run(self._watch)

    async def _reach(self) -> End:
        connected = await self._connect()
        try:
            return End(connected, connected.getpeername()[:2])
        except OSError:
            connected.close()
            raise
