"""Why a program failed, from what its run left."""

from __future__ import annotations

import pytest

from grading.causes import cause_of, console
from grading.evidence import ProgramEvidence
from grading.lab import Limits, Program
from grading.results import Verdict
from grading.sandbox.program import Ending, Said

SERVER = Program(command="s", reference="s", listens="tcp", port=12000)
INTERRUPT = b"""Traceback (most recent call last):
  File "server.py", line 3, in <module>
    time.sleep(60)

KeyboardInterrupt
"""
CRASH = b"Traceback (most recent call last):\n  File ...\nZeroDivisionError: division by zero\n"


def evidence(
    ending: Ending, said: bytes = b"", *, code: int | None = None, listened: bool = True
) -> ProgramEvidence:
    return ProgramEvidence(
        "server",
        "server",
        "",
        reference=False,
        terminal=True,
        ending=ending,
        said=[Said(0.1, said)],
        exit_code=code,
        listened=listened,
    )


@pytest.mark.parametrize(
    ("given", "verdict", "told"),
    [
        (evidence(Ending.EXITED, CRASH, code=1), Verdict.CRASHED, "division by zero"),
        (evidence(Ending.EXITED, code=3), Verdict.CRASHED, "exit code 3"),
        (evidence(Ending.EXITED, code=-11), Verdict.CRASHED, "SIGSEGV"),
        (evidence(Ending.EXITED, code=-40), Verdict.CRASHED, "signal 40"),
        (evidence(Ending.TRAFFIC), Verdict.TOO_MUCH_OUTPUT, "sent more"),
        (evidence(Ending.NOT_STARTED), Verdict.CRASHED, "could not be started"),
        (evidence(Ending.RUNNING), Verdict.NOT_RUN, "not run"),
        (evidence(Ending.OUTPUT), Verdict.TOO_MUCH_OUTPUT, "1024 kB"),
        (evidence(Ending.MEMORY), Verdict.CRASHED, "512 MB"),
        (evidence(Ending.PROCESSES, listened=False), Verdict.CRASHED, "64 processes"),
        (evidence(Ending.TIME), Verdict.TIMED_OUT, "in time"),
        (evidence(Ending.TIME, listened=False), Verdict.NEVER_LISTENED, "ran without listening"),
        (
            evidence(Ending.EXITED, code=0, listened=False),
            Verdict.NEVER_LISTENED,
            "ended without listening on TCP port 12000",
        ),
        (evidence(Ending.EXITED, CRASH, code=1, listened=False), Verdict.CRASHED, "division"),
        (
            evidence(Ending.EXITED, b"OSError: Address already in use\n", code=1, listened=False),
            Verdict.PORT_TAKEN,
            "already in use",
        ),
        (
            evidence(Ending.EXITED, b"OSError: Address already in use\n", code=1),
            Verdict.PORT_TAKEN,
            "already in use",
        ),
    ],
)
def test_the_cause(given: ProgramEvidence, verdict: Verdict, told: str) -> None:
    cause = cause_of(given, SERVER, Limits(), out_of_time=False)
    assert cause is not None
    assert cause[0] is verdict
    assert told in cause[1]


@pytest.mark.parametrize(
    "given", [evidence(Ending.EXITED, code=0), evidence(Ending.STOPPED, INTERRUPT, code=1)]
)
def test_no_cause(given: ProgramEvidence) -> None:
    assert cause_of(given, SERVER, Limits(), out_of_time=False) is None


def test_who_keeps_the_labs_program_waiting_is_late() -> None:
    cause = cause_of(evidence(Ending.STOPPED), SERVER, Limits(), out_of_time=True)
    assert cause is not None
    assert cause[0] is Verdict.TIMED_OUT


def test_the_wrong_port_is_named() -> None:
    given = evidence(Ending.TIME, listened=False)
    given.listens_on = (12001,)
    cause = cause_of(given, SERVER, Limits(), out_of_time=False)
    assert cause is not None
    assert "listens on port 12001, not on TCP port 12000" in cause[1]


def test_a_traceback_that_never_ends_costs_no_time() -> None:
    given = evidence(Ending.STOPPED, b"Traceback (most recent call last):\n" + b" x\r\n" * 200_000)
    given.stopped_at = 1
    assert console(given, whole=True) == given.said[0].data


def test_what_is_printed_on_being_stopped_is_kept_but_for_the_interrupts_traceback() -> None:
    given = evidence(Ending.STOPPED)
    given.said = [Said(0.1, b"one\n"), Said(0.2, b"two\n"), Said(0.2, b"x\n", typed=True)]
    given.said += [Said(0.3, b"three\n" + INTERRUPT), Said(0.4, b"four\n")]
    given.stopped_at = 3
    assert console(given) == b"one\ntwo\n"
    assert console(given, whole=True) == b"one\ntwo\nthree\nfour\n"
