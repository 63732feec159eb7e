from __future__ import annotations

import socket
import threading
import time
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from client import connection
from client.connection import Connection
from server.limits import Limits
from tests.client.support import (
    HELLO,
    Script,
    greets_then,
    hangs_up,
    no_server,
    resets,
    says,
    scripted_server,
    silence,
)
from tests.server.support import BYE, LOOPBACK, PATIENCE, Peer, echo, serving
from wire.errors import ErrorCode, NoServer, ProtocolError, Refused, TimedOut, WirelabError
from wire.frames import Frame, FrameType, Hello, error_frame
from wire.session import State

SHORT = 0.1


def connect(port: int, timeout: float = PATIENCE) -> Connection:
    return Connection(LOOPBACK, port, timeout)


def fails_to_connect(kind: type[WirelabError], *scripts: Script, timeout: float = PATIENCE) -> str:
    """What the fault says, with its hint."""
    with scripted_server(*scripts) as port, pytest.raises(kind) as fault:
        connect(port, timeout)
    return f"{fault.value} | {fault.value.hint}".replace(str(port), "PORT")


class TestConnecting:
    def test_the_greeting_is_read(self, tmp_path: Path) -> None:
        limits = Limits(largest_body=999)
        with serving(tmp_path, limits) as server, connect(server.address[1]) as connected:
            assert connected.hello.largest_body == 999
            assert {connected.next_request_id() for _ in range(3)} == {1, 2, 3}

    def test_by_a_name_on_ipv6(self, tmp_path: Path) -> None:
        with serving(tmp_path, host="::1") as server:
            Connection("::1", server.address[1], PATIENCE).__exit__()

    def test_where_nothing_listens(self) -> None:
        with no_server() as port, pytest.raises(NoServer) as fault:
            connect(port)
        assert str(fault.value) == f"no server at 127.0.0.1:{port}: Connection refused"
        assert "python -m server" in fault.value.hint

    @pytest.mark.parametrize("host", ["no-such-host.invalid", "b\xfccher..invalid", "a" * 300])
    def test_where_no_address_is_known(self, host: str) -> None:
        with pytest.raises(NoServer, match="no server at ") as fault:
            Connection(host, 12000, PATIENCE)
        assert fault.value.hint

    def test_where_packets_are_dropped(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def drop(*_: object) -> None:
            raise TimeoutError("timed out")

        monkeypatch.setattr(socket, "create_connection", drop)
        with pytest.raises(TimedOut, match=r"127.0.0.1:12000 did not answer within 20 s") as fault:
            connect(12000)
        assert "firewall" in fault.value.hint

    def test_where_the_connection_is_gone_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> None:
            raise OSError("Invalid argument")

        monkeypatch.setattr(socket.socket, "setsockopt", refuse)
        with socket.socket() as listening:
            listening.bind((LOOPBACK, 0))
            listening.listen()
            with pytest.raises(NoServer, match="without a greeting"):
                connect(listening.getsockname()[1])


class TestSomethingElse:
    """A server, but none of ours."""

    def test_that_waits_for_us_to_speak(self) -> None:
        http = ThreadingHTTPServer((LOOPBACK, 0), SimpleHTTPRequestHandler)
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        try:
            with pytest.raises(TimedOut, match=r"did not greet within 0\.1 s") as fault:
                connect(http.server_port, SHORT)
            assert fault.value.hint.startswith("is it a Wirelab server?")
        finally:
            http.shutdown()
            thread.join()
            http.server_close()

    @pytest.mark.parametrize(
        "banner", [b"SSH-2.0-OpenSSH_9.6\r\n", b"220 ProFTPD Server ready.\r\n", b"\0", b"WLAX"]
    )
    def test_that_speaks_another_protocol(self, banner: bytes) -> None:
        said = fails_to_connect(ProtocolError, says(banner))
        assert said == (
            "the peer does not speak the Wirelab protocol"
            " | check the address: another program may listen there"
        )

    @pytest.mark.parametrize("script", [hangs_up, resets])
    def test_that_hangs_up(self, script: Script) -> None:
        said = fails_to_connect(NoServer, script)
        assert said == (
            "127.0.0.1:PORT closed the connection without a greeting | is it a Wirelab server?"
        )

    def test_that_says_nothing(self) -> None:
        began = time.monotonic()
        assert "did not greet" in fails_to_connect(TimedOut, silence, timeout=SHORT)
        assert time.monotonic() - began < PATIENCE / 2

    def test_that_says_too_little_in_time(self) -> None:
        half = HELLO.encode()[:20]
        assert "did not greet" in fails_to_connect(TimedOut, says(half), timeout=SHORT)

    def test_of_another_version(self) -> None:
        later = HELLO.encode().replace(b"WLAB\1", b"WLAB\2")
        assert "version 2" in fails_to_connect(ProtocolError, says(later))

    def test_that_does_not_begin_with_hello(self) -> None:
        assert "a BYE in state GREETING" in fails_to_connect(ProtocolError, says(BYE.encode()))

    def test_whose_hello_is_too_short(self) -> None:
        short = Frame(FrameType.HELLO, body=b"short").encode()
        assert "too short" in fails_to_connect(ProtocolError, says(short))

    def test_that_is_busy(self) -> None:
        busy = error_frame(ErrorCode.BUSY, "too many connections").encode()
        with scripted_server(says(busy)) as port, pytest.raises(Refused) as fault:
            connect(port)
        assert str(fault.value) == "the server refused: too many connections"
        assert fault.value.hint == "try again later, or with --retries"
        assert fault.value.retryable

    def test_a_newer_server_s_hello_is_understood(self) -> None:
        newer = Hello((), 1000, b"a key").frame()
        newer.body = b"\xff" * 4 + newer.body[4:]
        with scripted_server(says(newer.encode())) as port, connect(port) as connected:
            assert connected.hello.public_key == b"a key"
            assert len(connected.hello.modes) == 3


def fails_to_answer(kind: type[WirelabError], script: Script, timeout: float = PATIENCE) -> str:
    with scripted_server(greets_then(script)) as port, connect(port, timeout) as connected:
        connected.request(echo(1))
        with pytest.raises(kind) as fault:
            connected.answer()
    return f"{fault.value} | {fault.value.hint}".replace(str(port), "PORT")


class TestAnswers:
    @pytest.mark.parametrize("code", ErrorCode)
    @pytest.mark.parametrize("request_id", [0, 1])
    def test_a_refusal_has_a_hint(self, code: ErrorCode, request_id: int) -> None:
        refusal = error_frame(code, "because", request_id).encode()
        said = fails_to_answer(Refused, says(refusal))
        assert said.startswith("the server refused: because | ")
        assert not said.endswith("| ")

    @pytest.mark.parametrize("script", [hangs_up, resets])
    def test_none_because_it_hung_up(self, script: Script) -> None:
        said = fails_to_answer(NoServer, script)
        assert said.startswith(
            "127.0.0.1:PORT closed the connection early | send the message again"
        )

    def test_none_because_it_stopped(self) -> None:
        said = fails_to_answer(NoServer, says(BYE.encode()))
        assert said.startswith("the server at 127.0.0.1:PORT stopped before it answered | ")

    def test_none_in_time(self) -> None:
        said = fails_to_answer(TimedOut, silence, timeout=SHORT)
        assert "did not answer within 0.1 s | try again, or with a longer --timeout" in said

    @pytest.mark.parametrize(
        "answer",
        [
            Frame(FrameType.REPLY, request_id=2).encode(),
            HELLO.encode(),
            Frame(FrameType.ERROR, request_id=1).encode(),
            Frame(FrameType.ERROR, request_id=1, body=b"\xff\xff").encode(),
            b"220 ",
        ],
    )
    def test_that_break_the_protocol(self, answer: bytes) -> None:
        assert fails_to_answer(ProtocolError, says(answer))


LARGE = echo(1, b"x" * 30_000_000)
"""More than the system takes before somebody reads it."""


def ask(connected: Connection, request: Frame) -> Frame:
    connected.request(request)
    return connected.answer()


class TestARequestThatIsNotWelcome:
    def test_the_server_says_why_while_we_send(self, tmp_path: Path) -> None:
        limits = Limits(largest_body=1000)
        with (
            serving(tmp_path, limits) as server,
            connect(server.address[1]) as connected,
            pytest.raises(Refused) as fault,
        ):
            ask(connected, LARGE)
        assert fault.value.code is ErrorCode.TOO_LARGE

    def test_the_reason_is_read_though_sending_failed(self) -> None:
        def refuse(peer: Peer) -> None:
            peer.send(HELLO, error_frame(ErrorCode.TOO_LARGE, "too much"))
            peer.socket.recv(1000)

        with (
            scripted_server(refuse) as port,
            connect(port) as connected,
            pytest.raises(Refused, match="too much"),
        ):
            connected.request(LARGE)

    def test_the_server_stops_while_we_send(self) -> None:
        def stop(peer: Peer) -> None:
            peer.send(HELLO, BYE)
            peer.socket.recv(1000)

        with (
            scripted_server(stop) as port,
            connect(port) as connected,
            pytest.raises(NoServer, match="closed the connection early"),
        ):
            connected.request(LARGE)

    def test_the_server_does_not_read(self) -> None:
        done = threading.Event()

        def stall(peer: Peer) -> None:
            peer.send(HELLO)
            assert done.wait(PATIENCE)

        with scripted_server(stall) as port, connect(port, SHORT) as connected:
            with pytest.raises(TimedOut):
                connected.request(LARGE)
            done.set()

    def test_its_time_may_be_over_before_it_is_sent(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clock = iter(range(1000))
        with scripted_server(says(HELLO.encode())) as port, connect(port, 0.5) as connected:
            monkeypatch.setattr(connection, "monotonic", lambda: next(clock))
            with pytest.raises(TimedOut):
                connected.request(echo(1))


class TestGoodbye:
    def test_waits_for_the_server_s(self, tmp_path: Path) -> None:
        with serving(tmp_path) as server, connect(server.address[1]) as connected:
            connected.say_goodbye()
            assert connected._session.state is State.CLOSED
            connected.say_goodbye()

    def test_passes_over_answers_that_nobody_reads_any_more(self, tmp_path: Path) -> None:
        with serving(tmp_path) as server, connect(server.address[1]) as connected:
            connected.request(echo(1))
            connected.say_goodbye()
            assert connected._session.state is State.CLOSED

    @pytest.mark.parametrize(
        "script",
        [hangs_up, resets, says(error_frame(ErrorCode.BUSY, "no").encode()), says(b"220 bye")],
    )
    def test_is_no_matter_of_success(self, script: Script) -> None:
        with scripted_server(greets_then(script)) as port, connect(port) as connected:
            connected.say_goodbye()

    def test_is_not_waited_for_long(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(connection, "_GOODBYE_SECONDS", SHORT)
        began = time.monotonic()
        with scripted_server(greets_then(silence)) as port, connect(port) as connected:
            connected.say_goodbye()
        assert time.monotonic() - began < PATIENCE / 2

    def test_does_not_follow_half_a_frame(self) -> None:
        class Interrupted(socket.socket):
            def sendall(self, *_: object) -> None:
                raise KeyboardInterrupt

        with scripted_server(says(HELLO.encode())) as port, connect(port) as connected:
            connected._socket = Interrupted(fileno=connected._socket.detach())
            with pytest.raises(KeyboardInterrupt):
                connected.request(echo(1))
            connected.say_goodbye()
            assert connected._socket.fileno() == -1
