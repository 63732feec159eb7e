"""The server as the driver runs it: on a free port of this machine, for as long as a lab takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from runs.record import Address
from server.limits import Limits
from server.listener import ServerThread
from wire.errors import LabFailed
from wire.events import Event

LOOPBACK = "127.0.0.1"


@contextmanager
def lab_server(folder: Path, on_event: Callable[[Event], None]) -> Iterator[Address]:
    """A server that listens; when this ends it has answered all and stopped. Raises LabFailed."""
    server = ServerThread(folder, on_event, host=LOOPBACK, port=0, limits=Limits())
    try:
        host, port = server.start()
    except LabFailed as error:
        raise LabFailed(
            str(error), "see that its disk has room, or name another --output"
        ) from error
    try:
        yield Address(host, port)
    finally:
        server.stop()
