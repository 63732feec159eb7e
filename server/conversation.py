"""One client's conversation, from HELLO to BYE."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from server.closing import LINGER_SECONDS, close_gently
from server.limits import Limits
from server.message_store import Kept, Message
from server.writer import Writer
from wire import events
from wire.ciphers import cipher_for
from wire.errors import ErrorCode, LabFailed, ProtocolError, TimedOut
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
Result = TypeVar("Result")

_RECEIVE_SIZE = 65536
_LARGE_BODY = 256 * 1024
"""Bytes from which a body is worked on in a thread, so that other clients need not wait for it."""


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
        self._talking = True
        self._waited = 0.0

    def start(self) -> asyncio.Task[None]:
        """Talk, until either side ends it."""
        self._task = asyncio.create_task(self._run())
        return self._task

    def stop(self) -> None:
        """Ask no more: answer what was asked, say BYE and close."""
        if self._talking:
            self._task.cancel()

    async def _run(self) -> None:
        farewell = await self._talk()
        self._talking = False
        # A client that is silent and was not refused has nothing under way for closing to cut.
        idle = farewell.type is FrameType.BYE and not (
            self._session.unanswered or self._frames.pending
        )
        try:
            await self._answered_all_but(0)
        finally:
            goodbye = self._session.state is State.ENDING
            self._on_event(events.ClientLeft(self._client, goodbye))
        self._send(farewell)
        unsent = self._writer.transport.get_write_buffer_size()
        await close_gently(
            self._reader,
            self._writer,
            (0 if idle else LINGER_SECONDS) + self._limits.reading_seconds(unsent),
        )

    async def _talk(self) -> Frame:
        """The frame to part with."""
        try:
            self._on_event(events.ClientConnected(self._client))
            self._send(Hello(MESSAGE_MODES, self._limits.largest_body).frame())
            await self._converse()
        except ProtocolError as error:
            return self._refusal(error.code, str(error))
        except TimedOut as error:
            return self._refusal(ErrorCode.TOO_SLOW, str(error))
        except (OSError, asyncio.CancelledError):
            pass  # The client is gone, or the server stops.
        return Frame(FrameType.BYE)

    async def _converse(self) -> None:
        """Act on requests until the client says BYE, or leaves."""
        while data := await self._receive():
            self._frames.feed(data)
            while frame := self._frames.next_frame():
                self._waited = 0.0
                self._session.advance(Party.CLIENT, frame)
                if frame.type is FrameType.BYE:
                    return
                await self._take(frame)
                if self._frames.pending:
                    # Many small frames may have come at once: let others have a turn in between.
                    await asyncio.sleep(0)
            await self._drain()

    async def _receive(self) -> bytes:
        """What comes next, b"" at the end. Raises TimedOut.

        Only the time spent here counts against a message that is on its way.
        """
        received = self._frames.pending
        if received:
            left = self._limits.message_deadline(received) - self._waited
            fault = "a message came too slowly"
        else:
            left, fault = self._limits.idle_seconds, "nothing was asked for too long"
        began = time.monotonic()
        try:
            async with asyncio.timeout(left):
                return await self._reader.read(_RECEIVE_SIZE)
        except TimeoutError:
            raise TimedOut(fault) from None
        finally:
            self._waited = self._waited + time.monotonic() - began if received else 0.0

    async def _drain(self) -> None:
        """Wait until the client has taken most of what was sent. Raises TimedOut."""
        unsent = self._writer.transport.get_write_buffer_size()
        if not unsent:
            return
        try:
            async with asyncio.timeout(self._limits.message_deadline(unsent)):
                await self._writer.drain()
        except TimeoutError:
            raise TimedOut("an answer was not read in time") from None

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
            self._send(self._refusal(error.code, str(error), frame.request_id))
        except asyncio.CancelledError:
            reason = "the server is being stopped"
            self._send(self._refusal(ErrorCode.UNAVAILABLE, reason, frame.request_id))
            raise
        # One large message at a time, or a client could fill the memory with them.
        large = len(frame.body) >= _LARGE_BODY
        await self._answered_all_but(0 if large else self._limits.pipelined - 1)

    async def _store(self, frame: Frame) -> None:
        message_id, payload = decode_store(frame)
        cipher = cipher_for(frame.mode)
        plaintext = await _compute(frame, lambda: cipher.unseal(frame.flags, payload))
        ciphertext = await _compute(frame, lambda: cipher.log_text(payload))
        message = Message(message_id, frame.mode, time.time(), plaintext, ciphertext)

        def answer(kept: Kept | LabFailed) -> None:
            if isinstance(kept, LabFailed):
                self._send(self._refusal(ErrorCode.UNAVAILABLE, str(kept), frame.request_id))
                return
            receipt, repeated = kept.receipt, kept.repeated
            self._on_event(
                events.MessageStored(self._client, frame.mode, len(ciphertext), receipt, repeated)
            )
            self._send(receipt.frame(frame.request_id))

        self._message_writer.keep(message, answer)

    async def _echo(self, frame: Frame) -> None:
        cipher = cipher_for(frame.mode)
        word = await _compute(frame, lambda: cipher.unseal(frame.flags, frame.body))
        self._on_event(events.WordReceived(self._client, frame.mode, frame.body, word))
        if frame.mode is Mode.OPEN:
            capitals = await _compute(frame, lambda: _capitalize(word))
            self._reply(frame.request_id, Mode.OPEN, capitals)
            return
        flags, payload = await _compute(frame, lambda: cipher.seal(word, cipher.derive_key("")))
        self._reply(frame.request_id, Mode.OPEN, word, MORE)
        self._reply(frame.request_id, frame.mode, payload, flags)

    def _reply(self, request_id: int, mode: Mode, body: bytes, flags: int = 0) -> None:
        self._send(Frame(FrameType.REPLY, mode=mode, flags=flags, request_id=request_id, body=body))

    def _refusal(self, code: ErrorCode, reason: str, request_id: int = 0) -> Frame:
        self._on_event(events.RequestRefused(self._client, code, reason))
        return error_frame(code, reason, request_id)

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


async def refuse_busy(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    client: events.Address,
    on_event: OnEvent,
) -> None:
    """Tell a client that there are too many."""
    reason = "too many connections"
    on_event(events.RequestRefused(client, ErrorCode.BUSY, reason))
    writer.write(error_frame(ErrorCode.BUSY, reason).encode())
    await close_gently(reader, writer)


async def _compute(frame: Frame, work: Callable[[], Result]) -> Result:
    """The work of a frame; for a large one in a thread, so that other clients need not wait."""
    return work() if len(frame.body) < _LARGE_BODY else await asyncio.to_thread(work)


def _capitalize(word: bytes) -> bytes:
    """The word in capitals; bytes that are no UTF-8 stay as they are."""
    return word.decode(errors="surrogateescape").upper().encode(errors="surrogateescape")
