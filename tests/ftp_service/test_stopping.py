from __future__ import annotations

import ftplib
import socket
import threading
from pathlib import Path

import pytest

from ftp_service.certificate import Certificate
from ftp_service.service import FtpService, Limits
from tests.ftp_service.support import (
    CERTIFICATE,
    PASSWORD,
    USER,
    logged_in,
    serving,
)
from wire.errors import LabFailed, UsageError

BOTH = pytest.mark.parametrize("certificate", [None, CERTIFICATE], ids=["plain", "TLS"])


# Start and stop


def test_stopping_leaves_nothing_behind(root: Path) -> None:
    before = threading.active_count()
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    service = FtpService(root, user=USER, password=PASSWORD)
    service.start()
    assert service.port > 0
    service.stop()
    service.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((service.host, service.port), timeout=10)
    assert threading.active_count() == before
    assert len(list(Path("/proc/self/fd").iterdir())) == descriptors


@BOTH
def test_stopping_does_not_wait_for_a_client_that_stopped_reading(
    tmp_path: Path, certificate: Certificate | None
) -> None:
    with (tmp_path / "big.txt").open("wb") as big:
        big.truncate(64 * 1024 * 1024)
    with serving(tmp_path, certificate=certificate) as service, logged_in(service) as ftp:
        ftp.voidcmd("TYPE I")
        for command in ("RETR big.txt", "RETR logs.tar"):
            connection = ftp.transfercmd(command)
            connection.recv(1)
            if command.endswith("big.txt"):
                connection.close()
                with pytest.raises(ftplib.error_temp, match="426"):
                    ftp.voidresp()
        ftp.putcmd("QUIT")
        assert ftp.getresp().startswith("221")
        with connection:
            service.stop()
            with pytest.raises((EOFError, OSError)):
                ftp.voidresp()


def test_stopping_does_not_wait_for_a_login_that_is_being_delayed(root: Path) -> None:
    with serving(root, limits=Limits(login_delay=600)) as service, ftplib.FTP() as ftp:
        ftp.connect(service.host, service.port, timeout=10)
        ftp.sendcmd(f"USER {USER}")
        ftp.putcmd("PASS wrong")
        with ftplib.FTP() as other:  # its answer shows that PASS has been read
            other.connect(service.host, service.port, timeout=10)
        service.stop()
        with pytest.raises((EOFError, OSError)):
            ftp.getresp()


@BOTH
def test_a_transfer_that_stalls_is_given_up(
    tmp_path: Path, certificate: Certificate | None
) -> None:
    with (tmp_path / "big.txt").open("wb") as big:
        big.truncate(64 * 1024 * 1024)
    settings = {"limits": Limits(stall_seconds=0.1), "certificate": certificate}
    with serving(tmp_path, **settings) as service, logged_in(service) as ftp:
        ftp.voidcmd("TYPE I")
        with ftp.transfercmd("RETR big.txt"), pytest.raises(ftplib.error_temp, match="421"):
            ftp.voidresp()


def test_an_idle_client_is_sent_away(root: Path) -> None:
    with (
        serving(root, limits=Limits(idle_seconds=0.1)) as service,
        logged_in(service) as ftp,
        pytest.raises(ftplib.error_temp, match="421"),
    ):
        ftp.getresp()


def test_a_port_that_is_taken(root: Path) -> None:
    with serving(root) as service:
        second = FtpService(root, user=USER, password=PASSWORD, port=service.port)
        with pytest.raises(LabFailed, match="already in use") as raised:
            second.start()
    assert raised.value.hint


def test_a_host_that_is_not_this_machines(root: Path) -> None:
    with pytest.raises(LabFailed, match=r"can't listen on 192\.0\.2\.1"):
        FtpService(root, user=USER, password=PASSWORD, host="192.0.2.1").start()


@pytest.mark.parametrize(
    "settings",
    [{"user": "anonymous"}, {"user": ""}, {"password": ""}, {"public_address": "::1"},
     {"root": "nowhere"}, {"root": "server_message1.txt"}],
)  # fmt: skip
def test_settings_that_can_not_be_served(root: Path, settings: dict[str, str]) -> None:
    arguments = {"user": USER, "password": PASSWORD} | settings
    folder = root / arguments.pop("root", "")
    with pytest.raises(UsageError) as raised:
        FtpService(folder, **arguments)  # type: ignore[arg-type]
    assert raised.value.hint
