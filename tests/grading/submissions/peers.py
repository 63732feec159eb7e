"""The other side, for the sides of submissions that are to be right.

Over the labs' raw wires (no framing, LABS.md), with what they send split into pieces
that are read one by one, or joined: a program that takes one recv for one message
does not get through.
"""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from server.log_files import log_name, render
from tests.programs import ROOT
from wire.ciphers import classic

SECONDS = 20
"""The longest that anything is waited for."""

PASSWORD = "pass wörd"
MESSAGES = [ROOT / f"sample_messages/message{number}.txt" for number in (1, 3, 4)]
"""Long; not ASCII; a whole number of blocks."""

WORD = b"abcd"
SECRET = b"the answer is no"
HIDDEN = b"utgs\x8a\t\x0c\x8b\xef\x19\xa89\xf5\x06\xc5U"
_OPEN = WORD + b"1"
_SECURE = HIDDEN + b"2"
_QUIT = b"No data3"

_LISTEN = "0A"


def _payload(message: Path) -> bytes:
    return classic.seal(message.read_bytes(), classic.derive_key(PASSWORD))[1]


def _log(message: Path) -> str:
    pieces = render(0, message.read_bytes(), classic.log_text(_payload(message)))
    return b"".join(pieces).decode()


def expected_logs() -> dict[str, str]:
    """What the server has to write, but for the time."""
    return {log_name(number): _log(message) for number, message in enumerate(MESSAGES)}


def send_messages(server: tuple[str, int]) -> None:
    """mp4's client, for all messages: the first one whole, each other one in pieces."""
    for number, message in enumerate(MESSAGES):
        with socket.create_connection(server, SECONDS) as connection:
            _send(connection, _payload(message), pieces=4 if number else 1)
            connection.shutdown(socket.SHUT_WR)
            assert connection.recv(1) == b""


@contextmanager
def taking_messages(port: int) -> Iterator[None]:
    """mp4's server; at the end it must have got all messages, a connection each."""
    with _listener(port) as listener, ThreadPoolExecutor(1) as pool:
        taken = pool.submit(lambda: [_take(listener) for _ in MESSAGES])
        yield
        assert taken.result(SECONDS) == [_payload(message) for message in MESSAGES]


def _take(listener: socket.socket) -> bytes:
    connection, _ = listener.accept()
    with connection, connection.makefile("rb") as stream:
        return stream.read()


def exchange_words(server: tuple[str, int]) -> None:
    """cs330's client: the open word in pieces, the secret one joined with its digit."""
    with socket.create_connection(server, SECONDS) as connection:
        _send(connection, _OPEN, pieces=3)
        assert _receive(connection, len(WORD)) == WORD.upper()
        _send(connection, _SECURE)
        assert _receive(connection, len(SECRET) + len(HIDDEN)) == SECRET + HIDDEN
        _send(connection, _QUIT)
        assert connection.recv(1) == b""


@contextmanager
def answering_words() -> Iterator[None]:
    """cs330's server: the open reply in pieces, both secret ones joined."""
    with _listener(12000) as listener, ThreadPoolExecutor(1) as pool:
        answered = pool.submit(_answer, listener)
        yield
        answered.result(SECONDS)


def _answer(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        assert _receive(connection, len(_OPEN)) == _OPEN
        _send(connection, WORD.upper(), pieces=3)
        assert _receive(connection, len(_SECURE)) == _SECURE
        _send(connection, SECRET + HIDDEN)
        assert _receive(connection, len(_QUIT)) == _QUIT
        assert connection.recv(1) == b""


@contextmanager
def _listener(port: int) -> Iterator[socket.socket]:
    with socket.create_server(("0.0.0.0", port)) as listener:
        listener.settimeout(SECONDS)
        yield listener


def _receive(connection: socket.socket, size: int) -> bytes:
    """All of it, or what came before the end."""
    connection.settimeout(SECONDS)
    received = b""
    while len(received) < size and (more := connection.recv(size - len(received))):
        received += more
    return received


def _send(connection: socket.socket, data: bytes, pieces: int = 1) -> None:
    """Each piece once the one before was read."""
    own_port = connection.getsockname()[1]
    size = -(-len(data) // pieces)
    for start in range(0, len(data), size):
        connection.sendall(data[start : start + size])
        settle(lambda: not any(end.unread for end in _ends() if end.remote_port == own_port))


def listening() -> list[tuple[str, int]]:
    """The addresses that somebody listens on; any address stands as loopback."""
    return [(end.host, end.port) for end in _ends() if end.state == _LISTEN]


@dataclass(frozen=True)
class _End:
    """A TCP socket as the kernel's table shows it; `unread` in bytes."""

    state: str
    host: str
    port: int
    remote_port: int
    unread: int


def _ends() -> Iterator[_End]:
    """All sockets of this network (proc_net_tcp(5))."""
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            _, local, remote, state, queues, *_ = line.split()
            host, port = local.split(":")
            packed = bytes.fromhex(host)[:4][::-1]
            yield _End(
                state,
                socket.inet_ntoa(packed) if any(packed) else "127.0.0.1",
                int(port, 16),
                int(remote.split(":")[1], 16),
                int(queues.split(":")[1], 16),
            )


def settle(condition: Callable[[], bool], process: subprocess.Popen[bytes] | None = None) -> None:
    """Wait for what nobody reports; fails if it does not come, or `process` ends before."""
    latest = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < latest, "it never came"
        assert process is None or process.poll() is None, "it ended before"
        time.sleep(0.002)
