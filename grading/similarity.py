"""Pairs of submissions that are alike beyond chance.

How alike two are is the share of the smaller one's fingerprints that both
have. Fingerprints of the handout do not count, nor do those of more than half
of the class (and of COMMON_AT_LEAST at least): what nearly all have, none has
from another.

A pair is reported when all of this holds:
- both share at least LEAST_SHARED fingerprints, some 15 lines: short programs
  are alike by themselves;
- they are more alike than the class's median pair by DEVIATIONS standard
  deviations, these taken from the median absolute deviation: a few copies move
  neither. In a class of fewer than KNOWN_FROM pairs there is no usual one, and
  LEAST_IN_FEW holds instead;
- but never less than LEAST, whatever the class, and a pair more alike than
  CERTAIN is never passed over.

It says that two are alike, and where. Whether one was copied, people judge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from statistics import median

from grading.results import AlikePair
from grading.winnowing.fingerprints import Fingerprints, all_hashes, fingerprints_of
from grading.winnowing.places import places

COMMON_AT_LEAST = 4
"""Submissions that have a fingerprint in common before it can be the whole class's."""
LEAST_SHARED = 20
LEAST = 0.35
LEAST_IN_FEW = 0.5
CERTAIN = 0.9
DEVIATIONS = 6.0
KNOWN_FROM = 10
"""Pairs: a class of five."""

_NORMAL = 1.4826
"""A normal distribution's standard deviation, in median absolute deviations."""


def find_alike(
    submissions: Mapping[str, Path], *, wanted: Sequence[str] = (), handout: Sequence[Path] = ()
) -> tuple[AlikePair, ...]:
    """The pairs among a class's folders, by their names; those most alike first.

    Files with the suffixes of the `wanted` files are compared; without any, all
    that are source code. `handout`: files and folders of what all were given.
    Raises OSError.
    """
    suffixes = {Path(name).suffix for name in wanted}
    found = {name: fingerprints_of(path, suffixes) for name, path in submissions.items()}
    given = {value for path in handout for value in all_hashes(path)}
    own = _without(found, given | _common(found))
    shares = {
        (first, second): _share(own[first], own[second]) for first, second in combinations(own, 2)
    }
    usual, least = _usual(list(shares.values()))
    return tuple(
        AlikePair(
            first,
            second,
            alike=round(share, 3),
            usual=round(usual, 3),
            places=places(own[first], own[second]),
        )
        for (first, second), share in sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))
        if share >= least and len(own[first].keys() & own[second].keys()) >= LEAST_SHARED
    )


def _common(found: Mapping[str, Fingerprints]) -> set[bytes]:
    counts = Counter(value for prints in found.values() for value in prints)
    most = max(len(found) / 2, COMMON_AT_LEAST - 1)
    return {value for value, count in counts.items() if count > most}


def _without(found: Mapping[str, Fingerprints], dropped: set[bytes]) -> dict[str, Fingerprints]:
    return {
        name: {value: places for value, places in prints.items() if value not in dropped}
        for name, prints in found.items()
    }


def _share(first: Fingerprints, second: Fingerprints) -> float:
    smaller = min(len(first), len(second))
    return len(first.keys() & second.keys()) / smaller if smaller else 0.0


def _usual(shares: Sequence[float]) -> tuple[float, float]:
    """What a class's pairs usually share, and from what share on a pair is beyond chance."""
    if len(shares) < KNOWN_FROM:
        others = [share for share in shares if share < LEAST_IN_FEW]
        return median(others or [0.0]), LEAST_IN_FEW
    middle = median(shares)
    deviation = _NORMAL * median(abs(share - middle) for share in shares)
    return middle, min(max(middle + DEVIATIONS * deviation, LEAST), CERTAIN)
