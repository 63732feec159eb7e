"""What the kernel's tables in /proc tell of a program: processes, sockets, what it waits for."""

from __future__ import annotations

import platform
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_LISTEN = "0A"
_UDP_BOUND = "07"
_RESIDENT = re.compile(r"^Rss(Anon|Shmem):\s+(\d+) kB", re.MULTILINE)

# read; then poll, select, pause, accept, recvfrom, recvmsg, wait4, rt_sigsuspend, futex,
# epoll_wait, waitid, pselect6, ppoll, epoll_pwait, accept4, as each processor numbers them.
_X86 = {
    "read": {0},
    "select": {23, 270},
    "watch": {7, 23, 232, 270, 271, 281},
    "idle": {7, 23, 34, 43, 45, 47, 61, 130, 202, 232, 247, 270, 271, 281, 288},
}
_GENERIC = {
    "read": {63},
    "select": {72},
    "watch": {22, 72, 73},
    "idle": {22, 72, 73, 95, 98, 133, 202, 207, 212, 242, 260},
}
_CALLS = {"x86_64": _X86, "aarch64": _GENERIC, "riscv64": _GENERIC}


@dataclass(frozen=True)
class Bound:
    """A socket that waits for clients."""

    address: str
    port: int


def listening(kind: str, processes: list[int]) -> list[Bound]:
    """The sockets of `kind`, tcp or udp, with which one of these processes waits for clients."""
    state = _LISTEN if kind == "tcp" else _UDP_BOUND
    waiting = [
        fields for fields in _sockets(kind) if fields[3] == state and fields[2].endswith(":0000")
    ]
    owned = _owned(processes) if waiting else set()
    return [Bound(*_address(fields[1])) for fields in waiting if fields[9] in owned]


def unread(local: tuple[str, int], remote: tuple[str, int]) -> int:
    """Bytes that have come in on a TCP connection and that its program has not read."""
    for fields in _sockets("tcp"):
        if (_address(fields[1]), _address(fields[2])) == (local, remote):
            return _unread(fields)
    return 0


def all_read() -> bool:
    """Whether the programs on this host have taken all that came for them, and every client."""
    return not any(_unread(fields) for kind in ("tcp", "udp") for fields in _sockets(kind))


def _unread(fields: list[str]) -> int:
    return int(fields[4].partition(":")[2], 16)


def _sockets(kind: str) -> Iterator[list[str]]:
    """The lines of the tables of the host that this process is on (proc_net(5))."""
    for table in (kind, f"{kind}6"):
        lines = _read(f"/proc/self/net/{table}").splitlines()[1:]
        yield from (line.split() for line in lines)


def _owned(processes: list[int]) -> set[str]:
    """The inodes of the sockets that processes hold."""
    found = set()
    for process in processes:
        try:
            links = [str(link.readlink()) for link in Path(f"/proc/{process}/fd").iterdir()]
        except OSError:  # it has ended, or closed one meanwhile
            continue
        found |= {link[8:-1] for link in links if link.startswith("socket:[")}
    return found


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.partition(":")
    packed = b"".join(
        bytes.fromhex(host[at : at + 8])[::-1] for at in range(0, len(host), 8)
    )  # as the processor orders bytes, four at a time
    if packed.startswith(bytes(10) + b"\xff\xff"):
        packed = packed[12:]
    family = socket.AF_INET if len(packed) == 4 else socket.AF_INET6
    return socket.inet_ntop(family, packed), int(port, 16)


def family(process: int) -> list[int]:
    """A process and all its descendants, threads not counted."""
    found = [process]
    for member in found:
        for thread in _threads(member):
            text = _read(f"/proc/{member}/task/{thread}/children")
            found.extend(map(int, text.split()))
    return found


def usage(processes: list[int]) -> tuple[int, int]:
    """Memory in bytes and threads, of all of them together.

    Of memory that is shared the largest user's counts: the others may share that.
    """
    own, shared = 0, [0]
    for process in processes:
        amounts = dict(_RESIDENT.findall(_read(f"/proc/{process}/status")))
        own += int(amounts.get("Anon", 0))
        shared.append(int(amounts.get("Shmem", 0)))
    threads = sum(len(_threads(process)) for process in processes)
    return (own + max(shared)) * 1024, threads


def reads_terminal(processes: list[int]) -> bool:
    """Whether one of them waits for a line to be typed."""
    reads, selects = _calls("read"), _calls("select")
    return any(
        (number in reads and first == 0) or (number in selects and first == 1)
        for number, first in (
            (int(call[0]), int(call[1], 16)) for call in _current_calls(processes) if len(call) > 1
        )
    )


def is_idle(processes: list[int]) -> bool:
    """Whether all of them wait for others: for clients, bytes, or one of their own threads."""
    numbers = _calls("idle") | _calls("read")
    return all(call[:1] and int(call[0]) in numbers for call in _current_calls(processes))


def watches(processes: list[int]) -> bool:
    """Whether one of them waits for the first of several things, which may be a line; all wait."""
    numbers = _calls("watch")
    waiting = any(call[:1] and int(call[0]) in numbers for call in _current_calls(processes))
    return waiting and is_idle(processes)


def _calls(kind: str) -> set[int]:
    return _CALLS.get(platform.machine(), {}).get(kind, set())


def _current_calls(processes: list[int]) -> Iterator[list[str]]:
    """The system call that each thread is in, and its arguments; none while it runs."""
    for process in processes:
        for thread in _threads(process):
            call = _read(f"/proc/{process}/task/{thread}/syscall").split()
            yield [] if call[:1] == ["running"] else call


def _threads(process: int) -> list[str]:
    try:
        return [thread.name for thread in Path(f"/proc/{process}/task").iterdir()]
    except OSError:  # it has ended
        return []


def _read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:  # it has ended
        return ""
