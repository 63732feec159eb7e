"""Draws docs/run.svg from a real run of the mp4 lab: `make picture`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

DOCS = Path(__file__).resolve().parent
WIDTH = 84
SHOWN = 62
"""Lines; the rest of the run is left out, and the picture says so."""
SPEAKERS = {"MP4 Driver": "bold cyan", "Server": "green", "Client": "yellow"}

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
        run = subprocess.run(
            [sys.executable, "driver.py", "run", "mp4", "--output", output],
            cwd=DOCS.parent,
            capture_output=True,
            text=True,
            check=True,
        )
    console = Console(record=True, width=WIDTH, file=StringIO(), legacy_windows=False)
    lines = run.stdout.splitlines()
    console.print(Text("$ python driver.py run mp4", "bold"))
    for line in lines[:SHOWN]:
        style = SPEAKERS.get(line.partition(":")[0], "")
        console.print(Text(line, style, overflow="ellipsis", no_wrap=True))
    console.print(Text(f"... {len(lines) - SHOWN} more lines: the other logs", "dim"))
    console.save_svg(str(DOCS / "run.svg"), title="python driver.py run mp4", code_format=SVG)


if __name__ == "__main__":
    main()
