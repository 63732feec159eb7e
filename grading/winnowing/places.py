"""Where two submissions are alike, in lines."""

from __future__ import annotations

from dataclasses import dataclass

from grading.winnowing.fingerprints import RUN, WINDOW, Fingerprints, Place

MOST_PLACES = 8
"""The largest are told."""


@dataclass
class _Stretch:
    """Neighbouring fingerprints that have the same neighbours in the other submission."""

    first: list[Place]
    second: list[Place]

    def goes_on_with(self, place: Place, other: Place) -> bool:
        return _follows(self.first[-1], place) and _follows(self.second[-1], other)

    @property
    def size(self) -> int:
        return len(self.first)

    def __str__(self) -> str:
        return f"{_lines(self.first)} = {_lines(self.second)}"


def places(first: Fingerprints, second: Fingerprints) -> tuple[str, ...]:
    """Such as "server.py:10-24 = server.py:12-26", in the order of the first one's files."""
    shared = sorted(
        ((place, value) for value in first.keys() & second.keys() for place in first[value]),
        key=lambda found: (found[0].file, found[0].start),
    )
    stretches: list[_Stretch] = []
    for place, value in shared:
        others = second[value]
        if stretches and (next_ := _next(stretches[-1], place, others)):
            stretches[-1].first.append(place)
            stretches[-1].second.append(next_)
        else:
            stretches.append(_Stretch([place], [others[0]]))
    least = sorted((stretch.size for stretch in stretches), reverse=True)[:MOST_PLACES][-1:]
    told = [stretch for stretch in stretches if [stretch.size] >= least][:MOST_PLACES]
    return tuple(map(str, told))


def _next(stretch: _Stretch, place: Place, others: list[Place]) -> Place | None:
    return next((other for other in others if stretch.goes_on_with(place, other)), None)


def _follows(place: Place, next_: Place) -> bool:
    """Within the same code the gaps are at most WINDOW; one changed token makes RUN more."""
    return place.file == next_.file and 0 < next_.start - place.start <= RUN + WINDOW


def _lines(places: list[Place]) -> str:
    return f"{places[0].file}:{places[0].first_line}-{max(place.last_line for place in places)}"
