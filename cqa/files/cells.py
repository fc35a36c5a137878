"""What may stand in a workbook's cell or on a sheet's tab: text made legal, long text in parts, names made safe."""

import re
import unicodedata

MAX_UNITS = 32_000
"""Excel's limit is 32,767 UTF-16 units; some room is left for the words '(continued)' and '[cut]'."""
MAX_LINE_FEEDS = 250
BLANK = "[z]"
"""Stands in a cell that has nothing to show, as the guidance for public spreadsheets asks."""

_LONGEST_HEADING = 160
"""UTF-16 units; Excel allows 255, of which a narrow column could not show the end."""
_EDGES = 0.7
"""What Excel leaves at the sides of a cell, in digits, as column widths are counted."""


class _Widths(dict[str, float]):
    """How wide a letter of Arial is at most, in digits of the same size; all that is not listed is met as it comes."""

    def __missing__(self, letter: str) -> float:
        self[letter] = 2.0 if unicodedata.east_asian_width(letter) in "WF" else 1.0
        return self[letter]


_WIDTHS = _Widths({
    **dict.fromkeys(" !',./:;I[\\]fijlt|", 0.5), **dict.fromkeys('"()-`r{}', 0.65), **dict.fromkeys("*^Jckvsxyz", 0.9),
    **dict.fromkeys("ABEFKPSTVXYZ&", 1.2), **dict.fromkeys("CDGHNOQRU", 1.4), **dict.fromkeys("+<=>~", 1.1),
    **dict.fromkeys("mM", 1.5), "w": 1.3, "W": 1.7, "%": 1.6, "@": 1.9})
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_LOOK = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_TABS = re.compile(r"[\[\]:*?/\\]")


def legal(text: str) -> str:
    """The text with characters that no workbook can hold as U+FFFD, and all line ends as line feeds."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _ESCAPE_LOOK.sub("_x005F_", _ILLEGAL.sub("\ufffd", text))


def plain(text: str) -> bool:
    """Whether the text, where it fits, can stand in a cell as it is; what is not said to be so may still be."""
    return text.isprintable() and "_x" not in text


def altered(text: str) -> bool:
    """Whether the text holds what no cell can: characters that become U+FFFD, or carriage returns."""
    return not plain(text) and ("\r" in text or _ILLEGAL.search(text) is not None)


def units(text: str) -> int:
    """How long Excel finds the text: in UTF-16 units, two for an emoji."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parts(text: str) -> list[str]:
    """The legal text in pieces that each fit a cell; nothing is cut away."""
    text = legal(text)
    if units(text) <= MAX_UNITS and text.count("\n") <= MAX_LINE_FEEDS:
        return [text]
    pieces: list[str] = []
    start = length = feeds = 0
    for place, letter in enumerate(text):
        size, feed = 1 + (letter > "\uffff"), letter == "\n"
        if length + size > MAX_UNITS or feeds + feed > MAX_LINE_FEEDS:
            pieces.append(text[start:place])
            start, length, feeds = place, 0, 0
        length, feeds = length + size, feeds + feed
    return [*pieces, text[start:]]


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column of that width, broken between words as Arial 12 sets it."""
    return sum(_wrapped(line, width) for line in text.split("\n"))


def _wrapped(line: str, width: float) -> int:
    room = max(1.0, width - _EDGES)
    if 2 * len(line) <= room or _set(line) <= room:
        return 1
    lines, used, space = 1, 0.0, _WIDTHS[" "]
    for word in line.split(" "):
        length = _set(word)
        if used and used + space + length <= room:
            used += space + length
            continue
        lines += bool(used)
        # A word that is longer than a line is broken where the line ends.
        further = int(length / room)
        lines, used = lines + further, max(length - further * room, 0.1)
    return lines


def _set(text: str) -> float:
    return sum(map(_WIDTHS.__getitem__, text))


def shown_parts(text: str, width: float, most: int, before: str = "") -> list[str]:
    """The legal text in pieces that each fit a cell and can be seen in `most` lines of that width.

    `before` is what will be put in front of every piece but the first. Breaks at a space where there is one.
    """
    pieces: list[str] = []
    # No letter is narrower than half a digit: so many would never be seen, and need not be set to know it.
    enough = int(2 * width + 2) * most
    for part in parts(text):
        rest = part
        while lines_of((before if pieces else "") + rest[:enough], width) > most:
            end = _end(rest, width, most, before if pieces else "")
            pieces.append(rest[:end])
            rest = rest[end:]
        pieces.append(rest)
    return pieces


def _end(text: str, width: float, most: int, before: str) -> int:
    """Where to break a text that takes too many lines: after the last space, if that is not far back."""
    low, high = 1, min(len(text), int(1.3 * width) * most + most)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if lines_of(before + text[:middle], width) <= most else (low, middle - 1)
    space = text.rfind(" ", low // 2, low)
    return space + 1 if space > 0 else low


class TabNames:
    """Gives sheets names that are legal, at most 31 UTF-16 units, and unique ignoring case."""

    def __init__(self) -> None:
        self.used: set[str] = {"history"}

    def name(self, wanted: str) -> str:
        """The wanted name, or the nearest that can be used."""
        plain = _NOT_IN_TABS.sub(" ", legal(wanted)).strip(" '") or "Unnamed"
        name, number = _cut(plain, 31), 1
        while name.casefold() in self.used:
            number += 1
            name = f"{_cut(plain, 31 - len(str(number)) - 1)} {number}"
        self.used.add(name.casefold())
        return name


def heading(text: str) -> str:
    """A column's header or a chart's title, as Excel has them: never blank, on one line, not too long; what is cut says
    so."""
    told = legal(text).replace("\n", " ")
    if not told.strip():
        return BLANK
    return told if units(told) <= _LONGEST_HEADING else f"{_cut(told, _LONGEST_HEADING - 6)} [cut]"


def _cut(text: str, most: int) -> str:
    text = text[:most]
    while units(text) > most:
        text = text[:-1]
    return text.strip(" '")
