"""The cs330 lab as a whole."""

from __future__ import annotations

import re
from pathlib import Path

from runs.settings import ROOT
from tests.sessions.driving import Driver
from tests.sessions.transcript import match_transcript

LAB = ROOT / "labs/cs330"
PARTS = re.compile(
    r"-----\nCLIENT SIDE\n-----\n\n(.*)\n-----\nSERVER SIDE\n-----\n\n(.*)\n", re.DOTALL
)


def test_both_parts_are_the_transcripts(driver: Driver, tmp_path: Path) -> None:
    run = driver.run("cs330")
    assert run.returncode == 0
    parts = PARTS.fullmatch(run.stdout)
    assert parts
    client = tmp_path / "client.txt"
    sessions = [(LAB / name).read_text() for name in ("client.txt", "client-server-down.txt")]
    client.write_text("\n".join(sessions))
    assert match_transcript(client, parts[1]) == {}
    assert match_transcript(LAB / "server.txt", parts[2])["address"] == "127.0.0.1"


def test_it_keeps_nothing_but_the_servers_folder(driver: Driver) -> None:
    run = driver.run("cs330")
    (folder,) = driver.folders()
    assert [file.name for file in folder.iterdir()] == ["serverdata"]
    assert run.stderr == f"driver: the files of this run are in {folder}\n"


def test_both_labs_one_after_the_other(driver: Driver) -> None:
    run = driver.run()
    assert run.returncode == 0
    mp4, cs330 = run.stdout.split("MP4 Driver: Application Terminating...Server exiting...\n")
    assert mp4.startswith("MP4 Driver: Server Thread Started...\n")
    assert PARTS.fullmatch(cs330)
