from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from grading import similarity
from grading.results import AlikePair
from grading.similarity import find_alike
from grading.winnowing import fingerprints, tokens
from grading.winnowing.fingerprints import RUN, WINDOW, all_hashes, fingerprints_of
from grading.winnowing.tokens import tokens_of
from tests.grading.copied import DISGUISED, ORIGINAL

WANTED = ("server.py", "client.py")
OTHERS = Path(__file__).parent / "submissions"
"""Programs for either lab, each written by itself."""


def class_of(lab: str) -> dict[str, Path]:
    return {path.name: path for path in sorted((OTHERS / lab).iterdir()) if path.is_dir()}


def handed_in(top: Path, **students: Mapping[str, str]) -> dict[str, Path]:
    """Students' folders, filled with files."""
    for student, files in students.items():
        for name, text in files.items():
            path = top / student / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return {student: top / student for student in students}


def pairs(found: tuple[AlikePair, ...]) -> list[tuple[str, str]]:
    return [(pair.first, pair.second) for pair in found]


@pytest.mark.parametrize("lab", ["mp4", "cs330"])
def test_programs_for_one_lab_are_not_alike(lab: str) -> None:
    students = class_of(lab)
    assert len(students) > 20
    assert find_alike(students, wanted=WANTED) == ()


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_nor_are_they_in_a_small_class(size: int) -> None:
    students = list(class_of("mp4").items())
    for start in range(0, len(students) - size, 3):
        assert find_alike(dict(students[start : start + size]), wanted=WANTED) == ()


@pytest.mark.parametrize("copy", [ORIGINAL, DISGUISED], ids=["verbatim", "disguised"])
@pytest.mark.parametrize("others", [0, 1, 2, 3, 30])
def test_a_copy_is_found_in_a_class_of_any_size(
    tmp_path: Path, copy: Mapping[str, str], others: int
) -> None:
    students = dict(list(class_of("mp4").items())[:others])
    students |= handed_in(tmp_path, anna=ORIGINAL, bert=copy)
    (pair,) = find_alike(students, wanted=WANTED)
    assert (pair.first, pair.second) == ("anna", "bert")
    assert pair.alike == 1.0 if copy is ORIGINAL else 0.6 < pair.alike < 1
    assert pair.usual < 0.1


def test_one_copied_file_of_two_is_found(tmp_path: Path) -> None:
    mixed = {**ORIGINAL, "client.py": (OTHERS / "mp4/right_threads/client.py").read_text()}
    students = class_of("mp4") | handed_in(tmp_path, anna=ORIGINAL, bert=mixed)
    del students["right_threads"]
    (pair,) = find_alike(students, wanted=WANTED)
    assert (pair.first, pair.second) == ("anna", "bert")
    assert {place.split(":")[0] for place in pair.places} == {"server.py"}


def test_all_who_copied_from_one_are_found(tmp_path: Path) -> None:
    students = class_of("cs330") | handed_in(tmp_path, anna=ORIGINAL, bert=DISGUISED, carl=ORIGINAL)
    found = find_alike(students, wanted=WANTED)
    assert pairs(found) == [("anna", "carl"), ("anna", "bert"), ("bert", "carl")]
    assert [pair.alike for pair in found] == sorted((p.alike for p in found), reverse=True)


def test_the_places_are_where_it_was_copied(tmp_path: Path) -> None:
    students = handed_in(tmp_path, anna=ORIGINAL, bert=DISGUISED)
    (pair,) = find_alike(students)
    assert pair.places == (
        "client.py:7-11 = client.py:15-19",
        "client.py:15-23 = client.py:4-13",
        "client.py:26-33 = client.py:24-31",
        "server.py:10-29 = server.py:34-51",
        "server.py:30-36 = server.py:25-32",
        "server.py:39-50 = server.py:9-22",
        "server.py:53-66 = server.py:51-65",
    )


def test_the_same_places_of_a_verbatim_copy_and_a_program_put_behind_another(
    tmp_path: Path,
) -> None:
    both = ORIGINAL["client.py"] + "\n" * 10 + ORIGINAL["server.py"]
    students = handed_in(tmp_path, anna=ORIGINAL, bert={"all.py": both})
    client, server = (text.count("\n") for text in (ORIGINAL["client.py"], ORIGINAL["server.py"]))
    (pair,) = find_alike(students)
    assert pair.alike == 1.0
    at_client, at_server = (place.split(" = ") for place in pair.places)
    assert at_client[0].replace("client", "all") == at_client[1]
    first, last = (int(number) + client + 10 for number in at_server[0].split(":")[1].split("-"))
    assert at_server[1] == f"all.py:{first}-{last}"
    assert last - first > 0.8 * server


def test_only_the_largest_places_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    students = handed_in(tmp_path, anna=ORIGINAL, bert=DISGUISED)
    (whole,) = find_alike(students)
    monkeypatch.setattr("grading.winnowing.places.MOST_PLACES", 2)
    (pair,) = find_alike(students)
    assert len(pair.places) == 2 < len(whole.places)
    assert [place for place in whole.places if place in pair.places] == list(pair.places)


def with_handout(top: Path, count: int) -> dict[str, Path]:
    """Students who all hold the same two files, and a little of their own."""
    own = [path / "server.py" for path in class_of("cs330").values()][:count]
    files = [{**ORIGINAL, "mine.py": file.read_text()[:1500]} for file in own]
    return handed_in(top, **{f"student{number}": file for number, file in enumerate(files)})


@pytest.mark.parametrize("count", [2, 3, 4, 12])
def test_a_handout_is_not_alike(tmp_path: Path, count: int) -> None:
    students = with_handout(tmp_path / "class", count)
    handout = handed_in(tmp_path, handout=ORIGINAL)["handout"]
    assert find_alike(students, handout=[handout]) == ()
    assert find_alike(students, handout=[handout / name for name in ORIGINAL]) == ()


def test_what_most_of_a_class_has_is_taken_for_its_handout(tmp_path: Path) -> None:
    assert find_alike(with_handout(tmp_path / "few", similarity.COMMON_AT_LEAST - 1))
    assert find_alike(with_handout(tmp_path / "many", similarity.COMMON_AT_LEAST)) == ()


def test_short_programs_are_alike_by_themselves(tmp_path: Path) -> None:
    short = {"server.py": "\n".join(ORIGINAL["server.py"].splitlines()[:20])}
    students = handed_in(tmp_path, anna=short, bert=short)
    assert len(fingerprints_of(students["anna"], ())) > 5
    assert find_alike(students) == ()


@pytest.mark.parametrize(
    ("lowest", "least"),
    [(-0.07, similarity.LEAST), (0.1, 0.508), (0.2, 0.608), (0.6, similarity.CERTAIN)],
)
def test_what_is_beyond_chance_depends_on_what_is_usual(lowest: float, least: float) -> None:
    shares = [max(0.0, lowest + number / 1000) for number in range(150)]
    usual, beyond = similarity._usual(shares)
    assert usual == pytest.approx(lowest + 0.0745)
    assert beyond == pytest.approx(least, abs=0.001)
    assert similarity._usual([*shares, *[1.0] * 10])[1] == pytest.approx(beyond, abs=0.03)


@pytest.mark.parametrize(("shares", "usual"), [([], 0.0), ([0.9], 0.0), ([0.9, 0.1, 0.2], 0.15)])
def test_a_small_class_has_its_own_measure(shares: list[float], usual: float) -> None:
    found, least = similarity._usual(shares)
    assert found == pytest.approx(usual)
    assert least == similarity.LEAST_IN_FEW


def test_a_class_of_none_or_of_nothing(tmp_path: Path) -> None:
    assert find_alike({}) == ()
    assert find_alike(handed_in(tmp_path, anna={"a.py": ""}, bert={"a.py": ""})) == ()


def texts(path: Path, text: str) -> list[str]:
    path.write_text(text)
    return [token.text for token in tokens_of(path)]


@pytest.mark.parametrize(
    "disguise",
    [
        "def other(b):\n    return [b, 'text', 2.5]\n",
        "# a comment\ndef f(a):\n\n    '''A docstring.'''\n    return [a, rb'x', 0x10]  # b\n",
        "def f( a ) :\n\treturn [ a ,\n\n\t\t'a'\n'b' ,1 ]",
    ],
)
def test_tokens_are_those_that_a_disguise_leaves(tmp_path: Path, disguise: str) -> None:
    plain = texts(tmp_path / "a.py", "def f(a):\n    return [a, 'x', 1]\n")
    assert plain == ["def", "N", "(", "N", ")", ":", "return", "[", "N", ",", "S", ",", "0", "]"]
    assert texts(tmp_path / "b.py", disguise) == plain


def test_what_the_language_gives_is_compared_as_it_is_written(tmp_path: Path) -> None:
    assert " ".join(texts(tmp_path / "a.py", "print(len(a) + 1)")) == "print ( len ( N ) + 0 )"
    assert "uc" in texts(tmp_path / "a.pl", "#!/usr/bin/perl\nuse strict;\nmy $a = uc($b);\n")


def test_tokens_know_their_lines(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("\n\na = '''\n\n'''\n# b\nc")
    assert [(token.text, token.line) for token in tokens_of(tmp_path / "a.py")] == [
        ("N", 3),
        ("=", 3),
        ("S", 3),
        ("N", 7),
    ]


@pytest.mark.parametrize("name", ["notes.txt", "message", "picture.unknown"])
def test_what_is_no_source_code_has_no_tokens(tmp_path: Path, name: str) -> None:
    assert texts(tmp_path / name, ORIGINAL["server.py"]) == []


def test_bytes_that_are_no_text_are_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"a = '\xff\xfe'\0")
    assert [token.text for token in tokens_of(tmp_path / "a.py")][:3] == ["N", "=", "S"]


def test_what_no_student_wrote_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder,) = handed_in(tmp_path, anna=ORIGINAL).values()
    whole = fingerprints_of(folder, {".py"})
    assert fingerprints_of(folder, {".pl"}) == {}
    monkeypatch.setattr(fingerprints, "MOST_SOURCE", (folder / "client.py").stat().st_size)
    assert {place.file for found in fingerprints_of(folder, ()).values() for place in found} == {
        "client.py"
    }
    monkeypatch.setattr(fingerprints, "MOST_SOURCE", 10**6)
    assert fingerprints_of(folder, ()) == whole
    monkeypatch.setattr(tokens, "LARGEST_SOURCE", 100)
    assert fingerprints_of(folder, ()) == {}


def test_a_shared_run_that_is_long_enough_always_leaves_a_fingerprint(tmp_path: Path) -> None:
    """The guarantee of winnowing, for every place in a real program."""
    (folder,) = handed_in(tmp_path, anna=ORIGINAL).values()
    whole = tokens_of(folder / "server.py")
    starts = sorted(
        place.start
        for found in fingerprints_of(folder, ()).values()
        for place in found
        if place.file == "server.py"
    )
    assert starts[0] < WINDOW
    assert starts[-1] >= len(whole) - RUN - WINDOW
    assert all(0 < later - earlier <= WINDOW for earlier, later in pairwise(starts))
    assert fingerprints_of(folder, ()).keys() <= all_hashes(folder)
