"""docs/run-json.md holds: its tables and its example against what `--json` writes."""

from __future__ import annotations

import json
import re
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.programs import ROOT
from tests.sessions.driving import Driver

PAGE = (ROOT / "docs/run-json.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| ([\w ]+) \|", re.MULTILINE)
TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "null": type(None),
}


def tables() -> dict[str, dict[str, str]]:
    """Each object's fields and their types, as the page has them."""
    sections = re.split(r"^## (?:The|An?) (\w+)$", PAGE, flags=re.MULTILINE)[1:]
    return {
        name: dict(ROW.findall(text))
        for name, text in zip(sections[::2], sections[1::2], strict=True)
    }


def check(value: Any, kind: str) -> None:
    """Hold a value, and all that is in it, against a type of the page."""
    if kind.startswith("list of "):
        for each in value:
            check(each, kind.removeprefix("list of "))
    elif " or " in kind:
        if value is not None:
            check(value, kind.removesuffix(" or null"))
    elif kind in TYPES:
        assert isinstance(value, TYPES[kind])
        assert not isinstance(value, bool)
    else:
        fields = tables()[kind]
        assert list(value) == list(fields)
        for name, kind_of_field in fields.items():
            check(value[name], kind_of_field)


def test_the_page_has_a_table_of_each_object() -> None:
    assert [name for name, fields in tables().items() if fields] == [
        "run",
        "lab",
        "address",
        "message",
        "session",
    ]


def test_the_example_is_as_the_page_says() -> None:
    check(json.loads(PAGE.partition("```json\n")[2].partition("```")[0]), "run")


def test_a_passed_run_of_both_labs(driver: Driver) -> None:
    assert driver.run("--jobs", "2", "--mode", "secure", "--quiet").returncode == 0
    record = driver.record()
    check(record, "run")
    assert (record["schema"], record["verdict"], record["error"]) == (1, "passed", None)
    assert datetime.fromisoformat(record["started"]).utcoffset() is not None
    mp4, cs330 = record["labs"]
    assert record["seconds"] >= mp4["seconds"] + cs330["seconds"]
    assert (mp4["lab"], mp4["mode"], mp4["jobs"]) == ("mp4", "secure", 2)
    assert (cs330["lab"], cs330["mode"], cs330["ftp"]) == ("cs330", None, None)
    assert [lab["verdict"] for lab in record["labs"]] == ["passed", "passed"]
    assert [Path(lab["folder"]) for lab in record["labs"]] == driver.folders()
    assert [(each["name"], each["exit_code"]) for each in cs330["sessions"]] == [
        ("scripted", 0),
        ("no server", 3),
    ]


def test_each_message_is_accounted_for(driver: Driver) -> None:
    driver.run("mp4", "--quiet")
    (lab,) = driver.record()["labs"]
    samples = sorted((ROOT / "sample_messages").iterdir())
    assert [message["file"] for message in lab["messages"]] == [str(sample) for sample in samples]
    assert len({message["id"] for message in lab["messages"]}) == len(samples)
    for sample, message in zip(samples, lab["messages"], strict=True):
        text = sample.read_bytes()
        assert (message["exit_code"], message["verdict"]) == (0, "passed")
        assert (message["size"], message["digest"]) == (len(text), sha256(text).hexdigest())
        assert message["ciphertext_size"] == (len(text) // 32 * 32 + 32 + 2) // 3 * 4
        assert 0 <= message["started"] < message["stored"] < message["ended"] <= lab["seconds"]
        log = (Path(lab["folder"]) / "ftpreceived" / message["log"]).read_bytes()
        assert (message["log_size"], message["log_digest"]) == (len(log), sha256(log).hexdigest())


def test_the_sessions_are_what_was_printed(driver: Driver) -> None:
    run = driver.run("cs330")
    (lab,) = driver.record()["labs"]
    scripted, down = lab["sessions"]
    client = "\n".join([*scripted["client"], "", *down["client"]])
    assert f"-----\nCLIENT SIDE\n-----\n\n{client}\n" in run.stdout
    server = "\n".join(scripted["server"])
    assert f"-----\nSERVER SIDE\n-----\n\n{server}\n" in run.stdout


def test_a_failed_run_says_so(driver: Driver, tmp_path: Path) -> None:
    run = driver.run("--messages", tmp_path / "missing.txt")
    record = driver.record()
    check(record, "run")
    assert (record["verdict"], record["labs"]) == ("failed", [])
    assert run.stderr.startswith(f"driver: {record['error']}\n")


def test_a_pipe_and_a_device_are_written_to_and_stay(driver: Driver) -> None:
    run = driver.run("cs330", "--quiet", "--json", "/dev/stdout")
    check(json.loads(run.stdout), "run")
    assert driver.run("cs330", "--quiet", "--json", "/dev/null").returncode == 0
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("earlier", ["not JSON", "{}" * 10000])
def test_an_earlier_file_is_replaced(driver: Driver, earlier: str) -> None:
    driver.json.write_text(earlier)
    driver.run("cs330", "--quiet")
    check(driver.record(), "run")
