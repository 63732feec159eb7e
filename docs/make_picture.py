"""Draws docs/run.svg from a real run of the mp4 lab: `make picture`."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
import termios
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

DOCS = Path(__file__).resolve().parent
WIDTH = 84
FIRST, LAST = 65, 14
"""Lines of the beginning and the end, whose very last, with this run's folder, is left out."""

# rich's own template, without the fonts that it would load from elsewhere.
SVG = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width;
}}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as output:
        shown = run_on_terminal([sys.executable, "driver.py", "run", "mp4", "--output", output])
    lines = Text.from_ansi(shown).split("\n")
    console = Console(record=True, width=WIDTH, file=StringIO(), legacy_windows=False)
    console.print(Text("$ python driver.py run mp4", "bold"))
    for line in lines[:FIRST]:
        console.print(line)
    console.print(Text(f"[{len(lines) - FIRST - LAST} more lines: the other logs]", "dim"))
    for line in lines[-LAST:-1]:
        console.print(line)
    console.save_svg(str(DOCS / "run.svg"), title="python driver.py run mp4", code_format=SVG)


def run_on_terminal(command: list[str]) -> str:
    """What a command shows on a terminal of WIDTH columns."""
    terminal, standard_streams = os.openpty()
    termios.tcsetwinsize(standard_streams, (50, WIDTH))
    with subprocess.Popen(
        command,
        cwd=DOCS.parent,
        stdin=subprocess.DEVNULL,
        stdout=standard_streams,
        stderr=standard_streams,
        env=os.environ | {"TERM": "xterm-256color"},
    ) as process:
        os.close(standard_streams)
        shown = b"".join(iter(lambda: read_terminal(terminal), b""))
    os.close(terminal)
    if process.returncode:
        sys.exit(f"the run failed:\n{shown.decode()}")
    return shown.decode().replace("\r\n", "\n")


def read_terminal(terminal: int) -> bytes:
    """The next bytes; none once the program at the other end is gone."""
    try:
        return os.read(terminal, 65536)
    except OSError as error:
        if error.errno != errno.EIO:  # how Linux says that the other end is closed
            raise
        return b""


if __name__ == "__main__":
    main()
