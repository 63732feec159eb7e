"""`driver.py grade`: a class of submissions in, grades that can be defended out."""

from __future__ import annotations

import argparse
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from typing import Any

    from console.screen import Screen
    from grading.proof import Finding
    from grading.results import ClassResult, Isolation, StudentResult
    from grading.session import Request
    from runs.interrupts import Interrupts

PROGRAM = "driver"

_FORMATS = ("text", "json", "gradescope", "junit", "csv", "html")
_DEFAULT_FORMATS = "text,json"


def add_options(parser: ArgumentParser) -> None:
    """The command's options."""
    from pathlib import Path

    from console.arguments import checked
    from console.command_line import count, seconds

    add = parser.add_argument
    add("lab", metavar="LAB", help="a lab's name, or the path of its folder")
    submissions = add(
        "submissions",
        nargs="+",
        type=Path,
        metavar="SUBMISSION",
        help="folders, .zip or .tar files, or folders of those, named by student",
    )
    add(
        "--output",
        type=Path,
        default=Path("grades"),
        metavar="DIR",
        help="where results and reports go (default: %(default)s)",
    )
    add("--jobs", type=checked(count), metavar="N", help="at once (default: the cores)")
    add("--resume", action="store_true", help="go on with the grading that is in --output")
    add(
        "--format",
        type=checked(_formats),
        default=_DEFAULT_FORMATS,
        metavar="LIST",
        help=f"of {','.join(_FORMATS)} (default: %(default)s)",
    )
    add("--only", action="append", default=[], metavar="STUDENT", help="may be given again")
    add(
        "--timeout-scale",
        type=checked(seconds),
        default=1.0,
        metavar="X",
        help="give every run X times its time (default: %(default)g)",
    )
    add(
        "--isolation",
        choices=["best", "processes"],
        default="best",
        help="processes: no namespaces, and so no relay (default: %(default)s)",
    )
    other = parser.add_mutually_exclusive_group()
    other.add_argument(
        "--check",
        action=_flag_without(submissions),
        help="prove the lab, by its own programs and spoiled ones",
    )
    other.add_argument("--replay", metavar="SCENARIO", help="run it once and show who said what")


def _flag_without(argument: argparse.Action) -> type[argparse.Action]:
    """The action of a flag with which an argument that is needed else may be left out."""

    class Flag(argparse.Action):
        def __init__(self, option_strings: list[str], dest: str, **options: Any) -> None:
            super().__init__(option_strings, dest, nargs=0, default=False, **options)

        def __call__(self, _: ArgumentParser, namespace: Namespace, *__: object) -> None:
            setattr(namespace, self.dest, True)
            argument.required = False

    return Flag


def run(options: Namespace, interrupts: Interrupts) -> int:
    """Do what was asked for; the exit code."""
    from console.command_line import drop_output
    from console.screen import Screen
    from grading import proof, replay, session

    request = _request(options)
    screen = Screen()
    voice = Voice(screen)
    interrupts.allow(drop_output)
    if options.check:
        return voice.proved(proof.prove(request))
    if options.replay:
        voice.replayed(replay.play(request, options.replay))
        return 0
    result = session.grade(request, voice)
    voice.graded(result)
    return 0 if all(map(session.was_graded, result.students)) else 1


class Voice:
    """What the instructor is told."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def isolated(self, isolation: Isolation) -> None:
        self._screen.note(f"{PROGRAM}: isolation: {isolation.name}: {isolation.detail}")

    @contextmanager
    def grading(self, total: int) -> Iterator[Callable[[StudentResult], None]]:
        with self._screen.progress("Grading", total, alone=True) as advance:
            yield lambda _: advance()

    def wrote(self, files: list[Path], output: Path) -> None:
        for file in files:
            if file.parent == output:
                self._screen.note(f"{PROGRAM}: wrote {file}")

    def graded(self, result: ClassResult) -> None:
        """The table at the end."""
        from grading.reports.text import overview

        for line in overview(result):
            self._screen.show(line)

    def proved(self, findings: Iterable[Finding]) -> int:
        """What a lab's proof found, as it goes; the exit code."""
        faults = 0
        for finding in findings:
            faults += bool(finding.fault)
            self._screen.show(f"{finding.name}: {finding.fault or 'as it should be'}")
        return 1 if faults else 0

    def replayed(self, result: StudentResult) -> None:
        """What was said and sent, and what came of it."""
        from grading.reports.text import reasons, sequence

        for record in result.scenarios:
            for line in sequence(record):
                self._screen.show(line)
        for line in reasons(result):
            self._screen.show(line)


def _request(options: Namespace) -> Request:
    import os

    from grading.session import Request
    from runs.settings import ROOT

    return Request(
        lab=options.lab,
        lab_folder=_lab_folder(options.lab, ROOT),
        submissions=tuple(options.submissions or ()),
        output=options.output,
        jobs=options.jobs or len(os.sched_getaffinity(0)),
        resume=options.resume,
        formats=_formats(options.format) if isinstance(options.format, str) else options.format,
        only=tuple(options.only),
        timeout_scale=options.timeout_scale,
        isolation="" if options.isolation == "best" else options.isolation,
        reference_path=ROOT,
    )


def _lab_folder(name: str, root: Path) -> Path:
    """A lab of ours by its name, or any by its path. Raises UsageError."""
    from pathlib import Path

    from wire.errors import UsageError

    labs = sorted(file.parent.name for file in (root / "labs").glob("*/lab.toml"))
    if name in labs:
        return root / "labs" / name
    folder = Path(name).resolve()
    if "/" not in name and not folder.is_dir():
        raise UsageError(
            f"no lab is called {name}", f"there are {', '.join(labs)}; or name a lab's folder"
        )
    return folder


def _formats(text: str) -> tuple[str, ...]:
    names = tuple(filter(None, (name.strip() for name in text.split(","))))
    for name in names:
        if name not in _FORMATS:
            raise ValueError(f"{name} is no format: {', '.join(_FORMATS)}")
    return names
