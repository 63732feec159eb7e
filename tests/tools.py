"""Programs of other people that tests run against ours."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest


def require_tool(name: str) -> str:
    """The path of `name`; where it is missing the test is skipped.

    With WIRELAB_REQUIRE_TOOLS=1 in the environment it fails instead, so that
    nothing is skipped where everything is meant to run.
    """
    path = shutil.which(name)
    if path is None:
        skip_without(f"{name} is not installed")
    return path


def skip_without(missing: str) -> NoReturn:
    """Skip the test for what is missing here, or fail it, as `require_tool` does."""
    if os.environ.get("WIRELAB_REQUIRE_TOOLS") == "1":
        pytest.fail(missing)
    pytest.skip(missing)
