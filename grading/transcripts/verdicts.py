"""What came of each line of a stream, with its fields bound on the way."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

from grading.transcripts.bindings import Binding, Bindings
from grading.transcripts.copies import Slot
from grading.transcripts.outcome import ComparedLine, Kind
from grading.transcripts.relation import content
from grading.transcripts.signs import left_out, signed
from grading.transcripts.streams import Fit, FittedStream
from grading.transcripts.views import LooseView

_LONGEST_VALUE = 40
"""Characters of a field's value that a reason quotes."""


class LineJudge:
    """Judges the lines of one stream.

    `scopes` is where its fields are bound outside repetitions, the innermost
    first; `presentation_cost` is in lines.
    """

    def __init__(
        self,
        stream: FittedStream,
        bindings: Bindings,
        scopes: Sequence[Hashable],
        presentation_cost: float,
    ) -> None:
        self._stream = stream
        self._bindings = bindings
        self._scopes = scopes
        self._costs = {
            Kind.SAME: 0.0,
            Kind.ABSENT: 0.0,
            Kind.PRESENTATION: presentation_cost,
            Kind.WRONG: 1.0,
            Kind.MISSING: 1.0,
            Kind.EXTRA: 1.0,
        }

    def lines(self) -> Iterator[ComparedLine]:
        """Every line, in order."""
        lost = self._lost_blanks()
        times = self._stream.printed.times
        for fit in self._stream.fits:
            line = fit.line
            kind, reason, differing_field = self._kind(fit), "", None
            if fit.slot in lost:
                kind = Kind.MISSING
            elif fit.forbidden:
                reason = "this must not be printed"
            elif fit.slot is not None and line is not None and fit.matched:
                kind, reason, differing_field = self._matched(fit.slot, line)
            yield ComparedLine(
                kind,
                fit.part,
                self._costs[kind],
                None if fit.slot is None else fit.slot.expected,
                None if line is None else self._stream.lines[line],
                None if line is None else line + 1,
                None if line is None or times is None else times[line],
                reason,
                differing_field,
            )

    def _lost_blanks(self) -> set[Slot | None]:
        """The blank lines that are missing together with the lines around them."""
        lost: set[Slot | None] = set()
        waiting: list[Slot] = []
        before: Fit | None = None
        for fit in [*self._stream.fits, None]:
            if fit is not None and (fit.slot is None or fit.slot.absent):
                continue
            if fit is not None and fit.slot is not None and fit.slot.expected.blank:
                waiting += [fit.slot] if fit.line is None else []
                continue
            around = [each for each in (before, fit) if each is not None]
            if around and all(each.line is None for each in around):
                lost.update(waiting)
            before, waiting = fit, []
        return lost

    def _kind(self, fit: Fit) -> Kind:
        """What comes of lines that do not match."""
        if fit.slot is None:
            text = "" if fit.line is None else self._stream.lines[fit.line]
            return Kind.EXTRA if text.strip() or fit.forbidden else Kind.PRESENTATION
        if fit.slot.absent:
            return Kind.ABSENT
        if fit.line is None:
            return Kind.PRESENTATION if fit.slot.expected.blank else Kind.MISSING
        return Kind.WRONG

    def _matched(self, slot: Slot, line: int) -> tuple[Kind, str, int | None]:
        """What comes of lines that match, why, and the first field with a value not its own."""
        text = self._stream.lines[line]
        pattern = self._stream.relation.patterns[slot.expected.number]
        values = pattern.values(content(text))
        same = values is not None and text.endswith("\r") == slot.expected.cr
        if values is None:
            values = pattern.loose_values(LooseView(content(text))) or []
        scopes = (*slot.repetitions, *self._scopes)
        conflicts: list[tuple[int, str]] = []
        for index, (field, value) in enumerate(zip(slot.expected.fields, values, strict=False)):
            here = Binding(value, self._stream.name, line + 1)
            first = self._bindings.bind(scopes, field.name, here)
            if first is not None:
                conflicts.append((index, _why(field.name, here, first)))
        if conflicts:
            index, reason = conflicts[0]
            return Kind.WRONG, reason, index
        return (Kind.SAME if same else Kind.PRESENTATION), "", None


def _why(name: str, here: Binding, first: Binding) -> str:
    stream = "" if first.stream == here.stream else f" of {first.stream}"
    return (
        f"{name} is {_quoted(here.value)} here, and was {_quoted(first.value)} "
        f"on line {first.line}{stream}"
    )


def _quoted(value: str) -> str:
    return signed(value[:_LONGEST_VALUE]) + left_out(len(value) - _LONGEST_VALUE)
