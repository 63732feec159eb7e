"""A grading from beginning to end: what is asked for in, results and reports out."""

from __future__ import annotations

import compileall
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from grading.classroom import grade_class
from grading.grader import Grader, Setting
from grading.inputs import load_secret
from grading.isolation import find_isolation
from grading.journal import Journal
from grading.lab import Lab, load_lab
from grading.reports.writing import write_reports
from grading.results import (
    SCHEMA,
    AlikePair,
    ClassResult,
    Isolation,
    StudentResult,
    Verdict,
)
from grading.sandbox import kernel
from grading.similarity import find_alike
from grading.submissions.finding import Submission, find_submissions
from grading.submissions.members import Unreadable
from grading.submissions.staging import stage
from grading.transcripts.format import Transcript
from grading.transcripts.parsing import parse_transcript
from grading.workers import Workers
from wire.errors import LabFailed, UsageError

_TRY_BY_HAND = "run the lab's reference commands by hand, and compare with its transcripts"
_STARTED = ("client", "console", "server", "wire")
"""The packages of the lab's own programs."""
_REHEARSAL_SECONDS = 20.0
SECRET_NAME = "secret"
"""The file in the output folder from which each student's words are drawn."""
_NAMED = 20
"""How many names a complaint lists."""


@dataclass(frozen=True)
class Request:
    """What an instructor asks for."""

    lab: str
    """As it was named."""
    lab_folder: Path
    submissions: tuple[Path, ...]
    output: Path
    jobs: int
    resume: bool
    formats: tuple[str, ...]
    only: tuple[str, ...]
    timeout_scale: float
    isolation: str
    """processes, or empty for the best that this machine lets us have."""
    reference_path: Path


class Voice(Protocol):
    """Whoever tells the instructor how it goes."""

    def isolated(self, isolation: Isolation) -> None: ...
    def grading(self, total: int) -> AbstractContextManager[Callable[[StudentResult], None]]:
        """Within it, what it gives is called with each result."""

    def wrote(self, files: list[Path], output: Path) -> None: ...


def grade(request: Request, voice: Voice) -> ClassResult:
    """Grade a class, and write its reports.

    To be called before this process has threads. Raises UsageError, and LabFailed
    where not even the lab's own programs do what the lab says.
    """
    lab = load_lab(request.lab_folder)
    submissions = chosen(find_submissions(request.submissions, lab.files), request.only)
    with (
        Journal(request.output, request.lab_folder.name, resume=request.resume) as journal,
        _staging(request.output) as staging,
    ):
        secret = load_secret(request.output / SECRET_NAME)
        setting, isolation = prepare(request, lab, secret, staging)
        voice.isolated(isolation)
        grader = Grader(setting)
        with (
            Workers(request.jobs, grader.grade) as workers,
            voice.grading(len(submissions)) as on_result,
        ):
            found = grade_class(submissions, grader, journal, workers, on_result)
        result = ClassResult(
            lab=request.lab_folder.name,
            title=lab.title,
            graded=datetime.now().astimezone().isoformat(timespec="seconds"),
            isolation=isolation,
            students=tuple(found[one.name] for one in submissions),
            alike=_alike(submissions, lab, staging),
        )
        voice.wrote(write_reports(result, request.output, request.formats), request.output)
    return result


def was_graded(student: StudentResult) -> bool:
    """Whether no check was lost to a fault that is not the student's."""
    return not student.fault and all(
        check.verdict is not Verdict.GRADER_FAULT for check in student.checks
    )


def prepare(request: Request, lab: Lab, secret: bytes, staging: Path) -> tuple[Setting, Isolation]:
    """All that submissions are graded with; what depends on this machine is measured here.

    Raises UsageError, and LabFailed where the lab's own programs lose points.
    """
    kernel.adopt_orphans()
    for package in _STARTED:
        # The lab's programs see their source read-only: they could not keep what they compile.
        compileall.compile_dir(request.reference_path / package, quiet=2)
    isolation = find_isolation(staging, wanted=request.isolation)
    setting = Setting(
        lab=lab,
        lab_name=request.lab,
        lab_folder=request.lab_folder,
        transcripts=_transcripts(request.lab_folder, lab),
        fingerprint=_fingerprint(request, secret, isolation),
        secret=secret,
        isolation=isolation.name,
        staging=staging,
        reference_path=request.reference_path,
        seconds={scenario.name: _REHEARSAL_SECONDS for scenario in lab.scenario},
        output=request.output,
    )
    seconds = _time_limits(Grader(setting), lab, request.timeout_scale)
    return replace(setting, seconds=seconds), isolation


def _transcripts(folder: Path, lab: Lab) -> dict[str, Transcript]:
    return {
        scenario.name: parse_transcript(
            _read(folder / scenario.transcript).decode(), source=str(folder / scenario.transcript)
        )
        for scenario in lab.scenario
    }


def _time_limits(grader: Grader, lab: Lab, scale: float) -> dict[str, float]:
    """How long each scenario may take, in seconds, by how long the lab's own programs take."""
    limits = {}
    for scenario in lab.scenario:
        try:
            checks, evidence = grader.rehearse(scenario)
        except OSError as error:
            raise LabFailed(f"{scenario.name!r} can't be played: {error}", _TRY_BY_HAND) from error
        for check in checks:
            if check.points < check.max_points:
                raise LabFailed(
                    f"the lab's own programs don't pass {check.name!r} of {scenario.name!r}:"
                    f" {check.verdict.value}. {check.why}",
                    _TRY_BY_HAND,
                )
        measured = lab.limits.times * evidence.seconds
        limits[scenario.name] = scale * max(lab.limits.seconds, measured)
    return limits


def chosen(submissions: tuple[Submission, ...], only: tuple[str, ...]) -> tuple[Submission, ...]:
    """Those of these names, or all if none is given. Raises UsageError for a name that is none."""
    names = {one.name for one in submissions}
    for name in only:
        if name not in names:
            raise UsageError(
                f"no submission is named {name!r}",
                f"these are there: {', '.join(sorted(names)[:_NAMED])}",
            )
    return tuple(one for one in submissions if not only or one.name in only)


def _fingerprint(request: Request, secret: bytes, isolation: Isolation) -> str:
    """SHA-256 of what results depend on beside the submission."""
    total = sha256(secret)
    for path in sorted(request.lab_folder.rglob("*")):
        if path.is_file():
            total.update(f"{path.relative_to(request.lab_folder)}\n".encode())
            total.update(sha256(path.read_bytes()).digest())
    total.update(f"{request.timeout_scale} {isolation.name} {SCHEMA}".encode())
    return total.hexdigest()


@contextmanager
def _staging(output: Path) -> Iterator[Path]:
    """A folder for what grading needs meanwhile; what a grading that was killed left is removed."""
    folder = output.resolve() / ".staging"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _alike(submissions: tuple[Submission, ...], lab: Lab, staging: Path) -> tuple[AlikePair, ...]:
    staged = {}
    for number, submission in enumerate(submissions):
        with suppress(Unreadable):  # its result says so
            staged[submission.name] = stage(submission, staging / f"alike-{number}", lab.files).path
    return find_alike(staged, wanted=lab.files)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"can't read {path}: {error.strerror}", "lab.toml names it: make it, or correct that"
        ) from error
