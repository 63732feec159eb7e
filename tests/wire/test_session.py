"""Every frame in every state, from either party."""

from __future__ import annotations

from itertools import product

import pytest

from wire.errors import ErrorCode, ProtocolError
from wire.frames import MORE, PADDED, Frame, FrameType, error_frame
from wire.session import Party, Session, State

ASKED = 1
"""The request that waits for its answer wherever one may."""

LEGAL = """
    GREETING  SERVER  HELLO  OPEN
    OPEN      CLIENT  STORE  OPEN
    OPEN      CLIENT  ECHO   OPEN
    OPEN      SERVER  REPLY  OPEN
    OPEN      SERVER  ERROR  OPEN
    OPEN      CLIENT  BYE    ENDING
    OPEN      SERVER  BYE    CLOSED
    ENDING    SERVER  REPLY  ENDING
    ENDING    SERVER  ERROR  ENDING
    ENDING    SERVER  BYE    CLOSED
"""
LEADS_TO = {
    (State[state], Party[party], FrameType[type_]): State[after]
    for state, party, type_, after in map(str.split, LEGAL.strip().splitlines())
}
ALL = list(product(State, Party, FrameType))


def session_in(state: State) -> Session:
    """A session that frames brought there, with a request unanswered."""
    session = Session()
    if state is not State.GREETING:
        session.advance(Party.SERVER, Frame(FrameType.HELLO))
        session.advance(Party.CLIENT, Frame(FrameType.ECHO, request_id=ASKED))
    if state is State.ENDING:
        session.advance(Party.CLIENT, Frame(FrameType.BYE))
    if state is State.CLOSED:
        session.advance(Party.SERVER, Frame(FrameType.BYE))
    assert session.state is state
    return session


def a_frame(type: FrameType) -> Frame:
    """A frame to which nothing but its moment can be wrong."""
    if type in (FrameType.REPLY, FrameType.ERROR):
        return Frame(type, request_id=ASKED)
    return Frame(type, request_id=ASKED + 1)


def refused(session: Session, party: Party, frame: Frame) -> str:
    """Why a session refuses a frame; it must stay as it was."""
    before = session.state, set(session.unanswered)
    with pytest.raises(ProtocolError) as caught:
        session.advance(party, frame)
    assert caught.value.code is ErrorCode.UNEXPECTED
    assert (session.state, session.unanswered) == before
    return str(caught.value)


@pytest.mark.parametrize(("state", "party", "type"), [case for case in ALL if case in LEADS_TO])
def test_what_is_legal_leads_on(state: State, party: Party, type: FrameType) -> None:
    session = session_in(state)
    session.advance(party, a_frame(type))
    assert session.state is LEADS_TO[state, party, type]


@pytest.mark.parametrize(("state", "party", "type"), [case for case in ALL if case not in LEADS_TO])
def test_what_is_not_legal_is_refused(state: State, party: Party, type: FrameType) -> None:
    reason = refused(session_in(state), party, a_frame(type))
    assert reason == f"unexpected: a {type.name} in state {state.name}"


@pytest.mark.parametrize("type", [FrameType.STORE, FrameType.ECHO])
def test_a_request_waits_for_its_answer(type: FrameType) -> None:
    session = session_in(State.OPEN)
    session.advance(Party.CLIENT, Frame(type, request_id=2**32 - 1))
    assert session.unanswered == {ASKED, 2**32 - 1}


@pytest.mark.parametrize("type", [FrameType.STORE, FrameType.ECHO])
def test_a_request_needs_an_id_of_its_own(type: FrameType) -> None:
    session = session_in(State.OPEN)
    zero = refused(session, Party.CLIENT, Frame(type, request_id=0))
    assert zero == f"unexpected: a {type.name} with request id 0"
    again = refused(session, Party.CLIENT, Frame(type, request_id=ASKED))
    assert again == "unexpected: request id 1 again, before its answer"


@pytest.mark.parametrize("type", [FrameType.REPLY, FrameType.ERROR])
@pytest.mark.parametrize("state", [State.OPEN, State.ENDING])
def test_an_answer_ends_its_request(state: State, type: FrameType) -> None:
    session = session_in(state)
    session.advance(Party.SERVER, Frame(type, request_id=ASKED))
    assert session.unanswered == set()
    reason = refused(session, Party.SERVER, Frame(type, request_id=ASKED))
    assert reason == "unexpected: an answer to request 1, which was not made"


def test_an_id_is_free_again_after_its_answer() -> None:
    session = session_in(State.OPEN)
    session.advance(Party.SERVER, Frame(FrameType.REPLY, request_id=ASKED))
    session.advance(Party.CLIENT, Frame(FrameType.STORE, request_id=ASKED))
    assert session.unanswered == {ASKED}


def test_requests_are_answered_in_any_order() -> None:
    session = session_in(State.OPEN)
    for request_id in (2, 3):
        session.advance(Party.CLIENT, Frame(FrameType.STORE, request_id=request_id))
    for request_id in (3, 1, 2):
        session.advance(Party.SERVER, Frame(FrameType.REPLY, request_id=request_id))
    assert session.unanswered == set()


def test_a_reply_with_more_to_follow_leaves_its_request_open() -> None:
    session = session_in(State.OPEN)
    for flags in (MORE, MORE | PADDED):
        session.advance(Party.SERVER, Frame(FrameType.REPLY, flags=flags, request_id=ASKED))
        assert session.unanswered == {ASKED}
    session.advance(Party.SERVER, Frame(FrameType.REPLY, flags=PADDED, request_id=ASKED))
    assert session.unanswered == set()


def test_an_error_is_an_answers_end_whatever_its_flags() -> None:
    session = session_in(State.OPEN)
    session.advance(Party.SERVER, Frame(FrameType.REPLY, flags=MORE, request_id=ASKED))
    session.advance(Party.SERVER, Frame(FrameType.ERROR, flags=MORE, request_id=ASKED))
    assert session.unanswered == set()


@pytest.mark.parametrize("state", State)
def test_an_error_of_the_connection_ends_it_at_any_time(state: State) -> None:
    session = session_in(state)
    session.advance(Party.SERVER, error_frame(ErrorCode.BUSY, "too many"))
    assert session.state is State.CLOSED


@pytest.mark.parametrize("state", State)
def test_only_a_server_may_end_a_connection_with_an_error(state: State) -> None:
    refused(session_in(state), Party.CLIENT, error_frame(ErrorCode.BUSY, "too many"))
