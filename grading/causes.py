"""Why a program failed, where it is not for what it printed: it crashed, hung, never listened."""

from __future__ import annotations

import re
import signal

from grading.evidence import ProgramEvidence
from grading.lab import Limits, Program
from grading.results import Verdict
from grading.sandbox.program import Ending

_PORT_TAKEN = re.compile(rb"Address already in use|EADDRINUSE")
_TRACEBACK = re.compile(rb"^Traceback \(most recent call last\):", re.MULTILINE)
_ERROR = re.compile(r"err|exception|fault|abort|panic|can't|cannot", re.IGNORECASE)

Cause = tuple[Verdict, str]


def console(evidence: ProgramEvidence, *, whole: bool = False) -> bytes:
    """What a program printed before it was told to stop.

    The `whole` is what it printed then too, without the traceback of the interrupt:
    a program may keep back its output to the end.
    """
    said = [said.data for said in evidence.said if not said.typed]
    if evidence.stopped_at is None:
        return b"".join(said)
    before = sum(not said.typed for said in evidence.said[: evidence.stopped_at])
    return _without_interrupt(b"".join(said)) if whole else b"".join(said[:before])


def _without_interrupt(text: bytes) -> bytes:
    """The text without the traceback with which Python answers Ctrl-C."""
    matches = list(_TRACEBACK.finditer(text))
    if not matches:
        return text
    place = matches[-1].start()
    lines = text[place:].splitlines(keepends=True)
    for number, line in enumerate(lines):
        if line.startswith(b"KeyboardInterrupt"):
            return text[:place] + b"".join(lines[number + 1 :])
    return text


def without_traceback(evidence: ProgramEvidence, text: bytes) -> tuple[bytes, bytes]:
    """What a program that crashed printed before, and the traceback, which is no line too many."""
    if evidence.ending is Ending.EXITED and evidence.exit_code and not evidence.may_fail:
        match = _TRACEBACK.search(text)
        if match:
            return text[: match.start()], text[match.start() :]
    return text, b""


def cause_of(
    evidence: ProgramEvidence, rule: Program, limits: Limits, *, out_of_time: bool
) -> Cause | None:
    """What kept a program from doing its part; None if nothing did.

    `out_of_time`: time was up while it, or a program of the lab's that it kept
    waiting, was to end.
    """
    text = console(evidence)
    return (
        _not_begun(evidence)
        or _over_limits(evidence, limits)
        or _never_listened(evidence, rule, text)
        or _late(evidence, out_of_time=out_of_time)
        or _crashed(evidence, rule, text)
    )


def _not_begun(evidence: ProgramEvidence) -> Cause | None:
    if evidence.ending is Ending.NOT_STARTED:
        return Verdict.CRASHED, f"it could not be started: {evidence.fault}"
    if evidence.ending is Ending.NOT_THERE:
        return Verdict.NOT_RUN, f"there is no {evidence.fault} in the submission"
    if evidence.ending is Ending.RUNNING:
        return Verdict.NOT_RUN, "it was not run, as what comes before it did not succeed"
    return None


def _over_limits(evidence: ProgramEvidence, limits: Limits) -> Cause | None:
    return {
        Ending.OUTPUT: (Verdict.TOO_MUCH_OUTPUT, f"it printed more than {limits.output_kb} kB"),
        Ending.TRAFFIC: (Verdict.TOO_MUCH_OUTPUT, "it sent more than any message of the lab is"),
        Ending.MEMORY: (Verdict.CRASHED, f"it used more than {limits.memory_mb} MB of memory"),
        Ending.PROCESSES: (Verdict.CRASHED, f"it had {limits.processes} processes or threads"),
    }.get(evidence.ending)


def _late(evidence: ProgramEvidence, *, out_of_time: bool) -> Cause | None:
    if evidence.ending is Ending.TIME or out_of_time:
        return Verdict.TIMED_OUT, f"it did not end in time ({evidence.ended:.1f} s)"
    return None


def _crashed(evidence: ProgramEvidence, rule: Program, text: bytes) -> Cause | None:
    if evidence.ending is Ending.EXITED and evidence.exit_code and not evidence.may_fail:
        if rule.listens and _PORT_TAKEN.search(text):  # it may have listened for a moment
            return Verdict.PORT_TAKEN, _last_line(text)
        return Verdict.CRASHED, _crash(evidence.exit_code, text)
    return None


def _never_listened(evidence: ProgramEvidence, rule: Program, text: bytes) -> Cause | None:
    if evidence.listened:
        return None
    if _PORT_TAKEN.search(text):
        return Verdict.PORT_TAKEN, _last_line(text)
    if crash := _crashed(evidence, rule, text):
        return crash
    wanted = f"{rule.listens.upper()} port {rule.port}" if rule.port else f"a {rule.listens} port"
    if evidence.listens_on:
        ports = ", ".join(map(str, evidence.listens_on))
        return Verdict.NEVER_LISTENED, f"it listens on port {ports}, not on {wanted}"
    ended = "it ended without" if evidence.ending is Ending.EXITED else "it ran without"
    return Verdict.NEVER_LISTENED, f"{ended} listening on {wanted}"


def _crash(exit_code: int, text: bytes) -> str:
    """Of what was printed the last line tells most, if it is that of a traceback."""
    if exit_code < 0:
        known = -exit_code in set(signal.Signals)
        name = signal.Signals(-exit_code).name if known else f"signal {-exit_code}"
        return f"it was ended by {name}"
    last = _last_line(text)
    return f"exit code {exit_code}: {last}" if _ERROR.search(last) else f"exit code {exit_code}"


def _last_line(text: bytes) -> str:
    lines = text.decode(errors="backslashreplace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
