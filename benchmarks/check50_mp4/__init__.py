# mypy: disable-error-code="untyped-decorator"
"""mp4 as a problem of check50: the programs, messages and checks of labs/mp4.

Run by benchmarks/bench_grade.py under check50's own interpreter. A check here that
plays programs leaves what they said to those that depend on it, as check50 has it, so
that each of the lab's checks passes or fails by itself.

Against what the grader does, this lacks the sandbox and its limits, the retrieval
over FTP (files are read where they lie), texts of each student's own, and partial
points: a line is right or wrong. Each check that plays has a network of its own, or
fixed ports would have them wait for one another.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
from pathlib import Path
from typing import Any

import check50  # type: ignore[import-not-found]

from benchmarks import mp4_stage
from benchmarks.mp4_stage import MESSAGES, PASSWORD, Relay

State = dict[str, Any]

PYTHON = shlex.quote(os.environ["WIRELAB_BENCH_PYTHON"])
REFERENCE = "reference"
"""The folder that the lab's programs run in: the submission's have the same names."""
CLIENT_SAYS = re.compile(
    r"Client: Connected to server \S+\.\.\.\nClient: Message data sent to server \S+\n"
)
SERVER_SAYS = re.compile(
    r"(Server: Client connected to from \('([\d.]+)', (\d+)\)\n"
    r"Server: Message Received from \('\2', \3\)\n){3}"
)


@check50.check()
def server_runs() -> State:
    """server.py takes messages from the lab's client"""
    server, bound = start_server()
    for name in MESSAGES:
        run_client(reference_client(name, bound.address, bound.port))
    return {"said": stop(server)}


@check50.check(server_runs)
def server_says(state: State) -> None:
    """server.py says who connected, and whose message it received"""
    if not SERVER_SAYS.fullmatch(state["said"]):
        raise check50.Mismatch(SERVER_SAYS.pattern, state["said"])


@check50.check(server_runs)
def log_of_message_0() -> None:
    """server.py writes the log of message 0"""
    compare_log(0, "message0.txt")


@check50.check(server_runs)
def log_of_message_1() -> None:
    """server.py writes the log of message 1"""
    compare_log(1, "message1.txt")


@check50.check(server_runs)
def log_of_message_2() -> None:
    """server.py writes the log of message 2"""
    compare_log(2, "message2.txt")


@check50.check()
def client_runs() -> State:
    """client.py sends messages to the lab's server"""
    own, where_the_client_looks = start_server()
    own.kill()
    server = run("-m server --dialect mp4 --port 0 --logs logs", REFERENCE)
    bound = ready(server)
    with Relay(where_the_client_looks.port, bound) as relay:
        said = [run_client(run(f"client.py {name} '{PASSWORD}'")) for name in MESSAGES]
    stop(server)
    return {"said": said, "sent": relay.received}


@check50.check(client_runs)
def client_says(state: State) -> None:
    """client.py says that it connected, and that it sent the message"""
    for said in state["said"]:
        if not CLIENT_SAYS.fullmatch(said):
            raise check50.Mismatch(CLIENT_SAYS.pattern, said)


@check50.check(client_runs)
def one_connection_a_message(state: State) -> None:
    """client.py connects once for each message"""
    if len(state["sent"]) != len(MESSAGES):
        raise check50.Failure(f"{len(state['sent'])} connections were made")


@check50.check(client_runs)
def the_key_then_the_ciphertext(state: State) -> None:
    """client.py sends the key, and after it the ciphertext"""
    for sent, text in zip(state["sent"], MESSAGES.values(), strict=False):
        if sent != mp4_stage.sealed(text):
            raise check50.Failure("what was sent is not the key and the message under it")


@check50.check(client_runs)
def no_plaintext_crosses(state: State) -> None:
    """client.py sends the ciphertext only"""
    if any(MESSAGES["message2.txt"] in sent for sent in state["sent"]):
        raise check50.Failure("the message crossed in clear")


@check50.check()
def server_takes_pieces() -> None:
    """server.py takes a message that arrives in pieces"""
    server, bound = start_server()
    with Relay(0, bound, split=mp4_stage.SPLIT) as relay:
        run_client(reference_client("message1.txt", "127.0.0.1", relay.port))
    stop(server)


@check50.check(server_takes_pieces)
def log_of_a_message_in_pieces() -> None:
    """server.py writes the log of a message in pieces"""
    compare_log(0, "message1.txt")


def prepare() -> None:
    """A network for this check, and the files that programs are handed."""
    mp4_stage.enter_own_network()
    mp4_stage.let_programs_be_interrupted()
    Path(REFERENCE).mkdir(exist_ok=True)
    for name, text in MESSAGES.items():
        Path(name).write_bytes(text)


def start_server() -> tuple[Any, Any]:
    prepare()
    server = run("server.py")
    return server, ready(server)


def run(command: str, folder: str = ".") -> Any:
    environment = {"PYTHONDONTWRITEBYTECODE": "1"}
    return check50.run(f"cd {folder} && exec {PYTHON} {command}", env=environment)


def ready(server: Any) -> Any:
    """Where it listens."""
    bound = mp4_stage.where_it_listens(server.process.pid)
    if bound is None:
        raise check50.Failure("the server never listened")
    return bound


def reference_client(message: str, host: str, port: int) -> Any:
    where = f"--dialect mp4 --host {host} --port {port}"
    return run(f"-m client {where} ../{message} '{PASSWORD}'", REFERENCE)


def run_client(client: Any) -> str:
    """What it says until it ends."""
    said: str = client.stdout(timeout=10)
    if client.exitcode:
        raise check50.Failure(f"client.py ended with exit code {client.exitcode}")
    return said


def stop(server: Any) -> str:
    """What it said, but for the traceback that an interrupted program may end with."""
    server.process.kill(signal.SIGINT)
    said: str = server.stdout(timeout=5)
    return said.partition("Traceback (most recent call last)")[0]


def compare_log(number: int, message: str) -> None:
    file = Path(f"serverdata/server_message{number}.txt")
    check50.exists(file)
    log, wanted = file.read_bytes(), mp4_stage.log_of(MESSAGES[message])
    if not wanted.fullmatch(log):
        raise check50.Mismatch(wanted.pattern.decode(), log.decode(errors="replace"))
