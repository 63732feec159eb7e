"""The pages in a real browser: its policy lets them work, and what students planted stays text."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from grading.reports.writing import write_reports
from grading.results import ClassResult
from tests.grading.reports import samples
from tests.grading.reports.markup import Page
from tests.tools import require_tool

OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
    *("--enable-logging=stderr", "--dump-dom"),
)


def browse(file: Path, profile: Path) -> tuple[Page, list[str]]:
    """A page as the browser has it once its script ran, and what it said on its console."""
    shown = subprocess.run(
        [require_tool("chromium"), *OPTIONS, f"--user-data-dir={profile}", file.as_uri()],
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    return Page(shown.stdout), [line for line in shown.stderr.splitlines() if ":CONSOLE:" in line]


@pytest.mark.parametrize("make", [samples.every_verdict, samples.hostile])
def test_the_browser_refuses_nothing_of_a_page_and_runs_nothing_of_a_students(
    make: Callable[[], ClassResult], tmp_path: Path
) -> None:
    write_reports(make(), tmp_path / "out", ["html"])
    page, said = browse(tmp_path / "out" / "class.html", tmp_path / "profile")
    assert said == []
    assert len(page.all("script")) == 1
    assert len(page.all("button")) == len(page.all("th")) - sum(
        "row" in each.attributes.values() for each in page.all("th")
    )
    for file in sorted((tmp_path / "out" / "students").iterdir())[:2]:
        page, said = browse(file, tmp_path / "profile")
        assert said == []
        assert not page.all("script") + page.all("img")


@pytest.mark.parametrize(
    ("title", "clicks", "first", "last"),
    [
        ("Score", 1, "grace", "mallory"),
        ("Score", 2, "mallory", "grace"),
        ("Student", 1, "Ada Lovelace", "mallory"),
        ("Not passed", 1, "edsger", "mallory"),
    ],
)
def test_a_click_on_a_column_sorts_by_it(
    title: str, clicks: int, first: str, last: str, tmp_path: Path
) -> None:
    write_reports(samples.every_verdict(), tmp_path, ["html"])
    file = tmp_path / "class.html"
    source = re.sub(r'<meta http-equiv="Content-Security-Policy".*?>', "", file.read_text())
    clicking = (
        "<script>for (const button of document.querySelectorAll('#students button'))"
        f"if (button.textContent === '{title}') for (let i = 0; i < {clicks}; i++) button.click();"
        "</script></body>"
    )
    file.write_text(source.replace("</body>", clicking))
    page, _ = browse(file, tmp_path / "profile")
    names = [
        each.text.strip()
        for each in page.all("th")
        if any(outer.attributes.get("id") == "students" for outer in each.within)
        and each.attributes.get("scope") == "row"
    ]
    assert (names[0], names[-1], len(names)) == (first, last, 4)
    sorted_by = [each.text for each in page.all("th") if "aria-sort" in each.attributes]
    assert sorted_by == [title]
