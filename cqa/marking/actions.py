"""What a reviewer can do in a marking session: one value each, which the session accepts or refuses."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SetMark:
    """Give a question a mark. A text left None is none, except that an unchanged mark keeps the texts it has.

    Giving the standing mark again is nothing new, except where devices disagree: there it settles which one stands.
    """

    case_id: str
    question_id: str
    mark: str
    reason: str | None = None
    evidence: str | None = None
    shown_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Clear:
    """Take a question's mark away."""

    case_id: str
    question_id: str


@dataclass(frozen=True, slots=True)
class SetFact:
    """Answer a case fact that the export left blank."""

    case_id: str
    fact_id: str
    value: str


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back the last change of this sitting to the case."""

    case_id: str


@dataclass(frozen=True, slots=True)
class Redo:
    """Make again what was last undone."""

    case_id: str


@dataclass(frozen=True, slots=True)
class Flag:
    """Set the case's flag, or take it off."""

    case_id: str


@dataclass(frozen=True, slots=True)
class SignOff:
    """Sign the case off, when nothing is owed."""

    case_id: str


@dataclass(frozen=True, slots=True)
class Urgent:
    """Say that something on the case cannot wait, such as a custody limit or somebody's safety. Blank words take it
    back. It is no part of the assessment: it can be said of a signed case too, and `Undo` leaves it alone."""

    case_id: str
    words: str


@dataclass(frozen=True, slots=True)
class Reopen:
    """Take back the sign-off while it is young and nobody else has seen the marks; no reason is asked."""

    case_id: str


@dataclass(frozen=True, slots=True)
class Amend:
    """Begin to change a signed case, for a reason. What was signed counts until the case is signed off again."""

    case_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class DisputeBand:
    """Say that the band of a signed case is wrong, and why; kept beside the band, which stays. Blank takes it back."""

    case_id: str
    reason: str


Action = SetMark | Clear | SetFact | Undo | Redo | Flag | SignOff | Urgent | Reopen | Amend | DisputeBand
