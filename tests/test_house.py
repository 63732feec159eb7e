"""The rules of the house: who may import whom, who prints, who waits."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.programs import ROOT

MAY_IMPORT = {
    "wire": {"wire"},
    "client": {"client", "wire"},
    "server": {"server", "wire"},
    "ftp_service": {"ftp_service", "wire"},
    "console": {"console", "wire"},
    "capture": {"capture", "wire"},
    "runs": {"runs", "server", "ftp_service", "wire"},
    "grading": {"grading", "capture", "ftp_service", "wire"},
    "commands": {"commands", "console", "runs", "grading", "wire"},
    "driver": {"commands", "console", "runs", "wire"},
}
"""What each may import of ours, itself included."""

MAY_IMPORT_CONSOLE = {
    "client/__main__.py",
    "client/options.py",
    "server/__main__.py",
    "server/options.py",
    "ftp_service/__main__.py",
}
MAY_IMPORT_RICH = {"console/screen.py"}
MAY_SLEEP = {
    "client/send.py",  # between its attempts
    "capture/flow.py",  # a fault that delays
    "grading/sandbox/ticks.py",  # the kernel's tables announce no change
}
MAY_IMPORT_BY_NAME = {"wire/ciphers/__init__.py"}
NOT_OF_THE_HOUSE = {"tests", "benchmarks"}
KEPT_FROM_WIRE = {"socket", "threading", "asyncio", "pathlib"}


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


PACKAGES = {path.parent.name for path in ROOT.glob("*/__init__.py")} - NOT_OF_THE_HOUSE
FILES = [ROOT / "driver.py"] + [
    file for package in sorted(PACKAGES) for file in sorted((ROOT / package).rglob("*.py"))
]
TREES = {name_of(file): ast.parse(file.read_bytes()) for file in FILES}

every_file = pytest.mark.parametrize("file", TREES)


def package_of(file: str) -> str:
    return file.split("/", maxsplit=1)[0].removesuffix(".py")


def imported(tree: ast.AST) -> set[str]:
    """The top-level names that a file imports, wherever in it: late and for types only as well."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "" if not node.level else "a relative import")
    return {name.split(".")[0] for name in names}


def called(tree: ast.AST) -> Iterator[str]:
    """The names that a file calls, as they are written: `print`, `time.sleep`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node) != "asyncio.sleep(0)":  # gives a turn
            yield ast.unparse(node.func)


def test_the_walk_reads_an_import_and_a_call_wherever_they_stand() -> None:
    tree = ast.parse(
        "import socket as s, os.path\n"
        "if TYPE_CHECKING:\n    from rich.text import Text\n"
        "def late():\n    from . import near\n    from time import sleep\n    [print()]\n"
        "    return time.sleep(1)\n"
    )
    assert imported(tree) == {"socket", "os", "rich", "time", "a relative import"}
    assert set(called(tree)) == {"print", "time.sleep"}


def test_every_package_has_its_rule() -> None:
    assert PACKAGES | {"driver"} == set(MAY_IMPORT)


@every_file
def test_a_file_imports_only_what_its_package_may(file: str) -> None:
    ours = imported(TREES[file]) & {*MAY_IMPORT, *NOT_OF_THE_HOUSE, "a relative import"}
    allowed = MAY_IMPORT[package_of(file)] | ({"console"} if file in MAY_IMPORT_CONSOLE else set())
    assert ours <= allowed


@every_file
def test_no_import_slips_past_these_rules(file: str) -> None:
    by_name = {"import_module", "importlib.import_module", "__import__"} & set(called(TREES[file]))
    assert file in MAY_IMPORT_BY_NAME or not by_name


@every_file
def test_nothing_imports_the_driver(file: str) -> None:
    assert "driver" not in imported(TREES[file])


@every_file
def test_only_the_programs_and_the_console_print(file: str) -> None:
    speaks = package_of(file) in ("console", "driver") or file.endswith("__main__.py")
    prints = {"print", "sys.stdout.write", "sys.stderr.write"} & set(called(TREES[file]))
    assert speaks or not prints


@every_file
def test_nothing_sleeps_but_where_there_is_a_reason(file: str) -> None:
    sleeps = {name for name in called(TREES[file]) if name.split(".")[-1] == "sleep"}
    assert file in MAY_SLEEP or not sleeps


@every_file
def test_only_the_screen_knows_rich(file: str) -> None:
    assert file in MAY_IMPORT_RICH or "rich" not in imported(TREES[file])


@pytest.mark.parametrize("file", [file for file in TREES if package_of(file) == "wire"])
def test_the_wire_is_pure(file: str) -> None:
    assert not imported(TREES[file]) & KEPT_FROM_WIRE
    assert "open" not in set(called(TREES[file]))


def test_the_exceptions_are_still_needed() -> None:
    for file in MAY_IMPORT_CONSOLE:
        assert "console" in imported(TREES[file])
    for file in MAY_IMPORT_RICH:
        assert "rich" in imported(TREES[file])
    for file in MAY_IMPORT_BY_NAME:
        assert "import_module" in set(called(TREES[file]))
    for file in MAY_SLEEP:
        assert {"time.sleep", "asyncio.sleep", "sleep"} & set(called(TREES[file]))


def test_no_package_hides_one_of_the_standard_library() -> None:
    assert not set(MAY_IMPORT) & sys.stdlib_module_names
