"""What it takes to play mp4's programs without the grader: messages, a network, readiness, a relay.

check50's interpreter imports this too, so nothing here may need more than the standard library.
"""

from __future__ import annotations

import re
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from grading.sandbox import tables
from grading.sandbox.network import Host
from grading.sandbox.tables import Bound
from wire.ciphers import classic

_SAMPLES = Path(__file__).resolve().parent.parent / "sample_messages"
MESSAGES = {
    f"message{number}.txt": (_SAMPLES / name).read_bytes()
    for number, name in enumerate(("message0.txt", "message1.txt", "message4.txt"))
}
"""As long as those that labs/mp4 draws: 107, 2169 and 64 bytes."""
PASSWORD = "sixteen and 4 more.."
NETWORK = ("unshare", "--map-root-user", "--net", "--uts")
"""Starts a program that may make networks, whoever the user is."""
SPLIT = 700
"""Bytes that a message in pieces comes in at a time."""

Found = TypeVar("Found")

_PATIENCE_SECONDS = 5.0
_TICK_SECONDS = 0.002
_MOST = 65536


def enter_own_network() -> None:
    """Leave for a network where every IPv4 address and port is free.

    This process has to be started by NETWORK. Raises OSError.
    """
    Host("alone").enter()
    socket.sethostname("localhost")  # its address is then known without asking anyone


def let_programs_be_interrupted() -> None:
    """Have what is started heed SIGINT, even where a shell's background job starts it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def wait_for(find: Callable[[], Found]) -> Found:
    """What is found as soon as it is something; for what the kernel announces by no event."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not (found := find()) and time.monotonic() < deadline:
        time.sleep(_TICK_SECONDS)
    return found


def where_it_listens(process: int) -> Bound | None:
    """Where to reach a program, or one that it started, once it listens; None if it never does."""

    def found() -> Bound | None:
        return next(iter(tables.listening("tcp", tables.family(process))), None)

    bound = wait_for(found)
    if bound is None:
        return None
    return Bound(bound.address.replace("0.0.0.0", "127.0.0.1"), bound.port)


def sealed(plaintext: bytes) -> bytes:
    """What a client has to send of a message: the key, then the ciphertext."""
    return classic.seal(plaintext, classic.derive_key(PASSWORD))[1]


def log_of(plaintext: bytes) -> re.Pattern[bytes]:
    """The log file that a server has to write of a message, whenever it came."""
    ciphertext = classic.log_text(sealed(plaintext))
    sizes = (
        f"Total Encrypted Message Size: {len(ciphertext)} bytes\n"
        f"Total Decrypted Message Size: {len(plaintext)} bytes\n"
    ).encode()
    return re.compile(
        rb"Message Received at: \w{3} \w{3} \d\d, \d{4} \d\d:\d\d:\d\d\n\n"
        + re.escape(sizes)
        + rb"-----\nDECRYPTED MESSAGE CONTENT\n-----\n\n%b\n\n" % re.escape(plaintext)
        + rb"-----\nENCRYPTED MESSAGE CONTENT\n-----\n\n%b\n" % re.escape(ciphertext)
    )


class Relay:
    """Takes clients at a port, and hands on what they send; a context manager.

    One client after the other, as mp4's clients come. `received` is what each has sent.
    """

    def __init__(self, port: int, server: Bound, split: int = _MOST) -> None:
        """`port` may be 0, for any; `split`: hand on at most so many bytes at a time."""
        self.received: list[bytearray] = []
        self._server = server
        self._split = split
        self._listening = socket.create_server(("", port))
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Relay:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:  # no more are taken
                return
            taken = bytearray()
            self.received.append(taken)
            with client, suppress(ConnectionError):  # an end that resets has had enough
                self._forward(client, taken)

    def _forward(self, client: socket.socket, taken: bytearray) -> None:
        with socket.create_connection((self._server.address, self._server.port)) as server:
            ends = server.getpeername(), server.getsockname()
            while data := client.recv(_MOST):
                taken += data
                for start in range(0, len(data), self._split):
                    server.sendall(data[start : start + self._split])
                    if self._split < _MOST:
                        wait_for(lambda: not tables.unread(*ends))
            server.shutdown(socket.SHUT_WR)
            while reply := server.recv(_MOST):
                client.sendall(reply)
