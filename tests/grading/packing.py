"""Submissions in every form, packed for tests, and their copies."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from grading.submissions.finding import Kind, Submission
from grading.submissions.staging import Staged, stage

WANTED = ("server.py", "client.py")
PAIR = {"server.py": b"the server\n", "client.py": b"the client\n"}

Pack = Callable[[Path, Mapping[str, bytes]], Path]


def fill(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def pack_folder(top: Path, files: Mapping[str, bytes]) -> Path:
    return fill(top / "anna", files)


def pack_zip(top: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(top / "anna.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return top / "anna.zip"


def pack_tar(suffix: str) -> Pack:
    def pack(top: Path, files: Mapping[str, bytes]) -> Path:
        entries = [(tarfile.TarInfo(name), content) for name, content in files.items()]
        return write_tar(top / f"anna.tar{suffix}", entries)

    return pack


def write_tar(path: Path, entries: list[tuple[tarfile.TarInfo, bytes]]) -> Path:
    with tarfile.open(path, f"w:{path.suffix.lstrip('.').replace('tar', '')}") as archive:  # type: ignore[call-overload]
        for info, content in entries:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def staged(path: Path, destination: Path, wanted: tuple[str, ...] = WANTED) -> Staged:
    kind: Kind = "folder" if path.is_dir() else "zip" if path.suffix == ".zip" else "tar"
    return stage(Submission("anna", path, kind), destination, wanted)


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


every_form = pytest.mark.parametrize(
    "pack",
    [pack_folder, pack_zip, *(pack_tar(suffix) for suffix in ("", ".gz", ".bz2", ".xz"))],
    ids=["folder", "zip", "tar", "gz", "bz2", "xz"],
)
archives_only = pytest.mark.parametrize(
    "pack", [pack_zip, pack_tar(""), pack_tar(".gz")], ids=["zip", "tar", "gz"]
)
