"""Where a client will look for its server, as its source tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from grading.lab import load_lab
from grading.ports import guess_port, needs_port
from tests.programs import ROOT


@pytest.mark.parametrize(
    ("source", "port"),
    [
        ("PORT = 7890", 7890),
        ("sock.connect(('localhost', 50007))", 50007),
        ("data = sock.recv(4096)\nport = 6543", 6543),
        ("x = 1024; y = 65535; z = 99999; w = 80; v = 12345.5; n = a12345", 0),
        ("", 0),
    ],
)
def test_the_first_number_that_can_be_one(tmp_path: Path, source: str, port: int) -> None:
    (tmp_path / "client.py").write_text(source)
    assert guess_port(tmp_path) == port


def test_the_clients_source_comes_first_and_folders_are_looked_into(tmp_path: Path) -> None:
    (tmp_path / "a_server.py").write_text("port = 2222")
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "client.py").write_text("port = 3333")
    assert guess_port(tmp_path) == 3333


def test_only_a_lab_that_leaves_the_port_open_needs_it() -> None:
    mp4, cs330 = (load_lab(ROOT / "labs" / name) for name in ("mp4", "cs330"))
    found = {scenario.name: needs_port(mp4, scenario) for scenario in mp4.scenario}
    assert found == {"client": True, "server": False, "pieces": False}
    assert not any(needs_port(cs330, scenario) for scenario in cs330.scenario)
