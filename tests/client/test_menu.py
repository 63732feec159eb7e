from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from client.connection import Connection
from client.menu import run_menu
from server.limits import Limits
from tests.client.support import Script, greets_then, hangs_up, says, scripted_server
from tests.server.support import BYE, LOOPBACK, PATIENCE, Serving, serving
from wire import events
from wire.errors import NoServer
from wire.frames import Mode

Answer = tuple[Mode, bytes] | type[BaseException] | None
QUIT = None


class Voice:
    """Answers as it is told, and notes what is shown."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = iter(answers)
        self._word = b""
        self.shown: list[tuple[object, ...]] = []

    def ask_mode(self) -> Mode | None:
        answer = next(self._answers)
        if isinstance(answer, type):
            raise answer
        if answer is None:
            return None
        mode, self._word = answer
        return mode

    def ask_word(self, mode: Mode) -> bytes:
        return self._word

    def established(self) -> None:
        self.shown.append(("established",))

    def too_long(self, largest: int) -> None:
        self.shown.append(("too long", largest))

    def sending(self, mode: Mode, word: bytes, payload: bytes) -> None:
        self.shown.append(("sending", word))

    def capitalized(self, word: bytes) -> None:
        self.shown.append(("capitalized", word))

    def decrypted(self, word: bytes) -> None:
        self.shown.append(("decrypted", word))

    def encrypted(self, payload: bytes) -> None:
        self.shown.append(("encrypted", payload))

    def quitting(self) -> None:
        self.shown.append(("quitting",))

    def ended(self) -> None:
        self.shown.append(("ended",))


def run(port: int, voice: Voice) -> None:
    with Connection(LOOPBACK, port, PATIENCE) as connection:
        run_menu(connection, voice)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Serving]:
    with serving(tmp_path, Limits(largest_body=6001)) as running:
        yield running


@pytest.mark.parametrize(
    "word", ["a", "x" * 15, "the answer is no", "x" * 17, "x" * 5000, "", "größe"]
)
def test_a_word_in_each_mode(server: Serving, word: str) -> None:
    sent = word.encode()
    voice = Voice((Mode.OPEN, sent), (Mode.SECURE, sent), QUIT)
    run(server.address[1], voice)
    kinds = [said[0] for said in voice.shown]
    assert kinds == [
        "established",
        "sending",
        "capitalized",
        "sending",
        "decrypted",
        "encrypted",
        "quitting",
        "ended",
    ]
    assert voice.shown[2][1] == word.upper().encode()
    assert voice.shown[4][1] == sent
    assert server.events.wait_for(events.ClientLeft)[0].goodbye


def test_a_word_that_the_server_does_not_take(server: Serving) -> None:
    voice = Voice((Mode.OPEN, b"x" * 6002), (Mode.SECURE, b"x" * 6001), (Mode.OPEN, b"a"), QUIT)
    run(server.address[1], voice)
    assert voice.shown[1:4] == [("too long", 6001), ("too long", 6001), ("sending", b"a")]


def test_the_end_of_the_input_quits_in_order(server: Serving) -> None:
    voice = Voice((Mode.OPEN, b"a"), EOFError)
    run(server.address[1], voice)
    assert voice.shown[-2:] == [("quitting",), ("ended",)]
    assert server.events.wait_for(events.ClientLeft)[0].goodbye


def test_an_interrupt_quits_in_order_and_goes_on(server: Serving) -> None:
    voice = Voice(KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        run(server.address[1], voice)
    assert voice.shown[-2:] == [("quitting",), ("ended",)]
    assert server.events.wait_for(events.ClientLeft)[0].goodbye


@pytest.mark.parametrize("script", [hangs_up, says(BYE.encode())])
def test_a_server_that_goes_away(script: Script) -> None:
    voice = Voice((Mode.OPEN, b"a"), QUIT)
    with scripted_server(greets_then(script)) as port, pytest.raises(NoServer):
        run(port, voice)
    assert voice.shown == [("established",), ("sending", b"a")]
