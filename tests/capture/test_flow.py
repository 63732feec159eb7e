from __future__ import annotations

import asyncio
import hashlib
import threading
import time
import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from socket import SHUT_WR, socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture.events import Data, Direction, Event, Side
from capture.faults import StreamFaults
from capture.flow import LARGEST_HELD
from capture.relay import NO_FAULTS
from tests.capture.support import (
    TO_CLIENT,
    TO_SERVER,
    both_directions,
    exchange_a_word,
    fill,
    no_pause,
    only,
    receive_all,
    relaying,
    reset,
)

MIB = 1024 * 1024
TEXT = bytes(range(256)) * 2

chunks = st.lists(st.binary(min_size=1, max_size=3000), max_size=5)
stream_faults = st.builds(
    StreamFaults,
    seed=st.integers(),
    join=st.sampled_from([0, 0.005]),
    delay=st.sampled_from([0, 0.002]),
    split=st.sampled_from([0, 0, 1, 7, 1000]),
)


@given(chunks, chunks, stream_faults, stream_faults)
@settings(max_examples=40, deadline=None)
def test_bytes_arrive_unchanged_and_are_recorded(
    questions: list[bytes], answers: list[bytes], to_server: StreamFaults, to_client: StreamFaults
) -> None:
    with relaying(to_server=to_server, to_client=to_client, pause=no_pause) as relay:
        with relay.pair() as (client, served):
            for chunk in questions:
                client.sendall(chunk)
            client.shutdown(SHUT_WR)
            assert receive_all(served) == b"".join(questions)
            for chunk in answers:
                served.sendall(chunk)
            served.shutdown(SHUT_WR)
            assert receive_all(client) == b"".join(answers)
        relay.loop.run(relay.relay.drain())
        ends = ["Ended to the server", "Data to the client", "Ended to the client", "Closed"]
        kinds = ["Opened", "Data to the server", *ends]
        absent = {"Data to the server"} if not questions else set()
        absent |= {"Data to the client"} if not answers else set()
        assert relay.events.kinds() == [kind for kind in kinds if kind not in absent]
        assert b"".join(relay.events.pieces(TO_SERVER)) == b"".join(questions)
        assert b"".join(relay.events.pieces(TO_CLIENT)) == b"".join(answers)
        relay.events.assert_in_order()
        for faults, direction in ((to_server, TO_SERVER), (to_client, TO_CLIENT)):
            if faults.split:
                assert all(len(p) <= faults.split for p in relay.events.pieces(direction))


class TestSplitting:
    @both_directions
    def test_one_piece_is_read_before_the_next_comes(self, direction: Direction) -> None:
        """Where `pause` waits until the receiver has read, one recv gives one piece."""
        sides: list[Side] = []
        was_read = threading.Semaphore(0)

        async def until_read(side: Side) -> None:
            sides.append(side)
            await asyncio.to_thread(was_read.acquire)

        faults = StreamFaults(seed=3, split=100)
        plan = list(faults.splitter(1, direction)(TEXT))
        with (
            relaying(**only(direction, faults), pause=until_read) as relay,
            relay.towards(direction) as (sender, receiver),
        ):
            sender.sendall(TEXT)
            received = []
            for _ in plan:
                received.append(receiver.recv(65536))
                was_read.release()
            receiver.settimeout(0)
            assert received == plan
            relay.events.wait_for(Data, len(plan))
            assert relay.events.pieces(direction) == plan
            kernel = Side(relay=receiver.getpeername(), peer=receiver.getsockname())
            assert sides == [kernel] * (len(plan) - 1)
            assert relay.receiver_side(direction) == kernel

    def test_a_seed_gives_the_same_pieces_in_every_run(self) -> None:
        def pieces(seed: int) -> list[bytes]:
            with (
                relaying(to_server=StreamFaults(seed=seed, split=50)) as relay,
                relay.pair() as (client, served),
            ):
                client.sendall(TEXT)
                client.shutdown(SHUT_WR)
                assert receive_all(served) == TEXT
                return relay.events.pieces(TO_SERVER)

        assert pieces(1) == pieces(1) != pieces(2)

    def test_the_default_pause_lets_a_receiver_read_piece_by_piece(self) -> None:
        faults = StreamFaults(split=1)
        with relaying(to_server=faults) as relay, relay.pair() as (client, served):
            client.sendall(b"four")
            client.shutdown(SHUT_WR)
            assert receive_all(served) == b"four"
            times = [event.time_ns for event in relay.events.of(Data)]
            assert all(b - a >= 2_000_000 for a, b in pairwise(times))


class TestJoining:
    def test_what_comes_in_two_goes_on_as_one_once_it_is_quiet(self) -> None:
        faults = StreamFaults(join=0.3)
        with relaying(to_server=faults) as relay, relay.pair() as (client, served):
            client.sendall(b"abcd")
            client.sendall(b"1")
            started = time.monotonic()
            assert served.recv(65536) == b"abcd1"
            assert time.monotonic() - started >= 0.25
            served.sendall(b"ABCD")
            assert client.recv(65536) == b"ABCD"
            client.sendall(b"next")
            assert served.recv(65536) == b"next"
            relay.events.wait_for(Data, 3)
            assert relay.events.pieces(TO_SERVER) == [b"abcd1", b"next"]

    def test_the_end_of_the_stream_is_not_waited_out(self) -> None:
        with (
            relaying(to_server=StreamFaults(join=60)) as relay,
            relay.pair() as (client, served),
        ):
            client.sendall(b"abcd")
            client.shutdown(SHUT_WR)
            assert receive_all(served) == b"abcd"

    def test_no_more_than_so_much_is_held(self) -> None:
        with (
            relaying(to_server=StreamFaults(join=60)) as relay,
            relay.pair() as (client, served),
        ):
            sender = threading.Thread(target=client.sendall, args=[bytes(3 * LARGEST_HELD)])
            sender.start()
            received = 0
            while received < LARGEST_HELD:
                received += len(served.recv(65536))
            client.shutdown(SHUT_WR)
            received += len(receive_all(served))
            sender.join()
            assert received == 3 * LARGEST_HELD


@both_directions
def test_a_delay_holds_each_and_the_end(direction: Direction) -> None:
    with (
        relaying(**only(direction, StreamFaults(delay=0.1))) as relay,
        relay.towards(direction) as (sender, receiver),
    ):
        started = time.monotonic()
        sender.sendall(b"late")
        assert receiver.recv(65536) == b"late"
        assert time.monotonic() - started >= 0.1
        started = time.monotonic()
        sender.shutdown(SHUT_WR)
        assert receiver.recv(65536) == b""
        assert time.monotonic() - started >= 0.1


@both_directions
def test_a_receiver_that_does_not_read_stops_the_sender(direction: Direction) -> None:
    with relaying() as relay, relay.towards(direction) as (sender, receiver):
        sent = fill(sender)
        sender.shutdown(SHUT_WR)
        assert len(receive_all(receiver)) == sent
        assert sum(map(len, relay.events.pieces(direction))) == sent


@both_directions
def test_64_mib_pass_with_flat_memory(direction: Direction) -> None:
    block = hashlib.sha256(b"a block").digest() * (MIB // 32)
    sent, seen, received = hashlib.sha256(), hashlib.sha256(), hashlib.sha256()

    def watch(event: Event) -> None:
        if isinstance(event, Data):
            seen.update(event.data)

    with relaying(on_event=watch) as relay, relay.pair() as pair:
        sender, receiver = pair if direction is TO_SERVER else pair[::-1]

        def send() -> None:
            for _ in range(64):
                sent.update(block)
                sender.sendall(block)
            sender.shutdown(SHUT_WR)

        thread = threading.Thread(target=send)
        tracemalloc.start()
        try:
            thread.start()
            while data := receiver.recv(65536):
                received.update(data)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
            thread.join()
    assert sent.digest() == received.digest() == seen.digest()
    assert peak < 4 * MIB


@pytest.mark.parametrize("leave", [reset, lambda client: client.close()], ids=["RST", "FIN"])
def test_what_is_held_goes_on_before_the_end(leave: Callable[[socket], None]) -> None:
    with relaying(to_server=StreamFaults(split=1, delay=0.05)) as relay:
        with relay.pair() as (client, served):
            client.sendall(b"held")
            leave(client)
            assert [served.recv(1) for _ in range(4)] == [b"h", b"e", b"l", b"d"]
        relay.loop.run(relay.relay.drain())
        assert b"".join(relay.events.pieces(TO_SERVER)) == b"held"


def test_what_the_pause_raises_costs_no_byte() -> None:
    async def broken(side: Side) -> None:
        raise LookupError("not in the table")

    with (
        pytest.raises(LookupError, match="not in the table"),
        relaying(to_server=StreamFaults(split=1), pause=broken) as relay,
    ):
        exchange_a_word(relay)


def test_without_faults_what_was_sent_at_once_comes_at_once() -> None:
    with relaying(to_server=NO_FAULTS) as relay, relay.pair() as (client, served):
        for word in (b"a word", b"and another"):
            client.sendall(word)
            assert served.recv(65536) == word
        relay.events.wait_for(Data, 2)
        assert relay.events.pieces(TO_SERVER) == [b"a word", b"and another"]
