"""What a server reports of its conversations, as they happen: through `on_event`, never printed.

Plain classes, not dataclasses: importing `dataclasses` would be a fifth of a
raw server's start (server/raw_server.py).
"""

from __future__ import annotations

from wire.errors import ErrorCode
from wire.frames import Mode, Receipt

Address = tuple[str, int]


class ClientConnected:
    """A client was accepted; its HELLO is not sent yet."""

    __slots__ = __match_args__ = ("client",)

    def __init__(self, client: Address) -> None:
        self.client = client


class MessageStored:
    """A message is durable and its log in place; the receipt is not sent yet.

    `ciphertext_size` is that of the base64 text, in bytes; `repeated`: this
    message id was kept before, and gets the receipt it had then.
    """

    __slots__ = __match_args__ = ("client", "mode", "ciphertext_size", "receipt", "repeated")

    def __init__(
        self, client: Address, mode: Mode, ciphertext_size: int, receipt: Receipt, repeated: bool
    ) -> None:
        self.client = client
        self.mode = mode
        self.ciphertext_size = ciphertext_size
        self.receipt = receipt
        self.repeated = repeated


class WordReceived:
    """A word was decrypted; its answer is not sent yet."""

    __slots__ = __match_args__ = ("client", "mode", "payload", "word")

    def __init__(self, client: Address, mode: Mode, payload: bytes, word: bytes) -> None:
        self.client = client
        self.mode = mode
        self.payload = payload
        self.word = word


class RequestRefused:
    """A request, or a whole connection, was answered with an ERROR."""

    __slots__ = __match_args__ = ("client", "code", "reason")

    def __init__(self, client: Address, code: ErrorCode, reason: str) -> None:
        self.client = client
        self.code = code
        self.reason = reason


class ClientLeft:
    """A conversation is over; `goodbye`: the client said BYE, the server's is not sent yet."""

    __slots__ = __match_args__ = ("client", "goodbye")

    def __init__(self, client: Address, goodbye: bool) -> None:
        self.client = client
        self.goodbye = goodbye


Event = ClientConnected | MessageStored | WordReceived | RequestRefused | ClientLeft
