"""A client of one of the labs' own wires, as the server that talks to it sees it."""

from __future__ import annotations

import select
import socket
import struct

from wire.errors import ErrorCode, ProtocolError, TimedOut
from wire.raw import PAUSE_SECONDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from wire.events import Address

STOP_SECONDS = 1.0
"""How long a server that stops waits for the rest of what a client has begun to send."""

_RECEIVE_SIZE = 65536
_LONGEST_WAIT = 2**31 - 1
"""Milliseconds that poll(2) can be told."""
_RESET = struct.pack("ii", 1, 0)


class RawClient:
    """A connection. What it does raises OSError if the client is gone.

    `stopped` is readable once the server is to stop.
    """

    def __init__(self, connected: socket.socket, address: Address, stopped: socket.socket) -> None:
        self.address = address
        self._socket = connected
        self._stopped = stopped

    def receive(self, seconds: float, *, begun: bool) -> bytes:
        """What one recv gives, b"" once the client has closed. Raises TimeoutError.

        `begun`: a part of a message is here already. A server that stops waits
        for the rest of that, and for no other message.
        """
        ready = wait(seconds, self._socket, self._stopped)
        if ready == [self._stopped]:
            if not begun:
                raise ConnectionAbortedError
            ready = wait(min(seconds, STOP_SECONDS), self._socket)
            if not ready and seconds > STOP_SECONDS:
                raise ProtocolError(ErrorCode.UNAVAILABLE, "the server is being stopped")
        if not ready:
            raise TimeoutError
        return self._socket.recv(_RECEIVE_SIZE)

    def send(self, seconds: float, *parts: bytes) -> None:
        """Send each part in a send of its own, with a pause between two. Raises TimedOut."""
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(seconds)
        try:
            for number, part in enumerate(parts):
                if number:
                    wait(PAUSE_SECONDS, self._stopped)
                self._socket.sendall(part)
        except TimeoutError:
            raise TimedOut("an answer was not read in time") from None

    def reset(self) -> None:
        """Close so that the client can tell: these wires have no other way to say no."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self._socket.close()

    def cut(self) -> None:
        """End the connection under the thread that receives or sends here."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it has ended by itself

    def close(self) -> None:
        self._socket.close()


def wait(seconds: float | None, *sockets: socket.socket) -> list[socket.socket]:
    """Those of the sockets that can be read, or have ended; none after `seconds`."""
    poll = select.poll()
    by_number = {one.fileno(): one for one in sockets}
    for number in by_number:
        poll.register(number, select.POLLIN)
    ready = poll.poll(None if seconds is None else min(seconds * 1000, _LONGEST_WAIT))
    return [by_number[number] for number, _ in ready]
