"""Plain text: `grades.txt`, and what a grading shows at its end."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from grading.reports import happenings
from grading.reports.checks import Labels, is_flaky, label, labels_of, not_passed, speaks
from grading.reports.figures import standing, when
from grading.reports.signs import columns, count, number, on_one_line, shortened, visible
from grading.results import (
    AlikePair,
    Check,
    ClassResult,
    ScenarioRecord,
    StudentResult,
)

_WIDTH = 80
_LONGEST_NAME = 36
_LONGEST_TEXT = 2_000
"""Characters."""

_TITLES = ("student", "score", "of", "not passed")


def files(result: ClassResult) -> Iterator[tuple[str, str]]:
    """The name and the text of what `--format text` writes."""
    yield "grades.txt", "".join(f"{line}\n" for line in _lines(result))


def overview(result: ClassResult) -> Iterator[str]:
    """The table of the class, and what it comes to, in lines."""
    yield from _table_head(result)
    for student in result.students:
        yield from _row(student, _name_width(result))
    yield from ("", *_wrapped(_summary(result)))


def reasons(student: StudentResult) -> Iterator[str]:
    """Why this student lost points, in lines."""
    return _reasons(student, labels_of([student]))


def sequence(record: ScenarioRecord) -> Iterator[str]:
    """Who said what when in a run, in lines."""
    yield f"{on_one_line(record.title)}, {number(record.seconds)} s"
    names = [on_one_line(happenings.who(each)) for each in record.sequence]
    width = max(map(columns, names), default=0)
    for name, each in zip(names, record.sequence, strict=True):
        padding = " " * (width - columns(name))
        first, *others = happenings.said(each).split("\n")
        start = f"{happenings.milliseconds(each):>8} ms  {name}{padding}  {happenings.what(each)}  "
        yield f"{start}{first}".rstrip()
        yield from (f"{' ' * columns(start)}{other}" for other in others)


def _lines(result: ClassResult) -> Iterator[str]:
    yield f"{on_one_line(result.title)} ({on_one_line(result.lab)})"
    yield f"graded {on_one_line(when(result.graded))}"
    yield from _wrapped(f"isolation: {result.isolation.name}: {result.isolation.detail}")
    yield from ("", *_wrapped(_summary(result)), "")
    yield from _table_head(result)
    labels = labels_of(result.students)
    for student in result.students:
        yield from _row(student, _name_width(result))
        yield from _reasons(student, labels)
    if result.alike:
        yield from ("", "Alike beyond chance; look at both before you judge:")
        for pair in result.alike:
            yield from _alike(pair)


def _summary(result: ClassResult) -> str:
    figures = standing(result)
    text = f"{count(len(result.students), 'student')}, {figures.graded} graded"
    if figures.graded:
        text += (
            f": mean {number(figures.mean)} of {number(figures.max_score)},"
            f" median {number(figures.median)}, highest {number(figures.highest)},"
            f" lowest {number(figures.lowest)}; {figures.full} with full marks"
        )
    return text


def _name_width(result: ClassResult) -> int:
    widths = [columns(on_one_line(student.name)) for student in result.students]
    return min(max([len(_TITLES[0]), *widths]), _LONGEST_NAME)


def _table_head(result: ClassResult) -> Iterator[str]:
    yield from _aligned(*_TITLES, _name_width(result))
    yield "-" * _WIDTH


def _row(student: StudentResult, width: int) -> Iterator[str]:
    score = "-" if student.fault else number(student.score)
    return _aligned(
        on_one_line(student.name), score, number(student.max_score), _remark(student), width
    )


def _remark(student: StudentResult) -> str:
    if student.fault:
        return "not graded"
    marks = [f"{amount} {verdict.value}" for verdict, amount in not_passed(student.checks)]
    return ", ".join(marks + ["flaky"] * is_flaky(student))


def _aligned(name: str, score: str, most: str, remark: str, width: int) -> Iterator[str]:
    figures = f"  {score:>6}  {most:>6}  "
    first, *others = textwrap.wrap(remark, _WIDTH - width - len(figures)) or [""]
    padding = " " * max(width - columns(name), 0)
    yield f"{name}{padding}{figures}{first}".rstrip()
    for other in others:
        yield " " * (width + len(figures)) + other


def _reasons(student: StudentResult, labels: Labels) -> Iterator[str]:
    if student.fault:
        yield from _wrapped(student.fault, "    ")
    for check in student.checks:
        if speaks(student, check):
            yield from _reason(check, label(check, labels))


def _reason(check: Check, name: str) -> Iterator[str]:
    points = f"{number(check.points)} of {number(check.max_points)}"
    yield from _wrapped(f"{check.verdict.value}, {points}: {name}", "  ")
    yield from _wrapped(check.why, "    ")
    for line in shortened(visible(check.difference), _LONGEST_TEXT).splitlines():
        yield f"      {line}"
    if check.help:
        yield from _wrapped(f"help: {check.help}", "    ")
    if check.other_run:
        yield from _wrapped(f"flaky; its other run: {check.other_run}", "    ")
    if check.replay:
        yield f"    see it: {on_one_line(check.replay)}"  # one line, to be copied


def _alike(pair: AlikePair) -> Iterator[str]:
    names = f"{on_one_line(pair.first)} and {on_one_line(pair.second)}"
    yield from _wrapped(f"{names}: {pair.alike:.0%} (usual here: {pair.usual:.0%})", "  ")
    for place in pair.places:
        yield from _wrapped(place, "    ")


def _wrapped(text: str, indent: str = "") -> Iterator[str]:
    """The text's lines, none over the width unless a word is."""
    for line in shortened(visible(text), _LONGEST_TEXT).splitlines():
        yield from textwrap.wrap(
            line,
            _WIDTH,
            initial_indent=indent,
            subsequent_indent=f"{indent}  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
