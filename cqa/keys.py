"""The keys of marking: what each does, its name in the settings, and the key it has unless cqa.yaml says otherwise."""

import re
from collections.abc import Mapping

SHIPPED: Mapping[str, str] = {
    "back": "left", "next": "right", "first": "home", "unanswered": "n", "jump": "j", "list": "l", "cases": "a",
    "facts": "i", "papers": "p", "guidance": "g", "reason": "c", "evidence": "e", "clear": "x", "undo": "u",
    "redo": "r", "flag": "f", "urgent": "!", "help": "?", "stop": "q", "sign_off": "s",
}
"""What can be done, and the key that does it."""
LINE_BY_LINE: Mapping[str, str] = {"back": "b", "levels": "d", "reopen": "o"}
"""What is done by a letter line by line, and at the full screen by another key or not at all."""
OFF = "off"
NEVER_OFF = ("help", "stop", "sign_off")
"""Without these nobody could find the others, end a sitting, or finish a case."""

_LETTER = re.compile(r"[!-/:-@\[-`a-z{-~]")
_OTHER = re.compile(r"f[1-9]|f1[0-2]|ctrl-[abdefgklnopqrtuvwxy]|left|right|home|end|up|down|pageup|pagedown")
FORM = "a letter or sign, f1 to f12, ctrl- and a letter, an arrow such as left, or off"


def is_key(text: str) -> bool:
    """Whether the text names a key that something can be put on. Digits are marks and never that."""
    return bool(_LETTER.fullmatch(text) or _OTHER.fullmatch(text))


def with_own(own: Mapping[str, str]) -> dict[str, str]:
    """Every deed with its key, the person's own before the shipped one; those that are off are left out."""
    keys = {**SHIPPED, **own}
    return {deed: key for deed, key in keys.items() if key != OFF}


def line_by_line(own: Mapping[str, str]) -> dict[str, str]:
    """Every deed with what is typed for it line by line: the person's own letter, else the shipped one.

    A key that types no letter has no meaning there, and a letter that is off at the full screen, where it might be
    pressed by accident, is safe there: it needs Enter.
    """
    letters = {**SHIPPED, **LINE_BY_LINE}
    return {**letters, **{deed: key for deed, key in own.items() if _LETTER.fullmatch(key) and deed in letters}}


def doubled(own: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    """Two deeds on one key, and the key."""
    keys: dict[str, str] = {}
    found = []
    for deed, key in with_own(own).items():
        if key in keys:
            found.append((keys[key], deed, key))
        keys[key] = deed
    return tuple(found)


def named(key: str) -> str:
    """A key as it is shown: letters large, others by their name."""
    return key.upper() if len(key) == 1 else key.capitalize()
