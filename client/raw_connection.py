"""One blocking connection to a server that speaks one of the labs' own wires."""

from __future__ import annotations

import select
import socket
from time import monotonic

from client.connecting import connect
from wire.errors import ErrorCode, NoServer, ProtocolError, TimedOut, WirelabError
from wire.raw import GRACE_SECONDS, PAUSE_SECONDS, check_not_framed

CLOSING_SECONDS = 2.0
"""How long the server may take to close, once all is said."""

_RECEIVE_SIZE = 65536
_LARGEST_EXCESS = 65536
"""Bytes that an answer may be longer than the right one, before no more of it is read."""
_LONGEST_WAIT = 2**31 - 1
"""Milliseconds that poll(2) can be told."""
_LONGEST_SHOWN = 64


class RawConnection:
    """Bytes out and in, nothing around them.

    `timeout` (seconds) bounds connecting, and then each exchange: from a `send`
    to the end of its answer. Raises NoServer, TimedOut or ProtocolError.
    """

    def __init__(self, host: str, port: int, timeout: float, dialect: str) -> None:
        self._where = f"{host}:{port}"
        self._timeout = timeout
        self._sending = False
        self._unread = bytearray()
        self._start_clock(timeout)
        self._socket = connect(host, port, timeout, f"python -m server --dialect {dialect}")

    def __enter__(self) -> RawConnection:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def check_silence(self) -> None:
        """Raise if the server has left, or has said what it was not asked for."""
        self._start_clock(self._timeout)
        data = self._receive(0)
        if data is not None:
            raise self._unasked(data) if data else self._lost()

    def send(self, *parts: bytes) -> None:
        """Send each part in a send of its own, with a pause between two."""
        self._start_clock(self._timeout)
        self._sending = True
        try:
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for number, part in enumerate(parts):
                if number:
                    self._wait(PAUSE_SECONDS)
                self._socket.settimeout(self._time_left())
                self._socket.sendall(part)
        except TimeoutError as error:
            raise self._too_slow() from error
        except OSError as error:
            check_not_framed(self._receive(0) or b"")  # that tells more than a broken pipe
            raise self._reset() from error
        self._sending = False

    def answer(self, *right: bytes, more: bool = False) -> bytes:
        """What the server answers: one of the `right` answers as soon as it is whole.

        If it is none of them, all that comes until GRACE_SECONDS of silence.
        `more`: another answer follows, and may come along with this one.
        """
        possible, checked = right, 0
        while True:
            fresh = bytes(self._unread[checked:])
            possible = tuple(one for one in possible if _goes_on(one, checked, fresh, more))
            checked += len(fresh)
            for one in possible:
                if len(one) <= checked:
                    return self._take(len(one))
            if checked > max(map(len, right)) + _LARGEST_EXCESS:
                return self._take(checked)
            data = self._receive(None if possible else GRACE_SECONDS)
            if not data and possible:
                raise self._lost(f", after {checked} bytes of its answer")
            if not data:
                return self._take(checked)
            self._unread += data

    def say_goodbye(self, *parts: bytes) -> None:
        """Send these and wait for the server to close, not for long: all is answered.

        Nothing can be said after a part of a message that was interrupted.
        """
        if self._sending:
            return
        self._timeout = min(self._timeout, CLOSING_SECONDS)
        try:
            self.send(*parts)
            while self._receive():
                pass
        except WirelabError:
            return

    def finish(self, seconds: float) -> bool:
        """Say that no more comes; whether the server then closes too, in that time.

        Raises NoServer if it resets the connection instead: it has not read
        all, or refuses it.
        """
        self._start_clock(seconds)
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError as error:
            raise self._reset() from error
        data = self._receive(seconds)
        if data:
            raise self._unasked(data)
        return data is not None

    def _take(self, size: int) -> bytes:
        """The first bytes of what was received."""
        taken = bytes(self._unread[:size])
        check_not_framed(taken)
        del self._unread[:size]
        return taken

    def _start_clock(self, seconds: float) -> None:
        self._deadline = monotonic() + seconds

    def _time_left(self) -> float:
        left = self._deadline - monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def _wait(self, seconds: float) -> bool:
        """Whether there is something to receive, or an end, within that time."""
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return bool(poll.poll(min(seconds * 1000, _LONGEST_WAIT)))

    def _receive(self, seconds: float | None = None) -> bytes | None:
        """What one recv gives, b"" if the server has closed.

        None after `seconds` of silence; without these it is TimedOut at the deadline.
        """
        try:
            left = self._time_left()
            if self._wait(left if seconds is None else min(seconds, left)):
                return self._socket.recv(_RECEIVE_SIZE)
            if seconds is None:
                raise TimeoutError
        except TimeoutError as error:
            raise self._too_slow() from error
        except OSError as error:
            raise self._reset() from error
        return None

    def _too_slow(self) -> TimedOut:
        return TimedOut(
            f"{self._where} did not {'take what was sent' if self._sending else 'answer'}"
            f" within {self._timeout:g} s",
            "try again, or with a longer --timeout",
        )

    def _lost(self, when: str = "") -> NoServer:
        return NoServer(
            f"{self._where} closed the connection early{when}", "see the server's own output"
        )

    def _reset(self) -> NoServer:
        return NoServer(
            f"{self._where} cut the connection: it refuses what was sent, or has stopped",
            "see the server's own output",
        )

    def _unasked(self, data: bytes) -> ProtocolError:
        check_not_framed(data)
        return ProtocolError(
            ErrorCode.UNEXPECTED,
            f"{self._where} said what it was not asked for: {shown(data)}",
            "check the address: another program may listen there",
        )


def shown(data: bytes) -> str:
    """Bytes as an error shows them."""
    rest = f"... {len(data)} bytes in all" if len(data) > _LONGEST_SHOWN else ""
    return f"{data[:_LONGEST_SHOWN]!r}{rest}"


def _goes_on(answer: bytes, at: int, fresh: bytes, more: bool) -> bool:
    """Whether an answer that was right up to `at` is still so with these bytes."""
    left = answer[at : at + len(fresh)]
    return fresh.startswith(left) and (more or len(left) == len(fresh))
