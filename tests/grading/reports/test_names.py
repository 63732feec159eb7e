"""Every student has a file of its own, on every file system, whatever the name."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.reports.names import file_stems
from tests.grading.reports.samples import HOSTILE, HOSTILE_NAMES


@pytest.mark.parametrize(
    "name", ["ada", "Ada Lovelace", "Zoë", "王小明", "s123@x.edu", "a.b-c_d (2)"]
)
def test_a_name_that_is_fit_stays(name: str) -> None:
    assert file_stems([name]) == [name]


@pytest.mark.parametrize(
    "name", ["..", "-rf", ".hidden", "ada.", "ada ", "nul", "Aux.txt", "", "a/b"]
)
def test_a_name_that_is_not_fit_is_changed(name: str) -> None:
    (stem,) = file_stems([name])
    assert stem != name
    assert stem[0] not in ".-"
    assert "/" not in stem


def test_a_name_is_changed_in_the_same_way_in_every_class() -> None:
    assert file_stems(["a/b", "a?b"])[1] == file_stems(["a?b"])[0]


def test_names_that_differ_in_case_only() -> None:
    first, second = file_stems(["ada", "ADA"])
    assert first == "ada"
    assert second.startswith("ADA-")


def test_a_student_who_guesses_anothers_file() -> None:
    (guessed,) = file_stems(["a?b"])
    assert len({stem.casefold() for stem in file_stems([guessed, "a?b", "a?b"])}) == 3


@given(st.lists(st.text(st.characters(), max_size=300), max_size=8))
@settings(max_examples=200, deadline=None)
def test_all_can_be_made_and_none_twice(names: list[str]) -> None:
    stems = file_stems(names)
    assert len({stem.casefold() for stem in stems}) == len(names)
    for stem in stems:
        assert len(f"{stem}.html".encode()) <= 255
        assert Path("x", stem).name == stem


def test_hostile_names_on_a_real_disk(tmp_path: Path) -> None:
    stems = file_stems([*HOSTILE_NAMES, HOSTILE])
    for stem in stems:
        (tmp_path / f"{stem}.html").write_text(stem)
    assert {path.stem for path in tmp_path.iterdir()} == set(stems)
