"""`driver.py grade` on a small lab: its options, what it refuses, what it says."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.grading.grading_runs import grade, grades, results
from tests.programs import ROOT, run_program
from tests.sessions.complaints import assert_complaint
from tests.tools import require_tool

LAB = ROOT / "tests" / "grading" / "labs" / "upper"
PERL = ROOT / "tests" / "grading" / "submissions" / "perl" / "upper"
SERVER = """
import socket
print("Server: listening")
with socket.create_server(("192.168.8.101", 12000)) as listener:
    while True:
        with listener.accept()[0] as client:
            word = client.recv(1024).decode().strip()
            print("Server: got", word)
            client.sendall(word.upper().encode() + b"\\n")
"""
CLIENT = """
import socket, sys
with socket.create_connection(("192.168.8.101", 12000)) as server:
    server.sendall(sys.argv[1].encode() + b"\\n")
    print("Client: got", server.recv(1024).decode().strip())
"""
FULL = [
    ("together", "the server", "passed", 4.0),
    ("together", "the client", "passed", 2.0),
    ("together", "the capitals", "passed", 4.0),
]

pytestmark = pytest.mark.usefixtures("namespaces")


@pytest.fixture
def submissions(tmp_path: Path) -> Path:
    """A class: one in Perl, one in Python at an address of a home network, an archive."""
    require_tool("perl")
    folder = tmp_path / "class"
    shutil.copytree(PERL, folder / "ada")
    (folder / "ben").mkdir()
    (folder / "ben" / "server.py").write_text(SERVER)
    (folder / "ben" / "client.py").write_text(CLIENT)
    with zipfile.ZipFile(folder / "cem.zip", "w") as archive:
        archive.writestr("cem/server.py", SERVER.replace("upper", "lower"))
        archive.writestr("cem/client.py", CLIENT)
    return folder


def test_a_class_in_two_languages_and_an_archive(submissions: Path, tmp_path: Path) -> None:
    run = grade(LAB, submissions, "--output", tmp_path / "out")
    assert run.returncode == 0, run.stderr
    found = grades(tmp_path / "out")
    assert (found["ada"], found["ben"]) == (FULL, FULL)
    assert [verdict for _, _, verdict, _ in found["cem"]] == ["passed", "wrong", "wrong"]
    table = run.stdout.splitlines()
    assert [line.split()[0] for line in table if line.startswith(("ada", "ben", "cem"))] == [
        "ada",
        "ben",
        "cem",
    ]
    assert run.stderr.startswith("driver: isolation: namespaces: ")


def test_one_that_can_not_be_read_does_not_stop_the_class(
    submissions: Path, tmp_path: Path
) -> None:
    (submissions / "dot.zip").write_bytes(b"no archive")
    run = grade(LAB, submissions, "--output", tmp_path / "out")
    assert run.returncode == 1
    found = results(tmp_path / "out")
    assert found["dot"]["fault"]
    assert found["ada"]["score"] == 10


def test_only_those_that_are_named(submissions: Path, tmp_path: Path) -> None:
    run = grade(LAB, submissions, "--output", tmp_path / "out", "--only", "ben")
    assert run.returncode == 0, run.stderr
    assert list(results(tmp_path / "out")) == ["ben"]
    run = grade(LAB, submissions, "--output", tmp_path / "out", "--only", "eve")
    assert_complaint(run, 2, "driver", "no submission is named 'eve'")


def test_each_student_gets_other_words_and_keeps_them(submissions: Path, tmp_path: Path) -> None:
    shutil.copytree(submissions / "ben", submissions / "eve")
    output = tmp_path / "out"
    words = []
    for _ in range(2):
        grade(LAB, submissions, "--output", output)
        words.append(
            {
                name: grade(
                    LAB, submissions / name, "--output", output, "--replay", "together"
                ).stdout.partition("Server: got ")[2][:6]
                for name in ("ben", "eve")
            }
        )
    pairs = json.loads((output / "results.json").read_text())["alike"]
    assert {(pair["first"], pair["second"]): pair["alike"] for pair in pairs}["ben", "eve"] == 1.0
    assert words[0] == words[1]
    assert words[0]["ben"] != words[0]["eve"]
    assert (output / "secret").stat().st_mode & 0o777 == 0o600


def test_a_replay_shows_who_said_what(submissions: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    grade(LAB, submissions, "--output", output)
    check = results(output)["cem"]["checks"][2]
    assert check["replay"].endswith("--replay together")
    run = grade(LAB, submissions / "cem.zip", "--output", output, "--replay", "together")
    assert run.returncode == 0, run.stderr
    for said in ("client → server", "Client: got", "wrong, 0 of 4: the capitals"):
        assert said in run.stdout


def test_without_namespaces_the_wire_is_not_judged_and_costs_nothing(
    submissions: Path, tmp_path: Path
) -> None:
    run = grade(LAB, submissions / "ada", "--output", tmp_path, "--isolation", "processes")
    assert run.returncode == 1, run.stderr  # some of it could not be graded
    assert "isolation: processes: " in run.stderr
    assert grades(tmp_path)["ada"] == [*FULL[:2], ("together", "the capitals", "grader fault", 4.0)]


def test_a_lab_is_proved() -> None:
    run = grade("--check", "udp-pinger")
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert len(lines) == 12
    assert all(line.endswith(": as it should be") for line in lines)


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A copy of the lab, to be spoiled."""
    folder = tmp_path / "broken"
    shutil.copytree(LAB, folder)
    text = (folder / "lab.toml").read_text()
    reference = "{lab}/../../submissions/perl/upper"
    (folder / "lab.toml").write_text(text.replace(reference, str(PERL)))
    return folder


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("together.txt", "Server: got", "Server: has", ["'the server'", "wrong"]),
        ("lab.toml", "port = 12000", "port = 12001", ["never listened"]),
    ],
)
def test_a_lab_whose_own_programs_lose_points_grades_nobody(
    submissions: Path, broken: Path, tmp_path: Path, file: str, old: str, new: str, words: list[str]
) -> None:
    text = (broken / file).read_text()
    (broken / file).write_text(text.replace(old, new))
    run = grade(broken, submissions, "--output", tmp_path / "out")
    assert_complaint(run, 1, "driver", *words)
    proof = grade("--check", broken)
    assert proof.returncode == 1
    assert words[0] in proof.stdout


def test_a_spoiled_program_that_loses_the_wrong_points_is_told(
    broken: Path, tmp_path: Path
) -> None:
    (broken / "bad").mkdir()
    (broken / "bad" / "server.py").write_text(SERVER.replace("upper", "lower"))
    (broken / "bad" / "client.py").write_text(CLIENT)
    spoiled = '\n[[spoiled]]\nname = "{0}"\nfolder = "bad"\nverdict = "{1}"\nloses = {2}\n'
    lost = '["the client", "the capitals"]'
    with (broken / "lab.toml").open("a") as file:
        file.write(spoiled.format("right", "wrong", lost))
        file.write(spoiled.format("other verdict", "crashed", lost))
        file.write(spoiled.format("too little", "wrong", '["the client"]'))
        file.write(
            spoiled.format("too much", "wrong", '["the client", "the capitals", "the server"]')
        )
    run = grade("--check", broken)
    assert run.returncode == 1
    told = dict(line.split(": ", 2)[1:] for line in run.stdout.splitlines() if "spoiled" in line)
    assert told["right"] == "as it should be"
    assert "its verdict should be crashed" in told["other verdict"]
    assert "it should not lose 'the capitals'" in told["too little"]
    assert "it should lose 'the server', and does not" in told["too much"]


@pytest.mark.parametrize(
    ("arguments", "program", "word"),
    [
        (["no-such-lab", "x"], "driver", "no lab is called no-such-lab"),
        (["./no-such-lab", "x"], "driver", "lab.toml"),
        (["mp4", "no-such-folder"], "driver", "can't read no-such-folder"),
        (["mp4", "labs", "--format", "pdf"], "driver.py grade", "pdf is no format"),
        (["mp4", "labs", "--jobs", "0"], "driver.py grade", "0 is no whole number"),
        (["mp4"], "driver.py grade", "SUBMISSION"),
    ],
)
def test_wrong_usage(arguments: list[str], program: str, word: str, tmp_path: Path) -> None:
    run = grade(*arguments, "--output", tmp_path / "out")
    assert_complaint(run, 2, program, word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("title = ", "is no TOML"),
        ('title = "x"', "programs"),
        ('title = "x"\nprograms = {}\nscenario = []\nlimts = {}', "limts"),
    ],
)
def test_a_lab_that_is_none(tmp_path: Path, text: str, word: str) -> None:
    (tmp_path / "lab.toml").write_text(text)
    run = grade(tmp_path, PERL, "--output", tmp_path / "out")
    assert_complaint(run, 2, "driver", word)


def test_a_replay_needs_the_folder_of_a_grading_and_a_scenario(
    submissions: Path, tmp_path: Path
) -> None:
    run = grade(LAB, submissions / "ben", "--output", tmp_path, "--replay", "together")
    assert_complaint(run, 2, "driver", "no folder of a grading")
    run = grade(LAB, submissions / "ben", "--output", tmp_path, "--replay", "apart")
    assert_complaint(run, 2, "driver", "no scenario 'apart'")
    run = grade(LAB, submissions, "--output", tmp_path, "--replay", "together")
    assert_complaint(run, 2, "driver", "only one submission")


def test_without_the_environment_it_says_how_to_get_it() -> None:
    run = run_program("-S", "driver.py", "grade", "mp4", "labs")
    assert_complaint(run, 2, "driver", "msgspec is not installed")
