"""A relay between UDP clients and a server: forwards, records, and loses what it is told to."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from capture.events import Datagram, DatagramLost, Direction, OnEvent, Refused, Side
from capture.faults import DatagramFaults
from capture.recorder import Recorder, reason_of

NO_FAULTS = DatagramFaults()
MOST_CLIENTS = 64
MOST_HELD = 1024
"""How many delayed datagrams a direction holds; one that comes beyond them is lost."""

_LARGEST = 65535


@dataclass(frozen=True, slots=True)
class _Client:
    """A client's address, and the socket that stands for it towards the server."""

    number: int
    address: Any
    socket: socket.socket
    near: Side
    far: Side


class UdpRelay:
    """Takes the datagrams of all clients to one server, and its answers back to each.

    The caller makes the sockets: `towards_clients` is bound, `make_socket` gives
    one that is connected to the server, or raises OSError. From `start` on the
    relay closes them. Each client's address has a socket of its own; beyond
    `most`, the one that was silent for longest loses its socket to the new one.
    """

    def __init__(
        self,
        towards_clients: socket.socket,
        make_socket: Callable[[], socket.socket],
        on_event: OnEvent,
        *,
        to_server: DatagramFaults = NO_FAULTS,
        to_client: DatagramFaults = NO_FAULTS,
        most: int = MOST_CLIENTS,
    ) -> None:
        towards_clients.setblocking(False)
        self._towards_clients = towards_clients
        self._make_socket = make_socket
        self._most = most
        self._recorder = Recorder(on_event)
        self._to_server = _Way(Direction.TO_SERVER, to_server, self._send, self._recorder)
        self._to_client = _Way(Direction.TO_CLIENT, to_client, self._send_back, self._recorder)
        self._number = 0
        self._clients: dict[Any, _Client] = {}

    async def start(self) -> None:
        """Take datagrams from now on."""
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._towards_clients, self._receive)

    async def stop(self) -> None:
        """Forward nothing more, and close all sockets. Raises what `on_event` raised first.

        Once stopped, it does nothing.
        """
        if self._towards_clients.fileno() < 0:
            return
        self._loop.remove_reader(self._towards_clients)
        self._to_server.stop()
        self._to_client.stop()
        while self._clients:
            self._forget_one()
        self._towards_clients.close()
        self._recorder.finish()

    def _receive(self) -> None:
        try:
            data, address = self._towards_clients.recvfrom(_LARGEST)
        except BlockingIOError:
            return
        if client := self._client(address):
            self._to_server.take(client, data)

    def _receive_back(self, client: _Client) -> None:
        try:
            data = client.socket.recv(_LARGEST)
        except BlockingIOError:
            return
        except OSError as error:
            self._refuse(client.number, client.near, error)
            return
        self._to_client.take(client, data)

    def _client(self, address: Any) -> _Client | None:
        """The client of an address; None if it is new and no socket can be made for it."""
        client = self._clients.pop(address, None) or self._new_client(address)
        if client:
            self._clients[address] = client  # the last in order: the one that spoke last
        return client

    def _new_client(self, address: Any) -> _Client | None:
        self._number += 1
        near = Side(self._towards_clients.getsockname()[:2], address[:2])
        if len(self._clients) >= self._most:
            self._forget_one()
        try:
            made = self._make_socket()
        except OSError as error:
            self._refuse(self._number, near, error)
            return None
        made.setblocking(False)
        far = Side(made.getsockname()[:2], made.getpeername()[:2])
        client = _Client(self._number, address, made, near, far)
        self._loop.add_reader(made, partial(self._receive_back, client))
        return client

    def _forget_one(self) -> None:
        """Close the socket of the client that was silent for longest."""
        client = self._clients.pop(next(iter(self._clients)))
        self._loop.remove_reader(client.socket)
        client.socket.close()

    def _send(self, client: _Client, data: bytes) -> None:
        try:
            client.socket.send(data)
        except ConnectionRefusedError as error:  # of an earlier datagram: this one was not sent
            self._refuse(client.number, client.near, error)
            client.socket.send(data)

    def _send_back(self, client: _Client, data: bytes) -> None:
        self._towards_clients.sendto(data, client.address)

    def _refuse(self, number: int, client: Side, error: OSError) -> None:
        self._recorder.report(Refused(self._recorder.now(), number, client, reason_of(error)))


class _Way:
    """One direction of all clients' datagrams, and its faults."""

    def __init__(
        self,
        direction: Direction,
        faults: DatagramFaults,
        send: Callable[[_Client, bytes], None],
        recorder: Recorder,
    ) -> None:
        self._direction = direction
        self._delay = faults.delay
        self._losses = enumerate(faults.losses(direction), start=1)
        self._send = send
        self._recorder = recorder
        self._held: deque[tuple[float, int, _Client, bytes]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def take(self, client: _Client, data: bytes) -> None:
        """Forward a datagram, now or after the delay, unless it is to be lost."""
        number, lost = next(self._losses)
        if lost:
            self._lose(number, client, data, "the faults had it lost")
        elif not self._delay:
            self._forward(number, client, data)
        elif len(self._held) >= MOST_HELD:
            self._lose(number, client, data, "too many are delayed")
        else:
            loop = asyncio.get_running_loop()
            self._held.append((loop.time() + self._delay, number, client, data))
            self._timer = self._timer or loop.call_later(self._delay, self._release)

    def stop(self) -> None:
        """Lose what is held."""
        if self._timer:
            self._timer.cancel()
        for _, number, client, data in self._held:
            self._lose(number, client, data, "the relay was stopped")

    def _release(self) -> None:
        """Forward the first that is held, and come back for the next."""
        _, number, client, data = self._held.popleft()
        self._forward(number, client, data)
        self._timer = None
        if self._held:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(self._held[0][0], self._release)

    def _forward(self, number: int, client: _Client, data: bytes) -> None:
        now = self._recorder.now()
        try:
            self._send(client, data)
        except OSError as error:
            self._lose(number, client, data, reason_of(error))
        else:
            self._recorder.report(
                Datagram(now, client.number, self._direction, number, client.near, client.far, data)
            )

    def _lose(self, number: int, client: _Client, data: bytes, reason: str) -> None:
        self._recorder.report(
            DatagramLost(
                self._recorder.now(),
                client.number,
                self._direction,
                number,
                client.near,
                client.far,
                data,
                reason,
            )
        )
