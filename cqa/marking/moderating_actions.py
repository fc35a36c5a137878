"""What a moderator can do with a case."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agree:
    """Sets the agreed mark of a question, or its reference mark with a `tolerance` in levels (None: the usual one)."""

    case_id: str
    question_id: str
    mark: str
    cause: str = ""
    reason: str = ""
    change_rubric: bool = False
    tolerance: int | None = None


@dataclass(frozen=True, slots=True)
class Clear:
    """Takes the agreed mark of a question away."""

    case_id: str
    question_id: str


@dataclass(frozen=True, slots=True)
class Settle:
    """Ends the moderation of a case: from now on it counts."""

    case_id: str


@dataclass(frozen=True, slots=True)
class Unsettle:
    """Opens a settled case again, for a reason."""

    case_id: str
    reason: str


Action = Agree | Clear | Settle | Unsettle
