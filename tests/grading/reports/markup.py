"""HTML read back by the standard library's parser: what elements a page has, and their text."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br", "col", "link", "img", "input", "hr"}
"""Elements without an end tag, of those that a page may have."""


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""
    """All text in it, that of elements within it too."""
    within: list[Element] = field(default_factory=list, repr=False)
    """The elements that it is in."""

    def has_class(self, name: str) -> bool:
        return name in self.attributes.get("class", "").split()


class Page(HTMLParser):
    """A page's elements in order; asserts that each is closed, and closed in its turn."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(source)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names)
        attributes = {name: value or "" for name, value in attrs}
        element = Element(tag, attributes, within=list(self._open))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, tag: str, class_: str = "") -> list[Element]:
        """The elements of this kind, and this class."""
        return [
            each
            for each in self.elements
            if each.tag == tag and (not class_ or each.has_class(class_))
        ]

    def one(self, tag: str, class_: str = "") -> Element:
        """The only one of its kind."""
        (element,) = self.all(tag, class_)
        return element
