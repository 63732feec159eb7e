"""What holds for every transcript and every output of it."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from grading.transcripts.outcome import Outcome
from tests.grading.transcripts.support import compare_one


@dataclass(frozen=True)
class Node:
    """A line of a transcript, or a group; each line begins with words of its own."""

    kind: str
    children: tuple[Node, ...] = ()
    blank_behind: bool = False


LINES = st.builds(Node, st.sampled_from(["text", "int", "word"]), st.just(()), st.booleans())


def groups(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    kinds = st.sampled_from(["group", "optional", "repeat", "unordered"])
    led = st.tuples(LINES, st.lists(children, max_size=3)).map(lambda parts: (parts[0], *parts[1]))
    return st.builds(Node, kinds, led)


# Deeper nesting of unordered groups and repeats is fitted as well as can be, not always best.
NODES = st.lists(st.recursive(LINES, groups, max_leaves=4), min_size=1, max_size=6)


class Author:
    """Writes a transcript and an output that follows it."""

    def __init__(self, choices: random.Random) -> None:
        self._choices = choices
        self._names: dict[int, int] = {}

    def transcript(self, node: Node) -> list[str]:
        if node.children:
            inner = [line for child in node.children for line in self.transcript(child)]
            return [f"% {node.kind}", *inner, "% end"]
        blank = [""] if node.blank_behind else []
        number = self._number(node)
        field = {"text": "", "int": f" {{f{number}:int}}", "word": f" {{f{number}:word}}."}
        return [f"Line {number}{field[node.kind]}", *blank]

    def output(self, node: Node) -> list[str]:
        if not node.children:
            blank = [""] if node.blank_behind else []
            value = self._choices.randint(1, 99) if node.kind != "text" else ""
            ending = {"text": "", "int": f" {value}", "word": f" w{value}."}
            return [f"Line {self._number(node)}{ending[node.kind]}", *blank]
        times = {"optional": (0, 1), "repeat": (0, 3)}.get(node.kind, (1, 1))
        lines: list[str] = []
        for _ in range(self._choices.randint(*times)):
            children = list(node.children)
            if node.kind == "unordered":
                self._choices.shuffle(children)
            lines += [line for child in children for line in self.output(child)]
        return lines

    def _number(self, node: Node) -> int:
        return self._names.setdefault(id(node), len(self._names))


def distinct(nodes: list[Node]) -> list[Node]:
    """The same nodes, none of them twice."""
    return [
        Node(node.kind, tuple(distinct(list(node.children))), node.blank_behind) for node in nodes
    ]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(NODES, st.randoms(use_true_random=False))
def test_a_text_made_from_a_transcript_compares_clean(
    nodes: list[Node], choices: random.Random
) -> None:
    nodes, author = distinct(nodes), Author(choices)
    expected = [line for node in nodes for line in author.transcript(node)]
    printed = [line for node in nodes for line in author.output(node)]
    (part,) = compare_one(
        "".join(f"{line}\n" for line in expected), "".join(f"{line}\n" for line in printed)
    ).parts
    assert (part.cost, part.outcome) == (0, Outcome.PASSED)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(NODES, st.randoms(use_true_random=False), st.sampled_from(["", "@ not of this lab @"]))
def test_a_line_too_many_costs_that_line(
    nodes: list[Node], choices: random.Random, line: str
) -> None:
    nodes, author = distinct(nodes), Author(choices)
    expected = [line for node in nodes for line in author.transcript(node)]
    printed = [line for node in nodes for line in author.output(node)]
    printed.insert(choices.randint(0, len(printed)), line)
    (part,) = compare_one(
        "".join(f"{line}\n" for line in expected), "".join(f"{line}\n" for line in printed)
    ).parts
    assert part.cost == (1 if line else 0.25)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text("aAbB .-1\n{}%"), st.text("aAbB .-1\n{}%\r"))
def test_every_line_comes_back_once_and_in_order(text: str, printed: str) -> None:
    expected = re.sub("^%", "%%", text.replace("{", "{{").replace("}", "}}"), flags=re.MULTILINE)
    (stream,) = compare_one(f"{expected}\n", printed).streams
    actual = [line.actual for line in stream.lines if line.actual is not None]
    assert actual == (printed.removesuffix("\n").split("\n") if printed else [])
    assert [line.expected for line in stream.lines if line.wanted is not None] == text.split("\n")
    assert compare_one(f"{expected}\n", f"{text}\n").parts[0].outcome is Outcome.PASSED
