"""What keeps messages for the conversations: it takes all that waits, in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from server.message_store import Kept, Message, MessageStore
from wire.errors import LabFailed

Answer = Callable[[Kept | LabFailed], None]

_LARGEST_BATCH = 1024
_LARGEST_BATCH_BYTES = 64 * 1024 * 1024
"""How much of messages goes into one transaction, so that the log of it stays small."""
_LARGE = 1024 * 1024
"""Bytes of messages from which on a batch is written in the thread, as it takes a while."""


class Writer:
    """Stands between one event loop and the message store.

    The wait for the disk is a thread's. What needs the processor is done in the
    loop: threads that share an interpreter take a quarter longer for it.
    """

    def __init__(self, store: MessageStore) -> None:
        self._store = store
        self._waiting: list[tuple[Message, Answer]] = []
        self._arrived = asyncio.Event()
        self._stopping = False
        self._thread = ThreadPoolExecutor(1, "message writer")
        self._task = asyncio.create_task(self._work())

    def keep(self, message: Message, answer: Answer) -> None:
        """Keep a message, then call `answer`: with LabFailed if it was not kept."""
        self._waiting.append((message, answer))
        self._arrived.set()

    async def stop(self) -> None:
        """Keep all that waits, then close the store."""
        self._stopping = True
        self._arrived.set()
        await self._task
        self._thread.shutdown()
        self._store.close()

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting or not self._stopping:
            await self._arrived.wait()
            if not (batch := self._take()):
                self._arrived.clear()
                continue
            outcomes = await self._keep([message for message, _ in batch])
            for (_, answer), outcome in zip(batch, outcomes, strict=True):
                loop.call_soon(answer, outcome)

    async def _keep(self, messages: list[Message]) -> list[Kept | LabFailed]:
        loop = asyncio.get_running_loop()
        if sum(map(_size, messages)) < _LARGE:
            try:
                kept = self._store.begin(messages)
                await loop.run_in_executor(self._thread, self._store.commit)
                self._store.publish()
                return list(kept)
            except Exception:
                pass  # `keep` meets it again, message by message, and finds whose fault it is.
        return await loop.run_in_executor(self._thread, self._store.keep, messages)

    def _take(self) -> list[tuple[Message, Answer]]:
        """What waits, as far as it fits into one transaction; at least one, if any waits."""
        size = count = 0
        for message, _ in self._waiting[:_LARGEST_BATCH]:
            if size >= _LARGEST_BATCH_BYTES:
                break
            size += _size(message)
            count += 1
        batch, self._waiting = self._waiting[:count], self._waiting[count:]
        return batch


def _size(message: Message) -> int:
    return len(message.plaintext) + len(message.ciphertext)
