"""From results to HTML: the templates, and a policy that lets a page load and run nothing else."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from grading.reports.checks import labels_of
from grading.reports.figures import when
from grading.reports.names import file_stems
from grading.reports.pages import overview, sequence, student
from grading.reports.signs import number, shortened, visible
from grading.results import ClassResult, Verdict

_TEMPLATES = Path(__file__).parent / "templates"

_SIGNS = {
    Verdict.PASSED: "✓",
    Verdict.PRESENTATION: "≈",
    Verdict.NOT_RUN: "○",
    Verdict.GRADER_FAULT: "?",
}
_OTHER_SIGN = "✗"


def files(result: ClassResult) -> Iterator[tuple[str, str]]:
    """The name and the text of what `--format html` writes."""
    environment = _environment(result)
    stems = file_stems(each.name for each in result.students)
    addresses = [f"students/{quote(stem)}.html" for stem in stems]
    yield (
        "class.html",
        environment.get_template("class.html").render(view=overview.view(result, addresses)),
    )
    template = environment.get_template("student.html")
    for each, stem in zip(result.students, stems, strict=True):
        yield f"students/{stem}.html", template.render(view=student.view(each))


def _environment(result: ClassResult) -> Environment:
    """Whatever a template writes is made visible, and escaped, unless it is Markup already."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = environment.get_template("style.css").render(lanes=sequence.MOST_LANES)
    script = environment.get_template("sort.js").render()
    environment.globals |= {
        "result": result,
        "labels": labels_of(result.students),
        "when": when,
        "number": number,
        "shortened": shortened,
        "verdict_sign": lambda verdict: _SIGNS.get(verdict, _OTHER_SIGN),
        "style": Markup(style),
        "style_hash": _hash(style),
        "script": Markup(script),
        "script_hash": _hash(script),
    }
    return environment


def _visible(value: Any) -> Any:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _hash(content: str) -> str:
    """What a Content-Security-Policy knows an inline element by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
