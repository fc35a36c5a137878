"""Signs of marking without looking: texts that are thin, and one text given for several cases. Flags, no verdicts."""

from collections.abc import Iterable
from dataclasses import dataclass

from cqa.consistency.marks import MarkRow

THIN = 15
"""A text of fewer characters seldom says what was found and where."""
SEVERAL = 3
"""From this many cases on, one identical text is flagged."""
_KINDS = ("reason", "evidence")


@dataclass(frozen=True, slots=True)
class TextFlag:
    """A text of one reviewer, in one spelling, and where it was given. `finding`: thin, repeated, or both."""

    reviewer: str
    kind: str
    finding: str
    text: str
    cases: tuple[str, ...]
    marks: int

    def as_json(self) -> dict[str, object]:
        """Who, which text, why it is flagged, and on which cases."""
        return {"reviewer": self.reviewer, "kind": self.kind, "finding": self.finding, "text": self.text,
                "cases": list(self.cases), "marks": self.marks}


def text_flags(rows: Iterable[MarkRow]) -> tuple[TextFlag, ...]:
    """Thin texts, and texts that one reviewer gave on three cases or more, ignoring case and spacing; the most often
    given first within each reviewer."""
    grouped: dict[tuple[str, str, str], list[tuple[MarkRow, str]]] = {}
    for row in rows:
        for kind, text in zip(_KINDS, (row.reason, row.evidence), strict=True):
            if row.signed and text.strip():
                grouped.setdefault((row.reviewer, kind, " ".join(text.split()).casefold()), []).append((row, text))
    flags = [flag for (reviewer, kind, plain), given in grouped.items()
             if (flag := _flag(reviewer, kind, plain, given))]
    return tuple(sorted(flags, key=lambda flag: (flag.reviewer, -flag.marks, flag.kind, flag.text)))


def _flag(reviewer: str, kind: str, plain: str, given: list[tuple[MarkRow, str]]) -> TextFlag | None:
    cases = tuple(dict.fromkeys(row.case_id for row, _ in given))
    findings = [*(["thin"] if len(plain) < THIN else []), *(["repeated"] if len(cases) >= SEVERAL else [])]
    if not findings:
        return None
    return TextFlag(reviewer, kind, " and ".join(findings), given[0][1].strip(), cases, len(given))
