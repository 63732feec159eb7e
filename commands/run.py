"""`driver.py run`: labs on this machine, shown as they run."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable
    from pathlib import Path

    from console.screen import Screen
    from runs.cs330 import Cs330Run
    from runs.interrupts import Interrupts
    from runs.mp4 import Mp4Run
    from runs.record import RunRecord
    from runs.settings import Settings

    MakeRun = Callable[[Settings, Path, Screen], Mp4Run | Cs330Run]

PROGRAM = "driver"
LABS = ("mp4", "cs330")


class Options:
    """What the user asked for."""

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


def _lab(name: str) -> str:
    if name not in LABS:
        raise ValueError(f"no lab is called {name}; there are {' and '.join(LABS)}")
    return name


def add_options(parser: ArgumentParser) -> None:
    """The command's options."""
    from pathlib import Path

    from console.arguments import checked
    from console.command_line import MODE_NAMES, count, seconds

    add = parser.add_argument
    # Not by `choices`: under nargs="*" argparse holds these against no lab at all.
    labs = add(
        "labs", nargs="*", type=checked(_lab), metavar="LAB", help="mp4, cs330 (default: all)"
    )
    labs.completer = lambda **_: LABS  # type: ignore[attr-defined]
    add("--messages", nargs="+", type=Path, metavar="PATH", help="files or folders (mp4)")
    add("--mode", choices=MODE_NAMES, help="mp4's mode (default: classic)")
    password = parser.add_mutually_exclusive_group()
    password.add_argument(
        "--password-file", metavar="FILE", help="its first line is mp4's password"
    )
    password.add_argument(
        "--ask-password", action="store_true", help="ask for it; or set WIRELAB_PASSWORD"
    )
    add(
        "--jobs",
        type=checked(count),
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
        type=checked(seconds),
        default=30.0,
        metavar="SECONDS",
        help="for each client (default: %(default)g)",
    )
    add("--quiet", action="store_true", help="print errors only")
    add("--json", type=Path, metavar="FILE", help="write what was run (docs/run-json.md)")


def run(options: Options, interrupts: Interrupts) -> int:
    """Run what was asked for; the exit code."""
    from datetime import UTC, datetime
    from time import monotonic

    from console.command_line import drop_output
    from console.screen import Screen
    from runs.record import RunRecord
    from wire.errors import WirelabError

    makers = {name: _maker(name) for name in options.labs or LABS}
    screen = Screen(quiet=options.quiet)
    record = RunRecord(started=datetime.now(UTC).isoformat())
    began = monotonic()
    if options.json:
        _claim(options.json, record, _message_paths(options))
    try:
        interrupts.allow(drop_output)
        settings = _settings(options)
        for name, make_run in makers.items():
            _run_lab(name, make_run, settings, screen, record)
        record.verdict = "passed"
    except WirelabError as error:
        record.verdict, record.error = "failed", str(error)
        raise
    finally:
        interrupts.ignore()
        record.seconds = round(monotonic() - began, 6)
        if options.json:
            record.write(options.json)
    return 0


def _maker(lab: str) -> MakeRun:
    """What makes a run of this lab. All that a run needs is imported here, while signals wait."""
    if lab == "mp4":
        from console import mp4
        from runs.mp4 import Mp4Run

        return lambda settings, folder, screen: Mp4Run(settings, folder, mp4.DriverVoice(screen))
    from console import cs330
    from runs.cs330 import Cs330Run

    return lambda settings, folder, screen: Cs330Run(settings, folder, cs330.DriverVoice(screen))


def _claim(json: Path, record: RunRecord, messages: list[Path]) -> None:
    """Begin the record, so that a place where it can't be written is told before the labs run."""
    from wire.errors import UsageError

    place = json.resolve()
    if {place, place.parent} & {path.resolve() for path in messages}:
        raise UsageError(f"--json {json} would be one of the messages", "name a file elsewhere")
    record.claim(json)


def _message_paths(options: Options) -> list[Path]:
    from runs.settings import ROOT, load_lab

    return options.messages or [ROOT / load_lab("mp4")["messages"]]


def _settings(options: Options) -> Settings:
    from console.command_line import ask_password, read_password
    from runs.settings import Settings, find_messages, load_lab
    from wire.frames import Mode

    lab = load_lab("mp4")
    messages = find_messages(_message_paths(options))
    password = (
        ask_password() if options.ask_password else read_password(options.password_file, ask=False)
    )
    return Settings(
        messages=messages,
        mode=Mode[(options.mode or lab["mode"]).upper()],
        password=lab["password"] if password is None else password,
        jobs=options.jobs,
        output=options.output,
        timeout=options.timeout,
        quiet=options.quiet,
    )


def _run_lab(
    name: str, make_run: MakeRun, settings: Settings, screen: Screen, record: RunRecord
) -> None:
    from runs.settings import make_run_folder

    run = make_run(settings, make_run_folder(settings.output, name), screen)
    record.labs.append(run.record)
    try:
        run.run()
    finally:
        if run.record.verdict != "interrupted":
            screen.summarize(*run.record.table())
            screen.note(f"{PROGRAM}: the files of this run are in {run.record.folder}")
