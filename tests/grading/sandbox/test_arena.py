"""Programs that do their worst, and what is left of it: nothing."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from grading.sandbox.program import Ending
from tests.grading.sandbox.support import processes_with, run_in_sandbox

pytestmark = pytest.mark.usefixtures("namespaces", "subreaper")

HARMLESS_SECONDS = 10.0

FORK_BOMB = """
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
"""
THREADS = """
import threading, time
while True:
    threading.Thread(target=time.sleep, args=(60,)).start()
"""
OWN_FOLDER = """
import os, shutil
shutil.rmtree("/lab/work", ignore_errors=True)
print(os.listdir("/lab/work"))
"""
MEMORY_OF_MANY = """
import os, time
for _ in range(6):
    if not os.fork():
        block = b"x" * (60 << 20)
        time.sleep(60)
time.sleep(60)
"""
SHARED_MEMORY = """
import mmap
block = mmap.mmap(-1, 1 << 30)
for place in range(0, 1 << 30, 4096):
    block[place] = 1
"""
DAEMON = """
import os, sys, time
print("before", flush=True)
if not os.fork():
    os.setsid()
    if not os.fork():
        sys.argv[0] = "lives on"
        while True:
            time.sleep(60)
    os._exit(0)
print("after")
"""


def test_a_program_sees_the_system_its_submission_and_an_empty_place(tmp_path: Path) -> None:
    outcome = run_in_sandbox(
        tmp_path,
        "import os, tempfile\n"
        "print(os.getcwd(), sorted(os.listdir('.')), os.getuid(), os.getpid() < 10)\n"
        "print(sorted(os.environ))\n"
        "print(open('/lab/messages/m.txt').read())\n"
        "open('new', 'w').write('x')\n"
        "tempfile.TemporaryFile().write(b'x')\n",
        messages={"m.txt": b"a message"},
    )
    where, environment, message = outcome.text.splitlines()
    assert where == "/lab/work ['program.py'] 1000 True"
    assert environment == "['LC_CTYPE', 'PATH', 'PYTHONDONTWRITEBYTECODE', 'TERM']"
    assert message == "a message"
    assert (outcome.ending, outcome.exit_code) == (Ending.EXITED, 0)


@pytest.mark.parametrize(
    "act",
    [
        "open('/lab/submission/program.py', 'a')",
        "os.unlink('/lab/submission/program.py')",
        "open('/lab/messages/new', 'w')",
        "open('/usr/new', 'w')",
        "open('/new', 'w')",
        "open('/etc/shadow').read()",
        "open('/proc/1/environ').read()",
        "open('/proc/1/mem').read(1)",
        "os.listdir('/proc/1/fd')",
        "os.kill(1, 9)",
        f"open({__file__!r}).read()",
        f"os.listdir({str(Path(__file__).parent)!r})",
        "os.setuid(0)",
        "socket.create_connection(('192.0.2.1', 9), timeout=1)",
        "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)",
        "ctypes.CDLL(None, use_errno=True).unshare(0x10000000) and 1 / 0",
        "ctypes.CDLL(None, use_errno=True).mount(b'x', b'/tmp', b'tmpfs', 0, None) and 1 / 0",
        "ctypes.CDLL(None, use_errno=True).sethostname(b'x', 1) and 1 / 0",
    ],
)
def test_a_program_may_not(tmp_path: Path, act: str) -> None:
    outcome = run_in_sandbox(tmp_path, f"import ctypes, os, socket\n{act}\nprint('done')\n")
    assert "done" not in outcome.text
    assert "Error" in outcome.text.splitlines()[-1]


def test_no_descriptor_of_the_graders_is_left_open(tmp_path: Path) -> None:
    with (tmp_path / "secret").open("w") as secret:
        os.set_inheritable(secret.fileno(), True)
        outcome = run_in_sandbox(
            tmp_path,
            "import os\nfor number in range(3, 200):\n"
            "    try: os.fstat(number)\n    except OSError: pass\n    else: print(number)\n",
        )
    assert outcome.text == ""


def test_messages_are_for_those_that_are_handed_them(tmp_path: Path) -> None:
    outcome = run_in_sandbox(tmp_path, "import os; print(os.listdir('/lab/messages'))")
    assert outcome.text == "[]\n"


def test_every_address_and_every_port_is_the_programs_own(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as outside:
        port = outside.getsockname()[1]
        outcome = run_in_sandbox(
            tmp_path,
            "import socket\n"
            f"for where in (('192.168.8.101', {port}), ('', 80), ('10.0.0.1', 12000)):\n"
            "    with socket.create_server(where) as server:\n"
            "        address = where[0] or '203.0.113.9', where[1]\n"
            "        with socket.create_connection(address):\n"
            "            print(server.accept()[1] is not None)\n"
            "print(socket.gethostbyname(socket.gethostname()))\n",
        )
    assert outcome.text.splitlines() == ["True", "True", "True", "127.0.0.1"]


@pytest.mark.parametrize(
    ("source", "ending"),
    [
        (FORK_BOMB, Ending.PROCESSES),
        (
            THREADS,
            Ending.PROCESSES,
        ),
        ("blocks = []\nwhile True: blocks.append(b'x' * (1 << 20))", Ending.EXITED),
        (MEMORY_OF_MANY, Ending.MEMORY),
        (SHARED_MEMORY, Ending.MEMORY),
        ("while True: print('x' * 70)", Ending.OUTPUT),
        ("import time\ntime.sleep(600)", Ending.TIME),
        ("while True: pass", Ending.TIME),
        ("import os\nos.kill(-1, 9)\nprint('alive')", Ending.EXITED),
        ("open('big', 'wb').write(bytes(100 << 20))", Ending.EXITED),
        ("n = 0\nwhile True:\n    open(str(n), 'wb').write(bytes(1 << 20)); n += 1", Ending.EXITED),
        ("files = []\nwhile True: files.append(open('f', 'w'))", Ending.EXITED),
        (
            OWN_FOLDER,
            Ending.EXITED,
        ),
    ],
    ids=[
        "fork-bomb",
        "threads",
        "memory",
        "memory-of-many",
        "shared-memory",
        "output",
        "sleep",
        "spin",
        "kill-all",
        "big-file",
        "full-disk",
        "files",
        "own-folder",
    ],
)
def test_what_goes_too_far_is_ended(tmp_path: Path, source: str, ending: Ending) -> None:
    outcome = run_in_sandbox(tmp_path, source, seconds=1.0 if ending is Ending.TIME else 20.0)
    assert outcome.ending is ending
    assert len(outcome.text) <= 100_000
    assert sorted(path.name for path in tmp_path.rglob("*")) == [
        "place",
        "program.py",
        "submission",
    ]


def test_what_a_program_leaves_behind_ends_with_the_run(tmp_path: Path) -> None:
    mark = f"left-behind-{os.getpid()}"
    outcome = run_in_sandbox(tmp_path, DAEMON, arguments=(sys.executable, "program.py", mark))
    assert outcome.text.splitlines() == ["before", "after"]
    assert outcome.ending is Ending.EXITED
    assert not processes_with(mark)


def test_lines_are_typed_when_the_program_waits_for_them(tmp_path: Path) -> None:
    outcome = run_in_sandbox(
        tmp_path,
        "import time\n"
        "print('ready')\n"
        "name = input('name: ')\n"
        "time.sleep(0.05)\n"
        "print('hello', name)\n"
        "print(input('age? '))\n"
        "input('more? ')\n",
        lines=("ada", "36"),
    )
    assert outcome.text.splitlines()[:6] == [
        "ready",
        "name: ada",
        "hello ada",
        "age? 36",
        "36",
        "more? Traceback (most recent call last):",
    ]
    assert outcome.text.splitlines()[-1] == "EOFError"
    assert outcome.typed == ["ada\n", "36\n"]
    assert outcome.exit_code == 1


def test_nothing_is_typed_to_a_program_that_is_not_yet_ready(tmp_path: Path) -> None:
    source = "import time; time.sleep(0.8); sum(range(30_000_000)); print(input('name: '))"
    outcome = run_in_sandbox(tmp_path, source, lines=("ada",))
    assert outcome.text == "name: ada\nada\n"


def test_a_program_that_watches_its_input_is_typed_to_as_well(tmp_path: Path) -> None:
    outcome = run_in_sandbox(
        tmp_path,
        "import select, sys\n"
        "print('>', end='', flush=True)\n"
        "select.select([sys.stdin], [], [])\n"
        "print(sys.stdin.readline().upper())\n",
        lines=("word",),
    )
    assert outcome.text == ">word\nWORD\n\n"


def test_without_a_terminal_there_is_nothing_to_read_and_output_is_the_programs_to_flush(
    tmp_path: Path,
) -> None:
    source = "import sys\nprint(sys.stdin.read(), sys.stdout.isatty())\nsys.stdout.write('end')"
    outcome = run_in_sandbox(tmp_path, source, terminal=False)
    assert outcome.text == " False\nend"


def test_a_program_that_can_not_be_started_says_why(tmp_path: Path) -> None:
    outcome = run_in_sandbox(tmp_path, "", arguments=("no-such-program",))
    assert (outcome.ending, outcome.exit_code) == (Ending.NOT_STARTED, None)
    assert "No such file" in outcome.fault


def test_another_language(tmp_path: Path) -> None:
    outcome = run_in_sandbox(
        tmp_path, "", arguments=("sh", "-c", "read x; echo $x$x"), lines=("a",)
    )
    assert outcome.text == "a\naa\n"
