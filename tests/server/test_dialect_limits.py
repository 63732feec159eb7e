"""The server of a lab's own wire from inside: how many, how long, and what a client can't delay."""

from __future__ import annotations

import resource
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from server import raw_client, raw_cs330, raw_server
from server.binding import bind
from server.conversation import OnEvent
from server.raw_client import RawClient
from server.raw_cs330 import WordConversation
from server.raw_server import RawServer
from tests.server.support import LOOPBACK, PATIENCE, Events
from wire import events
from wire.errors import ErrorCode, TimedOut
from wire.frames import LARGEST_BODY

Converse = Callable[[RawClient, OnEvent], bool]


@contextmanager
def serving(converse: Converse, most: int | None = None) -> Iterator[tuple[events.Address, Events]]:
    """A RawServer in a thread; stopped when this ends, if it still runs."""
    heard = Events()
    listener = bind(LOOPBACK, 0)
    address: events.Address = listener.getsockname()[:2]

    def serve() -> None:
        with server:
            server.serve(converse)

    server = RawServer(listener, heard)
    server._most = most or server._most
    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield address, heard
    finally:
        server.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()
        server.stop()  # too late, and no fault


def until_it_leaves(client: RawClient, on_event: OnEvent) -> bool:
    while client.receive(PATIENCE, begun=False):
        pass
    return True


@pytest.fixture
def pair() -> Iterator[tuple[RawClient, socket.socket, socket.socket]]:
    """A server's view of a client, the client's end, and what is closed to stop the server."""
    stopped, going = socket.socketpair()
    with bind(LOOPBACK, 0) as listener, stopped, going:
        theirs = socket.create_connection(listener.getsockname(), timeout=PATIENCE)
        ours, address = listener.accept()
        with ours, theirs:
            yield RawClient(ours, address, stopped), theirs, going


def test_whoever_comes_when_it_is_full_waits_until_another_leaves() -> None:
    with serving(until_it_leaves, most=1) as (address, heard):
        first = socket.create_connection(address)
        heard.wait_for(events.ClientConnected)
        with socket.create_connection(address):
            assert len(heard.of(events.ClientConnected)) == 1
            first.close()
            heard.wait_for(events.ClientConnected, 2)
            assert len(heard.of(events.ClientLeft)) == 1


def test_a_client_that_gets_no_thread_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    start = threading.Thread.start

    def refuse(thread: threading.Thread) -> None:
        if "_serve" in thread.name:
            raise RuntimeError("can't start new thread")
        start(thread)

    with serving(until_it_leaves) as (address, heard):
        monkeypatch.setattr(threading.Thread, "start", refuse)
        with suppress(ConnectionResetError), socket.create_connection(address):
            heard.wait_for(events.RequestRefused)
        (refused,) = heard.of(events.RequestRefused)
        assert (refused.code, refused.reason) == (ErrorCode.BUSY, "can't start new thread")
        monkeypatch.undo()
        socket.create_connection(address).close()
        heard.wait_for(events.ClientLeft)


def test_a_client_that_stays_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_server, "STOP_SECONDS", 0.1)

    def ignore_the_stop(client: RawClient, _: OnEvent) -> bool:
        return bool(client._socket.recv(1))

    with serving(ignore_the_stop) as (address, heard), socket.create_connection(address):
        heard.wait_for(events.ClientConnected)
    assert [left.goodbye for left in heard.of(events.ClientLeft)] == [False]


def test_a_word_that_is_never_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_cs330, "UNFINISHED_SECONDS", 0.1)
    with (
        serving(WordConversation(LARGEST_BODY, PATIENCE)) as (address, heard),
        socket.create_connection(address) as client,
    ):
        client.sendall(b"abcd2")
        heard.wait_for(events.RequestRefused)
    (refused,) = heard.of(events.RequestRefused)
    assert refused.code is ErrorCode.TOO_SLOW
    assert refused.reason == "5 bytes that are no word with its option's digit"


def test_a_word_that_may_be_whole_is_answered_though_the_server_stops() -> None:
    with serving(WordConversation(LARGEST_BODY, PATIENCE)) as (address, heard):
        client = socket.create_connection(address, timeout=PATIENCE)
        client.sendall(b"word1")
        heard.wait_for(events.ClientConnected)
    with client:
        assert client.recv(100) == b"WORD"


def test_two_sends_are_two(
    pair: tuple[RawClient, socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raw_client, "PAUSE_SECONDS", PATIENCE)
    client, theirs, going = pair
    sender = threading.Thread(target=client.send, args=[PATIENCE, b"first", b"second"])
    sender.start()
    assert theirs.recv(1024) == b"first"
    theirs.setblocking(False)
    with pytest.raises(BlockingIOError):
        theirs.recv(1024)
    theirs.settimeout(PATIENCE)
    going.close()  # a server that stops does not pause
    assert theirs.recv(1024) == b"second"
    sender.join()


def test_an_answer_that_is_not_read(
    pair: tuple[RawClient, socket.socket, socket.socket],
) -> None:
    client, _, _ = pair
    with pytest.raises(TimedOut, match="an answer was not read in time"):
        client.send(0.1, b"x" * 30_000_000)


def test_a_client_that_is_gone_can_be_cut_off(
    pair: tuple[RawClient, socket.socket, socket.socket],
) -> None:
    client, theirs, _ = pair
    client.reset()
    client.cut()
    with pytest.raises(ConnectionResetError):
        theirs.recv(1)


@pytest.mark.parametrize(
    ("files", "most"),
    [
        (-1, raw_server.MOST_CLIENTS),
        (100_000, raw_server.MOST_CLIENTS),
        (100, 100 - raw_server._OTHER_FILES),
        (10, 1),
    ],
)
def test_no_more_clients_than_files(monkeypatch: pytest.MonkeyPatch, files: int, most: int) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (files, files))
    assert raw_server._most_clients() == most
