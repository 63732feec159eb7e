"""The logs that a server left, over FTP: our service, and our retrieval."""

from __future__ import annotations

import secrets
import tempfile
from pathlib import Path

from ftp_service.retrieval import retrieve_logs
from ftp_service.service import FtpService
from wire.errors import WirelabError

_USER = "lab"
_SECONDS = 10.0


def fetch_folder(folder: Path, most: int) -> tuple[dict[str, bytes], str]:
    """The logs of a folder, each cut to `most` bytes; and why there are none, if there are none.

    Made for a process of its own that sees what the server's program saw.
    """
    if folder.is_symlink() or not folder.is_dir():
        return {}, f"there is no folder {folder.name}"
    password = secrets.token_urlsafe()
    try:
        with (
            FtpService(folder, user=_USER, password=password) as service,
            tempfile.TemporaryDirectory() as destination,
        ):
            logs = retrieve_logs(
                service.host, service.port, _USER, password, Path(destination), timeout=_SECONDS
            )
            return {f"{folder.name}/{log.name}": _read(log.path, most) for log in logs}, ""
    except WirelabError as error:
        return {}, str(error)


def _read(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        return file.read(most)
