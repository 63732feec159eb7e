from __future__ import annotations

import random
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grading.submissions import archives
from grading.submissions.members import Unreadable
from tests.grading.packing import (
    PAIR,
    Pack,
    archives_only,
    content,
    pack_tar,
    pack_zip,
    staged,
    write_tar,
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "work" / "copy"


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (tarfile.SYMTYPE, "a symbolic link"),
        (tarfile.LNKTYPE, "a hard link"),
        (tarfile.CHRTYPE, "no regular file"),
        (tarfile.BLKTYPE, "no regular file"),
        (tarfile.FIFOTYPE, "no regular file"),
        (b"Q", "no regular file"),
    ],
)
def test_nothing_special_comes_out_of_a_tar(
    tmp_path: Path, copy: Path, kind: bytes, told: str
) -> None:
    special = tarfile.TarInfo("server.py")
    special.type, special.linkname, special.devmajor = kind, "/etc/passwd", 1
    behind = tarfile.TarInfo("server.py/etc/client.py")
    path = write_tar(tmp_path / "anna.tar", [(special, b""), (behind, b"through it")])
    got = staged(path, copy)
    assert got.left_out == (f"server.py: {told}",)
    assert content(copy) == {"server.py/etc/client.py": b"through it"}


def test_no_link_comes_out_of_a_zip(tmp_path: Path, copy: Path) -> None:
    link = zipfile.ZipInfo("server.py")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "anna.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("client.py", "")
    assert staged(tmp_path / "anna.zip", copy).left_out == ("server.py: a symbolic link",)


@archives_only
@pytest.mark.parametrize("name", ["../server.py", "a/../../server.py", "/../server.py", "a/.."])
def test_a_name_that_leads_out_is_refused(
    tmp_path: Path, copy: Path, pack: Pack, name: str
) -> None:
    with pytest.raises(Unreadable, match="leads out"):
        staged(pack(tmp_path, PAIR | {name: b"out"}), copy)
    assert not copy.exists()
    assert not list(tmp_path.rglob("server.py"))


@archives_only
def test_an_absolute_name_stays_inside(tmp_path: Path, copy: Path, pack: Pack) -> None:
    got = staged(pack(tmp_path, {f"//{name}": data for name, data in PAIR.items()}), copy)
    assert content(copy) == content(got.path) == PAIR


def test_a_zip_made_on_windows(tmp_path: Path, copy: Path) -> None:
    with zipfile.ZipFile(tmp_path / "anna.zip", "w") as archive:
        for name in ("mp4\\server.py", "mp4\\client.py", "mp4\\empty\\", "mp4\\ü.py"):
            info = zipfile.ZipInfo(name)
            info.create_system = 0
            archive.writestr(info, b"")
    got = staged(tmp_path / "anna.zip", copy)
    assert sorted(content(got.path)) == ["client.py", "server.py", "ü.py"]
    assert (got.path / "empty").is_dir()


@pytest.mark.parametrize("packed", ["cp437", "utf-8"])
def test_names_of_a_zip_that_does_not_say_their_encoding(
    tmp_path: Path, copy: Path, packed: str
) -> None:
    path = pack_zip(tmp_path, {"XX": b"", "server.py": b""})
    name = "é" if packed == "utf-8" else "é\N{DEGREE SIGN}"
    path.write_bytes(path.read_bytes().replace(b"XX", name.encode(packed)))
    assert sorted(content(staged(path, copy).path)) == ["server.py", name]


@archives_only
def test_of_two_of_one_name_the_last_counts(tmp_path: Path, copy: Path, pack: Pack) -> None:
    path = pack(tmp_path, {"server.py": b"first", "./server.py": b"last"})
    assert content(staged(path, copy).path) == {"server.py": b"last"}


@pytest.mark.parametrize("names", [("a", "a/b"), ("a/b", "a"), ("n" * 300,), ("a" + "/b" * 20,)])
@archives_only
def test_what_no_folder_can_hold_is_refused(
    tmp_path: Path, copy: Path, pack: Pack, names: tuple[str, ...]
) -> None:
    with pytest.raises(Unreadable):
        staged(pack(tmp_path, dict.fromkeys(names, b"")), copy)
    assert not copy.exists()


def test_a_zip_that_lies_about_its_sizes(tmp_path: Path, copy: Path) -> None:
    path = pack_zip(tmp_path, {"bomb": bytes(30_000_000)})
    data = path.read_bytes()
    assert len(data) < 100_000
    true = struct.pack("<I", 30_000_000)
    assert data.count(true) == 2
    path.write_bytes(data.replace(true, struct.pack("<I", 10)))
    with pytest.raises(Unreadable):
        staged(path, copy)


@pytest.mark.parametrize("name", ["bomb", "__MACOSX/bomb"])
def test_a_tar_that_becomes_far_more(
    tmp_path: Path, copy: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(archives, "MOST_UNPACKED", 1_000_000)
    with pytest.raises(Unreadable, match="too large when unpacked"):
        staged(pack_tar(".gz")(tmp_path, {name: bytes(2_000_000)}), copy)


def test_a_tar_that_takes_far_too_long(
    tmp_path: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "SLOWEST", 0.0)
    with pytest.raises(Unreadable, match="too large"):
        staged(pack_tar("")(tmp_path, PAIR), copy)


def test_an_archive_that_is_too_large(
    tmp_path: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MOST_BYTES", 1000)
    with pytest.raises(Unreadable, match="is larger than"):
        staged(pack_tar("")(tmp_path, PAIR), copy)


def test_a_zip_of_far_too_many_names_is_not_even_opened(
    tmp_path: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MOST_ENTRIES", 0)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    (tmp_path / "anna.zip").write_bytes(b"PK\1\2")
    with pytest.raises(Unreadable, match="far too many"):
        staged(tmp_path / "anna.zip", copy)


def test_an_overlong_header_is_not_searched(tmp_path: Path, copy: Path) -> None:
    info = tarfile.TarInfo("server.py")
    info.pax_headers = {"comment": "1" * 20_000}
    with pytest.raises(Unreadable, match="overlong"):
        staged(write_tar(tmp_path / "anna.tar", [(info, b"")]), copy)


def encrypted(data: bytes) -> bytes:
    directory = data.index(b"PK\1\2")
    return data[: directory + 8] + b"\1" + data[directory + 9 :]


def rare_method(data: bytes) -> bytes:
    directory = data.index(b"PK\1\2")
    return data[: directory + 10] + b"\x0c" + data[directory + 11 :]


@pytest.mark.parametrize(
    ("name", "spoil", "said"),
    [
        ("anna.zip", encrypted, "encrypted"),
        ("anna.zip", rare_method, "rare method"),
        ("anna.zip", lambda data: data[:60], "not a zip file"),
        ("anna.zip", lambda data: b"", "not a zip file"),
        ("anna.zip", lambda data: data.replace(b"the server", b"the sErver"), "CRC"),
        ("anna.tar", lambda data: b"", "empty file"),
        ("anna.tar", lambda data: b"no tar" * 1000, "damaged"),
        ("anna.tar", lambda data: data[:515], "unexpected end of data"),
        ("anna.tar", lambda data: data[:1030], "damaged"),
        ("anna.tar", lambda data: data.replace(b"client.py", b"Client.py"), "damaged"),
        ("anna.tar.gz", lambda data: data[:-20], "ended before"),
        ("anna.tar.gz", lambda data: data[:-8] + bytes(8), "CRC"),
        ("anna.tar.xz", lambda data: data[:-20], "ended before"),
    ],
)
def test_a_damaged_archive_is_told_apart(
    tmp_path: Path, copy: Path, name: str, spoil: Callable[[bytes], bytes], said: str
) -> None:
    if name.endswith(".zip"):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w") as archive:
            for member, data in PAIR.items():
                archive.writestr(member, data)
    else:
        path = pack_tar(name.removeprefix("anna.tar"))(tmp_path, PAIR)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(Unreadable, match=said) as caught:
        staged(path, copy)
    assert caught.value.hint
    assert not copy.exists()


@pytest.mark.parametrize("pack", [pack_zip, pack_tar(""), pack_tar(".gz")])
def test_damage_anywhere_is_the_submissions_fault_and_nothing_worse(
    tmp_path: Path, pack: Pack
) -> None:
    path = pack(tmp_path, PAIR | {"lib/a.py": bytes(3000)})
    data, chance = path.read_bytes(), random.Random(330)
    for number in range(400):
        spoiled = bytearray(data)
        for _ in range(chance.randrange(1, 4)):
            spoiled[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(spoiled)
        copy = tmp_path / f"copy {number}"
        try:
            staged(path, copy)
        except Unreadable:
            assert not copy.exists()
