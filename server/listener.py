"""The TCP server: accepts clients and gives each a conversation."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections import Counter
from concurrent.futures import Future
from pathlib import Path

from server.conversation import Conversation, OnEvent, refuse_busy
from server.limits import Limits
from server.message_store import MessageStore
from server.writer import Writer
from wire import events
from wire.errors import LabFailed

_BACKLOG = 1024
_STOP_SECONDS = 5.0


class Server:
    """One listening address and one folder of logs, within one event loop."""

    def __init__(self, folder: Path, limits: Limits, on_event: OnEvent) -> None:
        self._folder = folder
        self._limits = limits
        self._on_event = on_event
        self._conversations: set[asyncio.Task[None]] = set()
        self._clients: Counter[str] = Counter()

    async def start(self, host: str, port: int) -> events.Address:
        """Open the folder and listen; the address that was bound. Raises LabFailed."""
        listening = _bind(host, port)
        try:
            store = MessageStore(self._folder)
        except BaseException:
            listening.close()
            raise
        self._writer = Writer(store)
        self._listener = await asyncio.start_server(self._accept, sock=listening, backlog=_BACKLOG)
        address: events.Address = listening.getsockname()[:2]
        return address

    async def stop(self) -> None:
        """Answer what was asked, say BYE to everyone, and close the folder."""
        self._listener.close()
        for conversation in self._conversations:
            conversation.cancel()
        if self._conversations:
            await asyncio.wait(self._conversations, timeout=_STOP_SECONDS)
        await self._writer.stop()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client: events.Address = writer.get_extra_info("peername")[:2]
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        host = client[0]
        if (
            len(self._conversations) >= self._limits.connections
            or self._clients[host] >= self._limits.connections_per_address
        ):
            await refuse_busy(writer, client, self._on_event)
            return
        self._clients[host] += 1
        task = asyncio.current_task()
        assert task is not None
        self._conversations.add(task)
        try:
            await Conversation(
                reader,
                writer,
                client=client,
                message_writer=self._writer,
                limits=self._limits,
                on_event=self._on_event,
            ).run()
        finally:
            self._conversations.discard(task)
            self._clients[host] -= 1
            if not self._clients[host]:
                del self._clients[host]


class ServerThread:
    """A server in a daemon thread, with its own event loop."""

    def __init__(
        self, folder: Path, on_event: OnEvent, *, host: str, port: int, limits: Limits
    ) -> None:
        self._server = Server(folder, limits, on_event)
        self._where = host, port
        self._bound: Future[events.Address] = Future()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve()), name="lab server", daemon=True
        )

    def start(self) -> events.Address:
        """Listen; the address that was bound. Raises LabFailed."""
        self._thread.start()
        return self._bound.result()

    def stop(self) -> None:
        """Stop in order, and wait for the end of the thread."""
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        try:
            address = await self._server.start(*self._where)
        except Exception as error:
            self._bound.set_exception(error)
            return
        self._bound.set_result(address)
        await self._stopping.wait()
        await self._server.stop()


def _bind(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise LabFailed(
            f"can't listen on {host}:{port}: {error.strerror or error}",
            "choose another --port, or 0 for any free one",
        ) from error
