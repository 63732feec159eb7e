"""One blocking connection to a server: greeted when made, then frames in and out."""

from __future__ import annotations

import socket
from time import monotonic

from client.connecting import connect
from wire.errors import ErrorCode, NoServer, Refused, TimedOut, WirelabError
from wire.frames import Frame, FrameType, Hello, decode_error
from wire.session import Party, Session, State
from wire.stream import FrameReader

_RECEIVE_SIZE = 65536
_GOODBYE_SECONDS = 2.0

_LARGEST_ANSWER = 64 * 1024
"""Bytes of any body that the server sends but a word, whatever it announces."""
_LONGEST_CAPITALS = 3
"""A word in capitals may be this many times as long as it was."""


class Connection:
    """A connection that the server has greeted.

    `timeout` (seconds) bounds the greeting, and then each exchange of a request
    and its answers. Raises NoServer, TimedOut, Refused or ProtocolError.
    """

    def __init__(self, host: str, port: int, timeout: float) -> None:
        self._where = f"{host}:{port}"
        self._timeout = timeout
        self._reader = FrameReader(_LARGEST_ANSWER)
        self._session = Session()
        self._request_id = 0
        self._start_clock()
        self._socket = connect(host, port, timeout, "python -m server")
        try:
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.hello = Hello.decode(self._receive())
        except OSError as error:
            self._socket.close()
            raise self._lost() from error
        except BaseException:
            self._socket.close()
            raise

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def next_request_id(self) -> int:
        """A request id that this connection has not used."""
        self._request_id += 1
        return self._request_id

    def request(self, frame: Frame) -> None:
        """Send a request; its answers are read with `answer`."""
        self._start_clock()
        self._session.advance(Party.CLIENT, frame)
        if frame.type is FrameType.ECHO:
            self._reader.largest_body = _LARGEST_ANSWER + _LONGEST_CAPITALS * len(frame.body)
        try:
            self._send(frame)
        except NoServer:
            # A server that refuses early stops reading; its ERROR says more than our broken pipe.
            self._receive()
            raise

    def answer(self) -> Frame:
        """The next REPLY. An ERROR is raised as Refused."""
        frame = self._receive()
        if frame.type is FrameType.BYE:
            raise NoServer(f"the server at {self._where} stopped before it answered", _AGAIN)
        return frame

    def say_goodbye(self) -> None:
        """Send BYE and wait for the server's, not for long: all that was asked is answered."""
        if self._session.state is not State.OPEN:
            return
        self._deadline = monotonic() + min(self._timeout, _GOODBYE_SECONDS)
        goodbye = Frame(FrameType.BYE)
        self._session.advance(Party.CLIENT, goodbye)
        try:
            self._send(goodbye)
            while self._receive().type is not FrameType.BYE:
                pass
        except WirelabError:
            return

    def _start_clock(self) -> None:
        self._deadline = monotonic() + self._timeout

    def _time_left(self) -> float:
        left = self._deadline - monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def _send(self, frame: Frame) -> None:
        try:
            self._socket.settimeout(self._time_left())
            self._socket.sendall(frame.encode())
        except TimeoutError as error:
            raise self._too_slow() from error
        except OSError as error:
            raise self._lost() from error
        except KeyboardInterrupt:
            self._socket.close()  # after a part of a frame nothing else can be sent
            raise

    def _receive(self) -> Frame:
        while (frame := self._reader.next_frame()) is None:
            try:
                self._socket.settimeout(self._time_left())
                data = self._socket.recv(_RECEIVE_SIZE)
            except TimeoutError as error:
                raise self._too_slow() from error
            except OSError as error:
                raise self._lost() from error
            if not data:
                raise self._lost()
            self._reader.feed(data)
        self._session.advance(Party.SERVER, frame)
        if frame.type is FrameType.ERROR:
            code, text = decode_error(frame)
            raise Refused(code, f"the server refused: {text}", _HINTS.get(code, ""))
        return frame

    def _too_slow(self) -> TimedOut:
        greeting = self._session.state is State.GREETING
        return TimedOut(
            f"{self._where} {'did not greet' if greeting else 'did not answer'}"
            f" within {self._timeout:g} s",
            "is it a Wirelab server? one with a --dialect never greets"
            if greeting
            else "try again, or with a longer --timeout",
        )

    def _lost(self) -> NoServer:
        greeting = self._session.state is State.GREETING
        return NoServer(
            f"{self._where} closed the connection {'without a greeting' if greeting else 'early'}",
            "is it a Wirelab server?" if greeting else _AGAIN,
        )


_AGAIN = "send the message again; under the same --message-id it is kept once"

_HINTS = {
    ErrorCode.BAD_FRAME: "run the same release of Wirelab at both ends",
    ErrorCode.UNSUPPORTED_VERSION: "run the same release of Wirelab at both ends",
    ErrorCode.UNSUPPORTED_MODE: "choose another --mode",
    ErrorCode.TOO_LARGE: "send less, or raise the server's --largest-body",
    ErrorCode.UNDECIPHERABLE: "send it again; it was damaged or never encrypted",
    ErrorCode.UNEXPECTED: "docs/protocol.md has the order of frames",
    ErrorCode.TOO_SLOW: "send it over a faster line, or raise the server's limits",
    ErrorCode.BUSY: "try again later, or with --retries",
    ErrorCode.UNAVAILABLE: "see the server's own output, then try again, or with --retries",
}
