"""The TCP server: accepts clients and gives each a conversation."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

from server.binding import BACKLOG, bind
from server.conversation import Conversation, OnEvent, refuse_busy
from server.limits import Limits
from server.message_store import MessageStore
from server.writer import Writer
from wire import events

_STOP_SECONDS = 5.0


class Server:
    """One listening address and one folder of logs, within one event loop.

    What `on_event` raises costs no client its answer: `stop` raises the first of it.
    """

    def __init__(self, folder: Path, limits: Limits, on_event: OnEvent) -> None:
        self._folder = folder
        self._limits = limits
        self._on_event = on_event
        self._conversations: set[Conversation] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._clients: Counter[str] = Counter()
        self._stopping = False
        self._fault: Exception | None = None

    async def start(self, host: str, port: int) -> events.Address:
        """Open the folder and listen; the address that was bound. Raises LabFailed."""
        listening = bind(host, port)
        try:
            store = MessageStore(self._folder)
        except BaseException:
            listening.close()
            raise
        self._writer = Writer(store)
        self._listener = await asyncio.start_server(self._accept, sock=listening, backlog=BACKLOG)
        address: events.Address = listening.getsockname()[:2]
        return address

    async def stop(self) -> None:
        """Answer what was asked, say BYE to everyone, and close the folder."""
        self._stopping = True
        self._listener.close()
        for conversation in self._conversations:
            conversation.stop()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_STOP_SECONDS)
            for task in late:
                task.cancel()
        await self._writer.stop()
        if self._fault is not None:
            raise self._fault

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = writer.get_extra_info("peername")
        if peer is None or self._stopping:  # None: it has left already
            writer.transport.abort()
            return
        client: events.Address = peer[:2]
        if self._has_room(client[0]):
            task = self._converse(reader, writer, client)
        else:
            task = asyncio.create_task(refuse_busy(reader, writer, client, self._report))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: writer.transport.abort())

    def _has_room(self, host: str) -> bool:
        return (
            len(self._conversations) < self._limits.connections
            and self._clients[host] < self._limits.connections_per_address
        )

    def _converse(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, client: events.Address
    ) -> asyncio.Task[None]:
        conversation = Conversation(
            reader,
            writer,
            client=client,
            message_writer=self._writer,
            limits=self._limits,
            on_event=self._report,
        )
        host = client[0]
        self._conversations.add(conversation)
        self._clients[host] += 1

        def leave(_: asyncio.Task[None]) -> None:
            self._conversations.remove(conversation)
            self._clients[host] -= 1
            if not self._clients[host]:
                del self._clients[host]

        task = conversation.start()
        task.add_done_callback(leave)
        return task

    def _report(self, event: events.Event) -> None:
        try:
            self._on_event(event)
        except Exception as fault:
            self._fault = self._fault or fault


class ServerThread:
    """A server in a daemon thread, with its own event loop."""

    def __init__(
        self, folder: Path, on_event: OnEvent, *, host: str, port: int, limits: Limits
    ) -> None:
        self._server = Server(folder, limits, on_event)
        self._where = host, port
        self._bound: Future[events.Address] = Future()
        self._ended: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="lab server", daemon=True)

    def start(self) -> events.Address:
        """Listen; the address that was bound. Raises LabFailed."""
        self._thread.start()
        try:
            return self._bound.result()
        except Exception:
            self._thread.join()
            raise

    def stop(self) -> None:
        """Stop in order, and wait for the end of the thread. Raises what `on_event` raised."""
        with suppress(RuntimeError):  # the loop has ended by itself
            self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()
        self._ended.result()

    def _run(self) -> None:
        try:
            with asyncio.Runner() as runner:
                runner.run(self._serve())
        except BaseException as error:
            outcome = self._ended if self._bound.done() else self._bound
            outcome.set_exception(error)
        else:
            self._ended.set_result(None)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self._bound.set_result(await self._server.start(*self._where))
        await self._stopping.wait()
        await self._server.stop()
