"""docs/protocol.md says what the code does: its tables, its examples, its session, its client."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import pytest

from server.limits import Limits
from tests.programs import ROOT, RunningServer, run_program, running_server
from wire.ciphers import cipher_for, classic
from wire.errors import RETRYABLE, ErrorCode
from wire.frames import (
    HEADER,
    LARGEST_BODY,
    MESSAGE_ID_SIZE,
    MORE,
    PADDED,
    Frame,
    FrameType,
    Hello,
    Mode,
    Receipt,
    decode_error,
    decode_store,
    error_frame,
    store_frame,
)
from wire.session import TRANSITIONS, Party, Session, State
from wire.stream import FrameReader

PAGE = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(#([^)]+)\)")

PASSWORD = "secret"
MESSAGE = b"Hello, server!"

Field = tuple[str, bytes, str]
"""A row of an example: the field's name, its bytes, and the value that the page states."""


def blocks(language: str) -> list[str]:
    return [text for tag, text in FENCED.findall(PAGE) if tag == language]


def table(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without their backquotes."""
    rows = []
    for line in PAGE.split(f"\n{heading}\n", 1)[1].lstrip().splitlines():
        if line.startswith("|"):
            rows.append([cell.strip(" `") for cell in line.strip("|").split("|")])
        elif rows:
            break
    return rows[2:]


def layout(heading: str) -> list[tuple[str, str]]:
    """Offset and size of each field of a body."""
    return [(offset, size) for offset, size, *_ in table(heading)]


def read_example(text: str) -> list[Field]:
    """An example's fields; rows without a name go on with the field above them."""
    rows: list[Field] = []
    size = 0
    for line in text.splitlines():
        match = re.fullmatch(r" *(\d+)  ((?:[0-9a-f]{2} ?){1,16})(?: +(\w[\w ]*?)  +(.+))?", line)
        assert match, line
        assert int(match[1]) == size
        data = bytes.fromhex(match[2])
        size += len(data)
        if match[3]:
            rows.append((match[3], data, match[4]))
        else:
            name, before, value = rows.pop()
            rows.append((name, before + data, value))
    return rows


def read_session(text: str) -> list[tuple[Party, bytes, str]]:
    """A session's frames: who sends it, its bytes, and what the page calls it."""
    frames: list[tuple[Party, bytes, str]] = []
    for line in text.splitlines():
        match = re.fullmatch(r"([<> ]) ((?:[0-9a-f]{2} ?){1,16})(?: +(\w+(?: \d+)?))?", line)
        assert match, line
        data = bytes.fromhex(match[2])
        if match[1] == " ":
            party, before, name = frames.pop()
            frames.append((party, before + data, name))
        else:
            frames.append((Party.CLIENT if match[1] == ">" else Party.SERVER, data, match[3]))
    return frames


def decode(data: bytes) -> Frame:
    """The one frame that these bytes are."""
    reader = FrameReader()
    reader.feed(data)
    frame = reader.next_frame()
    assert frame is not None
    assert reader.pending == 0
    return frame


def describe(frame: Frame) -> list[Field]:
    """What a page should say of a frame."""
    header, body = frame.encode()[: HEADER.size], _describe_body(frame)
    flags = [str(frame.flags)]
    flags += [name for flag, name in ((PADDED, "PADDED"), (MORE, "MORE")) if frame.flags & flag]
    return [
        ("magic", header[:4], '"WLAB"'),
        ("version", header[4:5], "1"),
        ("type", header[5:6], f"{frame.type} {frame.type.name}"),
        ("mode", header[6:7], f"{frame.mode} {frame.mode.name}"),
        ("flags", header[7:8], " ".join(flags)),
        ("request id", header[8:12], str(frame.request_id)),
        ("length", header[12:], str(len(frame.body))),
        *body,
    ]


def _describe_body(frame: Frame) -> list[Field]:
    body = frame.body
    if frame.type is FrameType.HELLO:
        hello = Hello.decode(frame)
        modes = " ".join(mode.name for mode in hello.modes)
        return [
            ("modes", body[:4], f"{int.from_bytes(body[:4])} {modes}"),
            ("largest body", body[4:8], str(hello.largest_body)),
        ]
    if frame.type is FrameType.STORE:
        message_id, payload = decode_store(frame)
        return [("message id", message_id, "random"), *_describe_payload(frame, payload)]
    if frame.type is FrameType.REPLY and frame.mode is Mode.NONE:
        receipt = Receipt.decode(frame)
        assert receipt.digest == sha256(MESSAGE).digest()
        return [
            ("message id", receipt.message_id, "the message's"),
            ("number", body[16:20], str(receipt.number)),
            ("size", body[20:24], str(receipt.size)),
            ("digest", receipt.digest, f"SHA-256 of [{MESSAGE.decode()}]"),
            ("log name", body[56:], f'"{receipt.log_name}"'),
        ]
    if frame.type is FrameType.ERROR:
        code, text = decode_error(frame)
        return [("code", body[:2], f"{code} {code.name}"), ("text", body[2:], f'"{text}"')]
    return _describe_payload(frame, body)


def _describe_payload(frame: Frame, payload: bytes) -> list[Field]:
    if not payload:
        return []
    text = cipher_for(frame.mode).unseal(frame.flags, payload).decode()
    if frame.mode is Mode.OPEN:
        return [("payload", payload, f'"{text}"')]
    if frame.mode is Mode.SECURE:
        return [("payload", payload, f"[{text}]")]
    assert payload[:32] == classic.derive_key(PASSWORD)
    return [
        ("key", payload[:32], f'of the password "{PASSWORD}"'),
        ("ciphertext", payload[32:], f"[{text}]"),
    ]


def encode_anew(frame: Frame) -> bytes:
    """The frame as this project's programs would make it of what it means."""
    if frame.type is FrameType.HELLO:
        return Hello.decode(frame).frame().encode()
    if frame.type is FrameType.STORE:
        message_id, payload = decode_store(frame)
        flags, payload = _seal_anew(frame, payload)
        return store_frame(frame.mode, flags, message_id, payload, frame.request_id).encode()
    if frame.type is FrameType.REPLY and frame.mode is Mode.NONE:
        return Receipt.decode(frame).frame(frame.request_id).encode()
    if frame.type is FrameType.ERROR:
        return error_frame(*decode_error(frame), frame.request_id).encode()
    if frame.type is FrameType.BYE:
        return Frame(FrameType.BYE).encode()
    flags, payload = _seal_anew(frame, frame.body)
    return Frame(
        frame.type,
        mode=frame.mode,
        flags=flags | frame.flags & MORE,
        request_id=frame.request_id,
        body=payload,
    ).encode()


def _seal_anew(frame: Frame, payload: bytes) -> tuple[int, bytes]:
    cipher = cipher_for(frame.mode)
    return cipher.seal(cipher.unseal(frame.flags, payload), cipher.derive_key(PASSWORD))


EXAMPLES = [read_example(text) for text in blocks("hex")]
FRAMES = [decode(b"".join(data for _, data, _ in example)) for example in EXAMPLES]


@pytest.mark.parametrize(
    ("example", "frame"), list(zip(EXAMPLES, FRAMES, strict=True)), ids=map(repr, FRAMES)
)
def test_an_example_is_the_frame_that_it_says(example: list[Field], frame: Frame) -> None:
    assert example == describe(frame)
    assert encode_anew(frame) == b"".join(data for _, data, _ in example)


def test_the_examples_show_every_frame() -> None:
    shown = {(frame.type.name, frame.mode.name, frame.flags) for frame in FRAMES}
    assert shown == {
        ("HELLO", "NONE", 0),
        ("STORE", "CLASSIC", 0),
        ("STORE", "SECURE", PADDED),
        ("REPLY", "NONE", 0),
        ("ECHO", "OPEN", 0),
        ("REPLY", "OPEN", 0),
        ("ECHO", "SECURE", 0),
        ("ECHO", "SECURE", PADDED),
        ("REPLY", "OPEN", MORE),
        ("REPLY", "SECURE", 0),
        ("ERROR", "NONE", 0),
        ("BYE", "NONE", 0),
    }
    assert {bool(frame.request_id) for frame in FRAMES if frame.type is FrameType.ERROR} == {
        True,
        False,
    }


@pytest.mark.parametrize(
    ("heading", "members"),
    [("### Frame types", FrameType), ("### Modes", Mode), ("## Error codes", ErrorCode)],
)
def test_every_number_has_its_name(
    heading: str, members: type[FrameType | Mode | ErrorCode]
) -> None:
    stated = [(row[0], row[1]) for row in table(heading) if row[0]]
    assert stated == [(str(int(member)), member.name) for member in members]


def test_the_flags() -> None:
    stated = [(value, name) for value, name, _ in table("### Flags")]
    assert stated == [(str(PADDED), "PADDED"), (str(MORE), "MORE")]


def test_what_may_be_tried_again() -> None:
    again = {number for number, _, _, _, again in table("## Error codes") if again == "yes"}
    assert again == {str(int(code)) for code in RETRYABLE}


def test_the_layouts() -> None:
    assert layout("## Frames") == [
        *(("0", "4"), ("4", "1"), ("5", "1"), ("6", "1"), ("7", "1"), ("8", "4"), ("12", "4")),
    ]
    assert layout("### HELLO") == [("0", "4"), ("4", "4"), ("8", "rest")]
    assert layout("### STORE") == [("0", str(MESSAGE_ID_SIZE)), ("16", "rest")]
    assert layout("### ERROR") == [("0", "2"), ("2", "rest")]
    assert layout("### The receipt") == [
        *(("0", "16"), ("16", "4"), ("20", "4"), ("24", "32"), ("56", "rest")),
    ]


def test_the_states() -> None:
    stated = {
        (State[state], Party[party.upper()], FrameType[type]): State[after]
        for state, party, type, after in table("## States")
    }
    assert stated == TRANSITIONS


def test_the_limits() -> None:
    stated = {option: float(default) for option, default, _ in table("## Limits")}
    assert stated == {
        f"--{limit.name.replace('_', '-')}": limit.default for limit in fields(Limits)
    }


def test_links_lead_somewhere() -> None:
    headings = re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)
    anchors = {heading.lower().replace(" ", "-") for heading in headings}
    assert set(LINK.findall(PAGE)) <= anchors


SESSION = read_session(blocks("session")[0])


def test_the_session_is_legal_from_hello_to_bye() -> None:
    session = Session()
    assert (
        SESSION[0][1] == next(frame for frame in FRAMES if frame.type is FrameType.HELLO).encode()
    )
    for party, data, name in SESSION:
        frame = decode(data)
        assert name == f"{frame.type.name} {frame.request_id or ''}".strip()
        session.advance(party, frame)
    assert session.state is State.CLOSED
    assert session.unanswered == set()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path / "logs") as running:
        yield running


@contextmanager
def greeted(server: RunningServer) -> Iterator[tuple[socket.socket, BinaryIO]]:
    """A connection, and what its server says after HELLO."""
    with (
        socket.create_connection((server.host, server.port), timeout=10) as connection,
        connection.makefile("rb") as answers,
    ):
        hello = Hello((Mode.OPEN, Mode.CLASSIC, Mode.SECURE), LARGEST_BODY).frame().encode()
        assert answers.read(len(hello)) == hello
        yield connection, answers


def read_frame(answers: BinaryIO) -> Frame:
    header = answers.read(HEADER.size)
    return decode(header + answers.read(int.from_bytes(header[12:])))


FAULTS = {
    (ErrorCode.BAD_FRAME, "no"): [
        b"GET / HTTP/1.1\r\n\r\n",
        b"WLAB\x01\x09\x01\x00\x00\x00\x00\x04\x00\x00\x00\x00",
    ],
    (ErrorCode.BAD_FRAME, "yes"): [
        b"WLAB\x01\x02\x01\x00\x00\x00\x00\x04\x00\x00\x00\x0ffifteen bytes..",
    ],
    (ErrorCode.UNSUPPORTED_VERSION, "no"): [
        b"WLAB\x02\x03\x01\x00\x00\x00\x00\x04\x00\x00\x00\x00",
    ],
    (ErrorCode.UNSUPPORTED_MODE, "no"): [
        b"WLAB\x01\x03\x09\x00\x00\x00\x00\x04\x00\x00\x00\x00",
    ],
    (ErrorCode.UNSUPPORTED_MODE, "yes"): [
        b"WLAB\x01\x03\x00\x00\x00\x00\x00\x04\x00\x00\x00\x00",
    ],
    (ErrorCode.TOO_LARGE, "no"): [
        b"WLAB\x01\x03\x01\x00\x00\x00\x00\x04\x04\x00\x00\x01",
    ],
    (ErrorCode.UNDECIPHERABLE, "yes"): [
        b"WLAB\x01\x03\x03\x00\x00\x00\x00\x04\x00\x00\x00\x05hello",
        b"WLAB\x01\x03\x02\x00\x00\x00\x00\x04\x00\x00\x00\x05hello",
    ],
    (ErrorCode.UNEXPECTED, "no"): [
        b"WLAB\x01\x03\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00",
        b"WLAB\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
    ],
}
"""What a client may do wrong in a moment, by its code and whether the connection goes on."""

NOT_IN_A_MOMENT = {
    (ErrorCode.TOO_SLOW, "no"),
    (ErrorCode.BUSY, "no"),
    (ErrorCode.UNAVAILABLE, "yes"),
}


def test_a_connection_goes_on_after_an_error_or_not(server: RunningServer) -> None:
    stated, code = set(), ErrorCode.BAD_FRAME
    for number, _, _, goes_on, _ in table("## Error codes"):
        code = ErrorCode(int(number)) if number else code
        stated.add((code, goes_on))
    assert stated == FAULTS.keys() | NOT_IN_A_MOMENT

    goodbye = Frame(FrameType.BYE).encode()
    said = []
    for (code, goes_on), faults in FAULTS.items():
        for fault in faults:
            with greeted(server) as (connection, answers):
                connection.sendall(fault)
                error = read_frame(answers)
                said.append(error)
                assert decode_error(error)[0] is code
                if goes_on == "yes":
                    assert error.request_id == 4
                    connection.sendall(goodbye)
                    assert answers.read() == goodbye
                else:
                    assert error.request_id == 0
                    assert answers.read() == b""

    for example in FRAMES:
        assert example.type is not FrameType.ERROR or example in said


def test_the_session_is_what_a_server_says(server: RunningServer) -> None:
    with greeted(server) as (connection, answers):
        for party, data, _ in SESSION[1:]:
            if party is Party.CLIENT:
                connection.sendall(data)
            else:
                assert answers.read(len(data)) == data
        assert answers.read() == b""
    assert MESSAGE in server.log(0)


def run_client(folder: Path, server: RunningServer) -> tuple[int, str, str]:
    """Run the page's client on MESSAGE, where it can import nothing of ours."""
    (client,) = blocks("python")
    (folder / "client.py").write_text(client, encoding="utf-8")
    (folder / "message.txt").write_bytes(MESSAGE)
    run = partial(run_program, "-I", folder / "client.py")
    ended = run(server.host, str(server.port), folder / "message.txt")
    return ended.returncode, ended.stdout, ended.stderr


def test_the_client_stores_a_message(tmp_path: Path, server: RunningServer) -> None:
    kept = "kept as 'server_message0.txt', 14 bytes\n"
    assert run_client(tmp_path, server) == (0, kept, "")
    assert MESSAGE in server.log(0)


def test_the_client_says_why_it_was_refused(tmp_path: Path) -> None:
    with running_server(tmp_path / "logs", "--largest-body", "29") as server:
        reason = "the server refused: 'a frame of 30 bytes was announced; at most 29 are taken'\n"
        assert run_client(tmp_path, server) == (1, "", reason)
