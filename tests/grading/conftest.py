from __future__ import annotations

import pytest

from grading.isolation import NAMESPACES, find_isolation
from grading.sandbox import kernel
from tests.tools import skip_without


@pytest.fixture(scope="session", autouse=True)
def _subreaper() -> None:
    """What a grader's process is: whoever forks an arena collects it."""
    kernel.adopt_orphans()


@pytest.fixture(scope="session")
def namespaces(_subreaper: None, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Skips where this machine gives no namespaces."""
    isolation = find_isolation(tmp_path_factory.mktemp("isolation"))
    if isolation.name != NAMESPACES:
        skip_without(isolation.detail)
