"""The peer of bench_receipts: aiosmtpd, delivering into a Maildir."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP


async def serve(maildir: Path) -> None:
    """Listen on a free loopback port, and say which on stderr."""
    handler = Mailbox(maildir)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(handler, hostname="bench"), "127.0.0.1", 0
    )
    host, port = server.sockets[0].getsockname()
    print(f"listening on {host}:{port}", file=sys.stderr, flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
