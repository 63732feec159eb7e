"""The mp4 lab as a whole: what the driver prints, writes and keeps."""

from __future__ import annotations

import base64
import filecmp
import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from runs.settings import ROOT, load_lab
from tests.sessions.driving import Driver
from tests.sessions.transcript import match_transcript
from tests.wire.test_ciphers_classic import naive_encrypt, naive_key

TRANSCRIPT = ROOT / "labs/mp4/driver.txt"
SAMPLES = sorted((ROOT / "sample_messages").iterdir())
PASSWORD = load_lab("mp4")["password"]
SIZE = re.compile(r"Total (?:En|De)crypted Message Size: (\d+) bytes")


def classic(text: bytes, password: str = PASSWORD) -> str:
    return naive_encrypt(text, naive_key(password)).decode()


def masked(printed: str) -> str:
    """Without what varies from run to run."""
    without_ports = re.sub(r"\('127\.0\.0\.1', \d+\)", "CLIENT", printed)
    return re.sub(r"(?m)^Message Received at: .*$", "WHEN", without_ports)


def logs_in(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.glob("server_message*.txt")}


def content_of(log: bytes) -> tuple[bytes, str]:
    """A log's plaintext and ciphertext."""
    head, rest = log.split(b"-----\nDECRYPTED MESSAGE CONTENT\n-----\n\n", 1)
    plaintext, ciphertext = rest.rsplit(b"\n\n-----\nENCRYPTED MESSAGE CONTENT\n-----\n\n", 1)
    sizes = [int(size) for size in SIZE.findall(head.decode())]
    assert sizes == [len(ciphertext) - 1, len(plaintext)]
    return plaintext, ciphertext.decode().removesuffix("\n")


def test_the_whole_run_is_the_transcript(driver: Driver) -> None:
    run = driver.run("mp4")
    assert run.returncode == 0
    values = match_transcript(TRANSCRIPT, run.stdout)
    assert values["address"] == "127.0.0.1"
    assert len({values[f"port{number}"] for number in range(7)}) == 7
    for number, sample in enumerate(SAMPLES):
        text = sample.read_bytes()
        assert values[f"message{number}"] == text.decode()
        assert values[f"ciphertext{number}"] == classic(text)
    (folder,) = driver.folders()
    assert run.stderr == f"driver: the files of this run are in {folder}\n"


def test_every_run_prints_the_same(driver: Driver) -> None:
    runs = [driver.run("mp4") for _ in range(3)]
    assert len({masked(run.stdout) for run in runs}) == 1
    assert {run.returncode for run in runs} == {0}


def test_each_run_has_its_own_folder_and_leaves_earlier_ones_alone(driver: Driver) -> None:
    driver.run("mp4", "--quiet")
    (first,) = driver.folders()
    before = {file: file.read_bytes() for file in first.rglob("*") if file.is_file()}
    driver.run("mp4", "cs330", "mp4", "--quiet")
    assert [folder.name.split("-")[2] for folder in driver.folders()] == ["mp4", "mp4", "cs330"]
    assert {file: file.read_bytes() for file in first.rglob("*") if file.is_file()} == before


def test_the_fetched_logs_are_the_servers(driver: Driver) -> None:
    driver.run("mp4")
    (folder,) = driver.folders()
    server, fetched = folder / "serverdata", folder / "ftpreceived"
    names = sorted(logs_in(server))
    assert names == [f"server_message{number}.txt" for number in range(7)]
    assert sorted(file.name for file in fetched.iterdir()) == names
    assert filecmp.cmpfiles(server, fetched, names, shallow=False) == (names, [], [])


def test_open_mode_hides_nothing(driver: Driver) -> None:
    assert driver.run("mp4", "--mode", "open").returncode == 0
    for log in logs_in(driver.folders()[0] / "ftpreceived").values():
        plaintext, ciphertext = content_of(log)
        assert base64.b64decode(ciphertext) == plaintext


def test_secure_mode_is_aes_under_the_labs_key(driver: Driver) -> None:
    assert driver.run("mp4", "--mode", "secure").returncode == 0
    for log in logs_in(driver.folders()[0] / "ftpreceived").values():
        plaintext, ciphertext = content_of(log)
        missing = -len(plaintext) % 16
        padded = plaintext + bytes([missing] * missing)
        aes = Cipher(algorithms.AES128(b"This is a key123"), modes.CBC(b"This is an IV456"))
        encryptor = aes.encryptor()
        assert base64.b64decode(ciphertext) == encryptor.update(padded) + encryptor.finalize()


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_four_clients_at_once_print_in_order(driver: Driver, unbuffered: str) -> None:
    env = {"PYTHONUNBUFFERED": unbuffered}
    run = driver.run("mp4", "--jobs", "4", "--messages", *SAMPLES, *SAMPLES, env=env)
    assert run.returncode == 0
    conversation = run.stdout.partition("MP4 Driver: Proceeding")[0]
    steps = ["Server: Client connected", "Client: Connected", "Server: Message", "Client: Message"]
    seen = dict.fromkeys(steps, 0)
    for line in filter(None, conversation.splitlines()[1:]):
        (step,) = (step for step in steps if line.startswith(step))
        seen[step] += 1
        counts = list(seen.values())
        assert counts == sorted(counts, reverse=True), f"too early: {line}"
        assert counts[0] - counts[3] <= 4
    assert set(seen.values()) == {14}
    for port in re.findall(r"connected to from \(.*, (\d+)\)", conversation):
        client = rf"\('127\.0\.0\.1', {port}\)"
        lines = rf"connected to from {client}\n(?s:.*)^Server: Message Received from {client}\n"
        assert re.search(lines, conversation, re.MULTILINE)
    plaintexts = [
        content_of(log)[0] for log in logs_in(driver.folders()[0] / "ftpreceived").values()
    ]
    assert sorted(plaintexts) == sorted(2 * [sample.read_bytes() for sample in SAMPLES])


def test_messages_from_files_and_folders(driver: Driver, tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    (texts / "a folder").mkdir(parents=True)
    (texts / "other").mkdir()
    inside = ["2.txt", "10.txt", "a b.txt", "ä ünïcode 文.txt"]
    for name in inside:
        (texts / "a folder" / name).write_text(name)
    for name in ("a folder/.hidden", "-dash.txt", "other/2.txt"):
        (texts / name).write_text(name)
    (texts / "a folder" / "deeper").mkdir()
    odd = tmp_path / "cwd" / "-dash.txt"
    odd.write_text("dash")
    run = driver.run(
        "mp4",
        *("--messages", texts / "a folder", "./-dash.txt", texts / "other/2.txt"),
        *(texts / "other/2.txt", "--mode", "open"),
    )
    odd.unlink()
    assert run.returncode == 0, run.stderr
    expected = [*inside, "dash", "other/2.txt", "other/2.txt"]
    logs = logs_in(driver.folders()[0] / "ftpreceived")
    found = [content_of(logs[f"server_message{n}.txt"])[0].decode() for n in range(len(logs))]
    assert found == expected
    assert [Path(each["file"]).name for each in driver.record()["labs"][0]["messages"]] == [
        *inside,
        "-dash.txt",
        "2.txt",
        "2.txt",
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe not UTF-8 \x80\n",
        b"line\r\nline\r\n",
        b"\x1b[2J\x1b]0;title\x07 \xc2\x9b31m \xe2\x80\xae",
        b"-----\nENCRYPTED MESSAGE CONTENT\n-----\n\nnot really\n",
        b"a\ttab, {braces:int} and [bold]markup[/bold]\n\n\n",
    ],
    ids=["empty", "no UTF-8", "CRLF", "terminal commands", "headings", "markup"],
)
def test_a_message_is_kept_as_it_is_and_shown_escaped(
    driver: Driver, tmp_path: Path, content: bytes
) -> None:
    message = tmp_path / "message"
    message.write_bytes(content)
    run = driver.run("mp4", "--messages", message)
    assert run.returncode == 0
    log = logs_in(driver.folders()[0] / "ftpreceived")["server_message0.txt"]
    assert content_of(log) == (content, classic(content))
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", run.stdout)
    shown = run.stdout.partition("DECRYPTED MESSAGE CONTENT\n-----\n\n")[2]
    escaped = content.decode(errors="backslashreplace")
    for character in "\r\x07\x1b\x9b":
        escaped = escaped.replace(character, f"\\x{ord(character):02x}")
    assert shown.startswith(escaped.replace("\u202e", "\\u202e"))


def test_quiet_prints_nothing(driver: Driver) -> None:
    run = driver.run("mp4", "cs330", "--quiet")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert len(logs_in(driver.folders()[0] / "ftpreceived")) == 7
