"""A handout as text and as HTML: whatever stands in it is text, and a screen reader finds its way."""

import re
from html.parser import HTMLParser

import pytest

from cqa.book import Book
from cqa.files.handout_page import WIDTH, as_html, as_text
from cqa.table import Column, Table
from tests.hostile.strings import STRINGS

HOSTILE = [name for name, text in STRINGS.items() if 0 < len(text) < 5_000]


def book(text: str) -> Book:
    columns = (Column("Question", "id"), Column("What", "long"), Column("Why"))
    table = Table("By question", "Each mark", "One row each.", columns, ((text, text, "so"), ("q2", text, text)))
    return Book(f"Feedback on {text}", "", "cy", (("What was good", text),), ("A note.",), (table,), handout=True)


class Seen(HTMLParser):
    """Every tag, attribute and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


KNOWN = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "br", "table", "thead", "tbody", "tr", "th",
         "td"}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_becomes_markup(name: str) -> None:
    plain, hostile = Seen(as_html(book("x"))), Seen(as_html(book(STRINGS[name])))
    without_breaks = [tag for tag in hostile.tags if tag[0] != "br"]
    assert without_breaks == plain.tags and {tag for tag, _ in hostile.tags} <= KNOWN
    told = STRINGS[name].split("\n")[0].strip("\r\n")
    assert told.strip() == "" or told.split("\r")[0] in "".join(hostile.texts).replace("\r", "\n")


def test_the_page_says_its_language_and_every_cell_has_a_heading() -> None:
    seen = Seen(as_html(book("x")))
    assert seen.tags[0] == ("html", {"lang": "cy"}) and ("meta", {"charset": "utf-8"}) in seen.tags
    scopes = [attributes.get("scope") for tag, attributes in seen.tags if tag == "th"]
    assert scopes == ["col", "col", "col", "row", "row"]
    assert not re.search(r"<script|src=|href=|@import|url\(", as_html(book("x")))
    assert 'lang="&quot;&gt;"' in as_html(Book("", "", '">', (), (), ()))


@pytest.mark.parametrize("name", HOSTILE)
def test_lines_of_text_keep_to_their_width_and_lose_no_word(name: str) -> None:
    words = [word for word in re.split(r"[ \n]+", STRINGS[name]) if word.strip() and word.isprintable()]
    told = as_text(book(STRINGS[name]))
    squeezed = re.sub(r"\s+", "", told)
    assert all(re.sub(r"\s+", "", word) in squeezed for word in words)
    assert all(len(line) <= WIDTH for line in told.split("\n"))
