"""The client program: `python -m client FILE [PASSWORD]`, or cs330's menu without a file."""

from __future__ import annotations

import sys
from functools import partial

from console import command_line, mp4
from console.command_line import from_environment
from wire.errors import NoServer, UsageError
from wire.frames import MESSAGE_ID_SIZE, MESSAGE_MODES, Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

PROGRAM = "client"


def main(arguments: list[str] | None = None) -> int:
    """The client's command line; returns its exit code."""
    options = command_line.parse(_parser(), arguments)
    return command_line.guard(PROGRAM, partial(_run, options))


def _parser() -> ArgumentParser:
    parser = command_line.make_parser(
        "python -m client",
        "Send a message file to the server and wait for its receipt;"
        " without a file, the menu of the cs330 lab.",
        "python -m client sample_messages/message0.txt --host 192.0.2.7",
    )
    add = parser.add_argument
    add("file", nargs="?", help="the message; - reads it from standard input")
    add("password", nargs="?", help="classic mode's; others on this machine can read it here")
    add("--host", default=from_environment("HOST", "localhost"), help="default: %(default)s")
    add(
        "--port",
        type=command_line.port,
        default=from_environment("PORT", str(command_line.DEFAULT_PORT)),
        help="default: %(default)s",
    )
    modes = [mode.name.lower() for mode in MESSAGE_MODES]
    add("--mode", choices=modes, default="classic", help="default: %(default)s")
    add("--password-file", metavar="FILE", help="its first line; also WIRELAB_PASSWORD")
    add(
        "--timeout",
        type=command_line.seconds,
        default=30.0,
        metavar="S",
        help="seconds for each attempt (default: %(default)g)",
    )
    add(
        "--retries",
        type=command_line.count_or_none,
        default=0,
        metavar="N",
        help="further attempts after a fault that may pass (default: %(default)s)",
    )
    add("--message-id", type=_message_id, metavar="HEX", help="32 digits; kept once, sent as often")
    add("--quiet", action="store_true", help="print errors only")
    return parser


def _message_id(text: str) -> bytes:
    message_id = bytes.fromhex(text)
    if len(message_id) != MESSAGE_ID_SIZE:
        raise ValueError
    return message_id


def _run(options: Namespace) -> int:
    if not command_line.is_loopback(options.host):
        print(
            f"{PROGRAM}: warning: {options.mode} mode hides nothing from who can listen"
            f" between here and {options.host}",
            file=sys.stderr,
        )
    if options.file is None:
        return _menu(options)
    return _send(options)


def _send(options: Namespace) -> int:
    from client.send import Message, send_message

    mode = Mode[options.mode.upper()]
    message = Message(_read(options.file), mode, _password(options, mode), options.message_id)

    def say(line: str) -> None:
        if not options.quiet:
            print(line, flush=True)

    send_message(
        message,
        options.host,
        options.port,
        timeout=options.timeout,
        retries=options.retries,
        on_connected=lambda: say(mp4.connected(options.host)),
    )
    say(mp4.sent(options.host))
    return 0


def _menu(options: Namespace) -> int:
    from client.connection import Connection
    from client.menu import run_menu
    from console import cs330

    try:
        connection = Connection(options.host, options.port, options.timeout)
    except NoServer:
        print(cs330.SERVER_DOWN, flush=True)
        raise
    with connection:
        run_menu(connection, cs330.ClientVoice())
    return 0


def _read(file: str) -> bytes:
    try:
        if file == "-":
            return sys.stdin.buffer.read()
        with open(file, "rb") as message:
            return message.read()
    except OSError as error:
        raise UsageError(
            f"can't read the message file {file}: {command_line.reason(error)}",
            "name a file that exists and that you may read",
        ) from error


def _password(options: Namespace, mode: Mode) -> str:
    if mode is not Mode.CLASSIC:
        return ""
    password: str | None = options.password
    if password is None:
        password = command_line.read_password(options.password_file, ask=True)
    if password is None:
        raise UsageError(
            "classic mode needs a password",
            "set WIRELAB_PASSWORD, or name a --password-file",
        )
    return password


if __name__ == "__main__":
    sys.exit(main())
