"""Text from people made safe to draw: control, direction and invisible characters become visible."""

import unicodedata

_KEPT = {"\n"}
_HIDDEN_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def clean(text: str) -> str:
    """The text with every control, format, private, unassigned and surrogate character shown as `<U+XXXX>`.

    Line feeds stay; tabs become a space. Nothing that is left can move the cursor, hide text or turn its direction.
    """
    return "".join(map(_visible, text))


def one_line(text: str) -> str:
    """The cleaned text on one line."""
    return " ".join(clean(text).split())


def _visible(letter: str) -> str:
    if letter == "\t":
        return " "
    if letter in _KEPT or unicodedata.category(letter) not in _HIDDEN_CATEGORIES:
        return letter
    return f"<U+{ord(letter):04X}>"
