"""The longest common subsequence is the one that the plain dynamic programme finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grading.transcripts.subsequence import longest_common_subsequence


def plain_length(columns: int, rows: int, relation: set[tuple[int, int]]) -> int:
    lengths = [[0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows):
        for column in range(columns):
            lengths[row + 1][column + 1] = max(
                lengths[row][column + 1],
                lengths[row + 1][column],
                lengths[row][column] + ((column, row) in relation),
            )
    return lengths[rows][columns]


@given(
    st.integers(0, 12).flatmap(
        lambda columns: st.tuples(st.just(columns), st.lists(st.integers(0, 2**columns - 1)))
    )
)
def test_it_is_as_long_as_can_be_under_any_relation(problem: tuple[int, list[int]]) -> None:
    columns, masks = problem
    relation = {
        (column, row)
        for row, mask in enumerate(masks)
        for column in range(columns)
        if mask >> column & 1
    }
    pairs = longest_common_subsequence(masks, columns)
    assert len(pairs) == plain_length(columns, len(masks), relation)
    assert set(pairs) <= relation
    for axis in range(2):
        places = [pair[axis] for pair in pairs]
        assert places == sorted(set(places))


def test_pairs_are_as_early_as_they_can_be() -> None:
    assert longest_common_subsequence([0b111, 0b000, 0b111], 3) == [(0, 0), (1, 2)]
