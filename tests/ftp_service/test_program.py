from __future__ import annotations

import datetime
import os
import re
import shlex
import signal
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ftp_service.__main__ import main
from ftp_service.certificate import Certificate
from ftp_service.retrieval import retrieve_logs
from tests.ftp_service.support import contents, write_logs
from tests.tools import require_tool
from wire.errors import INTERRUPTED

PROJECT = Path(__file__).parents[2]


@contextmanager
def program(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("WIRELAB_")}
    with subprocess.Popen(
        [sys.executable, "-m", "ftp_service", "--port", "0", *arguments],
        cwd=PROJECT,
        env=inherited | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def welcome(process: subprocess.Popen[str]) -> str:
    """All that it prints until it serves; the example comes last."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("all logs: "):
            return "".join(lines)
    raise AssertionError(process.stderr and process.stderr.read())


def end(process: subprocess.Popen[str], number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=30)
    assert stdout == ""
    return process.returncode, stderr


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.MULTILINE)
    assert match, text
    return match[1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("options", [[], ["--tls"]], ids=["plain", "TLS"])
def test_the_example_that_it_prints_works(
    tmp_path: Path, options: list[str], number: signal.Signals
) -> None:
    logs = write_logs(tmp_path / "root")
    require_tool("curl")
    with program("--root", str(tmp_path / "root"), *options) as process:
        example = found("^all logs: (.*)$", welcome(process))
        subprocess.run([*shlex.split(example), "-sS"], cwd=tmp_path, check=True, timeout=30)
        assert end(process, number) == (INTERRUPTED, "")
    with tarfile.open(tmp_path / "logs.tar") as archive:
        assert set(archive.getnames()) == set(logs)


def test_the_password_of_the_environment_is_not_printed(tmp_path: Path) -> None:
    logs = write_logs(tmp_path / "root")
    arguments = ("--root", str(tmp_path / "root"), "--tls", "--user", "ada", "--host", "::1")
    with program(*arguments, WIRELAB_PASSWORD="hunter2") as process:
        printed = welcome(process)
        port = int(found(r"^FTP service on \[::1\]:(\d+), user ada$", printed))
        fingerprint = found(r"^TLS fingerprint \(SHA-256\): (\S+)$", printed)
        retrieve_logs(
            "::1", port, "ada", "hunter2", tmp_path / "here", timeout=10, fingerprint=fingerprint
        )
        assert end(process) == (INTERRUPTED, "")
    assert contents(tmp_path / "here") == logs
    assert "hunter2" not in printed


def pem_files(folder: Path) -> tuple[str, str, ec.EllipticCurvePrivateKey]:
    """A certificate and its key, as a user would have them."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "lab")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    (folder / "cert.pem").write_bytes(pem * 2)  # a chain of two, if an odd one
    write_key(folder / "key.pem", key, serialization.NoEncryption())
    return str(folder / "cert.pem"), str(folder / "key.pem"), key


def write_key(
    path: Path,
    key: ec.EllipticCurvePrivateKey,
    encryption: serialization.KeySerializationEncryption,
) -> None:
    form = serialization.PrivateFormat.PKCS8
    path.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, encryption))


def test_on_other_addresses_it_says_what_is_exposed(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    cert, key, _ = pem_files(tmp_path)
    (tmp_path / "password").write_text("hunter2\n")
    arguments = ("--host", "0.0.0.0", "--root", str(tmp_path / "root"),
                 "--password-file", str(tmp_path / "password"))  # fmt: skip
    nat = ("--passive-ports", "60000-60010", "--public-address", "203.0.113.7")
    with program(*arguments, "--plain") as process:
        printed = welcome(process)
        assert "--ssl-reqd" not in printed
        assert "ftp://ADDRESS-OF-THIS-MACHINE:" in printed
        code, stderr = end(process)
    assert code == INTERRUPTED
    assert "whoever sees the traffic has the password" in stderr
    assert stderr.count("\n") == 1
    with program(*arguments, "--cert", cert, "--key", key, *nat) as process:
        printed = welcome(process)
        code, stderr = end(process)
    fingerprint = found(r"^TLS fingerprint \(SHA-256\): (\S+)$", printed)
    der = x509.load_pem_x509_certificate(Path(cert).read_bytes()).fingerprint(hashes.SHA256())
    assert fingerprint == der.hex(":").upper()
    assert "ftp://203.0.113.7:" in printed
    assert "whoever has the password can read every log" in stderr


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["--host", "0.0.0.0"], "plain FTP on 0.0.0.0", "--tls"),
        (["--cert", "cert.pem"], "--cert and --key belong together", "--tls"),
        (["--cert", "cert.pem", "--key", "key.pem", "--plain"], "--plain with", "leave out"),
        (["--cert", "cert.pem", "--key", "none.pem"], "can't read none.pem", "PEM"),
        (["--cert", "cert.pem", "--key", "cert.pem"], "no certificate and its key", "passphrase"),
        (["--cert", "cert.pem", "--key", "locked.pem"], "no certificate and its key", "passphrase"),
        (["--cert", "cert.pem", "--key", "other.pem"], "no certificate and its key", "passphrase"),
        (["--root", "nowhere"], "nowhere is no folder", "make it"),
        (["--password-file", "none.txt"], "can't read the password file", ""),
        (["--public-address", "lab.example"], "no IPv4 address", "203.0.113.7"),
    ],
)
def test_what_can_not_be_done_as_asked(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
    hint: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WIRELAB_PASSWORD", raising=False)
    (tmp_path / "serverdata").mkdir()
    _, _, key = pem_files(tmp_path)
    write_key(tmp_path / "locked.pem", key, serialization.BestAvailableEncryption(b"secret"))
    write_key(
        tmp_path / "other.pem", ec.generate_private_key(ec.SECP256R1()),
        serialization.NoEncryption(),
    )  # fmt: skip
    assert main(["--port", "0", *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert message in printed.err
    assert hint in printed.err.partition("hint: ")[2]


@pytest.mark.parametrize("ports", ["60000", "60010-60000", "0-9", "1-70000", "a-b"])
def test_passive_ports_that_are_none(ports: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["--passive-ports", ports])
    assert raised.value.code == 2
    assert "--passive-ports" in capsys.readouterr().err


def test_a_port_that_is_taken_costs_exit_code_1(tmp_path: Path) -> None:
    with program("--root", str(tmp_path)) as first:
        port = found(r":(\d+), user", welcome(first))
        with program("--root", str(tmp_path), "--port", port) as second:
            _, stderr = second.communicate(timeout=30)
            assert second.returncode == 1
            assert "already in use" in stderr
            assert "hint: choose another --port" in stderr


def test_a_certificate_needs_no_names() -> None:
    assert len(Certificate.self_signed().fingerprint.split(":")) == 32
