"""A server for one of the labs' own wires: blocking sockets, a thread a client, few imports.

It is started for one run of a lab and then stopped, so its start is what counts.
"""

from __future__ import annotations

import resource
import socket
import threading
from time import monotonic

from server.binding import BACKLOG
from server.raw_client import STOP_SECONDS, RawClient, wait
from wire import events
from wire.errors import ErrorCode, ProtocolError, TimedOut, WirelabError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    OnEvent = Callable[[events.Event], None]
    Converse = Callable[[RawClient, OnEvent], bool]

MOST_CLIENTS = 256
"""Served at once; others wait until one has left."""
_OTHER_FILES = 32
"""Open files that are no client's."""


class RawServer:
    """A listening socket's clients; `with` ends once they have left, and closes it.

    Events are reported one at a time, from the clients' threads.
    """

    def __init__(self, listener: socket.socket, on_event: OnEvent) -> None:
        self._on_event = on_event
        self._listener = listener
        self._listener.setblocking(False)
        self._clients: dict[RawClient, threading.Thread] = {}
        self._left: list[RawClient] = []
        self._most = _most_clients()
        self._reporting = threading.Lock()
        self._stopping = False
        self._woken, self._wake = socket.socketpair()
        self._wake.setblocking(False)
        self._stopped, self._going = socket.socketpair()

    def __enter__(self) -> RawServer:
        return self

    def __exit__(self, *_: object) -> None:
        """Clients that don't leave in time are cut off."""
        self._listener.close()
        self._going.close()
        deadline = monotonic() + 2 * STOP_SECONDS
        for client, thread in self._clients.items():
            thread.join(max(0, deadline - monotonic()))
            if thread.is_alive():
                client.cut()
                thread.join(STOP_SECONDS)
        for end in (self._woken, self._wake, self._stopped):
            end.close()

    def serve(self, converse: Converse) -> None:
        """Let `converse` talk to each client, in a thread of its own, until `stop`.

        It returns whether the client took its leave; a WirelabError that it
        raises refuses the client. Whoever has connected before `stop` gets to
        finish what it has begun to send.
        """
        while not self._stopping:
            room = len(self._clients) < self._most
            ready = wait(None, self._woken, *([self._listener] if room else []))
            if self._woken in ready:
                self._woken.recv(BACKLOG)
                self._let_go()
            if self._listener in ready:
                self._accept(converse)
        for _ in range(BACKLOG):
            if not self._accept(converse):
                break

    def stop(self) -> None:
        """End `serve`; from a signal's handler or any thread."""
        self._stopping = True
        self._wake_up()

    def _wake_up(self) -> None:
        try:
            self._wake.send(b"\0")
        except OSError:
            return  # it has yet to act on what woke it before, or has ended

    def _accept(self, converse: Converse) -> bool:
        """Take a client that waits; whether there was one."""
        try:
            connected, peer = self._listener.accept()
        except BlockingIOError:
            return False
        except ConnectionError:
            return True  # it has left already
        client = RawClient(connected, peer[:2], self._stopped)
        thread = threading.Thread(target=self._serve, args=[client, converse], daemon=True)
        self._clients[client] = thread
        try:
            thread.start()
        except RuntimeError as fault:
            del self._clients[client]
            self._refuse(client, ErrorCode.BUSY, str(fault))
        return True

    def _let_go(self) -> None:
        """Make room of the clients that have left."""
        while self._left:
            self._clients.pop(self._left.pop()).join()

    def _serve(self, client: RawClient, converse: Converse) -> None:
        try:
            self._talk(client, converse)
        finally:
            client.close()
            self._left.append(client)
            self._wake_up()

    def _talk(self, client: RawClient, converse: Converse) -> None:
        goodbye = False
        self._report(events.ClientConnected(client.address))
        try:
            goodbye = converse(client, self._report)
        except ProtocolError as fault:
            self._refuse(client, fault.code, str(fault))
        except TimedOut as fault:
            self._refuse(client, ErrorCode.TOO_SLOW, str(fault))
        except WirelabError as fault:
            self._refuse(client, ErrorCode.UNAVAILABLE, str(fault))
        except OSError:
            pass  # The client is gone, or the server stops.
        self._report(events.ClientLeft(client.address, goodbye))

    def _refuse(self, client: RawClient, code: ErrorCode, reason: str) -> None:
        self._report(events.RequestRefused(client.address, code, reason))
        client.reset()

    def _report(self, event: events.Event) -> None:
        with self._reporting:
            self._on_event(event)


def _most_clients() -> int:
    """As many as may be served with the files that this process may open."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return MOST_CLIENTS
    return max(1, min(MOST_CLIENTS, files - _OTHER_FILES))
