"""A server in this process, clients made of a bare socket, and a check for leaks."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TypeVar

import pytest

from server.limits import Limits
from server.listener import ServerThread
from wire import events
from wire.ciphers import cipher_for
from wire.errors import ErrorCode
from wire.frames import Frame, FrameType, Mode, Receipt, decode_error, store_frame
from wire.stream import FrameReader

PATIENCE = 20.0
"""Seconds after which a test gives up on what should have come at once."""

LOOPBACK = "127.0.0.1"
Kind = TypeVar("Kind")


@dataclass
class Events:
    """What a server reported, in order; `act`, if any, sees each event in the server's thread."""

    act: Callable[[events.Event], None] | None = None
    seen: list[events.Event] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def __call__(self, event: events.Event) -> None:
        with self._changed:
            self.seen.append(event)
            self._changed.notify_all()
        if self.act is not None:
            self.act(event)

    def of(self, kind: type[Kind]) -> list[Kind]:
        return [event for event in self.seen if isinstance(event, kind)]

    def wait_for(self, kind: type[Kind], count: int = 1) -> list[Kind]:
        """The events of a kind, once there are `count`."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.of(kind)) >= count, PATIENCE), (
                f"{count} {kind.__name__} did not come: {self.seen}"
            )
            return self.of(kind)


@dataclass
class Serving:
    """A running ServerThread."""

    thread: ServerThread
    address: events.Address
    events: Events
    logs: Path

    def connect(self) -> RawClient:
        """A client that has read the HELLO."""
        client = RawClient(self.address)
        assert client.receive().type is FrameType.HELLO
        return client

    def log(self, number: int) -> bytes:
        return (self.logs / f"server_message{number}.txt").read_bytes()


@contextmanager
def serving(
    logs: Path,
    limits: Limits | None = None,
    act: Callable[[events.Event], None] | None = None,
    host: str = LOOPBACK,
) -> Iterator[Serving]:
    """A server on a free port of `host`, stopped when this ends."""
    heard = Events(act)
    thread = ServerThread(logs, heard, host=host, port=0, limits=limits or Limits())
    running = Serving(thread, thread.start(), heard, logs)
    try:
        yield running
    finally:
        thread.stop()


class Peer:
    """A connected socket that sends bytes or frames, and reads frames."""

    def __init__(self, connected: socket.socket) -> None:
        self.socket = connected
        self.socket.settimeout(PATIENCE)
        self._reader = FrameReader()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, *parts: bytes | Frame) -> None:
        encoded = [part.encode() if isinstance(part, Frame) else part for part in parts]
        self.socket.sendall(b"".join(encoded))

    def receive(self) -> Frame:
        while (frame := self._reader.next_frame()) is None:
            data = self.socket.recv(65536)
            assert data, "the connection ended before a frame"
            self._reader.feed(data)
        return frame

    def receive_error(self) -> tuple[int, ErrorCode, str]:
        """An ERROR's request id, code and text."""
        frame = self.receive()
        assert frame.type is FrameType.ERROR, frame
        return (frame.request_id, *decode_error(frame))

    def receive_receipt(self) -> tuple[int, Receipt]:
        frame = self.receive()
        assert frame.type is FrameType.REPLY, frame
        return frame.request_id, Receipt.decode(frame)

    def assert_ended(self) -> None:
        """The server has closed in order: no frame more, and no reset."""
        assert self._reader.next_frame() is None
        assert self.socket.recv(1) == b""
        assert not self._reader.pending


class RawClient(Peer):
    """A client that says what it is told to."""

    def __init__(self, address: events.Address) -> None:
        super().__init__(socket.create_connection(address, timeout=PATIENCE))


def message_id(number: int) -> bytes:
    return number.to_bytes(16, "big")


def store(request_id: int, text: bytes = b"hello", mode: Mode = Mode.OPEN) -> Frame:
    """A STORE whose message id is its request id."""
    cipher = cipher_for(mode)
    flags, payload = cipher.seal(text, cipher.derive_key("a password"))
    return store_frame(mode, flags, message_id(request_id), payload, request_id)


def echo(request_id: int, word: bytes = b"hello", mode: Mode = Mode.OPEN) -> Frame:
    cipher = cipher_for(mode)
    flags, payload = cipher.seal(word, cipher.derive_key(""))
    return Frame(FrameType.ECHO, mode=mode, flags=flags, request_id=request_id, body=payload)


BYE = Frame(FrameType.BYE)


@contextmanager
def nothing_left() -> Iterator[None]:
    """Fail if what runs inside leaves a thread, a child process or an open file behind."""
    threads, files = set(threading.enumerate()), _open_files()
    yield
    assert set(threading.enumerate()) <= threads
    with suppress(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
        pytest.fail("a child process is left")
    assert _open_files() <= files


def _open_files() -> set[Path]:
    return set(Path("/dev/fd").iterdir())
