from __future__ import annotations

from itertools import accumulate, islice
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.events import Direction
from capture.faults import DatagramFaults, Splitter, StreamFaults
from tests.capture.support import TO_CLIENT, TO_SERVER
from wire.errors import UsageError

TEXT = bytes(range(200))


def cut(faults: StreamFaults, connection: int = 1, direction: Direction = TO_SERVER) -> list[bytes]:
    return list(faults.splitter(connection, direction)(TEXT))


def lost(faults: DatagramFaults, direction: Direction = TO_SERVER, of: int = 20) -> list[int]:
    """The numbers of those that are lost, of the first so many."""
    return [n for n, gone in enumerate(islice(faults.losses(direction), of), 1) if gone]


class TestSplitting:
    @given(st.lists(st.binary(max_size=40)), st.integers(1, 12), st.integers())
    def test_the_cuts_do_not_depend_on_how_the_bytes_arrive(
        self, chunks: list[bytes], largest: int, seed: int
    ) -> None:
        def cuts(arriving: list[bytes]) -> set[int]:
            splitter = Splitter(largest, Random(seed))
            pieces = [piece for chunk in arriving for piece in splitter.pieces(chunk)]
            assert b"".join(pieces) == b"".join(arriving)
            assert all(1 <= len(piece) <= largest for piece in pieces)
            return set(accumulate(map(len, pieces)))

        arrivals = set(accumulate(map(len, chunks))) - {0}
        assert cuts(chunks) == cuts([b"".join(chunks)]) | arrivals

    def test_the_same_seed_gives_the_same_pieces_and_another_gives_others(self) -> None:
        pieces = cut(StreamFaults(seed=1, split=9))
        assert pieces == cut(StreamFaults(seed=1, split=9))
        assert len(set(map(len, pieces))) > 1
        assert pieces != cut(StreamFaults(seed=2, split=9))

    def test_connections_and_directions_are_cut_each_in_its_own_way(self) -> None:
        faults = StreamFaults(split=9)
        assert cut(faults, connection=2) != cut(faults) != cut(faults, direction=TO_CLIENT)

    def test_the_plan_of_a_seed_is_the_same_on_every_machine(self) -> None:
        sizes = [len(piece) for piece in cut(StreamFaults(seed=7, split=9))]
        assert sizes[:10] == [5, 2, 2, 7, 9, 4, 7, 7, 6, 6]

    def test_none(self) -> None:
        assert cut(StreamFaults()) == [TEXT]


class TestLosses:
    def test_by_number(self) -> None:
        assert lost(DatagramFaults(lose=frozenset({1, 4}))) == [1, 4]

    def test_at_a_rate_by_the_seed(self) -> None:
        faults = DatagramFaults(seed=1, loss_rate=0.5)
        assert lost(faults) == lost(faults)
        assert lost(faults) != lost(faults, TO_CLIENT)
        assert lost(faults) != lost(DatagramFaults(seed=2, loss_rate=0.5))
        assert 400 < len(lost(faults, of=1000)) < 600

    def test_by_number_and_at_a_rate(self) -> None:
        drawn = lost(DatagramFaults(seed=1, loss_rate=0.3))
        both = lost(DatagramFaults(seed=1, loss_rate=0.3, lose=frozenset({2, 3})))
        assert set(both) == {*drawn, 2, 3} != set(drawn)

    @pytest.mark.parametrize(("rate", "count"), [(0.0, 0), (1.0, 20)])
    def test_none_or_all(self, rate: float, count: int) -> None:
        assert len(lost(DatagramFaults(loss_rate=rate))) == count


@pytest.mark.parametrize(
    "fault",
    [
        {"join": -0.1},
        {"delay": -1},
        {"split": -1},
        {"cut_after": -1},
        {"reset_after": -1},
        {"cut_after": 1, "reset_after": 2},
    ],
)
def test_a_stream_fault_that_can_not_be(fault: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=r"can't be negative|not both"):
        StreamFaults(**fault)


@pytest.mark.parametrize("fault", [{"loss_rate": 1.1}, {"loss_rate": -0.1}, {"delay": -1}])
def test_a_datagram_fault_that_can_not_be(fault: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="a rate is from"):
        DatagramFaults(**fault)
