"""The client program: `python -m client FILE [PASSWORD]`, or cs330's menu without a file."""

# ruff: noqa: E402

from __future__ import annotations

import gc
import os
import sys

# A client is over before collecting garbage could pay; the imports below would start it.
gc.disable()

from client.options import WIRELAB, Options, parse
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
    if options.dialect != WIRELAB:
        return _speak_raw(options)
    return _menu(options) if options.file is None else _send(options, options.file)


def _send(options: Options, file: str) -> int:
    from client.send import Message, send_message

    mode = Mode[options.mode.upper()]
    message = Message(_read(file), mode, _password(options, mode), options.message_id)
    say = _silence if options.quiet else _say
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


def _speak_raw(options: Options) -> int:
    """Do what a lab's own wire is for: mp4's takes a message, cs330's has the menu."""
    if (options.dialect == "mp4") != (options.file is not None):
        raise UsageError(
            f"the wire of {options.dialect} takes {'a' if options.file is None else 'no'}"
            " message file",
            "mp4 sends a message file; cs330 has a menu, and takes no file",
        )
    if options.file is None:
        return _menu_raw(options)
    return _send_raw(options, options.file)


def _send_raw(options: Options, file: str) -> int:
    from client.raw_mp4 import send_message

    if options.mode != "classic" or options.retries or options.message_id:
        raise UsageError(
            "the wire of mp4 has classic mode alone, no message ids, and nothing to retry by",
            "leave out --mode, --retries and --message-id, or --dialect",
        )
    say = _silence if options.quiet else _say
    send_message(
        _read(file),
        _password(options, Mode.CLASSIC),
        options.host,
        options.port,
        timeout=options.timeout,
        on_connected=lambda: say(mp4.connected(options.host)),
        on_sent=lambda: say(mp4.sent(options.host)),
    )
    return 0


def _menu_raw(options: Options) -> int:
    from client.raw_connection import RawConnection
    from client.raw_cs330 import run_menu
    from console import cs330

    class Voice(cs330.ClientVoice):
        def unsuitable(self, why: str) -> None:
            self._say(why)
            self._ask_again()

    gc.enable()
    try:
        connection = RawConnection(options.host, options.port, options.timeout, "cs330")
    except NoServer:
        print(cs330.SERVER_DOWN, flush=True)
        raise
    with connection:
        run_menu(connection, Voice())
    return 0


def _say(line: str) -> None:
    print(line, flush=True)


def _silence(_: str) -> None:
    """What a client says that is to be quiet."""


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
