"""`python -m server --dialect mp4|cs330`: the labs' own wires, and who misuses them."""

from __future__ import annotations

import re
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.programs import ROOT, RunningServer, environment, run_program, running_server
from tests.server.support import LOOPBACK, PATIENCE
from wire.ciphers import classic, secure
from wire.errors import INTERRUPTED
from wire.frames import MESSAGE_MODES, Hello, Mode
from wire.raw import encode_message, encode_word

PASSWORD = "a password"
SECRET = b"the answer is no"
CIPHERTEXT = b"utgs\x8a\t\x0c\x8b\xef\x19\xa89\xf5\x06\xc5U"
GOODBYE = b"".join(encode_word(Mode.NONE))


@pytest.fixture
def mp4(tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path / "logs", "--dialect", "mp4") as server:
        yield server


@pytest.fixture
def cs330(tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path / "logs", "--dialect", "cs330") as server:
        yield server


@contextmanager
def connected(server: RunningServer) -> Iterator[socket.socket]:
    with socket.create_connection((server.host, server.port), timeout=PATIENCE) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield connection


def send(server: RunningServer, *pieces: bytes) -> bool:
    """Send these, say that no more comes, and wait for the end: whether it was in order."""
    with connected(server) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
            connection.shutdown(socket.SHUT_WR)
            assert connection.recv(1) == b""
        except ConnectionError:
            return False
        return True


def is_cut(server: RunningServer, said: bytes) -> bool:
    """Send this and then only listen: whether the server resets the connection."""
    try:
        with connected(server) as connection:
            connection.sendall(said)
            return connection.recv(1) != b""
    except ConnectionError:
        return True


def one_by_one(data: bytes) -> list[bytes]:
    return [data[at : at + 1] for at in range(len(data))]


def text_of(log: bytes) -> bytes:
    return log.split(b"-----\n\n", 1)[1].rsplit(b"\n\n-----\nENCRYPTED", 1)[0]


def logs(server: RunningServer) -> list[str]:
    return sorted(path.name for path in server.logs.iterdir())


def refusals(stderr: str) -> list[str]:
    """Why clients were refused, without who they are."""
    return re.findall(r"^server: refused \('127\.0\.0\.1', \d+\): (.*)$", stderr, re.MULTILINE)


def read(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size and (more := connection.recv(size - len(data))):
        data += more
    return data


class TestMp4:
    def test_keeps_a_message_and_says_what_the_lab_says(self, mp4: RunningServer) -> None:
        text = (ROOT / "sample_messages" / "message1.txt").read_bytes()
        sent = encode_message(text, PASSWORD)
        assert send(mp4, sent)
        stdout, stderr = mp4.stop()
        address = re.search(r"\(.*\)", stdout)
        assert address
        assert stdout == (
            f"Server: Client connected to from {address[0]}\n"
            f"Server: Message Received from {address[0]}\n"
        )
        assert stderr == "server: interrupted\n"
        assert mp4.process.returncode == INTERRUPTED
        head, rest = mp4.log(0).split(b"\n", 1)
        assert re.fullmatch(rb"Message Received at: \w{3} \w{3} \d\d, \d{4} \d\d:\d\d:\d\d", head)
        assert rest == (
            b"\nTotal Encrypted Message Size: 2904 bytes\n"
            b"Total Decrypted Message Size: 2169 bytes\n"
            b"-----\nDECRYPTED MESSAGE CONTENT\n-----\n\n%b\n\n"
            b"-----\nENCRYPTED MESSAGE CONTENT\n-----\n\n%b\n" % (text, sent[32:])
        )

    def test_however_the_bytes_come(self, mp4: RunningServer) -> None:
        sent = encode_message(b"hello", PASSWORD)
        streams = [[sent[:cut], sent[cut:]] for cut in range(1, len(sent))]
        streams.append(one_by_one(sent))
        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(lambda pieces: send(mp4, *pieces), streams))
        assert len(logs(mp4)) == len(streams)
        assert {text_of(mp4.log(number)) for number in range(len(streams))} == {b"hello"}

    def test_numbers_many_clients_without_a_gap(self, mp4: RunningServer) -> None:
        texts = {b"message %d" % number for number in range(100)}
        with ThreadPoolExecutor(25) as pool:
            assert all(pool.map(lambda text: send(mp4, encode_message(text, PASSWORD)), texts))
        assert {text_of(mp4.log(number)) for number in range(100)} == texts
        assert len(logs(mp4)) == 100

    def test_a_large_message(self, mp4: RunningServer) -> None:
        text = bytes(range(256)) * 16384
        assert send(mp4, encode_message(text, PASSWORD))
        assert text_of(mp4.log(0)) == text

    def test_a_client_that_only_closes(self, mp4: RunningServer) -> None:
        """As the lab's own does: it neither waits nor looks back."""
        with connected(mp4) as connection:
            connection.sendall(encode_message(b"hello", PASSWORD))
        stdout, _ = mp4.stop()
        assert "Server: Message Received" in stdout
        assert text_of(mp4.log(0)) == b"hello"

    def test_goes_on_after_the_logs_that_are_there(self, tmp_path: Path) -> None:
        (tmp_path / "server_message7.txt").write_text("of another run")
        (tmp_path / ".server_message8.txt.tmp").write_text("left by a crash")
        with running_server(tmp_path, "--dialect", "mp4") as server:
            assert send(server, encode_message(b"hello", PASSWORD))
        assert logs(server) == ["server_message7.txt", "server_message8.txt"]
        assert (tmp_path / "server_message7.txt").read_text() == "of another run"

    @pytest.mark.parametrize(
        ("sent", "why"),
        [
            (b"", "the payload is too short for a key"),
            (b"x" * 31, "the payload is too short for a key"),
            (b"x" * 32, "the ciphertext is not a whole number of blocks"),
            (b"x" * 32 + b"AAAA", "the ciphertext is not a whole number of blocks"),
            (b"x" * 32 + b"\xff\x00 ?!", "the ciphertext is not base64"),
            (encode_message(b"hello", "a")[:-1], "the ciphertext is not base64"),
            (
                classic.derive_key("another") + encode_message(b"hello", "a")[32:],
                "the ciphertext does not decrypt under the key in front of it",
            ),
            (
                Hello(MESSAGE_MODES, 1).frame().encode() + b"x" * 32,
                "the peer speaks the Wirelab protocol, not the lab's own wire",
            ),
        ],
    )
    def test_refuses_what_is_no_message(self, mp4: RunningServer, sent: bytes, why: str) -> None:
        assert not send(mp4, sent)
        assert send(mp4, encode_message(b"the next", PASSWORD))
        assert logs(mp4) == ["server_message0.txt"]
        stdout, stderr = mp4.stop()
        assert refusals(stderr) == [why]
        assert stdout.count("Message Received") == 1

    def test_refuses_a_message_beyond_the_limit(self, tmp_path: Path) -> None:
        fits, beyond = encode_message(b"x" * 31, PASSWORD), encode_message(b"x" * 32, PASSWORD)
        largest = ["--largest-body", str(len(fits))]
        with running_server(tmp_path, "--dialect", "mp4", *largest) as server:
            assert not send(server, beyond)
            assert send(server, fits)
            _, stderr = server.stop()
        assert refusals(stderr) == [f"a message of more than {len(fits)} bytes"]

    @pytest.mark.parametrize("begun", [b"", b"x" * 40])
    def test_does_not_wait_for_a_silent_client_for_ever(self, tmp_path: Path, begun: bytes) -> None:
        idle = ["--dialect", "mp4", "--idle-seconds", "0.1"]
        with running_server(tmp_path, *idle) as server:
            assert is_cut(server, begun)
            _, stderr = server.stop()
        assert refusals(stderr) == ["nothing was sent for too long"]

    def test_a_log_that_can_not_be_written_costs_no_number(self, mp4: RunningServer) -> None:
        mp4.logs.rmdir()
        assert not send(mp4, encode_message(b"lost", PASSWORD))
        mp4.logs.mkdir()
        assert send(mp4, encode_message(b"hello", PASSWORD))
        assert text_of(mp4.log(0)) == b"hello"
        _, stderr = mp4.stop()
        assert refusals(stderr) == ["the message was not kept: No such file or directory"]

    def test_quietly(self, tmp_path: Path) -> None:
        with running_server(tmp_path, "--quiet", "--dialect", "mp4") as server:
            assert send(server, encode_message(b"hello", PASSWORD))
            assert not send(server, b"junk")
            stdout, stderr = server.stop()
        assert stdout == ""
        assert len(refusals(stderr)) == 1


class TestCs330:
    @pytest.mark.parametrize("cut", ["as it is sent", "joined", "byte by byte"])
    def test_says_what_the_lab_says(self, cs330: RunningServer, cut: str) -> None:
        with connected(cs330) as connection:
            for mode, payload, answer in (
                (Mode.OPEN, b"abcd", b"ABCD"),
                (Mode.SECURE, CIPHERTEXT, SECRET + CIPHERTEXT),
                (Mode.NONE, b"No data", b""),
            ):
                parts = list(encode_word(mode, payload))
                if cut != "as it is sent":
                    parts = [b"".join(parts)] if cut == "joined" else one_by_one(b"".join(parts))
                for part in parts:
                    connection.sendall(part)
                assert read(connection, len(answer)) == answer
            assert connection.recv(1) == b""
        stdout, stderr = cs330.stop()
        expected = re.escape((ROOT / "labs" / "cs330" / "server.txt").read_text())
        expected = expected.replace(re.escape("{address:text}"), r"127\.0\.0\.1")
        expected = expected.replace(re.escape("{port:int}"), r"\d+")
        assert re.fullmatch(expected, stdout), stdout
        assert stderr == "server: interrupted\n"

    def test_every_split_of_a_session(self, cs330: RunningServer) -> None:
        messages = [
            (b"abcd1", b"ABCD"),
            (CIPHERTEXT + b"2", SECRET + CIPHERTEXT),
            (GOODBYE, b""),
        ]

        def talk(cut: int) -> bytes:
            answers = b""
            with connected(cs330) as connection:
                for message, answer in messages:
                    for piece in (message[:cut], message[cut:]):
                        connection.sendall(piece)
                    answers += read(connection, len(answer))
                assert connection.recv(1) == b""
            return answers

        with ThreadPoolExecutor(9) as pool:
            answers = list(pool.map(talk, range(18)))
        assert answers == [b"ABCD" + SECRET + CIPHERTEXT] * 18

    @pytest.mark.parametrize(
        "word",
        [b"x", b"word1", b"2", b"12", "größe".encode(), b"a\xff", b"x" * 1025, b"y" * 300000],
    )
    def test_takes_words_of_any_length_and_kind(self, cs330: RunningServer, word: bytes) -> None:
        capitals = word.decode(errors="surrogateescape").upper().encode(errors="surrogateescape")
        with connected(cs330) as connection:
            for part in (word, b"1"):
                connection.sendall(part)
            assert read(connection, len(capitals)) == capitals

    @pytest.mark.parametrize("blocks", [1, 2, 65, 5000])
    def test_takes_secret_words_of_whole_blocks(self, cs330: RunningServer, blocks: int) -> None:
        word = SECRET * blocks
        _, payload = secure.seal(word, secure.KEY)
        with connected(cs330) as connection:
            for part in encode_word(Mode.SECURE, payload):
                connection.sendall(part)
            assert read(connection, 2 * len(word)) == word + payload

    def test_serves_many_at_once(self, cs330: RunningServer) -> None:
        def talk(number: int) -> bytes:
            word = b"word %s" % (b"x" * number)
            with connected(cs330) as connection:
                for _ in range(3):
                    connection.sendall(word)
                    connection.sendall(b"1")
                    assert read(connection, len(word)) == word.upper()
                connection.sendall(GOODBYE)
                return connection.recv(1)

        with connected(cs330), ThreadPoolExecutor(20) as pool:  # the first says nothing
            assert list(pool.map(talk, range(40))) == [b""] * 40

    def test_a_farewell_may_follow_at_once(self, cs330: RunningServer) -> None:
        with connected(cs330) as connection:
            connection.sendall(b"abcd1" + GOODBYE)
            assert read(connection, 5) == b"ABCD"

    @pytest.mark.parametrize("reset", [False, True])
    @pytest.mark.parametrize("said", [b"", b"abcd1"])
    def test_a_client_that_leaves_without_goodbye(
        self, cs330: RunningServer, said: bytes, reset: bool
    ) -> None:
        with connected(cs330) as connection:
            connection.sendall(said)
            if reset:
                linger = struct.pack("ii", 1, 0)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        assert send(cs330, GOODBYE)
        stdout, stderr = cs330.stop()
        assert stdout.count("The client ended its connection") == 1
        assert refusals(stderr) == []

    @pytest.mark.parametrize("said", [b"abcd", b"abcd2", b"abcd4", CIPHERTEXT + b"x2"])
    def test_refuses_what_is_left_unfinished(self, cs330: RunningServer, said: bytes) -> None:
        assert not send(cs330, said)
        assert send(cs330, GOODBYE)
        _, stderr = cs330.stop()
        (why,) = refusals(stderr)
        assert why == f"{len(said)} bytes that are no word with its option's digit"

    def test_refuses_a_word_beyond_the_limit(self, tmp_path: Path) -> None:
        with running_server(tmp_path, "--dialect", "cs330", "--largest-body", "4") as server:
            assert not send(server, b"abcde1")
            assert send(server, b"")
            _, stderr = server.stop()
        assert refusals(stderr) == ["a word of more than 4 bytes"]

    def test_does_not_wait_for_a_word_for_ever(self, tmp_path: Path) -> None:
        idle = ["--dialect", "cs330", "--idle-seconds", "0.1"]
        with running_server(tmp_path, *idle) as server:
            assert is_cut(server, b"")
            _, stderr = server.stop()
        assert refusals(stderr) == ["no word was sent for too long"]

    def test_makes_no_folder(self, cs330: RunningServer) -> None:
        assert send(cs330, GOODBYE)
        assert not cs330.logs.exists()


class TestStopping:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    @pytest.mark.parametrize("dialect", ["mp4", "cs330"])
    def test_does_not_wait_for_silent_clients(
        self, tmp_path: Path, dialect: str, number: signal.Signals
    ) -> None:
        with (
            running_server(tmp_path, "--dialect", dialect) as server,
            connected(server) as connection,
        ):
            server.process.send_signal(number)
            server.process.send_signal(number)
            assert connection.recv(1) == b""
            _, stderr = server.process.communicate(timeout=PATIENCE)
        assert stderr == "server: interrupted\n"
        assert server.process.returncode == INTERRUPTED

    def test_keeps_all_that_was_sent_before(self, mp4: RunningServer) -> None:
        mp4.process.send_signal(signal.SIGSTOP)
        texts = {b"message %d" % number for number in range(20)}
        for text in texts:
            with connected(mp4) as connection:
                connection.sendall(encode_message(text, PASSWORD))
        mp4.process.terminate()
        mp4.process.send_signal(signal.SIGCONT)
        mp4.process.communicate(timeout=PATIENCE)
        assert {text_of(mp4.log(number)) for number in range(20)} == texts

    def test_waits_for_the_rest_of_what_has_begun(self, mp4: RunningServer) -> None:
        assert mp4.process.stdout
        sent = encode_message(b"hello", PASSWORD)
        with connected(mp4) as connection:
            connection.sendall(sent[:40])
            assert "connected" in mp4.process.stdout.readline()
            mp4.process.terminate()
            connection.sendall(sent[40:])
            connection.shutdown(socket.SHUT_WR)
            assert connection.recv(1) == b""
        assert mp4.process.wait(PATIENCE) == INTERRUPTED
        assert text_of(mp4.log(0)) == b"hello"

    @pytest.mark.parametrize("dialect", ["mp4", "cs330"])
    def test_but_not_for_long(self, tmp_path: Path, dialect: str) -> None:
        with (
            running_server(tmp_path, "--dialect", dialect) as server,
            connected(server) as connection,
        ):
            assert server.process.stdout
            connection.sendall(b"half a message")
            while "onnect" not in server.process.stdout.readline():
                pass
            _, stderr = server.stop()
            with pytest.raises(ConnectionResetError):
                connection.recv(1)
        assert refusals(stderr) == ["the server is being stopped"]


class TestItsCommandLine:
    def test_by_the_environment(self, tmp_path: Path) -> None:
        env = {"WIRELAB_DIALECT": "mp4", "WIRELAB_HOST": "127.0.0.2"}
        with running_server(tmp_path, env=env) as server:
            assert server.host == "127.0.0.2"
            assert send(server, encode_message(b"hello", PASSWORD))

    def test_the_lab_s_own_wire_can_be_left_again(self, tmp_path: Path) -> None:
        env = {"WIRELAB_DIALECT": "mp4"}
        with (
            running_server(tmp_path, "--dialect", "wirelab", env=env) as server,
            connected(server) as connection,
        ):
            assert connection.recv(4) == b"WLAB"

    @pytest.mark.parametrize("dialect", ["mp4", "cs330"])
    @pytest.mark.parametrize("spelled", [["--host=127.0.0.1"], ["--lab", "mp4"]])
    def test_whatever_reads_it_the_dialect_s_lines_are_said(
        self, tmp_path: Path, dialect: str, spelled: list[str]
    ) -> None:
        with running_server(tmp_path, "--dialect", dialect, *spelled) as server:
            with connected(server):
                pass
            stdout, _ = server.stop()
        assert ("Server: Client connected" in stdout) == (dialect == "mp4")
        assert ("Connection Established in Server." in stdout) == (dialect == "cs330")

    def test_an_address_that_others_reach_is_warned_of(self, tmp_path: Path) -> None:
        with running_server(tmp_path, "--host", "0.0.0.0", "--dialect", "cs330") as server:
            assert server.process.stderr
            assert "warning: listening on 0.0.0.0" in server.process.stderr.readline()

    @pytest.mark.parametrize(
        "arguments",
        [
            ["--dialect", "mp5"],
            ["--dialect"],
            ["--dialect", "mp4", "--port", "x"],
            ["--dialect", "mp4", "--host", "--quiet"],
            ["--dialect", "mp4", "--idle-seconds", "0"],
            ["--dialect", "mp4", "--pipelined", "3"],
            ["--dialect", "cs330", "--connections", "3"],
        ],
    )
    def test_wrong_options(self, arguments: list[str]) -> None:
        ended = run_program("-m", "server", *arguments)
        assert ended.returncode == 2
        what, hint = ended.stderr.splitlines()
        assert what.startswith("python -m server: ")
        assert hint.startswith("hint: ")

    def test_a_dialect_that_the_environment_has_wrong(self) -> None:
        ended = run_program("-m", "server", env={"WIRELAB_DIALECT": "mp5"})
        assert ended.returncode == 2
        assert "mp5 is none of the dialects wirelab, mp4, cs330" in ended.stderr

    def test_the_port_is_taken(self, tmp_path: Path) -> None:
        with socket.create_server((LOOPBACK, 0)) as taken:
            port = str(taken.getsockname()[1])
            logs = tmp_path / "logs"
            ended = run_program("-m", "server", "--dialect", "mp4", "--port", port, "--logs", logs)
        assert ended.returncode == 1
        assert f"can't listen on 127.0.0.1:{port}: Address already in use" in ended.stderr
        assert not logs.exists()

    @pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
    def test_an_address_of_another_machine(self, host: str) -> None:
        ended = run_program("-m", "server", "--dialect", "cs330", "--port", "0", "--host", host)
        assert ended.returncode == 1
        assert f"can't listen on {host}:0: " in ended.stderr
        assert "hint: name an address of this machine with --host" in ended.stderr

    def test_the_folder_can_not_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        logs = tmp_path / "file" / "logs"
        ended = run_program("-m", "server", "--dialect", "mp4", "--port", "0", "--logs", logs)
        assert ended.returncode == 1
        assert f"can't keep messages in {logs}: Not a directory" in ended.stderr

    def test_needs_few_modules(self, tmp_path: Path) -> None:
        """It is started for each run that is graded."""
        # Without the site module, whose hooks may import anything.
        program = [sys.executable, "-S", "-X", "importtime", "-m", "server", "--dialect", "mp4"]
        with subprocess.Popen(
            [*program, "--port", "0", "--logs", tmp_path],
            cwd=ROOT,
            env=environment(),
            stderr=subprocess.PIPE,
            encoding="utf-8",
        ) as process:
            assert process.stderr
            imported = set()
            for line in process.stderr:
                imported.add(line.split("|")[-1].strip())
                if "listening on" in line:
                    process.terminate()
        assert "server.raw_mp4" in imported
        assert not imported & {"asyncio", "sqlite3", "argparse", "cryptography"}
