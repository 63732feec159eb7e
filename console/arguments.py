"""Command lines by argparse, with an example in each --help and completion by argcomplete."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from functools import partial
from textwrap import fill
from typing import NoReturn, TypeVar

from console.command_line import complain
from wire.errors import UsageError

Options = TypeVar("Options")
Value = TypeVar("Value")

# A fixed width spares argparse from importing shutil to ask for the terminal's.
_HELP_WIDTH = 80


class _Parser(argparse.ArgumentParser):
    """Complains as the programs do: one line and a hint."""

    def error(self, message: str) -> NoReturn:
        fault = UsageError(message, f"{self.prog} --help says what can stand there")
        complain(self.prog, fault)
        sys.exit(fault.exit_code)


def make_parser(
    program: str,
    description: str,
    example: str,
    make: Callable[..., argparse.ArgumentParser] = _Parser,
) -> argparse.ArgumentParser:
    """A parser whose --help ends with an example, and that takes no abbreviations.

    For a command of a program `make` is its `add_parser`, with the command's name.
    """
    return make(
        prog=program,
        description=fill(description, _HELP_WIDTH),
        epilog=f"example:\n  {example}",
        formatter_class=partial(argparse.RawDescriptionHelpFormatter, width=_HELP_WIDTH),
        allow_abbrev=False,
    )


def checked(convert: Callable[[str], Value]) -> Callable[[str], Value]:
    """An argparse type whose complaint is what `convert` says in its ValueError."""

    def check(text: str) -> Value:
        try:
            return convert(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return check


def parse(parser: argparse.ArgumentParser, arguments: list[str], options: Options) -> Options:
    """Fill `options` from a command line, or answer a shell that asks what could stand there."""
    if "_ARGCOMPLETE" in os.environ:
        import argcomplete

        argcomplete.autocomplete(parser)
    return parser.parse_args(arguments, namespace=options)
