"""Checks by what crossed the wire, on recordings made here."""

from __future__ import annotations

import pytest

from capture.events import Data, Direction, Event, Opened, Side
from grading.derived import complete
from grading.lab import Derived, WireCheck
from grading.wire_checks import fault_on_the_wire
from wire.ciphers import classic

SIDE = Side(("127.0.0.1", 1), ("127.0.0.1", 2))
KEY = classic.derive_key("secret")
TEXTS = {"word": "abcd", "first": "one", "second": "two"}


def recorded(*connections: list[bytes], direction: Direction = Direction.TO_SERVER) -> list[Event]:
    """The events of connections, each given by its pieces."""
    events: list[Event] = []
    for number, pieces in enumerate(connections, start=1):
        events.append(Opened(0, number, SIDE, SIDE))
        events += [Data(0, number, direction, piece) for piece in pieces]
    return events


def message(text: bytes) -> bytes:
    return classic.seal(text, KEY)[1]


HOLD = {
    "connections": (WireCheck(name="n", check="connections", count=2), [[b"a"], []]),
    "never": (WireCheck(name="n", check="never", text="{word}"), [[b"ab"], [b"cd"]]),
    "carries": (WireCheck(name="n", check="carries", text="{word}"), [[b"x"], [b"ab", b"cd1"]]),
    "hex": (WireCheck(name="n", check="carries", hex="00ff"), [[b"x\0\xff"]]),
    "ciphertext": (
        WireCheck(name="n", check="ciphertext", texts=("{first}", "{second}")),
        [[KEY, message(b"one")[32:]], [message(b"two")]],
    ),
}


@pytest.mark.parametrize(("check", "connections"), HOLD.values(), ids=HOLD)
def test_it_holds(check: WireCheck, connections: list[list[bytes]]) -> None:
    assert fault_on_the_wire(check, recorded(*connections), TEXTS) == ""


@pytest.mark.parametrize(
    ("check", "connections", "told"),
    [
        (HOLD["connections"][0], [[b"a"]], "1 connections were made, and 2"),
        (HOLD["never"][0], [[b"x"], [b"xab", b"cdy"]], "connection 2, byte 1: b'abcdy'"),
        (HOLD["never"][0], [[]], "nothing was sent"),
        (HOLD["carries"][0], [[b"abc"], []], "b'abcd' never crossed to server. What did: b'abc'"),
        (HOLD["carries"][0], [], "What did: nothing at all"),
        (HOLD["hex"][0], [[b"\xff\0"]], "never crossed"),
        (HOLD["ciphertext"][0], [], "nothing was sent"),
        (HOLD["ciphertext"][0], [[message(b"one")]], "only 1 of 2"),
        (HOLD["ciphertext"][0], [[message(b"two")], []], "decrypts to b'two'"),
        (HOLD["ciphertext"][0], [[message(b"one")[32:]], []], "connection 1: "),
        (HOLD["ciphertext"][0], [[b"short"], []], "too short for a key"),
    ],
)
def test_why_it_does_not(check: WireCheck, connections: list[list[bytes]], told: str) -> None:
    assert told in fault_on_the_wire(check, recorded(*connections), TEXTS)


def test_the_other_direction_does_not_count() -> None:
    back = recorded([b"abcd"], direction=Direction.TO_CLIENT)
    check = WireCheck(name="n", check="carries", text="{word}")
    assert fault_on_the_wire(check, back, TEXTS)
    other = WireCheck(name="n", check="carries", text="{word}", direction="to client")
    assert fault_on_the_wire(other, back, TEXTS) == ""


def test_long_pieces_are_cut_with_their_size() -> None:
    check = WireCheck(name="n", check="carries", text="{word}")
    assert "and 76 bytes more" in fault_on_the_wire(check, recorded([b"x" * 100]), TEXTS)


def test_texts_derived_from_inputs() -> None:
    texts = complete(
        {"word": "aße", "secret": "the answer is no", "password": "p"},
        {
            "capitals": Derived(of="word", how="capitals"),
            "backwards": Derived(of="word", how="reverse"),
            "sealed": Derived(of="secret", how="secure"),
            "key": Derived(of="password", how="key"),
            "ciphertext": Derived(of="secret", how="classic", password="password"),
        },
    )
    assert (texts["capitals"], texts["backwards"], texts["word_size"]) == ("ASSE", "eßa", "4")
    assert texts["sealed"] == r"b'utgs\x8a\t\x0c\x8b\xef\x19\xa89\xf5\x06\xc5U'"  # the lab's own
    assert bytes.fromhex(texts["sealed_hex"]).startswith(b"utgs")
    assert texts["key"] == classic.derive_key("p").hex()
    plaintext = classic.decrypt(texts["ciphertext"].encode(), classic.derive_key("p"))
    assert plaintext == b"the answer is no"
    assert texts["ciphertext_size"] == str(len(texts["ciphertext"]))
