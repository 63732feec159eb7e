"""A lab as data: what `labs/NAME/lab.toml` says (docs/labs.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from wire.errors import UsageError

Positive = Annotated[float, msgspec.Meta(gt=0)]
NotNegative = Annotated[float, msgspec.Meta(ge=0)]
Count = Annotated[int, msgspec.Meta(ge=1)]


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pass


class Input(_Table, frozen=True, kw_only=True):
    """A text that is drawn anew for each student; `length` in bytes."""

    kind: Literal["word", "phrase", "text", "number"]
    length: Count = 8


class Derived(_Table, frozen=True, kw_only=True):
    """A text that follows from an input."""

    of: str
    how: Literal["capitals", "reverse", "key", "classic", "secure"]
    """In capitals, backwards, as classic's key in hexadecimal, or encrypted: classic as base64,
    secure as Python writes bytes."""
    password: str = ""
    """The input that is classic's password."""


class Program(_Table, frozen=True, kw_only=True):
    """A program of a submission, and the lab's own that stands in for it."""

    command: str | tuple[str, ...]
    """How it is started: the first of these of which the submission has a file."""
    reference: str
    listens: Literal["tcp", "udp", ""] = ""
    """The kind of socket that it is ready with; empty: it is ready once it runs."""
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 0
    """Where it has to listen; 0: wherever it does."""
    terminal: bool = True
    """Whether it runs on a pseudo-terminal, as a person would see it."""
    stop: Literal["INT", "TERM"] = "INT"


class Limits(_Table, frozen=True, kw_only=True):
    """What a program may take, and more than which ends it."""

    seconds: Positive = 5.0
    """A scenario may take this long, or `times` as long as the reference, whichever is more."""
    times: Positive = 10.0
    cpu_seconds: Count = 10
    memory_mb: Count = 512
    disk_mb: Count = 64
    processes: Count = 64
    """Threads count too."""
    open_files: Count = 256
    output_kb: Count = 1024


class Faults(_Table, frozen=True, kw_only=True):
    """What the relay does to the bytes on their way (capture/faults.py)."""

    seed: int = 1
    split: int = 0
    join: float = 0.0
    delay: float = 0.0
    cut_after: int | None = None
    reset_after: int | None = None
    lose: tuple[int, ...] = ()
    direction: Literal["to server", "to client", "both"] = "both"


class Step(_Table, frozen=True, kw_only=True):
    """One thing to do; exactly one of `start`, `run`, `stop` and `fetch` is given."""

    start: str = ""
    """A program to start, and wait until it is ready."""
    run: str = ""
    """A program to run to its end."""
    stop: str = ""
    """A program to stop: by its signal, unless it ends by itself first."""
    fetch: str = ""
    """A folder of the server's to fetch over FTP; its files become streams."""
    each: tuple[str, ...] = ()
    """For `run`: once for each of these inputs, which is then `{message}`: a file's path."""
    type: tuple[str, ...] = ()
    """For `run`: the lines to type, one whenever the program waits for one."""
    may_fail: bool = False
    """For `run`: whether any exit code will do."""

    @property
    def program(self) -> str:
        return self.start or self.run or self.stop


class WireCheck(_Table, frozen=True, kw_only=True):
    """Something that holds for the bytes that crossed."""

    name: str
    check: Literal["connections", "never", "carries", "ciphertext"]
    points: NotNegative = 0.0
    text: str = ""
    """For `never` and `carries`: it crosses in no connection, or in one of them."""
    hex: str = ""
    """The same for bytes that are no text."""
    direction: Literal["to server", "to client"] = "to server"
    count: int = 0
    """For `connections`: how many there are."""
    cipher: Literal["classic"] = "classic"
    texts: tuple[str, ...] = ()
    """For `ciphertext`: what each connection carries encrypted, its key in front."""
    program: str = "client"
    """Whose fault it is if it does not hold."""
    help: str = ""


class Scenario(_Table, frozen=True, kw_only=True):
    """One run of the programs together."""

    name: str
    title: str
    transcript: str
    """The file beside lab.toml with what they print."""
    programs: dict[str, Literal["submission", "reference"]]
    steps: tuple[Step, ...]
    wire: tuple[WireCheck, ...] = ()
    faults: Faults = Faults()
    help: str = ""
    """What to tell whoever loses points here."""


class Spoiled(_Table, frozen=True, kw_only=True):
    """A program with a fault, and what it must lose, for `grade --check`."""

    name: str
    folder: str
    verdict: str
    loses: tuple[str, ...]
    """The checks that must not pass; all others must."""


class Lab(_Table, frozen=True, kw_only=True):
    """A lab that can be graded."""

    title: str
    programs: dict[str, Program]
    scenario: tuple[Scenario, ...]
    inputs: dict[str, Input] = {}
    derived: dict[str, Derived] = {}
    limits: Limits = Limits()
    files: tuple[str, ...] = ()
    """What a submission must hold."""
    presentation_cost: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.25
    """What a line that is right but for its presentation costs, in lines."""
    spoiled: tuple[Spoiled, ...] = ()
    run: dict[str, object] = {}
    """For `driver.py run`."""


def load_lab(folder: Path) -> Lab:
    """Read a lab's folder. Raises UsageError for what is missing, or wrong in it."""
    file = folder / "lab.toml"
    try:
        lab = msgspec.toml.decode(file.read_bytes(), type=Lab)
    except OSError as error:
        raise UsageError(
            f"can't read {file}: {error.strerror}", "name a folder of labs/, or a path to a lab"
        ) from error
    except msgspec.ValidationError as error:
        raise UsageError(f"{file}: {error}", "docs/labs.md describes lab.toml") from error
    except msgspec.DecodeError as error:
        raise UsageError(f"{file} is no TOML: {error}", "correct the line that it names") from error
    return lab
