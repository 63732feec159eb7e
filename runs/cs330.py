"""The cs330 lab: a scripted session over stdin, then a client against no server."""

from __future__ import annotations

import socket
import time
from pathlib import Path
from typing import Protocol

from runs.clients import SERVER_NAME, Clients, EndedClient
from runs.record import Address, LabRecord, SessionRecord
from runs.settings import LOOPBACK, Settings, load_lab
from server.limits import Limits
from server.listener import ServerThread
from wire.errors import LabFailed, NoServer
from wire.events import Event


class Voice(Protocol):
    """Whoever shows what both ends printed."""

    def server_ready(self) -> str: ...
    def server_lines(self, event: Event) -> str | None: ...
    def sides(self, client: list[str], server: list[str]) -> None: ...


class Cs330Run:
    """One run of the lab. `record` is filled as it goes, and holds after a failure too."""

    def __init__(self, settings: Settings, folder: Path, voice: Voice) -> None:
        self._settings = settings
        self._folder = folder
        self._voice = voice
        self.record = LabRecord("cs330", str(folder))

    def run(self) -> None:
        """Run the lab. Raises LabFailed as soon as a client does not end as it should."""
        began = time.monotonic()
        try:
            with Clients(self._settings.timeout) as clients:
                session = self._run_session(clients)
                down = self._run_without_server(clients)
        finally:
            self.record.seconds = round(time.monotonic() - began, 6)
        self._voice.sides([*session.client, "", *down.client], session.server)
        self.record.verdict = "passed"

    def _run_session(self, clients: Clients) -> SessionRecord:
        said = [self._voice.server_ready()]

        def hear(event: Event) -> None:
            lines = self._voice.server_lines(event)
            if lines is not None:
                said.append(lines)

        logs = self._folder / "serverdata"
        server = ServerThread(logs, hear, host=LOOPBACK, port=0, limits=Limits())
        self.record.server = Address(*server.start())
        typed = "".join(f"{line}\n" for line in load_lab("cs330")["session"])
        try:
            ended = self._run_client(clients, self.record.server.port, typed)
        finally:
            server.stop()
        return self._note("scripted", ended, said, expected=0)

    def _run_without_server(self, clients: Clients) -> SessionRecord:
        # Bound and never listening: no program can take the port meanwhile.
        with socket.socket() as unused:
            unused.bind((LOOPBACK, 0))
            ended = self._run_client(clients, unused.getsockname()[1], typed="")
        return self._note("no server", ended, [], expected=NoServer.exit_code)

    def _run_client(self, clients: Clients, port: int, typed: str) -> EndedClient:
        timeout = str(self._settings.timeout)
        options = {"HOST": SERVER_NAME, "PORT": str(port), "TIMEOUT": timeout}
        return clients.run([], options, typed=typed)

    def _note(
        self, name: str, ended: EndedClient, server: list[str], *, expected: int
    ) -> SessionRecord:
        passed = ended.exit_code == expected
        record = SessionRecord(
            name,
            ended.exit_code,
            client=ended.stdout.splitlines(),
            server="\n".join(server).splitlines(),
            verdict="passed" if passed else ended.verdict,
        )
        self.record.sessions.append(record)
        if not passed:
            raise LabFailed(
                f"the client of the session {name!r} ended as {ended.verdict!r}",
                ended.stderr.strip() or "run it again, or start client and server by hand",
            )
        return record
