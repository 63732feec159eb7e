"""The FTP service by itself: `python -m ftp_service`."""

from __future__ import annotations

import argparse
import secrets
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from console import command_line
from console.arguments import checked, make_parser, parse
from console.command_line import from_environment
from console.text import printable
from ftp_service.certificate import Certificate
from ftp_service.service import FtpService
from wire.errors import INTERRUPTED, UsageError

PROGRAM = "ftp_service"
DEFAULT_PORT = 2121


def main(arguments: list[str] | None = None) -> int:
    """The FTP service's command line; returns its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    options = parse(_parser(), arguments, argparse.Namespace())
    return command_line.guard(PROGRAM, partial(_serve, options))


def _parser() -> argparse.ArgumentParser:
    parser = make_parser(
        "python -m ftp_service",
        "Serve a folder of log files over FTP, read-only; logs.tar packs them all.",
        "python -m ftp_service --host 0.0.0.0 --root serverdata --tls",
    )
    add = parser.add_argument
    add("--host", default=from_environment("HOST", "127.0.0.1"), help="default: %(default)s")
    add(
        "--port",
        type=checked(command_line.port),
        default=from_environment("PORT", str(DEFAULT_PORT)),
        help="0 for any free one (default: %(default)s)",
    )
    add("--root", type=Path, default=Path("serverdata"), help="folder (default: %(default)s)")
    add("--user", default="wirelab", help="default: %(default)s")
    add(
        "--password-file",
        metavar="F",
        help="its first line is the password (default: WIRELAB_PASSWORD, or one made and shown)",
    )
    security = parser.add_argument_group("security")
    either = security.add_mutually_exclusive_group()
    either.add_argument("--tls", action="store_true", help="FTPS only, TLS 1.2 and up")
    either.add_argument(
        "--plain", action="store_true", help="allow plain FTP on an address that is not loopback"
    )
    security.add_argument("--cert", type=Path, metavar="F", help="PEM; default: one made and shown")
    security.add_argument("--key", type=Path, metavar="F", help="PEM, without a passphrase")
    nat = parser.add_argument_group("behind a firewall or NAT")
    nat.add_argument("--passive-ports", type=_ports, metavar="A-B", help="for data connections")
    nat.add_argument("--public-address", metavar="IP", help="the IPv4 address PASV names")
    return parser


def _ports(text: str) -> range:
    """An argparse type: a range of TCP ports, both ends in it."""
    first, _, last = text.partition("-")
    low, high = command_line.port(first), command_line.port(last)
    if not 0 < low <= high:
        raise argparse.ArgumentTypeError(f"{text} is no range of ports, as 60000-60100")
    return range(low, high + 1)


def _serve(options: argparse.Namespace) -> int:
    certificate = _certificate(options)
    password = command_line.read_password(options.password_file, ask=False)
    made = None if password is not None else secrets.token_urlsafe(16)
    service = FtpService(
        options.root,
        user=options.user,
        password=password if password is not None else str(made),
        host=options.host,
        port=options.port,
        certificate=certificate,
        passive_ports=options.passive_ports,
        public_address=options.public_address,
    )
    with service, _stopped_by_signals(service):
        command_line.warn_if_exposed(PROGRAM, service.host, _exposure(options, certificate))
        print(_welcome(options, service, certificate, made), flush=True)
        service.wait()
    return INTERRUPTED


def _certificate(options: argparse.Namespace) -> Certificate | None:
    if (options.cert is None) != (options.key is None):
        raise UsageError("--cert and --key belong together", "give both, or --tls alone")
    if options.cert is not None:
        if options.plain:
            raise UsageError("--plain with --cert and --key", "leave out one or the other")
        return Certificate.from_files(options.cert, options.key)
    if options.tls:
        names = {"localhost", options.host, options.public_address or options.host}
        return Certificate.self_signed(*sorted(names))
    if not options.plain and not command_line.is_loopback(options.host):
        raise UsageError(
            f"plain FTP on {options.host} would send the password and all logs in the clear",
            "give --tls, or --plain where that is meant",
        )
    return None


def _exposure(options: argparse.Namespace, certificate: Certificate | None) -> str:
    if certificate is None:
        return f"whoever sees the traffic has the password and every log in {options.root}"
    return f"whoever has the password can read every log in {options.root}"


def _welcome(
    options: argparse.Namespace,
    service: FtpService,
    certificate: Certificate | None,
    made: str | None,
) -> str:
    """What a user needs to fetch the logs from here."""
    bracketed = f"[{service.host}]" if ":" in service.host else service.host
    user, tls = printable(options.user), ""
    lines = [f"FTP service on {bracketed}:{service.port}, user {user}"]
    if made is not None:
        lines.append(f"password (made for this run): {made}")
        user = f"{user}:{made}"
    if certificate is not None:
        lines.append(f"TLS fingerprint (SHA-256): {certificate.fingerprint}")
        tls = f"--ssl-reqd --insecure --pinnedpubkey 'sha256//{certificate.public_key_pin}' "
    everywhere = service.host in ("0.0.0.0", "::")
    here = options.public_address or ("ADDRESS-OF-THIS-MACHINE" if everywhere else bracketed)
    address = f"{here}:{service.port}"
    lines.append(f"all logs: curl {tls}--user '{user}' -O 'ftp://{address}/logs.tar'")
    return "\n".join(lines)


@contextmanager
def _stopped_by_signals(service: FtpService) -> Iterator[None]:
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_: service.request_stop()) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


if __name__ == "__main__":
    sys.exit(main())
