from __future__ import annotations

import errno
import os
import shutil
import socket
import stat
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from grading.submissions import sources, staging
from grading.submissions.finding import Submission
from grading.submissions.members import Unreadable
from grading.submissions.staging import Staged, digest, stage
from tests.grading.packing import (
    PAIR,
    WANTED,
    Pack,
    content,
    every_form,
    fill,
    pack_folder,
    staged,
)
from wire.errors import LabFailed


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "work" / "copy"


@every_form
def test_a_copy_is_the_same_from_every_form(tmp_path: Path, copy: Path, pack: Pack) -> None:
    files = PAIR | {"lib/deep/er.py": b"", "ünï code.txt": bytes(range(256))}
    got = staged(pack(tmp_path, files), copy)
    assert content(got.path) == files
    assert got == Staged(copy, (), ())
    other = staged(fill(tmp_path / "other", files), tmp_path / "copy of the other")
    assert digest(got) == digest(other)


@every_form
def test_permissions_are_plain(tmp_path: Path, copy: Path, pack: Pack) -> None:
    before = os.umask(0o077)
    try:
        got = staged(pack(tmp_path, {"src/server.py": b"", "src/lib/client.py": b""}), copy)
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in copy.rglob("*")}
    assert modes == {"src": 0o755, "lib": 0o755, "server.py": 0o644, "client.py": 0o644}
    assert stat.S_IMODE(copy.stat().st_mode) == 0o755
    assert got.path == copy / "src"


def test_what_could_be_executed_still_can(tmp_path: Path) -> None:
    folder = fill(tmp_path / "anna", {"server": b"#!"})
    (folder / "server").chmod(0o4700)
    tar = tmp_path / "anna.tar"
    with tarfile.open(tar, "w") as archive:
        archive.add(folder / "server", "server")
    with zipfile.ZipFile(tmp_path / "anna.zip", "w") as packed:
        packed.write(folder / "server", "server")
    copies = [
        staged(path, tmp_path / path.name.replace(".", " "), ())
        for path in (folder, tar, tmp_path / "anna.zip")
        if path != folder
    ] + [staged(folder, tmp_path / "copy", ())]
    for one in copies:
        assert stat.S_IMODE((one.path / "server").stat().st_mode) == 0o755
    assert len(set(map(digest, copies))) == 1


@pytest.mark.parametrize(
    ("files", "root", "missing"),
    [
        (["server.py", "client.py"], "", []),
        (["anna/server.py", "anna/client.py"], "anna", []),
        (["mp4/src/server.py", "mp4/src/client.py", "mp4/report.pdf"], "mp4/src", []),
        (["server.py", "old/server.py", "old/client.py"], "", ["client.py"]),
        (["a/server.py", "a/client.py", "a/old/server.py", "a/old/client.py"], "a", []),
        (["a/server.py", "a/client.py", "b/server.py"], "a", []),
        (["a/server.py", "b/client.py"], "", ["server.py", "client.py"]),
        (["a/b/notes.txt", "a/b/Server.py"], "a/b", ["server.py", "client.py"]),
        (["anna/notes.txt", "more.txt"], "", ["server.py", "client.py"]),
    ],
)
def test_the_labs_files_are_found_where_they_stand(
    tmp_path: Path, copy: Path, files: list[str], root: str, missing: list[str]
) -> None:
    got = staged(pack_folder(tmp_path, dict.fromkeys(files, b"")), copy)
    assert (got.path, got.missing) == (copy / root, tuple(missing))


@every_form
def test_junk_is_dropped(tmp_path: Path, copy: Path, pack: Pack) -> None:
    junk = ("__MACOSX/._server.py", ".DS_Store", "lib/__pycache__/a.pyc", ".git/HEAD", "venv/x/y")
    got = staged(pack(tmp_path, PAIR | dict.fromkeys(junk, b"junk")), copy)
    assert content(got.path) == PAIR


def test_nothing_special_is_copied_and_all_of_it_told(tmp_path: Path, copy: Path) -> None:
    folder = fill(tmp_path / "anna", {"client.py": b""})
    secret = fill(tmp_path / "secret", {"server.py": b"of another"})
    (folder / "server.py").symlink_to(secret / "server.py")
    (folder / "all").symlink_to(secret)
    os.mkfifo(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.fspath(folder / "sock"))
    got = staged(folder, copy)
    assert content(copy) == {"client.py": b""}
    assert got.missing == ("server.py",)
    assert got.left_out == (
        "all: a symbolic link",
        "pipe: no regular file",
        "server.py: a symbolic link",
        "sock: no regular file",
    )


def test_a_link_that_takes_a_files_place_is_not_followed(tmp_path: Path) -> None:
    path = fill(tmp_path / "anna", {"server.py": b""}) / "server.py"
    (member,) = sources.members(path.parent, "folder")
    path.unlink()
    path.symlink_to("/etc/passwd")
    assert member.read is not None
    with pytest.raises(OSError, match="symbolic links"):
        member.read(100)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(OSError, match="changed while"):
        member.read(100)


@pytest.mark.parametrize("suffix", ["zip", "tar.gz"])
def test_a_folder_packed_by_the_usual_tools(tmp_path: Path, copy: Path, suffix: str) -> None:
    folder = fill(tmp_path / "mp4", PAIR | {"lib/a.py": b"a"})
    (folder / "serverdata").mkdir()
    form = {"zip": "zip", "tar.gz": "gztar"}[suffix]
    path = Path(shutil.make_archive(os.fspath(tmp_path / "anna"), form, tmp_path, "mp4"))
    got = staged(path, copy)
    assert got == Staged(copy / "mp4", (), ())
    assert digest(got) == digest(staged(folder, tmp_path / "another"))
    assert (got.path / "serverdata").is_dir()


@every_form
@pytest.mark.parametrize(
    ("limit", "value", "said"),
    [
        ("MOST_ENTRIES", 2, "more than 2 files and folders"),
        ("MOST_BYTES", 1500, "more than 0 MB"),
        ("LARGEST_FILE", 800, "in one file: 'b.bin'"),
        ("DEEPEST", 1, "more than 1 folders"),
    ],
)
def test_limits(
    tmp_path: Path,
    copy: Path,
    pack: Pack,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    value: int,
    said: str,
) -> None:
    files = {"b.bin": bytes(900), "c.bin": bytes(800), "d/e": b""}
    monkeypatch.setattr(staging, limit, value)
    with pytest.raises(Unreadable, match=said) as caught:
        staged(pack(tmp_path, files), copy)
    assert caught.value.hint
    assert not copy.exists()


def test_one_that_is_gone_or_of_a_strange_kind_is_unreadable(tmp_path: Path, copy: Path) -> None:
    with pytest.raises(Unreadable, match=r"anna\.zip can't be read: No such file"):
        staged(tmp_path / "anna.zip", copy)
    with pytest.raises(Unreadable, match="of a kind"):
        stage(Submission("anna", tmp_path / "anna.rar", "other"), copy, WANTED)


def test_a_full_disk_is_not_the_submissions_fault(
    tmp_path: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", "there")

    monkeypatch.setattr(Path, "write_bytes", full)
    (tmp_path / "anna").mkdir()
    (tmp_path / "anna" / "server.py").touch()
    with pytest.raises(LabFailed, match="No space left"):
        staged(tmp_path / "anna", copy)
    assert not copy.exists()


def test_a_copy_overwrites_nothing(tmp_path: Path, copy: Path) -> None:
    fill(copy, {"kept": b"kept"})
    with pytest.raises(LabFailed, match="File exists"):
        staged(pack_folder(tmp_path, PAIR), copy)
    assert content(copy) == {"kept": b"kept"}


def test_a_digest_tells_every_change(tmp_path: Path) -> None:
    def digest_of(number: int, files: Mapping[str, bytes], change: Callable[[Path], object]) -> str:
        folder = fill(tmp_path / str(number), files)
        change(folder)
        return digest(staged(folder, tmp_path / f"copy of {number}"))

    changes: list[tuple[dict[str, bytes], Callable[[Path], object]]] = [
        (PAIR, lambda folder: None),
        (PAIR | {"server.py": b"another\n"}, lambda folder: None),
        ({"server.py": PAIR["client.py"], "client.py": PAIR["server.py"]}, lambda folder: None),
        (PAIR | {"more.py": b""}, lambda folder: None),
        (PAIR, lambda folder: (folder / "empty").mkdir()),
        (PAIR, lambda folder: (folder / "server.py").chmod(0o755)),
        ({"server.pyclient.py": b"".join(PAIR.values())}, lambda folder: None),
    ]
    digests = [digest_of(number, *change) for number, change in enumerate(changes)]
    assert len(set(digests)) == len(changes)
    assert digest_of(100, dict(reversed(PAIR.items())), lambda folder: None) == digests[0]
