"""Durable receipts a second: 64 clients on persistent connections, against aiosmtpd.

Both servers get the same bytes, over sockets that stay open, from one load
generator; a message counts when its receipt (SMTP: the 250 after DATA) is here.
aiosmtpd delivers into a Maildir, which syncs each file, as a stock setup does.
Neither prints anything meanwhile.

Leave some minutes between two runs: ext4 passes over inodes that were freed a
short while ago, one by one, and then making files is all that is measured.
"""

from __future__ import annotations

import socket
import textwrap
import time
from collections.abc import Callable, Generator
from functools import partial
from os import urandom
from selectors import EVENT_READ, DefaultSelector

from benchmarks.measure import ROOT, medians, prepare, serving, working_folder
from wire.ciphers import classic
from wire.frames import (
    HEADER,
    MESSAGE_ID_SIZE,
    FrameType,
    Mode,
    Receipt,
    decode_header,
    store_frame,
)

ROUNDS = 7
CLIENTS = 64
MESSAGES_EACH = {"wirelab": 60, "aiosmtpd": 15}
GOAL = 5.0

_, PAYLOAD = classic.seal((ROOT / "sample_messages" / "message1.txt").read_bytes(), b"k" * 32)
SMTP_BODY = "\r\n".join(textwrap.wrap(PAYLOAD.decode(), 76)).encode()[: len(PAYLOAD)] + b"\r\n.\r\n"

Dialogue = Generator[bytes, bytes, None]
"""A client: yields what it sends, and is sent whatever came back."""


def store_messages(messages: int) -> Dialogue:
    """Wirelab's client: one STORE after the other, each with its receipt."""
    received = yield b""
    while len(received) < HEADER.size:
        received += yield b""
    for request_id in range(1, messages + 1):
        message_id = urandom(MESSAGE_ID_SIZE)
        received = yield store_frame(Mode.CLASSIC, 0, message_id, PAYLOAD, request_id).encode()
        while len(received) < HEADER.size:
            received += yield b""
        reply, length = decode_header(received[: HEADER.size], 1024)
        while len(received) < HEADER.size + length:
            received += yield b""
        reply.body = received[HEADER.size :]
        if reply.type is not FrameType.REPLY or Receipt.decode(reply).message_id != message_id:
            raise ConnectionError(f"no receipt but {reply}")


def mail_messages(messages: int) -> Dialogue:
    """SMTP's client (RFC 5321): one transaction after the other on one connection."""

    def say(line: bytes, code: bytes) -> Dialogue:
        received = yield line
        while not received.endswith(b"\n") or received.splitlines()[-1][3:4] == b"-":
            received += yield b""
        if not received.startswith(code):
            raise ConnectionError(received)

    yield from say(b"", b"220")
    yield from say(b"EHLO bench\r\n", b"250")
    for _ in range(messages):
        yield from say(b"MAIL FROM:<student@example.org>\r\n", b"250")
        yield from say(b"RCPT TO:<lab@example.org>\r\n", b"250")
        yield from say(b"DATA\r\n", b"354")
        yield from say(SMTP_BODY, b"250")


def load(name: str, port: int, client: Callable[[int], Dialogue]) -> float:
    """Receipts a second over all clients, from the first connect to the last receipt.

    One loop over the sockets and nothing else: the generator runs on the cores
    that the servers need.
    """
    started = time.perf_counter()
    with DefaultSelector() as selector:
        for _ in range(CLIENTS):
            connection = socket.create_connection(("127.0.0.1", port))
            dialogue = client(MESSAGES_EACH[name])
            connection.sendall(next(dialogue))
            selector.register(connection, EVENT_READ, dialogue)
        while selector.get_map():
            for key, _ in selector.select():
                connection = key.fileobj  # type: ignore[assignment]
                received = connection.recv(65536)
                if not received:
                    raise ConnectionError(f"{name} hung up")
                try:
                    connection.sendall(key.data.send(received))
                except StopIteration:
                    selector.unregister(connection)
                    connection.close()
    return CLIENTS * MESSAGES_EACH[name] / (time.perf_counter() - started)


def main() -> None:
    prepare()
    with (
        working_folder() as folder,
        serving(
            "-m", "server", "--quiet", "--port", "0", "--logs", str(folder / "logs")
        ) as wirelab,
        serving("-m", "benchmarks.smtp_peer", str(folder / "maildir")) as aiosmtpd,
    ):
        figures = medians(
            {
                "wirelab": partial(load, "wirelab", wirelab, store_messages),
                "aiosmtpd": partial(load, "aiosmtpd", aiosmtpd, mail_messages),
            },
            ROUNDS,
        )
    print(
        f"durable receipts of {len(PAYLOAD)} bytes, {CLIENTS} clients: Wirelab"
        f" {figures['wirelab']:.0f}/s, aiosmtpd with Maildir {figures['aiosmtpd']:.0f}/s:"
        f" {figures['wirelab'] / figures['aiosmtpd']:.1f} x (goal: at least {GOAL:.0f}),"
        f" medians of {ROUNDS}"
    )


if __name__ == "__main__":
    main()
