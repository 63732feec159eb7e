"""Every error that Wirelab raises, by whose fault it is.

    WirelabError                 exit code
    +-- LabFailed                1  this machine or a part of the lab: port taken, disk full
    +-- UsageError               2  the caller: a missing file, no password
    +-- NoServer                 3  nothing answers there, or it went away
    +-- ProtocolError            4  the peer broke the protocol, or is something else
    |   +-- Undecipherable       4  a body that its mode can't decrypt
    +-- Refused                  4  the peer answered with an ERROR
    +-- IntegrityError           4  what arrived is not what was sent
    +-- TimedOut                 5  the peer was too slow, or silent

Library code raises them; each entry point turns one into a line on stderr, a
hint and an exit code (`console.command_line.guard`).
"""

from __future__ import annotations

from enum import IntEnum

INTERRUPTED = 130
"""The exit code of a program that a signal stopped."""


class ErrorCode(IntEnum):
    """What an ERROR frame says (docs/protocol.md)."""

    BAD_FRAME = 1
    UNSUPPORTED_VERSION = 2
    UNSUPPORTED_MODE = 3
    TOO_LARGE = 4
    UNDECIPHERABLE = 5
    UNEXPECTED = 6
    TOO_SLOW = 7
    BUSY = 8
    UNAVAILABLE = 9


RETRYABLE = frozenset({ErrorCode.TOO_SLOW, ErrorCode.BUSY, ErrorCode.UNAVAILABLE})
"""Codes after which the same request may succeed later."""


class WirelabError(Exception):
    """A fault that a user can be told of: what happened, and a hint that names the fix."""

    exit_code = 1
    retryable = False

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class LabFailed(WirelabError):
    """This machine, or a part of the lab, could not do its share."""


class UsageError(WirelabError):
    """The caller asked for what can't be done as asked."""

    exit_code = 2


class NoServer(WirelabError):
    """Nothing answers at that address, or the connection was lost."""

    exit_code = 3
    retryable = True


class ProtocolError(WirelabError):
    """The peer sent what the protocol does not allow; `code` is the ERROR it gets."""

    exit_code = 4

    def __init__(self, code: ErrorCode, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.code = code


class Undecipherable(ProtocolError):
    """A body that its mode can't decrypt."""

    def __init__(self, message: str) -> None:
        super().__init__(
            ErrorCode.UNDECIPHERABLE, message, "send it again; it was damaged or never encrypted"
        )


class Refused(WirelabError):
    """The peer answered with an ERROR frame."""

    exit_code = 4

    def __init__(self, code: ErrorCode, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.code = code
        self.retryable = code in RETRYABLE


class IntegrityError(WirelabError):
    """What arrived is not what was sent."""

    exit_code = 4


class TimedOut(WirelabError):
    """The peer was silent, or too slow."""

    exit_code = 5
    retryable = True
