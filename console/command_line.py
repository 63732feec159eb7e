"""What all programs share: the way from an error to an exit code, passwords, option values."""

from __future__ import annotations

import os
import sys

from wire.errors import INTERRUPTED, UsageError, WirelabError
from wire.frames import MESSAGE_MODES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

DEFAULT_PORT = 12000
MODE_NAMES = [mode.name.lower() for mode in MESSAGE_MODES]


def guard(program: str, main: Callable[[], int]) -> int:
    """Run `main`; an error becomes one line on stderr, a hint, and its exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = main()
        sys.stdout.flush()
        return code
    except WirelabError as error:
        complain(program, error)
        return error.exit_code
    except KeyboardInterrupt:
        print(f"{program}: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has left; nothing more can be said there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def complain(program: str, error: WirelabError) -> None:
    """One line on stderr that says what happened, and one that names the fix."""
    from console.text import printable

    hint = f"\nhint: {error.hint}" if error.hint else ""
    print(f"{program}: {printable(str(error))}{printable(hint)}", file=sys.stderr, flush=True)


def warn_if_exposed(program: str, host: str, what: str) -> None:
    """Say on stderr what an address that is not loopback lays open."""
    if not is_loopback(host):
        print(f"{program}: warning: listening on {host}: {what}", file=sys.stderr, flush=True)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    return host in ("localhost", "::1") or host.startswith("127.")


def from_environment(name: str, fallback: str | None = None) -> str | None:
    """The value of WIRELAB_`name`, where it is set and not empty."""
    return os.environ.get(f"WIRELAB_{name}") or fallback


def read_password(file: str | None, *, ask: bool) -> str | None:
    """A password from `file` (its first line), the environment, or, if `ask`, the terminal.

    None when there is none to be had. Raises UsageError.
    """
    if file:
        try:
            with open(file, encoding="utf-8") as lines:
                return lines.readline().rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"can't read the password file {file}: {reason(error)}") from error
    password = from_environment("PASSWORD")
    if password is None and ask and sys.stdin.isatty():
        from getpass import getpass

        password = getpass("Password: ")
    return password


def reason(error: Exception) -> str:
    """What the system says, without Python's numbers and quotes."""
    return getattr(error, "strerror", None) or str(error)


def port(text: str) -> int:
    """A TCP port, 0 for any free one. Raises ValueError, as all of these do."""
    number = _whole(text, 0)
    if number > 65535:
        raise ValueError(f"{text} is no port: 0 to 65535")
    return number


def seconds(text: str) -> float:
    """A time above zero, in seconds."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise ValueError(f"{text} is no time in seconds above 0")
    return number


def count(text: str) -> int:
    """A whole number, 1 or more."""
    return _whole(text, 1)


def count_or_none(text: str) -> int:
    """A whole number, 0 or more."""
    return _whole(text, 0)


def mode(text: str) -> str:
    """A mode's name."""
    if text not in MODE_NAMES:
        raise ValueError(f"{text} is none of the modes {', '.join(MODE_NAMES)}")
    return text


def _whole(text: str, least: int) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) >= least):
        raise ValueError(f"{text} is no whole number of {least} or more")
    return int(text)
