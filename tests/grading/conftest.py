from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from grading.isolation import NAMESPACES, find_isolation
from grading.sandbox import kernel
from tests.tools import skip_without


@contextmanager
def _adopting() -> Iterator[None]:
    """What a grader's process is: whoever forks an arena collects it."""
    kernel.adopt_orphans()
    try:
        yield
    finally:
        kernel.adopt_orphans(adopt=False)
        with suppress(ChildProcessError):
            while True:  # all of them are being ended
                os.wait()


@pytest.fixture
def subreaper() -> Iterator[None]:
    with _adopting():
        yield


@pytest.fixture(scope="session")
def namespaces(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Skips where this machine gives no namespaces."""
    with _adopting():
        isolation = find_isolation(tmp_path_factory.mktemp("isolation"))
    if isolation.name != NAMESPACES:
        skip_without(isolation.detail)
