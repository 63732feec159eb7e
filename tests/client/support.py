"""The client program, and servers that are something else than they should be."""

from __future__ import annotations

import socket
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.programs import run_program
from tests.server.support import LOOPBACK, PATIENCE, Peer, RawClient
from wire import events
from wire.frames import MESSAGE_MODES, FrameType, Hello, decode_store

HELLO = Hello(MESSAGE_MODES, 1 << 20).frame()
Ended = subprocess.CompletedProcess[str]
Script = Callable[[Peer], None]


@contextmanager
def scripted_server(*scripts: Script) -> Iterator[int]:
    """The port of a server whose first client gets the first script, and so on."""
    faults: list[BaseException] = []

    def serve() -> None:
        try:
            for script in scripts:
                connected, _ = listening.accept()
                with Peer(connected) as peer:
                    script(peer)
        except BaseException as fault:
            faults.append(fault)

    with socket.create_server((LOOPBACK, 0)) as listening:
        listening.settimeout(PATIENCE)
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            thread.join()
    assert not faults, faults


def until_it_leaves(peer: Peer) -> None:
    while peer.socket.recv(65536):
        pass


def silence(peer: Peer) -> None:
    until_it_leaves(peer)


def says(*parts: bytes) -> Script:
    """Sends, then waits for the client to leave."""

    def script(peer: Peer) -> None:
        peer.send(*parts)
        until_it_leaves(peer)

    return script


def hangs_up(peer: Peer) -> None:
    """Nothing: the connection is closed."""


def resets(peer: Peer) -> None:
    peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def greets_then(*scripts: Script) -> Script:
    """HELLO, then the scripts, each after it has read a request."""

    def script(peer: Peer) -> None:
        peer.send(HELLO)
        for then in scripts:
            peer.receive()
            then(peer)

    return script


def loses_the_receipt(server: events.Address, ids: list[bytes]) -> Script:
    """A relay to a real server that hangs up instead of passing the receipt on."""

    def script(peer: Peer) -> None:
        with RawClient(server) as behind:
            peer.send(behind.receive())
            request = peer.receive()
            ids.append(decode_store(request)[0])
            behind.send(request)
            behind.receive_receipt()

    return script


def relays(server: events.Address, ids: list[bytes]) -> Script:
    """A relay to a real server for one message."""

    def script(peer: Peer) -> None:
        with RawClient(server) as behind:
            peer.send(behind.receive())
            while (request := peer.receive()).type is not FrameType.BYE:
                ids.append(decode_store(request)[0])
                behind.send(request)
                peer.send(behind.receive())
            behind.send(request)
            peer.send(behind.receive())

    return script


@contextmanager
def no_server() -> Iterator[int]:
    """A port that is bound and refuses: no program can take it meanwhile."""
    with socket.socket() as unused:
        unused.bind((LOOPBACK, 0))
        yield unused.getsockname()[1]


def client(
    port: int, *arguments: str | Path, stdin: str | bytes | None = None, **variables: str
) -> Ended:
    """The client program; `variables` are WIRELAB_ ones."""
    told = {"HOST": LOOPBACK, "PORT": str(port)} | variables
    env = {f"WIRELAB_{name}": value for name, value in told.items()}
    return run_program("-m", "client", *arguments, stdin=stdin, env=env)


def assert_complains(ended: Ended, code: int, says: str) -> None:
    """One line that says what, one that names the fix, and the exit code."""
    what, hint = ended.stderr.splitlines()
    assert what.startswith("client: ")
    assert says in what
    assert hint.startswith("hint: ")
    assert len(hint) > len("hint: ")
    assert ended.returncode == code
