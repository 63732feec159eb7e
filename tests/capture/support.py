"""A relay in a thread's event loop, with blocking sockets at both of its ends."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest

from capture.events import Data, Direction, Event, Opened, Side
from capture.faults import StreamFaults
from capture.relay import TcpRelay
from tests.server.support import LOOPBACK, PATIENCE

TO_SERVER, TO_CLIENT = Direction.TO_SERVER, Direction.TO_CLIENT
both_directions = pytest.mark.parametrize("direction", [TO_SERVER, TO_CLIENT])
Kind = TypeVar("Kind", bound=Event)
Result = TypeVar("Result")
Pair = tuple[socket.socket, socket.socket]


@dataclass
class Events:
    """What a relay reported, in order."""

    seen: list[Event] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def __call__(self, event: Event) -> None:
        with self._changed:
            self.seen.append(event)
            self._changed.notify_all()

    def of(self, kind: type[Kind], connection: int | None = None) -> list[Kind]:
        return [
            event
            for event in self.seen
            if isinstance(event, kind) and connection in (None, event.connection)
        ]

    def wait_for(self, kind: type[Kind], count: int = 1) -> list[Kind]:
        """The events of a kind, once there are `count`."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.of(kind)) >= count, PATIENCE), (
                f"{count} {kind.__name__} did not come: {self.seen}"
            )
            return self.of(kind)

    def wait_for_all(self, count: int) -> None:
        """Wait until there are so many, of whatever kind."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.seen) >= count, PATIENCE), self.seen

    def pieces(self, direction: Direction, connection: int = 1) -> list[bytes]:
        return [e.data for e in self.of(Data, connection) if e.direction is direction]

    def kinds(self, connection: int = 1) -> list[str]:
        """A connection's events in short, pieces of one direction as one: `Data to the server`."""
        kinds: list[str] = []
        for event in self.seen:
            if event.connection == connection:
                way = getattr(event, "direction", None)
                kind = type(event).__name__ + (f" {way.value}" if way else "")
                if not (kind.startswith("Data") and kinds[-1:] == [kind]):
                    kinds.append(kind)
        return kinds

    def assert_in_order(self) -> None:
        times = [event.time_ns for event in self.seen]
        assert times == sorted(times)


class LoopThread:
    """An event loop in a thread, which must leave no task, and log no fault, when it ends."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._faults: list[dict[str, Any]] = []
        self._loop.set_exception_handler(lambda _, context: self._faults.append(context))
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    def run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(PATIENCE)

    def call(self, function: Callable[[], object]) -> None:
        self._loop.call_soon_threadsafe(function)

    def close(self) -> None:
        self.run(self._loop.shutdown_default_executor())
        left = self.run(self._others())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        assert not left
        assert not self._faults

    async def _others(self) -> set[asyncio.Task[Any]]:
        return asyncio.all_tasks() - {asyncio.current_task()}


@contextmanager
def looping() -> Iterator[LoopThread]:
    loop = LoopThread()
    try:
        yield loop
    finally:
        loop.close()


@dataclass
class Relaying:
    """A TCP relay at work, and the socket on which its server listens."""

    relay: TcpRelay
    loop: LoopThread
    events: Events
    address: tuple[str, int]
    server: socket.socket

    def client(self) -> socket.socket:
        return socket.create_connection(self.address, timeout=PATIENCE)

    def served(self) -> socket.socket:
        """The server's socket of the next connection."""
        accepted, _ = self.server.accept()
        accepted.settimeout(PATIENCE)
        return accepted

    @contextmanager
    def pair(self) -> Iterator[Pair]:
        """A client and the server's socket for it, with the relay in between."""
        with self.client() as client, self.served() as served:
            yield client, served

    @contextmanager
    def towards(self, direction: Direction) -> Iterator[Pair]:
        """The sender of a direction and its receiver, once the relay has them connected."""
        with self.pair() as (client, served):
            self.events.wait_for(Opened)
            yield (client, served) if direction is TO_SERVER else (served, client)

    def receiver_side(self, direction: Direction) -> Side:
        (opened,) = self.events.of(Opened)
        return opened.server if direction is TO_SERVER else opened.client


@contextmanager
def relaying(
    connect: Callable[[], Awaitable[socket.socket]] | None = None,
    *,
    on_event: Callable[[Event], None] | None = None,
    listening: socket.socket | None = None,
    host: str = LOOPBACK,
    **options: Any,
) -> Iterator[Relaying]:
    """A relay between a free port of `host` and a listening socket, stopped when this ends."""
    events = Events()
    with looping() as loop, listen(host) as server:
        entrance = listening or listen(host)

        async def connect_to_server() -> socket.socket:
            return await connected_to(server.getsockname())

        relay = TcpRelay(entrance, connect or connect_to_server, on_event or events, **options)
        loop.run(relay.start())
        try:
            yield Relaying(relay, loop, events, entrance.getsockname()[:2], server)
        finally:
            loop.run(relay.stop())


def listen(host: str = LOOPBACK) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, 0), family=family, backlog=512)
    listening.settimeout(PATIENCE)
    return listening


async def connected_to(address: Any) -> socket.socket:
    """A socket that is connected to an address. Raises OSError."""
    family = socket.AF_INET if len(address) == 2 else socket.AF_INET6
    connecting = socket.socket(family)
    try:
        connecting.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connecting, address)
    except BaseException:
        connecting.close()
        raise
    return connecting


def receive_all(receiver: socket.socket) -> bytes:
    """What comes until the end of the stream."""
    return b"".join(iter(lambda: receiver.recv(65536), b""))


def receive_until_reset(receiver: socket.socket) -> bytes:
    """What comes until the connection is reset; a FIN fails."""
    received = bytearray()
    try:
        while data := receiver.recv(65536):
            received += data
    except ConnectionResetError:
        return bytes(received)
    pytest.fail(f"a FIN came after {len(received)} bytes, no reset")


def fill(sender: socket.socket) -> int:
    """Send until nothing more is taken for a while; how many bytes were taken."""
    sender.settimeout(0.3)
    sent = 0
    try:
        while sent < 1 << 30:
            sent += sender.send(bytes(1 << 20))
    except TimeoutError:
        return sent
    pytest.fail("a sender whose bytes nobody reads was not stopped")


def only(direction: Direction, faults: StreamFaults) -> dict[str, Any]:
    """The relay's option for the faults of one direction."""
    return {"to_server" if direction is TO_SERVER else "to_client": faults}


def assert_refused(relay: Relaying) -> None:
    """A client is reset, maybe before it has seen its connection open."""
    with suppress(ConnectionResetError), relay.client() as client:
        assert receive_until_reset(client) == b""


def exchange_a_word(relay: Relaying) -> None:
    with relay.pair() as (client, served):
        client.sendall(b"word")
        client.shutdown(socket.SHUT_WR)
        assert receive_all(served) == b"word"


def reset(connected: socket.socket) -> None:
    """Close with a RST."""
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connected.close()


async def no_pause(_: Side) -> None:
    """Between two pieces: nothing."""
