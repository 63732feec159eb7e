"""The menu as a person sees it: on a pseudo-terminal."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.programs import ROOT, environment, running_server
from tests.server.support import LOOPBACK, PATIENCE, serving
from wire import events

ON_THE_TERMINAL = "import os, sys; os.login_tty(0); os.execv(sys.argv[1], sys.argv[1:])"
UP = "\x1b[A"
LEFT = "\x1b[D"
CONTROL_C = "\x03"
CONTROL_D = "\x04"
PROMPT = "3.Quit application(to end the connection).\r\n"
AGAIN = "Enter another mode, or quit application to end the connection\r\n"
END = "You chose quit mode, the connection release...\r\nConnection End.\r\n"


class Terminal:
    """A program and the terminal that it runs on."""

    def __init__(self, process: subprocess.Popen[bytes], master: int) -> None:
        self.process = process
        self._master = master
        self._unread = ""

    def type(self, text: str) -> None:
        """Type a text once the program waits for one, and not the terminal on its behalf.

        There is no event to wait for: before that the terminal acts on the
        control characters, and Python overlooks an interrupt until the next key.
        """
        deadline = time.monotonic() + PATIENCE
        while self._is_canonical() or not self._sleeps():
            assert time.monotonic() < deadline, "the program does not wait for a line to edit"
            time.sleep(0.001)
        os.write(self._master, text.encode())

    def _is_canonical(self) -> bool:
        return bool(termios.tcgetattr(self._master)[3] & termios.ICANON)

    def _sleeps(self) -> bool:
        status = Path(f"/proc/{self.process.pid}/stat")
        return not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "S"

    def read_until(self, text: str) -> str:
        """What is shown up to a text, and that."""
        deadline = time.monotonic() + PATIENCE
        while text not in self._unread:
            assert self._read(deadline), f"{text!r} is not in {self._unread!r}"
        shown, found, self._unread = self._unread.partition(text)
        return shown + found

    def read_to_the_end(self) -> str:
        deadline = time.monotonic() + PATIENCE
        while self._read(deadline):
            pass
        self.process.wait(PATIENCE)
        return self._unread

    def _read(self, deadline: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], deadline - time.monotonic())
        assert ready, f"nothing more came after {self._unread!r}"
        with suppress(OSError):  # EIO: the program has closed its end
            data = os.read(self._master, 65536)
            self._unread += data.decode()
            return bool(data)
        return False


@contextmanager
def menu(port: int) -> Iterator[Terminal]:
    """The client program on a terminal of its own."""
    master, slave = pty.openpty()
    variables = {"WIRELAB_HOST": LOOPBACK, "WIRELAB_PORT": str(port), "TERM": "dumb"}
    try:
        with subprocess.Popen(
            [sys.executable, "-S", "-c", ON_THE_TERMINAL, sys.executable, "-m", "client"],
            cwd=ROOT,
            env=environment(variables),
            stdin=slave,
        ) as process:
            os.close(slave)
            try:
                yield Terminal(process, master)
            finally:
                process.kill()
    finally:
        os.close(master)


def test_a_session(tmp_path: Path) -> None:
    with serving(tmp_path) as server, menu(server.address[1]) as terminal:
        terminal.read_until(PROMPT)
        terminal.type("open mode\n")
        shown = terminal.read_until("Input lowercase word:")
        assert shown.count("open mode") == 2, "as typed, and as chosen"
        terminal.type("abcd\n")
        assert terminal.read_until(AGAIN).startswith("abcd\r\nWord will capitalize by the Server.")
        terminal.type("3\n")
        assert terminal.read_to_the_end().endswith(END)
        assert terminal.process.returncode == 0


def test_lines_can_be_edited_and_recalled(tmp_path: Path) -> None:
    with serving(tmp_path) as server, menu(server.address[1]) as terminal:
        terminal.read_until(PROMPT)
        terminal.type("1\n")
        terminal.read_until("Input lowercase word:")
        terminal.type(f"ac{LEFT}b\n")
        assert "after capitalized it: ABC ." in terminal.read_until(AGAIN)
        terminal.type(f"{UP}{UP}\n")
        terminal.read_until("Input lowercase word:")
        terminal.type(f"{UP}{UP}d\n")
        assert "after capitalized it: ABCD ." in terminal.read_until(AGAIN)
        terminal.type("quit\n")
        terminal.read_to_the_end()
        assert terminal.process.returncode == 0


def test_control_d_quits_in_order(tmp_path: Path) -> None:
    with serving(tmp_path) as server, menu(server.address[1]) as terminal:
        terminal.read_until(PROMPT)
        terminal.type(CONTROL_D)
        assert terminal.read_to_the_end().endswith(END)
        assert terminal.process.returncode == 0
        assert server.events.wait_for(events.ClientLeft)[0].goodbye


def test_control_c_quits_in_order(tmp_path: Path) -> None:
    with serving(tmp_path) as server, menu(server.address[1]) as terminal:
        terminal.read_until(PROMPT)
        terminal.type(CONTROL_C)
        assert terminal.read_to_the_end().endswith(f"{END}client: interrupted\r\n")
        assert terminal.process.returncode == 130
        assert server.events.wait_for(events.ClientLeft)[0].goodbye


def test_a_server_that_dies(tmp_path: Path) -> None:
    with running_server(tmp_path) as server, menu(server.port) as terminal:
        terminal.read_until(PROMPT)
        terminal.type("secure\n")
        terminal.read_until("Input secret word: ")
        server.process.kill()
        server.process.wait()
        terminal.type("the answer is no\n")
        terminal.read_until("Sending encrypted word to Server...\r\n\r\n")
        what, hint, rest = terminal.read_to_the_end().split("\r\n")
        assert what == f"client: 127.0.0.1:{server.port} closed the connection early"
        assert hint.startswith("hint: ")
        assert not rest
        assert terminal.process.returncode == 3
