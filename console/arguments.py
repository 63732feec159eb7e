"""Command lines by argparse, with an example in each --help and completion by argcomplete."""

from __future__ import annotations

import argparse
import os
from functools import partial
from typing import TypeVar

Options = TypeVar("Options")

# A fixed width spares argparse from importing shutil to ask for the terminal's.
_HELP_WIDTH = 80


def make_parser(program: str, description: str, example: str) -> argparse.ArgumentParser:
    """A parser whose --help ends with an example, and that takes no abbreviations."""
    return argparse.ArgumentParser(
        prog=program,
        description=description,
        epilog=f"example:\n  {example}",
        formatter_class=partial(argparse.RawDescriptionHelpFormatter, width=_HELP_WIDTH),
        allow_abbrev=False,
    )


def parse(
    parser: argparse.ArgumentParser, arguments: list[str] | None, options: Options
) -> Options:
    """Fill `options` from a command line, or answer a shell that asks what could stand there."""
    if "_ARGCOMPLETE" in os.environ:
        import argcomplete

        argcomplete.autocomplete(parser)
    return parser.parse_args(arguments, namespace=options)
