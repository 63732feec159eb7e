"""The runs of labs/mp4 by a minimal runner: no sandbox, no relay, no FTP, nothing compared.

`python -m benchmarks.bare_run SUBMISSION`, started with mp4_stage.NETWORK before it,
prints as JSON how many seconds each took, by the names that the lab has for them.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import mp4_stage
from benchmarks.measure import ROOT
from benchmarks.mp4_stage import MESSAGES, PASSWORD
from grading.sandbox.tables import Bound

Program = subprocess.Popen[bytes]
Start = Callable[..., Program]


def main() -> None:
    submission = Path(sys.argv[1]).resolve()
    mp4_stage.enter_own_network()
    mp4_stage.let_programs_be_interrupted()
    with TemporaryDirectory() as name:
        folder = Path(name)
        for message, text in MESSAGES.items():
            (folder / message).write_bytes(text)
        theirs = partial(start, folder)
        ours = partial(start, folder, PYTHONPATH=str(ROOT))
        server, client = str(submission / "server.py"), str(submission / "client.py")

        def reference_client(bound: Bound, message: str) -> None:
            where = ("--host", bound.address, "--port", str(bound.port))
            finish(ours("-m", "client", "--dialect", "mp4", *where, message, PASSWORD))

        def their_client(_: Bound, message: str) -> None:
            finish(theirs(client, message, PASSWORD))

        # Not timed: it tells the port that the submission's client will connect to.
        _, bound = play(partial(theirs, server), reference_client, [])
        reference = ("-m", "server", "--dialect", "mp4", "--logs", "logs")
        seconds = {
            "client": play(
                partial(ours, *reference, "--port", str(bound.port), "--host", bound.address),
                their_client,
                MESSAGES,
            )[0],
            "server": play(partial(theirs, server), reference_client, MESSAGES)[0],
            "pieces": play(partial(theirs, server), reference_client, ["message1.txt"])[0],
        }
    print(json.dumps(seconds))


def play(
    start_server: Callable[[], Program],
    run_client: Callable[[Bound, str], None],
    messages: Iterable[str],
) -> tuple[float, Bound]:
    """How many seconds a server and its clients take, and where the server listened."""
    started = time.perf_counter()
    server = start_server()
    bound = mp4_stage.where_it_listens(server.pid)
    if bound is None:
        raise SystemExit(f"{server.args!r} never listened")
    for message in messages:
        run_client(bound, message)
    server.send_signal(signal.SIGINT)
    server.communicate()
    return time.perf_counter() - started, bound


def start(folder: Path, *arguments: str, **environment: str) -> Program:
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"} | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def finish(client: Program) -> None:
    said, _ = client.communicate()
    if client.returncode:
        raise SystemExit(f"{client.args!r} ended with {client.returncode}: {said.decode()}")


if __name__ == "__main__":
    main()
