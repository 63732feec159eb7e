"""The tree of errors: what it draws is what it is."""

from __future__ import annotations

import re

import pytest

from wire import errors
from wire.errors import ErrorCode, ProtocolError, Refused, Undecipherable, WirelabError

DRAWN = re.compile(r"^ {4}(?P<branch>[| ]*\+-- )?(?P<name>\w+) +(?:exit code|(?P<code>\d))")


def drawn_tree() -> dict[str, tuple[str, int]]:
    """Each error of the docstring's tree: its parent and its exit code."""
    tree: dict[str, tuple[str, int]] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        if match := DRAWN.match(line):
            depth = len(match["branch"] or "") // 4
            path[depth:] = [match["name"]]
            if match["branch"]:
                tree[match["name"]] = path[depth - 1], int(match["code"])
    return tree


def test_the_tree_is_drawn_as_it_is() -> None:
    classes = [
        error
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, WirelabError) and error is not WirelabError
    ]
    assert drawn_tree() == {
        error.__name__: (error.__bases__[0].__name__, error.exit_code) for error in classes
    }


def test_what_may_pass_may_be_retried() -> None:
    retryable = {name for name in drawn_tree() if getattr(errors, name).retryable}
    assert retryable == {"NoServer", "TimedOut"}


@pytest.mark.parametrize("code", ErrorCode)
def test_a_refusal_may_be_retried_by_its_code(code: ErrorCode) -> None:
    passing = (ErrorCode.TOO_SLOW, ErrorCode.BUSY, ErrorCode.UNAVAILABLE)
    assert Refused(code, "no").retryable is (code in passing)


def test_an_error_says_what_happened_and_what_helps() -> None:
    error = ProtocolError(ErrorCode.BAD_FRAME, "what happened", "what helps")
    assert (str(error), error.hint, error.code) == ("what happened", "what helps", 1)


def test_an_undecipherable_body_has_its_own_code() -> None:
    assert Undecipherable("noise").code is ErrorCode.UNDECIPHERABLE
