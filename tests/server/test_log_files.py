from __future__ import annotations

import calendar
import errno
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.log_files import LogFolder, log_name, render

WHEN = calendar.timegm((2012, 7, 22, 20, 44, 41))

LITERAL = b"""\
Message Received at: Sun Jul 22, 2012 20:44:41

Total Encrypted Message Size: 8 bytes
Total Decrypted Message Size: 5 bytes
-----
DECRYPTED MESSAGE CONTENT
-----

hello

-----
ENCRYPTED MESSAGE CONTENT
-----

aGVsbG8=
"""


@pytest.fixture(autouse=True)
def _universal_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def folder(tmp_path: Path) -> LogFolder:
    return LogFolder(tmp_path)


def test_a_log_is_laid_out_as_the_lab_has_it() -> None:
    assert b"".join(render(WHEN, b"hello", b"aGVsbG8=")) == LITERAL


def test_the_time_is_local(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC-2")
    time.tzset()
    assert b"".join(render(WHEN, b"", b"")).startswith(
        b"Message Received at: Sun Jul 22, 2012 22:44"
    )


@pytest.mark.parametrize("text", [b"", b"\x1b[31mred\x1b[0m\x07", b"\xff\xfe\x00", b"a\r\nb\n"])
def test_the_text_is_kept_byte_for_byte(text: bytes) -> None:
    assert render(WHEN, text, b"")[1] is text


def test_a_log_has_its_name_only_when_it_is_whole(folder: LogFolder, tmp_path: Path) -> None:
    folder.prepare(3, [b"one ", b"two"])
    assert not folder.has(3, 7)
    assert folder.sizes() == {}
    assert [path.name[0] for path in tmp_path.iterdir()] == ["."]
    folder.publish(3)
    assert folder.has(3, 7)
    assert not folder.has(3, 8)
    assert folder.sizes() == {3: 7}
    assert (tmp_path / log_name(3)).read_bytes() == b"one two"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_log_is_whole_though_the_system_writes_a_few_bytes_at_a_time(
    folder: LogFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def few(descriptor: int, pieces: list[bytes]) -> int:
        return os.write(descriptor, b"".join(pieces)[:3])

    monkeypatch.setattr(os, "writev", few)
    folder.prepare(0, [b"on", b"", b"e two thr", b"ee"])
    folder.publish(0)
    assert (tmp_path / log_name(0)).read_bytes() == b"one two three"


def test_a_log_that_can_not_be_written_leaves_nothing(
    folder: LogFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "writev", full)
    with pytest.raises(OSError, match="No space left"):
        folder.prepare(0, [b"one"])
    assert list(tmp_path.iterdir()) == []


def test_a_prepared_log_can_be_discarded_twice(folder: LogFolder, tmp_path: Path) -> None:
    folder.prepare(0, [b"one"])
    folder.discard(0)
    folder.discard(0)
    assert list(tmp_path.iterdir()) == []


def test_leftovers_are_cleared_and_nothing_else(folder: LogFolder, tmp_path: Path) -> None:
    folder.prepare(0, [b"zero"])
    folder.publish(0)
    folder.prepare(1, [b"one"])
    (tmp_path / "notes.tmp").touch()
    folder.clear_temporaries()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.tmp", log_name(0)]


@pytest.mark.parametrize(
    "name",
    [
        "server_message01.txt",
        "server_message-1.txt",
        "server_message.txt",
        "server_message1.txt.bak",
        "xserver_message1.txt",
        "server_message4294967296.txt",
        "server_message\N{ARABIC-INDIC DIGIT ONE}.txt",
    ],
)
def test_other_names_are_no_logs(folder: LogFolder, tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert folder.sizes() == {}
