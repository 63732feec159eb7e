"""Server, client and FTP service, each started by hand, as on machines of their own."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.programs import ROOT, environment, run_program, running_server
from tests.sessions.test_mp4 import classic, content_of, logs_in
from tests.tools import require_tool

SAMPLES = sorted((ROOT / "sample_messages").iterdir())
USER, SECRET = "wirelab", "known to both"


@contextmanager
def running_ftp(logs: Path, *options: str) -> Iterator[tuple[str, list[str]]]:
    """The FTP service over a folder: its URL, and the command that fetches all logs by curl."""
    with subprocess.Popen(
        [sys.executable, "-m", "ftp_service", "--port", "0", "--root", str(logs), *options],
        cwd=ROOT,
        env=environment({"WIRELAB_PASSWORD": SECRET}),
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdout
        said = process.stdout.readline()
        match = re.fullmatch(rf"FTP service on (\S+), user {USER}\n", said)
        assert match, said
        try:
            yield f"ftp://{match[1]}", [require_tool("curl"), "-sS", "--user", f"{USER}:{SECRET}"]
        finally:
            process.terminate()
            process.communicate(timeout=30)
    assert process.returncode == 130


def send(port: int, *arguments: str | Path, mode: str = "classic") -> None:
    run = run_program(
        *("-m", "client", *arguments, "--host", "127.0.0.1", "--port", str(port), "--mode", mode),
        env={"WIRELAB_PASSWORD": SECRET},
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == (
        "Client: Connected to server 127.0.0.1...\nClient: Message data sent to server 127.0.0.1\n"
    )


def fetch(*curl: str) -> bytes:
    return subprocess.run(curl, capture_output=True, timeout=60, check=True).stdout


def test_curl_fetches_what_clients_left(tmp_path: Path) -> None:
    with running_server(tmp_path / "logs") as server:
        for sample in SAMPLES:
            send(server.port, sample)
        with running_ftp(server.logs) as (url, curl):
            listed = fetch(*curl, "--list-only", f"{url}/").decode().split()
            logs = {name: fetch(*curl, f"{url}/{name}") for name in listed if name != "logs.tar"}
            packed = fetch(*curl, f"{url}/logs.tar")
        stdout, _ = server.stop()
    assert logs == logs_in(server.logs)
    for number, sample in enumerate(SAMPLES):
        text = sample.read_bytes()
        assert content_of(logs[f"server_message{number}.txt"]) == (text, classic(text, SECRET))
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        unpacked = {each.name: archive.extractfile(each) for each in archive}
        assert {name: file and file.read() for name, file in unpacked.items()} == logs
    ports = re.findall(r"Client connected to from \('127\.0\.0\.1', (\d+)\)", stdout)
    assert stdout == "".join(
        f"Server: Client connected to from ('127.0.0.1', {port})\n"
        f"Server: Message Received from ('127.0.0.1', {port})\n"
        for port in ports
    )
    assert len(ports) == len(SAMPLES)


def test_logs_stay_when_the_server_has_gone(tmp_path: Path) -> None:
    with running_server(tmp_path / "logs") as server:
        send(server.port, SAMPLES[0], mode="open")
    with running_server(tmp_path / "logs") as again:
        send(again.port, SAMPLES[1], mode="secure")
    with running_ftp(tmp_path / "logs") as (url, curl):
        first, second = (fetch(*curl, f"{url}/server_message{n}.txt") for n in range(2))
    assert content_of(first)[0] == SAMPLES[0].read_bytes()
    assert content_of(second)[0] == SAMPLES[1].read_bytes()


def test_the_labs_own_form_of_the_client(tmp_path: Path) -> None:
    with running_server(tmp_path / "logs") as server:
        run = run_program(
            *("-m", "client", SAMPLES[0], "on the command line"),
            env={"WIRELAB_PORT": str(server.port)},
        )
        assert run.returncode == 0
        text = SAMPLES[0].read_bytes()
        assert content_of(server.log(0)) == (text, classic(text, "on the command line"))


@pytest.mark.parametrize("lab", ["mp4", "cs330"])
def test_the_menu_against_a_server_of_either_voice(tmp_path: Path, lab: str) -> None:
    with running_server(tmp_path / "logs", "--lab", lab) as server:
        run = run_program(
            *("-m", "client", "--port", str(server.port)),
            stdin="1\nword\nquit\n",
        )
        stdout, _ = server.stop()
    assert run.returncode == 0
    assert "capitalized it: WORD .\n" in run.stdout
    received = "Server: Word Received from" if lab == "mp4" else "Received word from client: word"
    assert received in stdout
