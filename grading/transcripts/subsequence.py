"""The longest common subsequence under any relation, many cells at a time.

The bits of a whole number stand for a row of the dynamic programme (H. Hyyrö,
Bit-parallel LCS-length computation revisited, 2004): bit j is 0 where element j
makes the subsequence one longer. An addition carries along the whole row.
"""

from __future__ import annotations

from collections.abc import Sequence

Pair = tuple[int, int]


def longest_common_subsequence(masks: Sequence[int], width: int) -> list[Pair]:
    """Pairs (column, row), both rising, as many as can be, each as early as it can be.

    Bit j of `masks[i]` says that column j, of `width`, matches row i.
    """
    full = (1 << width) - 1
    row, rows = full, []
    for mask in masks:
        matching = row & mask
        row = ((row + matching) | (row - matching)) & full
        rows.append(row)
    return _way_back(rows, width)


def _way_back(rows: Sequence[int], width: int) -> list[Pair]:
    pairs = []
    column, row = width, len(rows)
    while column and row:
        bit = 1 << (column - 1)
        if rows[row - 1] & bit:
            column -= 1
            continue
        row -= 1
        if row == 0 or rows[row - 1] & bit:
            column -= 1
            pairs.append((column, row))
    return pairs[::-1]
