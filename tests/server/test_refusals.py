from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.support import (
    RawClient,
    Serving,
    echo,
    serving,
    store,
)
from wire import events
from wire.errors import ErrorCode
from wire.frames import (
    HEADER,
    PADDED,
    Frame,
    FrameType,
    Mode,
)

LARGE = 300 * 1024


def header(**changed: object) -> bytes:
    fields: dict[str, object] = {
        "magic": b"WLAB",
        "version": 1,
        "type": FrameType.ECHO,
        "mode": Mode.OPEN,
        "flags": 0,
        "request_id": 1,
        "length": 0,
    }
    return HEADER.pack(*(fields | changed).values())


class TestWhatIsWrongWithOneRequest:
    """It is answered under its id, and the conversation goes on."""

    @pytest.mark.parametrize(
        ("frame", "code", "reason"),
        [
            (
                Frame(FrameType.STORE, mode=Mode.OPEN, request_id=3, body=b"x" * 15),
                ErrorCode.BAD_FRAME,
                "without a message id",
            ),
            (Frame(FrameType.STORE, request_id=3), ErrorCode.UNSUPPORTED_MODE, "needs a mode"),
            (Frame(FrameType.ECHO, request_id=3), ErrorCode.UNSUPPORTED_MODE, "needs a mode"),
            (
                Frame(FrameType.ECHO, mode=Mode.SECURE, request_id=3, body=b"x" * 15),
                ErrorCode.UNDECIPHERABLE,
                "whole number of blocks",
            ),
            (
                Frame(FrameType.ECHO, mode=Mode.SECURE, request_id=3, flags=PADDED),
                ErrorCode.UNDECIPHERABLE,
                "does not decrypt",
            ),
            (
                Frame(FrameType.STORE, mode=Mode.CLASSIC, request_id=3, body=b"x" * 80),
                ErrorCode.UNDECIPHERABLE,
                "",
            ),
            (
                Frame(FrameType.ECHO, mode=Mode.CLASSIC, request_id=3, body=b"?" * LARGE),
                ErrorCode.UNDECIPHERABLE,
                "not base64",
            ),
        ],
    )
    def test_is_answered_alone(
        self, server: Serving, client: RawClient, frame: Frame, code: ErrorCode, reason: str
    ) -> None:
        client.send(store(1), frame, echo(4))
        answers = {}
        for _ in range(3):
            answer = client.receive()
            answers[answer.request_id] = answer
        assert answers[1].type is answers[4].type is FrameType.REPLY
        assert answers[3].type is FrameType.ERROR
        assert int.from_bytes(answers[3].body[:2], "big") == code
        (refused,) = server.events.of(events.RequestRefused)
        assert refused.code is code
        assert reason in refused.reason

    def test_its_id_may_be_used_again(self, client: RawClient) -> None:
        client.send(Frame(FrameType.ECHO, request_id=3))
        client.receive_error()
        client.send(echo(3))
        assert client.receive().body == b"HELLO"


class TestWhatEndsTheConnection:
    """An ERROR under id 0, after the answers to what was asked before, and readable."""

    @pytest.mark.parametrize(
        ("sent", "code", "reason"),
        [
            (b"GET / HTTP/1.1\r\n", ErrorCode.BAD_FRAME, "does not speak"),
            (b"G", ErrorCode.BAD_FRAME, "does not speak"),
            (header(version=2), ErrorCode.UNSUPPORTED_VERSION, "version 2"),
            (header(type=99), ErrorCode.BAD_FRAME, "unknown frame type 99"),
            (header(mode=99), ErrorCode.UNSUPPORTED_MODE, "unknown mode 99"),
            (header(length=2**32 - 1), ErrorCode.TOO_LARGE, "4294967295 bytes"),
            (header(request_id=0), ErrorCode.UNEXPECTED, "request id 0"),
            (header(type=FrameType.HELLO), ErrorCode.UNEXPECTED, "a HELLO in state OPEN"),
            (header(type=FrameType.REPLY), ErrorCode.UNEXPECTED, "a REPLY in state OPEN"),
        ],
    )
    @pytest.mark.parametrize("more", [b"", b"x" * 1_000_000], ids=["alone", "and more"])
    def test_says_why(
        self, client: RawClient, sent: bytes, code: ErrorCode, reason: str, more: bytes
    ) -> None:
        client.send(store(1), sent + more)
        assert client.receive_receipt()[0] == 1
        request_id, received, text = client.receive_error()
        assert (request_id, received) == (0, code)
        assert reason in text
        client.assert_ended()

    def test_a_request_id_that_is_in_use(self, tmp_path: Path) -> None:
        with serving(tmp_path) as server, server.connect() as client:
            client.send(store(1), store(1))
            assert client.receive_receipt()[0] == 1
            assert client.receive_error()[:2] == (0, ErrorCode.UNEXPECTED)
            client.assert_ended()
