"""A pseudo-terminal for the programs under test."""

from __future__ import annotations

import codecs
import errno
import os
import pty
import termios


class Terminal:
    """Programs get `theirs`, after which `release` lets them be the only ones that have it."""

    def __init__(self, columns: int = 80) -> None:
        self._ours, self.theirs = pty.openpty()
        self._released = False
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        termios.tcsetwinsize(self.theirs, (50, columns))

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
        os.close(self._ours)

    def release(self) -> None:
        if not self._released:
            os.close(self.theirs)
        self._released = True

    def read_all(self) -> str:
        """What comes until no program has it open any more."""
        return "".join(iter(self._read, ""))

    def read_until(self, text: str) -> str:
        """What comes up to this text; it must come."""
        shown = ""
        while text not in shown:
            more = self._read()
            assert more, f"{text!r} never came after {shown!r}"
            shown += more
        return shown

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def _read(self) -> str:
        text = ""
        while not text:
            try:
                data = os.read(self._ours, 65536)
            except OSError as error:
                if error.errno != errno.EIO:
                    raise
                return ""
            text = self._decoder.decode(data).replace("\r\n", "\n")
        return text
