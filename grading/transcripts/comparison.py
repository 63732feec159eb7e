"""What programs printed, compared with a transcript."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping

from grading.transcripts.bindings import Bindings
from grading.transcripts.format import Transcript
from grading.transcripts.orders import order_results
from grading.transcripts.outcome import ComparedStream, Comparison, PartResult
from grading.transcripts.scoring import part_results
from grading.transcripts.streams import FittedStream, Printed
from grading.transcripts.verdicts import LineJudge
from wire.errors import UsageError

PRESENTATION_COST = 0.25
"""What a line costs by default that differs in presentation only, in lines."""


def compare(
    transcript: Transcript,
    printed: Mapping[str, Printed],
    *,
    presentation_cost: float = PRESENTATION_COST,
) -> Comparison:
    """Compare streams, by their names, with the sections of a transcript that they follow.

    Raises UsageError for a section without a stream, a stream without a
    section, an input that was not given, and times that an order needs.
    """
    _check_sections(transcript, printed)
    users = Counter(each.section for each in printed.values())
    bindings = Bindings()
    fitted: list[FittedStream] = []
    streams: list[ComparedStream] = []
    parts: list[PartResult] = []
    for section in transcript.sections:
        for name, each in printed.items():
            if each.section != section.name:
                continue
            stream = FittedStream(transcript.source, section, name, each)
            own: tuple[Hashable, ...] = (name,) if users[section.name] > 1 else ()
            judge = LineJudge(stream, bindings, (*own, transcript), presentation_cost)
            compared = ComparedStream(
                name, section.name, each.text is not None, tuple(judge.lines())
            )
            fitted.append(stream)
            streams.append(compared)
            parts += part_results(section, compared)
    return Comparison(tuple(streams), (*parts, *order_results(transcript, fitted)))


def _check_sections(transcript: Transcript, printed: Mapping[str, Printed]) -> None:
    sections = [section.name for section in transcript.sections]
    for name, each in printed.items():
        if each.section not in sections:
            raise UsageError(
                f"{transcript.source} has no section {each.section!r} for {name}",
                f"begin it with % stream; there are: {', '.join(sections)}",
            )
    used = {each.section for each in printed.values()}
    for section in transcript.sections:
        if section.name not in used:
            raise UsageError(
                f"{transcript.source}, line {section.part.number}: "
                f"nothing prints the stream {section.name!r}",
                f"there are: {', '.join(sorted(printed)) or 'none'}; leave it out, or rename it",
            )
