"""The folder as FTP clients see it: its regular files, and no way out of it."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from pyftpdlib.exceptions import FilesystemError
from pyftpdlib.filesystems import AbstractedFS

ARCHIVE = "/logs.tar"
"""The path, as clients see it, under which all files of the root come packed in one."""


class ServedFolder(AbstractedFS):  # type: ignore[misc]
    """Shows regular files and folders under visible names; the rest does not exist for a client.

    Out of sight are names that begin with a dot (the server keeps its store
    and its unfinished files there), names that a listing can't carry, special
    files, links that lead to any of these or out of the root, and a file whose
    place the packed archive takes.
    """

    def validpath(self, path: str) -> bool:
        """Whether a command may touch `path`; pyftpdlib asks before each one that takes a path."""
        return self._in_sight(path) and self._in_sight(self.realpath(path)) and _servable(path)

    def _in_sight(self, path: str) -> bool:
        below = os.path.join(self.root, "")  # noqa: PTH118
        if not path.startswith(below):
            return path == str(self.root)
        name = path[len(below) :]
        return name != ARCHIVE[1:] and all(map(_visible, name.split("/")))

    def listdir(self, path: str) -> list[str]:
        with os.scandir(path) as entries:
            return [entry.name for entry in entries if self._listed(entry)]

    def files(self) -> list[str]:
        """The real paths of all files that stand directly in the root."""
        with os.scandir(self.root) as entries:
            return sorted(e.path for e in entries if self._listed(e) and e.is_file())

    def _listed(self, entry: os.DirEntry[str]) -> bool:
        if entry.is_symlink():
            return self.validpath(entry.path) and Path(entry.path).exists()
        kept = entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False)
        return kept and self._in_sight(entry.path)

    def open(self, filename: str, mode: str) -> BinaryIO:  # noqa: ARG002
        """Open a regular file to be read; raises OSError or FilesystemError.

        Without O_NONBLOCK a FIFO put in a file's place would stop the whole
        service until someone writes to it.
        """
        file = open(filename, "rb", opener=_open_at_once)  # noqa: SIM115
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            file.close()
            raise FilesystemError("Not a regular file")
        return file

    def chdir(self, path: str) -> None:
        # The inherited one changes the folder of the whole process, and with it
        # what every other thread's relative paths mean.
        os.scandir(path).close()
        self.cwd = self.fs2ftp(path)

    def lstat(self, path: str) -> os.stat_result:
        # A link is shown as the file it leads to: its text would name real paths.
        return os.stat(path)  # noqa: PTH116

    def get_user_by_uid(self, uid: int) -> str:  # noqa: ARG002
        return "owner"

    def get_group_by_gid(self, gid: int) -> str:  # noqa: ARG002
        return "group"


def _visible(name: str) -> bool:
    return not name.startswith(".") and name.isprintable()


def _servable(path: str) -> bool:
    try:
        mode = Path(path).stat().st_mode
    except OSError:
        return True  # the command itself then says what is wrong
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)
