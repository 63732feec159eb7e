"""How alike two lines are, and the pairing of lines that is most so."""

from __future__ import annotations

from collections.abc import Sequence

ALIKE = 0.6
"""Likeness from which a line is taken for another with a slip in it."""

_LOOKED_AT = 2_000
"""Characters of a line that count."""


def likeness(first: str, second: str) -> float:
    """The share of neighbouring characters that two texts have in common, 0 to 1 (Dice)."""
    return _share(_neighbours(first), _neighbours(second))


def likest_pairs(first: Sequence[str], second: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of indices, both rising, as many as can be, that are the most alike in sum."""
    if len(first) > len(second):
        return [(one, other) for other, one in likest_pairs(second, first)]
    short = [_neighbours(text) for text in first]
    long = [_neighbours(text) for text in second]
    shifts = range(len(long) - len(short) + 1)
    best = [0.0] * len(shifts)
    choices: list[list[int]] = []
    for index, text in enumerate(short):
        top, chosen, choice = -1.0, 0, []
        for shift in shifts:
            value = best[shift] + _share(text, long[index + shift])
            if value > top:
                top, chosen = value, shift
            best[shift] = top
            choice.append(chosen)
        choices.append(choice)
    pairs, shift = [], shifts[-1]
    for index in reversed(range(len(short))):
        shift = choices[index][shift]
        pairs.append((index, index + shift))
    return pairs[::-1]


def _neighbours(text: str) -> set[str]:
    text = text[:_LOOKED_AT].casefold()
    return {text[at : at + 2] for at in range(len(text))}


def _share(first: set[str], second: set[str]) -> float:
    return 2 * len(first & second) / (len(first) + len(second) or 1)
