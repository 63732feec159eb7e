"""Client processes: how they end, and that they do."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Iterator

import pytest

from runs import clients as module
from runs.clients import Clients, EndedClient
from wire.errors import LabFailed


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A server that never greets whom it accepts."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def options_for(listener: socket.socket) -> dict[str, str]:
    host, port = listener.getsockname()
    return {"HOST": host, "PORT": str(port), "TIMEOUT": "60"}


def test_what_runs_at_the_end_is_killed_and_awaited(silent: socket.socket) -> None:
    with Clients(timeout=60, jobs=2) as clients:
        running = [clients.submit(clients.run, [], options_for(silent), typed="") for _ in range(2)]
        connections = [silent.accept()[0] for _ in running]
    assert [each.result(0) for each in running] == 2 * [EndedClient("interrupted")]
    for connection in connections:
        assert connection.recv(1) == b""
        connection.close()


def test_what_waits_for_its_turn_is_never_started(silent: socket.socket) -> None:
    with Clients(timeout=60, jobs=1) as clients:
        first, second = (
            clients.submit(clients.run, [], options_for(silent), typed="") for _ in range(2)
        )
        silent.accept()[0].close()
        assert first.result(60).verdict == "no server"
        silent.accept()[0].close()
        assert second.result(60).exit_code == 3
        waiting = [clients.submit(clients.run, [], options_for(silent)) for _ in range(5)]
        silent.accept()[0].close()
    assert all(each.cancelled() or each.result(0).verdict != "passed" for each in waiting)


def test_none_is_started_after_the_end() -> None:
    with Clients(timeout=60) as clients:
        pass
    assert clients.run(["--help"], {}) == EndedClient("interrupted")


def test_one_that_does_not_end_in_time_is_killed(
    silent: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SLACK_SECONDS", 0.0)
    with Clients(timeout=0.2) as clients:
        assert clients.run([], options_for(silent), typed="") == EndedClient("timed out")


def test_one_that_a_signal_ended(silent: socket.socket) -> None:
    with Clients(timeout=60) as clients:
        running = clients.submit(clients.run, [], options_for(silent), typed="")
        connection, _ = silent.accept()
        (process,) = clients._running
        process.send_signal(signal.SIGSEGV)
        assert running.result(60) == EndedClient("crashed")
        connection.close()


def test_one_that_can_not_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/missing")
    with Clients(timeout=60) as clients, pytest.raises(LabFailed, match="can't start a client"):
        clients.run([], {})


@pytest.mark.parametrize(
    ("arguments", "exit_code", "verdict"),
    [
        (["--help"], 0, "passed"),
        (["--nonsense"], 2, "wrong usage"),
        (["missing", "x"], 2, "wrong usage"),
    ],
)
def test_verdicts(arguments: list[str], exit_code: int, verdict: str) -> None:
    with Clients(timeout=60) as clients:
        ended = clients.run(arguments, {}, typed="")
    assert (ended.exit_code, ended.verdict) == (exit_code, verdict)
    assert bool(ended.stdout) == (exit_code == 0)
    assert bool(ended.stderr) == (exit_code != 0)


def test_the_users_own_options_do_not_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIRELAB_PORT", "9")
    monkeypatch.setenv("ANOTHER", "kept")
    environment = module._environment({"HOST": "here"})
    assert environment["WIRELAB_HOST"] == "here"
    assert environment["ANOTHER"] == "kept"
    assert "WIRELAB_PORT" not in environment
