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
        for fit in self._stream.fits:
            kind = Kind.MISSING if fit.slot in lost else self._kind(fit)
            reason, differing_field = "", None
            if fit.slot is not None and fit.line is not None and fit.matched:
                conflict = self._bind(fit.slot, fit.line)
                if conflict is not None:
                    kind, (differing_field, reason) = Kind.WRONG, conflict
            elif fit.forbidden:
                reason = "this must not be printed"
            line, times = fit.line, self._stream.printed.times
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
        if fit.slot is None:
            text = "" if fit.line is None else self._stream.lines[fit.line]
            return Kind.EXTRA if text.strip() or fit.forbidden else Kind.PRESENTATION
        if fit.slot.absent:
            return Kind.ABSENT
        if fit.line is None:
            return Kind.PRESENTATION if fit.slot.expected.blank else Kind.MISSING
        if not fit.matched:
            return Kind.WRONG
        return Kind.SAME if self._is_same(fit.slot, fit.line) else Kind.PRESENTATION

    def _is_same(self, slot: Slot, line: int) -> bool:
        text = self._stream.lines[line]
        pattern = self._stream.relation.patterns[slot.expected.number]
        return text.endswith("\r") == slot.expected.cr and pattern.values(content(text)) is not None

    def _bind(self, slot: Slot, line: int) -> tuple[int, str] | None:
        """Bind a line's fields. The first that has another value elsewhere, and why it is wrong."""
        pattern = self._stream.relation.patterns[slot.expected.number]
        text = content(self._stream.lines[line])
        values = pattern.values(text)
        if values is None:
            values = pattern.loose_values(LooseView(text)) or []
        conflict = None
        scopes = (*slot.repetitions, *self._scopes)
        for index, (field, value) in enumerate(zip(slot.expected.fields, values, strict=False)):
            here = Binding(value, self._stream.name, line + 1)
            first = self._bindings.bind(scopes, field.name, here)
            if first is not None and conflict is None:
                conflict = index, _why(field.name, here, first)
        return conflict


def _why(name: str, here: Binding, first: Binding) -> str:
    stream = "" if first.stream == here.stream else f" of {first.stream}"
    return (
        f"{name} is {_quoted(here.value)} here, and was {_quoted(first.value)} "
        f"on line {first.line}{stream}"
    )


def _quoted(value: str) -> str:
    return signed(value[:_LONGEST_VALUE]) + left_out(len(value) - _LONGEST_VALUE)
