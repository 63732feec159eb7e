"""cs330's menu: words to the server and back, in the open or encrypted."""

from __future__ import annotations

from typing import Protocol

from client.connection import Connection
from wire.ciphers import cipher_for
from wire.frames import Frame, FrameType, Mode


class Voice(Protocol):
    """Whoever asks the user and shows what happens. Input may end with EOFError."""

    def established(self) -> None: ...
    def ask_mode(self) -> Mode | None:
        """Open, secure, or None to quit."""

    def ask_word(self, mode: Mode) -> bytes: ...
    def too_long(self, largest: int) -> None: ...
    def sending(self, mode: Mode, word: bytes, payload: bytes) -> None: ...
    def capitalized(self, word: bytes) -> None: ...
    def decrypted(self, word: bytes) -> None: ...
    def encrypted(self, payload: bytes) -> None: ...
    def quitting(self) -> None: ...
    def ended(self) -> None: ...


def run_menu(connection: Connection, voice: Voice) -> None:
    """Ask and answer until the user quits or the input ends.

    KeyboardInterrupt quits in the same order, then goes on to the caller.
    """
    voice.established()
    try:
        while mode := voice.ask_mode():
            _exchange(connection, voice, mode, voice.ask_word(mode))
    except EOFError:
        _quit(connection, voice)
    except KeyboardInterrupt:
        _quit(connection, voice)
        raise
    else:
        _quit(connection, voice)


def _quit(connection: Connection, voice: Voice) -> None:
    voice.quitting()
    connection.say_goodbye()
    voice.ended()


def _exchange(connection: Connection, voice: Voice, mode: Mode, word: bytes) -> None:
    cipher = cipher_for(mode)
    flags, payload = cipher.seal(word, cipher.derive_key(""))
    if len(payload) > connection.hello.largest_body:
        voice.too_long(connection.hello.largest_body)
        return
    voice.sending(mode, word, payload)
    request_id = connection.next_request_id()
    connection.request(
        Frame(FrameType.ECHO, mode=mode, flags=flags, request_id=request_id, body=payload)
    )
    if mode is Mode.OPEN:
        voice.capitalized(connection.answer().body)
    else:
        voice.decrypted(connection.answer().body)
        voice.encrypted(connection.answer().body)
