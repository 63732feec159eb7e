"""What a run did, as data: the object that `--json` writes (docs/run-json.md).

Whatever is not at its end yet counts as interrupted, so that this is what a
record says when nobody is left to say so.
"""

from __future__ import annotations

import errno
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from wire.errors import LabFailed, UsageError

SCHEMA = 1


@dataclass
class Address:
    host: str
    port: int


@dataclass
class MessageRecord:
    """One message of the mp4 lab; sizes in bytes, times in seconds since the lab began."""

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

    def seconds(self) -> str:
        """How long its client took."""
        if self.started is None or self.ended is None:
            return "-"
        return f"{self.ended - self.started:.3f}"


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
    verdict: str = "interrupted"

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Column titles and rows: what became of each message, or each session."""
        if self.sessions:
            return ["session", "verdict"], [[each.name, each.verdict] for each in self.sessions]
        columns = ["message", "bytes", "ciphertext", "seconds", "verdict"]
        return columns, [
            [
                Path(message.file).name,
                _shown(message.size),
                _shown(message.ciphertext_size),
                message.seconds(),
                message.verdict,
            ]
            for message in self.messages
        ]


@dataclass
class RunRecord:
    """A whole run; `started` in ISO 8601, `error` as it was said on stderr."""

    schema: int = field(default=SCHEMA, init=False)
    started: str
    seconds: float | None = None
    labs: list[LabRecord] = field(default_factory=list)
    verdict: str = "interrupted"
    error: str | None = None

    def claim(self, path: Path) -> None:
        """Begin to keep the record at `path`, as `write` does. Raises what that raises."""
        if not _is_stream(path):
            self.write(path)

    def write(self, path: Path) -> None:
        """Write the object as JSON, whole or not at all. Raises UsageError or LabFailed."""
        text = json.dumps(asdict(self), indent=2) + "\n"
        try:
            if _is_stream(path):
                path.write_text(text)
            else:
                _replace(path.resolve(), text)
        except OSError as error:
            message, hint = f"can't write {path}: {error.strerror}", "name another file with --json"
            if isinstance(error, FileNotFoundError | NotADirectoryError | IsADirectoryError):
                raise UsageError(message, hint) from error
            raise LabFailed(message, hint) from error


def _shown(size: int | None) -> str:
    return "-" if size is None else str(size)


def _is_stream(path: Path) -> bool:
    """Whether this is a pipe or a device, which takes one object and must not be replaced."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _replace(path: Path, text: str) -> None:
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    temporary = path.with_name(f".run-{os.getpid()}.json")
    try:
        temporary.write_text(text)
        if path.exists():
            temporary.chmod(path.stat().st_mode)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
