from __future__ import annotations

import signal


def pytest_configure() -> None:
    """Let Ctrl-C reach the programs under test, even if this was started where it is ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
