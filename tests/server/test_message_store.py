from __future__ import annotations

import errno
import sqlite3
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from server.log_files import LogFolder, log_name, render
from server.message_store import DATABASE_NAME, Kept, Message, MessageStore
from tests.server.support import message_id
from wire.errors import LabFailed
from wire.frames import Mode

Fault = Callable[[str], Exception | None]


def message(number: int, text: bytes = b"hello") -> Message:
    return Message(message_id(number), Mode.OPEN, time.time(), text, b"aGVsbG8=")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[MessageStore]:
    store = MessageStore(tmp_path)
    yield store
    store.close()


def keep(store: MessageStore, *messages: Message) -> list[Kept]:
    kept = []
    for outcome in store.keep(list(messages)):
        assert isinstance(outcome, Kept), outcome
        kept.append(outcome)
    return kept


def log(folder: Path, number: int) -> Path:
    return folder / log_name(number)


def names(folder: Path) -> list[str]:
    """What stands in the folder beside the database."""
    return sorted(path.name for path in folder.iterdir() if DATABASE_NAME not in path.name)


def rows(folder: Path) -> list[tuple[int, bytes]]:
    """Number and text of what a closed store holds."""
    database = sqlite3.connect(folder / DATABASE_NAME)
    try:
        return database.execute("SELECT number, plaintext FROM messages ORDER BY number").fetchall()
    finally:
        database.close()


def break_statements(monkeypatch: pytest.MonkeyPatch, fault: Fault, *, after: bool = False) -> None:
    """Raise what `fault` says of a statement, before or after it is executed."""
    execute = MessageStore._execute

    def faulty(self: MessageStore, statement: str, *values: object) -> sqlite3.Cursor:
        error = fault(statement)
        if error is None or after:
            cursor = execute(self, statement, *values)
        if error is not None:
            raise error
        return cursor

    monkeypatch.setattr(MessageStore, "_execute", faulty)


def fail_first(statement: str) -> Fault:
    failures = iter([sqlite3.OperationalError("disk I/O error")])
    return lambda executed: next(failures, None) if executed.startswith(statement) else None


class TestReceipts:
    def test_a_receipt_says_what_was_kept(self, store: MessageStore, tmp_path: Path) -> None:
        sent = message(7, b"one two")
        (kept,) = keep(store, sent)
        assert not kept.repeated
        assert kept.receipt.message_id == sent.id
        assert (kept.receipt.number, kept.receipt.log_name) == (0, log_name(0))
        assert kept.receipt.size == 7
        assert kept.receipt.digest == sha256(b"one two").digest()
        expected = b"".join(render(sent.received_at, sent.plaintext, sent.ciphertext))
        assert log(tmp_path, 0).read_bytes() == expected

    def test_it_comes_once_the_row_is_durable_and_the_log_there(
        self, store: MessageStore, tmp_path: Path
    ) -> None:
        (pragma,) = store._execute("PRAGMA synchronous").fetchone()
        assert pragma == 2  # FULL
        (journal,) = store._execute("PRAGMA journal_mode").fetchone()
        assert journal == "wal"
        keep(store, message(1, b"text"))
        assert not store._database.in_transaction  # type: ignore[union-attr]
        assert names(tmp_path) == [log_name(0)]
        store.close()
        assert rows(tmp_path) == [(0, b"text")]

    def test_a_batch_is_numbered_in_its_order(self, store: MessageStore, tmp_path: Path) -> None:
        kept = keep(store, *(message(number) for number in range(3)))
        assert [one.receipt.number for one in kept] == [0, 1, 2]
        assert names(tmp_path) == [log_name(number) for number in range(3)]


class TestTheSameIdTwice:
    @pytest.mark.parametrize("text", [b"hello", b"something else"])
    def test_is_kept_once_with_the_same_receipt(
        self, store: MessageStore, tmp_path: Path, text: bytes
    ) -> None:
        (first,) = keep(store, message(1))
        (second,) = keep(store, message(1, text))
        assert second.repeated
        assert second.receipt.frame(1) == first.receipt.frame(1)
        assert names(tmp_path) == [log_name(0)]

    def test_in_one_batch(self, store: MessageStore, tmp_path: Path) -> None:
        first, other, again = keep(store, message(1), message(2), message(1))
        assert [first.repeated, other.repeated, again.repeated] == [False, False, True]
        assert again.receipt.frame(1) == first.receipt.frame(1)
        assert names(tmp_path) == [log_name(0), log_name(1)]

    def test_after_a_restart(self, store: MessageStore, tmp_path: Path) -> None:
        (first,) = keep(store, message(1))
        store.close()
        reopened = MessageStore(tmp_path)
        (second,) = keep(reopened, message(1))
        reopened.close()
        assert second.repeated
        assert second.receipt.frame(1) == first.receipt.frame(1)

    def test_its_log_is_written_again_if_it_is_gone(
        self, store: MessageStore, tmp_path: Path
    ) -> None:
        keep(store, message(1))
        whole = log(tmp_path, 0).read_bytes()
        log(tmp_path, 0).unlink()
        assert keep(store, message(1))[0].repeated
        assert log(tmp_path, 0).read_bytes() == whole


class TestStarting:
    @pytest.mark.parametrize("left", [None, b"", b"Message Recei"])
    def test_writes_the_logs_that_a_crash_left_out(
        self, store: MessageStore, tmp_path: Path, left: bytes | None
    ) -> None:
        keep(store, message(1), message(2, b"two"))
        store.close()
        whole = log(tmp_path, 1).read_bytes()
        log(tmp_path, 1).unlink()
        if left is not None:
            log(tmp_path, 1).write_bytes(left)
        MessageStore(tmp_path).close()
        assert log(tmp_path, 1).read_bytes() == whole
        assert names(tmp_path) == [log_name(0), log_name(1)]

    def test_clears_half_written_logs(self, tmp_path: Path) -> None:
        LogFolder(tmp_path).prepare(5, [b"half"])
        MessageStore(tmp_path).close()
        assert names(tmp_path) == []

    def test_numbering_goes_on_from_rows(self, store: MessageStore, tmp_path: Path) -> None:
        keep(store, message(1), message(2))
        store.close()
        reopened = MessageStore(tmp_path)
        assert keep(reopened, message(3))[0].receipt.number == 2
        reopened.close()

    def test_numbering_goes_on_from_files_that_it_did_not_write(self, tmp_path: Path) -> None:
        log(tmp_path, 41).write_text("an older log")
        store = MessageStore(tmp_path)
        assert keep(store, message(1))[0].receipt.number == 42
        store.close()
        assert log(tmp_path, 41).read_text() == "an older log"

    def test_makes_the_folder(self, tmp_path: Path) -> None:
        MessageStore(tmp_path / "a" / "b").close()
        assert (tmp_path / "a" / "b").is_dir()

    def test_makes_durable_what_the_log_of_a_killed_server_holds(
        self, store: MessageStore, tmp_path: Path
    ) -> None:
        keep(store, message(1))
        crashed = tmp_path / "crashed"
        crashed.mkdir()
        for name in (DATABASE_NAME, f"{DATABASE_NAME}-wal"):
            (crashed / name).write_bytes((tmp_path / name).read_bytes())
        assert (crashed / f"{DATABASE_NAME}-wal").stat().st_size > 0
        reopened = MessageStore(crashed)
        assert (crashed / f"{DATABASE_NAME}-wal").stat().st_size == 0
        assert keep(reopened, message(1))[0].repeated
        reopened.close()


class TestAFolderThatCanNotBeUsed:
    def test_another_store_has_it(self, store: MessageStore, tmp_path: Path) -> None:
        with pytest.raises(LabFailed, match="locked") as fault:
            MessageStore(tmp_path)
        assert "another server uses it" in fault.value.hint
        assert keep(store, message(1))

    def test_it_is_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(LabFailed, match=r"can't keep messages in .*file: File exists") as fault:
            MessageStore(tmp_path / "file")
        assert fault.value.hint == "name another folder with --logs"

    @pytest.mark.parametrize(
        "content", [b"no database at all, but long enough" * 100, b"\0" * 4096]
    )
    def test_its_database_is_damaged(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / DATABASE_NAME).write_bytes(content)
        with pytest.raises(LabFailed, match=r"can't keep messages in .*not a database"):
            MessageStore(tmp_path)

    def test_its_database_is_of_something_else(self, tmp_path: Path) -> None:
        database = sqlite3.connect(tmp_path / DATABASE_NAME)
        database.execute("CREATE TABLE messages (text)")
        database.close()
        with pytest.raises(LabFailed, match="no such column"):
            MessageStore(tmp_path)

    def test_a_missing_log_can_not_be_written(
        self, store: MessageStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keep(store, message(1))
        store.close()
        log(tmp_path, 0).unlink()
        monkeypatch.setattr(LogFolder, "prepare", _no_space)
        with pytest.raises(LabFailed, match="No space left"):
            MessageStore(tmp_path)


def _no_space(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


class TestAMessageThatIsNotKept:
    def test_costs_no_other_its_receipt(
        self, store: MessageStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        prepare = LogFolder.prepare

        def only_small(self: LogFolder, number: int, pieces: list[bytes]) -> None:
            if len(pieces[1]) > 100:
                _no_space()
            prepare(self, number, pieces)

        monkeypatch.setattr(LogFolder, "prepare", only_small)
        one, bad, two = store.keep([message(1, b"1"), message(2, b"2" * 1000), message(3, b"3")])
        assert isinstance(bad, LabFailed)
        assert str(bad) == "the message was not kept: No space left on device"
        assert isinstance(one, Kept)
        assert isinstance(two, Kept)
        assert [one.receipt.number, two.receipt.number] == [0, 1]
        assert names(tmp_path) == [log_name(0), log_name(1)]
        store.close()
        assert rows(tmp_path) == [(0, b"1"), (1, b"3")]

    @pytest.mark.parametrize(
        ("fault", "reason"),
        [
            (sqlite3.IntegrityError("no such thing"), "no such thing"),
            (sqlite3.DataError("string or blob too big"), "string or blob too big"),
            (MemoryError(), "MemoryError"),
        ],
    )
    def test_whatever_the_fault_it_has_an_outcome(
        self,
        store: MessageStore,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        fault: Exception,
        reason: str,
    ) -> None:
        with monkeypatch.context() as patch:
            break_statements(patch, lambda said: fault if said.startswith("INSERT") else None)
            outcomes = store.keep([message(1), message(2)])
        assert [str(outcome) for outcome in outcomes] == [f"the message was not kept: {reason}"] * 2
        assert names(tmp_path) == []
        assert keep(store, message(1))[0].receipt.number == 0

    def test_a_full_database_says_so_and_goes_on(self, store: MessageStore, tmp_path: Path) -> None:
        (pages,) = store._execute("PRAGMA page_count").fetchone()
        store._execute(f"PRAGMA max_page_count={pages}")
        (outcome,) = store.keep([message(1, b"x" * 100_000)])
        assert isinstance(outcome, LabFailed)
        assert "full" in str(outcome)
        assert names(tmp_path) == []
        assert keep(store, message(1))


class TestACommitThatFails:
    def test_keeps_nothing_under_a_name(
        self, store: MessageStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            broken = sqlite3.OperationalError("disk I/O error")
            break_statements(patch, lambda said: broken if said == "COMMIT" else None)
            outcomes = store.keep([message(1), message(2)])
        assert all(isinstance(outcome, LabFailed) for outcome in outcomes)
        assert names(tmp_path) == []
        kept = keep(store, message(2), message(1))
        assert [(one.receipt.number, one.repeated) for one in kept] == [(0, False), (1, False)]
        assert names(tmp_path) == [log_name(0), log_name(1)]

    def test_once_costs_a_batch_nothing(
        self, store: MessageStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        break_statements(monkeypatch, fail_first("COMMIT"))
        kept = keep(store, message(1), message(2))
        assert [one.receipt.number for one in kept] == [0, 1]
        assert names(tmp_path) == [log_name(0), log_name(1)]

    def test_and_was_made_all_the_same_is_not_numbered_over(
        self, store: MessageStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        break_statements(monkeypatch, fail_first("COMMIT"), after=True)
        (outcome,) = store.keep([message(1, b"one")])
        assert isinstance(outcome, LabFailed)
        other, again = keep(store, message(2, b"two"), message(1, b"one"))
        assert (other.receipt.number, other.repeated) == (1, False)
        assert (again.receipt.number, again.repeated) == (0, True)
        assert names(tmp_path) == [log_name(0), log_name(1)]
        store.close()
        assert rows(tmp_path) == [(0, b"one"), (1, b"two")]

    @pytest.mark.parametrize("statement", ["PRAGMA locking_mode", "PRAGMA wal_checkpoint"])
    def test_no_receipt_until_the_database_is_sound_again(
        self,
        store: MessageStore,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        statement: str,
    ) -> None:
        broken = sqlite3.OperationalError("disk I/O error")
        with monkeypatch.context() as patch:
            break_statements(
                patch, lambda said: broken if said.startswith(("COMMIT", statement)) else None
            )
            for _ in range(3):
                assert [str(outcome) for outcome in store.keep([message(1), message(2)])] == [
                    "the message was not kept: disk I/O error"
                ] * 2
        assert [one.receipt.number for one in keep(store, message(1), message(2))] == [0, 1]


class TestALogThatCanNotBePublished:
    def test_its_message_gets_its_receipt_once_it_can(
        self, store: MessageStore, tmp_path: Path
    ) -> None:
        log(tmp_path, 1).mkdir()
        one, two, three = store.keep([message(1), message(2), message(3)])
        assert isinstance(one, Kept)
        assert isinstance(two, LabFailed)
        assert isinstance(three, Kept)
        log(tmp_path, 1).rmdir()
        (again,) = keep(store, message(2))
        assert (again.receipt.number, again.repeated) == (1, True)
        assert names(tmp_path) == [log_name(number) for number in range(3)]

    def test_a_folder_that_went_away_and_came_back(
        self, store: MessageStore, tmp_path: Path
    ) -> None:
        away = tmp_path.with_name("away")
        tmp_path.rename(away)
        (outcome,) = store.keep([message(1)])
        assert isinstance(outcome, LabFailed)
        assert "No such file" in str(outcome)
        away.rename(tmp_path)
        assert keep(store, message(1))[0].receipt.number == 0


class TestADatabaseThatIsReplaced:
    """Rows in a file that has no name any more would end with the process."""

    def test_the_next_message_is_kept_in_a_new_one(
        self, store: MessageStore, tmp_path: Path
    ) -> None:
        keep(store, message(1, b"one"))
        for path in tmp_path.glob(f"{DATABASE_NAME}*"):
            path.unlink()
        (refused,) = store.keep([message(2, b"two")])
        assert isinstance(refused, LabFailed)
        (kept,) = keep(store, message(2, b"two"))
        assert kept.receipt.number == 1
        store.close()
        assert rows(tmp_path) == [(1, b"two")]
        assert log(tmp_path, 0).read_bytes()

    def test_a_second_server_in_a_folder_of_the_same_name(
        self, store: MessageStore, tmp_path: Path
    ) -> None:
        keep(store, message(1, b"one"))
        for path in tmp_path.iterdir():
            path.unlink()
        second = MessageStore(tmp_path)
        try:
            keep(second, message(2, b"two"))
            before = log(tmp_path, 0).read_bytes()
            for _ in range(2):
                (refused,) = store.keep([message(3, b"three")])
                assert isinstance(refused, LabFailed)
            assert names(tmp_path) == [log_name(0)]
            assert log(tmp_path, 0).read_bytes() == before
        finally:
            second.close()


def test_a_log_that_was_damaged_is_written_again_for_a_repeated_id(
    store: MessageStore, tmp_path: Path
) -> None:
    sent = message(1)
    keep(store, sent)
    whole = log(tmp_path, 0).read_bytes()
    log(tmp_path, 0).write_bytes(b"")
    (kept,) = keep(store, sent)
    assert kept.repeated
    assert log(tmp_path, 0).read_bytes() == whole


def test_a_folder_in_a_logs_place_is_named(tmp_path: Path) -> None:
    first = MessageStore(tmp_path)
    keep(first, message(1))
    first.close()
    log(tmp_path, 0).unlink()
    log(tmp_path, 0).mkdir()
    with pytest.raises(LabFailed, match=rf"Is a directory \(.*{log_name(0)}\)"):
        MessageStore(tmp_path)
