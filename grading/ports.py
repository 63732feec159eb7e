"""Where a submission's client will look for its server, where the lab leaves that open."""

from __future__ import annotations

import re
from pathlib import Path

from grading.lab import Lab, Scenario

_NUMBER = re.compile(rb"(?<![\w.])[1-9][0-9]{3,4}(?![\w.])")
_PORTS = range(1025, 65535)
_POWERS_OF_TWO = {1 << power for power in range(17)}  # sizes of buffers
_MOST = 100_000


def needs_port(lab: Lab, scenario: Scenario) -> bool:
    """Whether the lab's own server has to listen where the submission's does."""
    return any(
        who == "reference" and lab.programs[name].listens and not lab.programs[name].port
        for name, who in scenario.programs.items()
    )


def guess_port(submission: Path) -> int:
    """The number in a submission's files that looks most like a port; 0 if none does.

    For one whose server never listens, so that its client is not charged for that.
    """
    for file in sorted(submission.rglob("*"), key=lambda path: ("client" not in path.name, path)):
        if file.is_file():
            for match in _NUMBER.finditer(file.read_bytes()[:_MOST]):
                number = int(match[0])
                if number in _PORTS and number not in _POWERS_OF_TWO:
                    return number
    return 0
