from __future__ import annotations

import asyncio
import socket
import threading
import types
from contextlib import suppress

import pytest

from capture import connection, ends
from capture.events import Closed, Data, Direction, Ended, Reset, Side
from capture.faults import StreamFaults
from tests.capture.support import (
    TO_CLIENT,
    TO_SERVER,
    Events,
    assert_refused,
    both_directions,
    fill,
    no_pause,
    only,
    receive_all,
    receive_until_reset,
    relaying,
    reset,
)

TEXT = b"sixteen bytes ok"


def opposite(direction: Direction) -> Direction:
    return TO_CLIENT if direction is TO_SERVER else TO_SERVER


def resets(events: Events) -> list[tuple[Direction, bool]]:
    """The resets of a connection that is over: which way, and whether the relay did it."""
    events.wait_for(Closed)
    return [(event.direction, event.by_relay) for event in events.of(Reset)]


class TestEndingInOrder:
    @both_directions
    def test_one_direction_then_the_other(self, direction: Direction) -> None:
        with relaying() as relay, relay.towards(direction) as (sender, receiver):
            sender.sendall(b"all I have")
            sender.shutdown(socket.SHUT_WR)
            assert receive_all(receiver) == b"all I have"
            receiver.sendall(b"a late answer")
            receiver.shutdown(socket.SHUT_WR)
            assert receive_all(sender) == b"a late answer"
            relay.events.wait_for(Closed)
            assert relay.events.kinds() == [
                "Opened",
                f"Data {direction.value}",
                f"Ended {direction.value}",
                f"Data {opposite(direction).value}",
                f"Ended {opposite(direction).value}",
                "Closed",
            ]
            assert not any(event.by_relay for event in relay.events.of(Ended))
            relay.events.assert_in_order()

    @both_directions
    def test_both_at_once(self, direction: Direction) -> None:
        with relaying() as relay:
            with relay.towards(direction) as (sender, receiver):
                sender.shutdown(socket.SHUT_WR)
                receiver.shutdown(socket.SHUT_WR)
                assert receive_all(sender) == receive_all(receiver) == b""
            relay.events.wait_for(Closed)
            assert {event.direction for event in relay.events.of(Ended)} == set(Direction)
            assert not relay.events.of(Reset)


class TestReset:
    @both_directions
    def test_reaches_the_other_end_after_the_bytes(self, direction: Direction) -> None:
        with relaying() as relay, relay.towards(direction) as (sender, receiver):
            sender.sendall(b"last words")
            reset(sender)
            assert receive_until_reset(receiver) == b"last words"
            assert resets(relay.events) == [(direction, False)]
            assert relay.events.kinds() == [
                "Opened",
                f"Data {direction.value}",
                f"Reset {direction.value}",
                "Closed",
            ]

    @both_directions
    def test_by_closing_with_bytes_unread(self, direction: Direction) -> None:
        with relaying() as relay, relay.towards(direction) as (sender, receiver):
            receiver.sendall(b"an answer that is not read")
            assert sender.recv(1, socket.MSG_PEEK) == b"a"
            sender.sendall(b"last words")
            sender.close()
            assert receive_until_reset(receiver) == b"last words"
            assert resets(relay.events) == [(direction, False)]

    @both_directions
    def test_of_a_direction_that_has_ended(self, direction: Direction) -> None:
        with relaying() as relay, relay.towards(direction) as (sender, receiver):
            sender.shutdown(socket.SHUT_WR)
            assert receiver.recv(1) == b""
            reset(sender)
            assert resets(relay.events) == [(direction, False)]
            with pytest.raises(BrokenPipeError):
                receiver.send(b"to no one")

    @both_directions
    def test_because_the_answer_finds_no_one(self, direction: Direction) -> None:
        with relaying() as relay, relay.towards(direction) as (sender, receiver):
            sender.close()
            assert receiver.recv(1) == b""
            receiver.sendall(b"to no one")
            assert resets(relay.events) == [(direction, False)]
            with pytest.raises(BrokenPipeError):
                receiver.send(b"to no one")

    @both_directions
    def test_while_the_other_end_does_not_read(self, direction: Direction) -> None:
        with relaying() as relay, relay.towards(direction) as (sender, receiver):
            fill(sender)
            reset(sender)
            assert resets(relay.events) == [(direction, False)]
            recorded = sum(map(len, relay.events.pieces(direction)))
            assert 0 < len(receive_until_reset(receiver)) <= recorded

    @both_directions
    def test_while_both_wait_for_the_other_to_read(self, direction: Direction) -> None:
        with relaying() as relay, relay.towards(direction) as (sender, receiver):
            fill(sender)
            fill(receiver)
            reset(sender)
            assert resets(relay.events) == [(direction, False)]
            with pytest.raises(ConnectionResetError):
                receiver.send(b"more")

    def test_of_both_ends_while_both_are_waited_for(self) -> None:
        async def forever(_: Side) -> None:
            await asyncio.Event().wait()

        faults = StreamFaults(split=1)
        with relaying(to_server=faults, to_client=faults, pause=forever) as relay:
            with relay.pair() as (client, served):
                for sender, receiver in ((client, served), (served, client)):
                    sender.sendall(b"held")
                    assert receiver.recv(4) == b"h"
                reset(client)
                reset(served)
            assert sorted(resets(relay.events), key=str) == [(TO_CLIENT, False), (TO_SERVER, False)]

    @both_directions
    def test_where_there_is_no_epoll(
        self, direction: Direction, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ends, "select", types.SimpleNamespace())
        with relaying() as relay, relay.towards(direction) as (sender, receiver):
            sender.sendall(b"last words")
            reset(sender)
            assert receive_until_reset(receiver) == b"last words"
            assert resets(relay.events) == [(direction, False)]

    @both_directions
    def test_where_there_is_no_epoll_the_next_answer_meets_it(
        self, direction: Direction, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ends, "select", types.SimpleNamespace())
        with relaying() as relay, relay.towards(direction) as (sender, receiver):
            sender.close()
            assert receiver.recv(1) == b""
            receiver.sendall(b"to no one")
            relay.events.wait_for(Data)
            receiver.sendall(b"to no one")
            assert resets(relay.events) == [(direction, False)]


class TestCut:
    @both_directions
    @pytest.mark.parametrize("size", [0, 1, 5, len(TEXT)])
    def test_both_ends_see_the_connection_closed_in_order(
        self, direction: Direction, size: int
    ) -> None:
        with relaying(**only(direction, StreamFaults(cut_after=size))) as relay:
            with relay.towards(direction) as (sender, receiver):
                sender.sendall(TEXT)
                assert receive_all(receiver) == TEXT[:size]
                assert receive_all(sender) == b""
                sender.sendall(b"more than is taken")
            relay.events.wait_for(Closed)
            assert b"".join(relay.events.pieces(direction)) == TEXT[:size]
            assert not relay.events.of(Reset)
            ended = relay.events.of(Ended)
            assert {event.direction for event in ended} == set(Direction)
            assert len(ended) == 2
            assert all(event.by_relay for event in ended)

    def test_a_direction_that_had_ended_does_so_once(self) -> None:
        with relaying(to_client=StreamFaults(cut_after=3)) as relay:
            with relay.pair() as (client, served):
                client.shutdown(socket.SHUT_WR)
                assert served.recv(1) == b""
                served.sendall(b"answer")
                assert receive_all(client) == b"ans"
            relay.events.wait_for(Closed)
            assert [(event.direction, event.by_relay) for event in relay.events.of(Ended)] == [
                (TO_SERVER, False),
                (TO_CLIENT, True),
            ]

    @pytest.mark.parametrize("busy", [False, True])
    def test_an_end_that_does_not_close_is_left(
        self, busy: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(connection, "LINGER_SECONDS", 0.1)
        with (
            relaying(to_server=StreamFaults(cut_after=1)) as relay,
            relay.pair() as (client, served),
        ):
            sender = threading.Thread(target=_send_until_it_breaks, args=[client])
            client.sendall(b"no")
            if busy:
                sender.start()
            assert receive_all(served) == b"n"
            relay.events.wait_for(Closed)
            if busy:
                sender.join()

    def test_a_reset_after_it_is_met(self) -> None:
        with relaying(to_server=StreamFaults(cut_after=1)) as relay:
            with relay.pair() as (client, served):
                client.sendall(b"no")
                assert receive_all(served) == b"n"
                reset(client)
                reset(served)
            relay.events.wait_for(Closed)


class TestResetByTheFaults:
    @both_directions
    @pytest.mark.parametrize("size", [1, 5, len(TEXT)])
    def test_both_ends_see_it_after_so_many_bytes(self, direction: Direction, size: int) -> None:
        with (
            relaying(**only(direction, StreamFaults(reset_after=size))) as relay,
            relay.towards(direction) as (sender, receiver),
        ):
            sender.sendall(TEXT)
            assert receive_until_reset(receiver) == TEXT[:size]
            assert receive_until_reset(sender) == b""
            assert set(resets(relay.events)) == {(TO_SERVER, True), (TO_CLIENT, True)}
            assert b"".join(relay.events.pieces(direction)) == TEXT[:size]

    @both_directions
    def test_after_none(self, direction: Direction) -> None:
        with relaying(**only(direction, StreamFaults(reset_after=0))) as relay:
            assert_refused(relay)
            with relay.served() as served:
                assert receive_until_reset(served) == b""
            assert set(resets(relay.events)) == {(TO_SERVER, True), (TO_CLIENT, True)}

    def test_the_bytes_before_it_can_be_read_first(self) -> None:
        sides: list[Side] = []

        async def note(side: Side) -> None:
            sides.append(side)

        with (
            relaying(to_server=StreamFaults(reset_after=4), pause=note) as relay,
            relay.pair() as (client, served),
        ):
            client.sendall(b"word")
            assert receive_until_reset(served) == b"word"
            assert sides == [relay.receiver_side(TO_SERVER)]

    def test_with_pieces_too(self) -> None:
        faults = StreamFaults(split=3, reset_after=7)
        with (
            relaying(to_server=faults, pause=no_pause) as relay,
            relay.pair() as (client, served),
        ):
            client.sendall(TEXT)
            assert receive_until_reset(served) == TEXT[:7]
            assert max(map(len, relay.events.pieces(TO_SERVER))) <= 3


def _send_until_it_breaks(client: socket.socket) -> None:
    with suppress(BrokenPipeError, ConnectionResetError):
        while True:
            client.sendall(bytes(1 << 16))
