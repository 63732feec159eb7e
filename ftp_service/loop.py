"""pyftpdlib's server with a loop that can be stopped from outside, and leaves nothing open."""

from __future__ import annotations

import socket
import sys
import threading
from contextlib import suppress
from typing import Any
from weakref import WeakSet

from pyftpdlib.ioloop import AsyncChat, IOLoop
from pyftpdlib.servers import FTPServer

from ftp_service import events
from ftp_service.session import DataChannel, Session

_ACCEPT_AGAIN_SECONDS = 1.0


class FtpLoop(FTPServer):  # type: ignore[misc]
    """Accepts clients on `listener`; everything but `request_stop` runs in one thread."""

    def __init__(
        self, listener: socket.socket, handler: type[Session], on_event: events.OnEvent
    ) -> None:
        super().__init__(listener, handler, ioloop=IOLoop())
        self.over = threading.Event()
        self.failure: Exception | None = None
        self._on_event = on_event
        self._stopping = False
        self._sessions: WeakSet[Session] = WeakSet()
        self._alarm, alarmed = socket.socketpair()
        _Alarmed(alarmed, ioloop=self.ioloop)

    def serve(self) -> None:
        """Run until `request_stop`; then close everything and set `over`."""
        try:
            try:
                self._poll_until_stopped()
            finally:
                self._close_everything()
        except Exception as error:  # FtpService.wait raises it again
            self.failure = error
        finally:
            self.over.set()

    def _poll_until_stopped(self) -> None:
        # serve_forever() would do the same, and set up logging to stderr first.
        until_next_task = None
        while not self._stopping:
            self.ioloop.poll(until_next_task)
            until_next_task = self.ioloop.sched.poll()

    def _close_everything(self) -> None:
        # A session that waits before it refuses a password stands in no socket_map.
        for channel in {*self._sessions, *self.ioloop.socket_map.values()}:
            if isinstance(channel, Session | DataChannel):
                channel.abandon()
        self.close()
        self.close_all()

    def request_stop(self) -> None:
        """Wake the loop and make it end. Takes no lock: a signal handler may call it."""
        self._stopping = True
        with suppress(BrokenPipeError):  # it is over already
            self._alarm.send(b"!")

    def release(self) -> None:
        """Let go of what `request_stop` needs; once the thread has ended."""
        self._alarm.close()

    def handle_accepted(self, sock: socket.socket, addr: Any) -> None:
        session = super().handle_accepted(sock, addr)
        if session is not None:
            self._sessions.add(session)

    def handle_error(self) -> None:
        # Out of file descriptors, most likely. pyftpdlib would stop listening for good.
        self._on_event(events.AcceptFailed(repr(sys.exception())))
        self.del_channel()
        self.ioloop.call_later(_ACCEPT_AGAIN_SECONDS, self.add_channel)


class _Alarmed(AsyncChat):  # type: ignore[misc]
    """Its only purpose is to end the poll that the loop waits in."""

    def handle_read(self) -> None:
        self.recv(1)
