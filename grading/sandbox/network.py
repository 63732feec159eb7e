"""Hosts of a network: each a network namespace in which every IPv4 address is its own."""

from __future__ import annotations

import fcntl
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from grading.sandbox import kernel

_OWN = "/proc/self/ns/net"
_SETTINGS = Path("/proc/sys/net/ipv4")

# ioctl(2) and rtnetlink(7): `ip link set lo up`, `ip route add local 0.0.0.0/0 dev lo`.
_SET_FLAGS = 0x8914  # SIOCSIFFLAGS
_UP = 0x1
_NEW_ROUTE = 24
_ERROR = 2
_REQUEST_CREATE_ACK = 0x1 | 0x400 | 0x4
_LOCAL_TABLE = 255
_HOST_SCOPE = 254
_LOCAL = 2
_STATIC = 4
_OUTPUT_INTERFACE = 4


class Host:
    """A machine with a network of its own; nothing leads out of it but what the relay forwards."""

    def __init__(self, name: str) -> None:
        """Made from where this process is. Raises OSError."""
        self.name = name
        before = os.open(_OWN, os.O_RDONLY | os.O_CLOEXEC)
        # Else its table of sockets is the machine's, with slots by the hundred thousand to look at.
        with suppress(OSError):  # before Linux 6.1 there is no other
            (_SETTINGS / "tcp_child_ehash_entries").write_text("64")
        try:
            kernel.unshare(kernel.CLONE_NEWNET)
            self._namespace = os.open(_OWN, os.O_RDONLY | os.O_CLOEXEC)
            _start_loopback()
            _make_every_address_local()
            # A lab's port may be one below 1024.
            (_SETTINGS / "ip_unprivileged_port_start").write_text("0")
        finally:
            kernel.enter(before, kernel.CLONE_NEWNET)
            os.close(before)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Within it, this process is on the host: the sockets it makes there stay there."""
        before = os.open(_OWN, os.O_RDONLY | os.O_CLOEXEC)
        self.enter()
        try:
            yield
        finally:
            kernel.enter(before, kernel.CLONE_NEWNET)
            os.close(before)

    def enter(self) -> None:
        """Go to the host, for good."""
        kernel.enter(self._namespace, kernel.CLONE_NEWNET)


def _start_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sH14x", b"lo", _UP))


def _make_every_address_local() -> None:
    interface = struct.pack("HHi", 8, _OUTPUT_INTERFACE, socket.if_nametoindex("lo"))
    kinds = (_LOCAL_TABLE, _STATIC, _HOST_SCOPE, _LOCAL)
    route = struct.pack("8BI", socket.AF_INET, 0, 0, 0, *kinds, 0) + interface
    header = struct.pack("IHHII", 16 + len(route), _NEW_ROUTE, _REQUEST_CREATE_ACK, 1, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as netlink:
        netlink.send(header + route)
        answer = netlink.recv(4096)
    kind, code = struct.unpack_from("4xH10xi", answer)
    if kind == _ERROR and code:
        raise OSError(-code, f"the route of all addresses: {os.strerror(-code)}")
