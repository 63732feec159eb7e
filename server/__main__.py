"""The server program: `python -m server`."""

from __future__ import annotations

import asyncio
import signal
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from functools import cache, partial
from pathlib import Path
from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit, setrlimit
from typing import Any

from console import command_line, cs330, mp4
from console.arguments import checked, make_parser, parse
from console.command_line import from_environment
from console.outlet import Outlet
from console.text import printable
from server.limits import Limits
from server.listener import BACKLOG, Server
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
    add("--quiet", action="store_true", help="print faults only")
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
    _allow_files(limits.connections + BACKLOG)
    asyncio.run(_serve(options, limits))
    raise KeyboardInterrupt  # only a signal ends it


async def _serve(options: Namespace, limits: Limits) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    faults = Outlet(sys.stderr)
    loop.set_exception_handler(partial(_report_fault, stopping, cache(faults.say)))
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    voice = _silence if options.quiet else _VOICES[options.lab]
    show = partial(_show, voice, Outlet(sys.stdout), faults)
    server = Server(options.logs, limits, show)
    host, port = await server.start(options.host, options.port)
    faults.say(f"{PROGRAM}: listening on {host}:{port}, logs in {options.logs}")
    with suppress(OSError):
        command_line.warn_if_exposed(PROGRAM, host, "whoever reaches it can leave messages here")
    if options.lab == "cs330" and not options.quiet:
        print(cs330.SERVER_READY, flush=True)
    await stopping.wait()
    await server.stop()


def _silence(_: Event) -> None:
    """The voice of a server that is to be quiet."""


def _show(voice: Voice, lines: Outlet, faults: Outlet, event: Event) -> None:
    text = voice(event)
    if text is not None:
        lines.say(text)
    if isinstance(event, RequestRefused):
        faults.say(f"{PROGRAM}: refused {event.client}: {printable(event.reason)}")


def _allow_files(wanted: int) -> None:
    """Let this process have that many open files, as far as it may."""
    soft, hard = getrlimit(RLIMIT_NOFILE)
    if hard != RLIM_INFINITY:
        wanted = min(wanted, hard)
    if RLIM_INFINITY != soft < wanted:
        setrlimit(RLIMIT_NOFILE, (wanted, hard))


def _report_fault(
    stopping: asyncio.Event,
    say_once: Callable[[str], None],
    loop: asyncio.AbstractEventLoop,
    context: dict[str, Any],
) -> None:
    """A line for what the system denies, such as more open files; a bug keeps its traceback.

    Of the first asyncio may come upon a thousand times a second.
    """
    fault = context.get("exception")
    if isinstance(fault, OSError):
        say_once(f"{PROGRAM}: {context['message']}: {fault.strerror}")
    elif not stopping.is_set():  # then asyncio may try to go on with the listener that was closed
        loop.default_exception_handler(context)


if __name__ == "__main__":
    sys.exit(main())
