"""What all programs share: the way from an error to an exit code, passwords, option values."""

from __future__ import annotations

import os
import sys

from wire.errors import INTERRUPTED, LabFailed, UsageError, WirelabError
from wire.frames import MESSAGE_MODES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

DEFAULT_PORT = 12000
_A_YEAR = 365 * 86400.0
MODE_NAMES = [mode.name.lower() for mode in MESSAGE_MODES]


def guard(program: str, main: Callable[[], int]) -> int:
    """Run `main`; an error becomes one line on stderr, a hint, and its exit code."""
    _prepare_streams()
    try:
        code = main()
        sys.stdout.flush()
        return code
    except WirelabError as error:
        complain(program, error)
        return error.exit_code
    except ModuleNotFoundError as error:
        missing = UsageError(
            f"the Python module {error.name} is not installed here",
            "make demo sets up .venv, once; then: . .venv/bin/activate",
        )
        complain(program, missing)
        return missing.exit_code
    except KeyboardInterrupt:
        tell(f"{program}: interrupted")
        return INTERRUPTED
    except OSError as error:
        drop_output()
        # Who leaves early, as `head` does, has seen enough.
        if not isinstance(error, BrokenPipeError):
            complain(program, LabFailed(reason(error), "see that disk and memory have room"))
        return LabFailed.exit_code


def complain(program: str, error: WirelabError) -> None:
    """One line on stderr that says what happened, and one that names the fix."""
    hint = f"\nhint: {on_one_line(error.hint)}" if error.hint else ""
    tell(f"{program}: {on_one_line(str(error))}{hint}")


def on_one_line(text: str) -> str:
    """The text, safe to print, without a line end that would let it pose as another line."""
    from console.text import printable

    return printable(text).replace("\n", "\\n")


def drop_output(descriptor: int = 1) -> None:
    """Let stdout, or stderr (2), lead nowhere, as for what it holds at the program's end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


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


def _prepare_streams() -> None:
    """Make all three be there, whatever can be printed, and lines come whole."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # Closed by whoever started us. A socket must not come to stand in its place.
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        # Under PYTHONUNBUFFERED a line and its end would be two writes, and another program's
        # line could come between.
        stream.reconfigure(  # type: ignore[union-attr]
            errors="backslashreplace", write_through=False
        )


def tell(line: str) -> None:
    """Print a line on stderr, if that still leads somewhere."""
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:
        drop_output(2)


def read_password(file: str | None, *, ask: bool) -> str | None:
    """A password from `file` (its first line), the environment, or, if `ask`, the terminal.

    None when there is none to be had. Raises UsageError.
    """
    if file:
        try:
            with open(file, encoding="utf-8") as lines:
                return _usable(lines.readline().rstrip("\r\n"), f"the first line of {file}")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                f"can't read the password file {file}: {reason(error)}",
                "name a text file that you may read",
            ) from error
    password = from_environment("PASSWORD")
    if password is None and ask and sys.stdin.isatty():
        return ask_password()
    return password


def ask_password() -> str:
    """A password from the terminal, typed unseen. Raises UsageError."""
    if not sys.stdin.isatty():
        raise UsageError(
            "there is no terminal to ask for a password",
            "set WIRELAB_PASSWORD, or name a --password-file",
        )
    from getpass import getpass

    try:
        return _usable(getpass("Password: "), "what was typed")
    except EOFError:
        return _usable("", "what was typed")


def _usable(password: str, where: str) -> str:
    if not password or "\0" in password:
        raise UsageError(f"{where} is no password", "a password is one character or more, none NUL")
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
    """A time in seconds, above zero and at most a year."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= _A_YEAR:
        raise ValueError(f"{text} is no time in seconds, above 0 and at most a year")
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
