from __future__ import annotations

import tomllib
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.client.support import (
    Ended,
    Script,
    assert_complains,
    client,
    greets_then,
    hangs_up,
    no_server,
    says,
    scripted_server,
)
from tests.programs import ROOT
from tests.server.support import (
    BYE,
    Serving,
)
from wire import events

LAB = ROOT / "labs" / "cs330"


def typed(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


class TestTheMenu:
    def test_says_what_the_lab_says(self, server: Serving) -> None:
        session = tomllib.loads((LAB / "lab.toml").read_text())["run"]["session"]
        ended = client(server.address[1], stdin=typed(*session))
        assert (ended.returncode, ended.stderr) == (0, "")
        assert ended.stdout == (LAB / "client.txt").read_text()

    def test_without_a_server_says_what_the_lab_says(self) -> None:
        with no_server() as port:
            ended = client(port)
        assert ended.stdout == (LAB / "client-server-down.txt").read_text()
        assert ended.returncode == 3

    @pytest.mark.parametrize(
        "answers",
        [
            ["Open Mode", "SECURE MODE", "Quit Application"],
            ["1", "2", "3"],
            ["open", "secure", "quit"],
            ["  open   mode ", "\tsecure mode", "quit application\r"],
        ],
    )
    def test_takes_names_and_numbers(self, server: Serving, answers: list[str]) -> None:
        open_mode, secure_mode, quit_application = answers
        ended = client(
            server.address[1], stdin=typed(open_mode, "a", secure_mode, "b", quit_application)
        )
        assert "You chose open mode." in ended.stdout
        assert "You chose secure mode." in ended.stdout
        assert ended.stdout.endswith(
            "\nYou chose quit mode, the connection release...\nConnection End.\n"
        )
        assert ended.returncode == 0

    def test_asks_again_what_it_does_not_understand(self, server: Serving) -> None:
        ended = client(server.address[1], stdin=typed("4", "", "closed mode", "\x1b[A", "3"))
        asked = (
            "Please answer with a name or number: 1 open mode, 2 secure mode, 3 quit application"
        )
        assert ended.stdout.splitlines().count(asked) == 4
        assert "\x1b" not in ended.stdout
        assert ended.returncode == 0

    @pytest.mark.parametrize("stdin", ["", "open mode\n", "open mode\nabcd\n", "open mode\nab"])
    def test_quits_in_order_where_its_input_ends(self, server: Serving, stdin: str) -> None:
        ended = client(server.address[1], stdin=stdin)
        assert ended.stdout.endswith(
            "\nYou chose quit mode, the connection release...\nConnection End.\n"
        )
        assert (ended.returncode, ended.stderr) == (0, "")
        assert server.events.wait_for(events.ClientLeft)[0].goodbye

    @pytest.mark.parametrize("mode", ["open", "secure"])
    @pytest.mark.parametrize("length", [0, 1, 15, 16, 17, 5000])
    def test_takes_words_of_any_length(self, server: Serving, mode: str, length: int) -> None:
        word = ("größe доброе утро " * 500)[:length]
        ended = client(server.address[1], stdin=typed(mode, word, "3"))
        assert (ended.returncode, ended.stderr) == (0, "")
        if mode == "open":
            assert f"after capitalized it: {word.upper()} .\n" in ended.stdout
        else:
            assert f"after decrypted it: {word}\n" in ended.stdout

    def test_sends_bytes_that_are_no_utf_8(self, server: Serving) -> None:
        ended = client(server.address[1], stdin=b"1\na\xff\n3\n")
        assert "after capitalized it: A\\xff .\n" in ended.stdout
        assert server.events.of(events.WordReceived)[0].word == b"a\xff"

    def test_serves_several_at_once(self, server: Serving) -> None:
        def run(number: int) -> Ended:
            return client(
                server.address[1], stdin=typed("open", f"word {number}", "secure", "x", "3")
            )

        with ThreadPoolExecutor(6) as pool:
            for number, ended in enumerate(pool.map(run, range(6))):
                assert f"after capitalized it: WORD {number} ." in ended.stdout
                assert ended.returncode == 0

    def test_a_word_that_is_too_long_is_asked_for_again(self) -> None:
        with scripted_server(greets_then(lambda peer: peer.send(BYE))) as port:
            ended = client(port, stdin=typed("1", "x" * 2_000_000, "3"))
        assert "This word is too long: the server takes at most 1048576 bytes." in ended.stdout
        assert ended.returncode == 0

    @pytest.mark.parametrize("script", [hangs_up, says(BYE.encode())])
    def test_ends_where_the_server_does(self, script: Script) -> None:
        with scripted_server(greets_then(script)) as port:
            ended = client(port, stdin=typed("1", "abcd", "3"))
        assert_complains(ended, 3, "the ")
        assert ended.stdout.endswith("Sending word to Server...\n")
