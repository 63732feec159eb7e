"""The journal of finished results: what a grader that was killed need not do again.

In the output folder, a file of JSON lines: the first says of which lab and schema they are, each
other one is a StudentResult. A line is on the disk before the next is begun, so
a kill or a crash costs the last one at most, and that only while it is written.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from grading.results import SCHEMA, StudentResult
from wire.errors import LabFailed, UsageError

JOURNAL_NAME = "journal.jsonl"
PREVIOUS_NAME = "journal-previous.jsonl"
"""The one before, of a grading that was not to be gone on with."""

_ANOTHER_FOLDER = "name another folder with --output, or remove the journal to grade all again"


class _Heading(msgspec.Struct, frozen=True):
    """The first line."""

    lab: str
    schema: int


class Journal:
    """An output folder's journal, which one grader at a time has; used by one thread at a time."""

    def __init__(self, folder: Path, lab: str, *, resume: bool) -> None:
        """Make the folder if needed, and go on with its journal or begin another.

        Without `resume` a journal that is there becomes PREVIOUS_NAME. A torn last
        line is cut off.

        Raises UsageError: another grader has the folder, its journal is another
        lab's or another schema's, or is none; LabFailed: it can't be read or written.
        """
        self._path = folder / JOURNAL_NAME
        self._heading = _Heading(lab, SCHEMA)
        self._decoder = msgspec.json.Decoder(StudentResult)
        with ExitStack() as opened, self._explained():
            lock = self._lock(opened, folder)
            self._open(opened)
            if not resume and self._lines()[1:-1]:
                self._path.replace(folder / PREVIOUS_NAME)
                self._open(opened)
            os.fsync(lock)  # or a crash could take the file's name away
            self._opened = opened.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let another grader have the folder."""
        self._opened.close()

    def add(self, result: StudentResult) -> None:
        """Keep a result; when this returns no crash can take it away.

        Raises LabFailed if it can't be written; nothing of it is there then.
        """
        with self._explained():
            self._write(result)

    def results(self) -> dict[str, StudentResult]:
        """All results by the students' names; of several for one name the last."""
        with self._explained():
            lines = self._lines()[1:-1]
        return {result.name: result for result in map(self._decoder.decode, lines)}

    def _lock(self, opened: ExitStack, folder: Path) -> int:
        """The folder's descriptor; with this process the kernel ends its lock."""
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        opened.callback(os.close, descriptor)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UsageError(
                f"another grader is writing to {folder}",
                "wait until it has ended, or name another folder with --output",
            ) from error
        return descriptor

    def _open(self, opened: ExitStack) -> None:
        self._file = opened.enter_context(self._path.open("a+b", buffering=0))
        self._end = self._whole_lines()
        self._file.truncate(self._end)
        if not self._end:
            self._write(self._heading)

    def _lines(self) -> list[bytes]:
        """All lines without their line ends, and last what stands behind the last line end."""
        self._file.seek(0)
        return self._file.readall().split(b"\n")

    def _whole_lines(self) -> int:
        """How many bytes of the journal are to be kept. Raises UsageError."""
        heading, *lines = self._lines()
        if not lines and _line(self._heading).startswith(heading):
            return 0
        self._check_heading(heading if lines else b"")
        *results, torn = lines
        end = len(heading) + 1
        for number, line in enumerate(results, start=2):
            try:
                self._decoder.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                # After a loss of power a line may have its end and not all before it.
                if number == len(results) + 1 and not torn:
                    break
                raise UsageError(
                    f"{self._path}, line {number}, is damaged: {error}",
                    "remove that line; its submission is then graded again",
                ) from error
            end += len(line) + 1
        return end

    def _check_heading(self, line: bytes) -> None:
        try:
            found = msgspec.json.decode(line, type=_Heading)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise UsageError(f"{self._path} is no journal", _ANOTHER_FOLDER) from error
        if found.lab != self._heading.lab:
            raise UsageError(f"{self._path} is of the lab {found.lab!r}", _ANOTHER_FOLDER)
        if found.schema != SCHEMA:
            raise UsageError(f"{self._path} is of another release's form", _ANOTHER_FOLDER)

    def _write(self, value: msgspec.Struct) -> None:
        """A whole line, down to the disk, or nothing."""
        line = _line(value)
        left = memoryview(line)
        try:
            while left:
                left = left[self._file.write(left) :]
            os.fsync(self._file)
        except BaseException:
            with suppress(OSError):  # what is left then is cut off when it is opened again
                self._file.truncate(self._end)
            raise
        self._end += len(line)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise LabFailed(
                f"can't keep the journal {self._path}: {error.strerror or error}",
                "see that its folder is there, can be written, and its disk has room",
            ) from error


def _line(value: msgspec.Struct) -> bytes:
    return msgspec.json.encode(value) + b"\n"
