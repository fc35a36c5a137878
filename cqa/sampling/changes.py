"""What leaders change in a drawn sample, each kind as it is written down in a journal of changes."""

from collections.abc import Mapping
from dataclasses import dataclass

from cqa.sampling.plan import RubricRef

REPLACED = "replaced"
"""The role of a case that a reserve stands in for; also the kind of the journal line that says so."""
WITHDRAWN = "withdrawn"
"""The role of a case that left the sample with nothing in its place; also the kind of the line that says so."""
RUBRIC_MOVED = "rubric_moved"
"""The kind of the line that moves the whole sample to another version of its rubric."""
REASSIGNED = "reassigned"
"""The kind of the line that hands a case on to another marker."""
ADDED, BROUGHT, DIPPED, DROPPED = "added", "brought", "dip_drawn", "dropped"
"""The kinds of the lines that give a case to one more marker, bring a calibration case in, draw a dip-sample, and take
a case from a further marker again."""


@dataclass(frozen=True, slots=True)
class Written:
    """What every change says of itself: who wrote it down on which device (`<person>.<device>`), its number, when."""

    writer: str
    seq: int
    at: str

    @property
    def id(self) -> str:
        """`<person>.<device>:<seq>`."""
        return f"{self.writer}:{self.seq}"

    @property
    def leader(self) -> str:
        """The person who wrote it down, in lower case."""
        person, _, device = self.writer.rpartition(".")
        return person.rpartition(".")[0] if device.isdigit() and "." in person else person


@dataclass(frozen=True, slots=True)
class Replacement(Written):
    """The case, the reserve in its place, why, and who marks the reserve (empty: nobody).

    `after` of this and every other change holds the ids of all changes that were known when it was written, in
    whatever journal: what it follows from can so be derived again.
    """

    case_id: str
    reserve: str
    stratum: str
    reason: str
    note: str
    reviewer: str
    second: str
    rule: str
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Withdrawal(Written):
    """A case that leaves the sample with nothing in its place, why in the leader's words, and who had signed it off
    by what the leader could see."""

    case_id: str
    reason: str
    signed: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HandOn(Written):
    """A case that goes from one marker to another: at which turn, from whom (empty: nobody had it), to whom, why."""

    case_id: str
    turn: str
    giver: str
    taker: str
    reason: str
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RubricMove(Written):
    """The whole sample goes from one version of its rubric to another, each by the SHA-256 of its bytes."""

    was: RubricRef
    to: RubricRef
    reason: str
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Added(Written):
    """A main case that one more person marks, at an extra turn: as a calibration case, or because something triggered
    a second look (`trigger`, one of TRIGGERS; empty otherwise)."""

    case_id: str
    turn: str
    taker: str
    trigger: str
    reason: str
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Brought(Written):
    """A case of another sample with reference marks, brought in as a calibration case: its stratum and facts as they
    were there, the marks with their tolerance in levels, under which rubric, and for whom."""

    case_id: str
    origin: str
    stratum: str
    rubric_sha256: str
    facts: Mapping[str, str]
    handlers: tuple[str, ...]
    reference: Mapping[str, str]
    tolerance: Mapping[str, int]
    takers: tuple[str, ...]
    reason: str
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DipDraw(Written):
    """A seeded draw among signed-off assessments: the population as it was then, how many were wanted, and who of the
    second line marks each case drawn."""

    seed: str
    seed_source: str
    rule: str
    population: tuple[tuple[str, str], ...]
    wanted: int
    takers: Mapping[str, str]
    reason: str
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dropped(Written):
    """A case that a further marker, who has not signed it, is not to mark any more."""

    case_id: str
    taker: str
    reason: str
    after: tuple[str, ...]


CaseChange = Replacement | Withdrawal | HandOn
Extra = Added | Brought | DipDraw | Dropped
"""What gives cases to further markers, and changes nothing for those who have them."""
Change = CaseChange | RubricMove | Extra


def told(change: Change) -> str:
    """The change as the subject of a sentence, with its id."""
    if isinstance(change, Replacement):
        return f"The replacement of case '{change.case_id}' by '{change.reserve}' ({change.id})"
    if isinstance(change, Withdrawal):
        return f"The withdrawal of case '{change.case_id}' ({change.id})"
    if isinstance(change, Added):
        return f"The giving of case '{change.case_id}' to {change.taker or 'nobody'} as well ({change.id})"
    if isinstance(change, Brought):
        return f"The bringing in of calibration case '{change.case_id}' ({change.id})"
    if isinstance(change, Dropped):
        return f"The taking of case '{change.case_id}' from {change.taker or 'nobody'} ({change.id})"
    if isinstance(change, DipDraw):
        return f"The dip-sample drawn by {change.leader} ({change.id})"
    if isinstance(change, RubricMove):
        return f"The move of the rubric to {change.to.version or 'no version'} ({change.id})"
    return f"The handing on of case '{change.case_id}' to {change.taker or 'nobody'} ({change.id})"


def code_of(change: Change) -> str:
    """The code under which problems of such a change are told."""
    return {Replacement: "S022", Withdrawal: "S029", HandOn: "S030", RubricMove: "S033",
            Added: "S070", Brought: "S071", DipDraw: "S072", Dropped: "S070"}[type(change)]


def only_by(change: Change) -> str:
    """By which command alone such a change is made."""
    command = {Replacement: "Replacements are made by cqa replace", Withdrawal: "Withdrawals are made by cqa withdraw",
               HandOn: "Cases are handed on by cqa assign", RubricMove: "Rubrics are moved by cqa rubric move",
               Added: "Further markers are added by cqa assign", Brought: "Calibration cases are brought in by cqa "
               "assign", DipDraw: "Dip-samples are drawn by cqa assign",
               Dropped: "Further markers are dropped by cqa assign"}[type(change)]
    return f"{command} alone."
