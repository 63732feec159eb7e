from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from OpenSSL import SSL

from ftp_service.certificate import Certificate
from ftp_service.retrieval import RetrievedLog, retrieve_logs
from ftp_service.session import Session
from tests.ftp_service.support import (
    CERTIFICATE,
    PASSWORD,
    USER,
    LyingServer,
    contents,
    packed,
    serving,
    write_logs,
)
from wire.errors import (
    ErrorCode,
    IntegrityError,
    LabFailed,
    NoServer,
    Refused,
    TimedOut,
    UsageError,
    WirelabError,
)

OTHER = Certificate.self_signed("localhost")
LOGS = {"server_message1.txt": b"first\n", "server_message2.txt": b"second\n" * 20_000}


def fetch(port: int, destination: Path, host: str = "127.0.0.1", **options: Any) -> Any:
    password, timeout = options.pop("password", PASSWORD), options.pop("timeout", 10.0)
    return retrieve_logs(host, port, USER, password, destination, timeout=timeout, **options)


# What arrives


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
@pytest.mark.parametrize("certificate", [None, CERTIFICATE], ids=["plain", "TLS"])
def test_every_log_arrives_as_it_is(
    tmp_path: Path, host: str, certificate: Certificate | None
) -> None:
    logs = write_logs(tmp_path / "root")
    (tmp_path / "root" / ".store.db").write_text("not a log")
    (tmp_path / "root" / "sub").mkdir()
    told: list[RetrievedLog] = []
    with serving(tmp_path / "root", host=host, certificate=certificate) as service:
        retrieved = fetch(
            service.port, tmp_path / "here", host, fingerprint=service.fingerprint,
            on_log=told.append,
        )  # fmt: skip
    assert contents(tmp_path / "here") == logs
    assert told == retrieved
    numbered = [f"server_message{n}.txt" for n in range(12)]
    assert [log.name for log in retrieved] == ["naïve log.txt", *numbered]
    assert [log.size for log in retrieved] == [len(logs[log.name]) for log in retrieved]
    assert all(log.path.read_bytes() == logs[log.name] for log in retrieved)


def test_hundreds_of_logs_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    logs = write_logs(tmp_path / "root", 2)
    for number in range(2, 300):
        (tmp_path / "root" / f"server_message{number}.txt").write_text(str(number))
    with serving(tmp_path / "root") as service:
        retrieved = fetch(service.port, tmp_path / "here")
    assert len(retrieved) == len(logs) + 298
    assert [log.name for log in retrieved[1:]] == [f"server_message{n}.txt" for n in range(300)]


def test_a_folder_without_logs(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    with serving(tmp_path / "root") as service:
        assert fetch(service.port, tmp_path / "here") == []


def test_a_truthful_server_whose_passive_address_leads_elsewhere(tmp_path: Path) -> None:
    listing = "type=cdir; .\r\nType=FILE;SIZE=6; server_message1.txt\r\n"
    logs = {"server_message1.txt": b"first\n"}
    with LyingServer(logs, listing=listing) as server:
        fetch(server.port, tmp_path)
    assert contents(tmp_path) == logs


def test_a_fingerprint_may_be_written_in_any_way(tmp_path: Path) -> None:
    write_logs(tmp_path / "root", 1)
    plain = CERTIFICATE.fingerprint.replace(":", "").lower()
    with serving(tmp_path / "root", certificate=CERTIFICATE) as service:
        assert fetch(service.port, tmp_path / "here", fingerprint=plain)


def test_a_truthful_server_that_pads_its_archive(tmp_path: Path) -> None:
    logs = {"server_message1.txt": b"first\n"}
    with LyingServer(logs, archive=packed(logs) + bytes(58_000)) as server:
        fetch(server.port, tmp_path)
    assert contents(tmp_path) == logs


# What is already there stays


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    write_logs(tmp_path / "root")
    here = tmp_path / "here"
    here.mkdir()
    (here / "server_message3.txt").write_text("mine")
    with serving(tmp_path / "root") as service, pytest.raises(UsageError) as raised:
        fetch(service.port, here)
    assert contents(here) == {"server_message3.txt": b"mine"}
    assert raised.value.hint


def test_a_file_that_appears_meanwhile_is_not_overwritten_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ftp_service.retrieval._refuse_to_overwrite", lambda logs: None)
    (tmp_path / "server_message1.txt").write_text("mine")
    with LyingServer(LOGS) as server, pytest.raises(LabFailed, match="exists"):
        fetch(server.port, tmp_path)
    assert contents(tmp_path) == {"server_message1.txt": b"mine"}


def test_a_destination_that_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with LyingServer(LOGS) as server, pytest.raises(LabFailed) as raised:
        fetch(server.port, tmp_path / "file")
    assert raised.value.hint


def test_a_disk_that_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, mode: str) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with LyingServer(LOGS) as server:
        monkeypatch.setattr(Path, "open", full)
        with pytest.raises(LabFailed, match="No space left"):
            fetch(server.port, tmp_path)
    assert list(tmp_path.iterdir()) == []


# What a server may do wrong


def listing(name: str, size: object = 6) -> str:
    return f"type=file;size={size}; {name}\r\n"


BROKEN: dict[str, tuple[type[WirelabError], dict[str, Any]]] = {
    "a name that leads out": (IntegrityError, {"listing": listing("../x")}),
    "an absolute name": (IntegrityError, {"listing": listing("/tmp/x")}),
    "a Windows path": (IntegrityError, {"listing": listing("..\\x")}),
    "a hidden name": (IntegrityError, {"listing": listing(".bashrc")}),
    "a name that steers a terminal": (IntegrityError, {"listing": listing("\x1b[2Jx")}),
    "no name": (IntegrityError, {"listing": listing("")}),
    "a size that is none": (IntegrityError, {"listing": listing("x", "big")}),
    "no size": (IntegrityError, {"listing": "type=file; x\r\n"}),
    "another size listed": (IntegrityError, {"listing": listing("server_message1.txt", 7)}),
    "a listing in no encoding": (IntegrityError, {"replies": {"MLSD": "150 \udcff"}}),
    "HASH of something else": (
        IntegrityError,
        {"replies": {"HASH": f"213 SHA-256 0-6 {'0' * 64} other.txt"}},
    ),
    "HASH that is none": (IntegrityError, {"replies": {"HASH": "213 SHA-1 0-6 abc x"}}),
    "a digest that does not match": (
        IntegrityError,
        {"archive": packed({**LOGS, "server_message1.txt": b"forged"})},
    ),
    "content that is too short": (
        IntegrityError,
        {"archive": packed({**LOGS, "server_message1.txt": b""})},
    ),
    "a log too few": (IntegrityError, {"archive": packed(dict([*LOGS.items()][:1]))}),
    "a log too many": (IntegrityError, {"archive": packed({**LOGS, "extra.txt": b""})}),
    "a member that leads out": (IntegrityError, {"archive": packed({"../x": b""})}),
    "the same log twice": (IntegrityError, {"archive": packed(LOGS)[:1024] * 2 + packed(LOGS)}),
    "an archive cut in a log": (IntegrityError, {"archive": packed(LOGS)[:2000]}),
    "an archive cut between logs": (IntegrityError, {"archive": packed(LOGS)[:1024]}),
    "no archive": (IntegrityError, {"archive": b""}),
    "noise for an archive": (IntegrityError, {"archive": b"\xff" * 20_000}),
    "an archive without end": (IntegrityError, {"archive": packed(LOGS) + bytes(10**6)}),
    "a transfer that broke off": (IntegrityError, {"after_archive": "426 broken off"}),
    "no end of the transfer": (TimedOut, {"after_archive": ""}),
    "the line cut after the data": (NoServer, {"after_archive": None}),
    "silence at PASS": (TimedOut, {"replies": {"PASS": ""}}),
    "the line cut at MLSD": (NoServer, {"replies": {"MLSD": None}}),
    "silence at HASH": (TimedOut, {"replies": {"HASH": ""}}),
    "no HASH": (Refused, {"replies": {"HASH": "500 what?"}}),
    "no archive offered": (Refused, {"replies": {"RETR": "550 no such file"}}),
    "a login refused": (Refused, {"replies": {"PASS": "530 no"}}),
    "too many clients": (Refused, {"greeting": "421 too many"}),
    "no FTP": (NoServer, {"greeting": "hello there"}),
    "a passive port that is none": (NoServer, {"replies": {"PASV": "227 somewhere"}}),
}  # fmt: skip


@pytest.mark.parametrize(("error", "lies"), BROKEN.values(), ids=BROKEN.keys())
def test_a_fault_is_told_for_what_it_is_and_leaves_nothing(
    tmp_path: Path, error: type[WirelabError], lies: dict[str, Any]
) -> None:
    told: list[RetrievedLog] = []
    with LyingServer(LOGS, **lies) as server, pytest.raises(error) as raised:
        fetch(server.port, tmp_path, timeout=0.2 if error is TimedOut else 10, on_log=told.append)
    assert type(raised.value) is error
    assert raised.value.hint
    assert list(tmp_path.iterdir()) == []
    assert told == []


def test_being_turned_away_for_now_is_worth_another_try(tmp_path: Path) -> None:
    with LyingServer(LOGS, greeting="421 too many") as server, pytest.raises(Refused) as raised:
        fetch(server.port, tmp_path)
    assert (raised.value.code, raised.value.retryable) == (ErrorCode.BUSY, True)


def test_no_server_at_all(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(NoServer, match="refused"):
        fetch(port, tmp_path)


def test_a_wrong_password(tmp_path: Path) -> None:
    with serving(tmp_path) as service, pytest.raises(Refused, match="530") as raised:
        fetch(service.port, tmp_path / "here", password="wrong")
    assert "password" in raised.value.hint


# TLS


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All lines that the service takes from its clients."""
    lines: list[str] = []
    process: Callable[..., None] = Session.pre_process_command

    def record(session: Session, line: str, cmd: str, arg: str) -> None:
        lines.append(line)
        process(session, line, cmd, arg)

    monkeypatch.setattr(Session, "pre_process_command", record)
    return lines


def test_another_certificate_gets_neither_user_nor_password(
    tmp_path: Path, asked: list[str]
) -> None:
    with (
        serving(tmp_path, certificate=CERTIFICATE) as service,
        pytest.raises(IntegrityError) as raised,
    ):
        fetch(service.port, tmp_path / "here", fingerprint=OTHER.fingerprint)
    assert CERTIFICATE.fingerprint in str(raised.value)
    assert OTHER.fingerprint in str(raised.value)
    assert asked == ["AUTH TLS"]


def test_another_certificate_on_the_data_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def swap(session: Any, username: str) -> None:
        session.ssl_context = OTHER.context

    monkeypatch.setattr(Session, "on_login", swap)
    with (
        serving(tmp_path, certificate=CERTIFICATE) as service,
        pytest.raises(IntegrityError, match=OTHER.fingerprint),
    ):
        fetch(service.port, tmp_path / "here", fingerprint=CERTIFICATE.fingerprint)


def test_a_server_without_tls_gets_neither_user_nor_password(
    tmp_path: Path, asked: list[str]
) -> None:
    with serving(tmp_path) as service, pytest.raises(Refused):
        fetch(service.port, tmp_path / "here", fingerprint=CERTIFICATE.fingerprint)
    assert asked == ["AUTH TLS"]


def test_a_server_that_demands_tls(tmp_path: Path) -> None:
    with (
        serving(tmp_path, certificate=CERTIFICATE) as service,
        pytest.raises(Refused, match="550") as raised,
    ):
        fetch(service.port, tmp_path / "here")
    assert "fingerprint" in raised.value.hint


def test_a_server_whose_tls_is_too_old(tmp_path: Path) -> None:
    old = Certificate.self_signed()
    old.context.set_min_proto_version(SSL.TLS1_1_VERSION)
    old.context.set_max_proto_version(SSL.TLS1_1_VERSION)
    with (
        serving(tmp_path, certificate=old) as service,
        pytest.raises(IntegrityError, match="no secure connection") as raised,
    ):
        fetch(service.port, tmp_path / "here", fingerprint=old.fingerprint)
    assert "TLS 1.2" in raised.value.hint


@pytest.mark.parametrize("fingerprint", ["", "12:34", "no hex", CERTIFICATE.fingerprint + ":00"])
def test_a_fingerprint_that_is_none(tmp_path: Path, fingerprint: str) -> None:
    with pytest.raises(UsageError, match="no SHA-256 fingerprint"):
        fetch(1, tmp_path, fingerprint=fingerprint)


def test_a_tls_farewell_that_fails_is_not_a_transfer_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(socket: Any) -> None:
        raise OSError("no farewell")

    monkeypatch.setattr("ssl.SSLSocket.unwrap", fail)
    logs = write_logs(tmp_path / "root", 3)
    with serving(tmp_path / "root", certificate=CERTIFICATE) as service:
        fetch(service.port, tmp_path / "here", fingerprint=service.fingerprint)
    assert contents(tmp_path / "here") == logs
