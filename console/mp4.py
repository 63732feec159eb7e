"""mp4's voice: the lines of its driver, server and client, word for word as the lab has them."""

from __future__ import annotations

from console.text import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from console.screen import Screen
    from wire.events import Event

SERVER_STARTED = "MP4 Driver: Server Thread Started...\n"
DOWNLOADING = "MP4 Driver: Proceeding to download server logs with FTP\n"
DOWNLOADED_ALL = "MP4 Driver: Finished downloading server log files."
TERMINATING = "MP4 Driver: Application Terminating...Server exiting..."


def connected(host: str) -> str:
    return f"Client: Connected to server {printable(host)}..."


def sent(host: str) -> str:
    return f"Client: Message data sent to server {printable(host)}"


def downloaded(name: str) -> str:
    return f"MP4 Driver: Downloaded {printable(name)} from server."


def log_file(name: str, content: bytes) -> str:
    """A log as the driver prints it, under a heading with its name."""
    return f"-----\nFile name: {printable(name)}\n-----\n{printable(content)}"


def server_lines(event: Event) -> str | None:
    """What the server says of an event, if anything."""
    from wire import events

    match event:
        case events.ClientConnected(client):
            return f"Server: Client connected to from {client}"
        case events.MessageStored(client):
            return f"Server: Message Received from {client}"
        case events.WordReceived(client):
            return f"Server: Word Received from {client}"
        case _:
            return None


class DriverVoice:
    """The driver's lines, and those of the server in its thread."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def server_started(self) -> None:
        self._screen.show(SERVER_STARTED, "driver")

    def server_event(self, event: Event) -> None:
        lines = server_lines(event)
        if lines is not None:
            self._screen.show_aside(lines, "server")

    def sending(self, messages: int) -> AbstractContextManager[Callable[[], None]]:
        return self._screen.progress("Sending messages", messages)

    def client_ended(self) -> None:
        self._screen.show("")

    def downloading(self) -> None:
        self._screen.show(DOWNLOADING, "driver")

    def downloaded(self, name: str) -> None:
        self._screen.show(downloaded(name), "driver")

    def downloaded_all(self) -> None:
        self._screen.show(DOWNLOADED_ALL, "driver")

    def log_file(self, name: str, content: bytes) -> None:
        self._screen.show(log_file(name, content))

    def terminating(self) -> None:
        self._screen.show(TERMINATING, "driver")
