"""The relay between the two hosts of a run, where the clients take it for the server."""

from __future__ import annotations

import asyncio
import socket

from capture.datagrams import UdpRelay
from capture.events import OnEvent, Side
from capture.faults import DatagramFaults, StreamFaults
from capture.relay import TcpRelay
from grading.lab import Faults
from grading.sandbox import tables
from grading.sandbox.arena import Arena
from grading.sandbox.tables import Bound
from grading.sandbox.ticks import tick

SERVER_HOST = "server"
CLIENT_HOST = "client"

_UNREAD_SECONDS = 1.0
"""How long a receiver is given to read one piece before the next is sent."""
_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "127.0.0.1"}


def relay_to(
    server: Bound, kind: str, arena: Arena, faults: Faults, on_event: OnEvent
) -> TcpRelay | UdpRelay:
    """A relay on the clients' host, at the port where the server listens on its own.

    Raises OSError.
    """
    address = _ANYWHERE.get(server.address, server.address), server.port
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    if kind == "udp":
        return _relay_datagrams(address, family, arena, faults, on_event)
    with arena.on(CLIENT_HOST):
        listening = socket.create_server(("", server.port), backlog=128)

    async def connect() -> socket.socket:
        with arena.on(SERVER_HOST):
            connection = socket.socket(family)
        try:
            connection.setblocking(False)
            await asyncio.get_running_loop().sock_connect(connection, address)
        except BaseException:
            connection.close()
            raise
        return connection

    async def pause(side: Side) -> None:
        host = SERVER_HOST if side.peer == address else CLIENT_HOST
        deadline = arena.now() + _UNREAD_SECONDS
        while arena.now() < deadline:
            with arena.on(host):
                if not tables.unread(side.peer, side.relay):
                    return
            await tick()

    to_server, to_client = _stream_faults(faults)
    return TcpRelay(
        listening, connect, on_event, to_server=to_server, to_client=to_client, pause=pause
    )


def _relay_datagrams(
    address: tuple[str, int], family: int, arena: Arena, faults: Faults, on_event: OnEvent
) -> UdpRelay:
    with arena.on(CLIENT_HOST):
        towards_clients = socket.socket(type=socket.SOCK_DGRAM)
        towards_clients.bind(("", address[1]))

    def make_socket() -> socket.socket:
        with arena.on(SERVER_HOST):
            sending = socket.socket(family, socket.SOCK_DGRAM)
        sending.connect(address)
        return sending

    losing = DatagramFaults(lose=frozenset(faults.lose), delay=faults.delay)
    return UdpRelay(
        towards_clients,
        make_socket,
        on_event,
        to_server=losing if faults.direction != "to client" else DatagramFaults(),
        to_client=losing if faults.direction != "to server" else DatagramFaults(),
    )


def _stream_faults(faults: Faults) -> tuple[StreamFaults, StreamFaults]:
    """What the relay does to the bytes to the server, and to those to the client."""
    acting = StreamFaults(
        seed=faults.seed,
        join=faults.join,
        delay=faults.delay,
        split=faults.split,
        cut_after=faults.cut_after,
        reset_after=faults.reset_after,
    )
    return (
        acting if faults.direction != "to client" else StreamFaults(),
        acting if faults.direction != "to server" else StreamFaults(),
    )
