"""One submission graded: copied, run through the lab's scenarios, judged."""

from __future__ import annotations

import fcntl
import shlex
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import msgspec

from grading.derived import complete
from grading.evidence import Evidence
from grading.inputs import draw_inputs
from grading.isolation import NAMESPACES
from grading.judge import judge, not_graded
from grading.lab import Lab, Limits, Scenario, Step
from grading.ports import guess_port, needs_port
from grading.results import Check, ScenarioRecord, StudentResult, Verdict
from grading.sandbox.arena import Stage, run_in_arena
from grading.sandbox.launch import Quota
from grading.scene import Scene
from grading.script import DEFAULT_PORT, Script, message_file
from grading.streams import Case
from grading.submissions.finding import Submission, plain_text
from grading.submissions.members import Unreadable
from grading.submissions.staging import Staged, digest, stage
from grading.transcripts.format import Transcript
from grading.wiring import CLIENT_HOST, SERVER_HOST
from wire.errors import WirelabError

_PORT_SECONDS = 5.0
"""How long a server is waited for when all that is asked is where it listens."""
_SLACK_SECONDS = 30.0
"""What an arena gets beyond a scenario's time before it is given up."""


@dataclass(frozen=True)
class Setting:
    """What all submissions of a class are graded with."""

    lab: Lab
    lab_name: str
    """As the instructor named it."""
    lab_folder: Path
    transcripts: Mapping[str, Transcript]
    """By scenario."""
    fingerprint: str
    """SHA-256 of the lab's files, the secret and the limits: of all that a result depends on."""
    secret: bytes
    isolation: str
    staging: Path
    reference_path: Path
    """Where the lab's own programs are imported from."""
    seconds: Mapping[str, float]
    """How long each scenario may take."""
    output: Path
    """Where results go, and the secret is."""


@dataclass(frozen=True)
class Task:
    """A submission to grade; `scenarios`: only these, or all if empty."""

    submission: Submission
    known_digest: str = ""
    """The digest of a result that is there already."""
    scenarios: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unchanged:
    """What there is to say of a submission whose result is known."""


class Grader:
    """Grades one submission after another, in a process that is a subreaper."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    def grade(self, task: Task) -> StudentResult | Unchanged:
        """A submission's result, unless it is the one that is known.

        What goes wrong in grading is in the result: it never costs a point.
        """
        began = time.monotonic()
        try:
            with self._folder() as folder:
                staged = stage(task.submission, folder / "copy", self._setting.lab.files)
                fingerprint = self._fingerprint(task.submission, staged)
                if fingerprint == task.known_digest:
                    return Unchanged()
                result = self._grade(task, staged, folder, fingerprint)
        except Unreadable as error:
            result = self.refused(task, str(error), costs=True)
        except (WirelabError, OSError) as error:
            result = self.refused(task, str(error))
        return msgspec.structs.replace(result, seconds=round(time.monotonic() - began, 3))

    def refused(self, task: Task, why: str, *, costs: bool = False) -> StudentResult:
        """The result of a submission that could not be run."""
        verdict = Verdict.NOT_RUN if costs else Verdict.GRADER_FAULT
        checks = tuple(
            msgspec.structs.replace(check, verdict=verdict, points=0 if costs else check.max_points)
            for scenario in self._scenarios(task)
            for check in not_graded(self._case(scenario, task.submission), why)[0]
        )
        return _result(task.submission, checks, (), "", fault=why)

    def rehearse(self, scenario: Scenario) -> tuple[tuple[Check, ...], Evidence]:
        """A scenario by the lab's own programs alone, judged as if they had been handed in."""
        nobody = Submission("the lab's own programs", self._setting.lab_folder, "folder")
        with self._folder() as folder:
            (folder / "copy").mkdir(mode=0o755)
            case = self._case(scenario, nobody)
            evidence = self._play(case, folder / "copy", folder, rehearsal=True)
        return judge(case, evidence)[0], evidence

    def _grade(self, task: Task, staged: Staged, folder: Path, fingerprint: str) -> StudentResult:
        checks: list[Check] = []
        records: list[ScenarioRecord] = []
        pending = []
        fault = ""
        port = 0
        for scenario in self._scenarios(task):
            case = self._case(scenario, task.submission)
            try:
                if not port and needs_port(self._setting.lab, scenario):
                    port = self._find_port(case, staged.path, folder)
                evidence = self._play(case, staged.path, folder, port=port)
                found, record = judge(case, evidence)
                if evidence.out_of_time:
                    pending.append(scenario.name)
            except Exception as error:
                # Whatever it is, it is the grader's, and the class goes on.
                fault = f"{scenario.name}: {error or type(error).__name__}"
                found, record = not_graded(case, fault)
            checks += found
            records.append(record)
        return msgspec.structs.replace(
            _result(task.submission, tuple(checks), tuple(records), fingerprint, fault=fault),
            pending=tuple(pending),
        )

    def _find_port(self, case: Case, submission: Path, folder: Path) -> int:
        """Where the submission's own server listens, as its client will look for it there."""
        server = next(name for name, rule in self._setting.lab.programs.items() if rule.listens)
        trial = Scenario(
            name="port",
            title="",
            transcript="",
            programs={server: "submission"},
            steps=(Step(start=server), Step(stop=server)),
        )
        evidence = self._play(replace(case, scenario=trial), submission, folder)
        return evidence.port or guess_port(submission) or DEFAULT_PORT

    def _play(
        self,
        case: Case,
        submission: Path,
        folder: Path,
        *,
        port: int = 0,
        rehearsal: bool = False,
    ) -> Evidence:
        """Play a scenario. Raises OSError for what is the grader's own fault."""
        setting = self._setting
        scenario = case.scenario
        seconds = setting.seconds.get(scenario.name, _PORT_SECONDS)
        place = Path(tempfile.mkdtemp(dir=folder))
        script = Script(
            setting.lab,
            scenario,
            case.texts,
            setting.lab_folder,
            setting.reference_path,
            port=port or DEFAULT_PORT,
            rehearsal=rehearsal,
        )
        isolated = setting.isolation == NAMESPACES
        handed = {name for step in scenario.steps for name in step.each}
        arena_stage = Stage(
            place,
            submission,
            {message_file(name): case.texts[name].encode() for name in handed},
            (SERVER_HOST, CLIENT_HOST),
            _quota(setting.lab.limits),
            script.hosts_of_students(),
            _outermost(setting.reference_path, setting.lab_folder),
        )
        with self._alone(isolated):
            return run_in_arena(
                arena_stage,
                lambda arena: Scene(arena, script, seconds).play(),
                isolated=isolated,
                timeout=seconds + _SLACK_SECONDS,
            )

    def _scenarios(self, task: Task) -> Iterator[Scenario]:
        for scenario in self._setting.lab.scenario:
            if not task.scenarios or scenario.name in task.scenarios:
                yield scenario

    def _case(self, scenario: Scenario, submission: Submission) -> Case:
        lab = self._setting.lab
        texts = complete(
            draw_inputs(lab.inputs, self._setting.secret, submission.name), lab.derived
        )
        return Case(
            lab,
            scenario,
            self._setting.transcripts[scenario.name],
            texts,
            self._replay(submission, scenario),
        )

    def _replay(self, submission: Submission, scenario: Scenario) -> str:
        """The command that runs a scenario again and shows it."""
        lab, output = self._setting.lab_name, self._setting.output
        what = (lab, submission.path, "--output", output, "--replay", scenario.name)
        words = (plain_text(str(word)) for word in what)
        return shlex.join(("python", "driver.py", "grade", *words))

    def _fingerprint(self, submission: Submission, staged: Staged) -> str:
        parts = (self._setting.fingerprint, submission.name, digest(staged))
        return sha256("\n".join(parts).encode()).hexdigest()

    @contextmanager
    def _folder(self) -> Iterator[Path]:
        """A folder of a submission's own, which programs may look into."""
        folder = Path(tempfile.mkdtemp(dir=self._setting.staging))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _alone(self, isolated: bool) -> Iterator[None]:
        """Where programs share this machine's network, one run at a time: they share its ports."""
        if isolated:
            yield
            return
        with (self._setting.staging / "network.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _quota(limits: Limits) -> Quota:
    return Quota(
        cpu_seconds=limits.cpu_seconds,
        memory=limits.memory_mb << 20,
        disk=limits.disk_mb << 20,
        processes=limits.processes,
        open_files=limits.open_files,
        output=limits.output_kb << 10,
    )


def _outermost(*folders: Path) -> tuple[Path, ...]:
    """Folders, without those that lie in another of them."""
    return tuple(
        folder for folder in folders if not any(other in folder.parents for other in folders)
    )


def _result(
    submission: Submission,
    checks: tuple[Check, ...],
    records: tuple[ScenarioRecord, ...],
    fingerprint: str,
    *,
    fault: str,
) -> StudentResult:
    return StudentResult(
        name=submission.name,
        score=round(sum(check.points for check in checks), 2),
        max_score=round(sum(check.max_points for check in checks), 2),
        checks=checks,
        scenarios=records,
        digest=fingerprint,
        submission=plain_text(str(submission.path)),
        fault=fault,
    )
