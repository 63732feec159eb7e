"""A client process, from start to receipt, against an interpreter that does nothing."""

from __future__ import annotations

import sys
from functools import partial

from benchmarks.measure import EMPTY, ROOT, medians, prepare, seconds_of, serving, working_folder

ROUNDS = 41
GOALS = {"classic": 2.5, "secure": 4.0}
MESSAGE = ROOT / "sample_messages" / "message1.txt"


def main() -> None:
    prepare()
    with (
        working_folder() as folder,
        serving("-m", "server", "--port", "0", "--logs", str(folder)) as port,
    ):
        client = [sys.executable, "-m", "client", str(MESSAGE)]
        candidates = {"python -c pass": partial(seconds_of, EMPTY)}
        for mode in ("open", "classic", "secure"):
            env = {"WIRELAB_PORT": str(port), "WIRELAB_MODE": mode, "WIRELAB_PASSWORD": "bench"}
            candidates[mode] = partial(seconds_of, client, env)
        figures = medians(candidates, ROUNDS)
    empty = figures["python -c pass"]
    print(f"a client process with {MESSAGE.stat().st_size} bytes, receipt included,")
    print(f"against `python -c pass` ({empty * 1000:.1f} ms), medians of {ROUNDS}:")
    for mode in ("open", "classic", "secure"):
        goal = f"(goal: at most {GOALS[mode]})" if mode in GOALS else ""
        print(f"  {mode:8} {figures[mode] * 1000:6.1f} ms  {figures[mode] / empty:5.2f} x  {goal}")


if __name__ == "__main__":
    main()
