"""The mp4 lab: a client for each message, and the server's logs back over FTP."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from runs.clients import SERVER_NAME, Clients
from runs.lab_server import lab_server
from runs.log_service import LogService
from runs.record import LabRecord, MessageRecord
from runs.settings import Settings
from wire.errors import IntegrityError, LabFailed, WirelabError
from wire.events import Event, MessageStored
from wire.frames import MESSAGE_ID_SIZE

if TYPE_CHECKING:
    from ftp_service.retrieval import RetrievedLog

_NAMED = 3
"""How many messages a complaint names."""


class Voice(Protocol):
    """Whoever shows what the driver and its server do."""

    def server_started(self) -> None: ...
    def server_event(self, event: Event) -> None: ...
    def sending(self, messages: int) -> AbstractContextManager[Callable[[], None]]:
        """Within it, what it gives is called for each message that is done with."""

    def client_ended(self) -> None: ...
    def downloading(self) -> None: ...
    def downloaded(self, name: str) -> None: ...
    def downloaded_all(self) -> None: ...
    def log_file(self, name: str, content: bytes) -> None: ...
    def terminating(self) -> None: ...


class Mp4Run:
    """One run of the lab. `record` is filled as it goes, and holds after a failure too."""

    def __init__(self, settings: Settings, folder: Path, voice: Voice) -> None:
        self._settings = settings
        self._folder = folder
        self._voice = voice
        self._began = time.monotonic()
        self._messages = {secrets.token_bytes(MESSAGE_ID_SIZE): path for path in settings.messages}
        self._records = {
            message_id: MessageRecord(str(path), message_id.hex())
            for message_id, path in self._messages.items()
        }
        self.record = LabRecord(
            "mp4",
            str(folder),
            mode=settings.mode.name.lower(),
            jobs=settings.jobs,
            messages=list(self._records.values()),
        )

    def run(self) -> None:
        """Run the lab. Raises LabFailed if a message did not arrive, and what retrieval raises."""
        try:
            self._run()
            self._judge()
            self.record.verdict = "passed"
        except WirelabError:
            self.record.verdict = "failed"
            raise
        finally:
            self.record.seconds = self._now()

    def _run(self) -> None:
        logs = self._folder / "serverdata"
        with lab_server(logs, self._on_event) as address, LogService(logs) as log_service:
            self.record.server = address
            self._voice.server_started()
            self._run_clients(address.port)
            self.record.ftp = log_service.address()
            self._fetch(log_service)
        self._voice.terminating()

    def _run_clients(self, port: int) -> None:
        settings = self._settings
        options = {
            "HOST": SERVER_NAME,
            "PORT": str(port),
            "MODE": settings.mode.name.lower(),
            "PASSWORD": settings.password,
            "TIMEOUT": str(settings.timeout),
            "QUIET": "1" if settings.quiet else "",
        }
        with (
            Clients(settings.timeout, settings.jobs) as clients,
            self._voice.sending(len(self._messages)) as advance,
        ):

            def send(message_id: bytes) -> None:
                record = self._records[message_id]
                record.started = self._now()
                path = str(self._messages[message_id].resolve())
                ended = clients.run([path], options | {"MESSAGE_ID": message_id.hex()})
                record.exit_code, record.verdict = ended.exit_code, ended.verdict
                record.ended = self._now()
                self._voice.client_ended()
                advance()

            for sent in [clients.submit(send, message_id) for message_id in self._messages]:
                sent.result()

    def _fetch(self, log_service: LogService) -> None:
        self._voice.downloading()
        logs = log_service.fetch(
            self._folder / "ftpreceived", on_log=lambda log: self._voice.downloaded(log.name)
        )
        self._voice.downloaded_all()
        for log in logs:
            self._voice.log_file(log.name, log.path.read_bytes())
        self._match({log.name: log for log in logs})

    def _on_event(self, event: Event) -> None:
        if isinstance(event, MessageStored):
            self._note(event)
        self._voice.server_event(event)

    def _note(self, event: MessageStored) -> None:
        receipt = event.receipt
        record = self._records.get(receipt.message_id)
        if record is not None:  # Any program of this machine may leave a message too.
            record.stored = self._now()
            record.size = receipt.size
            record.ciphertext_size = event.ciphertext_size
            record.digest = receipt.digest.hex()
            record.log = receipt.log_name

    def _match(self, logs: dict[str, RetrievedLog]) -> None:
        for record in self._records.values():
            if record.log is None:
                continue
            log = logs.get(record.log)
            if log is None:
                raise IntegrityError(
                    f"{record.log} was acknowledged but could not be fetched",
                    "look into the run's serverdata folder",
                )
            record.log_size, record.log_digest = log.size, log.digest

    def _judge(self) -> None:
        """Raise LabFailed unless every client got its receipt."""
        failed = [record for record in self._records.values() if record.verdict != "passed"]
        if failed:
            names = ", ".join(f"{record.file} ({record.verdict})" for record in failed[:_NAMED])
            if len(failed) > _NAMED:
                names += f" and {len(failed) - _NAMED} more"
            raise LabFailed(
                f"{len(failed)} of {len(self._records)} messages were not delivered: {names}",
                "each client said above what went wrong",
            )

    def _now(self) -> float:
        return round(time.monotonic() - self._began, 6)
