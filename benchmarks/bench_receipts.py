"""Durable receipts a second: 64 clients on persistent connections, against aiosmtpd.

Both servers get the same bytes, over sockets that stay open, from one load
generator; a message counts when its receipt (SMTP: the 250 after DATA) is here.
aiosmtpd delivers into a Maildir, which syncs each file, as a stock setup does.
"""

from __future__ import annotations

import asyncio
import textwrap
import time
from collections.abc import Awaitable, Callable
from functools import partial
from os import urandom

from benchmarks.measure import ROOT, medians, prepare, serving, working_folder
from wire.ciphers import classic
from wire.frames import MESSAGE_ID_SIZE, Frame, FrameType, Mode, Receipt, store_frame
from wire.stream import FrameReader

ROUNDS = 7
CLIENTS = 64
MESSAGES_EACH = {"wirelab": 60, "aiosmtpd": 10}
GOAL = 5.0

_, PAYLOAD = classic.seal((ROOT / "sample_messages" / "message1.txt").read_bytes(), b"k" * 32)
SMTP_BODY = "\r\n".join(textwrap.wrap(PAYLOAD.decode(), 76)).encode()[: len(PAYLOAD)]

Client = Callable[[asyncio.StreamReader, asyncio.StreamWriter, int], Awaitable[None]]


async def store_messages(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, messages: int
) -> None:
    """Wirelab's side: one STORE after the other, each with its receipt."""
    frames = FrameReader()

    async def receive() -> Frame:
        while (frame := frames.next_frame()) is None:
            frames.feed(await reader.read(65536))
        return frame

    await receive()
    for request_id in range(1, messages + 1):
        message_id = urandom(MESSAGE_ID_SIZE)
        writer.write(store_frame(Mode.CLASSIC, 0, message_id, PAYLOAD, request_id).encode())
        reply = await receive()
        if reply.type is not FrameType.REPLY or Receipt.decode(reply).message_id != message_id:
            raise ConnectionError(f"no receipt but {reply}")


async def mail_messages(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, messages: int
) -> None:
    """SMTP's side (RFC 5321): one transaction after the other on one connection."""

    async def expect(code: bytes) -> None:
        while (line := await reader.readline())[3:4] == b"-":
            pass
        if not line.startswith(code):
            raise ConnectionError(line)

    async def say(line: bytes, code: bytes) -> None:
        writer.write(line + b"\r\n")
        await expect(code)

    await expect(b"220")
    await say(b"EHLO bench", b"250")
    for _ in range(messages):
        await say(b"MAIL FROM:<student@example.org>", b"250")
        await say(b"RCPT TO:<lab@example.org>", b"250")
        await say(b"DATA", b"354")
        await say(SMTP_BODY + b"\r\n.", b"250")


async def load(port: int, client: Client, messages: int) -> float:
    """Receipts a second over all clients."""

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await client(reader, writer, messages)
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(CLIENTS)))
    return CLIENTS * messages / (time.perf_counter() - started)


def main() -> None:
    prepare()
    with (
        working_folder() as folder,
        serving("-m", "server", "--port", "0", "--logs", str(folder / "logs")) as wirelab,
        serving("-m", "benchmarks.smtp_peer", str(folder / "maildir")) as aiosmtpd,
    ):

        def rate(name: str, port: int, client: Client) -> float:
            return asyncio.run(load(port, client, MESSAGES_EACH[name]))

        figures = medians(
            {
                "wirelab": partial(rate, "wirelab", wirelab, store_messages),
                "aiosmtpd": partial(rate, "aiosmtpd", aiosmtpd, mail_messages),
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
