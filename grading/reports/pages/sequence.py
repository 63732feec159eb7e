"""Who said what when: a run's happenings on lanes, for a student's page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grading.reports import happenings
from grading.results import Happening

MOST_LANES = 6
"""More would be too narrow to read; what is left over shares one."""

SHOWN = 60
"""Events before the rest is folded."""

_OTHERS = "others"
_EVENT_SIZE = 330
"""About what an event takes beside its text, in bytes."""


@dataclass(frozen=True)
class Event:
    """An arrow between two lanes, or a note on one (`first` and `last` are the same then)."""

    milliseconds: str
    who: str
    which: str
    """What its lane does not tell: which of the program's runs, as "message0"."""
    kind: str
    what: str
    said: str
    first: int
    last: int
    """The lanes it spans, from the left, the first is 0."""
    backwards: bool
    """Whether an arrow points to the left."""

    @property
    def size(self) -> int:
        """About how much of the page it takes, in bytes."""
        return _EVENT_SIZE + 6 * len(self.said)


@dataclass(frozen=True)
class SequenceView:
    lanes: list[str]
    shown: list[Event]
    folded: list[Event]
    left_out: int
    """Events that are not on the page."""
    size: int
    """About how much of the page it takes, in bytes."""


def view(happened: Sequence[Happening], room: int) -> SequenceView:
    """A sequence in about `room` bytes of HTML."""
    lanes = _lanes(happened)
    events: list[Event] = []
    size = 0
    for happening in happened:
        event = _event(happening, lanes)
        if size + event.size > room:
            break
        size += event.size
        events.append(event)
    left_out = len(happened) - len(events)
    return SequenceView(lanes, events[:SHOWN], events[SHOWN:], left_out, size)


def _lanes(happened: Iterable[Happening]) -> list[str]:
    """The programs, in order of appearance, but servers on the right and a relay before them."""
    names = dict.fromkeys(
        _program(name)
        for happening in happened
        for name in (happening.source, happening.target)
        if name
    )
    lanes = sorted(names, key=_place)
    if len(lanes) > MOST_LANES:
        lanes = [*lanes[: MOST_LANES - 2], _OTHERS, lanes[-1]]
    return lanes


def _program(name: str) -> str:
    """Its name without which of its runs it is: "client" of "client message0"."""
    return name.partition(" ")[0]


def _place(name: str) -> int:
    if name.startswith("server"):
        return 2
    return 1 if name.startswith("relay") else 0


def _event(happening: Happening, lanes: list[str]) -> Event:
    source = _lane(happening.source, lanes)
    target = _lane(happening.target, lanes) if happening.target else source
    return Event(
        milliseconds=happenings.milliseconds(happening),
        who=happenings.who(happening),
        which=_which(happening.source, lanes),
        kind=happening.kind,
        what=happenings.what(happening),
        said=happenings.said(happening),
        first=min(source, target),
        last=max(source, target),
        backwards=target < source,
    )


def _lane(name: str, lanes: list[str]) -> int:
    program = _program(name)
    return lanes.index(program if program in lanes else _OTHERS)


def _which(name: str, lanes: list[str]) -> str:
    return name.removeprefix(lanes[_lane(name, lanes)]).strip()
