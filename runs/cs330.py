"""The cs330 lab: a scripted session over stdin, then a client against no server."""

from __future__ import annotations

import socket
import time
from pathlib import Path
from typing import Protocol

from runs.clients import SERVER_NAME, Clients, EndedClient
from runs.lab_server import LOOPBACK, lab_server
from runs.record import LabRecord, SessionRecord
from runs.settings import Settings, load_lab
from wire.errors import LabFailed, NoServer, WirelabError
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
        """Run the lab. Raises LabFailed if a client did not end as it should."""
        began = time.monotonic()
        try:
            self._run()
            self.record.verdict = "passed"
        except WirelabError:
            self.record.verdict = "failed"
            raise
        finally:
            self.record.seconds = round(time.monotonic() - began, 6)

    def _run(self) -> None:
        said = [self._voice.server_ready()]
        with Clients(self._settings.timeout) as clients:
            session = self._run_session(clients, said)
            self._note("scripted", session, said, expected=0)
            down = self._run_without_server(clients)
            self._note("no server", down, [], expected=NoServer.exit_code)
        self._voice.sides([*_lines(session), "", *_lines(down)], said)
        for record, ended in zip(self.record.sessions, (session, down), strict=True):
            if record.verdict != "passed":
                raise LabFailed(
                    f"the client of the session {record.name!r} did not end as it should"
                    f" ({record.verdict}): {ended.stderr.strip() or 'it said nothing'}",
                    "run it again, or start client and server by hand",
                )

    def _run_session(self, clients: Clients, said: list[str]) -> EndedClient:
        def hear(event: Event) -> None:
            lines = self._voice.server_lines(event)
            if lines is not None:
                said.extend(lines.split("\n"))

        typed = "".join(f"{line}\n" for line in load_lab("cs330")["session"])
        with lab_server(self._folder / "serverdata", hear) as address:
            self.record.server = address
            return self._run_client(clients, address.port, typed)

    def _run_without_server(self, clients: Clients) -> EndedClient:
        # Bound and never listening: no program can take the port meanwhile.
        with socket.socket() as unused:
            unused.bind((LOOPBACK, 0))
            return self._run_client(clients, unused.getsockname()[1], typed="")

    def _run_client(self, clients: Clients, port: int, typed: str) -> EndedClient:
        timeout = str(self._settings.timeout)
        options = {"HOST": SERVER_NAME, "PORT": str(port), "TIMEOUT": timeout}
        return clients.submit(clients.run, [], options, typed=typed).result()

    def _note(self, name: str, ended: EndedClient, server: list[str], *, expected: int) -> None:
        unexpected = "failed" if ended.exit_code == 0 else ended.verdict
        verdict = "passed" if ended.exit_code == expected else unexpected
        self.record.sessions.append(
            SessionRecord(name, ended.exit_code, _lines(ended), server, verdict)
        )


def _lines(ended: EndedClient) -> list[str]:
    return ended.stdout.splitlines()
