from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue

import pytest

from server.conversation import Conversation
from server.limits import LARGEST_KEPT, Limits
from server.message_store import MessageStore
from tests.server.support import (
    PATIENCE,
    RawClient,
    echo,
    serving,
    store,
)
from wire import events
from wire.errors import ErrorCode, UsageError

SHORT = 0.15
HASTY = Limits(idle_seconds=SHORT, grace_seconds=SHORT, message_seconds=PATIENCE, least_rate=1e9)


@pytest.fixture
def hasty(tmp_path: Path) -> Iterator[RawClient]:
    """A client of a server that waits for nobody."""
    with serving(tmp_path, HASTY) as running, running.connect() as connected:
        yield connected


class TestAClientThatIsTooSlow:
    def test_half_a_frame_then_silence(self, hasty: RawClient) -> None:
        hasty.send(store(1).encode()[:20])
        assert hasty.receive_error() == (0, ErrorCode.TOO_SLOW, "a message came too slowly")
        hasty.assert_ended()

    def test_half_a_header_then_silence(self, hasty: RawClient) -> None:
        hasty.send(b"WLAB")
        assert hasty.receive_error()[1] is ErrorCode.TOO_SLOW
        hasty.assert_ended()

    def test_silence(self, hasty: RawClient) -> None:
        assert hasty.receive_error() == (0, ErrorCode.TOO_SLOW, "nothing was asked for too long")
        hasty.assert_ended()

    def test_less_than_the_least_rate(self, tmp_path: Path) -> None:
        slow = Limits(grace_seconds=SHORT, least_rate=1e6)
        with serving(tmp_path, slow) as server, server.connect() as client:
            rest = iter(store(1, b"x" * 1000).encode())
            client.socket.settimeout(0.01)
            sent = 0
            while True:
                try:
                    request_id, code, _ = client.receive_error()
                    break
                except TimeoutError:
                    client.send(bytes([next(rest)]))
                    sent += 1
            assert (request_id, code) == (0, ErrorCode.TOO_SLOW)
            assert sent > 2

    def test_longer_than_a_message_may_take(self, tmp_path: Path) -> None:
        with (
            serving(tmp_path, Limits(message_seconds=SHORT)) as server,
            server.connect() as client,
        ):
            client.send(store(1).encode()[:-1])
            assert client.receive_error()[1] is ErrorCode.TOO_SLOW

    def test_a_client_that_reads_no_answers(self, tmp_path: Path) -> None:
        limits = Limits(grace_seconds=SHORT, message_seconds=SHORT)
        with serving(tmp_path, limits) as server, server.connect() as client:
            with suppress(OSError):
                client.send(*(echo(number, b"x" * 100_000) for number in range(1, 400)))
            (refused,) = server.events.wait_for(events.RequestRefused)
            assert refused.code is ErrorCode.TOO_SLOW
            assert refused.reason == "an answer was not read in time"
            with suppress(ConnectionResetError):
                while client.socket.recv(1_000_000):
                    pass


class TestWhatDoesNotCountAgainstAMessage:
    @pytest.fixture
    def clock(self, monkeypatch: pytest.MonkeyPatch) -> Clock:
        clock = Clock()
        monkeypatch.setattr("server.conversation.time", clock)
        return clock

    @pytest.fixture
    def waiting(self, monkeypatch: pytest.MonkeyPatch) -> SimpleQueue[int]:
        """How much of a frame is there, each time that the server waits for more."""
        waiting: SimpleQueue[int] = SimpleQueue()
        receive = Conversation._receive

        async def tell(self: Conversation) -> bytes:
            waiting.put(self._frames.pending)
            return await receive(self)

        monkeypatch.setattr(Conversation, "_receive", tell)
        return waiting

    def test_the_time_before_it(
        self, tmp_path: Path, clock: Clock, waiting: SimpleQueue[int]
    ) -> None:
        with serving(tmp_path) as server, server.connect() as client:
            assert waiting.get(timeout=PATIENCE) == 0
            clock.ahead += 200
            frame = store(1).encode()
            client.send(frame[:20])
            assert waiting.get(timeout=PATIENCE) == 20
            client.send(frame[20:])
            assert client.receive_receipt()[0] == 1

    def test_the_time_that_the_server_takes(
        self,
        tmp_path: Path,
        clock: Clock,
        waiting: SimpleQueue[int],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        commit = MessageStore.commit

        def slow(self: MessageStore) -> None:
            clock.ahead += 1000
            commit(self)

        monkeypatch.setattr(MessageStore, "commit", slow)
        with serving(tmp_path, Limits(pipelined=1)) as server, server.connect() as client:
            frame = store(2).encode()
            client.send(store(1), frame[:20])
            assert client.receive_receipt()[0] == 1
            while waiting.get(timeout=PATIENCE) != 20:
                pass
            client.send(frame[20:])
            assert client.receive_receipt()[0] == 2


class Clock:
    """Stands in for the module `time`."""

    ahead = 0.0

    def time(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead


class TestLimits:
    def test_a_body_that_could_not_be_kept_is_not_promised(self) -> None:
        Limits(largest_body=LARGEST_KEPT)
        with pytest.raises(UsageError, match="more than the server can keep") as fault:
            Limits(largest_body=LARGEST_KEPT + 1)
        assert str(LARGEST_KEPT) in fault.value.hint

    def test_the_least_rate_counts_after_the_grace(self) -> None:
        limits = Limits(message_seconds=100, grace_seconds=10, least_rate=500)
        assert limits.message_deadline(0) == 10
        assert limits.message_deadline(10_000) == 20
        assert limits.message_deadline(10_000_000) == 100

    def test_a_client_has_time_for_what_it_has_to_read(self) -> None:
        limits = Limits(message_seconds=100, least_rate=500)
        assert limits.reading_seconds(0) == 0
        assert limits.reading_seconds(10_000) == 20
        assert limits.reading_seconds(10_000_000) == 100
