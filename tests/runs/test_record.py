"""A run's record, and the file it is kept in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from runs.record import LabRecord, MessageRecord, RunRecord, SessionRecord
from wire.errors import LabFailed, UsageError


def test_the_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    record = RunRecord(started="now")
    record.claim(path)
    before = path.stat().st_ino
    record.verdict = "passed"
    record.write(path)
    assert path.stat().st_ino != before
    assert json.loads(path.read_text())["verdict"] == "passed"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_one(tmp_path: Path) -> None:
    link, target = tmp_path / "link", tmp_path / "target"
    link.symlink_to(target)
    RunRecord(started="now").write(link)
    assert link.is_symlink()
    assert json.loads(target.read_text())["started"] == "now"


def test_any_file_name_can_stand_in_it(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    lab = LabRecord("mp4", "folder", messages=[MessageRecord("\udcff \n\x1b 文", "id")])
    RunRecord(started="now", labs=[lab]).write(path)
    assert json.loads(path.read_text())["labs"][0]["messages"][0]["file"] == "\udcff \n\x1b 文"


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/missing/x", UsageError),
        ("/dev/null/x", UsageError),
        ("/", UsageError),
        ("/dev/full", LabFailed),
    ],
)
def test_where_it_can_not_be(path: str, error: type[Exception]) -> None:
    with pytest.raises(error, match=f"can't write {path}: "):
        RunRecord(started="now").write(Path(path))


def test_nothing_is_left_of_a_write_that_failed(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(UsageError):
        RunRecord(started="now").write(folder)
    assert list(tmp_path.iterdir()) == [folder]


def test_a_lab_as_a_table() -> None:
    done = MessageRecord("a/b.txt", "1", started=1.0, ended=1.25, size=7, ciphertext_size=44)
    lab = LabRecord("mp4", "folder", messages=[done, MessageRecord("c", "2")])
    columns, rows = lab.table()
    assert columns == ["message", "bytes", "ciphertext", "seconds", "verdict"]
    assert rows == [["b.txt", "7", "44", "0.250", "not run"], ["c", "-", "-", "-", "not run"]]
    session = SessionRecord("scripted", 0, [], [], "passed")
    cs330 = LabRecord("cs330", "folder", sessions=[session])
    assert cs330.table() == (["session", "verdict"], [["scripted", "passed"]])
