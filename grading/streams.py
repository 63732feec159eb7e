"""The consoles and files of a run, each compared with what its transcript says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from grading.causes import Cause, cause_of, console, without_traceback
from grading.evidence import Evidence, ProgramEvidence
from grading.lab import Lab, Scenario
from grading.results import LineRecord, Segment, StreamRecord, Verdict
from grading.sequence import how_it_ended
from grading.transcripts.comparison import compare
from grading.transcripts.format import Transcript
from grading.transcripts.outcome import ComparedLine, ComparedStream, PartResult
from grading.transcripts.segments import Side
from grading.transcripts.streams import Printed

_MOST_COMPARED = 10_000
"""Lines."""
_MOST_LINES = 2000
_LONGEST_LINE = 2000
"""Characters; what is longer is compared whole, and recorded cut."""


@dataclass(frozen=True)
class Case:
    """A scenario and what one submission is to make of it."""

    lab: Lab
    scenario: Scenario
    transcript: Transcript
    texts: Mapping[str, str]
    """The student's inputs and what is derived from them."""
    replay: str


@dataclass(frozen=True)
class JudgedPart:
    """Something that gives points, and what kept its program from it, if anything."""

    name: str
    """No other of its scenario has it."""
    result: PartResult
    cause: Cause | None
    is_console: bool
    """Whether it is all that a program printed, but for parts of their own."""


@dataclass(frozen=True)
class _Source:
    """Where a stream comes from."""

    section: str
    told: ProgramEvidence | None
    """The program that printed it, or was to leave the file."""
    file: bytes | None = None

    @property
    def is_file(self) -> bool:
        return "/" in self.section

    def printed(self, texts: Mapping[str, str], *, whole: bool) -> Printed:
        if self.is_file or self.told is None:
            return Printed(self.section, _decoded(self.file), texts)
        content, _ = without_traceback(self.told, console(self.told, whole=whole))
        return Printed(self.section, _decoded(content), texts, list(_times(self.told)))


def judge_streams(
    case: Case, evidence: Evidence
) -> tuple[tuple[JudgedPart, ...], tuple[StreamRecord, ...]]:
    """All parts of the submission's streams, and what these hold.

    What a program printed on being stopped counts where that is to its advantage.
    """
    sources = dict(_sources(case, evidence))
    if not sources:
        return (), ()
    readings = [
        {name: each.printed(case.texts, whole=whole) for name, each in sources.items()}
        for whole in (False, True)
    ]
    comparison = max(
        (
            compare(case.transcript, reading, presentation_cost=case.lab.presentation_cost)
            for reading in (readings if readings[0] != readings[1] else readings[:1])
        ),
        key=lambda one: one.points,
    )
    users = Counter(source.section for source in sources.values())
    own = {section.name: section.part.name for section in case.transcript.sections}
    parts = []
    for result in comparison.parts:
        source = sources.get(result.stream)
        several = source is not None and users[source.section] > 1
        parts.append(
            JudgedPart(
                f"{result.name}: {result.stream}" if several else result.name,
                result,
                _cause_of_source(case, evidence, source) if source else None,
                source is not None and not source.is_file and result.name == own[source.section],
            )
        )
    records = (_record(each, sources[each.name]) for each in comparison.streams)
    return tuple(parts), tuple(records)


def cause_in(case: Case, evidence: Evidence, program: str) -> Cause | None:
    """What kept a program of the submission from its part, in any of its runs."""
    told = (each for each in evidence.programs if each.program == program and not each.reference)
    return next((cause for each in told if (cause := _cause(case, evidence, each))), None)


def _sources(case: Case, evidence: Evidence) -> Iterator[tuple[str, _Source]]:
    known = {told.stream: told for told in evidence.programs}
    sections = {section.name for section in case.transcript.sections}
    for step in case.scenario.steps:
        program = step.start or step.run
        for each in step.each or ("",):
            name = f"{program} {each}" if each else program
            if program and case.scenario.programs[program] == "submission":
                used = name if name in sections else program
                if used in sections:
                    yield name, _Source(used, known.get(name))
    servers = (told for told in evidence.programs if case.lab.programs[told.program].listens)
    server = next((told for told in servers if not told.reference), None)
    for section in case.transcript.sections:
        if "/" in section.name:
            file = evidence.files.get(section.name)
            yield section.name, _Source(section.name, server, file)


def _cause_of_source(case: Case, evidence: Evidence, source: _Source) -> Cause | None:
    cause = None if source.told is None else _cause(case, evidence, source.told)
    if cause is None and source.is_file and source.file is None and evidence.fetch_fault:
        return Verdict.WRONG, evidence.fetch_fault
    return cause


def _cause(case: Case, evidence: Evidence, told: ProgramEvidence) -> Cause | None:
    awaited = next((one for one in evidence.programs if one.stream == evidence.out_of_time), None)
    kept_waiting = awaited is not None and awaited.reference
    return cause_of(
        told, case.lab.programs[told.program], case.lab.limits, out_of_time=kept_waiting
    )


def _decoded(content: bytes | None) -> str | None:
    """What is compared of a text: enough of it to see that it goes on for too long."""
    if content is None:
        return None
    lines = content.split(b"\n", _MOST_COMPARED)
    return b"\n".join(lines[:_MOST_COMPARED]).decode(errors="backslashreplace")


def _times(told: ProgramEvidence) -> Iterator[float]:
    """When each line was complete; the last may have no end."""
    for said in told.said:
        if not said.typed:
            yield from [round(said.seconds, 6)] * said.data.count(b"\n")
    yield round(told.ended, 6)


def _record(stream: ComparedStream, source: _Source) -> StreamRecord:
    ended = "" if source.told is None or source.is_file else how_it_ended(source.told)
    lines = [_line_record(line) for line in stream.lines[:_MOST_LINES]]
    if source.told is not None and not source.is_file:
        lines += _traceback(source.told)
    return StreamRecord(stream.name, tuple(lines), ended)


def _traceback(told: ProgramEvidence) -> Iterator[LineRecord]:
    """What a crash printed: it is shown, and not held against the transcript."""
    _, traceback = without_traceback(told, console(told))
    for line in traceback.decode(errors="backslashreplace").splitlines()[:_MOST_LINES]:
        text = Segment(line[:_LONGEST_LINE], differs=True)
        yield LineRecord("extra", None, (text,), round(told.ended, 6))


def _line_record(line: ComparedLine) -> LineRecord:
    opposites = line.opposites()
    return LineRecord(
        line.kind.value, _segments(opposites.expected), _segments(opposites.actual), line.seconds
    )


def _segments(side: Side | None) -> tuple[Segment, ...] | None:
    if side is None:
        return None
    cut = Side(side.text[:_LONGEST_LINE], side.start, min(side.stop, _LONGEST_LINE))
    return cut.segments()


def record_of_reference(told: ProgramEvidence) -> StreamRecord:
    """The console of a program that is the lab's own."""
    lines = (_decoded(console(told)) or "").removesuffix("\n").split("\n")
    return StreamRecord(
        told.stream,
        tuple(
            LineRecord("same", None, (Segment(line[:_LONGEST_LINE]),), seconds)
            for line, seconds in zip(lines[:_MOST_LINES], _times(told), strict=False)
        ),
        how_it_ended(told),
        reference=True,
    )
