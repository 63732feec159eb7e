from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from grading.submissions.finding import find_submissions
from wire.errors import UsageError

WANTED = ("server.py", "client.py")

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes files by their paths, and folders by paths that end in a slash."""

    def make(*paths: str) -> Path:
        for path in paths:
            made = tmp_path / path
            (made if path.endswith("/") else made.parent).mkdir(parents=True, exist_ok=True)
            if not path.endswith("/"):
                made.touch()
        return tmp_path

    return make


def found(*paths: Path) -> list[tuple[str, str]]:
    return [(one.name, one.kind) for one in find_submissions(paths, WANTED)]


@pytest.mark.parametrize(
    ("name", "student", "kind"),
    [
        ("anna.zip", "anna", "zip"),
        ("Anna B. Čech.ZIP", "Anna B. Čech", "zip"),
        ("anna.tar", "anna", "tar"),
        ("anna.v2.tar.gz", "anna.v2", "tar"),
        ("anna.tgz", "anna", "tar"),
        ("anna.tar.bz2", "anna", "tar"),
        ("anna.tar.xz", "anna", "tar"),
        ("anna.rar", "anna", "other"),
        ("anna.7z", "anna", "other"),
    ],
)
def test_an_archive_is_a_submission(make: Make, name: str, student: str, kind: str) -> None:
    assert found(make(name) / name) == [(student, kind)]


@pytest.mark.parametrize(
    "paths",
    [
        ("anna/server.py",),
        ("anna/client.py", "anna/old/server.py", "anna/data.zip"),
        ("anna/Server.py",),
        ("anna/notes.txt", "anna/lib/helper.py"),
    ],
)
def test_a_folder_with_the_labs_files_or_any_is_a_submission(make: Make, paths: list[str]) -> None:
    assert found(make(*paths) / "anna") == [("anna", "folder")]


@pytest.mark.parametrize(
    ("paths", "students"),
    [
        (["a/server.py", "b/client.py"], [("a", "folder"), ("b", "folder")]),
        (["a/server.py", "grades.csv"], [("a", "folder")]),
        (["a.zip", "b.tgz", "c.rar", "index.html"], [("a", "zip"), ("b", "tar"), ("c", "other")]),
        (["a/", "b/src/server.py"], [("a", "folder"), ("b", "folder")]),
        ([".git/server.py", ".hidden.zip", "a/server.py"], [("a", "folder")]),
        (["a/mp4.zip", "b/mp4.zip", "b/notes.txt"], [("a", "zip"), ("b", "folder")]),
        (["a/server.py", "grades/journal.jsonl"], [("a", "folder")]),
        (["a/server.py", "a/journal.jsonl"], [("a", "folder")]),
        (["a.zip/server.py", ".zip", "b/server.py"], [("a.zip", "folder"), ("b", "folder")]),
    ],
)
def test_a_class_is_a_folder_of_submissions(
    make: Make, paths: list[str], students: list[tuple[str, str]]
) -> None:
    assert found(make(*paths)) == students


def test_students_come_in_the_natural_order_of_their_names(make: Make) -> None:
    top = make(*(f"{name}/server.py" for name in ("s10", "S9", "ž", "z", "s1", "a b")))
    assert [name for name, _ in found(top)] == ["a b", "s1", "S9", "s10", "z", "ž"]


def test_many_paths_make_one_class(make: Make) -> None:
    top = make("one/a/server.py", "one/b.zip", "c/server.py", "d.tar")
    assert [name for name, _ in found(top / "d.tar", top / "one", top / "c")] == [*"abcd"]


def test_a_name_is_text_whatever_its_bytes_are(tmp_path: Path) -> None:
    for name in (b"caf\xe9", "cafe\N{COMBINING ACUTE ACCENT}".encode()):
        (tmp_path / os.fsdecode(name)).mkdir()
        (tmp_path / os.fsdecode(name) / "server.py").touch()
    assert [name for name, _ in found(tmp_path)] == [
        "caf\\xe9",
        "caf\N{LATIN SMALL LETTER E WITH ACUTE}",
    ]


def test_the_folder_one_stands_in_has_its_own_name(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(make("anna/server.py", "anna/inner/") / "anna")
    assert found(Path()) == found(Path("inner/..")) == [("anna", "folder")]


def test_two_of_one_name_are_refused_and_both_told(make: Make) -> None:
    top = make("one/anna.zip", "two/anna/server.py")
    with pytest.raises(UsageError, match="'anna'") as caught:
        found(top / "one", top / "two")
    assert str(top / "one" / "anna.zip") in str(caught.value)
    assert str(top / "two" / "anna") in str(caught.value)


@pytest.mark.parametrize(
    ("path", "said"),
    [("missing", "No such file"), ("notes.txt", "is no submission"), ("empty", "no submission in")],
)
def test_what_is_no_submission_is_refused(make: Make, path: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        found(make("empty/", "notes.txt") / path)
    assert caught.value.hint


def test_a_folder_that_may_not_be_read_is_a_submission_all_the_same(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = make("locked/server.py", "open/server.py")
    allowed = {"is_file": Path.is_file, "iterdir": Path.iterdir}

    def refuse(name: str) -> Callable[[Path], object]:
        def method(path: Path) -> object:
            if "locked" in path.parts:
                raise PermissionError(13, "Permission denied")
            return allowed[name](path)

        return method

    for name in allowed:
        monkeypatch.setattr(Path, name, refuse(name))
    assert found(top) == [("locked", "folder"), ("open", "folder")]
