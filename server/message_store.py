"""Messages kept for good: one SQLite file, and the log files that are written from it.

A receipt is returned only for a message that is durable (WAL, synchronous=FULL)
and whose log stands under its name. Whatever a crash leaves out is made good
when the store is opened again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from server.log_files import LogFolder, log_name, render
from wire.errors import LabFailed
from wire.frames import Mode, Receipt

DATABASE_NAME = ".messages.sqlite3"
"""Inside the log folder; the dot keeps it out of the FTP service's sight."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    number      INTEGER PRIMARY KEY,
    id          BLOB NOT NULL UNIQUE,
    mode        INTEGER NOT NULL,
    received_at REAL NOT NULL,
    digest      BLOB NOT NULL,
    log_size    INTEGER NOT NULL,
    plaintext   BLOB NOT NULL,
    ciphertext  BLOB NOT NULL
)
"""

_COLUMNS = 8
_PRAGMAS = (
    "page_size=8192",  # most messages then fit into one
    "locking_mode=EXCLUSIVE",
    "journal_mode=WAL",
    "synchronous=FULL",
    "wal_autocheckpoint=4096",  # pages: at the default of 1000 a fifth of the time goes there
)


@dataclass(frozen=True)
class Message:
    """A decrypted message; `ciphertext` is its base64 text, `received_at` in Unix seconds."""

    id: bytes
    mode: Mode
    received_at: float
    plaintext: bytes
    ciphertext: bytes


@dataclass(frozen=True)
class Kept:
    """A message's receipt; `repeated`: its id was kept before."""

    receipt: Receipt
    repeated: bool


class MessageStore:
    """The messages of one folder. Used by one thread at a time; one store a folder."""

    def __init__(self, folder: Path) -> None:
        """Open the folder, make it if needed, and write the logs that are missing.

        Raises LabFailed if it can't be written or another server has it.
        """
        self._folder = folder
        self._logs = LogFolder(folder)
        self._database: sqlite3.Connection | None = None
        self._next_number = self._first_number = 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._open()
            self._recover()
        except (OSError, sqlite3.Error) as error:
            self.close()
            raise LabFailed(
                f"can't keep messages in {folder}: {_reason(error)}{_where(error, folder)}",
                "name another folder with --logs"
                if not _is_locked(error)
                else "another server uses it; stop that one, or name another folder with --logs",
            ) from error

    def close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None

    def keep(self, messages: list[Message]) -> list[Kept | LabFailed]:
        """Keep them all in one transaction; for each, what it gets, in their order.

        If that fails each is tried by itself, so that one that does not fit
        costs no other its receipt.
        """
        try:
            kept = self.begin(messages)
            self.commit()
            self.publish()
            return list(kept)
        except Exception as error:
            if len(messages) > 1:
                return [outcome for message in messages for outcome in self.keep([message])]
            return [LabFailed(f"the message was not kept: {_reason(error)}")]

    def _open(self) -> None:
        self._database = sqlite3.connect(
            self._folder / DATABASE_NAME, timeout=0, isolation_level=None, check_same_thread=False
        )
        try:
            for pragma in _PRAGMAS:
                self._execute(f"PRAGMA {pragma}")
            self._execute(_SCHEMA)
            # A row may be there whose COMMIT was cut short, or failed, before it was synced. Its
            # message gets a receipt if it is sent again, so make it durable first.
            self._execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (last,) = self._execute("SELECT max(number) FROM messages").fetchone()
            self._opened = _identity(self._folder / DATABASE_NAME)
        except BaseException:
            self.close()
            raise
        if last is not None:
            self._next_number = max(self._next_number, last + 1)

    def _execute(self, statement: str, *values: object) -> sqlite3.Cursor:
        assert self._database is not None
        return self._database.execute(statement, values)

    def _recover(self) -> None:
        self._logs.clear_temporaries()
        sizes = self._logs.sizes()
        self._next_number = max([self._next_number, *(number + 1 for number in sizes)])
        for number, log_size in self._execute("SELECT number, log_size FROM messages").fetchall():
            if sizes.get(number) != log_size:
                self._write_log(number)

    def begin(self, messages: list[Message]) -> list[Kept]:
        """Write logs and rows, for `commit` and `publish` to make good; what each will get.

        Raises OSError or sqlite3.Error, as those do; then none of it is kept.
        """
        if self._database is None:
            self._open()
        self._first_number = self._next_number
        with self._abandoned_on_failure():
            self._execute("BEGIN IMMEDIATE")
            known = self._find([message.id for message in messages])
            kept = []
            rows: list[object] = []
            for message in messages:
                outcome = known.get(message.id) or self._prepare(message, rows)
                known[message.id] = Kept(outcome.receipt, repeated=True)
                kept.append(outcome)
            self._insert(rows)
        return kept

    def commit(self) -> None:
        """Make durable what was begun; this waits for the disk."""
        with self._abandoned_on_failure():
            self._check_in_place()
            self._execute("COMMIT")

    def publish(self) -> None:
        """Give the logs of what was committed their names."""
        for number in range(self._first_number, self._next_number):
            self._logs.publish(number)

    @contextmanager
    def _abandoned_on_failure(self) -> Iterator[None]:
        """Undo a transaction that fails, and close the database, to look afresh what is in it.

        Its connection is unsure of the file now, and a COMMIT that failed late
        may have been made all the same.
        """
        try:
            yield
        except BaseException:
            for number in range(self._first_number, self._next_number + 1):
                self._logs.discard(number)
            self._next_number = self._first_number
            with suppress(sqlite3.Error):
                self.close()
            raise

    def _check_in_place(self) -> None:
        """Raise OSError if the file that was opened is no longer the one in the folder.

        What is committed to a file without a name is lost with this process.
        """
        if _identity(self._folder / DATABASE_NAME) != self._opened:
            raise OSError(f"{DATABASE_NAME} was replaced while it was in use")

    def _find(self, ids: list[bytes]) -> dict[bytes, Kept]:
        """What those of these message ids got that were kept before."""
        rows = self._execute(
            "SELECT id, number, length(plaintext), digest, log_size FROM messages"
            f" WHERE id IN ({','.join('?' * len(ids))})",
            *ids,
        ).fetchall()
        for _, number, _, _, log_size in rows:
            if not self._logs.has(number, log_size):
                self._write_log(number)
        return {
            id: Kept(Receipt(id, number, size, digest, log_name(number)), repeated=True)
            for id, number, size, digest, _ in rows
        }

    def _prepare(self, message: Message, rows: list[object]) -> Kept:
        """Number a message, write its log under a temporary name, and add its row to `rows`."""
        number = self._next_number
        size = len(message.plaintext)
        digest = sha256(message.plaintext).digest()
        pieces = render(message.received_at, message.plaintext, message.ciphertext)
        self._logs.prepare(number, pieces)
        self._next_number += 1
        rows += (number, message.id, message.mode, message.received_at, digest)
        rows += (sum(map(len, pieces)), message.plaintext, message.ciphertext)
        return Kept(Receipt(message.id, number, size, digest, log_name(number)), repeated=False)

    def _insert(self, rows: list[object]) -> None:
        # In one statement: each would wait for its turn with the thread that talks to clients.
        if rows:
            places = ",".join(["(?, ?, ?, ?, ?, ?, ?, ?)"] * (len(rows) // _COLUMNS))
            self._execute(f"INSERT INTO messages VALUES {places}", *rows)

    def _write_log(self, number: int) -> None:
        row = self._execute(
            "SELECT received_at, plaintext, ciphertext FROM messages WHERE number = ?", number
        ).fetchone()
        self._logs.prepare(number, render(*row))
        self._logs.publish(number)


def _identity(path: Path) -> tuple[int, int]:
    """What tells a file from another that took its name. Raises OSError."""
    status = path.stat()
    return status.st_dev, status.st_ino


def _reason(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__


def _where(error: Exception, folder: Path) -> str:
    """The file inside the folder that is to blame, if the system named one."""
    name = getattr(error, "filename2", None) or getattr(error, "filename", None) or folder
    return "" if Path(name) == folder else f" ({name})"


def _is_locked(error: Exception) -> bool:
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
