"""The thread that keeps messages: it takes all that waits, in one transaction."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue

from server.message_store import Kept, Message, MessageStore
from wire.errors import LabFailed

Answer = Callable[[Kept | LabFailed], None]

_LARGEST_BATCH = 1024
_LARGEST_BATCH_BYTES = 64 * 1024 * 1024
"""How much of messages goes into one transaction, so that the log of it stays small."""


class Writer:
    """Stands between one event loop and the message store, whose only user its thread is."""

    def __init__(self, store: MessageStore) -> None:
        self._store = store
        self._loop = asyncio.get_running_loop()
        self._queue: SimpleQueue[tuple[Message, Answer] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="message writer", daemon=True)
        self._thread.start()

    def keep(self, message: Message, answer: Answer) -> None:
        """Keep a message, then call `answer` in the loop: with LabFailed if it was not kept."""
        self._queue.put((message, answer))

    async def stop(self) -> None:
        """Keep all that waits, then end the thread and close the store."""
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def _work(self) -> None:
        while batch := self._take():
            outcomes = self._store.keep([message for message, _ in batch])
            answers = [answer for _, answer in batch]
            self._loop.call_soon_threadsafe(self._settle, answers, outcomes)
        self._store.close()

    def _take(self) -> list[tuple[Message, Answer]]:
        """All that waits, at least one; none when it is time to stop."""
        batch: list[tuple[Message, Answer]] = []
        size = 0
        while not batch or (
            len(batch) < _LARGEST_BATCH and size < _LARGEST_BATCH_BYTES and not self._queue.empty()
        ):
            waiting = self._queue.get()
            if waiting is None:
                self._queue.put(None)
                break
            batch.append(waiting)
            size += len(waiting[0].plaintext) + len(waiting[0].ciphertext)
        return batch

    def _settle(self, answers: list[Answer], outcomes: list[Kept | LabFailed]) -> None:
        for answer, outcome in zip(answers, outcomes, strict=True):
            self._loop.call_soon(answer, outcome)
