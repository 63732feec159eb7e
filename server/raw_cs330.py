"""cs330's own wire, the server's end: a word and its option's digit, then bare replies."""

from __future__ import annotations

from wire import events
from wire.ciphers import cipher_for
from wire.errors import ErrorCode, ProtocolError, TimedOut
from wire.frames import Mode
from wire.raw import GRACE_SECONDS, Reading, WordReader, capitals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from server.raw_client import RawClient
    from server.raw_server import OnEvent

UNFINISHED_SECONDS = 5.0
"""How long the rest of a word, or its digit, may take to come."""


class WordConversation:
    """What a cs330 server does with each client."""

    def __init__(self, largest: int, idle_seconds: float) -> None:
        """`largest`: bytes of a word."""
        self._largest = largest
        self._idle_seconds = idle_seconds
        self._cipher = cipher_for(Mode.SECURE)  # its import is not to be the first word's wait

    def __call__(self, client: RawClient, on_event: OnEvent) -> bool:
        """Answer a client's words until it leaves; whether it said goodbye.

        Raises ProtocolError, TimedOut or OSError.
        """
        words = WordReader(self._largest)
        while self._receive(client, words):
            mode, payload = words.take()
            if mode is Mode.NONE:
                return True
            self._answer(client, on_event, mode, payload)
        return False

    def _receive(self, client: RawClient, words: WordReader) -> bool:
        """Wait for a whole message; False once the client has closed instead."""
        while words.reading is not Reading.CERTAIN:
            likely = words.reading is Reading.LIKELY
            try:
                data = client.receive(self._patience(words), begun=words.pending > 0)
            except TimeoutError:
                if likely:
                    return True
                raise TimedOut(_unfinished(words)) from None
            if not data:
                if words.pending and not likely:
                    raise ProtocolError(ErrorCode.BAD_FRAME, _unfinished(words))
                return likely
            words.feed(data)
        return True

    def _patience(self, words: WordReader) -> float:
        if words.reading is Reading.LIKELY:
            return GRACE_SECONDS
        return UNFINISHED_SECONDS if words.pending else self._idle_seconds

    def _answer(self, client: RawClient, on_event: OnEvent, mode: Mode, payload: bytes) -> None:
        word = payload if mode is Mode.OPEN else self._cipher.unseal(0, payload)
        on_event(events.WordReceived(client.address, mode, payload, word))
        if mode is Mode.OPEN:
            client.send(self._idle_seconds, capitals(word))
        else:
            _, again = self._cipher.seal(word, self._cipher.derive_key(""))
            client.send(self._idle_seconds, word, again)


def _unfinished(words: WordReader) -> str:
    if not words.pending:
        return "no word was sent for too long"
    return f"{words.pending} bytes that are no word with its option's digit"
