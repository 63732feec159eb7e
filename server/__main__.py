"""The server program: `python -m server`."""

from __future__ import annotations

import asyncio
import signal
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from pathlib import Path

from console import command_line, cs330, mp4
from console.arguments import checked, make_parser, parse
from console.command_line import from_environment
from console.text import printable
from server.limits import Limits
from server.listener import Server
from wire.errors import INTERRUPTED
from wire.events import Event, RequestRefused

PROGRAM = "server"
Voice = Callable[[Event], str | None]
_VOICES = {"mp4": mp4.server_lines, "cs330": cs330.server_lines}
_LIMIT_TYPES = {int: checked(command_line.count), float: checked(command_line.seconds)}


def main() -> int:
    """The server's command line; returns its exit code."""
    options = parse(_parser(), sys.argv[1:], Namespace())
    return command_line.guard(PROGRAM, partial(_run, options))


def _parser() -> ArgumentParser:
    parser = make_parser(
        "python -m server",
        "Keep the messages that clients send, a numbered log file each, and answer words.",
        "python -m server --host 0.0.0.0 --logs serverdata",
    )
    add = parser.add_argument
    add("--host", default=from_environment("HOST", "127.0.0.1"), help="default: %(default)s")
    add(
        "--port",
        type=checked(command_line.port),
        default=from_environment("PORT", str(command_line.DEFAULT_PORT)),
        help="0 for any free one (default: %(default)s)",
    )
    add("--logs", type=Path, default=Path("serverdata"), help="folder (default: %(default)s)")
    add("--lab", choices=_VOICES, default="mp4", help="whose lines to print (default: %(default)s)")
    limits = parser.add_argument_group("limits")
    for limit in fields(Limits):
        limits.add_argument(
            f"--{limit.name.replace('_', '-')}",
            type=_LIMIT_TYPES[type(limit.default)],
            default=limit.default,
            metavar="N",
            help="default: %(default)s",
        )
    return parser


def _run(options: Namespace) -> int:
    limits = Limits(**{limit.name: getattr(options, limit.name) for limit in fields(Limits)})
    return asyncio.run(_serve(options, limits))


async def _serve(options: Namespace, limits: Limits) -> int:
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    server = Server(options.logs, limits, partial(_show, _VOICES[options.lab]))
    host, port = await server.start(options.host, options.port)
    print(f"{PROGRAM}: listening on {host}:{port}, logs in {options.logs}", file=sys.stderr)
    command_line.warn_if_exposed(PROGRAM, host, "whoever reaches it can leave messages here")
    if options.lab == "cs330":
        print(cs330.SERVER_READY, flush=True)
    await stopping.wait()
    await server.stop()
    return INTERRUPTED


def _show(voice: Voice, event: Event) -> None:
    lines = voice(event)
    if lines is not None:
        print(lines, flush=True)
    if isinstance(event, RequestRefused):
        reason = printable(event.reason)
        print(f"{PROGRAM}: refused {event.client}: {reason}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
