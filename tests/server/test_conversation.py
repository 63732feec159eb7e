from __future__ import annotations

import hashlib
import socket
import struct
import threading
from pathlib import Path

import pytest

from server.conversation import Conversation
from server.limits import Limits
from tests.server.support import (
    BYE,
    PATIENCE,
    RawClient,
    Serving,
    echo,
    message_id,
    serving,
    store,
)
from wire import events
from wire.ciphers import cipher_for
from wire.frames import (
    MESSAGE_MODES,
    MORE,
    Frame,
    Hello,
    Mode,
)

LARGE = 300 * 1024


class TestTheOrderOfThings:
    def test_the_server_speaks_first(self, server: Serving) -> None:
        with RawClient(server.address) as client:
            hello = Hello.decode(client.receive())
        assert hello.modes == MESSAGE_MODES
        assert hello.largest_body == Limits().largest_body

    def test_bye_is_answered_and_the_connection_closed(
        self, server: Serving, client: RawClient
    ) -> None:
        client.send(BYE)
        assert client.receive() == BYE
        client.assert_ended()
        assert server.events.wait_for(events.ClientLeft)[0].goodbye

    def test_bye_is_answered_after_all_receipts(self, client: RawClient) -> None:
        client.send(*(store(number) for number in range(1, 21)), BYE)
        numbers = {client.receive_receipt()[0] for _ in range(20)}
        assert numbers == set(range(1, 21))
        assert client.receive() == BYE
        client.assert_ended()

    def test_nothing_is_read_after_bye(self, server: Serving, client: RawClient) -> None:
        client.send(BYE, store(1))
        assert client.receive() == BYE
        client.assert_ended()
        assert not server.events.of(events.MessageStored)

    def test_a_client_that_only_stops_sending_gets_its_receipts(self, client: RawClient) -> None:
        client.send(store(1), store(2))
        client.socket.shutdown(socket.SHUT_WR)
        assert {client.receive_receipt()[0] for _ in range(2)} == {1, 2}
        assert client.receive() == BYE
        client.assert_ended()

    def test_the_events_tell_it_in_order(self, server: Serving, client: RawClient) -> None:
        client.send(store(1), echo(2), BYE)
        while client.receive() != BYE:
            pass
        server.events.wait_for(events.ClientLeft)
        kinds = [type(event) for event in server.events.seen]
        assert kinds[0] is events.ClientConnected
        assert kinds[-1] is events.ClientLeft
        assert set(kinds[1:-1]) == {events.MessageStored, events.WordReceived}


class TestStore:
    @pytest.mark.parametrize("mode", MESSAGE_MODES)
    def test_the_receipt_is_of_the_decrypted_text(
        self, server: Serving, client: RawClient, mode: Mode
    ) -> None:
        client.send(store(5, b"a message", mode))
        request_id, receipt = client.receive_receipt()
        assert request_id == 5
        assert receipt.message_id == message_id(5)
        assert receipt.digest == hashlib.sha256(b"a message").digest()
        assert (receipt.size, receipt.number) == (9, 0)
        assert b"\n\na message\n\n" in server.log(0)
        (stored,) = server.events.of(events.MessageStored)
        assert (stored.mode, stored.repeated) == (mode, False)
        assert f"{stored.ciphertext_size} bytes".encode() in server.log(0)

    def test_the_log_is_there_when_the_receipt_is(self, server: Serving, client: RawClient) -> None:
        for number in range(20):
            client.send(store(number + 1))
            client.receive_receipt()
            assert server.log(number)

    def test_what_is_sent_again_gets_the_same_receipt(
        self, server: Serving, client: RawClient
    ) -> None:
        client.send(store(1))
        _, first = client.receive_receipt()
        with server.connect() as other:
            other.send(store(1))
            _, second = other.receive_receipt()
        assert second.frame(1) == first.frame(1)
        assert [event.repeated for event in server.events.of(events.MessageStored)] == [False, True]

    @pytest.mark.parametrize("pipelined", [1, 64])
    def test_any_number_may_be_pipelined(self, tmp_path: Path, pipelined: int) -> None:
        count = 300
        with (
            serving(tmp_path, Limits(pipelined=pipelined)) as server,
            server.connect() as client,
        ):
            client.send(*(store(number) for number in range(1, count + 1)))
            answered = [client.receive_receipt() for _ in range(count)]
        assert {request_id for request_id, _ in answered} == set(range(1, count + 1))
        assert {receipt.number for _, receipt in answered} == set(range(count))

    def test_bytes_that_arrive_one_by_one(self, client: RawClient) -> None:
        for byte in store(1).encode():
            client.send(bytes([byte]))
        assert client.receive_receipt()[0] == 1

    @pytest.mark.parametrize("mode", MESSAGE_MODES)
    def test_a_large_message(self, server: Serving, client: RawClient, mode: Mode) -> None:
        text = b"0123456789abcdef" * (LARGE // 8)
        client.send(store(1, text, mode), store(2, text, mode))
        assert {client.receive_receipt()[1].size for _ in range(2)} == {len(text)}
        assert text in server.log(0)


class TestEcho:
    @pytest.mark.parametrize(
        ("word", "answer"),
        [
            ("abcd", "ABCD"),
            ("", ""),
            ("straße", "STRASSE"),
            ("καλημέρα", "ΚΑΛΗΜΈΡΑ"),
            ("доброе", "ДОБРОЕ"),
            ("你好", "你好"),
            ("i\u0307ǆ", "I\u0307Ǆ"),
        ],
    )
    def test_capitals_of_any_script(self, client: RawClient, word: str, answer: str) -> None:
        client.send(echo(1, word.encode()))
        reply = client.receive()
        assert (reply.mode, reply.flags, reply.request_id) == (Mode.OPEN, 0, 1)
        assert reply.body.decode() == answer

    def test_bytes_that_are_no_utf_8_stay(self, client: RawClient) -> None:
        client.send(echo(1, b"a\xff\xfeb\xc3"))
        assert client.receive().body == b"A\xff\xfeB\xc3"

    @pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 5000, LARGE])
    @pytest.mark.parametrize("mode", [Mode.CLASSIC, Mode.SECURE])
    def test_an_encrypted_word_comes_back_twice(
        self, client: RawClient, mode: Mode, size: int
    ) -> None:
        word = b"x" * size
        client.send(echo(9, word, mode))
        clear, encrypted = client.receive(), client.receive()
        assert (clear.mode, clear.flags, clear.request_id) == (Mode.OPEN, MORE, 9)
        assert clear.body == word
        assert (encrypted.mode, encrypted.request_id) == (mode, 9)
        assert cipher_for(mode).unseal(encrypted.flags, encrypted.body) == word

    def test_the_documented_vector(self, server: Serving, client: RawClient) -> None:
        client.send(echo(1, b"the answer is no", Mode.SECURE))
        client.receive()
        encrypted = client.receive()
        assert encrypted.body == b"utgs\x8a\t\x0c\x8b\xef\x19\xa89\xf5\x06\xc5U"
        assert encrypted.flags == 0
        (received,) = server.events.of(events.WordReceived)
        assert (received.word, received.payload) == (b"the answer is no", encrypted.body)

    def test_a_large_word(self, client: RawClient) -> None:
        client.send(echo(1, b"x" * LARGE))
        assert client.receive().body == b"X" * LARGE


class TestLargeMessages:
    def test_are_decrypted_while_others_are_served(
        self, server: Serving, client: RawClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        started, go_on = threading.Event(), threading.Event()
        cipher = cipher_for(Mode.OPEN)
        unseal = cipher.unseal

        def slow(flags: int, payload: bytes) -> bytes:
            if len(payload) >= LARGE:
                started.set()
                assert go_on.wait(PATIENCE)
            return unseal(flags, payload)

        monkeypatch.setattr(cipher, "unseal", slow)
        client.send(store(1, b"x" * LARGE))
        assert started.wait(PATIENCE)
        with server.connect() as other:
            other.send(echo(1))
            assert other.receive().body == b"HELLO"
        go_on.set()
        assert client.receive_receipt()[1].size == LARGE

    def test_are_taken_one_at_a_time(
        self, server: Serving, client: RawClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        most = 0
        take = Conversation._take

        async def count(self: Conversation, frame: Frame) -> None:
            nonlocal most
            most = max(most, len(self._session.unanswered))
            await take(self, frame)

        monkeypatch.setattr(Conversation, "_take", count)
        client.send(*(store(number, b"x" * LARGE) for number in range(1, 6)))
        for _ in range(5):
            client.receive_receipt()
        assert most == 1


class TestAClientThatLeaves:
    @pytest.mark.parametrize("sent", [b"", b"WL", store(1).encode()[:20]])
    @pytest.mark.parametrize("reset", [False, True])
    def test_in_the_middle(self, server: Serving, sent: bytes, reset: bool) -> None:
        client = server.connect()
        client.send(sent)
        if reset:
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.socket.close()
        assert not server.events.wait_for(events.ClientLeft)[0].goodbye
        assert not server.events.of(events.RequestRefused)

    def test_before_its_receipt_has_its_message_kept(self, server: Serving) -> None:
        with server.connect() as client:
            client.send(store(1))
        assert server.events.wait_for(events.MessageStored)
        server.events.wait_for(events.ClientLeft)
        assert isinstance(server.events.seen[-1], events.ClientLeft)
        with server.connect() as client:
            client.send(store(1))
            assert client.receive_receipt()[1].number == 0

    def test_before_its_answers_are_written(self, server: Serving) -> None:
        with server.connect() as client:
            client.send(*(echo(number, b"x" * 200_000) for number in range(1, 20)))
        server.events.wait_for(events.ClientLeft)


def test_a_flood_of_small_frames_leaves_others_their_turn(tmp_path: Path) -> None:
    flood = 3000
    with serving(tmp_path) as server, server.connect() as flooder, server.connect() as other:
        flooder.send(*(echo(number, b"") for number in range(1, flood + 1)))
        other.send(echo(1, b"a word"))
        other.receive()
        for _ in range(flood):
            flooder.receive()
    words = [event.word for event in server.events.of(events.WordReceived)]
    assert words.index(b"a word") < flood
