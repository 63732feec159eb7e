"""The client's command line.

Every option has an environment variable (WIRELAB_HOST for --host), so that the
lab's own form, `python -m client FILE [PASSWORD]`, needs no parser: importing
argparse would be a sixth of a client's life.
"""

from __future__ import annotations

from console.command_line import (
    DEFAULT_PORT,
    MODE_NAMES,
    count_or_none,
    from_environment,
    mode,
    port,
    seconds,
)
from wire.frames import MESSAGE_ID_SIZE

WIRELAB = "wirelab"
"""The dialect that is Wirelab's own protocol; wire/raw.py, which has the others, is not needed."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Options:
    """What the user asked for."""

    file: str | None = None
    password: str | None = None
    host: str
    port: int
    mode: str
    dialect: str
    password_file: str
    timeout: float
    retries: int
    message_id: bytes | None
    quiet: bool


def _message_id(text: str) -> bytes | None:
    if not text:
        return None
    if len(text) != 2 * MESSAGE_ID_SIZE or not set(text) <= set("0123456789abcdefABCDEF"):
        raise ValueError(f"{text} is no message id: {2 * MESSAGE_ID_SIZE} hexadecimal digits")
    return bytes.fromhex(text)


def _dialect(text: str) -> str:
    if text != WIRELAB and text not in (dialects := _dialects()):
        raise ValueError(f"{text} is none of the dialects {', '.join(dialects)}")
    return text


def _dialects() -> tuple[str, ...]:
    from wire.raw import DIALECTS

    return DIALECTS


_OPTIONS: dict[str, tuple[Callable[[str], object], str, str]] = {
    "host": (str, "localhost", "the server's name or address"),
    "port": (port, str(DEFAULT_PORT), "the server's port"),
    "mode": (mode, "classic", "how the message is encrypted"),
    "dialect": (_dialect, WIRELAB, "Wirelab's own protocol, or a lab's own wire, without frames"),
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
    parser.add_argument("file", nargs="?", help="the message; - reads it from standard input")
    parser.add_argument(
        "password", nargs="?", help="classic mode's; better in WIRELAB_PASSWORD: here others see it"
    )
    choices = {"mode": MODE_NAMES, "dialect": _dialects()}
    for name, (convert, default, help_) in _OPTIONS.items():
        parser.add_argument(
            f"--{name.replace('_', '-')}",
            type=command_line.checked(convert),
            default=_default(name, default),
            choices=choices.get(name),
            metavar=None if name in choices else name.upper(),
            help=f"{help_} (default: {default})" if default else help_,
        )
    parser.add_argument(
        "--quiet", action="store_true", default=bool(from_environment("QUIET")), help="errors only"
    )

    return command_line.parse(parser, arguments, Options())


def _default(name: str, default: str) -> str:
    return from_environment(name.upper()) or default
