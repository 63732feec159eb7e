"""The client's end of a lab's own wire from inside: interrupts, pauses, and time that is over."""

from __future__ import annotations

import socket
from contextlib import suppress

import pytest

from client import raw_connection, raw_cs330
from client.raw_connection import RawConnection
from client.raw_cs330 import run_menu
from tests.client import test_menu
from tests.client.support import Script, hangs_up, scripted_server, until_it_leaves
from tests.server.support import LOOPBACK, PATIENCE, Peer
from wire.errors import NoServer, TimedOut
from wire.frames import Mode


class Voice(test_menu.Voice):
    def unsuitable(self, why: str) -> None:
        self.shown.append(("unsuitable", why))


class Interrupted(socket.socket):
    """Ctrl-C comes when a part of what is sent is under way."""

    def sendall(self, *_: object) -> None:
        raise KeyboardInterrupt


def connect(port: int, timeout: float = PATIENCE) -> RawConnection:
    return RawConnection(LOOPBACK, port, timeout, "cs330")


def hears(said: bytearray) -> Script:
    """Notes all that the client says until it leaves, or says goodbye."""

    def script(peer: Peer) -> None:
        while not said.endswith(b"No data3") and (data := peer.socket.recv(1024)):
            said.extend(data)

    return script


def test_an_interrupt_quits_in_order_and_goes_on() -> None:
    said, voice = bytearray(), Voice(KeyboardInterrupt)
    with (
        scripted_server(hears(said)) as port,
        connect(port) as connection,
        pytest.raises(KeyboardInterrupt),
    ):
        run_menu(connection, voice)
    assert bytes(said) == b"No data3"
    assert voice.shown == [("established",), ("quitting",), ("ended",)]


def test_no_goodbye_follows_half_a_word() -> None:
    said, voice = bytearray(), Voice((Mode.OPEN, b"abcd"))
    with scripted_server(hears(said)) as port, connect(port) as connection:
        connection._socket = Interrupted(fileno=connection._socket.detach())
        with pytest.raises(KeyboardInterrupt):
            run_menu(connection, voice)
    assert said == b""
    assert voice.shown[-2:] == [("quitting",), ("ended",)]


def test_a_word_that_is_too_long_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_cs330, "LARGEST_BODY", 3)
    said, voice = bytearray(), Voice((Mode.OPEN, b"abcd"), None)
    with scripted_server(hears(said)) as port, connect(port) as connection:
        run_menu(connection, voice)
    assert voice.shown[1] == ("too long", 3)
    assert bytes(said) == b"No data3"


def test_two_sends_are_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_connection, "PAUSE_SECONDS", PATIENCE)
    heard = []

    def speak_in_between(peer: Peer) -> None:
        heard.append(peer.socket.recv(1024))
        peer.socket.sendall(b"!")  # that ends the pause
        heard.append(peer.socket.recv(1024))

    with scripted_server(speak_in_between) as port, connect(port) as connection:
        connection.send(b"abcd", b"1")
    assert heard == [b"abcd", b"1"]


def test_its_time_may_be_over_before_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(1000))
    with scripted_server(until_it_leaves) as port, connect(port, 0.5) as connection:
        monkeypatch.setattr(raw_connection, "monotonic", lambda: next(clock))
        with pytest.raises(TimedOut, match=r"did not take what was sent within 0\.5 s"):
            connection.send(b"abcd")


def test_where_packets_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    def drop(*_: object) -> None:
        raise TimeoutError("timed out")

    monkeypatch.setattr(socket, "create_connection", drop)
    with pytest.raises(TimedOut, match=r"127.0.0.1:12000 did not answer within 20 s") as fault:
        connect(12000)
    assert "firewall" in fault.value.hint


def test_a_server_that_was_there_before_the_question(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted_server(hangs_up) as port, connect(port) as connection:
        connection._wait(PATIENCE)
        with pytest.raises(NoServer, match="closed the connection early"):
            connection.check_silence()


def test_finishing_what_is_cut_off_already() -> None:
    with scripted_server(hangs_up) as port, connect(port) as connection:
        with suppress(NoServer):
            while True:
                connection.send(b"x")
        with pytest.raises(NoServer, match="cut the connection"):
            connection.finish(PATIENCE)
