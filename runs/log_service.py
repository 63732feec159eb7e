"""The FTP service of a run, and what fetches from it."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

from runs.record import Address
from wire.errors import WirelabError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ftp_service.retrieval import RetrievedLog
    from ftp_service.service import FtpService

_USER = "wirelab"
_SECONDS = 30.0
"""How long the service, on this machine, may stay silent."""


class LogService:
    """Serves a folder of logs on a free loopback port, within `with`.

    It starts aside, in a thread: its libraries take as long to import as three
    clients take to run, and these need not wait for it.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._password = secrets.token_urlsafe()
        self._aside = ThreadPoolExecutor(1)

    def __enter__(self) -> LogService:
        self._starting = self._aside.submit(self._start)
        return self

    def __exit__(self, *_: object) -> None:
        self._aside.shutdown()
        with suppress(WirelabError):  # `address` has raised it, if anyone needed the service
            self._starting.result().stop()

    def address(self) -> Address:
        """Where it listens, once it does. Raises LabFailed."""
        service = self._starting.result()
        return Address(service.host, service.port)

    def fetch(
        self, destination: Path, on_log: Callable[[RetrievedLog], None]
    ) -> list[RetrievedLog]:
        """Every log that is there, verified. Raises what `retrieve_logs` raises."""
        from ftp_service.retrieval import retrieve_logs

        where = self.address()
        return retrieve_logs(
            where.host,
            where.port,
            _USER,
            self._password,
            destination,
            timeout=_SECONDS,
            on_log=on_log,
        )

    def _start(self) -> FtpService:
        import ftp_service.retrieval  # noqa: F401 - `fetch` will need it
        from ftp_service.service import FtpService

        service = FtpService(self._root, user=_USER, password=self._password)
        service.start()
        return service
