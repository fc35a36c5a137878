"""Rows of a full screen: text broken, cut and set side by side by the width it takes in a terminal."""

from collections.abc import Iterable, Sequence

from cqa.screen.clean import clean

Row = tuple[tuple[str, str], ...]
"""Fragments of one row: a style (`bold`, `reverse`, or none) and its text. Style never carries a meaning alone."""
CUT = "..."


def columns(text: str) -> int:
    """How many columns the text takes: wide letters two, marks that stand over others none."""
    if text.isascii() and text.isprintable():
        return len(text)
    from prompt_toolkit.utils import get_cwidth  # noqa: PLC0415 - plain mode never needs it

    return int(sum(get_cwidth(letter) for letter in text))


def plain(text: str = "", style: str = "") -> Row:
    """A row of one fragment."""
    return ((style, text),)


def text_of(row: Row) -> str:
    """What a row says."""
    return "".join(text for _, text in row)


def wrapped(text: str, width: int) -> list[str]:
    """The cleaned text in lines of at most `width` columns, broken between words, and within one that is too long.

    Line feeds of the text stay. At least one line.
    """
    return [line for part in clean(text).split("\n") for line in _broken(part.split(), max(2, width))]


def _broken(words: Sequence[str], width: int) -> list[str]:
    lines = [""]
    for word in words:
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if columns(joined) <= width:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        *whole, rest = _pieces(word, width)
        lines[-1:] = [*whole, rest]
    return lines


def _pieces(word: str, width: int) -> list[str]:
    pieces, taken = [""], 0
    for letter in word:
        wide = columns(letter)
        if taken + wide > width:
            pieces.append("")
            taken = 0
        pieces[-1] += letter
        taken += wide
    return pieces


def cut(text: str, width: int) -> str:
    """The cleaned text on one line of at most `width` columns; three full stops stand where something is missing."""
    line = clean(text).replace("\n", " ")
    if columns(line) <= width:
        return line
    if width <= len(CUT):
        return CUT[:max(0, width)]
    return _pieces(line, width - len(CUT))[0] + CUT


def padded(text: str, width: int) -> str:
    """The text cut, or filled with spaces, to exactly `width` columns."""
    line = text if columns(text) <= width else cut(text, width)
    return line + " " * (width - columns(line))


def spread(left: str, right: str, width: int) -> str:
    """One line with `left` at its left and `right` at its right end; the left gives way where both do not fit."""
    return padded(left, max(0, width - columns(right) - 1)) + " " + cut(right, max(0, width - 1))


def filled(row: Row, width: int) -> Row:
    """The row, filled to `width` columns. A row that is longer is left as it is."""
    missing = width - columns(text_of(row))
    return (*row, ("", " " * missing)) if missing > 0 else row


def beside(left: Iterable[Row], between: str, right: Iterable[Row], height: int, widths: tuple[int, int]) -> list[Row]:
    """Two columns of rows, `height` rows high, filled where one is shorter."""
    lefts, rights = [*left][:height], [*right][:height]
    blank = plain()
    lefts += [blank] * (height - len(lefts))
    rights += [blank] * (height - len(rights))
    return [(*filled(one, widths[0]), ("", between), *filled(other, widths[1]))
            for one, other in zip(lefts, rights, strict=True)]
