"""How every program says what is wrong."""

from __future__ import annotations

import re
import subprocess


def assert_complaint(
    run: subprocess.CompletedProcess[str], exit_code: int, program: str, *words: str
) -> None:
    """One line that has these words, a hint, and nothing else on stderr."""
    assert run.returncode == exit_code, run.stderr
    complaint, hint = run.stderr.splitlines()
    assert re.match(rf"{program}( run)?: ", complaint)
    for word in words:
        assert word in complaint
    assert hint.startswith("hint: ")
    assert len(hint) > len("hint: ")
