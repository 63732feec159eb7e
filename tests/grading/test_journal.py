from __future__ import annotations

import errno
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from grading.journal import JOURNAL_NAME, PREVIOUS_NAME, Journal
from grading.results import (
    Check,
    LineRecord,
    ScenarioRecord,
    Segment,
    StreamRecord,
    StudentResult,
    Verdict,
)
from tests.programs import ROOT, environment
from wire.errors import LabFailed, UsageError

KILLS = 10
LINES = 1_000
"""Of a result: 200 kB."""

WRITER = """
import sys
from pathlib import Path
from grading.journal import Journal
from tests.grading.test_journal import LINES, result
folder, first = Path(sys.argv[1]), int(sys.argv[2])
with Journal(folder, "mp4", resume=True) as kept:
    for number in range(first, first + 1_000_000):
        kept.add(result(f"student{number}", lines=LINES))
        print(number, flush=True)
"""


def result(name: str, digest: str = "d", score: float = 1.0, lines: int = 1) -> StudentResult:
    same = (Segment(f"Server: Message Received from {name}\n\u2028é"),)
    stream = StreamRecord("server", (LineRecord("same", same, same, 0.25),) * lines, "exit code 0")
    return StudentResult(
        name=name,
        score=score,
        max_score=2.0,
        checks=(Check("client", Verdict.WRONG, 0.5, 1.0, why="two\nlines"),),
        scenarios=(ScenarioRecord("play", "Cross play", 1.5, (stream,)),),
        digest=digest,
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / JOURNAL_NAME


def opened(path: Path, *, resume: bool = True) -> Journal:
    return Journal(path.parent, "mp4", resume=resume)


def keep(path: Path, *results: StudentResult, resume: bool = True) -> dict[str, StudentResult]:
    with opened(path, resume=resume) as journal:
        for one in results:
            journal.add(one)
        return journal.results()


def test_results_come_back_as_they_were(path: Path) -> None:
    anna, bert = result("anna"), result("bert č")
    assert keep(path) == {}
    assert keep(path, anna) == {"anna": anna}
    assert keep(path, bert) == keep(path) == {"anna": anna, "bert č": bert}
    heading, *lines = path.read_bytes().splitlines()
    assert msgspec.json.decode(heading) == {"lab": "mp4", "schema": 1}
    assert [msgspec.json.decode(line, type=StudentResult) for line in lines] == [anna, bert]


def test_the_last_result_of_a_name_counts(path: Path) -> None:
    last = result("anna", score=2.0)
    assert keep(path, result("anna"), result("bert"), last)["anna"] == last


def test_what_is_not_gone_on_with_is_kept_aside(path: Path) -> None:
    keep(path, result("anna"))
    data = path.read_bytes()
    for _ in range(2):  # one without results is not worth keeping
        assert keep(path, resume=False) == {}
        assert path.with_name(PREVIOUS_NAME).read_bytes() == data
    assert list(keep(path, result("bert"), resume=False)) == ["bert"]
    assert list(keep(path)) == ["bert"]


def test_a_line_torn_anywhere_costs_itself_alone(path: Path) -> None:
    first, second, third = (result(name) for name in ("anna", "bert", "carl"))
    keep(path, first)
    whole = path.stat().st_size
    keep(path, second)
    data = path.read_bytes()
    for size in range(whole, len(data)):
        path.write_bytes(data[:size])
        assert keep(path) == {"anna": first}
        assert keep(path, third) == {"anna": first, "carl": third}


def test_a_torn_heading_is_written_anew(path: Path) -> None:
    keep(path)
    data = path.read_bytes()
    for size in range(len(data)):
        path.write_bytes(data[:size])
        assert keep(path) == {}
        assert path.read_bytes() == data


@pytest.mark.parametrize("damage", [b"\0" * 300 + b"\n", b'{"name":"ca\n', b"\xff\n", b'"\xff"\n'])
def test_what_a_loss_of_power_leaves_at_the_end_is_cut_off(path: Path, damage: bytes) -> None:
    kept = keep(path, result("anna"))
    data = path.read_bytes()
    path.write_bytes(data + damage)
    assert keep(path) == kept
    assert path.read_bytes() == data


def test_damage_in_the_middle_is_told_with_its_line(path: Path) -> None:
    keep(path, result("anna"), result("bert"), result("carl"))
    data = path.read_bytes().replace(b'"name":"bert"', b'"name":["b"]')
    path.write_bytes(data)
    with pytest.raises(UsageError, match=r"journal\.jsonl, line 3, is damaged") as caught:
        opened(path)
    assert caught.value.hint == "remove that line; its submission is then graded again"
    assert path.read_bytes() == data


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"lab":"cs330","schema":1}\n', "is of the lab 'cs330'"),
        (b'{"lab":"mp4","schema":2}\n', "is of another release's form"),
        (b'{"lab":"mp4"}\n', "is no journal"),
        (b"student,score\nanna,1\n", "is no journal"),
        (b"some text", "is no journal"),
        (b'{"schema":1,"lab":"mp4"}', "is no journal"),
        (b"\xff\xfe\n", "is no journal"),
        (b"\n", "is no journal"),
    ],
)
def test_what_is_not_this_labs_journal_is_refused_and_left_alone(
    path: Path, content: bytes, said: str
) -> None:
    path.write_bytes(content)
    with pytest.raises(UsageError, match=said) as caught:
        opened(path)
    assert "--output" in caught.value.hint
    assert path.read_bytes() == content


def test_one_grader_at_a_time(path: Path) -> None:
    with opened(path) as journal:
        with pytest.raises(UsageError, match="another grader"):
            opened(path)
        journal.add(result("anna"))
    assert list(keep(path)) == ["anna"]


def test_the_output_folder_is_made(tmp_path: Path) -> None:
    assert list(keep(tmp_path / "new" / "output" / JOURNAL_NAME, result("anna"))) == ["anna"]


@pytest.mark.parametrize("in_the_way", [".", JOURNAL_NAME])
def test_a_journal_that_can_not_be_opened(tmp_path: Path, in_the_way: str) -> None:
    path = tmp_path / "output" / JOURNAL_NAME
    if in_the_way == JOURNAL_NAME:
        path.mkdir(parents=True)
    else:
        path.parent.touch()
    with pytest.raises(LabFailed, match="can't keep the journal") as caught:
        opened(path)
    assert caught.value.hint


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, *, after: int) -> Iterator[None]:
    """A disk on which no fsync succeeds but the first few."""
    fsync, calls = os.fsync, iter(range(1000))

    def full(file: object) -> None:
        if next(calls) >= after:
            raise OSError(errno.ENOSPC, "No space left on device")
        fsync(file)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        yield


def test_a_full_disk_costs_nothing_that_was_kept(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(path) as journal:
        journal.add(result("anna"))
        with failing(monkeypatch, after=0), pytest.raises(LabFailed, match="No space left"):
            journal.add(result("bert", lines=1000))
        journal.add(result("carl"))
        assert list(journal.results()) == ["anna", "carl"]
    assert list(keep(path)) == ["anna", "carl"]


@pytest.mark.parametrize("after", [0, 1])
def test_a_journal_that_can_not_be_begun_is_let_go(
    path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    with failing(monkeypatch, after=after), pytest.raises(LabFailed, match="No space left"):
        opened(path)
    assert list(keep(path, result("anna"))) == ["anna"]


def test_a_killed_writer_loses_no_result_that_was_finished(path: Path) -> None:
    """Killed while it writes one large line after another, again and again on one journal."""
    chance = random.Random(9)
    finished = -1
    for _ in range(KILLS):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path.parent), str(finished + 1)],
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.PIPE,
            text=True,
        ) as writer:
            assert writer.stdout is not None
            for _ in range(chance.randrange(1, 4)):
                finished = int(writer.stdout.readline())
            writer.kill()
            finished = max([finished, *map(int, writer.stdout)])
        with opened(path) as journal:
            kept = journal.results()
        numbers = [int(name.removeprefix("student")) for name in kept]
        assert numbers[: finished + 1] == list(range(finished + 1))
        assert len(numbers) <= finished + 2
        assert kept[f"student{finished}"] == result(f"student{finished}", lines=LINES)
        finished = numbers[-1]
