from __future__ import annotations

import socket
import time
from errno import ECONNREFUSED

import pytest

from capture.events import Closed
from capture.recorder import Recorder, reason_of
from tests.capture.support import Events


def test_times_are_unix_times() -> None:
    before = time.time_ns()
    assert abs(Recorder(Events()).now() - before) < 1_000_000_000


def test_times_do_not_run_backwards_with_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(Events())
    before = recorder.now()
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    assert recorder.now() >= before


def test_the_first_fault_is_raised_at_the_end() -> None:
    def full(event: object) -> None:
        raise OSError(f"disk full at {event}")

    recorder = Recorder(full)
    recorder.report(Closed(1, 1))
    recorder.report(Closed(2, 1))
    with pytest.raises(OSError, match=r"Closed\(time_ns=1"):
        recorder.finish()


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ConnectionRefusedError(ECONNREFUSED, "Connect call failed"), "Connection refused"),
        (socket.gaierror(socket.EAI_NONAME, "Name not known"), "Name not known"),
        (ValueError("in words"), "in words"),
        (TimeoutError(), "TimeoutError"),
    ],
)
def test_the_reason_is_in_words(error: Exception, reason: str) -> None:
    assert reason_of(error) == reason
