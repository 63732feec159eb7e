from __future__ import annotations

import asyncio
import logging
import socket
import struct
import threading
import time
from pathlib import Path

import pytest

from server import listener
from server.limits import Limits
from server.listener import Server, ServerThread
from server.message_store import MessageStore
from tests.server.support import (
    BYE,
    LOOPBACK,
    PATIENCE,
    Events,
    RawClient,
    echo,
    serving,
    store,
)
from wire import events
from wire.ciphers import cipher_for
from wire.errors import ErrorCode, LabFailed
from wire.frames import FrameType, Mode

LARGE = 300 * 1024


class TestStarting:
    def test_gives_the_address_that_was_bound(self, tmp_path: Path) -> None:
        with serving(tmp_path) as server:
            host, port = server.address
            assert host == LOOPBACK
            assert port > 0
            server.connect().socket.close()

    def test_on_ipv6(self, tmp_path: Path) -> None:
        with serving(tmp_path, host="::1") as server, server.connect() as client:
            client.send(store(1))
            assert client.receive_receipt()[0] == 1
            assert server.events.of(events.ClientConnected)[0].client == (
                "::1",
                client.socket.getsockname()[1],
            )

    @pytest.mark.parametrize(
        ("host", "reason", "hint"),
        [
            (LOOPBACK, "Address already in use", "choose another --port"),
            ("192.0.2.1", "Cannot assign requested address", "name an address of this machine"),
            ("no-such-host.invalid", "", "name an address of this machine"),
            ("b\xfccher..invalid", "", "name an address of this machine"),
        ],
    )
    def test_where_it_can_not(self, tmp_path: Path, host: str, reason: str, hint: str) -> None:
        with socket.create_server((LOOPBACK, 0)) as taken:
            port = taken.getsockname()[1]
            thread = ServerThread(tmp_path, Events(), host=host, port=port, limits=Limits())
            with pytest.raises(LabFailed, match=f"can't listen on {host}:{port}: ") as fault:
                thread.start()
            assert reason in str(fault.value)
            assert hint in fault.value.hint

    def test_in_a_folder_that_another_has(self, tmp_path: Path) -> None:
        with serving(tmp_path):
            thread = ServerThread(tmp_path, Events(), host=LOOPBACK, port=0, limits=Limits())
            with pytest.raises(LabFailed, match="locked"):
                thread.start()

    def test_without_an_event_loop(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def no_loop() -> None:
            raise OSError("no files left")

        monkeypatch.setattr(asyncio, "new_event_loop", no_loop)
        monkeypatch.setattr(asyncio.events, "new_event_loop", no_loop)
        thread = ServerThread(tmp_path, Events(), host=LOOPBACK, port=0, limits=Limits())
        with pytest.raises(OSError, match="no files left"):
            thread.start()


class TestTooManyConnections:
    @pytest.mark.parametrize(
        "limits", [Limits(connections=2), Limits(connections_per_address=2)], ids=["all", "address"]
    )
    @pytest.mark.parametrize("eager", [False, True])
    def test_are_told_so_while_others_are_served(
        self, tmp_path: Path, limits: Limits, eager: bool
    ) -> None:
        with serving(tmp_path, limits) as server:
            with server.connect() as one, server.connect() as two:
                with RawClient(server.address) as third:
                    if eager:
                        third.send(store(1, b"x" * 1000), BYE)
                    assert third.receive_error() == (0, ErrorCode.BUSY, "too many connections")
                    third.assert_ended()
                for client in (one, two):
                    client.send(echo(1), BYE)
                    assert client.receive().body == b"HELLO"
                    assert client.receive() == BYE
                    client.assert_ended()
            server.events.wait_for(events.ClientLeft, 2)
            with server.connect() as client:
                client.send(echo(1))
                assert client.receive().body == b"HELLO"
            assert [event.code for event in server.events.of(events.RequestRefused)] == [
                ErrorCode.BUSY
            ]

    def test_of_one_address_leave_room_for_another(self, tmp_path: Path) -> None:
        with serving(tmp_path, Limits(connections_per_address=1), host="0.0.0.0") as server:
            port = server.address[1]
            with RawClient((LOOPBACK, port)) as one, RawClient(("127.0.0.1", port)) as refused:
                assert one.receive().type is FrameType.HELLO
                assert refused.receive_error()[1] is ErrorCode.BUSY
                with socket.create_connection(
                    (LOOPBACK, port), timeout=PATIENCE, source_address=("127.0.0.2", 0)
                ) as other:
                    assert other.recv(4) == b"WLAB"


class TestManyAtOnce:
    def test_each_gets_its_own_receipts(self, tmp_path: Path) -> None:
        faults: list[BaseException] = []

        def talk(first: int) -> None:
            try:
                with server.connect() as client:
                    client.send(*(store(first + number) for number in range(20)), BYE)
                    got = {client.receive_receipt()[0] for _ in range(20)}
                    assert got == set(range(first, first + 20))
                    assert client.receive() == BYE
            except BaseException as fault:
                faults.append(fault)

        with serving(tmp_path) as server:
            clients = [threading.Thread(target=talk, args=(1 + 20 * n,)) for n in range(30)]
            for client in clients:
                client.start()
            for client in clients:
                client.join()
            assert not faults
            assert len(server.events.of(events.MessageStored)) == 600
        assert len(list(tmp_path.glob("server_message*.txt"))) == 600


class TestStopping:
    def test_says_bye_to_everyone(self, tmp_path: Path) -> None:
        with serving(tmp_path) as server:
            clients = [server.connect() for _ in range(5)]
        for client in clients:
            with client:
                assert client.receive() == BYE
                client.assert_ended()
        assert len(server.events.of(events.ClientLeft)) == 5

    def test_does_not_wait_for_idle_clients(self, tmp_path: Path) -> None:
        with serving(tmp_path) as server, server.connect():
            began = time.monotonic()
            server.thread.stop()
            assert time.monotonic() - began < 0.9

    def test_answers_what_was_asked(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        writing, go_on = threading.Event(), threading.Event()
        commit = MessageStore.commit

        def slow(self: MessageStore) -> None:
            writing.set()
            assert go_on.wait(PATIENCE)
            commit(self)

        monkeypatch.setattr(MessageStore, "commit", slow)
        with serving(tmp_path, Limits(pipelined=2)) as server, server.connect() as client:
            client.send(store(1), BYE)
            assert writing.wait(PATIENCE)
            with server.connect() as other:
                other.send(*(store(number) for number in range(10, 20)))
                stopping = threading.Thread(target=server.thread.stop)
                stopping.start()
                go_on.set()
                while (frame := other.receive()) != BYE:
                    assert frame.type is FrameType.REPLY
                other.assert_ended()
            assert client.receive_receipt()[0] == 1
            assert client.receive() == BYE
            client.assert_ended()
            client.socket.close()
            stopping.join()
        assert [event.goodbye for event in server.events.of(events.ClientLeft)].count(True) == 1

    def test_refuses_what_is_being_decrypted(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(listener, "_STOP_SECONDS", 10 * PATIENCE)
        started, go_on = threading.Event(), threading.Event()

        def slow(flags: int, payload: bytes) -> bytes:
            started.set()
            assert go_on.wait(PATIENCE)
            return payload

        monkeypatch.setattr(cipher_for(Mode.OPEN), "unseal", slow)
        with serving(tmp_path) as server, server.connect() as client:
            client.send(store(7, b"x" * LARGE))
            assert started.wait(PATIENCE)
            stopping = threading.Thread(target=server.thread.stop)
            stopping.start()
            request_id, code, reason = client.receive_error()
            assert (request_id, code) == (7, ErrorCode.UNAVAILABLE)
            assert reason == "the server is being stopped"
            assert client.receive() == BYE
            go_on.set()
            client.socket.close()
            stopping.join()

    def test_lets_a_refused_client_read_why(self, tmp_path: Path) -> None:
        with serving(tmp_path) as server, server.connect() as client:
            client.send(b"nonsense" * 10_000)
            server.events.wait_for(events.RequestRefused)
            stopping = threading.Thread(target=server.thread.stop)
            stopping.start()
            assert client.receive_error()[1] is ErrorCode.BAD_FRAME
            client.assert_ended()
            client.socket.close()
            stopping.join()

    def test_cuts_off_who_does_not_read(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(listener, "_STOP_SECONDS", 0.1)
        with serving(tmp_path) as server, server.connect() as client:
            client.socket.setblocking(False)
            requests = b"".join(echo(n, b"x" * 100_000).encode() for n in range(1, 200))
            sent = 0
            while sent < len(requests):
                try:
                    sent += client.socket.send(requests[sent:])
                except BlockingIOError:
                    break
            server.events.wait_for(events.WordReceived, 3)
            server.thread.stop()
            assert len(server.events.of(events.ClientLeft)) == 1

    def test_cuts_off_whose_message_takes_too_long(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(listener, "_STOP_SECONDS", 0.1)
        writing, go_on = threading.Event(), threading.Event()
        commit = MessageStore.commit

        def slow(self: MessageStore) -> None:
            writing.set()
            assert go_on.wait(PATIENCE)
            commit(self)

        monkeypatch.setattr(MessageStore, "commit", slow)
        with serving(tmp_path) as server, server.connect() as client:
            client.send(store(1))
            assert writing.wait(PATIENCE)
            stopping = threading.Thread(target=server.thread.stop)
            stopping.start()
            server.events.wait_for(events.ClientLeft)
            client.assert_ended()
            go_on.set()
            stopping.join()
        assert server.log(0)

    def test_twice_is_no_fault(self, tmp_path: Path) -> None:
        with serving(tmp_path) as server:
            server.thread.stop()

    def test_refuses_who_comes_then(self, tmp_path: Path) -> None:
        async def come_late() -> None:
            server = Server(tmp_path, Limits(), Events())
            address = await server.start(LOOPBACK, 0)
            server._stopping = True
            reader, writer = await asyncio.open_connection(*address)
            assert await reader.read() == b""
            writer.close()
            await server.stop()

        asyncio.run(come_late())


class TestAListenerThatRaises:
    def test_costs_no_client_its_answer(self, tmp_path: Path) -> None:
        def act(event: events.Event) -> None:
            raise ValueError(type(event).__name__)

        heard = Events(act)
        thread = ServerThread(tmp_path, heard, host=LOOPBACK, port=0, limits=Limits())
        with RawClient(thread.start()) as client:
            client.receive()
            client.send(store(1), echo(2), BYE)
            assert {client.receive().request_id for _ in range(2)} == {1, 2}
            assert client.receive() == BYE
        with pytest.raises(ValueError, match="ClientConnected"):
            thread.stop()


def test_a_client_that_left_before_it_was_accepted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    busy, go_on = threading.Event(), threading.Event()

    def act(event: events.Event) -> None:
        if isinstance(event, events.WordReceived):
            busy.set()
            assert go_on.wait(PATIENCE)

    with (
        caplog.at_level(logging.WARNING),
        serving(tmp_path, act=act) as server,
        server.connect() as client,
    ):
        client.send(echo(1))
        assert busy.wait(PATIENCE)
        gone = socket.create_connection(server.address)
        gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        gone.close()
        go_on.set()
        client.receive()
        with server.connect() as other:
            other.send(BYE)
            assert other.receive() == BYE
    assert not caplog.records
