"""docs/protocol.md on the labs' own wires: its examples, replayed, and its figures."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from client.raw_connection import CLOSING_SECONDS
from client.raw_mp4 import _SLOWEST
from server.raw_client import STOP_SECONDS
from server.raw_cs330 import UNFINISHED_SECONDS
from server.raw_server import MOST_CLIENTS
from tests.docs.test_protocol_page import MESSAGE, PAGE, PASSWORD, blocks, table
from tests.programs import running_server
from wire import raw
from wire.ciphers import secure
from wire.errors import NoServer, ProtocolError, TimedOut
from wire.frames import Mode
from wire.raw import encode_message, encode_word

SECTION = PAGE.split("\n## The labs' own wires\n", 1)[1].split("\n## ", 1)[0]
WORD, SECRET = b"abcd", b"the answer is no"

Send = tuple[str, bytes, str]
"""Who sends, `>` or `<`; the bytes; and what the page calls them."""


def read_sends(language: str) -> list[Send]:
    """A conversation's sends; rows without a sign go on with the one above them."""
    sends: list[Send] = []
    (text,) = blocks(language)
    for line in text.splitlines():
        match = re.fullmatch(r"([<> ]) ((?:[0-9a-f]{2} ?){1,16})(?: *(\S.*))?", line)
        assert match, line
        sign, data, name = match[1], bytes.fromhex(match[2]), match[3] or ""
        if sign == " ":
            sign, before, name = sends.pop()
            data = before + data
        sends.append((sign, data, name))
    return sends


def test_the_message_is_what_a_client_sends() -> None:
    assert read_sends("mp4") == [(">", encode_message(MESSAGE, PASSWORD), "")]


def test_the_words_are_what_a_client_sends() -> None:
    _, ciphertext = secure.seal(SECRET, secure.KEY)
    words = [(Mode.OPEN, WORD), (Mode.SECURE, ciphertext), (Mode.NONE, raw.GOODBYE)]
    sends = read_sends("cs330")
    assert [data for sign, data, _ in sends if sign == ">"] == [
        part for word in words for part in encode_word(*word)
    ]
    for _, data, name in sends:
        assert name == (f"[{SECRET.decode()}]" if data == ciphertext else data.decode())


@pytest.mark.parametrize("dialect", ["mp4", "cs330"])
def test_the_conversation_is_what_a_server_says(tmp_path: Path, dialect: str) -> None:
    with (
        running_server(tmp_path, "--dialect", dialect) as server,
        socket.create_connection((server.host, server.port), timeout=20) as connection,
        connection.makefile("rb") as answers,
    ):
        for sign, data, _ in read_sends(dialect):
            if sign == ">":
                connection.sendall(data)
            else:
                assert answers.read(len(data)) == data
        connection.shutdown(socket.SHUT_WR)
        assert answers.read() == b""
    if dialect == "mp4":
        assert MESSAGE in server.log(0)


def test_the_exit_codes() -> None:
    stated = [code for code, _ in table("### mp4")]
    assert stated == ["0", *(str(kind.exit_code) for kind in (NoServer, ProtocolError, TimedOut))]


def test_the_options() -> None:
    stated = {option: word for option, word, _ in table("### cs330")}
    assert stated.keys() == {digit.decode() for digit in raw.OPTIONS.values()}
    assert stated["3"] == raw.GOODBYE.decode()


@pytest.mark.parametrize(
    ("figure", "value"),
    [
        (r"wait ([\d.]+) seconds between two sends", raw.PAUSE_SECONDS),
        (r"waits ([\d.]+) seconds for it", raw.GRACE_SECONDS),
        (r"until ([\d.]+) seconds of silence", raw.GRACE_SECONDS),
        (r"a message in (\d+) seconds", UNFINISHED_SECONDS),
        (r"closed (\d+) seconds after it", CLOSING_SECONDS),
        (r"a multiple of (\d+) bytes in front", raw.BLOCK_SIZE),
        (r"(\d+) clients are served at once", MOST_CLIENTS),
    ],
)
def test_the_figures(figure: str, value: float) -> None:
    (stated,) = re.findall(figure, SECTION)
    assert float(stated) == value


def test_the_figures_that_are_words() -> None:
    assert "waits a second for the rest" in SECTION
    assert STOP_SECONDS == 1
    assert "a second more for each MiB" in SECTION
    assert _SLOWEST == 2**20
