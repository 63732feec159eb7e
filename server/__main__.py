"""The server program: `python -m server`."""

from __future__ import annotations

import sys

from console import command_line
from console.outlet import Outlet
from console.text import printable
from server.options import Options, parse
from wire.events import Address, Event, RequestRefused
from wire.raw import WIRELAB

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from server.raw_server import Converse

    Voice = Callable[[Event], str | None]

PROGRAM = "server"


def main() -> int:
    """The server's command line; returns its exit code."""
    options = parse(sys.argv[1:])
    return command_line.guard(PROGRAM, lambda: _run(options))


def _run(options: Options) -> int:
    console = _Console(options)
    if options.dialect == WIRELAB:
        _serve_frames(options, console)
    else:
        _serve_raw(options, console)
    raise KeyboardInterrupt  # only a signal ends it


def _serve_frames(options: Options, console: _Console) -> None:
    from pathlib import Path

    from server.limits import Limits
    from server.main_loop import MainLoop

    limits = Limits(**options.limits)
    loop = MainLoop(Path(options.logs), limits, console.show, console.complain)
    loop.run(options.host, options.port, console.ready)


def _serve_raw(options: Options, console: _Console) -> None:
    from server.binding import bind

    # First of all: clients may connect while the rest is imported.
    with bind(options.host, options.port) as listener:
        import signal

        from server.raw_server import RawServer

        converse = _conversation(options)
        with RawServer(listener, console.show) as server:
            stopping = (signal.SIGINT, signal.SIGTERM)
            for number in stopping:
                signal.signal(number, lambda *_: server.stop())
            console.ready(listener.getsockname()[:2])
            server.serve(converse)
            signal.pthread_sigmask(signal.SIG_BLOCK, stopping)  # a second one has nothing to add


def _conversation(options: Options) -> Converse:
    limits = options.largest_body, options.idle_seconds
    if options.dialect == "cs330":
        from server.raw_cs330 import WordConversation

        return WordConversation(*limits)
    from server.raw_mp4 import MessageConversation, MessageLogs

    return MessageConversation(MessageLogs(options.logs), *limits)


class _Console:
    """What the server says: the lab's lines on stdout, all else on stderr."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._lines = Outlet(sys.stdout)
        self._faults = Outlet(sys.stderr)
        self._voice = _silence if options.quiet else _voice(options.lab)

    def ready(self, address: Address) -> None:
        dialect, logs = self._options.dialect, self._options.logs
        self.complain(
            f"listening on {address[0]}:{address[1]}"
            f"{'' if dialect == WIRELAB else f', on the wire of {dialect}'}"
            f"{'' if dialect == 'cs330' else f', logs in {logs}'}"
        )
        self._warn_if_exposed()
        if self._options.lab == "cs330" and not self._options.quiet:
            from console.cs330 import SERVER_READY

            print(SERVER_READY, flush=True)

    def show(self, event: Event) -> None:
        text = self._voice(event)
        if text is not None:
            self._lines.say(text)
        if isinstance(event, RequestRefused):
            self.complain(f"refused {event.client}: {printable(event.reason)}")

    def complain(self, what: str) -> None:
        self._faults.say(f"{PROGRAM}: {what}")

    def _warn_if_exposed(self) -> None:
        what = "whoever reaches it can leave messages here"
        try:
            command_line.warn_if_exposed(PROGRAM, self._options.host, what)
        except OSError:
            return  # nobody reads stderr


def _voice(lab: str) -> Voice:
    if lab == "cs330":
        from console.cs330 import server_lines
    else:
        from console.mp4 import server_lines
    return server_lines


def _silence(_: Event) -> None:
    """The voice of a server that is to be quiet."""


if __name__ == "__main__":
    sys.exit(main())
