from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.client.support import (
    HELLO,
    Script,
    assert_complains,
    client,
    greets_then,
    hangs_up,
    no_server,
    says,
    scripted_server,
    silence,
)
from tests.programs import ROOT, environment, run_program
from tests.server.support import (
    BYE,
    LOOPBACK,
    PATIENCE,
    Peer,
    Serving,
)
from wire.errors import ErrorCode
from wire.frames import HEADER, MAGIC, VERSION, FrameType, Receipt, error_frame

FILE = ROOT / "sample_messages" / "message0.txt"
PASSWORD = "a password"
HUGE = HEADER.pack(MAGIC, VERSION, FrameType.REPLY, 0, 0, 1, 3 << 30)


class TestWhatIsAskedWrongly:
    @pytest.mark.parametrize("file", ["no-such-file", "tests"])
    def test_a_file_that_can_not_be_read(self, server: Serving, file: str) -> None:
        ended = client(server.address[1], file, PASSWORD)
        assert_complains(ended, 2, f"can't read the message file {file}: ")
        assert not server.events.seen

    def test_a_message_that_is_too_large(self, tmp_path: Path) -> None:
        (tmp_path / "large").write_bytes(b"x" * (1 << 20))
        with scripted_server(says(HELLO.encode())) as port:
            ended = client(port, tmp_path / "large", PASSWORD)
        assert_complains(ended, 2, "bytes, the server takes 1048576")

    @pytest.mark.parametrize(
        "arguments",
        [
            ["--mode", "sealed"],
            ["--port", "-1"],
            ["--timeout", "0"],
            ["--timeout", "nan"],
            ["--timeout", "1e10"],
            ["--retries", "-1"],
            ["--message-id", "abc"],
            ["--message-id", "g" * 32],
            ["--time", "1"],
            ["a", "b", "c"],
        ],
    )
    def test_options(self, arguments: list[str]) -> None:
        ended = run_program("-m", "client", *arguments)
        assert ended.returncode == 2
        what, hint = ended.stderr.splitlines()
        assert what.startswith("python -m client: ")
        assert hint.startswith("hint: ")

    @pytest.mark.parametrize("variable", ["PORT", "TIMEOUT", "RETRIES", "MESSAGE_ID", "MODE"])
    def test_variables(self, variable: str) -> None:
        ended = client(1, FILE, PASSWORD, **{variable: "x"})
        assert ended.returncode == 2
        assert "hint: " in ended.stderr
        assert "Traceback" not in ended.stderr

    def test_help_ends_with_an_example(self) -> None:
        ended = run_program("-m", "client", "--help")
        assert ended.returncode == 0
        example = "  python -m client sample_messages/message0.txt --host 192.0.2.7\n"
        assert ended.stdout.endswith(f"example:\n{example}")


def kept_something_else(peer: Peer) -> None:
    peer.send(HELLO)
    request = peer.receive()
    peer.send(Receipt(request.body[:16], 0, 0, bytes(32), "log").frame(request.request_id))


class TestFaults:
    """One line on stderr that says what happened, one that names the fix, and an exit code."""

    @pytest.mark.parametrize("arguments", [(), (FILE, PASSWORD)])
    def test_no_server(self, arguments: tuple[str | Path, ...]) -> None:
        with no_server() as port:
            ended = client(port, *arguments)
        assert_complains(ended, 3, f"no server at 127.0.0.1:{port}: Connection refused")

    def test_no_such_host(self) -> None:
        ended = client(1, FILE, PASSWORD, HOST="no-such-host.invalid")
        what, *rest = [line for line in ended.stderr.splitlines() if "warning" not in line]
        assert what.startswith("client: no server at no-such-host.invalid:1: ")
        assert len(rest) == 1
        assert ended.returncode == 3

    @pytest.mark.parametrize(
        ("script", "code", "what"),
        [
            (hangs_up, 3, "closed the connection without a greeting"),
            (greets_then(hangs_up), 3, "closed the connection early"),
            (greets_then(says(BYE.encode())), 3, "stopped before it answered"),
            (says(HUGE), 4, "a frame of 3221225472 bytes was announced; at most 65536 are taken"),
            (greets_then(says(HUGE)), 4, "a frame of 3221225472 bytes was announced"),
            (says(b"SSH-2.0-OpenSSH_9.6\r\n"), 4, "does not speak the Wirelab protocol"),
            (says(b"220 Service ready\r\n"), 4, "does not speak the Wirelab protocol"),
            (
                greets_then(
                    says(error_frame(ErrorCode.UNAVAILABLE, "disk\x1b[2J full", 1).encode())
                ),
                4,
                r"the server refused: disk\x1b[2J full",
            ),
            (says(error_frame(ErrorCode.BUSY, "too many").encode()), 4, "refused: too many"),
            (kept_something_else, 4, "the server kept something else than was sent"),
            (silence, 5, "did not greet within 0.2 s"),
            (greets_then(silence), 5, "did not answer within 0.2 s"),
        ],
    )
    def test_of_the_server(self, script: Script, code: int, what: str) -> None:
        with scripted_server(script) as port:
            ended = client(port, FILE, PASSWORD, TIMEOUT="0.2" if code == 5 else "20")
        assert_complains(ended, code, what)

    @pytest.mark.parametrize("number", [signal.SIGINT])
    def test_an_interrupt(self, number: signal.Signals) -> None:
        def interrupt(peer: Peer) -> None:
            process.send_signal(number)
            silence(peer)

        with scripted_server(greets_then(interrupt)) as port:
            command = [sys.executable, "-m", "client", str(FILE), PASSWORD]
            env = environment({"WIRELAB_HOST": LOOPBACK, "WIRELAB_PORT": str(port)})
            with subprocess.Popen(
                command,
                cwd=ROOT,
                env=env,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            ) as process:
                _, stderr = process.communicate(timeout=PATIENCE)
        assert stderr == "client: interrupted\n"
        assert process.returncode == 130

    def test_whoever_reads_its_output_has_left(self, server: Serving) -> None:
        command = [sys.executable, "-m", "client", str(FILE), PASSWORD]
        env = environment({"WIRELAB_HOST": LOOPBACK, "WIRELAB_PORT": str(server.address[1])})
        with subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            process.stdout.close()
            assert process.stderr is not None
            assert process.stderr.read() == ""
        assert process.returncode == 1


class TestAnAddressThatOthersReach:
    @pytest.mark.parametrize(
        ("arguments", "what"), [((), "cs330 hides"), ((FILE, PASSWORD), "classic mode hides")]
    )
    def test_is_warned_of(
        self, server: Serving, arguments: tuple[str | Path, ...], what: str
    ) -> None:
        ended = client(server.address[1], *arguments, HOST="0.0.0.0")
        assert ended.returncode == 0
        assert ended.stderr == (
            f"client: warning: {what} nothing from who can listen between here and 0.0.0.0\n"
        )
