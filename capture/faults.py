"""What a relay is told to do to the traffic: plans as data, the same from the same seed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from random import Random

from capture.events import Direction
from wire.errors import UsageError


@dataclass(frozen=True, slots=True)
class StreamFaults:
    """What is done to one direction of every TCP connection, in the order of the fields.

    join: hold what comes until nothing came for so many seconds, then forward it as one
    delay: seconds from taking bytes, or their end, to forwarding them
    split: forward pieces of 1 to so many bytes, their sizes drawn from the seed
    cut_after: after so many bytes close the connection in order, both ways
    reset_after: after so many bytes reset it, both ways

    The places where `split` cuts depend on the seed, the connection's number and
    the direction alone, never on how the bytes arrived. What the other direction
    holds when the connection is cut or reset is dropped. Raises UsageError.
    """

    seed: int = 0
    join: float = 0.0
    delay: float = 0.0
    split: int = 0
    cut_after: int | None = None
    reset_after: int | None = None

    def __post_init__(self) -> None:
        amounts = (self.join, self.delay, self.split, self.cut_after or 0, self.reset_after or 0)
        if min(amounts) < 0:
            raise UsageError(f"a fault can't be negative: {self}")
        if None not in (self.cut_after, self.reset_after):
            raise UsageError(f"a connection is cut or reset, not both: {self}")

    @property
    def limit(self) -> int | None:
        """After how many bytes the relay ends the connection, if it does."""
        return self.reset_after if self.cut_after is None else self.cut_after

    def splitter(self, connection: int, direction: Direction) -> Callable[[bytes], Iterable[bytes]]:
        """What cuts this direction of a connection: called on its bytes in turn, gives pieces."""
        if not self.split:
            return lambda data: (data,)
        return Splitter(self.split, _random(self.seed, connection, direction.name)).pieces


@dataclass(frozen=True, slots=True)
class DatagramFaults:
    """What is done to one direction of all UDP datagrams.

    lose: the numbers, from 1, of those that are not forwarded
    loss_rate: how many of the others are lost, from 0.0 to 1.0, drawn from the seed
    delay: seconds from taking a datagram to forwarding it

    Raises UsageError.
    """

    seed: int = 0
    lose: frozenset[int] = frozenset()
    loss_rate: float = 0.0
    delay: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.loss_rate <= 1.0 or self.delay < 0:
            raise UsageError(f"a rate is from 0.0 to 1.0, a delay not negative: {self}")

    def losses(self, direction: Direction) -> Iterator[bool]:
        """For each datagram of this direction in turn: is it lost?"""
        random = _random(self.seed, direction.name)
        for number in count(1):
            drawn = random.random() < self.loss_rate
            yield drawn or number in self.lose


class Splitter:
    """Cuts a stream into pieces of 1 to `largest` bytes, at places that `random` alone decides.

    Where the bytes it is given end, a piece ends too.
    """

    def __init__(self, largest: int, random: Random) -> None:
        self._largest = largest
        self._random = random
        self._until_cut = 0

    def pieces(self, data: bytes) -> Iterator[bytes]:
        start = 0
        while start < len(data):
            if not self._until_cut:
                self._until_cut = self._random.randint(1, self._largest)
            piece = data[start : start + self._until_cut]
            self._until_cut -= len(piece)
            start += len(piece)
            yield piece


def _random(*seeds: int | str) -> Random:
    """Random numbers that are the same in every run and on every machine."""
    return Random(" ".join(map(str, seeds)))
