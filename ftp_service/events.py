"""What the FTP service reports, as it happens: through `on_event`, in its thread, never printed.

Names come from the network or from the folder: escape them before they are shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Address = tuple[str, int]


@dataclass(frozen=True)
class LoggedIn:
    """A client gave the right password."""

    client: Address


@dataclass(frozen=True)
class LoginRefused:
    """A client gave a wrong password, or a user that there isn't."""

    client: Address
    user: str


@dataclass(frozen=True)
class FileSent:
    """A file, or the archive, went out whole."""

    client: Address
    name: str


@dataclass(frozen=True)
class TransferBroken:
    """A file went out in part; the client was told so, if it still listened."""

    client: Address
    name: str


@dataclass(frozen=True)
class SessionFailed:
    """A fault on this side; the client's transfer or connection was closed for it."""

    client: Address
    reason: str


@dataclass(frozen=True)
class AcceptFailed:
    """A client could not be let in, for want of file descriptors, say; the service goes on."""

    reason: str


Event = LoggedIn | LoginRefused | FileSent | TransferBroken | SessionFailed | AcceptFailed
OnEvent = Callable[[Event], None]
