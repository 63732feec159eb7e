"""The logs that a server left, over FTP: our service, and our retrieval."""

from __future__ import annotations

import secrets
import tempfile
from itertools import islice
from pathlib import Path

from ftp_service.retrieval import retrieve_logs
from ftp_service.service import FtpService
from wire.errors import WirelabError

_USER = "lab"
_SECONDS = 10.0
MOST_FILES = 200
_LARGEST = 8
"""How many times what is read of a file it may have."""


def fetch_folder(folder: Path, most: int, temporary: Path | None) -> tuple[dict[str, bytes], str]:
    """The logs of a folder, each cut to `most` bytes; and why there are none, if there are none.

    Made for a process of its own that sees what the server's program saw;
    `temporary` is where it has room.
    """
    if folder.is_symlink() or not folder.is_dir():
        return {}, f"there is no folder {folder.name}"
    if fault := _too_much(folder, most):
        return {}, fault
    password = secrets.token_urlsafe()
    try:
        with (
            FtpService(folder, user=_USER, password=password) as service,
            tempfile.TemporaryDirectory(dir=temporary) as destination,
        ):
            logs = retrieve_logs(
                service.host, service.port, _USER, password, Path(destination), timeout=_SECONDS
            )
            return {f"{folder.name}/{log.name}": _read(log.path, most) for log in logs}, ""
    except WirelabError as error:
        return {}, str(error)


def _too_much(folder: Path, most: int) -> str:
    """Why a folder is not worth fetching, if it is not: by what its files claim to be."""
    sizes = [entry.lstat().st_size for entry in islice(folder.iterdir(), MOST_FILES + 1)]
    if len(sizes) > MOST_FILES:
        return f"there are more than {MOST_FILES} files in {folder.name}"
    if sum(sizes) > MOST_FILES * most or max(sizes, default=0) > _LARGEST * most:
        return f"the files in {folder.name} are too large to be logs"
    return ""


def _read(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        return file.read(most)
