"""Feedback: what the handler of a case was told, when and how, what they answered, and what became of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cqa.marking.entries import Entry, Slot, head, standing_entries

WRITTEN, GIVEN, SEEN, REPLIED, DECIDED, DONE, AGAIN = (
    "written", "given", "seen", "replied", "decided", "done", "again")
"""The kinds of entries; `again` says whether an action was seen again in a later case."""
MOST_ACTIONS = 3

ANSWERS: Mapping[str, str] = {"agree": "Agree", "disagree": "Disagree", "context": "Context"}
"""What a handler may answer to a mark."""
DECISIONS: Mapping[str, str] = {
    "keep": "The mark is kept",
    "change": "The mark is to be changed by amendment",
    "third_mark": "A third marker is to mark the case",
}


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing to do next: what, whose it is, and by which day (`2026-12-18`). `done` is the day on which it was
    done; `again_in` the later case in which it was looked for, and `again` whether the fault was there again."""

    number: int
    what: str
    owner: str
    due: str
    done: str = ""
    again_in: str = ""
    again: bool | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What the handler answered to one mark (ANSWERS), in their words, and what was decided on it (DECISIONS; empty:
    nothing yet), by whom, when and why."""

    question_id: str
    answer: str
    words: str
    at: str
    decision: str = ""
    reason: str = ""
    by: str = ""
    decided_at: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """The feedback on one case. `version` counts the sheets: 0 where none was written. `given` and `seen` are days, as
    in 2026-12-18; `how` it was given. `over` are the ids of the events that were the marks on the sheet: an amendment
    since calls for a new one."""

    case_id: str
    strength: str = ""
    actions: tuple[NextStep, ...] = ()
    version: int = 0
    written_by: str = ""
    written_at: str = ""
    over: tuple[str, ...] = ()
    given: str = ""
    how: str = ""
    given_by: str = ""
    seen: str = ""
    replies: Mapping[str, Reply] = field(default_factory=dict)

    @property
    def open_actions(self) -> tuple[NextStep, ...]:
        """The actions that nobody has recorded as done."""
        return tuple(step for step in self.actions if not step.done)

    @property
    def undecided(self) -> tuple[Reply, ...]:
        """The replies that disagree, and on which nothing was decided."""
        return tuple(reply for reply in self.replies.values() if reply.answer == "disagree" and not reply.decision)


@dataclass(frozen=True, slots=True)
class Feedbacks:
    """The feedback of a sample by case; `entries` are what stands, by case and slot."""

    given: Mapping[str, Feedback] = field(default_factory=dict)
    entries: Mapping[str, Mapping[Slot, tuple[Entry, ...]]] = field(default_factory=dict)

    def of(self, case_id: str) -> Feedback:
        """The feedback on a case; blank where nobody began it."""
        return self.given.get(case_id) or Feedback(case_id)


def slot_of(entry: Entry) -> Slot | None:
    """What an entry of a journal of feedback sets."""
    if entry.kind in (REPLIED, DECIDED):
        return (entry.kind, entry.question_id) if entry.question_id else None
    if entry.kind in (DONE, AGAIN):
        number = entry.number("action")
        return None if number is None else (entry.kind, str(number))
    return (entry.kind,) if entry.kind in (WRITTEN, GIVEN, SEEN) else None


def feedbacks_of(entries: Iterable[Entry]) -> Feedbacks:
    """What stands of the entries of all journals of feedback, in any order."""
    standing = standing_entries(entries, slot_of)
    return Feedbacks({case_id: _feedback(case_id, slots) for case_id, slots in standing.items()}, standing)


def latest(slots: Mapping[Slot, tuple[Entry, ...]], slot: Slot) -> Entry | None:
    """What counts in a slot: of what two leaders wrote apart the later, for a sheet that was handed over was seen."""
    return head(slots, slot) or max(slots.get(slot, ()), key=lambda entry: (entry.at, entry.id), default=None)


def _feedback(case_id: str, slots: Mapping[Slot, tuple[Entry, ...]]) -> Feedback:
    written, given, seen = (latest(slots, (kind,)) for kind in (WRITTEN, GIVEN, SEEN))
    return Feedback(
        case_id,
        strength=written.text("strength") if written else "",
        actions=tuple(_actions(written, slots)) if written else (),
        version=(written.number("version") or 1) if written else 0,
        written_by=written.person if written else "",
        written_at=written.at if written else "",
        over=tuple(written.text("over").split()) if written else (),
        given=given.text("day") if given else "",
        how=given.text("how") if given else "",
        given_by=given.person if given else "",
        seen=seen.text("day") if seen else "",
        replies={slot[1]: _reply(entry, latest(slots, (DECIDED, slot[1])))
                 for slot in slots if slot[0] == REPLIED and (entry := latest(slots, slot))},
    )


def _actions(written: Entry, slots: Mapping[Slot, tuple[Entry, ...]]) -> Iterable[NextStep]:
    listed = written.body.get("actions")
    for number, item in enumerate(listed if isinstance(listed, list) else (), start=1):
        if not isinstance(item, dict):
            continue
        done, again = (latest(slots, (kind, str(number))) for kind in (DONE, AGAIN))
        found = again.body.get("again") if again else None
        yield NextStep(
            number, str(item.get("what", "")), str(item.get("owner", "")), str(item.get("due", "")),
            done=done.text("day") if done else "", again_in=again.text("in_case") if again else "",
            again=found if isinstance(found, bool) else None)


def _reply(entry: Entry, decided: Entry | None) -> Reply:
    return Reply(entry.question_id, entry.text("answer"), entry.text("words"), entry.at,
                 decision=decided.text("decision") if decided else "", reason=decided.text("reason") if decided else "",
                 by=decided.person if decided else "", decided_at=decided.at if decided else "")
