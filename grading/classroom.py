"""A class graded: submissions handed to workers, results journalled, slow ones run again alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from grading.grader import Grader, Task, Unchanged
from grading.journal import Journal
from grading.results import Check, ScenarioRecord, StudentResult
from grading.submissions.finding import Submission
from grading.workers import Workers

OnResult = Callable[[StudentResult], None]

_LOST = "the grader's process for it was killed"


def grade_class(
    submissions: Iterable[Submission],
    grader: Grader,
    journal: Journal,
    workers: Workers[Task, StudentResult | Unchanged],
    on_result: OnResult,
) -> dict[str, StudentResult]:
    """The result of each submission, by name.

    Those in the journal whose submission has not changed are taken from there.
    What timed out is run again at the end, with nothing else beside it.
    """
    known = journal.results()
    results: dict[str, StudentResult] = {}
    tasks = [Task(one, known[one.name].digest if one.name in known else "") for one in submissions]
    for task, found in workers.run(tasks):
        name = task.submission.name
        if isinstance(found, Unchanged):
            results[name] = known[name]
        else:
            results[name] = found or grader.refused(task, _LOST)
            journal.add(results[name])
        if not results[name].pending:
            on_result(results[name])
    again = [Task(task.submission, "", results[task.submission.name].pending) for task in tasks]
    for task, second in workers.run([task for task in again if task.scenarios], at_once=1):
        name = task.submission.name
        assert not isinstance(second, Unchanged)
        results[name] = merge(results[name], second or grader.refused(task, _LOST))
        journal.add(results[name])
        on_result(results[name])
    return results


def merge(first: StudentResult, second: StudentResult) -> StudentResult:
    """A result, with those of its scenarios that were run a second time, alone.

    Where the two runs do not agree the better one counts, and the check says what the other gave.
    """
    again = set(first.pending)
    checks = [*_merged([check for check in first.checks if check.scenario in again], second.checks)]
    flaky = {check.scenario for check in checks if check.other_run}
    replaced = iter(checks)
    merged = tuple(next(replaced) if check.scenario in again else check for check in first.checks)
    records = {record.name: record for record in second.scenarios}
    return msgspec.structs.replace(
        first,
        checks=merged,
        scenarios=tuple(_record(record, records, flaky) for record in first.scenarios),
        score=round(sum(check.points for check in merged), 2),
        pending=(),
    )


def _merged(first: list[Check], second: Iterable[Check]) -> Iterator[Check]:
    for one, other in zip(first, second, strict=True):
        if (one.verdict, one.points) == (other.verdict, other.points):
            yield one
            continue
        better, worse = sorted((one, other), key=lambda check: check.points, reverse=True)
        told = f"{worse.verdict.value}, {worse.points:g} points: {worse.why}"
        yield msgspec.structs.replace(better, other_run=told)


def _record(
    record: ScenarioRecord, second: Mapping[str, ScenarioRecord], flaky: set[str]
) -> ScenarioRecord:
    return msgspec.structs.replace(second.get(record.name, record), flaky=record.name in flaky)
