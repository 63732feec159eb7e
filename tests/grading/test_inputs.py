from __future__ import annotations

import itertools
import math
import os
import stat
import string
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from grading import inputs
from grading.inputs import LINE_WIDTH, draw_inputs, load_secret
from grading.lab import Input
from wire.errors import LabFailed, UsageError

SECRET = bytes(range(32))

every_kind = pytest.mark.parametrize("kind", ["word", "phrase", "text", "number"])


def drawn(kind: str, length: int, student: str = "anna", name: str = "x") -> str:
    return draw_inputs({name: Input(kind=kind, length=length)}, SECRET, student)[name]  # type: ignore[arg-type]


def test_the_same_comes_out_on_every_machine() -> None:
    lab = {
        "word": Input(kind="word"),
        "phrase": Input(kind="phrase", length=16),
        "number": Input(kind="number", length=5),
        "text": Input(kind="text", length=130),
    }
    assert draw_inputs(lab, SECRET, "anna") == {
        "word": "upgbcbit",
        "phrase": "val dir beji vak",
        "number": "74010",
        "text": "For every of arrives goes here half message noise short.\n"
        "Line from first stays of reply small more time until or and\n"
        "carries from.",
    }


def test_the_order_of_a_labs_inputs_and_its_other_inputs_change_nothing() -> None:
    lab = {name: Input(kind="phrase", length=16) for name in ("one", "two", "three")}
    all_of_them = draw_inputs(lab, SECRET, "anna")
    assert draw_inputs(dict(reversed(lab.items())), SECRET, "anna") == all_of_them
    assert draw_inputs({"two": lab["two"]}, SECRET, "anna") == {"two": all_of_them["two"]}


@every_kind
def test_secret_student_and_name_each_change_it(kind: str) -> None:
    lab = {"one": Input(kind=kind, length=30), "two": Input(kind=kind, length=30)}  # type: ignore[arg-type]
    students = ("anna", "bert", "annaone", "\udc80", "Zoë", "")
    values = [
        value
        for secret in (SECRET, bytes(32))
        for student in students
        for value in draw_inputs(lab, secret, student).values()
    ]
    assert len(set(values)) == 2 * len(students) * 2


@every_kind
def test_a_length_is_exact(kind: str) -> None:
    for length in range(1, 400):
        value = drawn(kind, length, student=str(length))
        assert len(value.encode("ascii")) == length


def test_words_and_numbers() -> None:
    assert all(set(drawn("word", n)) <= set(string.ascii_lowercase) for n in range(1, 100))
    numbers = [drawn("number", n, student) for n in (1, 2, 30) for student in string.printable]
    assert all(number.isdecimal() and number[0] != "0" for number in numbers)
    assert set("".join(numbers)) == set(string.digits)


def test_phrases_are_words_with_single_spaces() -> None:
    for length in range(1, 200):
        words = drawn("phrase", length).split(" ")
        assert all(word.isalpha() and word.islower() for word in words)
        assert all(3 <= len(word) <= 7 for word in words) or len(words) == 1


def test_texts_are_sentences_in_lines() -> None:
    for length in range(1, 400):
        text = drawn("text", length, student=str(length))
        lines = text.split("\n")
        assert set(text) <= set(string.ascii_letters + " .\n")
        assert all(0 < len(line) <= LINE_WIDTH and line == line.strip() for line in lines)
        assert text.endswith(".")
        assert len(lines) > 1 or length <= LINE_WIDTH
        for sentence in text.replace("\n", " ").removesuffix(".").split(". "):
            assert sentence == sentence.capitalize()
            assert len(sentence.split()) >= 5 or length < 60


@every_kind
def test_long_ones_are_as_good_as_short_ones(kind: str) -> None:
    assert len(drawn(kind, 100_000)) == 100_000


def test_every_phrase_of_sixteen_bytes_has_forty_bits() -> None:
    """Given its words' lengths, each phrase is as likely as any other of these lengths."""
    splits = {
        tuple(map(len, drawn("phrase", 16, str(number)).split(" "))) for number in range(2000)
    }
    letters = len(inputs._CONSONANTS), len(inputs._VOWELS)
    bits = [
        sum(math.log2(letters[place % 2]) for size in split for place in range(size))
        for split in splits
    ]
    assert len(bits) > 5
    assert min(bits) > 40


def test_each_letter_is_as_likely() -> None:
    counts = Counter(drawn("word", 26_000))
    assert len(counts) == 26
    assert all(850 < count < 1150 for count in counts.values())  # 5 standard deviations


def test_a_class_shares_no_phrase() -> None:
    phrases = [drawn("phrase", 16, f"student{number}") for number in range(5000)]
    assert len(set(phrases)) == len(phrases)
    assert all(len(set(two)) == 2 for two in itertools.pairwise(phrases))


def test_a_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    secret = load_secret(file)
    assert len(secret) == 32
    assert load_secret(file) == secret
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text() == secret.hex() + "\n"
    assert list(tmp_path.iterdir()) == [file]
    assert load_secret(tmp_path / "another") != secret


def test_of_many_who_come_at_once_one_makes_the_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(load_secret, [tmp_path / "secret"] * 32))
    assert len(secrets) == 1
    assert len(list(tmp_path.iterdir())) == 1


def test_who_comes_second_reads_the_firsts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = os.link

    def second(made: str, file: Path) -> None:
        file.write_text(SECRET.hex())
        link(made, file)

    monkeypatch.setattr(os, "link", second)
    assert load_secret(tmp_path / "secret") == SECRET


@pytest.mark.parametrize("content", [b"", b"abc", SECRET.hex().encode()[:-2], SECRET, b"\xff" * 64])
def test_what_is_no_secret_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secret").write_bytes(content)
    with pytest.raises(UsageError, match="holds no secret") as caught:
        load_secret(tmp_path / "secret")
    assert "every student gets other words" in caught.value.hint


@pytest.mark.parametrize("place", [lambda top: top / "missing" / "secret", lambda top: top])
def test_a_secret_that_can_not_be_kept(tmp_path: Path, place: Callable[[Path], Path]) -> None:
    with pytest.raises(LabFailed, match="can't keep the class's secret"):
        load_secret(place(tmp_path))
    assert list(tmp_path.iterdir()) == []
