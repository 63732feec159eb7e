"""What fields of one name stand for: the same everywhere, but in repetitions of their own."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Binding:
    """The value of a name, and where it was first printed."""

    value: str
    stream: str
    line: int
    """From 1."""


class Bindings:
    """The values of names, by scope: a repetition, a stream, or all streams."""

    def __init__(self) -> None:
        self._values: dict[Hashable, dict[str, Binding]] = {}

    def bind(self, scopes: Sequence[Hashable], name: str, binding: Binding) -> Binding | None:
        """The other binding that a name has already, if its value is another.

        A name without a value gets this one, in the first scope, the innermost.
        """
        for scope in scopes:
            known = self._values.get(scope, {}).get(name)
            if known is not None:
                return None if known.value == binding.value else known
        if name != "_":
            self._values.setdefault(scopes[0], {})[name] = binding
        return None
