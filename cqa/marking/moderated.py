"""What moderation came to: every settled question with the originals beside it, who was how far off, and the effect."""

from collections.abc import Iterator
from dataclasses import dataclass

from cqa.marking.compared import Compared, SharedCase, agreed_result, compare, level_place
from cqa.marking.moderation import CAUSES, MODERATION, Agreed, Moderation
from cqa.rubric.model import Question
from cqa.rubric.scoring import Result

AS_AGREED, LENIENT, SEVERE, OTHER = "as agreed", "too lenient", "too severe", "another answer"
VERDICTS = (AS_AGREED, LENIENT, SEVERE, OTHER)
"""How a mark stands to the agreed one; `another answer` where levels cannot be counted between them."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One marker's answer to a settled question. `apart` is how many levels it lies below the agreed mark, positive =
    too severe, None where one of the two is off the scale or was not given."""

    reviewer: str
    turn: str
    mark: str
    apart: int | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Moderated:
    """One question of a settled case on which the markers differed, or on which something was agreed. `agreed` is the
    mark that counts, empty where the question is not to be asked. `cause` is a code of CAUSES, empty where none was
    needed; `tolerance` is that of a reference mark."""

    case_id: str
    purpose: str
    question: Question
    section: str
    version: str
    marks: tuple[Judged, ...]
    differs: bool
    agreed: str
    cause: str
    reason: str
    change_rubric: bool
    tolerance: int | None
    by: str
    at: str

    @property
    def cause_in_words(self) -> str:
        """The cause as it is said; empty where none was needed."""
        return CAUSES.get(self.cause, self.cause)


def moderated(case: SharedCase, moderation: Moderation) -> tuple[Moderated, ...]:
    """The settled questions of a case, in the order of the rubric; none while it is not settled. An amendment since
    (`case.amended_since`) makes them speak of marks that do not count any more, which is for the reader to say."""
    if not moderation.settled:
        return ()
    return tuple(_moderated(case, moderation, one) for one in compare(case, moderation)
                 if one.differs or (one.agreed is not None and one.open is not False))


def _moderated(case: SharedCase, moderation: Moderation, one: Compared) -> Moderated:
    agreed = one.value or ""
    said = one.agreed if one.open is not False else None
    turns = {marker.reviewer: marker.turn for marker in case.markers}
    marks = tuple(judged(one.question, answer.reviewer, turns[answer.reviewer], answer.value, agreed)
                  for answer in one.answers)
    told = said or Agreed(one.question.id, agreed, "", "", False, moderation.by, moderation.settled_at, "")
    return Moderated(case.case_id, moderation.purpose, one.question, one.section, case.rubric.version, marks,
                     one.differs, agreed, told.cause, told.reason, told.change_rubric, told.tolerance, told.by, told.at)


def judged(question: Question, reviewer: str, turn: str, mark: str, agreed: str) -> Judged:
    """A mark held against the agreed one."""
    apart = levels_below(question, mark, agreed)
    verdict = AS_AGREED if mark == agreed else OTHER if not apart else SEVERE if apart > 0 else LENIENT
    return Judged(reviewer, turn, mark, 0 if mark == agreed else apart, verdict)


def levels_below(question: Question, mark: str, agreed: str) -> int | None:
    """How many levels a mark lies below the agreed one; None where one of the two is off the scale."""
    given, right = level_place(question, mark), level_place(question, agreed)
    return None if given is None or right is None else given - right


@dataclass(frozen=True, slots=True)
class Effect:
    """What a case came to under one marker's marks, and what it comes to under the agreed ones."""

    letter: str
    reviewer: str
    turn: str
    before: Result
    after: Result


def effects(case: SharedCase, moderation: Moderation) -> Iterator[Effect]:
    """The effect of what is agreed on the score and the band of each marker, in the order of the letters."""
    after = agreed_result(case, moderation)
    for letter, marker in case.lettered:
        yield Effect(letter, marker.reviewer, marker.turn, marker.result, after)


@dataclass(frozen=True, slots=True)
class ToModerate:
    """A case in the queue, without names and marks: on how many questions its markers differ, by how many levels in
    all and at most on one, whether one of these is critical, how many have an agreed mark already."""

    case_id: str
    differs: int
    apart: int
    furthest: int
    critical: bool
    agreed: int
    settled: bool
    amended: bool

    @property
    def waits(self) -> bool:
        """Whether somebody has to do something about it."""
        return not self.settled


def to_moderate(case: SharedCase, moderation: Moderation) -> ToModerate:
    """How a case stands in the queue. One that was amended since it was settled is to be settled again."""
    differing = [one for one in compare(case, moderation) if one.differs]
    apart = [one.apart or 0 for one in differing]
    critical = any(one.question.critical for one in differing)
    agreed = sum(one.agreed is not None and not one.disputed for one in differing)
    return ToModerate(case.case_id, len(differing), sum(apart), max(apart, default=0), critical, agreed,
                      case.in_force(moderation), case.amended_since(moderation))


def in_queue(one: ToModerate, purpose: str, every: bool) -> bool:
    """Whether a case is listed: what waits and differs; for reference marks, what waits; with `every` all."""
    return every or (one.waits and (one.differs > 0 or one.amended or purpose != MODERATION))
