"""How much room a text takes: its width in Arial, and the lines it breaks into, reckoned apart from the product."""

import re
import unicodedata
from functools import cache

_NARROW = {" ": 278, "!": 278, '"': 355, "%": 889, "&": 667, "'": 191, "(": 333, ")": 333, "*": 389, "+": 584, ",": 278,
           "-": 333, ".": 278, "/": 278, ":": 278, ";": 278, "<": 584, "=": 584, ">": 584, "@": 1015, "[": 278,
           "\\": 278, "]": 278, "^": 469, "`": 333, "{": 334, "|": 260, "}": 334, "~": 584}
_LETTERS = {**dict.fromkeys("abdeghnopqu", 556), **dict.fromkeys("ckvsxyzJ", 500), **dict.fromkeys("fIt", 278),
            **dict.fromkeys("ijl", 222), "r": 333, "m": 833, **dict.fromkeys("ABEKPSVXY", 667),
            **dict.fromkeys("CDHNRUw", 722), **dict.fromkeys("FTZ", 611), **dict.fromkeys("GOQ", 778), "L": 556,
            "M": 833, "W": 944}
_WIDTHS = {**_NARROW, **_LETTERS}
"""Thousandths of an em, from Adobe's metrics of Helvetica, whose widths Arial has; all else is taken as 556."""
_DIGIT = 556
"""Column widths count digits of the font of Normal."""
WORD = re.compile(r"[(\[\"'“‘]?[^\W\d_]+(?:['’][^\W\d_]+)*[)\].,;:!?\"'”’-]*")
"""What can be read as a word; ids, hashes, addresses and the like hold something else and may be broken anywhere."""
LONGEST_WORD = 30
"""Letters; longer runs are no word of English or Welsh and cannot be given room."""


def width_of(text: str) -> float:
    """The width of one line of text, in digits of the same size."""
    return sum(map(_width_of, text)) / _DIGIT


@cache
def _width_of(letter: str) -> int:
    if letter < "\x80":
        return _WIDTHS.get(letter, 556)
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Cf", "Mn", "Me"):
        return 0
    return 1000 if unicodedata.east_asian_width(letter) in "WF" else 556


def lines_in(text: str, room: float) -> int:
    """How many lines a text takes in a cell that has room for so many digits; breaks at spaces, and inside what is
    longer than a line."""
    return sum(_broken(line, room) for line in text.split("\n"))


def _broken(line: str, room: float) -> int:
    if width_of(line) <= room:
        return 1
    lines, used, space = 1, 0.0, width_of(" ")
    for word in line.split(" "):
        wide = width_of(word)
        if used and used + space + wide <= room:
            used += space + wide
            continue
        lines += 1 if used else 0
        extra = int(wide / room)
        lines, used = lines + extra, max(wide - extra * room, 0.1)
    return lines


def words_of(text: str) -> list[str]:
    """The words that a reader expects in one piece; a hyphen is where a line may end."""
    return [word for word in text.replace("-", "- ").split() if len(word) <= LONGEST_WORD and WORD.fullmatch(word)
            and not any(unicodedata.east_asian_width(letter) in "WF" for letter in word)]
