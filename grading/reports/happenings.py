"""A happening of a sequence in words."""

from __future__ import annotations

from grading.reports.signs import count, shortened, visible
from grading.results import Happening

_LONGEST_TEXT = 200
"""Characters."""

_WORDS = {
    "line": "prints",
    "typed": "types",
    "opened": "connects",
    "ended": "sends no more",
    "reset": "resets the connection",
    "started": "starts",
    "exited": "ends",
}


def who(happening: Happening) -> str:
    """Who did it, and to whom."""
    if happening.target:
        return f"{happening.source} → {happening.target}"
    return happening.source


def what(happening: Happening) -> str:
    """What was done, without what was said."""
    if happening.kind in ("data", "lost"):
        return count(happening.size, "byte") + " lost" * (happening.kind == "lost")
    return _WORDS.get(happening.kind, happening.kind)


def said(happening: Happening) -> str:
    """What was printed, typed or sent; several lines where it was that."""
    text = happening.text.replace("\r\n", "\n").rstrip("\n")
    return visible(shortened(text, _LONGEST_TEXT))


def milliseconds(happening: Happening) -> str:
    """When, from the start of the run."""
    return f"{happening.seconds * 1000:,.0f}"
