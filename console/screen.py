"""The driver's screen: plain text is the contract, and a terminal adds colour only.

The one place that uses rich, which is imported only where there is a terminal.
"""

from __future__ import annotations

import os
import stat
import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from console.command_line import drop_output, on_one_line, reason, tell
from wire.errors import LabFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TextIO

    from rich.console import Console

_STYLES = {"driver": "cyan", "server": "green"}
_SIDE_BY_SIDE_WIDTH = 120


class Screen:
    """Standard output for what the lab prints, standard error for what is said about it.

    A text is written whole: other threads and processes may print between two
    texts, never inside one.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._lock = threading.Lock()
        self._fault: OSError | None = None
        self._terminal = None if quiet else _console(sys.stdout)
        self._margin = None if quiet else _console(sys.stderr)

    def show(self, text: str, style: str | None = None) -> None:
        """Write a text and a line end to standard output; styles are for texts without tabs.

        Raises LabFailed where nothing can be written any more, BrokenPipeError
        if it is only that the reader has left.
        """
        if style and self._terminal:
            from rich.text import Text

            with self._terminal.capture() as coloured:
                self._terminal.print(Text(text, _STYLES[style]), soft_wrap=True)
            self._write(coloured.get())
        else:
            self._write(f"{text}\n")

    def show_aside(self, text: str, style: str) -> None:
        """As `show`, from a thread that others wait for: a fault is left to the next `show`."""
        with suppress(BrokenPipeError, LabFailed):
            self.show(text, style)

    def show_parts(self, left: str, right: str) -> None:
        """Two texts: side by side on a wide terminal, else one after the other."""
        if self._terminal is None or self._terminal.width < _SIDE_BY_SIDE_WIDTH:
            self.show(left)
            self.show(right)
            return
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, padding=(0, 1), expand=True, show_header=False)
        table.add_column(ratio=1)
        table.add_column(ratio=1)
        table.add_row(Text(left), Text(right))
        with self._terminal.capture() as parts:
            self._terminal.print(table)
        self._write(parts.get())

    def _write(self, text: str) -> None:
        if self._quiet:
            return
        with self._lock:
            if self._fault is None:
                try:
                    sys.stdout.write(text)
                    sys.stdout.flush()
                except OSError as error:
                    drop_output()
                    self._fault = error
        if isinstance(self._fault, BrokenPipeError):
            raise BrokenPipeError
        if self._fault is not None:
            raise LabFailed(
                f"can't write to standard output: {reason(self._fault)}",
                "send it where there is room, or give --quiet",
            )

    def note(self, text: str) -> None:
        """A line about the run, on standard error."""
        if not self._quiet:
            tell(on_one_line(text))

    @contextmanager
    def progress(
        self, what: str, total: int, *, alone: bool = False
    ) -> Iterator[Callable[[], None]]:
        """A bar on standard error, where that is a terminal; what it gives moves it on.

        Unless it is shown `alone`, with nothing else printed meanwhile, only where
        standard output is neither a terminal nor a pipe: what reads from a pipe may
        well print to the same terminal.
        """
        piped = stat.S_ISFIFO(os.fstat(sys.stdout.fileno()).st_mode)
        if self._margin is None or ((self._terminal or piped) and not alone):
            yield lambda: None
            return
        from rich.progress import Progress

        with Progress(
            console=self._margin, transient=True, redirect_stdout=False, redirect_stderr=False
        ) as bar:
            task = bar.add_task(what, total=total)
            yield lambda: bar.advance(task)

    def summarize(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A table on standard error, where that is a terminal; numbers to the right."""
        if self._margin is None or not rows:
            return
        from rich.table import Table
        from rich.text import Text

        table = Table()
        for column, cells in zip(columns, zip(*rows, strict=True), strict=True):
            numbers = all(cell == "-" or cell.replace(".", "").isdecimal() for cell in cells)
            table.add_column(column, justify="right" if numbers else "left")
        for row in rows:
            table.add_row(*(Text(on_one_line(cell)) for cell in row))
        self._margin.print(table)


def _console(stream: TextIO) -> Console | None:
    """A rich console, where the stream is a terminal; with it, all of rich that is used here."""
    if not stream.isatty():
        return None
    import rich.console
    import rich.progress
    import rich.table
    import rich.text

    return rich.console.Console(file=stream, highlight=False, markup=False)
