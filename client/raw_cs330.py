"""cs330's own wire, the client's end: the menu, with words that carry no length."""

from __future__ import annotations

from client.raw_connection import RawConnection, shown
from wire.ciphers import cipher_for
from wire.errors import IntegrityError
from wire.frames import LARGEST_BODY, Mode
from wire.raw import BLOCK_SIZE, capitals, encode_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from client.menu import Voice

    class RawVoice(Voice, Protocol):
        """A voice that can also say why a word does not fit this wire."""

        def unsuitable(self, why: str) -> None: ...


def run_menu(connection: RawConnection, voice: RawVoice) -> None:
    """Ask and answer until the user quits or the input ends.

    KeyboardInterrupt quits in the same order, then goes on to the caller. A
    wrong answer is shown, then raised as IntegrityError.
    """
    voice.established()
    try:
        while mode := voice.ask_mode():
            word = voice.ask_word(mode)
            if len(word) > LARGEST_BODY:
                voice.too_long(LARGEST_BODY)
            elif why := _misfit(mode, word):
                voice.unsuitable(why)
            elif mode is Mode.OPEN:
                _exchange_open(connection, voice, word)
            else:
                _exchange_secure(connection, voice, word)
    except EOFError:
        _quit(connection, voice)
    except KeyboardInterrupt:
        _quit(connection, voice)
        raise
    else:
        _quit(connection, voice)


def _quit(connection: RawConnection, voice: RawVoice) -> None:
    voice.quitting()
    connection.say_goodbye(*encode_word(Mode.NONE))
    voice.ended()


def _misfit(mode: Mode, word: bytes) -> str:
    """Why this wire can't carry a word, if so."""
    if not word:
        return "The lab's own wire can't carry an empty word."
    if mode is Mode.SECURE and len(word) % BLOCK_SIZE:
        return (
            f"On the lab's own wire a secret word has {BLOCK_SIZE} bytes, or a multiple of that:"
            f" this one has {len(word)}."
        )
    return ""


def _exchange_open(connection: RawConnection, voice: RawVoice, word: bytes) -> None:
    connection.check_silence()
    voice.sending(Mode.OPEN, word, word)
    connection.send(*encode_word(Mode.OPEN, word))
    answer = connection.answer(capitals(word), word.upper())
    voice.capitalized(answer)
    # Beyond ASCII languages do not agree on what the capitals are.
    if word.isascii() and answer != word.upper():
        raise _wrong(answer, word.upper())


def _exchange_secure(connection: RawConnection, voice: RawVoice, word: bytes) -> None:
    connection.check_silence()
    cipher = cipher_for(Mode.SECURE)
    _, payload = cipher.seal(word, cipher.derive_key(""))
    voice.sending(Mode.SECURE, word, payload)
    connection.send(*encode_word(Mode.SECURE, payload))
    for right, show, more in ((word, voice.decrypted, True), (payload, voice.encrypted, False)):
        answer = connection.answer(right, more=more)
        show(answer)
        if answer != right:
            raise _wrong(answer, right)


def _wrong(answer: bytes, right: bytes) -> IntegrityError:
    return IntegrityError(
        f"the server answered {shown(answer)} where {shown(right)} is right",
        "see the server's own output",
    )
