"""Which messages are sent, and where a run keeps its files."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from runs.settings import find_messages, load_lab, make_run_folder
from wire.errors import LabFailed, UsageError


def names_in(folder: Path, *names: str) -> list[str]:
    for name in names:
        (folder / name).write_text(name)
    return [path.name for path in find_messages([folder])]


def test_a_folders_files_come_in_natural_order(tmp_path: Path) -> None:
    names = ["10.txt", "9.txt", "a10b2", "a10b10", "a9", "a", "b", "B", "٣ three", "007", "7b", "-"]
    expected = [
        "٣ three",
        "007",
        "7b",
        "9.txt",
        "10.txt",
        "-",
        "B",
        "a",
        "a9",
        "a10b2",
        "a10b10",
        "b",
    ]
    assert names_in(tmp_path, *names) == expected


def test_long_numbers_and_odd_digits_are_no_trouble(tmp_path: Path) -> None:
    odd = ["²", "½", "Ⅷ", "9" * 200, "1" + "0" * 200]
    assert sorted(names_in(tmp_path, *odd)) == sorted(odd)


def test_named_files_keep_their_order_and_number(tmp_path: Path) -> None:
    second, first = tmp_path / "2", tmp_path / "1"
    for path in (first, second):
        path.touch()
    assert find_messages([second, first, second]) == (second, first, second)


def test_hidden_files_and_folders_inside_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "message").touch()
    assert names_in(tmp_path, ".hidden", "message") == ["message"]


@pytest.mark.parametrize("path", ["/missing", "/dev/null", "/dev/null/x"])
def test_what_is_no_message(path: str) -> None:
    with pytest.raises(UsageError, match=path):
        find_messages([Path(path)])


def test_runs_of_one_moment_have_folders_of_their_own(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: make_run_folder(tmp_path / "new", "mp4"), range(40)))
    assert len({folder.resolve() for folder in made}) == 40
    assert sorted(made) == sorted((tmp_path / "new").iterdir())
    assert all(folder.is_absolute() for folder in made)


def test_a_folder_that_can_not_be_made() -> None:
    with pytest.raises(LabFailed, match="/dev/null/output: Not a directory") as failure:
        make_run_folder(Path("/dev/null/output"), "mp4")
    assert "--output" in failure.value.hint


@pytest.mark.parametrize("lab", ["mp4", "cs330"])
def test_the_labs_are_there(lab: str) -> None:
    assert load_lab(lab)
