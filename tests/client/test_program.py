from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.client.support import (
    Ended,
    assert_complains,
    client,
    loses_the_receipt,
    relays,
    scripted_server,
)
from tests.programs import ROOT, environment, run_program
from tests.server.support import (
    LOOPBACK,
    Serving,
    message_id,
)
from wire import events

FILE = ROOT / "sample_messages" / "message0.txt"
PASSWORD = "a password"
SENT = "Client: Connected to server 127.0.0.1...\nClient: Message data sent to server 127.0.0.1\n"


def assert_sent(ended: Ended) -> None:
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, SENT, "")


class TestOneMessage:
    def test_in_the_lab_s_own_form(self, server: Serving) -> None:
        assert_sent(client(server.address[1], FILE, PASSWORD))
        assert FILE.read_bytes() in server.log(0)

    @pytest.mark.parametrize("mode", ["open", "classic", "secure"])
    def test_in_every_mode(self, server: Serving, mode: str) -> None:
        assert_sent(client(server.address[1], FILE, PASSWORD, "--mode", mode))
        (stored,) = server.events.of(events.MessageStored)
        assert stored.mode.name.lower() == mode
        assert FILE.read_bytes() in server.log(0)

    @pytest.mark.parametrize("text", [b"", b"\xff\xfe\r\n\0", "größe".encode()])
    def test_from_standard_input(self, server: Serving, text: bytes) -> None:
        command = [sys.executable, "-m", "client", "-", PASSWORD, "--port", str(server.address[1])]
        ended = subprocess.run(
            [*command, "--host", LOOPBACK],
            cwd=ROOT,
            env=environment(),
            input=text,
            capture_output=True,
            check=False,
        )
        assert (ended.returncode, ended.stdout.decode(), ended.stderr) == (0, SENT, b"")
        assert b"\n\n%b\n\n-----" % text in server.log(0)

    def test_quietly(self, server: Serving) -> None:
        for ended in (
            client(server.address[1], FILE, PASSWORD, "--quiet"),
            client(server.address[1], FILE, PASSWORD, QUIET="1"),
        ):
            assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")

    def test_under_an_id_of_our_own(self, server: Serving) -> None:
        given = message_id(7).hex()
        assert_sent(client(server.address[1], FILE, PASSWORD, "--message-id", given))
        assert_sent(client(server.address[1], FILE, PASSWORD, MESSAGE_ID=given.upper()))
        stored = server.events.of(events.MessageStored)
        assert {event.receipt.message_id for event in stored} == {message_id(7)}
        assert [event.repeated for event in stored] == [False, True]

    def test_again_after_a_lost_receipt(self, server: Serving) -> None:
        ids: list[bytes] = []
        lossy, sound = loses_the_receipt(server.address, ids), relays(server.address, ids)
        with scripted_server(lossy, sound) as port:
            ended = client(port, FILE, PASSWORD, "--retries", "1")
        assert ended.returncode == 0
        assert len(set(ids)) == 1
        assert len(ids) == 2
        assert [event.repeated for event in server.events.of(events.MessageStored)] == [False, True]

    def test_many_at_once(self, server: Serving) -> None:
        port = server.address[1]
        with ThreadPoolExecutor(8) as pool:
            for ended in pool.map(lambda _: client(port, FILE, PASSWORD), range(8)):
                assert_sent(ended)
        assert len(server.events.of(events.MessageStored)) == 8

    def test_needs_few_modules(self, server: Serving) -> None:
        """A client is started once a message: its start is what the user waits for."""
        address = {"WIRELAB_HOST": LOOPBACK, "WIRELAB_PORT": str(server.address[1])}
        # Without the site module, whose hooks may import anything.
        ended = run_program("-S", "-X", "importtime", "-m", "client", FILE, PASSWORD, env=address)
        assert ended.returncode == 0
        imported = {line.split("|")[-1].strip() for line in ended.stderr.splitlines()}
        assert "client.send" in imported
        unwanted = {"dataclasses", "typing", "pathlib", "re", "argparse", "asyncio"}
        assert not imported & unwanted


class TestThePassword:
    """Whatever it is, the server finds the key in front of the message: so look at that."""

    def test_by_argument_file_and_environment_is_the_same(
        self, server: Serving, tmp_path: Path
    ) -> None:
        port = server.address[1]
        (tmp_path / "password").write_text(f"{PASSWORD}\nsecond line\n")
        assert_sent(client(port, FILE, PASSWORD))
        assert_sent(client(port, FILE, "--password-file", tmp_path / "password"))
        assert_sent(client(port, FILE, PASSWORD_FILE=str(tmp_path / "password")))
        assert_sent(client(port, FILE, PASSWORD=PASSWORD))
        assert_sent(client(port, FILE, "another"))
        ciphertexts = [server.log(number).splitlines()[-1] for number in range(5)]
        assert len(set(ciphertexts[:4])) == 1
        assert ciphertexts[4] != ciphertexts[0]

    def test_may_be_in_any_script(self, server: Serving) -> None:
        assert_sent(client(server.address[1], FILE, "пароль", "--retries", "0"))

    def test_may_be_no_utf_8(self, server: Serving) -> None:
        assert_sent(client(server.address[1], FILE, "\udcff"))

    def test_is_needed_in_classic_mode_only(self, server: Serving) -> None:
        port = server.address[1]
        assert_complains(client(port, FILE), 2, "classic mode needs a password")
        assert_sent(client(port, FILE, MODE="open"))
        assert_sent(client(port, FILE, "--mode", "secure"))

    def test_in_a_file_that_can_not_be_read(self, server: Serving, tmp_path: Path) -> None:
        missing = str(tmp_path / "missing")
        ended = client(server.address[1], FILE, "--password-file", missing)
        assert_complains(ended, 2, f"can't read the password file {missing}: No such file")
