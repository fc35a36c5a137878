"""Which column of an export holds the case id, told by its name where nobody said which."""

import re
from collections.abc import Sequence

from cqa.facts import folded

_WORDS = ("caseid", "caseidentifier", "casereference", "caseref", "casenumber", "caseno", "urn", "caseurn",
          "uniquereferencenumber", "reference", "referencenumber", "referenceno", "refno", "ref", "fileref",
          "filenumber", "case", "id")
_WITHIN = re.compile(r"(^|[ _-])(case|file|matter)[ _-]?(id|ref|reference|number|no)\.?$|(^|[ _-])urn$", re.IGNORECASE)


def id_rank(name: str) -> int | None:
    """How likely a column of that name holds the case id: 0 is likeliest; None where the name says nothing of it."""
    plain = folded(name).strip("\"'.:#")
    if plain in _WORDS:
        return _WORDS.index(plain)
    return len(_WORDS) if _WITHIN.search(name.strip()) else None


def guessed_id(header: Sequence[str], rows: Sequence[Sequence[str]]) -> int | None:
    """The place of the column that is most likely the case id, by its name and by the first rows; None for none.

    A column with a telling name must be filled in most rows; among the others only one counts that is filled and
    unique in all of at least two rows.
    """
    named = sorted((rank, place) for place, name in enumerate(header) if (rank := id_rank(name)) is not None)
    for _, place in named:
        if 2 * sum(bool(row[place].strip()) for row in rows) >= len(rows):
            return place
    if len(rows) < 2:
        return None
    for place, name in enumerate(header):
        values = {row[place].strip() for row in rows}
        if name.strip() and len(values) == len(rows) and "" not in values:
            return place
    return None
