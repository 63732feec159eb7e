"""What a class's results come to: how the scores are spread, and what was understood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from statistics import fmean, median

from grading.reports.checks import Outcome, labels_of, not_passed, outcome
from grading.results import Check, ClassResult, StudentResult, Verdict

_ROUNDING = 1e-9


@dataclass(frozen=True)
class Standing:
    """How the class did; of the students that could be graded. Scores in points."""

    graded: int
    full: int
    """Students with full marks."""
    mean: float
    median: float
    lowest: float
    highest: float
    max_score: float
    """The most that one of them could get."""
    bins: tuple[int, ...]
    """Students by share of the points: below 10 %, ... below 100 %, and all points."""


@dataclass(frozen=True)
class CheckFigures:
    """How the class did in one check."""

    label: str
    help: str
    tried: int
    """Students that had it graded; one whom the grader failed is not counted."""
    passed: int
    verdicts: tuple[tuple[Verdict, int], ...]
    """All but passed, worst first."""
    lost: float
    """Points, by all of them together."""

    @property
    def failed_share(self) -> float:
        """0 to 1 of those who tried."""
        return 1 - self.passed / self.tried if self.tried else 0.0


def share(student: StudentResult) -> float:
    """The score, 0 to 1 of what there was to get."""
    return student.score / student.max_score if student.max_score else 1.0


def standing(result: ClassResult) -> Standing:
    """The figures of the class; zeros where nobody could be graded."""
    students = [student for student in result.students if not student.fault]
    scores = [student.score for student in students] or [0.0]
    bins = [0] * 11
    for student in students:
        bins[min(max(int(share(student) * 10 + _ROUNDING), 0), 10)] += 1
    return Standing(
        graded=len(students),
        full=bins[-1],
        mean=fmean(scores),
        median=median(scores),
        lowest=min(scores),
        highest=max(scores),
        max_score=max((student.max_score for student in students), default=0.0),
        bins=tuple(bins),
    )


def by_check(result: ClassResult) -> list[CheckFigures]:
    """Every check, the one that the most did not pass first."""
    checks: dict[tuple[str, str], list[Check]] = {}
    for student in result.students:
        for check in student.checks:
            same = checks.setdefault((check.scenario, check.name), [])
            if not student.fault:
                same.append(check)
    labels = labels_of(result.students)
    figures = [_figures(labels[key], same) for key, same in checks.items()]
    return sorted(figures, key=lambda each: (-each.failed_share, -each.lost))


def _figures(label: str, checks: list[Check]) -> CheckFigures:
    judged = [check for check in checks if check.verdict is not Verdict.GRADER_FAULT]
    return CheckFigures(
        label=label,
        help=next((check.help for check in checks if check.help), ""),
        tried=len(judged),
        passed=sum(outcome(check) is Outcome.PASSED for check in judged),
        verdicts=not_passed(checks),
        lost=sum(check.max_points - check.points for check in judged),
    )


def when(graded: str) -> str:
    """ISO 8601 with zone as people write it; what is none stays as it is."""
    try:
        moment = datetime.fromisoformat(graded)
    except ValueError:
        return graded
    return f"{moment:%Y-%m-%d %H:%M} {moment.tzname() or ''}".strip()
