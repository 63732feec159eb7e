from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.programs import LISTENING, ROOT, RunningServer, environment, run_program, running_server
from tests.server.support import BYE, LOOPBACK, PATIENCE, RawClient, echo, store
from wire.errors import INTERRUPTED
from wire.frames import FrameType, Mode

PASSWORD = "a password"
ESCAPES = b"\x1b[31mred\x1b[0m \x1b]0;title\x07 \xc2\x9b2J \xff"
NEVER_IN_OUTPUT = ("Traceback", "Error:", "\x1b", "\x07", "\x9b")


def send(server: RunningServer, file: str | Path) -> None:
    """A client of the server that must succeed."""
    options = {"WIRELAB_HOST": server.host, "WIRELAB_PORT": str(server.port)}
    ended = run_program("-m", "client", file, PASSWORD, env=options)
    assert (ended.returncode, ended.stderr) == (0, "")


def connect(server: RunningServer) -> RawClient:
    client = RawClient((server.host, server.port))
    assert client.receive().type is FrameType.HELLO
    return client


def assert_complains(ended: subprocess.CompletedProcess[str], code: int, says: str) -> None:
    """One line that says what, one that names the fix, and the exit code."""
    assert ended.returncode == code
    assert ended.stdout == ""
    what, hint = ended.stderr.splitlines()
    assert re.fullmatch(f"server: {says}", what), what
    assert hint.startswith("hint: ")


@contextmanager
def server_under(limit: str, logs: Path) -> Iterator[tuple[subprocess.Popen[str], RunningServer]]:
    """A server that the shell's `ulimit` holds."""
    command = f"ulimit {limit} && exec {sys.executable} -m server --port 0 --logs {logs}"
    with subprocess.Popen(
        ["sh", "-c", command],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        try:
            assert process.stderr is not None
            match = LISTENING.search(process.stderr.readline())
            assert match
            yield process, RunningServer(process, match[1], int(match[2]), logs)
        finally:
            process.terminate()


class TestWhatItPrints:
    def test_for_mp4(self, tmp_path: Path) -> None:
        with running_server(tmp_path) as server:
            for number in range(2):
                send(server, f"sample_messages/message{number}.txt")
            stdout, stderr = server.stop()
        first, second = re.findall(r"connected to from (.*)", stdout)
        assert stdout.splitlines() == [
            f"Server: Client connected to from {first}",
            f"Server: Message Received from {first}",
            f"Server: Client connected to from {second}",
            f"Server: Message Received from {second}",
        ]
        assert re.fullmatch(r"\('127\.0\.0\.1', \d+\)", first)
        assert stderr == "server: interrupted\n"
        assert (ROOT / "sample_messages" / "message0.txt").read_bytes() in server.log(0)

    def test_for_cs330(self, tmp_path: Path) -> None:
        with running_server(tmp_path, "--lab", "cs330") as server, connect(server) as client:
            client.send(echo(1, b"abcd"), echo(2, b"the answer is no", Mode.SECURE), BYE)
            while client.receive() != BYE:
                pass
            stdout, _ = server.stop()
        expected = re.escape((ROOT / "labs" / "cs330" / "server.txt").read_text())
        expected = expected.replace(re.escape("{address:text}"), r"127\.0\.0\.1")
        expected = expected.replace(re.escape("{port:int}"), r"\d+")
        assert re.fullmatch(expected, stdout), stdout

    def test_nothing_that_could_steer_a_terminal(self, tmp_path: Path) -> None:
        with running_server(tmp_path, "--lab", "cs330") as server, connect(server) as client:
            client.send(store(1, ESCAPES), echo(2, ESCAPES), echo(3, ESCAPES, Mode.SECURE))
            while client.receive().request_id != 3:
                pass
            stdout, stderr = server.stop()
            assert ESCAPES in server.log(0)
        assert r"\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J \xff" in stdout
        for unsafe in NEVER_IN_OUTPUT:
            assert unsafe not in stdout + stderr

    @pytest.mark.parametrize("lab", ["mp4", "cs330"])
    def test_nothing_but_faults_if_it_is_to_be_quiet(self, tmp_path: Path, lab: str) -> None:
        with running_server(tmp_path, "--quiet", "--lab", lab) as server:
            send(server, "sample_messages/message0.txt")
            with connect(server) as client:
                client.send(b"junk")
                client.receive_error()
            stdout, stderr = server.stop()
        assert stdout == ""
        assert re.match(r"server: refused \(.*\): ", stderr)

    def test_what_it_refuses(self, tmp_path: Path) -> None:
        with running_server(tmp_path) as server, connect(server) as client:
            client.send(b"\x1b]0;title\x07 HTTP/1.1\r\n")
            client.receive_error()
            client.assert_ended()
            here = client.socket.getsockname()
            client.socket.close()
            _, stderr = server.stop()
        assert stderr.splitlines() == [
            f"server: refused {here}: the peer does not speak the Wirelab protocol",
            "server: interrupted",
        ]

    def test_help_ends_with_an_example(self) -> None:
        ended = run_program("-m", "server", "--help")
        assert ended.returncode == 0
        assert ended.stdout.endswith(
            "example:\n  python -m server --host 0.0.0.0 --logs serverdata\n"
        )


class TestStopping:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_by_a_signal_is_in_order(self, tmp_path: Path, number: signal.Signals) -> None:
        with running_server(tmp_path) as server, connect(server) as client:
            client.send(store(1))
            client.receive_receipt()
            server.process.send_signal(number)
            assert client.receive() == BYE
            client.assert_ended()
            _, stderr = server.process.communicate(timeout=PATIENCE)
            assert stderr == "server: interrupted\n"
            assert server.process.returncode == INTERRUPTED

    def test_may_be_asked_for_twice(self, tmp_path: Path) -> None:
        with running_server(tmp_path) as server:
            server.process.send_signal(signal.SIGINT)
            server.process.send_signal(signal.SIGINT)
            _, stderr = server.process.communicate(timeout=PATIENCE)
        assert stderr == "server: interrupted\n"
        assert server.process.returncode == INTERRUPTED

    def test_leaves_the_port_and_the_folder_to_the_next(self, tmp_path: Path) -> None:
        with running_server(tmp_path) as server:
            send(server, "sample_messages/message0.txt")
            server.stop()
        with running_server(tmp_path, "--port", str(server.port)) as again:
            assert again.port == server.port
            send(again, "sample_messages/message1.txt")
            assert again.log(1)


class TestWhoeverReadsItsOutputLeaves:
    def test_a_pipe_that_is_left_unread(self, tmp_path: Path) -> None:
        lines = 3000  # more than a pipe holds
        with running_server(tmp_path) as server, connect(server) as client:
            for first in range(1, lines, 50):
                client.send(*(echo(number, b"") for number in range(first, first + 50)))
                for _ in range(50):
                    client.receive()
            server.process.terminate()
            assert server.process.wait(PATIENCE) == 130

    def test_stdout(self, tmp_path: Path) -> None:
        with running_server(tmp_path, "--lab", "cs330") as server:
            assert server.process.stdout is not None
            assert server.process.stdout.readline() == "The server is ready to receive\n"
            server.process.stdout.close()
            for number in range(2):
                send(server, f"sample_messages/message{number}.txt")
            assert server.process.stderr is not None
            server.process.terminate()
            assert server.process.stderr.read() == "server: interrupted\n"
            assert server.process.wait(PATIENCE) == INTERRUPTED

    def test_stderr(self, tmp_path: Path) -> None:
        with running_server(tmp_path) as server:
            assert server.process.stderr is not None
            server.process.stderr.close()
            for _ in range(2):
                with connect(server) as client:
                    client.send(b"nonsense")
                    client.receive_error()
            send(server, "sample_messages/message0.txt")
            assert server.process.poll() is None


class TestWhatItIsTold:
    def test_by_the_environment(self, tmp_path: Path) -> None:
        command = [sys.executable, "-m", "server", "--logs", str(tmp_path)]
        env = environment({"WIRELAB_HOST": "127.0.0.2", "WIRELAB_PORT": "0"})
        with subprocess.Popen(
            command, cwd=ROOT, env=env, stderr=subprocess.PIPE, encoding="utf-8"
        ) as process:
            assert process.stderr is not None
            assert "listening on 127.0.0.2:" in process.stderr.readline()
            process.terminate()

    def test_an_address_that_others_reach_is_warned_of(self, tmp_path: Path) -> None:
        with running_server(tmp_path, "--host", "0.0.0.0") as server:
            assert server.process.stderr is not None
            assert server.process.stderr.readline() == (
                "server: warning: listening on 0.0.0.0:"
                " whoever reaches it can leave messages here\n"
            )

    def test_of_a_loopback_address_nothing_is_said(self, tmp_path: Path) -> None:
        with running_server(tmp_path, "--host", "::1") as server:
            assert server.process.stderr is not None
            server.process.terminate()
            assert server.process.stderr.read() == "server: interrupted\n"

    @pytest.mark.parametrize(
        "arguments",
        [
            ["--port", "65536"],
            ["--port", "http"],
            ["--pipelined", "0"],
            ["--idle-seconds", "-1"],
            ["--lab", "mp5"],
            ["--log", "x"],
            ["x"],
        ],
    )
    def test_wrong_options(self, arguments: list[str]) -> None:
        ended = run_program("-m", "server", *arguments)
        assert ended.returncode == 2
        what, hint = ended.stderr.splitlines()
        assert what.startswith("python -m server: ")
        assert hint.startswith("hint: ")

    def test_a_larger_body_than_it_can_keep(self) -> None:
        ended = run_program("-m", "server", "--largest-body", "5000000000")
        assert_complains(ended, 2, "a body of 5000000000 bytes is more than the server can keep")


class TestWhereItCanNotStart:
    def test_the_port_is_taken(self, tmp_path: Path) -> None:
        with socket.create_server((LOOPBACK, 0)) as taken:
            port = str(taken.getsockname()[1])
            ended = run_program("-m", "server", "--port", port, "--logs", tmp_path)
        assert_complains(ended, 1, f"can't listen on 127.0.0.1:{port}: Address already in use")

    def test_the_folder_can_not_be_written(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        logs = tmp_path / "file" / "logs"
        ended = run_program("-m", "server", "--port", "0", "--logs", logs)
        assert_complains(ended, 1, f"can't keep messages in {logs}: Not a directory")

    def test_another_server_has_the_folder(self, tmp_path: Path) -> None:
        with running_server(tmp_path):
            ended = run_program("-m", "server", "--port", "0", "--logs", tmp_path)
        assert_complains(ended, 1, f"can't keep messages in {tmp_path}: database is locked")


class TestOpenFiles:
    def test_it_takes_as_many_as_it_may(self, tmp_path: Path) -> None:
        with server_under("-Sn 40", tmp_path) as (_, server):
            clients = [RawClient((server.host, server.port)) for _ in range(80)]
            for client in clients:
                assert client.receive().type is FrameType.HELLO
            for client in clients:
                client.socket.close()

    def test_too_few_are_one_line_and_no_end(self, tmp_path: Path) -> None:
        with server_under("-n 40", tmp_path) as (process, server):
            clients = [RawClient((server.host, server.port)) for _ in range(80)]
            assert process.stderr is not None
            assert process.stderr.readline() == (
                "server: socket.accept() out of system resource: Too many open files\n"
            )
            for client in clients:
                client.socket.close()
            send(server, "sample_messages/message0.txt")
            process.terminate()
            assert process.stderr.read() == "server: interrupted\n"
