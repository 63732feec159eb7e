"""A server whose disk is full: a file system of its own, mounted where nobody else sees it."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.programs import LISTENING, ROOT, RunningServer, environment, run_program
from tests.server.support import RawClient, echo, store
from tests.tools import require_tool
from wire.errors import ErrorCode
from wire.frames import FrameType

SIZE = 512 * 1024
TEXT = b"x" * 20_000


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    """A server that runs in a mount namespace; its `logs` are seen through /proc."""
    require_tool("mount")
    apart = [require_tool("unshare"), "--mount"]
    if os.geteuid() != 0:
        apart.append("--map-root-user")
    mount = f"mount -t tmpfs -o size={SIZE} tmpfs {tmp_path}"
    if subprocess.run([*apart, "sh", "-c", mount], capture_output=True, check=False).returncode:
        if os.environ.get("WIRELAB_REQUIRE_TOOLS") == "1":
            pytest.fail("no file system may be mounted here")
        pytest.skip("no file system may be mounted here")
    serve = f"exec {sys.executable} -m server --port 0 --logs {tmp_path}"
    with subprocess.Popen(
        [*apart, "sh", "-c", f"{mount} && {serve}"],
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
            logs = Path(f"/proc/{process.pid}/root{tmp_path}")
            yield RunningServer(process, match[1], int(match[2]), logs)
        finally:
            process.terminate()


def fill(file: Path) -> None:
    """Write a file until the disk is full."""
    with file.open("wb", buffering=0) as filler:
        try:
            while filler.write(b"x" * 4096):
                pass
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise


def connect(server: RunningServer) -> RawClient:
    client = RawClient((server.host, server.port))
    assert client.receive().type is FrameType.HELLO
    return client


def logs(server: RunningServer) -> list[str]:
    return sorted(path.name for path in server.logs.glob("*server_message*"))


def test_is_a_clear_error_and_passes(server: RunningServer, tmp_path: Path) -> None:
    filler = server.logs / "filler"
    with connect(server) as client, connect(server) as other:
        client.send(store(1, TEXT))
        assert client.receive_receipt()[1].number == 0
        fill(filler)

        client.send(*(store(number, TEXT) for number in range(2, 12)))
        for _ in range(10):
            request_id, code, reason = client.receive_error()
            assert 2 <= request_id < 12
            assert code is ErrorCode.UNAVAILABLE
            assert reason.startswith("the message was not kept: ")
            assert "full" in reason or "No space left on device" in reason
        assert logs(server) == ["server_message0.txt"]

        other.send(echo(1))
        assert other.receive().body == b"HELLO"

        filler.unlink()
        client.send(store(2, TEXT))
        request_id, receipt = client.receive_receipt()
        assert (request_id, receipt.number) == (2, 1)
        assert TEXT in server.log(1)
        assert logs(server) == ["server_message0.txt", "server_message1.txt"]


def test_fills_up_by_itself_and_keeps_what_it_acknowledged(server: RunningServer) -> None:
    acknowledged = []
    with connect(server) as client:
        for number in range(1, 100):
            client.send(store(number, b"%05d" % number * 2000))
            answer = client.receive()
            if answer.type is FrameType.ERROR:
                break
            acknowledged.append(number)
        assert len(acknowledged) > 3
        assert answer.type is FrameType.ERROR
    for place, number in enumerate(acknowledged):
        assert b"\n%b\n" % (b"%05d" % number * 2000) in server.log(place)
    assert len(logs(server)) == len(acknowledged)


def test_is_said_by_the_client(server: RunningServer, tmp_path: Path) -> None:
    fill(server.logs / "filler")
    address = {"WIRELAB_HOST": server.host, "WIRELAB_PORT": str(server.port)}
    ended = run_program("-m", "client", "sample_messages/message1.txt", "a password", env=address)
    assert ended.returncode == 4
    what, hint = ended.stderr.splitlines()
    assert what.startswith("client: the server refused: the message was not kept: ")
    assert hint.startswith("hint: see the server's own output")
    assert server.process.stderr is not None
    assert "the message was not kept" in server.process.stderr.readline()
