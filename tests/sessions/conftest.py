from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sessions.driving import Driver


@pytest.fixture
def driver(tmp_path: Path) -> Iterator[Driver]:
    """The lab driver; after the test nothing of its runs may be left."""
    driver = Driver(tmp_path)
    yield driver
    driver.assert_nothing_left()
