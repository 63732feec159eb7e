"""`python -m client --dialect mp4|cs330`, against the real servers and against odd ones."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from client import options as client_options
from tests.client.support import (
    Ended,
    Script,
    assert_complains,
    client,
    hangs_up,
    no_server,
    resets,
    says,
    scripted_server,
    until_it_leaves,
)
from tests.programs import ROOT, RunningServer, run_program, running_server
from tests.server.support import PATIENCE, Peer, Serving
from wire import raw
from wire.raw import encode_message

FILE = ROOT / "sample_messages" / "message0.txt"
PASSWORD = "a password"
CONNECTED = "Client: Connected to server 127.0.0.1...\n"
SENT = f"{CONNECTED}Client: Message data sent to server 127.0.0.1\n"

LAB = ROOT / "labs" / "cs330"
SECRET = b"the answer is no"
CIPHERTEXT = b"utgs\x8a\t\x0c\x8b\xef\x19\xa89\xf5\x06\xc5U"
LEFT = "\nYou chose quit mode, the connection release...\nConnection End.\n"
ANOTHER = "\nEnter another mode, or quit application to end the connection\n"
GREETING = b"SSH-2.0-OpenSSH_9.6\r\n"


def mp4(port: int, *arguments: str | Path, **variables: str) -> Ended:
    """The client in the lab's own form, which imports no parser."""
    return client(port, FILE, PASSWORD, *arguments, DIALECT="mp4", **variables)


def cs330(port: int, *typed: str, **variables: str) -> Ended:
    stdin = "".join(f"{line}\n" for line in typed)
    return client(port, "--dialect", "cs330", stdin=stdin, **variables)


@contextmanager
def raw_server(logs: Path, dialect: str) -> Iterator[RunningServer]:
    with running_server(logs, "--dialect", dialect) as server:
        yield server


def reads(size: int) -> Script:
    """Reads so many bytes, then the connection is closed."""

    def script(peer: Peer) -> None:
        left = size
        while left:
            left -= len(peer.socket.recv(left))

    return script


def then(*scripts: Script) -> Script:
    def script(peer: Peer) -> None:
        for one in scripts:
            one(peer)

    return script


def waits_for(event: threading.Event) -> Script:
    def script(_: Peer) -> None:
        assert event.wait(PATIENCE)

    return script


def answers(*parts: bytes, asked: bytes = b"abcd1") -> Script:
    """Reads what it should be asked, then sends each part in a send of its own."""

    def script(peer: Peer) -> None:
        heard = b""
        while len(heard) < len(asked):
            heard += peer.socket.recv(1024)
        assert heard == asked
        for part in parts:
            peer.socket.sendall(part)

    return script


hears_goodbye = answers(asked=b"No data3")


class TestMp4:
    def test_sends_what_the_lab_s_client_sends(self) -> None:
        heard = bytearray()

        def listen(peer: Peer) -> None:
            while data := peer.socket.recv(65536):
                heard.extend(data)

        with scripted_server(listen) as port:
            ended = mp4(port)
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, SENT, "")
        assert bytes(heard) == encode_message(FILE.read_bytes(), PASSWORD)

    def test_to_a_server_of_its_own(self, tmp_path: Path) -> None:
        with raw_server(tmp_path, "mp4") as server:
            with ThreadPoolExecutor(4) as pool:
                for ended in pool.map(lambda _: mp4(server.port), range(8)):
                    assert (ended.returncode, ended.stdout, ended.stderr) == (0, SENT, "")
            ended = client(server.port, "--dialect", "mp4", "-", PASSWORD, stdin="größe")
            assert ended.returncode == 0
            for number in range(8):
                assert FILE.read_bytes() in server.log(number)
            assert "größe".encode() in server.log(8)

    def test_quietly(self, tmp_path: Path) -> None:
        with raw_server(tmp_path, "mp4") as server:
            ended = mp4(server.port, "--quiet")
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")

    def test_a_large_message(self, tmp_path: Path) -> None:
        (tmp_path / "large").write_bytes(bytes(range(256)) * 30000)
        with raw_server(tmp_path / "logs", "mp4") as server:
            ended = client(server.port, tmp_path / "large", PASSWORD, DIALECT="mp4")
            assert (ended.returncode, ended.stderr) == (0, "")
            assert (tmp_path / "large").read_bytes() in server.log(0)

    def test_no_server(self) -> None:
        with no_server() as port:
            ended = mp4(port)
        assert_complains(ended, 3, "no server at ")
        assert "python -m server --dialect mp4" in ended.stderr
        assert ended.stdout == ""

    @pytest.mark.parametrize(
        "script", [reads(40), then(reads(1), resets), then(reads(204), resets)]
    )
    def test_a_server_that_does_not_take_it_all(self, script: Script) -> None:
        with scripted_server(script) as port:
            ended = mp4(port)
        assert_complains(ended, 3, "cut the connection: it refuses what was sent, or has stopped")
        assert ended.stdout == CONNECTED

    def test_a_server_that_refuses_it(self, tmp_path: Path) -> None:
        with running_server(tmp_path, "--dialect", "mp4", "--largest-body", "100") as server:
            ended = mp4(server.port)
        assert_complains(ended, 3, "cut the connection: it refuses what was sent")

    def test_a_server_that_keeps_the_connection_open(self) -> None:
        over = threading.Event()
        with scripted_server(then(until_it_leaves, waits_for(over))) as port:
            ended = mp4(port, TIMEOUT="0.5")
            over.set()
        assert_complains(ended, 5, "has not closed the connection 0.5 s after the message")
        assert ended.stdout == SENT

    def test_a_server_that_does_not_read(self, tmp_path: Path) -> None:
        (tmp_path / "large").write_bytes(bytes(20_000_000))
        over = threading.Event()
        with scripted_server(waits_for(over)) as port:
            ended = client(port, tmp_path / "large", PASSWORD, DIALECT="mp4", TIMEOUT="0.5")
            over.set()
        assert_complains(ended, 5, "did not take what was sent within 0.5 s")
        assert ended.stdout == CONNECTED

    @pytest.mark.parametrize("script", [says(GREETING), then(until_it_leaves, says(GREETING))])
    def test_a_server_of_another_kind(self, script: Script) -> None:
        with scripted_server(script) as port:
            ended = mp4(port)
        assert_complains(ended, 4, f"said what it was not asked for: {GREETING!r}")
        assert ended.stdout == CONNECTED

    @pytest.mark.parametrize("size", [100, 20_000_000])
    def test_a_server_that_speaks_frames(self, tmp_path: Path, server: Serving, size: int) -> None:
        (tmp_path / "message").write_bytes(bytes(size))
        ended = client(server.address[1], tmp_path / "message", PASSWORD, DIALECT="mp4")
        assert_complains(ended, 4, "speaks the Wirelab protocol, not the lab's own wire")
        assert "--dialect" in ended.stderr

    @pytest.mark.parametrize(
        "arguments",
        [
            ["--mode", "secure"],
            ["--retries", "1"],
            ["--message-id", "00" * 16],
            ["--dialect", "cs330"],
            ["--dialect", "mp5"],
        ],
    )
    def test_wrong_usage(self, arguments: list[str]) -> None:
        with no_server() as port:
            assert mp4(port, *arguments).returncode == 2

    def test_needs_a_file_and_a_password(self) -> None:
        with no_server() as port:
            assert_complains(client(port, DIALECT="mp4"), 2, "takes a message file")
            assert_complains(client(port, FILE, DIALECT="mp4"), 2, "needs a password")

    def test_needs_few_modules(self, tmp_path: Path) -> None:
        with raw_server(tmp_path, "mp4") as server:
            env = {"WIRELAB_PORT": str(server.port), "WIRELAB_DIALECT": "mp4"}
            # Without the site module, whose hooks may import anything.
            ended = run_program("-S", "-X", "importtime", "-m", "client", FILE, PASSWORD, env=env)
        assert ended.returncode == 0
        imported = {line.split("|")[-1].strip() for line in ended.stderr.splitlines()}
        assert "client.raw_mp4" in imported
        unwanted = {"dataclasses", "typing", "pathlib", "re", "argparse", "asyncio"}
        assert not imported & unwanted


class TestCs330:
    def test_says_what_the_lab_says(self, tmp_path: Path) -> None:
        session = tomllib.loads((LAB / "lab.toml").read_text())["run"]["session"]
        with raw_server(tmp_path, "cs330") as server:
            ended = cs330(server.port, *session)
        assert (ended.returncode, ended.stderr) == (0, "")
        assert ended.stdout == (LAB / "client.txt").read_text()

    def test_says_what_the_lab_says_where_there_is_no_server(self) -> None:
        with no_server() as port:
            ended = cs330(port)
        assert ended.stdout == (LAB / "client-server-down.txt").read_text()
        assert_complains(ended, 3, "no server at ")
        assert "python -m server --dialect cs330" in ended.stderr

    @pytest.mark.parametrize("word", ["x", "word1", "2", "größe", "a b. c", "x" * 5000])
    def test_takes_open_words_of_any_kind(self, tmp_path: Path, word: str) -> None:
        with raw_server(tmp_path, "cs330") as server:
            ended = cs330(server.port, "open mode", word, "open mode", word, "3")
        assert ended.stdout.count(f"after capitalized it: {word.upper()} .\n") == 2
        assert (ended.returncode, ended.stderr) == (0, "")

    def test_serves_several_at_once(self, tmp_path: Path) -> None:
        with raw_server(tmp_path, "cs330") as server, ThreadPoolExecutor(6) as pool:
            typed = [("1", f"word {number}", "2", SECRET.decode(), "3") for number in range(6)]
            for number, ended in enumerate(pool.map(lambda t: cs330(server.port, *t), typed)):
                assert f"after capitalized it: WORD {number} ." in ended.stdout
                assert f"after encrypted it: {CIPHERTEXT!r}\n" in ended.stdout
                assert ended.returncode == 0

    @pytest.mark.parametrize(
        ("mode", "word", "says"),
        [
            ("2", "short", "a secret word has 16 bytes, or a multiple of that: this one has 5."),
            ("2", "", "can't carry an empty word."),
            ("1", "", "can't carry an empty word."),
        ],
    )
    def test_a_word_that_the_wire_can_not_carry(self, mode: str, word: str, says: str) -> None:
        with scripted_server(hears_goodbye) as port:
            ended = cs330(port, mode, word, "3")
        assert f"{says}\n{ANOTHER}3\n{LEFT}" in ended.stdout
        assert (ended.returncode, ended.stderr) == (0, "")

    @pytest.mark.parametrize("typed", [(), ("1",)])
    def test_quits_in_order_where_its_input_ends(self, typed: tuple[str, ...]) -> None:
        with scripted_server(hears_goodbye) as port:
            ended = cs330(port, *typed)
        assert ended.stdout.endswith(LEFT)
        assert ended.returncode == 0

    def test_quits_though_the_server_is_gone(self) -> None:
        with scripted_server(hangs_up) as port:
            ended = cs330(port, "3")
        assert ended.stdout.endswith(LEFT)
        assert ended.returncode == 0

    def test_does_not_wait_long_for_the_server_to_close(self) -> None:
        over = threading.Event()
        with scripted_server(waits_for(over)) as port:
            ended = cs330(port, "3", TIMEOUT="0.1")
            over.set()
        assert ended.returncode == 0


def one_by_one(data: bytes) -> list[bytes]:
    return [data[at : at + 1] for at in range(len(data))]


def open_word(script: Script, word: str = "abcd", timeout: str = "20") -> Ended:
    with scripted_server(script) as port:
        return cs330(port, "open", word, "3", TIMEOUT=timeout)


def secret_word(*parts: bytes, end: Script = until_it_leaves, timeout: str = "20") -> Ended:
    script = then(answers(*parts, asked=CIPHERTEXT + b"2"), end)
    with scripted_server(script) as port:
        return cs330(port, "secure", SECRET.decode(), "3", TIMEOUT=timeout)


class TestTheAnswerToAnOpenWord:
    @pytest.mark.parametrize("parts", [[b"ABCD"], one_by_one(b"ABCD")])
    def test_however_it_comes(self, parts: list[bytes]) -> None:
        ended = open_word(then(answers(*parts), hears_goodbye))
        assert "after capitalized it: ABCD .\n" in ended.stdout
        assert (ended.returncode, ended.stderr) == (0, "")

    @pytest.mark.parametrize("answer", ["GRÖSSE", "GRößE", "GRÖẞE", "GRÖßE"])
    def test_beyond_ascii_is_as_the_server_has_it(self, answer: str) -> None:
        script = answers(answer.encode(), asked="größe1".encode())
        ended = open_word(then(script, hears_goodbye), "größe")
        assert f"after capitalized it: {answer} .\n" in ended.stdout
        assert (ended.returncode, ended.stderr) == (0, "")

    @pytest.mark.parametrize("answer", [b"abcd", b"ABCE", b"ABCD\n", b"ABCDABCD", b"\x1b[2J"])
    @pytest.mark.parametrize("end", [until_it_leaves, hangs_up])
    def test_that_is_wrong_is_shown(self, answer: bytes, end: Script) -> None:
        ended = open_word(then(answers(answer), end))
        assert_complains(ended, 4, "the server answered ")
        assert "where b'ABCD' is right" in ended.stderr
        assert "Received the word from Server after capitalized it: " in ended.stdout
        assert "\x1b" not in ended.stdout + ended.stderr

    @pytest.mark.parametrize("script", [answers(), answers(b"AB")])
    def test_that_ends_early(self, script: Script) -> None:
        assert_complains(open_word(script), 3, "closed the connection early, after ")

    def test_that_is_a_reset(self) -> None:
        assert_complains(open_word(then(answers(), resets)), 3, "cut the connection")

    @pytest.mark.parametrize("parts", [[], [b"AB"]])
    def test_that_does_not_come(self, parts: list[bytes]) -> None:
        ended = open_word(then(answers(*parts), until_it_leaves), timeout="0.5")
        assert_complains(ended, 5, "did not answer within 0.5 s")

    def test_that_has_no_end(self) -> None:
        def flood(peer: Peer) -> None:
            with suppress(ConnectionError):
                while True:
                    peer.socket.sendall(bytes(65536))

        ended = open_word(then(answers(), flood))
        assert_complains(ended, 4, "bytes in all where b'ABCD' is right")

    def test_of_a_server_that_spoke_before(self) -> None:
        def speak(peer: Peer) -> None:
            peer.socket.sendall(GREETING)
            until_it_leaves(peer)

        ended = open_word(speak)
        assert ended.returncode == 4
        assert "SSH-2.0" in ended.stderr

    def test_of_a_server_that_speaks_frames(self, server: Serving) -> None:
        ended = cs330(server.address[1], "open", "abcd", "3")
        assert_complains(ended, 4, "speaks the Wirelab protocol, not the lab's own wire")

    def test_of_a_server_that_is_gone(self) -> None:
        with scripted_server(hangs_up) as port:
            ended = cs330(port, "open", "abcd", "3")
        assert_complains(ended, 3, "the connection")


class TestTheAnswersToASecretWord:
    @pytest.mark.parametrize(
        "parts",
        [
            [SECRET, CIPHERTEXT],
            [SECRET + CIPHERTEXT],
            [SECRET[:7], SECRET[7:] + CIPHERTEXT[:1], CIPHERTEXT[1:]],
            one_by_one(SECRET + CIPHERTEXT),
        ],
    )
    def test_however_they_come(self, parts: list[bytes]) -> None:
        ended = secret_word(*parts, end=hears_goodbye)
        assert f"after decrypted it: {SECRET.decode()}\n" in ended.stdout
        assert f"after encrypted it: {CIPHERTEXT!r}\n" in ended.stdout
        assert (ended.returncode, ended.stderr) == (0, "")

    @pytest.mark.parametrize(
        ("parts", "right"),
        [
            ([CIPHERTEXT, SECRET], SECRET),
            ([b"the answer", CIPHERTEXT], SECRET),
            ([SECRET, SECRET], CIPHERTEXT),
            ([SECRET + CIPHERTEXT + b"x"], CIPHERTEXT),
        ],
    )
    def test_that_are_wrong_are_shown(self, parts: list[bytes], right: bytes) -> None:
        ended = secret_word(*parts)
        assert_complains(ended, 4, f"where {right!r} is right")
        assert "The first receive: " in ended.stdout
        assert ("The second receive: " in ended.stdout) == (right == CIPHERTEXT)

    def test_of_which_one_does_not_come(self) -> None:
        ended = secret_word(SECRET, timeout="0.5")
        assert_complains(ended, 5, "did not answer within 0.5 s")
        assert f"after decrypted it: {SECRET.decode()}\n" in ended.stdout


class TestAFramedClient:
    @pytest.mark.parametrize("dialect", ["mp4", "cs330"])
    def test_gives_up_on_a_server_that_does_not_greet(self, tmp_path: Path, dialect: str) -> None:
        with raw_server(tmp_path, dialect) as server:
            ended = client(server.port, FILE, PASSWORD, TIMEOUT="0.5")
            assert_complains(ended, 5, "did not greet within 0.5 s")
            assert client(server.port, stdin="3\n", TIMEOUT="0.5").returncode == 5
            stdout, _ = server.stop()
        assert "Received" not in stdout


def test_the_name_of_our_own_protocol_is_the_same_everywhere() -> None:
    assert client_options.WIRELAB == raw.WIRELAB
