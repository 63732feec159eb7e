"""What all reports say alike of a check: how it ended, what it is called, why points were lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import Enum

from grading.results import Check, StudentResult, Verdict

WORST_FIRST = (
    Verdict.CRASHED,
    Verdict.TIMED_OUT,
    Verdict.NEVER_LISTENED,
    Verdict.PORT_TAKEN,
    Verdict.TOO_MUCH_OUTPUT,
    Verdict.NOT_RUN,
    Verdict.WRONG,
    Verdict.PRESENTATION,
    Verdict.GRADER_FAULT,
)
"""Every verdict but the best."""

Labels = dict[tuple[str, str], str]
"""What to call a check, by its scenario and its name."""


class Outcome(Enum):
    """The four ends that other people's formats know."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    """The grader's own fault."""
    SKIPPED = "skipped"


def outcome(check: Check) -> Outcome:
    """Presentation only that costs nothing counts as passed."""
    if check.verdict is Verdict.GRADER_FAULT:
        return Outcome.ERROR
    if check.verdict is Verdict.NOT_RUN:
        return Outcome.SKIPPED
    free = check.verdict is Verdict.PRESENTATION and check.points >= check.max_points
    return Outcome.PASSED if free or check.verdict is Verdict.PASSED else Outcome.FAILED


def not_passed(checks: Iterable[Check]) -> tuple[tuple[Verdict, int], ...]:
    """Each verdict but the best, with how many checks have it, worst first."""
    amounts = Counter(check.verdict for check in checks)
    return tuple((verdict, amounts[verdict]) for verdict in WORST_FIRST if amounts[verdict])


def is_flaky(student: StudentResult) -> bool:
    """Whether two runs of one of its scenarios did not agree."""
    return any(scenario.flaky for scenario in student.scenarios) or any(
        check.other_run for check in student.checks
    )


def speaks(student: StudentResult, check: Check) -> bool:
    """Whether there is more to say of a check than its verdict and its student's fault."""
    quiet = check.verdict is Verdict.PASSED and not check.why and not check.other_run
    return not quiet and not (student.fault and check.why == student.fault)


def labels_of(students: Iterable[StudentResult]) -> Labels:
    """Every check of these, in order; with its scenario's name only where others share its own."""
    keys = dict.fromkeys(
        (check.scenario, check.name) for student in students for check in student.checks
    )
    amounts = Counter(name for _, name in keys)
    return {
        (scenario, name): name if amounts[name] == 1 else f"{scenario}: {name}"
        for scenario, name in keys
    }


def label(check: Check, labels: Labels) -> str:
    """What to call this check."""
    return labels[check.scenario, check.name]


def explanation(check: Check) -> str:
    """All that a student is told of a check, in lines; the command to replay it is not theirs."""
    parts = [check.why, check.difference, check.help]
    if check.verdict is Verdict.GRADER_FAULT:
        parts.append("This is the grader's own fault: it costs no points.")
    if check.other_run:
        parts.append(f"Two runs of this did not agree. The other one:\n{check.other_run}")
    return "\n".join(part for part in parts if part)
