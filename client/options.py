"""The client's command line.

Every option has an environment variable (WIRELAB_HOST for --host), so that the
lab's own form, `python -m client FILE [PASSWORD]`, needs no parser: importing
argparse would be a sixth of a client's life.
"""

from __future__ import annotations

from console.command_line import DEFAULT_PORT, count_or_none, from_environment, port, seconds
from wire.frames import MESSAGE_ID_SIZE, MESSAGE_MODES, Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable

_MODE_NAMES = [mode.name.lower() for mode in MESSAGE_MODES]


class Options:
    """What the user asked for."""

    file: str | None = None
    password: str | None = None
    host: str
    port: int
    mode: Mode
    password_file: str
    timeout: float
    retries: int
    message_id: bytes | None
    quiet: bool


def _mode(text: str) -> Mode:
    if text not in _MODE_NAMES:
        raise ValueError(f"{text} is no mode")
    return Mode[text.upper()]


def _message_id(text: str) -> bytes | None:
    if not text:
        return None
    message_id = bytes.fromhex(text)
    if len(message_id) != MESSAGE_ID_SIZE:
        raise ValueError(f"{text} is no message id")
    return message_id


_OPTIONS: dict[str, tuple[Callable[[str], object], str, str]] = {
    "host": (str, "localhost", "the server's name or address"),
    "port": (port, str(DEFAULT_PORT), "the server's port"),
    "mode": (_mode, "classic", f"one of {', '.join(_MODE_NAMES)}"),
    "password_file": (str, "", "a file whose first line is classic mode's password"),
    "timeout": (seconds, "30", "seconds that each attempt may take"),
    "retries": (count_or_none, "0", "further attempts after a fault that may pass"),
    "message_id": (_message_id, "", "32 hexadecimal digits; kept once, however often it is sent"),
}


def parse(arguments: list[str]) -> Options:
    """The options of a command line. Ends the program, as argparse does, where they are wrong."""
    return _parse_plain(arguments) or _parse_all(arguments)


def _parse_plain(arguments: list[str]) -> Options | None:
    if not 1 <= len(arguments) <= 2 or any(argument.startswith("-") for argument in arguments):
        return None
    options = Options()
    options.file, options.password = (*arguments, None)[:2]
    options.quiet = bool(from_environment("QUIET"))
    for name, (convert, default, _) in _OPTIONS.items():
        try:
            setattr(options, name, convert(_default(name, default)))
        except ValueError:
            return None
    return options


def _parse_all(arguments: list[str]) -> Options:
    from console import arguments as command_line

    parser = command_line.make_parser(
        "python -m client",
        "Send a message file to the server and wait for its receipt;"
        " without a file, the menu of the cs330 lab.",
        "python -m client sample_messages/message0.txt --host 192.0.2.7",
    )
    _add_arguments(parser)
    return command_line.parse(parser, arguments, Options())


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", help="the message; - reads it from standard input")
    parser.add_argument(
        "password", nargs="?", help="classic mode's; better in WIRELAB_PASSWORD: here others see it"
    )
    for name, (convert, default, help_) in _OPTIONS.items():
        parser.add_argument(
            f"--{name.replace('_', '-')}",
            type=convert,
            default=_default(name, default),
            metavar=name.upper(),
            help=f"{help_} (default: {default})" if default else help_,
        )
    parser.add_argument(
        "--quiet", action="store_true", default=bool(from_environment("QUIET")), help="errors only"
    )


def _default(name: str, default: str) -> str:
    return from_environment(name.upper()) or default
