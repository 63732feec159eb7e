"""What grading found: one written, versioned form for the journal, the reports and `results.json`.

ClassResult
  StudentResult       one submission
    Check             one thing that gives points, with its verdict and why
    ScenarioRecord    one run of its programs: what they printed, who said what when
      StreamRecord    a program's console, or a log, line by line beside what was expected
      Happening       an arrow or a note of the sequence
"""

from __future__ import annotations

from enum import Enum

import msgspec

SCHEMA = 1
"""The version of `results.json`, described in docs/results-json.md."""


class Verdict(Enum):
    """What came of a check; each is a word that a student understands."""

    PASSED = "passed"
    WRONG = "wrong"
    PRESENTATION = "presentation"
    """Right but for white space, case or punctuation."""
    CRASHED = "crashed"
    TIMED_OUT = "timed out"
    NEVER_LISTENED = "never listened"
    PORT_TAKEN = "port taken"
    TOO_MUCH_OUTPUT = "too much output"
    NOT_RUN = "not run"
    GRADER_FAULT = "grader fault"
    """The grader's own: it never costs a point."""


class Segment(msgspec.Struct, frozen=True, omit_defaults=True):
    """A piece of a line; `differs` where it is not what stands opposite."""

    text: str
    differs: bool = False


class LineRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of a console beside the one that was expected; None where there is none."""

    kind: str
    """same, presentation, wrong, missing, extra, absent (optional, and not there)."""
    expected: tuple[Segment, ...] | None = None
    actual: tuple[Segment, ...] | None = None
    seconds: float | None = None
    """When it was printed, from the start of its run."""


class StreamRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that a program printed, or a file that it left."""

    name: str
    lines: tuple[LineRecord, ...]
    ended: str = ""
    """How its program ended, in words: "exit code 1", "killed: over 10 s"."""
    reference: bool = False
    """Whether it is the lab's own program, and so not graded."""


class Happening(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something in the sequence of a run: a line printed, bytes crossing, an end."""

    seconds: float
    source: str
    target: str = ""
    """For bytes that crossed: who got them. Empty: `source` did something by itself."""
    kind: str = "line"
    """line, typed, data, lost, opened, ended, reset, started, exited."""
    text: str = ""
    size: int = 0
    """Bytes that crossed."""


class ScenarioRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """One run of the programs together."""

    name: str
    title: str
    seconds: float
    streams: tuple[StreamRecord, ...] = ()
    sequence: tuple[Happening, ...] = ()
    flaky: bool = False
    """It timed out, was run again alone, and the two did not agree."""


class Check(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that gives points."""

    name: str
    verdict: Verdict
    points: float
    max_points: float
    why: str = ""
    """Why points were lost; lines of text. Empty if it passed."""
    scenario: str = ""
    difference: str = ""
    """The first difference, expected above actual, with what can't be seen made visible."""
    help: str = ""
    replay: str = ""
    """The command that runs its scenario again and shows it."""
    other_run: str = ""
    """For a flaky result: what the other of its two runs gave."""


class StudentResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """A submission's result. `fault` says why it could not be graded, where it could not."""

    name: str
    score: float
    max_score: float
    checks: tuple[Check, ...]
    scenarios: tuple[ScenarioRecord, ...] = ()
    seconds: float = 0.0
    digest: str = ""
    """SHA-256 of all that the result depends on: the submission, the lab, the limits."""
    submission: str = ""
    """Its path, as it was given."""
    fault: str = ""
    pending: tuple[str, ...] = ()
    """Scenarios that timed out and are still to be run again alone."""


class AlikePair(msgspec.Struct, frozen=True):
    """Two submissions that are alike beyond chance."""

    first: str
    second: str
    alike: float
    """Share of the smaller one's fingerprints that both have, 0 to 1."""
    usual: float
    """What this class's pairs have in common as a rule, 0 to 1."""
    places: tuple[str, ...] = ()
    """Where: "server.py:10-24 = server.py:12-26"."""


class Isolation(msgspec.Struct, frozen=True):
    """What keeps a student's program apart from everything else."""

    name: str
    """namespaces, or processes."""
    detail: str
    """A sentence: what it holds back, or why no more was possible."""


class ClassResult(msgspec.Struct, frozen=True, kw_only=True):
    """A class's results, in the order of the students' names."""

    schema: int = SCHEMA
    lab: str
    title: str
    graded: str
    """When, ISO 8601 with zone."""
    isolation: Isolation
    students: tuple[StudentResult, ...]
    alike: tuple[AlikePair, ...] = ()
