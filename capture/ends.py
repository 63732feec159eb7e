"""The sockets of a relayed connection, and a watch over their resets."""

from __future__ import annotations

import asyncio
import select
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from capture.events import Side
from wire.events import Address

CHUNK = 256 * 1024
"""The most bytes that are taken from a socket at once."""

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
"""SO_LINGER, on, for 0 seconds: closing discards what is unsent, and sends a RST."""


class End:
    """The relay's socket towards one of the two ends. It owns the socket.

    Waiting and taking are apart: whoever is cancelled while it waits loses no byte.
    """

    def __init__(self, connected: socket.socket, peer: Address) -> None:
        connected.setblocking(False)
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = connected
        self.side = Side(connected.getsockname()[:2], peer)
        self.lost = False
        self.on_lost: Callable[[End], None] = lambda _: None
        self._loop = asyncio.get_running_loop()
        self._wake = asyncio.Event()

    async def receive(self) -> bytes:
        """What has come, once something has; nothing at the end, or if the end is lost."""
        await asyncio.sleep(0)  # a flow that never has to wait leaves others their turn
        while True:
            try:
                return self.socket.recv(CHUNK)
            except BlockingIOError:
                await self._readable()
            except OSError:
                self.lose()
                return b""

    def send(self, data: bytes) -> int:
        """How many of the bytes the kernel took; 0 if it has no room, or the end is lost."""
        try:
            return self.socket.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            self.lose()
            return 0

    async def room(self) -> None:
        """Wait until the kernel has room to send, or until `wake`."""
        self._loop.add_writer(self.socket, self._wake.set)
        try:
            await self._wake.wait()
        finally:
            self._loop.remove_writer(self.socket)
            self._wake.clear()

    def wake(self) -> None:
        self._wake.set()

    def finish(self) -> None:
        """Send no more (FIN)."""
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.lose()

    def lose(self) -> None:
        """Mark the connection as broken, and tell of it once."""
        if not self.lost:
            self.lost = True
            self.on_lost(self)

    def reset(self) -> None:
        """Close with a RST, unless it is closed."""
        with suppress(OSError):
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self.close()

    def close(self) -> None:
        self.socket.close()

    async def _readable(self) -> None:
        came = asyncio.Event()
        self._loop.add_reader(self.socket, came.set)
        try:
            await came.wait()
        finally:
            self._loop.remove_reader(self.socket)


class ResetWatch:
    """Tells of resets where nobody reads: after a FIN, or while what was read waits to go on.

    An epoll reports errors of a socket even if asked for nothing, and can
    itself be waited for. Without epoll (it is Linux's), resets are met at the
    next read or write.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._epoll = select.epoll() if hasattr(select, "epoll") else None
        self._ends: dict[int, End] = {}
        if self._epoll:
            self._loop.add_reader(self._epoll, self._tell)

    @contextmanager
    def over(self, end: End, on_lost: Callable[[End], None]) -> Iterator[None]:
        """Meanwhile call `on_lost` once the end is lost: here, or where it is used."""
        end.on_lost = on_lost
        if self._epoll is None:
            yield
            return
        fileno = end.socket.fileno()
        self._epoll.register(fileno, select.EPOLLET)
        self._ends[fileno] = end
        try:
            yield
        finally:
            self._epoll.unregister(fileno)
            del self._ends[fileno]

    def close(self) -> None:
        if self._epoll:
            self._loop.remove_reader(self._epoll)
            self._epoll.close()

    def _tell(self) -> None:
        assert self._epoll
        for fileno, events in self._epoll.poll(0):
            if events & select.EPOLLERR:
                self._ends[fileno].lose()
