"""What may stand in a workbook's cell or on a sheet's tab: text made legal, long text in parts, names made safe."""

import re

MAX_UNITS = 32_000
"""Excel's limit is 32,767 UTF-16 units; some room is left for the words '(continued)' and '[cut]'."""
MAX_LINE_FEEDS = 250
BLANK = "[z]"
"""Stands in a cell that has nothing to show, as the guidance for public spreadsheets asks."""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_LOOK = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_TABS = re.compile(r"[\[\]:*?/\\]")


def legal(text: str) -> str:
    """The text with characters that no workbook can hold as U+FFFD, and all line ends as line feeds."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _ESCAPE_LOOK.sub("_x005F_", _ILLEGAL.sub("\ufffd", text))


def units(text: str) -> int:
    """How long Excel finds the text: in UTF-16 units, two for an emoji."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def parts(text: str) -> list[str]:
    """The legal text in pieces that each fit a cell; nothing is cut away."""
    text = legal(text)
    if units(text) <= MAX_UNITS and text.count("\n") <= MAX_LINE_FEEDS:
        return [text]
    pieces: list[str] = []
    start = length = feeds = 0
    for place, letter in enumerate(text):
        size, feed = units(letter), letter == "\n"
        if length + size > MAX_UNITS or feeds + feed > MAX_LINE_FEEDS:
            pieces.append(text[start:place])
            start, length, feeds = place, 0, 0
        length, feeds = length + size, feeds + feed
    return [*pieces, text[start:]]


class TabNames:
    """Gives sheets names that are legal, at most 31 UTF-16 units, and unique ignoring case."""

    def __init__(self) -> None:
        self.used: set[str] = {"history"}

    def name(self, wanted: str) -> str:
        """The wanted name, or the nearest that can be used."""
        plain = _NOT_IN_TABS.sub(" ", legal(wanted)).strip(" '") or "Sheet"
        name, number = _cut(plain, 31), 1
        while name.casefold() in self.used:
            number += 1
            name = f"{_cut(plain, 31 - len(str(number)) - 1)} {number}"
        self.used.add(name.casefold())
        return name


def _cut(text: str, most: int) -> str:
    while units(text) > most:
        text = text[:-1]
    return text.strip(" '")
