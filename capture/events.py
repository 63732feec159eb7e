"""What a relay reports of the traffic it forwards, as it happens: through `on_event`.

`time_ns` is Unix time in nanoseconds; it never runs backwards within one relay.
Connections are numbered from 1, in the order in which they were accepted.

A TCP connection is either one Refused, or Opened, then its Data, Ended and Reset,
then Closed. The Data of a direction, joined, are the bytes that were forwarded: all
that were sent, unless a fault, a reset or the relay's stop came in between.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from wire.events import Address


class Direction(Enum):
    """Which way bytes travel."""

    TO_SERVER = "to the server"
    TO_CLIENT = "to the client"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two connections that make a relayed one: the relay's address, and its peer's."""

    relay: Address
    peer: Address


@dataclass(frozen=True, slots=True)
class Opened:
    """A client was accepted, and the server has accepted in turn."""

    time_ns: int
    connection: int
    client: Side
    server: Side


@dataclass(frozen=True, slots=True)
class Refused:
    """The server took no connection, or reset it at once, so its client was reset.

    Of datagrams: one that was sent before found no one to take it.
    """

    time_ns: int
    connection: int
    client: Side
    reason: str


@dataclass(frozen=True, slots=True)
class Data:
    """Bytes that were forwarded; the time is the last moment before the receiver had them.

    It is reported after that moment: whoever wants all of it waits for Closed.
    """

    time_ns: int
    connection: int
    direction: Direction
    data: bytes


@dataclass(frozen=True, slots=True)
class Ended:
    """A direction has ended in order (FIN); `by_relay`: a fault had it, not the sender."""

    time_ns: int
    connection: int
    direction: Direction
    by_relay: bool = False


@dataclass(frozen=True, slots=True)
class Reset:
    """Who receives in this direction was told that the connection is broken (RST).

    `by_relay`: by a fault or because the relay stopped, not by the other end.
    """

    time_ns: int
    connection: int
    direction: Direction
    by_relay: bool = False


@dataclass(frozen=True, slots=True)
class Closed:
    """A connection that was opened is over."""

    time_ns: int
    connection: int


@dataclass(frozen=True, slots=True)
class Datagram:
    """A UDP datagram that was forwarded.

    `connection` numbers the clients' addresses; `number` counts all datagrams
    of a direction, from 1.
    """

    time_ns: int
    connection: int
    direction: Direction
    number: int
    client: Side
    server: Side
    data: bytes


@dataclass(frozen=True, slots=True)
class DatagramLost:
    """A UDP datagram that came, and was not forwarded; otherwise as `Datagram`."""

    time_ns: int
    connection: int
    direction: Direction
    number: int
    client: Side
    server: Side
    data: bytes
    reason: str


Event = Opened | Refused | Data | Ended | Reset | Closed | Datagram | DatagramLost
OnEvent = Callable[[Event], None]
