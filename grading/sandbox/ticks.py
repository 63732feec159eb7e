"""Waiting for what the kernel shows in its tables and announces by no event."""

from __future__ import annotations

import asyncio

TICK_SECONDS = 0.002


async def tick(seconds: float = TICK_SECONDS) -> None:
    """Let a moment pass before a table is read again."""
    await asyncio.sleep(seconds)
