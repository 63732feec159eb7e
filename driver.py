#!/usr/bin/env python3
# PYTHON_ARGCOMPLETE_OK
"""The lab driver: runs the labs, and grades them."""

from __future__ import annotations

import sys

from runs.interrupts import Interrupts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable

PROGRAM = "driver"


def main() -> int:
    """The driver's command line; returns its exit code."""
    # First of all, as what follows takes long to import: from here on no signal goes astray.
    interrupts = Interrupts()
    from console import command_line

    try:
        return command_line.guard(PROGRAM, lambda: _main(interrupts))
    finally:
        interrupts.ignore()


def _main(interrupts: Interrupts) -> int:
    from argparse import Namespace

    from console.arguments import parse

    options = parse(_parser(), sys.argv[1:], Namespace())
    command: Callable[[Namespace, Interrupts], int] = options.act
    return command(options, interrupts)


def _parser() -> ArgumentParser:
    from functools import partial

    from commands import grade, run
    from console.arguments import make_parser

    parser = make_parser(
        "driver.py", "Run the labs of Wirelab, and grade them.", "python driver.py run mp4"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    running = make_parser(
        "driver.py run",
        "Run labs on this machine, server, clients and FTP, and show what they print.",
        "python driver.py run mp4 --messages my_texts --mode secure",
        partial(commands.add_parser, "run", help="run labs and show what they print"),
    )
    run.add_options(running)
    running.set_defaults(act=run.run)
    grading = make_parser(
        "driver.py grade",
        "Grade submissions by what their programs print, leave and send.",
        "python driver.py grade mp4 submissions/ --output grades --format text,json,html",
        partial(commands.add_parser, "grade", help="grade submissions"),
    )
    grade.add_options(grading)
    grading.set_defaults(act=grade.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
