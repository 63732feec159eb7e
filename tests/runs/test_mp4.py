"""The mp4 lab's run where a whole program can't be brought to: logs lost, and strangers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from client.send import Message, send_message
from runs.mp4 import Mp4Run
from runs.settings import ROOT, Settings
from wire.errors import IntegrityError
from wire.events import Event
from wire.frames import Mode

SAMPLE = ROOT / "sample_messages/message0.txt"


class Voice:
    """Says nothing, and does what the test wants at two moments."""

    def __init__(self, started: Callable[[], None], downloading: Callable[[], None]) -> None:
        self.server_started = started
        self.downloading = downloading
        self.events: list[Event] = []
        self.advanced = 0
        self.logs: list[str] = []

    def server_event(self, event: Event) -> None:
        self.events.append(event)

    @contextmanager
    def sending(self, messages: int) -> Iterator[Callable[[], None]]:
        yield self._advance
        assert self.advanced == messages

    def client_ended(self) -> None:
        pass

    def downloaded(self, name: str) -> None:
        pass

    def downloaded_all(self) -> None:
        pass

    def log_file(self, name: str, content: bytes) -> None:
        self.logs.append(name)

    def terminating(self) -> None:
        pass

    def _advance(self) -> None:
        self.advanced += 1


def make_run(
    folder: Path,
    started: Callable[[], None] = lambda: None,
    downloading: Callable[[], None] = lambda: None,
) -> tuple[Mp4Run, Voice]:
    settings = Settings(
        messages=(SAMPLE, SAMPLE),
        mode=Mode.OPEN,
        password="",
        jobs=1,
        output=folder,
        timeout=30,
        quiet=True,
    )
    voice = Voice(started, downloading)
    return Mp4Run(settings, folder, voice), voice


def test_a_log_that_is_lost_fails_the_run(tmp_path: Path) -> None:
    run, voice = make_run(
        tmp_path, downloading=(tmp_path / "serverdata/server_message1.txt").unlink
    )
    with pytest.raises(IntegrityError, match=r"server_message1\.txt was acknowledged"):
        run.run()
    assert voice.logs == ["server_message0.txt"]
    assert run.record.verdict == "failed"
    assert [message.verdict for message in run.record.messages] == ["passed", "passed"]


def test_a_stranger_may_leave_a_message_too(tmp_path: Path) -> None:
    def leave_one() -> None:
        assert run.record.server
        where = run.record.server
        send_message(Message(b"hello", Mode.OPEN), where.host, where.port, timeout=30)

    run, voice = make_run(tmp_path, started=leave_one)
    run.run()
    assert run.record.verdict == "passed"
    assert voice.logs == [f"server_message{number}.txt" for number in range(3)]
    assert [message.log for message in run.record.messages] == voice.logs[1:]
