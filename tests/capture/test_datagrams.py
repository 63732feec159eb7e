from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from capture import datagrams
from capture.datagrams import UdpRelay
from capture.events import Datagram, DatagramLost, Direction, Event, Refused, Side
from capture.faults import DatagramFaults
from tests.capture.support import TO_CLIENT, TO_SERVER, Events, LoopThread, looping
from tests.server.support import LOOPBACK, PATIENCE


@dataclass
class Relaying:
    """A UDP relay at work, and its server's socket."""

    relay: UdpRelay
    loop: LoopThread
    events: Events
    address: Any
    server: socket.socket

    @contextmanager
    def client(self) -> Iterator[socket.socket]:
        with bound(self.server.getsockname()[0]) as client:
            client.connect(self.address)
            yield client

    def numbers(self, kind: type[Datagram | DatagramLost], way: Direction) -> list[int]:
        return [event.number for event in self.events.of(kind) if event.direction is way]

    def ping(self, client: socket.socket, *pings: bytes) -> None:
        """Send each, and have the server send back what comes of it."""
        for ping in pings:
            client.send(ping)
            data, address = self.server.recvfrom(65535)
            assert data == ping
            self.server.sendto(data.upper(), address)


@contextmanager
def relaying(
    make_socket: Callable[[], socket.socket] | None = None,
    *,
    on_event: Callable[[Event], None] | None = None,
    host: str = LOOPBACK,
    **options: Any,
) -> Iterator[Relaying]:
    """A relay between a free port of `host` and a bound socket, stopped when this ends."""
    events = Events()
    with looping() as loop, bound(host) as server:
        entrance = bound(host)

        def connect_to_server() -> socket.socket:
            return connected_to(server.getsockname())

        relay = UdpRelay(entrance, make_socket or connect_to_server, on_event or events, **options)
        loop.run(relay.start())
        try:
            yield Relaying(relay, loop, events, entrance.getsockname(), server)
        finally:
            loop.run(relay.stop())


def bound(host: str = LOOPBACK, port: int = 0) -> socket.socket:
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    made.bind((host, port))
    made.settimeout(PATIENCE)
    return made


def connected_to(address: Any) -> socket.socket:
    made = bound(address[0])
    made.connect(address)
    return made


@pytest.mark.parametrize("host", [LOOPBACK, "::1"])
def test_there_and_back_unchanged(host: str) -> None:
    texts = [b"ping", b"", bytes(60000)]
    with relaying(host=host) as relay, relay.client() as client:
        for text in texts:
            relay.ping(client, text)
            assert client.recv(65535) == text.upper()
        seen = relay.events.wait_for(Datagram, 6)
        assert [event.data for event in seen] == [b"ping", b"PING", b"", b"", texts[2], texts[2]]
        assert [event.direction for event in seen] == [TO_SERVER, TO_CLIENT] * 3
        assert [event.number for event in seen] == [1, 1, 2, 2, 3, 3]
        near = Side(client.getpeername()[:2], client.getsockname()[:2])
        assert {event.client for event in seen} == {near}
        assert {event.server.peer for event in seen} == {relay.server.getsockname()[:2]}
        assert {event.connection for event in seen} == {1}
        relay.events.assert_in_order()


def test_each_client_gets_its_own_answer() -> None:
    with relaying() as relay, relay.client() as one, relay.client() as two:
        one.send(b"1")
        _, first = relay.server.recvfrom(10)
        two.send(b"2")
        _, second = relay.server.recvfrom(10)
        assert first != second
        relay.server.sendto(b"to two", second)
        relay.server.sendto(b"to one", first)
        assert (one.recv(10), two.recv(10)) == (b"to one", b"to two")
        assert [event.connection for event in relay.events.wait_for(Datagram, 4)[:2]] == [1, 2]


def test_beyond_the_most_the_one_silent_for_longest_loses_its_socket() -> None:
    with (
        relaying(most=2) as relay,
        relay.client() as one,
        relay.client() as two,
        relay.client() as three,
    ):
        for client in (one, two, one, three, one, two):
            relay.ping(client, b"ping")
            assert client.recv(10) == b"PING"
        sent = [e for e in relay.events.wait_for(Datagram, 12) if e.direction is TO_SERVER]
        assert [event.connection for event in sent] == [1, 2, 1, 3, 1, 4]


class TestLoss:
    def test_by_number_in_each_direction(self) -> None:
        with (
            relaying(
                to_server=DatagramFaults(lose=frozenset({1, 3})),
                to_client=DatagramFaults(lose=frozenset({2})),
            ) as relay,
            relay.client() as client,
        ):
            client.send(b"lost")
            relay.ping(client, b"two")
            assert client.recv(10) == b"TWO"
            client.send(b"lost too")
            relay.ping(client, b"four", b"five")
            assert client.recv(10) == b"FIVE"
            relay.events.wait_for(Datagram, 5)
            assert relay.numbers(Datagram, TO_SERVER) == [2, 4, 5]
            assert relay.numbers(DatagramLost, TO_SERVER) == [1, 3]
            assert relay.numbers(Datagram, TO_CLIENT) == [1, 3]
            lost = relay.events.of(DatagramLost)
            assert [event.data for event in lost] == [b"lost", b"lost too", b"FOUR"]
            assert {event.reason for event in lost} == {"the faults had it lost"}

    def test_at_a_rate_the_same_in_every_run(self) -> None:
        def lost(seed: int) -> list[int]:
            faults = DatagramFaults(seed=seed, loss_rate=0.5)
            with relaying(to_server=faults) as relay, relay.client() as client:
                for _ in range(30):
                    client.send(b"ping")
                relay.events.wait_for_all(30)
                return relay.numbers(DatagramLost, TO_SERVER)

        assert lost(1) == lost(1) != lost(2)


class TestDelay:
    def test_holds_each_and_keeps_their_order(self) -> None:
        with relaying(to_server=DatagramFaults(delay=0.1)) as relay, relay.client() as client:
            started = time.monotonic()
            sent = [b"%d" % number for number in range(100)]
            for text in sent:
                client.send(text)
            assert [relay.server.recv(10) for _ in sent] == sent
            assert 0.1 <= time.monotonic() - started < 5

    def test_of_too_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(datagrams, "MOST_HELD", 2)
        with relaying(to_server=DatagramFaults(delay=0.5)) as relay, relay.client() as client:
            for number in range(3):
                client.send(b"%d" % number)
            assert relay.events.wait_for(DatagramLost)[0].reason == "too many are delayed"
            assert [relay.server.recv(10) for _ in range(2)] == [b"0", b"1"]

    def test_what_is_held_when_the_relay_stops_is_lost(self) -> None:
        faults = DatagramFaults(delay=60, lose=frozenset({3}))
        with relaying(to_server=faults) as relay:
            with relay.client() as client:
                for text in (b"held", b"", b"the third"):
                    client.send(text)
            relay.events.wait_for(DatagramLost)
            for _ in range(2):
                relay.loop.run(relay.relay.stop())
        assert [(e.data, e.reason) for e in relay.events.of(DatagramLost)[1:]] == [
            (b"held", "the relay was stopped"),
            (b"", "the relay was stopped"),
        ]

    def test_longer_than_its_client_is_known(self) -> None:
        with (
            relaying(to_server=DatagramFaults(delay=0.5), most=1) as relay,
            relay.client() as one,
            relay.client() as two,
        ):
            one.send(b"forgotten")
            two.send(b"last")
            assert relay.server.recv(10) == b"last"
            (lost,) = relay.events.wait_for(DatagramLost)
            assert (lost.data, lost.reason) == (b"forgotten", "Bad file descriptor")


class TestRefused:
    def test_where_no_server_is(self) -> None:
        with bound() as closed:
            address = closed.getsockname()
        with (
            relaying(lambda: connected_to(address)) as relay,
            relay.client() as client,
        ):
            client.send(b"to no one")
            (refused,) = relay.events.wait_for(Refused)
            assert refused.reason == "Connection refused"
            assert refused.client.peer == client.getsockname()

    def test_the_datagram_after_it_is_sent(self) -> None:
        """The kernel tells of a refusal at the next use of the socket, and then sends nothing."""
        servers = []

        def refused_once() -> socket.socket:
            with bound() as closed:
                address = closed.getsockname()
            made = connected_to(address)
            made.send(b"to no one")
            servers.append(bound(*address))
            return made

        with relaying(refused_once) as relay, relay.client() as client:
            client.send(b"to someone")
            relay.events.wait_for(Datagram)
            with servers[0] as server:
                assert server.recv(100) == b"to someone"
            assert [type(event) for event in relay.events.seen] == [Refused, Datagram]

    def test_where_no_socket_can_be_made(self) -> None:
        def make_socket() -> socket.socket:
            raise OSError(24, "Too many open files")

        with relaying(make_socket) as relay, relay.client() as client:
            client.send(b"ping")
            client.send(b"ping")
            reasons = [event.reason for event in relay.events.wait_for(Refused, 2)]
            assert reasons == ["Too many open files"] * 2


def test_what_on_event_raises_costs_no_datagram_and_is_raised_at_the_end() -> None:
    def full(event: Event) -> None:
        raise OSError("disk full")

    with (
        pytest.raises(OSError, match="disk full"),
        relaying(on_event=full) as relay,
        relay.client() as client,
    ):
        relay.ping(client, b"ping")
