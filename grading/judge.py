"""From what a run left to what its checks came to."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from grading.evidence import Evidence
from grading.lab import WireCheck
from grading.results import Check, ScenarioRecord, Verdict
from grading.sandbox.program import Ending
from grading.sequence import how_it_ended, sequence_of
from grading.streams import Case, JudgedPart, cause_in, judge_streams, record_of_reference
from grading.transcripts.outcome import Outcome
from grading.wire_checks import fault_on_the_wire

_VERDICTS = {
    Outcome.PASSED: Verdict.PASSED,
    Outcome.PRESENTATION: Verdict.PRESENTATION,
    Outcome.WRONG: Verdict.WRONG,
}


def judge(case: Case, evidence: Evidence) -> tuple[tuple[Check, ...], ScenarioRecord]:
    """The checks of a scenario, and its record. Raises OSError where the lab's program failed."""
    for told in evidence.programs:
        begun = told.listened and told.ending is not Ending.NOT_STARTED
        if told.reference and not begun:
            why = told.fault or how_it_ended(told)
            raise OSError(f"the lab's own {told.program} did not start: {why}")
    parts, streams = judge_streams(case, evidence)
    checks = [*_stream_checks(case, parts), *_wire_checks(case, evidence)]
    references = [record_of_reference(told) for told in evidence.programs if told.reference]
    record = ScenarioRecord(
        case.scenario.name,
        case.scenario.title,
        round(evidence.seconds, 3),
        (*streams, *references),
        sequence_of(evidence),
    )
    return tuple(checks), record


def not_graded(case: Case, why: str) -> tuple[tuple[Check, ...], ScenarioRecord]:
    """The checks of a scenario that could not be played: it costs no point."""
    nothing = Evidence([], None, {}, "", 0, 0.0)
    parts, _ = judge_streams(case, nothing)
    checks = [*_stream_checks(case, parts), *_wire_checks(case, nothing)]
    record = ScenarioRecord(case.scenario.name, case.scenario.title, 0.0)
    return tuple(_excuse(check, why) for check in checks), record


def _stream_checks(case: Case, parts: tuple[JudgedPart, ...]) -> Iterator[Check]:
    for part in parts:
        result = part.result
        if not result.max_points:
            continue
        check = _make_check(case, part.name, result.max_points, result.help)
        if result.outcome is not Outcome.PASSED:
            shown = result.difference.render() if result.difference else ""
            told, _, rest = shown.partition("\n")
            verdict, why = part.cause or (_VERDICTS[result.outcome], told)
            if part.cause is None:
                shown = rest  # what it begins with is the reason
            if verdict is Verdict.NOT_RUN:
                shown = ""  # nothing was printed, and nothing could be
            check = msgspec.structs.replace(
                check, verdict=verdict, points=result.points, why=why, difference=shown
            )
        elif part.is_console and part.cause is not None:
            # It printed all, and failed all the same: that costs as much as a line.
            verdict, why = part.cause
            points = round(result.max_points * (1 - 1 / result.size), 2)
            check = msgspec.structs.replace(check, verdict=verdict, points=points, why=why)
        yield check


def _wire_checks(case: Case, evidence: Evidence) -> Iterator[Check]:
    for rule in case.scenario.wire:
        yield _wire_check(case, rule, evidence)


def _wire_check(case: Case, rule: WireCheck, evidence: Evidence) -> Check:
    check = _make_check(case, rule.name, rule.points, rule.help)
    if evidence.wire is None:
        return _excuse(check, "without namespaces there is no relay to judge by")
    fault = fault_on_the_wire(rule, evidence.wire, case.texts)
    if not fault:
        return check
    verdict, why = cause_in(case, evidence, rule.program) or (Verdict.WRONG, fault)
    return msgspec.structs.replace(check, verdict=verdict, points=0.0, why=why)


def _make_check(case: Case, name: str, points: float, help: str) -> Check:
    return Check(
        name=name,
        verdict=Verdict.PASSED,
        points=points,
        max_points=points,
        scenario=case.scenario.name,
        help=help or case.scenario.help,
        replay=case.replay,
    )


def _excuse(check: Check, why: str) -> Check:
    return msgspec.structs.replace(
        check, verdict=Verdict.GRADER_FAULT, points=check.max_points, why=why, difference=""
    )
