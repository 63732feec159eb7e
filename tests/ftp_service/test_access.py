from __future__ import annotations

import ftplib
import hashlib
import socket
import ssl
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyftpdlib.exceptions import FilesystemError

from ftp_service import events
from ftp_service.service import FtpService, Limits
from tests.ftp_service.support import (
    CERTIFICATE,
    PASSWORD,
    USER,
    contents,
    folder,
    logged_in,
    make_root,
    retrieved,
    run,
    serving,
    write_logs,
)
from tests.tools import require_tool


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ftplib.FTP]:
    root = make_root(tmp_path_factory.mktemp("served"))
    with serving(root) as service, logged_in(service) as ftp:
        ftp.voidcmd("TYPE I")
        yield ftp


# Read-only, and no way out


@pytest.mark.parametrize(
    "command",
    [
        "STOR new.txt", "APPE server_message1.txt", "STOU", "STOU new", "DELE server_message1.txt",
        "RMD sub", "XRMD sub", "MKD new", "XMKD new", "RNFR server_message1.txt", "RNTO new.txt",
        "MFMT 20200101000000 server_message1.txt", "SITE CHMOD 777 server_message1.txt",
    ],
)  # fmt: skip
def test_nothing_can_be_changed(tmp_path: Path, command: str) -> None:
    write_logs(tmp_path / "root")
    before = contents(tmp_path / "root")
    with (
        serving(tmp_path / "root") as service,
        logged_in(service) as ftp,
        pytest.raises(ftplib.error_perm, match=r"5\d\d"),
    ):
        ftp.sendcmd(command)
    assert contents(tmp_path / "root") == before


def test_curl_can_not_upload_delete_or_rename(tmp_path: Path) -> None:
    write_logs(tmp_path / "root")
    before = contents(tmp_path / "root")
    with serving(tmp_path / "root") as service:
        curl = [require_tool("curl"), "-sS", "--user", f"{USER}:{PASSWORD}"]
        url = f"ftp://{service.host}:{service.port}/"
        for attempt in (
            ["-T", __file__, url],
            ["-T", __file__, "--append", url + "server_message1.txt"],
            ["-T", __file__, "--ftp-create-dirs", url + "new/"],
            ["-Q", "DELE server_message1.txt", url],
            ["-Q", "RNFR server_message1.txt", "-Q", "RNTO other.txt", url],
        ):
            assert run(*curl, *attempt).returncode != 0
    assert contents(tmp_path / "root") == before


@pytest.mark.parametrize("command", ["RETR", "SIZE", "MDTM", "HASH", "CWD", "MLST", "LIST", "STAT"])
@pytest.mark.parametrize(
    "path",
    [
        ".store.db", "/.store.db", "./.store.db", "//.store.db", "sub/../.store.db",
        "nowhere/../.store.db", "/../.store.db", "sub/.part", ".folder", ".folder/inner.txt",
        "sub/../.folder/./inner.txt", "...", ".../secret.txt", "../secret.txt",
        "../../../../../../etc/passwd", "/etc/passwd", "sub/../../secret.txt", "..\\secret.txt",
        "escape.txt", "escape", "escape/secret.txt", "escape/root/.store.db", "peek.txt",
        "fifo.txt", "fifo.txt/", "circle.txt", ".store.db\0", "server_message1.txt\0.db", "\0",
    ],
)  # fmt: skip
def test_what_is_out_of_sight_can_not_be_had(session: ftplib.FTP, command: str, path: str) -> None:
    with pytest.raises(ftplib.error_perm, match=r"5\d\d"):
        session.sendcmd(f"{command} {path}")


def test_a_fifo_that_takes_a_files_place_does_not_stop_the_service(root: Path) -> None:
    with pytest.raises(FilesystemError):
        folder(root).open(str(root / "fifo.txt"), "rb")


# Who gets in


def test_a_wrong_password_is_refused_three_times_then_the_line_is_cut(root: Path) -> None:
    reported: list[events.Event] = []
    with serving(root, on_event=reported.append) as service, ftplib.FTP() as ftp:
        ftp.connect(service.host, service.port, timeout=10)
        for user in (USER, "anonymous", "root"):
            with pytest.raises(ftplib.error_perm, match="530"):
                ftp.login(user, "wrong")
        with pytest.raises((EOFError, OSError)):
            ftp.login(USER, PASSWORD)
    assert [type(event) for event in reported] == [events.LoginRefused] * 3


@pytest.mark.parametrize("command", ["RETR logs.tar", "LIST", "HASH x", "SIZE x", "PASV", "STAT /"])
def test_nothing_without_login(root: Path, command: str) -> None:
    with serving(root) as service, ftplib.FTP() as ftp:
        ftp.connect(service.host, service.port, timeout=10)
        with pytest.raises(ftplib.error_perm, match="530"):
            ftp.sendcmd(command)


def test_too_many_connections_from_one_address_are_refused(root: Path) -> None:
    with (
        serving(root, limits=Limits(connections_per_address=1)) as service,
        logged_in(service),
        ftplib.FTP() as second,
        pytest.raises(ftplib.error_temp, match="421"),
    ):
        second.connect(service.host, service.port, timeout=10)


def test_too_many_connections_in_all_are_refused(root: Path) -> None:
    with (
        serving(root, limits=Limits(connections=3)) as service,
        logged_in(service),
        ftplib.FTP() as second,
        pytest.raises((ftplib.error_temp, EOFError)),
    ):
        second.connect(service.host, service.port, timeout=10)


@pytest.mark.parametrize("command", ["PORT 10,0,0,1,20,0", "EPRT |1|10.0.0.1|5000|",
                                     "PORT 127,0,0,1,0,25"])  # fmt: skip
def test_a_data_connection_to_elsewhere_is_refused(root: Path, command: str) -> None:
    with (
        serving(root) as service,
        logged_in(service) as ftp,
        pytest.raises(ftplib.error_perm, match="501"),
    ):
        ftp.sendcmd(command)


def test_active_mode_works_to_the_client_itself(root: Path) -> None:
    with serving(root) as service, logged_in(service) as ftp:
        ftp.set_pasv(False)
        assert retrieved(ftp, "server_message2.txt") == (root / "server_message2.txt").read_bytes()


def test_passive_ports_and_the_public_address(root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {"passive_ports": range(port, port + 1), "public_address": "203.0.113.7"}
    with serving(root, **settings) as service, logged_in(service) as ftp:
        assert f"(203,0,113,7,{port // 256},{port % 256})" in ftp.sendcmd("PASV")
        assert ftp.sendcmd("EPSV").endswith(f"(|||{port}|).")
        ftp.sendcmd("ABOR")
        assert ftp.nlst("sub") == ["log.txt"]


# TLS


def test_without_tls_there_is_no_login_and_no_data(root: Path) -> None:
    with serving(root, certificate=CERTIFICATE) as service:
        with ftplib.FTP() as plain:
            plain.connect(service.host, service.port, timeout=10)
            with pytest.raises(ftplib.error_perm, match="550 SSL/TLS required"):
                plain.login(USER, PASSWORD)
        with ftplib.FTP_TLS() as clear_data:
            clear_data.connect(service.host, service.port, timeout=10)
            clear_data.login(USER, PASSWORD)
            with pytest.raises(ftplib.error_perm, match="550 SSL/TLS required"):
                clear_data.nlst()


def handshake(service: FtpService, context: ssl.SSLContext) -> str | None:
    with ftplib.FTP_TLS(context=context) as ftp:
        ftp.connect(service.host, service.port, timeout=10)
        ftp.auth()
        assert isinstance(ftp.sock, ssl.SSLSocket)
        return ftp.sock.version()


def test_tls_1_2_and_newer_only(root: Path) -> None:
    def client(version: ssl.TLSVersion) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = context.maximum_version = version
        return context

    with serving(root, certificate=CERTIFICATE) as service:
        with pytest.raises(ssl.SSLError, match="ALERT_PROTOCOL_VERSION"):
            handshake(service, client(ssl.TLSVersion.TLSv1_1))
        assert handshake(service, client(ssl.TLSVersion.TLSv1_2)) == "TLSv1.2"
        assert handshake(service, client(ssl.TLSVersion.TLSv1_3)) == "TLSv1.3"


def test_commands_smuggled_in_behind_auth_do_not_run(root: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        serving(root, certificate=CERTIFICATE) as service,
        socket.create_connection((service.host, service.port), timeout=10) as control,
    ):
        control.sendall(b"AUTH TLS\r\nNOOP\r\n")
        answer = b""
        while b"234" not in answer or not answer.endswith(b"\r\n"):
            answer += control.recv(1024)
        with context.wrap_socket(control) as secure:
            secure.sendall(b"SYST\r\n")
            assert secure.recv(1024).startswith(b"215")


def test_the_self_signed_certificate_verifies_under_its_names(root: Path, tmp_path: Path) -> None:
    with serving(root, certificate=CERTIFICATE) as service:
        with ftplib.FTP_TLS() as ftp:
            ftp.connect(service.host, service.port, timeout=10)
            ftp.auth()
            assert isinstance(ftp.sock, ssl.SSLSocket)
            der = ftp.sock.getpeercert(binary_form=True) or b""
        assert hashlib.sha256(der).digest().hex(":").upper() == service.fingerprint
        trusting = ssl.create_default_context(cadata=ssl.DER_cert_to_PEM_cert(der))
        with ftplib.FTP_TLS(context=trusting) as ftp:
            ftp.connect("127.0.0.1", service.port, timeout=10)
            ftp.login(USER, PASSWORD)
