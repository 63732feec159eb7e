"""mp4's own wire, the client's end: a key and a ciphertext, and no reply."""

from __future__ import annotations

from client.raw_connection import CLOSING_SECONDS, RawConnection
from wire.errors import TimedOut
from wire.raw import encode_message

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_SLOWEST = 1024 * 1024
"""Bytes a second that a server deciphers and writes, at the least."""


def send_message(
    plaintext: bytes,
    password: str,
    host: str,
    port: int,
    *,
    timeout: float,
    on_connected: Callable[[], None],
    on_sent: Callable[[], None],
) -> None:
    """Send a message and return once the server has closed the connection in order.

    That is as much as this wire can say: the server has read to the message's
    end. One that keeps the connection open is TimedOut, after `on_sent`: it may
    have the message all the same. Raises NoServer and ProtocolError as well.
    """
    payload = encode_message(plaintext, password)
    patience = min(timeout, CLOSING_SECONDS + len(payload) / _SLOWEST)
    with RawConnection(host, port, timeout, "mp4") as connection:
        on_connected()
        connection.send(payload)
        closed = connection.finish(patience)
        on_sent()
    if not closed:
        raise TimedOut(
            f"{host}:{port} has not closed the connection {patience:g} s after the message:"
            " nothing says whether it read it",
            "see the server's own output",
        )
