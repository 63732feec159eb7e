"""What can be wrong: each fault is one line, a hint and an exit code, and leaves nothing behind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.programs import ROOT, run_program
from tests.sessions.complaints import assert_complaint
from tests.sessions.driving import Driver
from tests.sessions.test_mp4 import content_of, logs_in
from tests.tools import require_tool

SAMPLES = sorted((ROOT / "sample_messages").iterdir())
OVER_THE_CAP = 64 * 1024 * 1024 + 1
WITHOUT_PRIVILEGE = "-dac_override,-dac_read_search"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "mp5"], ["mp5", "mp4 and cs330"]),
        (["run", "--jobs", "0"], ["--jobs", "0 is no whole number"]),
        (["run", "--jobs", "many"], ["--jobs", "many"]),
        (["run", "--timeout", "-1"], ["--timeout"]),
        (["run", "--timeout", "nan"], ["--timeout", "nan"]),
        (["run", "--mode", "rot13"], ["--mode", "rot13", "classic"]),
        (["run", "--messages"], ["--messages"]),
        (["run", "--ask-password", "--password-file", "x"], ["--ask-password", "--password-file"]),
        (["run", "--mess=x"], ["--mess=x"]),
        (["run", "--password=x"], ["--password=x"]),
        (["rum"], ["rum", "run"]),
        ([], ["COMMAND"]),
    ],
    ids=" ".join,
)
def test_a_wrong_command_line(arguments: list[str], words: list[str]) -> None:
    assert_complaint(run_program("driver.py", *arguments), 2, "driver.py", *words)


@pytest.mark.parametrize(
    ("program", "arguments", "exit_code"),
    [
        ("client", ["missing.txt", "password"], 2),
        ("client", [str(SAMPLES[0])], 2),
        ("client", [str(SAMPLES[0]), "password", "--port", "1"], 3),
        ("client", ["--password-file", "/missing", str(SAMPLES[0])], 2),
        ("server", ["--port", "0", "--logs", "/dev/null/logs"], 1),
        ("ftp_service", ["--port", "0", "--root", "/missing"], 2),
        ("ftp_service", ["--port", "0", "--host", "0.0.0.0"], 2),
    ],
)
def test_the_other_programs_complain_alike(
    program: str, arguments: list[str], exit_code: int
) -> None:
    assert_complaint(run_program("-m", program, *arguments), exit_code, program)


def test_a_message_that_is_not_there(driver: Driver, tmp_path: Path) -> None:
    missing = tmp_path / "missing.txt"
    run = driver.run("--messages", SAMPLES[0], missing)
    assert_complaint(run, 2, "driver", f"{missing}: No such file or directory")
    assert not driver.output.exists()


def test_a_message_that_is_no_file(driver: Driver, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert_complaint(driver.run("--messages", pipe), 2, "driver", f"{pipe}: it is no file")


def test_a_folder_without_messages(driver: Driver, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "inner").mkdir(parents=True)
    (folder / ".hidden").touch()
    assert_complaint(driver.run("--messages", folder), 2, "driver", f"no message files in {folder}")


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_message_that_may_not_be_read(driver: Driver, tmp_path: Path, what: str) -> None:
    path = tmp_path / "closed"
    path.mkdir() if what == "folder" else path.touch()
    path.chmod(0)
    command = driver.command("mp4", "--messages", path)
    if os.geteuid() == 0:
        drop = [f"--bounding-set={WITHOUT_PRIVILEGE}", f"--inh-caps={WITHOUT_PRIVILEGE}"]
        command = [require_tool("setpriv"), *drop, *command]
    run = driver.run_command(command)
    assert_complaint(run, 2, "driver", f"{path}: Permission denied")


@pytest.mark.parametrize(
    "content",
    [None, b"", b"\n", b"nul\0\n", b"\xff\n"],
    ids=["missing", "empty", "no line", "NUL", "bytes"],
)
def test_a_password_file_that_has_none(
    driver: Driver, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "password"
    if content is not None:
        file.write_bytes(content)
    run = driver.run("mp4", "--password-file", file)
    assert_complaint(run, 2, "driver", str(file))
    assert not driver.output.exists()


def test_a_password_that_nobody_can_be_asked_for(driver: Driver) -> None:
    assert_complaint(driver.run("--ask-password"), 2, "driver", "no terminal")


@pytest.mark.parametrize("where", ["missing/run.json", "file/run.json", "folder"])
def test_json_where_it_can_not_be_is_told_before_the_lab(
    driver: Driver, tmp_path: Path, where: str
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    run = driver.run("--json", tmp_path / where)
    assert_complaint(run, 2, "driver", f"can't write {tmp_path / where}: ")
    assert (run.stdout, driver.output.exists()) == ("", False)
    assert sorted(tmp_path.rglob("*json*")) == []


def test_an_output_folder_under_a_file(driver: Driver, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for output in (tmp_path / "file", tmp_path / "file" / "output"):
        run = driver.run("cs330", "--output", output)
        assert_complaint(run, 1, "driver", f"in {output}: ")
        assert driver.record()["verdict"] == "failed"


def test_one_message_over_the_cap_costs_no_other(driver: Driver, tmp_path: Path) -> None:
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(OVER_THE_CAP)
    run = driver.run("mp4", "--mode", "open", "--messages", SAMPLES[0], large, SAMPLES[2])
    (folder,) = driver.folders()
    client, client_hint, note, *complaint = run.stderr.splitlines(keepends=True)
    assert (client[:8], client_hint[:6]) == ("client: ", "hint: ")
    assert note == f"driver: the files of this run are in {folder}\n"
    run.stderr = "".join(complaint)
    assert_complaint(run, 1, "driver", f"1 of 3 messages were not delivered: {large} (wrong usage)")
    logs = logs_in(folder / "ftpreceived")
    delivered = [content_of(log)[0] for log in logs.values()]
    assert sorted(delivered) == sorted(SAMPLES[n].read_bytes() for n in (0, 2))
    assert run.stdout.endswith("MP4 Driver: Application Terminating...Server exiting...\n")
    assert [message["verdict"] for message in driver.record()["labs"][0]["messages"]] == [
        "passed",
        "wrong usage",
        "passed",
    ]


def test_clients_that_time_out(driver: Driver) -> None:
    run = driver.run("mp4", "--timeout", "0.000001")
    complaint, hint = run.stderr.splitlines(keepends=True)[-2:]
    assert run.stderr.count("within 1e-06 s") == len(SAMPLES)
    run.stderr = complaint + hint
    assert_complaint(run, 1, "driver", "7 of 7 messages", "(timed out)", "and 4 more")
    (lab,) = driver.record()["labs"]
    assert (lab["verdict"], lab["messages"][0]["exit_code"]) == ("failed", 5)


def test_a_cs330_client_that_times_out(driver: Driver) -> None:
    run = driver.run("cs330", "--timeout", "0.000001")
    complaint, hint = run.stderr.splitlines(keepends=True)[-2:]
    run.stderr = complaint + hint
    assert_complaint(run, 1, "driver", "'scripted'", "(timed out): client: ")
    assert driver.record()["verdict"] == "failed"


@pytest.mark.parametrize("size", ["8k", "40k", "100k"])
def test_a_full_disk(driver: Driver, tmp_path: Path, size: str) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = f"mount -t tmpfs -o size={size} tmpfs '{disk}'"
    unshare = [require_tool("unshare"), "--mount", *([] if os.geteuid() == 0 else ["-r"])]
    if driver.run_command([*unshare, "sh", "-c", mount]).returncode:
        skip_or_fail("this system lets nobody mount a disk")
    command = driver.command("mp4", "--output", disk)
    run = driver.run_command([*unshare, "sh", "-c", f'{mount} && exec "$@"', "sh", *command])
    assert "Traceback" not in run.stderr
    run.stderr = "".join(run.stderr.splitlines(keepends=True)[-2:])
    assert_complaint(run, 1, "driver")
    assert driver.record()["verdict"] == "failed"


def skip_or_fail(reason: str) -> None:
    if os.environ.get("WIRELAB_REQUIRE_TOOLS") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.mark.parametrize("messages", ["text.txt", "."])
def test_a_record_in_a_messages_place(tmp_path: Path, messages: str) -> None:
    text = tmp_path / "texts" / "text.txt"
    text.parent.mkdir()
    text.write_text("precious")
    arguments = ("--messages", text.parent / messages, "--json", text)
    run = run_program("driver.py", "run", "mp4", "--output", tmp_path / "out", *arguments)
    assert_complaint(run, 2, "driver", "would be one of the messages")
    assert text.read_text() == "precious"
