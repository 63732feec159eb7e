"""`driver.py run mp4` with the seven samples, against an interpreter that does nothing."""

from __future__ import annotations

import sys
from functools import partial

from benchmarks.measure import EMPTY, medians, prepare, seconds_of, working_folder

ROUNDS = 11
GOAL = 40.0


def main() -> None:
    prepare()
    with working_folder() as folder:
        run = [sys.executable, "driver.py", "run", "mp4", "--output", str(folder)]
        figures = medians(
            {"pass": partial(seconds_of, EMPTY), "run": partial(seconds_of, run)}, ROUNDS
        )
    ratio = figures["run"] / figures["pass"]
    print(
        f"driver.py run mp4: {figures['run'] * 1000:.0f} ms, `python -c pass`"
        f" {figures['pass'] * 1000:.1f} ms: {ratio:.1f} x (goal: at most {GOAL:.0f}),"
        f" medians of {ROUNDS}"
    )


if __name__ == "__main__":
    main()
