"""One client's conversation, from HELLO to BYE."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

from server.limits import Limits
from server.message_store import Kept, Message
from server.writer import Writer
from wire import events
from wire.ciphers import cipher_for
from wire.errors import ErrorCode, ProtocolError, TimedOut
from wire.frames import (
    MESSAGE_MODES,
    MORE,
    Frame,
    FrameType,
    Hello,
    Mode,
    decode_store,
    error_frame,
)
from wire.session import Party, Session, State
from wire.stream import FrameReader

OnEvent = Callable[[events.Event], None]

_RECEIVE_SIZE = 65536
_LARGE_BODY = 256 * 1024
"""Bytes from which decryption goes to a thread, so that other clients need not wait for it."""
_LINGER_SECONDS = 1.0


class Conversation:
    """Reads requests and answers them; requests may be pipelined."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        client: events.Address,
        message_writer: Writer,
        limits: Limits,
        on_event: OnEvent,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._client = client
        self._message_writer = message_writer
        self._limits = limits
        self._on_event = on_event
        self._frames = FrameReader(limits.largest_body)
        self._session = Session()
        self._answered = asyncio.Event()

    async def run(self) -> None:
        """Talk until either side ends it. Cancelled, it answers what was asked, then says BYE."""
        goodbye = False
        try:
            self._on_event(events.ClientConnected(self._client))
            self._send(Hello(MESSAGE_MODES, self._limits.largest_body).frame())
            goodbye = await self._converse()
        except ProtocolError as error:
            await self._refuse_all(error.code, str(error))
        except TimedOut as error:
            await self._refuse_all(ErrorCode.TOO_SLOW, str(error))
        except OSError:
            pass  # The client is gone; what it asked for is kept, and it can ask again.
        except asyncio.CancelledError:
            await self._end()
        finally:
            self._on_event(events.ClientLeft(self._client, goodbye))
            if goodbye:
                self._send(Frame(FrameType.BYE))
            self._writer.close()

    async def _converse(self) -> bool:
        """Whether the client said BYE, rather than just left."""
        started = time.monotonic()
        while data := await self._receive(started):
            if not self._frames.pending:
                started = time.monotonic()
            self._frames.feed(data)
            while frame := self._frames.next_frame():
                started = time.monotonic()
                self._session.advance(Party.CLIENT, frame)
                if frame.type is FrameType.BYE:
                    await self._answered_all_but(0)
                    return True
                await self._take(frame)
            async with asyncio.timeout(self._limits.grace_seconds):
                await self._writer.drain()
        return False

    async def _receive(self, started: float) -> bytes:
        """What comes next, b"" at the end. Raises TimedOut."""
        received = self._frames.pending
        if received:
            deadline = started + self._limits.message_deadline(received)
            left, fault = deadline - time.monotonic(), "a message came too slowly"
        else:
            left, fault = self._limits.idle_seconds, "nothing was asked for too long"
        try:
            async with asyncio.timeout(left):
                return await self._reader.read(_RECEIVE_SIZE)
        except TimeoutError:
            raise TimedOut(fault) from None

    async def _take(self, frame: Frame) -> None:
        """Act on a request; what is wrong with it alone is answered, and the next may come."""
        try:
            if frame.mode not in MESSAGE_MODES:
                raise ProtocolError(ErrorCode.UNSUPPORTED_MODE, "a request needs a mode")
            if frame.type is FrameType.STORE:
                await self._store(frame)
            else:
                await self._echo(frame)
        except ProtocolError as error:
            self._refuse(error.code, str(error), frame.request_id)
        await self._answered_all_but(self._limits.pipelined - 1)

    async def _store(self, frame: Frame) -> None:
        message_id, payload = decode_store(frame)
        plaintext = await self._decrypt(frame, payload)
        ciphertext = cipher_for(frame.mode).log_text(payload)
        message = Message(message_id, frame.mode, time.time(), plaintext, ciphertext)

        def answer(kept: asyncio.Future[Kept]) -> None:
            fault = kept.exception()
            if fault is not None:
                self._refuse(ErrorCode.UNAVAILABLE, str(fault), frame.request_id)
                return
            receipt, repeated = kept.result().receipt, kept.result().repeated
            self._on_event(
                events.MessageStored(self._client, frame.mode, len(ciphertext), receipt, repeated)
            )
            self._send(receipt.frame(frame.request_id))

        self._message_writer.keep(message).add_done_callback(answer)

    async def _echo(self, frame: Frame) -> None:
        word = await self._decrypt(frame, frame.body)
        self._on_event(events.WordReceived(self._client, frame.mode, frame.body, word))
        if frame.mode is Mode.OPEN:
            self._reply(frame.request_id, Mode.OPEN, _capitalize(word))
            return
        self._reply(frame.request_id, Mode.OPEN, word, MORE)
        cipher = cipher_for(frame.mode)
        flags, payload = cipher.seal(word, cipher.derive_key(""))
        self._reply(frame.request_id, frame.mode, payload, flags)

    async def _decrypt(self, frame: Frame, payload: bytes) -> bytes:
        unseal = cipher_for(frame.mode).unseal
        if len(payload) < _LARGE_BODY:
            return unseal(frame.flags, payload)
        return await asyncio.to_thread(unseal, frame.flags, payload)

    def _reply(self, request_id: int, mode: Mode, body: bytes, flags: int = 0) -> None:
        self._send(Frame(FrameType.REPLY, mode=mode, flags=flags, request_id=request_id, body=body))

    def _refuse(self, code: ErrorCode, reason: str, request_id: int) -> None:
        self._on_event(events.RequestRefused(self._client, code, reason))
        self._send(error_frame(code, reason, request_id))

    async def _refuse_all(self, code: ErrorCode, reason: str) -> None:
        """End the connection with an ERROR, and let the client read it.

        Closing with bytes unread would reset the connection, and the ERROR be lost with it.
        """
        await self._answered_all_but(0)
        self._refuse(code, reason, 0)
        with suppress(OSError):
            self._writer.write_eof()
            async with asyncio.timeout(_LINGER_SECONDS):
                while await self._reader.read(_RECEIVE_SIZE):
                    pass

    async def _end(self) -> None:
        await self._answered_all_but(0)
        if self._session.state is State.OPEN:
            self._send(Frame(FrameType.BYE))

    def _send(self, frame: Frame) -> None:
        self._session.advance(Party.SERVER, frame)
        if not self._writer.is_closing():
            self._writer.write(frame.encode())
        self._answered.set()

    async def _answered_all_but(self, most: int) -> None:
        """Wait until at most `most` requests lack their answer."""
        while len(self._session.unanswered) > most:
            self._answered.clear()
            await self._answered.wait()


def _capitalize(word: bytes) -> bytes:
    """The word in capitals; bytes that are no UTF-8 stay as they are."""
    return word.decode(errors="surrogateescape").upper().encode(errors="surrogateescape")


async def refuse_busy(
    writer: asyncio.StreamWriter, client: events.Address, on_event: OnEvent
) -> None:
    """Tell a client that there are too many."""
    reason = "too many connections"
    on_event(events.RequestRefused(client, ErrorCode.BUSY, reason))
    writer.write(error_frame(ErrorCode.BUSY, reason).encode())
    with suppress(OSError):
        await writer.drain()
    writer.close()
