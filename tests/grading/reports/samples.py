"""Results as a grading finds them: every verdict, a large class, hostile texts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from grading.results import (
    AlikePair,
    Check,
    ClassResult,
    Happening,
    Isolation,
    LineRecord,
    ScenarioRecord,
    Segment,
    StreamRecord,
    StudentResult,
    Verdict,
)

HOSTILE = (
    "</td></script><script>alert(1)</script><img src=x onerror=alert(2)>"
    "'\"`{{ 7 * 7 }}{% raw %}\x1b[2J\x1b]0;owned\x07\x00\x08\u202eevil\u2066"
    "\u200b\udcff\ufffe\x9b31m]]>&amp;\r"
)
"""What a student may print: markup, template, terminal, bidirectional, no Unicode at all."""

HOSTILE_NAMES = (
    "../../../etc/passwd",
    "=cmd|' /C calc'!A0",
    "<b>bold</b>",
    "CON",
    "Zoë Ünal",
    "a/b",
    "a?b",
    "ada",
    "ADA",
    "line\nfeed\ttab",
    "x" * 300,
    "\udcff\x00\u202egnp",
    "王小明",
    "-rf",
)

ISOLATION = Isolation("namespaces", "each run has processes and a network of its own")

HELP = {
    "server console": "The server says when a client connects, and when its message is there.",
    "client console": "The client says what it connected to before it sends anything.",
    "log files": "Each log file begins with when the message was received.",
    "survives a split message": "One recv is not one message: read until the client has closed.",
    "no plaintext on the wire": "Encrypt before you send.",
}

WHY = {
    Verdict.WRONG: "Line 3 is not what was expected, and one line is missing.",
    Verdict.PRESENTATION: "Right but for the case of one word.",
    Verdict.CRASHED: "server.py ended with an exception:\nIndexError: list index out of range",
    Verdict.TIMED_OUT: "client.py did not end within 5 s.",
    Verdict.NEVER_LISTENED: "server.py ran, but never listened on port 12000.",
    Verdict.PORT_TAKEN: "server.py could not bind: the port was taken.",
    Verdict.TOO_MUCH_OUTPUT: "client.py printed more than 1024 kB.",
    Verdict.NOT_RUN: "The server never listened, so no client was started.",
    Verdict.GRADER_FAULT: "The grader could not start the relay: too many open files.",
}

DIFFERENCE = """\
line 3, from column 19 on
  expected  Server:·Message·Received·from·('127.0.0.1',·38725)
  printed   Server:·message·received·from·('127.0.0.1',·38725)
                    ^"""


def check(name: str, verdict: Verdict, points: float, max_points: float, scenario: str) -> Check:
    """A check as a grading gives it, with all its texts where it was not passed."""
    if verdict is Verdict.PASSED:
        return Check(name, verdict, points, max_points, scenario=scenario)
    return Check(
        name,
        verdict,
        points,
        max_points,
        why=WHY[verdict],
        scenario=scenario,
        difference=DIFFERENCE if verdict in (Verdict.WRONG, Verdict.PRESENTATION) else "",
        help=HELP.get(name, ""),
        replay=f"python driver.py grade mp4 submissions --only ada --replay {scenario}",
        other_run="The client ended in time; its console was right."
        * (verdict is Verdict.TIMED_OUT),
    )


def same(text: str, seconds: float = 0.0) -> LineRecord:
    """A line that is as expected."""
    return LineRecord("same", (Segment(text),), (Segment(text),), seconds)


def server_stream() -> StreamRecord:
    """A server's console with each kind of line."""
    expected = "Server: Client connected to from ('{_:address}', {port:port})"
    lines = [
        same("MP4 Driver: Server Thread Started..."),
        LineRecord("presentation", (Segment(""),), None),
        LineRecord(
            "same",
            (Segment(expected),),
            (Segment("Server: Client connected to from ('127.0.0.1', 38725)"),),
            0.12,
        ),
        LineRecord(
            "wrong",
            (
                Segment("Server: "),
                Segment("M", True),
                Segment("essage "),
                Segment("R", True),
                Segment("eceived from ('127.0.0.1', 38725)"),
            ),
            (
                Segment("Server: "),
                Segment("m", True),
                Segment("essage "),
                Segment("r", True),
                Segment("eceived from ('127.0.0.1', 38725)"),
            ),
            0.13,
        ),
        *(same(f"Server: waiting for client {number}", 0.2 + number / 100) for number in range(14)),
        LineRecord(
            "presentation",
            (Segment("Total:"), Segment(" ", True), Segment("107 bytes")),
            (Segment("Total:"), Segment(" \t ", True), Segment("107 bytes")),
            0.4,
        ),
        LineRecord("missing", (Segment("Server: log written to server_message0.txt"),), None),
        LineRecord("absent", (Segment("Server: (verbose) closing"),), None),
        LineRecord("extra", None, (Segment("DEBUG got here <b>1</b>"),), 0.5),
        LineRecord(
            "wrong", (Segment("END", True),), (Segment(HOSTILE, True), Segment(HOSTILE)), 0.5
        ),
    ]
    return StreamRecord("server", tuple(lines), ended="stopped by SIGINT, as it should")


def client_stream(name: str = "client message0") -> StreamRecord:
    """A client's console that is as expected."""
    lines = (
        same("Client: Connected to server localhost...", 0.11),
        same("Client: Message data sent to server localhost", 0.12),
    )
    return StreamRecord(name, lines, ended="exit code 0")


def happenings(rounds: int = 1) -> tuple[Happening, ...]:
    """A sequence of every kind of happening, its middle `rounds` times."""

    def middle(at: float) -> tuple[Happening, ...]:
        return (
            Happening(at + 0.101, "client message0", kind="started"),
            Happening(at + 0.110, "client", "relay", "opened"),
            Happening(at + 0.1105, "relay", "server", "opened"),
            Happening(at + 0.112, "client", kind="typed", text="open mode"),
            Happening(at + 0.115, "client", "relay", "data", "abcd", 4),
            Happening(at + 0.1153, "relay", "server", "data", "abcd", 4),
            Happening(at + 0.116, "server", text="Received word from client: abcd"),
            Happening(at + 0.118, "server", "relay", "data", HOSTILE, 2904),
            Happening(at + 0.1181, "relay", "client", "data", "ABCD", 1),
            Happening(
                at + 0.119,
                "client",
                text="Received the word from Server after capitalized it: ABCD .",
            ),
            Happening(at + 0.15, "client", "relay", "lost", "ping 1", 6),
            Happening(at + 0.2, "client", "relay", "ended"),
            Happening(at + 0.21, "relay", "server", "reset"),
            Happening(at + 0.3, "client", kind="exited", text="exit code 0"),
        )

    return (
        Happening(0.0, "server", kind="started"),
        Happening(0.05, "server", text="The server is ready to receive\r\n"),
        *chain.from_iterable(middle(each / 2) for each in range(rounds)),
        Happening(rounds / 2, "server", kind="exited", text="stopped by SIGINT"),
    )


def scenarios(rounds: int = 1, *, flaky: bool = False) -> tuple[ScenarioRecord, ...]:
    """A lab's three scenarios, with their streams and sequences."""
    log = StreamRecord(
        "log server_message0.txt", tuple(same(f"log line {each}") for each in range(5))
    )
    reference = StreamRecord("client", client_stream().lines, "exit code 0", reference=True)
    silent = StreamRecord("server", (), "killed: over 5 s")
    return (
        ScenarioRecord(
            "together",
            "Server and client together",
            1.234,
            (server_stream(), client_stream(), client_stream("client message1"), log),
            happenings(rounds),
        ),
        ScenarioRecord(
            "cross-server",
            "Your server, our client",
            0.8,
            (server_stream(), reference),
            happenings(),
        ),
        ScenarioRecord("split", "Messages in many small pieces", 5.0, (silent,), (), flaky=flaky),
    )


CHECKS = (
    ("server console", 6.0, "together"),
    ("client console", 4.0, "together"),
    ("log files", 4.0, "together"),
    ("no plaintext on the wire", 2.0, "together"),
    ("server console", 2.0, "cross-server"),
    ("survives a split message", 2.0, "split"),
)


def student(name: str, verdicts: Sequence[Verdict], rounds: int = 1) -> StudentResult:
    """A student with these verdicts, one for each of CHECKS; the rest passed."""
    shares = {
        Verdict.PASSED: 1.0,
        Verdict.GRADER_FAULT: 1.0,
        Verdict.PRESENTATION: 0.75,
        Verdict.WRONG: 0.5,
    }
    given = [*verdicts, *[Verdict.PASSED] * len(CHECKS)][: len(CHECKS)]
    checks = tuple(
        check(label, verdict, most * shares.get(verdict, 0.0), most, scenario)
        for (label, most, scenario), verdict in zip(CHECKS, given, strict=True)
    )
    return StudentResult(
        name,
        sum(each.points for each in checks),
        sum(each.max_points for each in checks),
        checks,
        scenarios(rounds, flaky=Verdict.TIMED_OUT in given),
        7.25,
        "ab" * 32,
        f"submissions/{name}",
    )


def ungraded(
    name: str, fault: str = "the archive is damaged: bad CRC-32 for server.py"
) -> StudentResult:
    """A student who could not be graded."""
    return StudentResult(name, 0.0, 20.0, (), fault=fault, submission=f"submissions/{name}.zip")


def class_of(*students: StudentResult, alike: tuple[AlikePair, ...] = ()) -> ClassResult:
    return ClassResult(
        lab="mp4",
        title="Message transfer with log retrieval",
        graded="2026-11-22T05:16:00+00:00",
        isolation=ISOLATION,
        students=students,
        alike=alike,
    )


def every_verdict() -> ClassResult:
    """A small class with every verdict, a flaky result, one not graded and a pair that is alike."""
    verdicts = list(Verdict)
    return class_of(
        student("Ada Lovelace", verdicts[:6], rounds=8),
        student("grace", verdicts[4:]),
        student("edsger", []),
        ungraded("mallory"),
        alike=(AlikePair("grace", "edsger", 0.87, 0.12, ("server.py:10-24 = server.py:12-26",)),),
    )


def hostile() -> ClassResult:
    """A class whose every text is hostile."""
    texts = {"why": HOSTILE, "difference": HOSTILE, "help": HOSTILE, "replay": HOSTILE}
    checks = (
        Check(HOSTILE, Verdict.WRONG, 1.0, 2.0, scenario=HOSTILE, other_run=HOSTILE, **texts),
        Check("console", Verdict.PASSED, 1.0, 1.0),
    )
    line = LineRecord("wrong", (Segment(HOSTILE),), (Segment(HOSTILE, True),), 0.1)
    happening = Happening(0.1, HOSTILE, "server", "data", HOSTILE, 3)
    scenario = ScenarioRecord(
        HOSTILE, HOSTILE, 1.0, (StreamRecord(HOSTILE, (line,), HOSTILE),), (happening,)
    )
    students = tuple(StudentResult(name, 2.0, 3.0, checks, (scenario,)) for name in HOSTILE_NAMES)
    return ClassResult(
        lab=HOSTILE,
        title=HOSTILE,
        graded=HOSTILE,
        isolation=Isolation(HOSTILE, HOSTILE),
        students=(*students, ungraded("eve", HOSTILE)),
        alike=(AlikePair(HOSTILE_NAMES[0], "a/b", 0.5, 0.1, (HOSTILE,)),),
    )


def large(students: int = 200) -> ClassResult:
    """A class of many, in which few are alike in what they lost."""
    verdicts = list(Verdict)
    return class_of(
        *(
            student(
                f"student {number:03}",
                [
                    verdicts[(number * 7 + index * 3) % 10]
                    if (number * (index + 3)) % 4 < number % 5 - 1
                    else Verdict.PASSED
                    for index in range(len(CHECKS))
                ],
            )
            if number % 40
            else ungraded(f"student {number:03}")
            for number in range(students)
        ),
        alike=tuple(
            AlikePair(f"student {each:03}", f"student {each + 1:03}", 0.9 - each / 20, 0.1)
            for each in range(1, 6)
        ),
    )
