"""Hosts of a network: each a network namespace in which every IPv4 address is its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from grading.sandbox import kernel

_OWN = "/proc/self/ns/net"
_BATCH = "link set lo up\nroute add local 0.0.0.0/0 dev lo\n"


class Host:
    """A machine with a network of its own; nothing leads out of it but what the relay forwards."""

    def __init__(self, name: str) -> None:
        """Made from where this process is. Raises OSError."""
        self.name = name
        before = os.open(_OWN, os.O_RDONLY | os.O_CLOEXEC)
        # Else its table of sockets is the machine's, with slots by the hundred thousand to look at.
        with suppress(OSError):  # before Linux 6.1 there is no other
            Path("/proc/sys/net/ipv4/tcp_child_ehash_entries").write_text("64")
        try:
            kernel.unshare(kernel.CLONE_NEWNET)
            self._namespace = os.open(_OWN, os.O_RDONLY | os.O_CLOEXEC)
            subprocess.run(
                ["ip", "-batch", "-"], input=_BATCH, text=True, check=True, capture_output=True
            )
            # A lab's port may be one below 1024.
            Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").write_text("0")
        except subprocess.CalledProcessError as error:
            raise OSError(f"ip: {error.stderr.strip()}") from error
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
