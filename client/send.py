"""One message, one receipt."""

from __future__ import annotations

from hashlib import sha256
from os import urandom
from time import sleep

from client.connection import Connection
from wire.ciphers import cipher_for
from wire.errors import ErrorCode, IntegrityError, Refused, UsageError, WirelabError
from wire.frames import MESSAGE_ID_SIZE, Mode, Receipt, store_frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 5.0


class Message:
    """A text to be kept under an id; the same id may be sent twice and is kept once."""

    __slots__ = ("id", "mode", "password", "plaintext")

    def __init__(
        self, plaintext: bytes, mode: Mode, password: str = "", message_id: bytes | None = None
    ) -> None:
        self.plaintext = plaintext
        self.mode = mode
        self.password = password
        self.id = urandom(MESSAGE_ID_SIZE) if message_id is None else message_id


def send_message(
    message: Message,
    host: str,
    port: int,
    *,
    timeout: float,
    retries: int = 0,
    on_connected: Callable[[], None] | None = None,
) -> Receipt:
    """Send a message until its receipt is here; the message is then durable.

    Every attempt has `timeout` seconds. After a fault that may pass it is sent
    again under the same id, at most `retries` times, with growing pauses.
    """
    pause = _FIRST_PAUSE
    for attempt in range(retries + 1):
        try:
            with Connection(host, port, timeout) as connection:
                if on_connected:
                    on_connected()
                receipt = _store(connection, message)
                connection.say_goodbye()
                return receipt
        except WirelabError as error:
            if not error.retryable or attempt == retries:
                raise
            sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
    raise ValueError("retries must be 0 or more")


def _store(connection: Connection, message: Message) -> Receipt:
    hello = connection.hello
    if message.mode not in hello.modes:
        raise Refused(
            ErrorCode.UNSUPPORTED_MODE,
            f"the server does not take {message.mode.name.lower()} mode",
            f"it takes: {', '.join(mode.name.lower() for mode in hello.modes)}",
        )
    cipher = cipher_for(message.mode)
    flags, payload = cipher.seal(message.plaintext, cipher.derive_key(message.password))
    frame = store_frame(message.mode, flags, message.id, payload, connection.next_request_id())
    if len(frame.body) > hello.largest_body:
        raise UsageError(
            f"the message needs {len(frame.body)} bytes, the server takes {hello.largest_body}",
            "send less, or raise the server's --largest-body",
        )
    connection.request(frame)
    receipt = Receipt.decode(connection.answer())
    if receipt.message_id != message.id or receipt.digest != sha256(message.plaintext).digest():
        raise IntegrityError(
            "the server kept something else than was sent",
            "send it again under a new id; this one may have been used before",
        )
    return receipt
