"""cs330's voice: what its client and its server print, word for word as the lab has it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from console.text import printable
from wire import events
from wire.frames import Mode

if TYPE_CHECKING:
    from console.screen import Screen

SERVER_DOWN = "Error: Server is down! So we can not establish the connection at the client"
SERVER_READY = "The server is ready to receive"

_CHOICES: dict[str, Mode | None] = {
    "open mode": Mode.OPEN,
    "secure mode": Mode.SECURE,
    "quit application": None,
}

_LONGEST_SHOWN = 10_000
"""Bytes of a word that the server prints."""

_NUMBERED = ", ".join(f"{number} {name}" for number, name in enumerate(_CHOICES, start=1))

_MENU = """\
Connection Established in Client.
Select one of the options.
1.Open mode(to exchange messages as cleartext).
2.Secure mode(to exchange messages as ciphertext).
3.Quit application(to end the connection)."""


class ClientVoice:
    """The menu's questions and lines. On a terminal, answers have line editing and history."""

    def __init__(self) -> None:
        self._at_terminal = sys.stdin.isatty()
        sys.stdin.reconfigure(errors="surrogateescape")  # type: ignore[union-attr]
        if self._at_terminal:
            import readline  # noqa: F401 - `input` uses it once it is there

    def established(self) -> None:
        self._say(_MENU)

    def ask_mode(self) -> Mode | None:
        while True:
            answer = " ".join(self._ask("").casefold().split())
            for number, (name, mode) in enumerate(_CHOICES.items(), start=1):
                if answer in (str(number), name, name.split()[0]):
                    if mode:
                        self._say(f"\nYou chose {name}.")
                    return mode
            self._say(f"Please answer with a name or number: {_NUMBERED}")

    def ask_word(self, mode: Mode) -> bytes:
        prompt = "Input lowercase word:" if mode is Mode.OPEN else "Input secret word: "
        return self._ask(prompt).encode(errors="surrogateescape")

    def too_long(self, largest: int) -> None:
        self._say(f"This word is too long: the server takes at most {largest} bytes.")
        self._ask_again()

    def sending(self, mode: Mode, word: bytes, payload: bytes) -> None:
        if mode is Mode.OPEN:
            self._say("Word will capitalize by the Server.\nSending word to Server...")
        else:
            self._say(
                "Word will encrypt with AES.\n"
                f"The word is {printable(word)}\n"
                f"After encryption is {payload!r}\n"
                "Sending encrypted word to Server...\n"
            )

    def capitalized(self, word: bytes) -> None:
        self._say(f"Received the word from Server after capitalized it: {printable(word)} .")
        self._ask_again()

    def decrypted(self, word: bytes) -> None:
        self._say(
            "The first receive: Received the word as cleartext from the Server"
            f" after decrypted it: {printable(word)}"
        )

    def encrypted(self, payload: bytes) -> None:
        self._say(
            "The second receive: Received the word as ciphertext from the Server"
            f" after encrypted it: {payload!r}"
        )
        self._ask_again()

    def quitting(self) -> None:
        self._say("\nYou chose quit mode, the connection release...")

    def ended(self) -> None:
        self._say("Connection End.")

    def _ask_again(self) -> None:
        self._say("\nEnter another mode, or quit application to end the connection")

    def _ask(self, prompt: str) -> str:
        if self._at_terminal:
            return input(prompt)
        self._say(prompt, end="")
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        answer = line.rstrip("\r\n")
        # A scripted session reads like a typed one.
        self._say(printable(answer.encode(errors="surrogateescape")))
        return answer

    def _say(self, text: str, end: str = "\n") -> None:
        print(text, end=end, flush=True)


def server_lines(event: events.Event) -> str | None:
    """What the server says of an event, if anything."""
    match event:
        case events.ClientConnected((host, port)):
            return (
                f"Connection Established in Server. Client IP address {host}"
                f" Client port number {port}"
            )
        case events.WordReceived(_, Mode.OPEN, _, word):
            return (
                f"Received word from client: {_shown(word)}\n"
                "Word is cleartext, so I will capitalize.\n"
                "Send the word to Client after capitalized it...\n"
            )
        case events.WordReceived(_, _, payload, word):
            return (
                f"Received word from client: {payload[:_LONGEST_SHOWN]!r}{_rest(payload)}\n"
                "The word is encrypted, so I will decrypt.\n"
                f"The word after decrypted is: {_shown(word)}\n\n"
                "The first send: send the decrypted word to the Client as cleartext...\n"
                "The second send: send the word after encrypted by the Server"
                " to the Client as ciphertext...\n"
            )
        case events.MessageStored(_, _, _, receipt):
            return f"Received a message from client, kept as {receipt.log_name}"
        case events.ClientLeft(_, goodbye=True):
            return (
                "The client ended its connection, I will end the connection as well..\n"
                "Connection End."
            )
        case _:
            return None


def _shown(word: bytes) -> str:
    return f"{printable(word[:_LONGEST_SHOWN])}{_rest(word)}"


def _rest(word: bytes) -> str:
    """What a server says instead of the rest of a word; its other clients are waiting."""
    return f" ... {len(word)} bytes in all" if len(word) > _LONGEST_SHOWN else ""


class DriverVoice:
    """What the driver shows of a scripted session: what both ends printed, in two parts."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def server_ready(self) -> str:
        return SERVER_READY

    def server_lines(self, event: events.Event) -> str | None:
        return server_lines(event)

    def sides(self, client: list[str], server: list[str]) -> None:
        self._screen.show_parts(_part("CLIENT SIDE", client), _part("SERVER SIDE", server))


def _part(title: str, lines: list[str]) -> str:
    return "\n".join(["-----", title, "-----", "", *lines, ""])
