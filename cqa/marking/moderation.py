"""Moderation: agreed marks and reference marks beside the originals, which stay as they are.

An agreed mark says what a case's marks should have been, with the cause of the difference; a reference mark what
everyone who marks the case is to be held against, with its tolerance. Both come into force when the case is settled.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cqa.marking.entries import Entry, Slot, head, standing_entries

AGREED, CLEARED, SETTLED, UNSETTLED = "agreed", "cleared", "settled", "unsettled"
"""The kinds of entries."""
MODERATION, REFERENCE = "moderation", "reference"
PURPOSES = (MODERATION, REFERENCE)
NOT_ASKED = ""
"""The agreed mark of a question that should not have been asked."""

CAUSES: Mapping[str, str] = {
    "fact_missed": "A fact was missed",
    "guidance_unclear": "The guidance is unclear",
    "judgement": "Judgement",
    "slip": "A slip",
}
"""Why two marks differ: the code that is kept, and its words."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What moderation agreed for one question: a mark, why the marks differed, in words why this one is right, and
    whether the rubric's wording or guidance needs changing.

    `tolerance` is that of a reference mark, in levels; None of an agreed one. `by` (in lower case) and `at`: who wrote
    it, and when.
    """

    question_id: str
    mark: str
    cause: str
    reason: str
    change_rubric: bool
    by: str
    at: str
    event_id: str
    tolerance: int | None = None


@dataclass(frozen=True, slots=True)
class Moderation:
    """What was agreed on one case for one purpose. `settled_at` is empty until it is settled, and only then does it
    count; `by` who settled it. `over` are the ids of the events that were the marks it was settled over: an amendment
    since is seen by comparing them. `disputed` are the questions for which two moderators, apart, agreed different
    things; a settling that two gave apart counts, for they say the same."""

    case_id: str
    purpose: str
    agreed: Mapping[str, Agreed]
    settled_at: str = ""
    by: str = ""
    over: tuple[str, ...] = ()
    disputed: tuple[str, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether it counts."""
        return bool(self.settled_at)


@dataclass(frozen=True, slots=True)
class Moderations:
    """Every moderation of a sample: by case, for each purpose; `entries` are what stands, by case and slot."""

    moderated: Mapping[str, Moderation] = field(default_factory=dict)
    reference: Mapping[str, Moderation] = field(default_factory=dict)
    entries: Mapping[str, Mapping[Slot, tuple[Entry, ...]]] = field(default_factory=dict)

    def of(self, case_id: str, purpose: str) -> Moderation:
        """The moderation of a case; nothing agreed where nobody began it."""
        known = self.reference if purpose == REFERENCE else self.moderated
        return known.get(case_id) or Moderation(case_id, purpose, {})


def slot_of(entry: Entry) -> Slot | None:
    """What an entry of a journal of moderation sets: `(purpose, question)` or `(purpose,)`."""
    purpose = entry.text("purpose") or MODERATION
    if purpose not in PURPOSES:
        return None
    if entry.kind in (AGREED, CLEARED) and entry.question_id:
        return purpose, entry.question_id
    return (purpose,) if entry.kind in (SETTLED, UNSETTLED) else None


def moderations_of(entries: Iterable[Entry]) -> Moderations:
    """What stands of the entries of all journals of moderation, in any order."""
    standing = standing_entries(entries, slot_of)
    made: dict[str, dict[str, Moderation]] = {purpose: {} for purpose in PURPOSES}
    for case_id, slots in standing.items():
        for purpose in dict.fromkeys(slot[0] for slot in slots):
            made[purpose][case_id] = moderation_of(case_id, purpose, slots)
    return Moderations(made[MODERATION], made[REFERENCE], standing)


def moderation_of(case_id: str, purpose: str, slots: Mapping[Slot, tuple[Entry, ...]]) -> Moderation:
    """What stands for one purpose of the entries of one case."""
    agreed, disputed = {}, []
    for slot in slots:
        if slot[0] != purpose or len(slot) == 1:
            continue
        entry = head(slots, slot)
        if entry is None:
            disputed.append(slot[1])
        elif entry.kind == AGREED:
            agreed[slot[1]] = agreed_of(entry)
    status = slots.get((purpose,), ())
    settled = status and all(entry.kind == SETTLED for entry in status) and not disputed
    last = max(status, key=lambda entry: entry.at) if settled else None
    return Moderation(case_id, purpose, agreed, last.at if last else "", last.person if last else "",
                      tuple(last.text("over").split()) if last else (), tuple(disputed))


def agreed_of(entry: Entry) -> Agreed:
    """The agreed or reference mark that an entry sets."""
    return Agreed(entry.question_id, entry.text("agreed"), entry.text("cause"), entry.text("reason"),
                  entry.body.get("change_rubric") is True, entry.person, entry.at, entry.id,
                  entry.number("tolerance"))
