"""Half characters (lone surrogates): what broken input turns into, and what no file, JSON or journal may hold."""

import re

HALF = re.compile("[\ud800-\udfff]")
"""One half."""


def is_whole(text: str) -> bool:
    """Whether no half of a character is in the text."""
    return HALF.search(text) is None


def made_whole(text: str) -> str:
    """The text with U+FFFD for every half of a character."""
    return HALF.sub("\ufffd", text)
