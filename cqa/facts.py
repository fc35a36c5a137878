"""Case facts: how a column is matched to its name, and what counts as yes and no."""

_YES = ("y", "yes", "true", "1")
_NO = ("n", "no", "false", "0")


def folded(name: str) -> str:
    """A column name as headers are matched: ignoring case, spaces and underscores."""
    return "".join(name.replace("_", " ").split()).casefold()


def flag_value(text: str) -> bool | None:
    """Y, Yes, True, 1 are true; N, No, False, 0 are false; anything else is not known."""
    word = text.strip().casefold()
    return True if word in _YES else False if word in _NO else None
