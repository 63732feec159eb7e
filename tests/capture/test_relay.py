from __future__ import annotations

import asyncio
import errno
import socket
import threading
import time
from itertools import pairwise

import pytest

from capture.events import Closed, Data, Event, Opened, Refused, Reset, Side
from capture.faults import StreamFaults
from capture.relay import TcpRelay
from tests.capture.support import (
    TO_CLIENT,
    TO_SERVER,
    Events,
    assert_refused,
    connected_to,
    exchange_a_word,
    listen,
    looping,
    receive_all,
    receive_until_reset,
    relaying,
    reset,
)
from tests.server.support import LOOPBACK, PATIENCE
from wire.errors import NoServer


@pytest.mark.parametrize("host", [LOOPBACK, "::1"])
def test_opened_has_the_addresses_of_both_sides(host: str) -> None:
    with relaying(host=host) as relay, relay.pair() as (client, served):
        (opened,) = relay.events.wait_for(Opened)
        assert opened.client == Side(client.getpeername()[:2], client.getsockname()[:2])
        assert opened.server == Side(served.getpeername()[:2], served.getsockname()[:2])
        assert abs(opened.time_ns - time.time_ns()) < PATIENCE * 1_000_000_000


class TestRefused:
    def test_where_nothing_listens(self) -> None:
        with listen() as closed:
            address = closed.getsockname()
        with relaying(lambda: connected_to(address)) as relay:
            assert_refused(relay)
            (refused,) = relay.events.wait_for(Refused)
            assert refused.reason == "Connection refused"
            assert refused.client.relay == relay.address
            assert relay.events.kinds() == ["Refused"]

    @pytest.mark.parametrize("error", [NoServer("no server there"), TimeoutError("too slow")])
    def test_for_a_reason_that_the_caller_has(self, error: Exception) -> None:
        async def connect() -> socket.socket:
            raise error

        with relaying(connect) as relay:
            assert_refused(relay)
            assert relay.events.wait_for(Refused)[0].reason == str(error)

    def test_by_a_server_that_accepts_and_resets_at_once(self) -> None:
        async def connect() -> socket.socket:
            connected = await connected_to(server.getsockname())
            reset(server.accept()[0])
            return connected

        with listen() as server, relaying(connect) as relay:
            assert_refused(relay)
            relay.events.wait_for(Refused)

    def test_a_fault_of_the_callers_is_raised_at_the_end(self) -> None:
        async def connect() -> socket.socket:
            raise LookupError("a mistake")

        with pytest.raises(LookupError, match="a mistake"), relaying(connect) as relay:
            assert_refused(relay)


class TestManyConnections:
    def test_200_at_once_each_get_their_own_answer(self) -> None:
        with relaying() as relay:
            clients, served = [], []
            for number in range(200):
                clients.append(relay.client())
                served.append(relay.served())
                clients[-1].sendall(f"question {number}".encode())
            for answering in served:
                answering.sendall(answering.recv(100).replace(b"question", b"answer"))
                answering.shutdown(socket.SHUT_WR)
            for number, client in enumerate(clients):
                assert receive_all(client) == f"answer {number}".encode()
                client.close()
            for answering in served:
                assert receive_all(answering) == b""
                answering.close()
            relay.events.wait_for(Closed, 200)
            relay.events.assert_in_order()
            for number in range(1, 201):
                assert relay.events.kinds(number) == [
                    "Opened",
                    "Data to the server",
                    "Data to the client",
                    "Ended to the client",
                    "Ended to the server",
                    "Closed",
                ]
                (question,) = relay.events.pieces(TO_SERVER, number)
                (answer,) = relay.events.pieces(TO_CLIENT, number)
                assert question.split()[1] == answer.split()[1]

    def test_beyond_the_most_clients_wait_their_turn(self) -> None:
        with relaying(most=2) as relay:
            clients = [relay.client() for _ in range(4)]
            for number, client in enumerate(clients):
                client.sendall(b"%d" % number)
            for number, client in enumerate(clients):
                with relay.served() as served:
                    assert served.recv(9) == b"%d" % number
                client.close()
            relay.events.wait_for(Closed, 4)
            open_at = [
                sum(isinstance(e, Opened) - isinstance(e, Closed) for e in relay.events.seen[:n])
                for n in range(len(relay.events.seen))
            ]
            assert max(open_at) == 2

    @pytest.mark.parametrize("error", [errno.EMFILE, errno.ECONNABORTED])
    def test_a_client_that_can_not_be_accepted_now_is_later(self, error: int) -> None:
        class Failing(socket.socket):
            failed = threading.Event()

            def accept(self) -> tuple[socket.socket, tuple[str, int]]:
                if not self.failed.is_set():
                    self.failed.set()
                    raise OSError(error, "not now")
                return super().accept()

        with Failing() as listening:
            listening.bind((LOOPBACK, 0))
            listening.listen()
            with relaying(listening=listening) as relay, relay.pair() as (client, served):
                assert listening.failed.is_set()
                client.sendall(b"at last")
                assert served.recv(100) == b"at last"


class TestDrain:
    def test_waits_until_all_has_been_passed_on(self) -> None:
        with relaying(to_server=StreamFaults(delay=0.1)) as relay, relay.client() as client:
            client.sendall(b"held")
            client.shutdown(socket.SHUT_WR)
            with relay.served() as served:
                served.shutdown(socket.SHUT_WR)
                assert receive_all(client) == b""
                relay.loop.run(relay.relay.drain())
                assert relay.events.kinds()[-1] == "Closed"
                assert receive_all(served) == b"held"

    def test_of_a_client_that_is_not_accepted_yet(self) -> None:
        with looping() as loop, listen() as server, listen() as entrance:
            relay = _relay_between(entrance, server, events := Events())
            with socket.create_connection(entrance.getsockname()) as client:
                client.sendall(b"all")

            async def start_and_drain() -> None:
                await relay.start()
                await relay.drain()

            def serve() -> None:
                with server.accept()[0] as served:
                    assert receive_all(served) == b"all"

            thread = threading.Thread(target=serve)
            thread.start()
            loop.run(start_and_drain())
            thread.join()
            assert events.kinds()[-1] == "Closed"
            loop.run(relay.stop())

    def test_does_not_wait_where_nothing_is_under_way(self) -> None:
        with relaying() as relay:
            relay.loop.run(relay.relay.drain())
            exchange_a_word(relay)
            relay.events.wait_for(Closed)
            relay.loop.run(relay.relay.drain())


class TestStop:
    def test_resets_what_is_under_way(self) -> None:
        with (
            relaying(to_server=StreamFaults(join=60)) as relay,
            relay.towards(TO_SERVER) as (client, served),
        ):
            client.sendall(b"held for long")
            for _ in range(2):
                relay.loop.run(relay.relay.stop())
            assert receive_until_reset(client) == b""
            assert receive_until_reset(served) == b""
            assert relay.events.kinds() == [
                "Opened",
                "Reset to the server",
                "Reset to the client",
                "Closed",
            ]
            assert all(event.by_relay for event in relay.events.of(Reset))

    def test_while_a_server_is_slow_to_answer(self) -> None:
        connecting = threading.Event()

        async def connect() -> socket.socket:
            connecting.set()
            await asyncio.Event().wait()
            raise AssertionError

        with relaying(connect) as relay, relay.client() as client:
            assert connecting.wait(PATIENCE)
            relay.loop.run(relay.relay.stop())
            assert receive_until_reset(client) == b""
            assert relay.events.kinds() == ["Refused"]

    def test_while_a_client_waits_to_be_accepted(self) -> None:
        with looping() as loop, listen() as server, listen() as entrance:
            relay = _relay_between(entrance, server, events := Events())

            async def start_and_stop() -> None:
                await relay.start()
                await relay.stop()

            with socket.create_connection(entrance.getsockname()) as client:
                loop.run(start_and_stop())
                assert receive_until_reset(client) == b""
            assert events.seen == []

    def test_as_soon_as_a_client_is_accepted(self) -> None:
        with looping() as loop, listen() as server, listen() as entrance:
            relay = _relay_between(entrance, server, events := Events())

            async def stop_at_once() -> None:
                await relay.start()
                draining = asyncio.create_task(relay.drain())
                await asyncio.sleep(0)
                await relay.stop()
                await draining

            with socket.create_connection(entrance.getsockname()) as client:
                loop.run(stop_at_once())
                assert receive_until_reset(client) == b""
            assert events.seen == []


def test_what_on_event_raises_costs_no_byte_and_is_raised_at_the_end() -> None:
    def full(event: Event) -> None:
        raise OSError(f"disk full at {type(event).__name__}")

    with (
        pytest.raises(OSError, match="disk full at Opened"),
        relaying(on_event=full) as relay,
    ):
        exchange_a_word(relay)


def test_each_event_comes_in_its_order_while_much_is_under_way() -> None:
    with relaying() as relay:

        def talk() -> None:
            with relay.client() as client:
                for number in range(50):
                    client.sendall(b"%d" % number)
                    assert client.recv(10) == b"%d" % number

        def serve() -> None:
            with relay.served() as served:
                while data := served.recv(10):
                    served.sendall(data)

        threads = [threading.Thread(target=target) for target in (talk, serve) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        relay.events.wait_for(Closed, 8)
        relay.events.assert_in_order()
        for connection in range(1, 9):
            ways = [event.direction for event in relay.events.of(Data, connection)]
            assert ways == [TO_SERVER, TO_CLIENT] * 50
            assert all(a != b for a, b in pairwise(ways))


def _relay_between(entrance: socket.socket, server: socket.socket, events: Events) -> TcpRelay:
    return TcpRelay(entrance, lambda: connected_to(server.getsockname()), events)
