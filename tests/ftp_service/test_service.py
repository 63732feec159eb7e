from __future__ import annotations

import errno
import ftplib
import hashlib
import io
import os
import tarfile
from pathlib import Path

import pytest

from ftp_service import events, loop
from ftp_service.archive import LogArchive
from ftp_service.certificate import Certificate
from ftp_service.loop import FtpLoop
from ftp_service.service import FtpService
from ftp_service.session import Session
from tests.ftp_service.support import (
    CERTIFICATE,
    PASSWORD,
    USER,
    contents,
    folder,
    logged_in,
    retrieved,
    run,
    serving,
    visible,
    write_logs,
)
from tests.tools import require_tool
from wire.errors import LabFailed

BOTH = pytest.mark.parametrize("certificate", [None, CERTIFICATE], ids=["plain", "TLS"])


# What is served, and to whom


@BOTH
def test_curl_fetches_single_logs_and_all_of_them(
    tmp_path: Path, certificate: Certificate | None
) -> None:
    logs = write_logs(tmp_path / "root")
    with serving(tmp_path / "root", certificate=certificate) as service:
        curl = [require_tool("curl"), "--silent", "--show-error", "--user", f"{USER}:{PASSWORD}"]
        if certificate:
            pin = f"sha256//{certificate.public_key_pin}"
            curl += ["--ssl-reqd", "--insecure", "--pinnedpubkey", pin]
        url = f"ftp://{service.host}:{service.port}"
        for name in ("server_message0.txt", "server_message11.txt"):
            fetched = run(*curl, f"{url}/{name}")
            assert (fetched.stderr, fetched.stdout) == (b"", logs[name])
        fetched = run(*curl, f"{url}/logs.tar")
    assert fetched.stderr == b""
    (tmp_path / "all.tar").write_bytes(fetched.stdout)
    (tmp_path / "all").mkdir()
    unpacked = run(
        require_tool("tar"), "-xf", str(tmp_path / "all.tar"), "-C", str(tmp_path / "all")
    )
    assert unpacked.stderr == b""
    assert contents(tmp_path / "all") == logs


@BOTH
def test_lftp_mirrors_the_folder(tmp_path: Path, certificate: Certificate | None) -> None:
    logs = write_logs(tmp_path / "root")
    with serving(tmp_path / "root", certificate=certificate) as service:
        script = (
            "set ssl:verify-certificate no; set net:max-retries 1; set ftp:ssl-force "
            f"{'yes' if certificate else 'no'}; open -u '{USER},{PASSWORD}' "
            f"ftp://{service.host}:{service.port}; mirror -P4 / {tmp_path}/mirror; "
            f"get logs.tar -o {tmp_path}/all.tar"
        )
        result = run(require_tool("lftp"), "--norc", "-c", script)
    assert result.returncode == 0, result.stderr
    assert contents(tmp_path / "mirror") == logs
    with tarfile.open(tmp_path / "all.tar") as archive:
        assert {member.name for member in archive} == set(logs)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_listings_show_what_is_served_and_nothing_else(root: Path, host: str) -> None:
    with serving(root, host=host) as service, logged_in(service) as ftp:
        lines: list[str] = []
        ftp.dir(lines.append)
        assert set(ftp.nlst()) == visible(root)
        facts = dict(ftp.mlsd())
        status = ftp.sendcmd("STAT /")
    assert facts.keys() == visible(root)
    assert facts["server_message3.txt"]["size"] == str(len("Grüße 3\n".encode()) * 27)
    assert facts["sub"]["type"] == "dir"
    assert {line.split()[-1] for line in lines} >= {"sub", "server_message3.txt"}
    assert len(lines) == len(visible(root)) == len(status.splitlines()) - 2
    assert all("owner    group" in line for line in lines)


def test_a_link_that_stays_inside_is_served_as_the_file_it_leads_to(root: Path) -> None:
    (root / "alias.txt").symlink_to(root / "server_message3.txt")
    with serving(root) as service, logged_in(service) as ftp:
        lines: list[str] = []
        ftp.dir(lines.append)
        assert retrieved(ftp, "alias.txt") == (root / "server_message3.txt").read_bytes()
    assert any(line.endswith(" alias.txt") for line in lines)


def test_changing_the_folder_leaves_the_process_where_it_is(root: Path) -> None:
    before = Path.cwd()
    with serving(root) as service, logged_in(service) as ftp:
        ftp.cwd("sub")
        assert (ftp.nlst(), retrieved(ftp, "log.txt")) == (["log.txt"], b"inside")
        digest = hashlib.sha256(b"inside").hexdigest()
        assert ftp.sendcmd("HASH log.txt") == f"213 SHA-256 0-6 {digest} log.txt"
        assert Path.cwd() == before
        with pytest.raises(ftplib.error_perm, match="550"):
            ftp.cwd("log.txt")


# HASH


def test_hash_is_offered_and_gives_the_digest_of_the_whole_file(root: Path) -> None:
    with serving(root) as service, logged_in(service) as ftp:
        assert " HASH SHA-256*" in ftp.sendcmd("FEAT").splitlines()
        digest = hashlib.sha256((root / "server_message9.txt").read_bytes()).hexdigest()
        size = (root / "server_message9.txt").stat().st_size
        reply = ftp.sendcmd("HASH server_message9.txt")
        assert reply == f"213 SHA-256 0-{size} {digest} server_message9.txt"
        assert ftp.sendcmd("OPTS HASH") == ftp.sendcmd("OPTS HASH sha-256") == "200 SHA-256"
        assert ftp.sendcmd("OPTS UTF8 ON").startswith("200")
        for refused in ("OPTS HASH MD5", "HASH", "HASH nothing.txt", "HASH sub"):
            with pytest.raises(ftplib.error_perm):
                ftp.sendcmd(refused)


# The archive


def test_the_archive_holds_the_files_of_the_root_under_any_spelling(root: Path) -> None:
    files = {name for name in visible(root) if (root / name).is_file()}
    with serving(root) as service, logged_in(service) as ftp:
        for spelling in ("logs.tar", "/logs.tar", "sub/../logs.tar"):
            with tarfile.open(fileobj=io.BytesIO(retrieved(ftp, spelling))) as archive:
                assert set(archive.getnames()) == files
                for name in files:
                    member = archive.extractfile(name)
                    assert member is not None
                    assert member.read() == (root / name).read_bytes()
        for command in ("SIZE logs.tar", "MDTM logs.tar", "HASH logs.tar"):
            with pytest.raises(ftplib.error_perm, match="504"):
                ftp.sendcmd(command)


def test_the_archive_is_binary_and_starts_at_its_start(root: Path) -> None:
    with serving(root) as service, logged_in(service) as ftp:
        ftp.voidcmd("TYPE A")
        with pytest.raises(ftplib.error_perm, match="550"):
            ftp.transfercmd("RETR logs.tar")
        ftp.voidcmd("TYPE I")
        with pytest.raises(ftplib.error_perm, match="554"):
            ftp.transfercmd("RETR logs.tar", rest=512)
        assert retrieved(ftp, "logs.tar")


def test_a_file_that_grows_is_packed_at_the_size_its_header_gives(tmp_path: Path) -> None:
    big = tmp_path / "big.txt"
    big.write_bytes(b"x" * 200_000)
    archive = LogArchive(folder(tmp_path))
    chunks = [archive.more()]
    with big.open("ab") as file:
        file.write(b"y" * 50_000)
    while chunk := archive.more():
        chunks.append(chunk)
    assert max(map(len, chunks)) <= 2 * 65536
    with tarfile.open(fileobj=io.BytesIO(b"".join(chunks))) as tar:
        member = tar.extractfile("big.txt")
        assert member is not None
        assert member.read() == b"x" * 200_000


@BOTH
def test_a_file_that_shrinks_aborts_the_transfer(
    tmp_path: Path, certificate: Certificate | None
) -> None:
    reported: list[events.Event] = []
    size = 64 * 1024 * 1024
    with (tmp_path / "big.txt").open("wb") as big:
        big.truncate(size)
    with (
        serving(tmp_path, certificate=certificate, on_event=reported.append) as service,
        logged_in(service) as ftp,
    ):
        ftp.voidcmd("TYPE I")
        with ftp.transfercmd("RETR logs.tar") as connection:
            received = len(connection.recv(65536))
            os.truncate(tmp_path / "big.txt", 0)
            while data := connection.recv(65536):
                received += len(data)
        with pytest.raises(ftplib.error_temp, match="426"):
            ftp.voidresp()
    assert received < size
    assert events.TransferBroken in map(type, reported)
    assert any("shrank" in e.reason for e in reported if isinstance(e, events.SessionFailed))


# Faults


def test_events_tell_of_logins_and_transfers(root: Path) -> None:
    reported: list[events.Event] = []
    with serving(root, on_event=reported.append) as service, logged_in(service) as ftp:
        retrieved(ftp, "server_message1.txt")
        retrieved(ftp, "logs.tar")
        assert ftp.sock is not None
        client = ftp.sock.getsockname()
    assert reported == [
        events.LoggedIn(client),
        events.FileSent(client, "server_message1.txt"),
        events.FileSent(client, "logs.tar"),
    ]


def test_a_fault_in_one_session_is_reported_and_ends_that_session_only(
    root: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(session: Session, line: str) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(Session, "ftp_NOOP", fail)
    reported: list[events.Event] = []
    with serving(root, on_event=reported.append) as service, logged_in(service) as other:
        with logged_in(service) as ftp, pytest.raises((EOFError, OSError)):
            ftp.sendcmd("NOOP")
        assert other.pwd() == "/"
    assert any(isinstance(event, events.SessionFailed) for event in reported)
    assert capfd.readouterr() == ("", "")


def test_out_of_file_descriptors_the_service_accepts_again_later(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept = FtpLoop.accept
    failures = [OSError(errno.EMFILE, "Too many open files")]

    def sometimes(server: FtpLoop) -> object:
        if failures:
            raise failures.pop()
        return accept(server)

    monkeypatch.setattr(FtpLoop, "accept", sometimes)
    monkeypatch.setattr(loop, "_ACCEPT_AGAIN_SECONDS", 0.05)
    reported: list[events.Event] = []
    with serving(root, on_event=reported.append) as service, logged_in(service):
        assert isinstance(reported[0], events.AcceptFailed)


def test_a_loop_that_breaks_down_says_so(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(server: FtpLoop) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(FtpLoop, "_poll_until_stopped", fail)
    service = FtpService(root, user=USER, password=PASSWORD)
    service.start()
    with pytest.raises(LabFailed, match="broke down"):
        service.wait()
    service.request_stop()
    with pytest.raises(LabFailed, match="broke down"):
        service.stop()
