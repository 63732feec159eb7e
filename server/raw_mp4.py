"""mp4's own wire, the server's end: all that comes until the end is one message; no reply."""

from __future__ import annotations

import os
import threading
import time
from hashlib import sha256

from server.log_files import LogFolder, log_name, render
from wire import events
from wire.errors import ErrorCode, LabFailed, ProtocolError, TimedOut
from wire.frames import MESSAGE_ID_SIZE, Mode, Receipt
from wire.raw import decode_message

TYPE_CHECKING = False
if TYPE_CHECKING:
    from server.raw_client import RawClient
    from server.raw_server import OnEvent

_NO_ID = bytes(MESSAGE_ID_SIZE)


class MessageLogs:
    """A folder of logs, numbered in the order in which their messages were complete.

    They are written, and not more: no message here gets a receipt that says durable.
    """

    def __init__(self, folder: str) -> None:
        """Make the folder if needed, and go on after the logs in it. Raises LabFailed."""
        self._logs = LogFolder(folder)
        self._numbering = threading.Lock()
        try:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103 - pathlib would slow the start
            self._logs.clear_temporaries()
            self._next = max(self._logs.sizes(), default=-1) + 1
        except OSError as error:
            raise LabFailed(
                f"can't keep messages in {folder}: {error.strerror}",
                "name another folder with --logs",
            ) from error

    def keep(self, plaintext: bytes, ciphertext: bytes) -> Receipt:
        """Write a message's log. Raises LabFailed; its number then goes to the next message."""
        pieces = render(time.time(), plaintext, ciphertext)
        with self._numbering:
            number = self._next
            try:
                self._logs.prepare(number, pieces)
                self._logs.publish(number)
            except OSError as error:
                raise LabFailed(f"the message was not kept: {error.strerror}") from error
            self._next += 1
        digest = sha256(plaintext).digest()
        return Receipt(_NO_ID, number, len(plaintext), digest, log_name(number))


class MessageConversation:
    """What an mp4 server does with each client."""

    def __init__(self, logs: MessageLogs, largest: int, idle_seconds: float) -> None:
        """`largest`: bytes of key and ciphertext."""
        self._logs = logs
        self._largest = largest
        self._idle_seconds = idle_seconds

    def __call__(self, client: RawClient, on_event: OnEvent) -> bool:
        """Keep a client's message. Raises ProtocolError, TimedOut, LabFailed or OSError."""
        plaintext, ciphertext = decode_message(bytes(self._receive(client)))
        receipt = self._logs.keep(plaintext, ciphertext)
        on_event(
            events.MessageStored(
                client.address, Mode.CLASSIC, len(ciphertext), receipt, repeated=False
            )
        )
        return True

    def _receive(self, client: RawClient) -> bytearray:
        """All that a client sends, up to the end of the connection."""
        message = bytearray()
        try:
            while data := client.receive(self._idle_seconds, begun=bool(message)):
                message += data
                if len(message) > self._largest:
                    raise ProtocolError(
                        ErrorCode.TOO_LARGE, f"a message of more than {self._largest} bytes"
                    )
        except TimeoutError:
            raise TimedOut("nothing was sent for too long") from None
        return message
