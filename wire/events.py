"""What a server reports of its conversations, as they happen: through `on_event`, never printed."""

from __future__ import annotations

from dataclasses import dataclass

from wire.errors import ErrorCode
from wire.frames import Mode, Receipt

Address = tuple[str, int]


@dataclass(frozen=True)
class ClientConnected:
    """A client was accepted; its HELLO is not sent yet."""

    client: Address


@dataclass(frozen=True)
class MessageStored:
    """A message is durable and its log in place; the receipt is not sent yet.

    `ciphertext_size` is that of the base64 text, in bytes; `repeated`: this
    message id was kept before, and gets the receipt it had then.
    """

    client: Address
    mode: Mode
    ciphertext_size: int
    receipt: Receipt
    repeated: bool


@dataclass(frozen=True)
class WordReceived:
    """A word was decrypted; its answer is not sent yet."""

    client: Address
    mode: Mode
    payload: bytes
    word: bytes


@dataclass(frozen=True)
class RequestRefused:
    """A request, or a whole connection, was answered with an ERROR."""

    client: Address
    code: ErrorCode
    reason: str


@dataclass(frozen=True)
class ClientLeft:
    """A conversation is over; `goodbye`: the client said BYE, the server's is not sent yet."""

    client: Address
    goodbye: bool


Event = ClientConnected | MessageStored | WordReceived | RequestRefused | ClientLeft
