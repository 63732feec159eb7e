"""What the operating system is asked for, in which order, and what happens when it fails."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from server.message_store import DATABASE_NAME
from tests.programs import LISTENING, ROOT, environment, running_server
from tests.server.support import RawClient, store
from tests.tools import require_tool
from wire.errors import ErrorCode
from wire.frames import FrameType

WAL = f"{DATABASE_NAME}-wal"


@pytest.fixture
def strace(tmp_path: Path) -> str:
    path = require_tool("strace")
    if subprocess.run([path, "-o", os.devnull, "true"], check=False).returncode:
        if os.environ.get("WIRELAB_REQUIRE_TOOLS") == "1":
            pytest.fail("strace may trace nothing here")
        pytest.skip("strace may trace nothing here")
    return path


@contextmanager
def traced_server(logs: Path, *command: str) -> Iterator[RawClient]:
    """A client of a server that runs under a command."""
    with subprocess.Popen(
        [*command, sys.executable, "-m", "server", "--port", "0", "--logs", str(logs)],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        process_group=0,
    ) as process:
        try:
            assert process.stderr is not None
            match = LISTENING.search(process.stderr.readline())
            assert match
            with RawClient((match[1], int(match[2]))) as client:
                assert client.receive().type is FrameType.HELLO
                yield client
        finally:
            os.killpg(process.pid, 15)


def test_the_receipt_is_sent_after_all_else(strace: str, tmp_path: Path) -> None:
    logs, trace = tmp_path / "logs", tmp_path / "trace"
    calls = "trace=write,writev,fsync,fdatasync,rename,renameat,renameat2,sendto,sendmsg"
    with traced_server(
        logs, strace, "-f", "-y", "-s", "64", "-o", str(trace), "-e", calls
    ) as client:
        client.send(store(1))
        client.receive_receipt()

    lines = trace.read_text().splitlines()
    log = re.escape(f"{logs}/server_message0.txt")
    temporary = re.escape(f"{logs}/.server_message0.txt.tmp")

    def first(pattern: str, start: int = 0) -> int:
        for number in range(start, len(lines)):
            if re.search(pattern, lines[number]):
                return number
        pytest.fail(f"no {pattern} in {lines[start:]}")

    written = first(rf"writev?\(\d+<{temporary}>")
    synced = first(rf"f(data)?sync\(\d+<[^>]*{re.escape(WAL)}>", written)
    named = first(rf'rename.*"{temporary}".*"{log}"', synced)
    sent = first(r'send(to|msg)\(.*"WLAB\\1\\4', 0)
    assert written < synced < named < sent


def test_a_sync_that_fails_gives_no_receipt_and_passes(strace: str, tmp_path: Path) -> None:
    with running_server(tmp_path):
        pass  # The tables are there: the next sync is a message's.
    command = [strace, "-f", "-o", os.devnull, "-P", str(tmp_path / WAL)]
    command += ["-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO:when=1..2"]
    with traced_server(tmp_path, *command) as client:
        answers: list[FrameType] = []
        while not answers or answers[-1] is FrameType.ERROR:
            client.send(store(1))
            answer = client.receive()
            answers.append(answer.type)
            if answer.type is FrameType.ERROR:
                assert int.from_bytes(answer.body[:2], "big") == ErrorCode.UNAVAILABLE
                assert not (tmp_path / "server_message0.txt").exists()
        assert FrameType.ERROR in answers
        assert (tmp_path / "server_message0.txt").exists()
    assert len(list(tmp_path.glob("server_message*"))) == 1
