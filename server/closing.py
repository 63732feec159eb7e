"""The end of a connection: the client gets to read what was sent."""

from __future__ import annotations

import asyncio
from contextlib import suppress

LINGER_SECONDS = 1.0
"""How long a client may take to read the last frame and close."""

_RECEIVE_SIZE = 65536


async def close_gently(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float = LINGER_SECONDS
) -> None:
    """Send what is left, then wait some seconds for the client to close, reading on.

    Closing with bytes unread would reset the connection, and the last frame be
    lost with it. What the client has not taken by then is left to the caller's `abort`.
    """
    with suppress(OSError):
        async with asyncio.timeout(seconds):
            writer.write_eof()
            while await reader.read(_RECEIVE_SIZE):
                pass
            writer.close()
            await writer.wait_closed()
