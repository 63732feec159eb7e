"""What a run left behind to be judged: consoles, ends, bytes that crossed, files."""

from __future__ import annotations

from dataclasses import dataclass, field

from capture.events import Event
from grading.sandbox.program import Ending, Said


@dataclass
class ProgramEvidence:
    """A program that was to run."""

    stream: str
    """Its console's name: "server", or "client message0" where it runs for each message."""
    program: str
    each: str
    """The input that it ran for, if any."""
    reference: bool
    terminal: bool
    ending: Ending
    may_fail: bool = False
    """Whether any exit code will do."""
    said: list[Said] = field(default_factory=list)
    stopped_at: int | None = None
    """How much it had said when it was told to stop, as an index of `said`."""
    exit_code: int | None = None
    fault: str = ""
    """Why it could not be started."""
    listened: bool = True
    """Whether it was ready for clients in time, if it had to."""
    listens_on: tuple[int, ...] = ()
    """Ports that it listened on, where it was none of the lab's."""
    started: float = 0.0
    """Seconds since the start of the run."""
    ended: float = 0.0


@dataclass
class Evidence:
    """All of a run."""

    programs: list[ProgramEvidence]
    wire: list[Event] | None
    """What the relay saw; None where there is no relay: programs share this machine's network."""
    files: dict[str, bytes]
    """What was fetched, by "folder/name"."""
    fetch_fault: str
    began_ns: int
    """Unix time in nanoseconds."""
    seconds: float
    port: int = 0
    """Where the server listened."""
    out_of_time: str = ""
    """The stream that was waited for when time was up."""
