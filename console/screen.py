"""The driver's screen: plain text is the contract, and a terminal adds colour only.

The one place that uses rich, which is imported only where there is a terminal.
"""

from __future__ import annotations

import sys
import threading
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

_STYLES = {"driver": "bold cyan", "server": "green", "plain": ""}
_SIDE_BY_SIDE_WIDTH = 120


class Screen:
    """Standard output for what the lab prints, standard error for what is said about it.

    A text is written whole: other threads and processes may print between two
    texts, never inside one.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._lock = threading.Lock()

    @cached_property
    def _terminal(self) -> Console | None:
        return _console(sys.stdout) if sys.stdout.isatty() else None

    def show(self, text: str, style: str = "plain") -> None:
        """Write a text and a line end to standard output."""
        if self._quiet:
            return
        with self._lock:
            if self._terminal is None:
                sys.stdout.write(f"{text}\n")
            else:
                from rich.text import Text

                self._terminal.print(Text(text, _STYLES[style]), soft_wrap=True)
            sys.stdout.flush()

    def show_parts(self, left: str, right: str) -> None:
        """Two texts: side by side on a wide terminal, else one after the other."""
        if self._quiet or self._terminal is None or self._terminal.width < _SIDE_BY_SIDE_WIDTH:
            self.show(left)
            self.show(right)
            return
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, padding=(0, 1), expand=True)
        table.add_column(ratio=1)
        table.add_column(ratio=1)
        table.add_row(Text(left), Text(right))
        with self._lock:
            self._terminal.print(table)

    def note(self, text: str) -> None:
        """A line about the run, on standard error."""
        if not self._quiet:
            sys.stdout.flush()
            print(text, file=sys.stderr, flush=True)

    def summarize(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A table on standard error, where that is a terminal."""
        if self._quiet or not sys.stderr.isatty():
            return
        from rich.table import Table
        from rich.text import Text

        table = Table(*columns, title=title)
        for row in rows:
            table.add_row(*map(Text, row))
        _console(sys.stderr).print(table)


def _console(file: object) -> Console:
    from rich.console import Console

    return Console(file=file, highlight=False, markup=False)  # type: ignore[arg-type]
