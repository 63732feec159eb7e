"""The states of a conversation, and one table of legal transitions.

Both ends keep a Session and tell it of every frame, sent or received; what the
table does not list is a ProtocolError, raised before the frame is acted on.
"""

from __future__ import annotations

from enum import Enum, auto

from wire.errors import ErrorCode, ProtocolError
from wire.frames import MORE, Frame, FrameType


class Party(Enum):
    CLIENT = auto()
    SERVER = auto()


class State(Enum):
    GREETING = auto()
    OPEN = auto()
    ENDING = auto()
    CLOSED = auto()


TRANSITIONS: dict[tuple[State, Party, FrameType], State] = {
    (State.GREETING, Party.SERVER, FrameType.HELLO): State.OPEN,
    (State.OPEN, Party.CLIENT, FrameType.STORE): State.OPEN,
    (State.OPEN, Party.CLIENT, FrameType.ECHO): State.OPEN,
    (State.OPEN, Party.SERVER, FrameType.REPLY): State.OPEN,
    (State.OPEN, Party.SERVER, FrameType.ERROR): State.OPEN,
    (State.OPEN, Party.CLIENT, FrameType.BYE): State.ENDING,
    (State.OPEN, Party.SERVER, FrameType.BYE): State.CLOSED,
    (State.ENDING, Party.SERVER, FrameType.REPLY): State.ENDING,
    (State.ENDING, Party.SERVER, FrameType.ERROR): State.ENDING,
    (State.ENDING, Party.SERVER, FrameType.BYE): State.CLOSED,
}

REQUESTS = (FrameType.STORE, FrameType.ECHO)
ANSWERS = (FrameType.REPLY, FrameType.ERROR)


class Session:
    """Where a conversation stands, and which requests still wait for their answer."""

    def __init__(self) -> None:
        self.state = State.GREETING
        self.unanswered: set[int] = set()

    def advance(self, sender: Party, frame: Frame) -> None:
        """Take note of a frame. Raises ProtocolError if `sender` may not send it now."""
        if sender is Party.SERVER and frame.type is FrameType.ERROR and not frame.request_id:
            self.state = State.CLOSED
            return
        state = TRANSITIONS.get((self.state, sender, frame.type))
        if state is None:
            raise _unexpected(f"a {frame.type.name} in state {self.state.name}")
        if frame.type in REQUESTS:
            self._ask(frame)
        elif frame.type in ANSWERS:
            self._answer(frame)
        self.state = state

    def _ask(self, frame: Frame) -> None:
        if not frame.request_id:
            raise _unexpected(f"a {frame.type.name} with request id 0")
        if frame.request_id in self.unanswered:
            raise _unexpected(f"request id {frame.request_id} again, before its answer")
        self.unanswered.add(frame.request_id)

    def _answer(self, frame: Frame) -> None:
        if frame.request_id not in self.unanswered:
            raise _unexpected(f"an answer to request {frame.request_id}, which was not made")
        if frame.type is FrameType.ERROR or not frame.flags & MORE:
            self.unanswered.remove(frame.request_id)


def _unexpected(what: str) -> ProtocolError:
    return ProtocolError(
        ErrorCode.UNEXPECTED, f"unexpected: {what}", "docs/protocol.md has the order of frames"
    )
