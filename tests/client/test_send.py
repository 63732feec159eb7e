from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from client.send import Message, send_message
from server.limits import Limits
from tests.client.support import (
    HELLO,
    Script,
    hangs_up,
    loses_the_receipt,
    no_server,
    relays,
    says,
    scripted_server,
)
from tests.server.support import LOOPBACK, PATIENCE, Peer, serving
from wire import events
from wire.errors import (
    ErrorCode,
    IntegrityError,
    NoServer,
    ProtocolError,
    Refused,
    UsageError,
)
from wire.frames import (
    MESSAGE_MODES,
    Frame,
    FrameType,
    Hello,
    Mode,
    Receipt,
    decode_store,
    error_frame,
)

Pauses = list[float]


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> Pauses:
    """The pauses between attempts, which are not made."""
    pauses: Pauses = []
    monkeypatch.setattr("client.send.sleep", pauses.append)
    return pauses


def send(port: int, message: Message, retries: int = 0) -> Receipt:
    return send_message(message, LOOPBACK, port, timeout=PATIENCE, retries=retries)


def answers(make: Callable[[bytes, bytes], Receipt]) -> Script:
    """A server whose receipt is made from a message's id and text."""

    def script(peer: Peer) -> None:
        peer.send(HELLO)
        request = peer.receive()
        peer.send(make(*decode_store(request)).frame(request.request_id))

    return script


class TestOneMessage:
    @pytest.mark.parametrize("mode", MESSAGE_MODES)
    @pytest.mark.parametrize("text", [b"", b"one line\n", b"\xff\x00\x1b", b"x" * 400_000])
    def test_is_kept_as_it_is(self, tmp_path: Path, mode: Mode, text: bytes) -> None:
        with serving(tmp_path) as server:
            receipt = send(server.address[1], Message(text, mode, "a password"))
            assert receipt.digest == sha256(text).digest()
            assert (receipt.size, receipt.number) == (len(text), 0)
            assert b"\n\n%b\n\n-----" % text in server.log(0)

    def test_the_connection_is_told_of_before_it_is_used(self, tmp_path: Path) -> None:
        with serving(tmp_path) as server:
            seen_then = []
            send_message(
                Message(b"", Mode.OPEN),
                LOOPBACK,
                server.address[1],
                timeout=PATIENCE,
                on_connected=lambda: seen_then.append(server.events.of(events.MessageStored)),
            )
            assert seen_then == [[]]
            assert server.events.wait_for(events.ClientLeft)[0].goodbye

    def test_ids_are_random_unless_given(self) -> None:
        one, two = Message(b"", Mode.OPEN), Message(b"", Mode.OPEN)
        assert len(one.id) == len(two.id) == 16
        assert one.id != two.id
        assert Message(b"", Mode.OPEN, message_id=b"x" * 16).id == b"x" * 16

    @pytest.mark.parametrize("size", [84, 85])
    def test_no_more_is_sent_than_the_server_takes(self, tmp_path: Path, size: int) -> None:
        with serving(tmp_path, Limits(largest_body=100)) as server:
            message = Message(b"x" * size, Mode.OPEN)
            if size + 16 <= 100:
                send(server.address[1], message)
                return
            with pytest.raises(UsageError, match="needs 101 bytes, the server takes 100"):
                send(server.address[1], message, retries=3)
            assert len(server.events.of(events.ClientConnected)) == 1

    def test_not_in_a_mode_that_the_server_does_not_take(self) -> None:
        hello = Hello((Mode.OPEN, Mode.SECURE), 1000).frame().encode()
        with scripted_server(says(hello)) as port, pytest.raises(Refused) as fault:
            send(port, Message(b"", Mode.CLASSIC))
        assert str(fault.value) == "the server does not take classic mode"
        assert fault.value.hint == "it takes: open, secure"


class TestTheReceipt:
    @pytest.mark.parametrize(
        "make",
        [
            lambda sent, text: Receipt(sent, 0, len(text), bytes(32), "log"),
            lambda sent, text: Receipt(bytes(16), 0, len(text), sha256(text).digest(), "log"),
        ],
        ids=["digest", "id"],
    )
    def test_of_something_else_is_a_fault(
        self, make: Callable[[bytes, bytes], Receipt], pauses: Pauses
    ) -> None:
        with scripted_server(answers(make)) as port, pytest.raises(IntegrityError) as fault:
            send(port, Message(b"text", Mode.OPEN), retries=3)
        assert "under a new id" in fault.value.hint
        assert not pauses

    def test_for_an_id_that_was_used_before_shows(self, tmp_path: Path) -> None:
        with serving(tmp_path) as server:
            send(server.address[1], Message(b"one", Mode.OPEN, message_id=bytes(16)))
            with pytest.raises(IntegrityError):
                send(server.address[1], Message(b"two", Mode.OPEN, message_id=bytes(16)))

    def test_that_is_none(self) -> None:
        def script(peer: Peer) -> None:
            peer.send(HELLO)
            peer.send(Frame(FrameType.REPLY, request_id=peer.receive().request_id))

        with scripted_server(script) as port, pytest.raises(ProtocolError, match="too short"):
            send(port, Message(b"", Mode.OPEN))

    def test_is_enough_whatever_comes_after(self) -> None:
        def make(sent: bytes, text: bytes) -> Receipt:
            return Receipt(sent, 0, len(text), sha256(text).digest(), "log")

        with scripted_server(answers(make)) as port:
            assert send(port, Message(b"text", Mode.OPEN)).log_name == "log"


class TestRetries:
    def test_go_under_the_same_id_and_it_is_kept_once(self, tmp_path: Path, pauses: Pauses) -> None:
        ids: list[bytes] = []
        with serving(tmp_path) as server:
            lossy = [loses_the_receipt(server.address, ids) for _ in range(2)]
            with scripted_server(*lossy, relays(server.address, ids)) as port:
                receipt = send(port, Message(b"text", Mode.CLASSIC, "a password"), retries=2)
            stored = server.events.wait_for(events.MessageStored, 3)
        assert ids == [receipt.message_id] * 3
        assert [event.repeated for event in stored] == [False, True, True]
        assert receipt.number == 0
        assert len(list(tmp_path.glob("server_message*"))) == 1

    def test_end_with_the_last_fault(self, pauses: Pauses) -> None:
        with scripted_server(hangs_up, hangs_up) as port, pytest.raises(NoServer):
            send(port, Message(b"", Mode.OPEN), retries=1)
        assert pauses == [0.1]

    def test_come_after_growing_pauses(self, pauses: Pauses) -> None:
        with no_server() as port, pytest.raises(NoServer):
            send(port, Message(b"", Mode.OPEN), retries=8)
        assert pauses == pytest.approx([0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5])

    @pytest.mark.parametrize("code", ErrorCode)
    def test_only_after_what_may_pass(self, pauses: Pauses, code: ErrorCode) -> None:
        may_pass = code in (ErrorCode.TOO_SLOW, ErrorCode.BUSY, ErrorCode.UNAVAILABLE)
        refusal = says(error_frame(code, "no").encode())
        attempts = [refusal] * (2 if may_pass else 1)
        with scripted_server(*attempts) as port, pytest.raises(Refused):
            send(port, Message(b"", Mode.OPEN), retries=1)
        assert len(pauses) == may_pass

    def test_are_none_or_more(self) -> None:
        with pytest.raises(ValueError, match="retries must be 0 or more"):
            send(1, Message(b"", Mode.OPEN), retries=-1)
