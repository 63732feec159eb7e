"""The client program: `python -m client FILE [PASSWORD]`, or cs330's menu without a file."""

# ruff: noqa: E402

from __future__ import annotations

import gc
import os
import sys

# A client is over before collecting garbage could pay; the imports below would start it.
gc.disable()

from client.options import Options, parse
from console import command_line, mp4
from wire.errors import NoServer, UsageError
from wire.frames import Mode

PROGRAM = "client"


def main() -> int:
    """The client's command line; returns its exit code."""
    options = parse(sys.argv[1:])
    return command_line.guard(PROGRAM, lambda: _run(options))


def _run(options: Options) -> int:
    if not command_line.is_loopback(options.host):
        what = "cs330 hides" if options.file is None else f"{options.mode} mode hides"
        print(
            f"{PROGRAM}: warning: {what} nothing from who can"
            f" listen between here and {options.host}",
            file=sys.stderr,
            flush=True,
        )
    return _menu(options) if options.file is None else _send(options, options.file)


def _send(options: Options, file: str) -> int:
    from client.send import Message, send_message

    mode = Mode[options.mode.upper()]
    message = Message(_read(file), mode, _password(options, mode), options.message_id)

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


def _menu(options: Options) -> int:
    from client.connection import Connection
    from client.menu import run_menu
    from console import cs330

    gc.enable()
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


def _password(options: Options, mode: Mode) -> str:
    if mode is not Mode.CLASSIC:
        return ""
    password = options.password
    if password is None:
        password = command_line.read_password(options.password_file, ask=True)
    if password is None:
        raise UsageError(
            "classic mode needs a password",
            "set WIRELAB_PASSWORD, or name a --password-file",
        )
    return password


if __name__ == "__main__":
    # Tearing the interpreter down would cost a client a tenth of its life, and free nothing more.
    os._exit(main())
