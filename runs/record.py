"""What a run did, as data: the object that `--json` writes (docs/run-json.md)."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from wire.errors import LabFailed

SCHEMA = 1


@dataclass
class Address:
    host: str
    port: int


@dataclass
class MessageRecord:
    """One message of the mp4 lab; sizes in bytes, times in seconds since the run began."""

    file: str
    id: str
    started: float | None = None
    stored: float | None = None
    ended: float | None = None
    exit_code: int | None = None
    size: int | None = None
    ciphertext_size: int | None = None
    digest: str | None = None
    log: str | None = None
    log_size: int | None = None
    log_digest: str | None = None
    verdict: str = "not run"


@dataclass
class SessionRecord:
    """One client of the cs330 lab, and what both ends printed."""

    name: str
    exit_code: int | None
    client: list[str]
    server: list[str]
    verdict: str


@dataclass
class LabRecord:
    """One lab of a run."""

    lab: str
    folder: str
    mode: str | None = None
    jobs: int | None = None
    server: Address | None = None
    ftp: Address | None = None
    messages: list[MessageRecord] = field(default_factory=list)
    sessions: list[SessionRecord] = field(default_factory=list)
    seconds: float | None = None
    verdict: str = "failed"


@dataclass
class RunRecord:
    """A whole run; `started` in ISO 8601, `error` as it was said on stderr."""

    started: str
    schema: int = SCHEMA
    seconds: float | None = None
    labs: list[LabRecord] = field(default_factory=list)
    verdict: str = "failed"
    error: str | None = None

    def write(self, path: Path) -> None:
        """Write the object as JSON, whole or not at all. Raises LabFailed."""
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            temporary.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")
            temporary.replace(path)
        except OSError as error:
            raise LabFailed(
                f"can't write {path}: {error.strerror}", "name a file in a folder that you own"
            ) from error
