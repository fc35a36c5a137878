"""Case facts: how a column is matched to its name, what counts as yes and no, and what a number is."""

import re
from fractions import Fraction

_YES = ("y", "yes", "true", "1")
_NO = ("n", "no", "false", "0")


def folded(name: str) -> str:
    """A column name as headers are matched: ignoring case, spaces and underscores."""
    return "".join(name.replace("_", " ").split()).casefold()


def second_of(stamp: str) -> str:
    """A recorded moment as people read it, to the second; what is no such text as it stands."""
    return stamp[:19].replace("T", " ") or "not told"


def minute(stamp: str) -> str:
    """A recorded moment as people read it, to the minute: `2026-11-25 17:17`; empty where there is none."""
    return stamp[:16].replace("T", " ")


def how_many(count: int, thing: str) -> str:
    """A count in words: `1 case`, `2,000 cases`."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def flag_value(text: str) -> bool | None:
    """Y, Yes, True, 1 are true; N, No, False, 0 are false; anything else is not known."""
    word = text.strip().casefold()
    return True if word in _YES else False if word in _NO else None


# Fractions and exponents would be taken by Fraction itself: 1/0 fails late, and 1e9999999 never ends.
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?")
_WHOLE = re.compile(r"[0-9]{1,9}")


def number(text: str) -> Fraction:
    """A plain decimal such as -12.5, with at most 18 digits before and after the point. Raises ValueError else."""
    word = text.strip()
    if not _NUMBER.fullmatch(word):
        raise ValueError(f"no plain number: {word[:40]}")
    return Fraction(word)


def share(text: str) -> Fraction:
    """A share between 0 and 1, typed as 0.2 or 20%. Raises ValueError for anything else."""
    value = number(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    if not 0 <= value <= 1:
        raise ValueError(text)
    return value


def is_number(text: str) -> bool:
    """Whether the text is a plain decimal."""
    return _NUMBER.fullmatch(text.strip()) is not None


def whole_number(text: str) -> int:
    """A whole number of 0 or more, with at most 9 digits. Raises ValueError else."""
    if not _WHOLE.fullmatch(text.strip()):
        raise ValueError(f"no whole number: {text[:40]}")
    return int(text)


_RECORDED = re.compile(r"[0-9]{1,18}")
_RATIO = re.compile(r"[0-9]{1,60}(/[0-9]{1,60})?")


def recorded_number(text: str) -> int:
    """A whole number of 0 or more as records hold it, with at most 18 digits. Raises ValueError else."""
    if not _RECORDED.fullmatch(text):
        raise ValueError(f"no recorded number: {text[:40]}")
    return int(text)


def ratio(text: str) -> Fraction:
    """A share or weight as records hold it, such as 3 or 25/3. Raises ValueError else, ZeroDivisionError for 1/0."""
    if not _RATIO.fullmatch(text):
        raise ValueError(f"no ratio: {text[:40]}")
    return Fraction(text)
