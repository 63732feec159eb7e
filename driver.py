#!/usr/bin/env python3
# PYTHON_ARGCOMPLETE_OK
"""The lab driver: starts, runs, fetches, shows, stops."""

from __future__ import annotations

import signal
import sys
import time
from functools import partial
from typing import TYPE_CHECKING

from console import command_line
from wire.errors import UsageError, WirelabError

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from pathlib import Path
    from types import FrameType

    from console.screen import Screen
    from runs.record import RunRecord
    from runs.settings import Settings

PROGRAM = "driver"
LABS = ("mp4", "cs330")


class Options:
    """What the user asked for."""

    command: str
    labs: list[str]
    messages: list[Path] | None
    mode: str | None
    password_file: str
    ask_password: bool
    jobs: int
    output: Path
    timeout: float
    quiet: bool
    json: Path | None


def main() -> int:
    """The driver's command line; returns its exit code."""
    return command_line.guard(PROGRAM, _main)


def _main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    from console.arguments import parse

    options = parse(_parser(), sys.argv[1:], Options())
    return _run(options)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """End the run in order, once: what cleans up after it is brief, and not interrupted again."""
    for other in (signal.SIGINT, signal.SIGTERM):
        signal.signal(other, signal.SIG_IGN)
    raise KeyboardInterrupt


def _parser() -> ArgumentParser:
    from console.arguments import make_parser

    parser = make_parser("driver.py", "Run the labs of Wirelab.", "python driver.py run mp4")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = make_parser(
        "driver.py run",
        "Run labs on this machine, server, clients and FTP, and show what they print.",
        "python driver.py run mp4 --messages my_texts --mode secure",
        partial(commands.add_parser, "run", help="run labs and show what they print"),
    )
    _add_run_options(run)
    return parser


def _add_run_options(parser: ArgumentParser) -> None:
    from pathlib import Path

    from console.arguments import checked

    add = parser.add_argument
    add("labs", nargs="*", metavar="LAB", help=f"{' or '.join(LABS)} (default: all)")
    add("--messages", nargs="+", type=Path, metavar="PATH", help="files or a folder (mp4)")
    add("--mode", choices=command_line.MODE_NAMES, help="mp4's mode (default: classic)")
    add("--password-file", default="", metavar="FILE", help="its first line is mp4's password")
    add("--ask-password", action="store_true", help="ask for it; or set WIRELAB_PASSWORD")
    add(
        "--jobs",
        type=checked(command_line.count),
        default=1,
        metavar="N",
        help="clients at once (default: %(default)s)",
    )
    add(
        "--output",
        type=Path,
        default=Path("output"),
        metavar="DIR",
        help="each run makes a folder of its own in it (default: %(default)s)",
    )
    add(
        "--timeout",
        type=checked(command_line.seconds),
        default=30.0,
        metavar="SECONDS",
        help="for each client (default: %(default)g)",
    )
    add("--quiet", action="store_true", help="print errors only")
    add("--json", type=Path, metavar="FILE", help="write what was run (docs/run-json.md)")


def _run(options: Options) -> int:
    from datetime import UTC, datetime

    from console.screen import Screen
    from runs.record import RunRecord

    labs = _labs(options.labs)
    settings = _settings(options)
    screen = Screen(quiet=options.quiet)
    record = RunRecord(started=datetime.now(UTC).isoformat())
    began = time.monotonic()
    try:
        for lab in labs:
            _run_lab(lab, settings, screen, record)
        record.verdict = "passed"
    except KeyboardInterrupt:
        record.verdict = "interrupted"
        raise
    except WirelabError as error:
        record.error = str(error)
        raise
    finally:
        record.seconds = round(time.monotonic() - began, 6)
        if options.json:
            record.write(options.json)
    return 0


def _labs(names: list[str]) -> list[str]:
    for name in names:
        if name not in LABS:
            raise UsageError(f"no lab is called {name}", f"there are {' and '.join(LABS)}")
    return list(dict.fromkeys(names)) or list(LABS)


def _settings(options: Options) -> Settings:
    from runs.settings import ROOT, Settings, find_messages, load_lab
    from wire.frames import Mode

    lab = load_lab("mp4")
    if options.ask_password and not sys.stdin.isatty():
        raise UsageError(
            "--ask-password needs a terminal", "set WIRELAB_PASSWORD, or name a --password-file"
        )
    password = command_line.read_password(options.password_file, ask=options.ask_password)
    return Settings(
        messages=find_messages(options.messages or [ROOT / lab["messages"]]),
        mode=Mode[(options.mode or lab["mode"]).upper()],
        password=lab["password"] if password is None else password,
        jobs=options.jobs,
        output=options.output,
        timeout=options.timeout,
        quiet=options.quiet,
    )


def _run_lab(lab: str, settings: Settings, screen: Screen, record: RunRecord) -> None:
    from console import cs330, mp4
    from runs.cs330 import Cs330Run
    from runs.mp4 import Mp4Run
    from runs.settings import make_run_folder

    folder = make_run_folder(settings.output, lab)
    run: Mp4Run | Cs330Run
    if lab == "mp4":
        run = Mp4Run(settings, folder, mp4.DriverVoice(screen))
    else:
        run = Cs330Run(settings, folder, cs330.DriverVoice(screen))
    record.labs.append(run.record)
    try:
        run.run()
    finally:
        screen.note(f"{PROGRAM}: the files of this run are in {folder}")


if __name__ == "__main__":
    sys.exit(main())
