"""The server's command line.

A server for one of the labs' own wires is started for each run that is graded:
told nothing but what every dialect has, it imports no parser.
"""

from __future__ import annotations

import os

from console.command_line import DEFAULT_PORT, count, from_environment, port, seconds
from wire.frames import LARGEST_BODY
from wire.raw import DIALECTS, WIRELAB

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable
    from typing import Any

LABS = ("mp4", "cs330")


class Options:
    """What the user asked for.

    `limits` are those that were named of server/limits.py, for Wirelab's own
    protocol; of these the other dialects have the first two below.
    """

    largest_body: int = LARGEST_BODY
    idle_seconds: float = 300.0
    dialect: str
    host: str
    port: int
    logs: str = "serverdata"
    lab: str = "mp4"
    quiet: bool = False
    limits: dict[str, Any]


def _dialect(text: str) -> str:
    if text not in DIALECTS:
        raise ValueError(f"{text} is none of the dialects {', '.join(DIALECTS)}")
    return text


_EVERY_DIALECT: dict[str, Callable[[str], object]] = {
    "dialect": _dialect,
    "host": str,
    "port": port,
    "logs": str,
    "largest_body": count,
    "idle_seconds": seconds,
}


def parse(arguments: list[str]) -> Options:
    """The options of a command line. Ends the program, as argparse does, where they are wrong."""
    options = _parse_plain(arguments) or _parse_all(arguments)
    if options.dialect != WIRELAB:
        options.lab = options.dialect
    return options


def _from_environment() -> dict[str, str]:
    defaults = {"dialect": WIRELAB, "host": "127.0.0.1", "port": str(DEFAULT_PORT)}
    return {name: from_environment(name.upper()) or default for name, default in defaults.items()}


def _parse_plain(arguments: list[str]) -> Options | None:
    """The options of a server for a lab's own wire; None if argparse is to have its say."""
    options, values = Options(), _from_environment()
    words = iter(arguments)
    for word in words:
        name = word[2:].replace("-", "_")
        if word == "--quiet":
            options.quiet = True
        elif word.startswith("--") and name in _EVERY_DIALECT:
            values[name] = next(words, "-")
        else:
            return None
    asked_by_a_shell = "_ARGCOMPLETE" in os.environ
    if asked_by_a_shell or any(value.startswith("-") for value in values.values()):
        return None
    try:
        for name, value in values.items():
            setattr(options, name, _EVERY_DIALECT[name](value))
    except ValueError:
        return None
    return None if options.dialect == WIRELAB else options


def _parse_all(arguments: list[str]) -> Options:
    from console import arguments as command_line

    parser = command_line.make_parser(
        "python -m server",
        "Keep the messages that clients send, a numbered log file each, and answer words.",
        "python -m server --host 0.0.0.0 --logs serverdata",
    )
    default = _from_environment()
    add, checked = parser.add_argument, command_line.checked
    add("--host", default=default["host"], help="default: %(default)s")
    add(
        "--port",
        type=checked(port),
        default=default["port"],
        help="0 for any free one (default: %(default)s)",
    )
    add("--logs", default=Options.logs, help="folder (default: %(default)s)")
    add(
        "--lab",
        choices=LABS,
        default=Options.lab,
        help="whose lines to print; a dialect has its own (default: %(default)s)",
    )
    add(
        "--dialect",
        type=checked(_dialect),
        choices=DIALECTS,
        default=default["dialect"],
        help="Wirelab's own protocol, or a lab's own wire, without frames (default: %(default)s)",
    )
    add("--quiet", action="store_true", help="print faults only")
    names = _add_limits(parser)
    options = command_line.parse(parser, arguments, Options())
    options.limits = {name: value for name, value in vars(options).items() if name in names}
    for name in options.limits:
        if options.dialect != WIRELAB and name not in _EVERY_DIALECT:
            parser.error(f"there is no {_flag(name)} with --dialect {options.dialect}")
    return options


def _add_limits(parser: ArgumentParser) -> set[str]:
    """The limits' options, which set nothing unless they are named; their names."""
    from argparse import SUPPRESS
    from dataclasses import fields

    from console.arguments import checked
    from server.limits import Limits

    types = {int: checked(count), float: checked(seconds)}
    group = parser.add_argument_group(
        "limits", "a lab's own wire has --largest-body and --idle-seconds alone"
    )
    for limit in fields(Limits):
        group.add_argument(
            _flag(limit.name),
            type=types[type(limit.default)],
            default=SUPPRESS,
            metavar="N",
            help=f"default: {limit.default}",
        )
    return {limit.name for limit in fields(Limits)}


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"
