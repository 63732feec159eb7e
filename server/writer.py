"""The thread that keeps messages: it takes all that waits, in one transaction."""

from __future__ import annotations

import asyncio
import threading
from queue import SimpleQueue

from server.message_store import Kept, Message, MessageStore
from wire.errors import LabFailed

Waiting = tuple[Message, "asyncio.Future[Kept]"]

_LARGEST_BATCH = 1024


class Writer:
    """Stands between one event loop and the message store, whose only user its thread is."""

    def __init__(self, store: MessageStore) -> None:
        self._store = store
        self._loop = asyncio.get_running_loop()
        self._queue: SimpleQueue[Waiting | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="message writer", daemon=True)
        self._thread.start()

    def keep(self, message: Message) -> asyncio.Future[Kept]:
        """A future of what the message gets; it raises LabFailed if it was not kept."""
        future: asyncio.Future[Kept] = self._loop.create_future()
        self._queue.put((message, future))
        return future

    async def stop(self) -> None:
        """Keep all that waits, then end the thread and close the store."""
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def _work(self) -> None:
        more = True
        while more:
            batch, more = self._take()
            outcomes = self._store.keep([message for message, _ in batch])
            futures = [future for _, future in batch]
            self._loop.call_soon_threadsafe(_settle, futures, outcomes)
        self._store.close()

    def _take(self) -> tuple[list[Waiting], bool]:
        """All that waits, at least one; and whether more may come."""
        batch: list[Waiting] = []
        while len(batch) < _LARGEST_BATCH and not (batch and self._queue.empty()):
            waiting = self._queue.get()
            if waiting is None:
                return batch, False
            batch.append(waiting)
        return batch, True


def _settle(futures: list[asyncio.Future[Kept]], outcomes: list[Kept | LabFailed]) -> None:
    for future, outcome in zip(futures, outcomes, strict=True):
        if future.cancelled():
            continue
        if isinstance(outcome, LabFailed):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
