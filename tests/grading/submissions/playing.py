"""Runs the programs of a submission, each on a terminal, in a network of their own.

`play` starts this module as a program in fresh namespaces (unshare(1)) where every
IPv4 address is local, so that fixed ports and addresses are free to bind. The sides
that are to be right are played against each other, or against peers of our own.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.grading.submissions import peers
from tests.programs import ROOT, environment
from tests.sessions.terminal import Terminal

_NETWORK = 'ip link set lo up && ip route add local 0.0.0.0/0 dev lo && exec "$@"'
IN_NAMESPACES = ("unshare", "-rnpfu", "--kill-child", "sh", "-c", _NETWORK, "sh")
"""In front of a command: it runs in namespaces for users, processes, host names and networks."""

_INTERRUPTED = re.compile(r"Traceback \(most recent call last\):\n(?s:.*)KeyboardInterrupt\n\Z")
"""What a server prints that does not expect to be interrupted."""

_ENDED = "Connection End."
_TYPED = [  # what cs330's client shows before it waits, and what is typed then
    ("connection).\n", "open mode"),
    ("word:", peers.WORD.decode()),
    ("connection\n", "secure mode"),
    ("word: ", peers.SECRET.decode()),
    ("connection\n", "quit application"),
]


@dataclass
class Printed:
    """What the programs of a play left."""

    clients: list[str] = field(default_factory=list)
    server: str = ""
    down: str = ""
    """What cs330's client printed with no server there."""
    logs: dict[str, str] = field(default_factory=dict)


def play(lab: str, programs: Path, scratch: Path, who: str) -> Printed:
    """Play the `pair`, or the `client` or the `server` against our peer."""
    module = [sys.executable, "-m", "tests.grading.submissions.playing"]
    ended = subprocess.run(
        [*IN_NAMESPACES, *module, lab, str(programs), str(scratch), who],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=3 * peers.SECONDS,
    )
    assert ended.returncode == 0, ended.stderr
    return Printed(**json.loads(ended.stdout))


class Running:
    """A program on a terminal of its own, and what it printed so far."""

    def __init__(self, terminal: Terminal, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.printed = ""
        self._terminal = terminal

    def wait_for(self, text: str) -> None:
        self.printed += self._terminal.read_until(text)

    def type(self, answer: str) -> None:
        self._terminal.type(f"{answer}\n")

    def end(self) -> None:
        """Interrupt it if it is still there, and take the rest of what it printed."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(peers.SECONDS)
        self.printed += self._terminal.read_all()
        self.printed = _INTERRUPTED.sub("", self.printed)


class Game:
    """The programs of one folder; what they leave is in `scratch`."""

    def __init__(self, programs: Path, scratch: Path) -> None:
        self._programs = programs
        self._scratch = scratch

    def mp4(self, who: str) -> Printed:
        if who == "client":
            with peers.taking_messages(self._port()):
                return Printed(self._mp4_clients())
        with self._serving("server.py") as (server, address):
            if who == "server":
                peers.send_messages(address)
            clients = self._mp4_clients() if who == "pair" else []
            peers.settle(self._logs_are_whole)
        logs = {path.name: path.read_bytes().decode() for path in self._logs()}
        return Printed(clients, server.printed, logs=logs)

    def cs330(self, who: str) -> Printed:
        if who == "client":
            down = self._run("client.py")
            with peers.answering_words():
                return Printed([self._cs330_client()], down=down)
        with self._serving("server.py") as (server, address):
            if who == "server":
                peers.exchange_words(address)
            clients = [self._cs330_client()] if who == "pair" else []
            server.wait_for(_ENDED)
        return Printed(clients, server.printed)

    def perl(self, who: str) -> Printed:
        with self._serving("server.pl") as (server, _):
            client = self._run("client.pl", "hello")
        return Printed([client], server.printed)

    def _mp4_clients(self) -> list[str]:
        return [self._run("client.py", str(path), peers.PASSWORD) for path in peers.MESSAGES]

    def _cs330_client(self) -> str:
        return self._run("client.py", typed=_TYPED)

    def _run(self, name: str, *arguments: str, typed: Sequence[tuple[str, str]] = ()) -> str:
        with self._started(name, *arguments) as program:
            for cue, answer in typed:
                program.wait_for(cue)
                program.type(answer)
            assert program.process.wait(peers.SECONDS) == 0, program.printed
        return program.printed

    @contextmanager
    def _serving(self, name: str) -> Iterator[tuple[Running, tuple[str, int]]]:
        """The server, and where it listens."""
        with self._started(name) as program:
            peers.settle(lambda: bool(peers.listening()), program.process)
            yield program, peers.listening()[0]

    @contextmanager
    def _started(self, name: str, *arguments: str) -> Iterator[Running]:
        with Terminal() as terminal:
            program = Running(terminal, self._spawn(terminal.theirs, name, *arguments))
            terminal.release()
            try:
                yield program
            finally:
                program.end()

    def _port(self) -> int:
        """Where the server listens, and so its client will connect to."""
        process = self._spawn(subprocess.DEVNULL, "server.py")
        try:
            peers.settle(lambda: bool(peers.listening()), process)
            return peers.listening()[0][1]
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(peers.SECONDS)

    def _spawn(self, console: int, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        interpreter = "perl" if name.endswith(".pl") else sys.executable
        return subprocess.Popen(
            [interpreter, str(self._programs / name), *arguments],
            cwd=self._scratch,
            env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=console,
            stdout=console,
            stderr=console,  # where `input` writes its prompt
            start_new_session=True,
        )

    def _logs_are_whole(self) -> bool:
        whole = {name: len(text.encode()) for name, text in peers.expected_logs().items()}
        return {path.name: path.stat().st_size for path in self._logs()} == whole

    def _logs(self) -> list[Path]:
        return list(self._scratch.glob("serverdata/*"))


def main() -> None:
    lab, programs, scratch, who = sys.argv[1:]
    # Its address has to be found on every machine.
    socket.sethostname("localhost")
    game = Game(Path(programs), Path(scratch))
    printed: Printed = getattr(game, lab)(who)
    sys.stdout.write(json.dumps(asdict(printed)))


if __name__ == "__main__":
    main()
