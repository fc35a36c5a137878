"""Feedback: what the handler of a case was told, when and how, what they answered, and what became of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

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
    done; `again_in` the later case in which it was looked for, of the sample `again_sample`, and `again` whether the
    fault was there again."""

    number: int
    what: str
    owner: str
    due: str
    done: str = ""
    again_in: str = ""
    again: bool | None = None
    again_sample: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the handler answered to one mark (ANSWERS), in their words, and what was decided on it (DECISIONS; empty:
    nothing yet), by whom, when and why. `version` of the sheet that was answered; `entry_id` of the answer, which a
    decision names: it decides on no later answer."""

    question_id: str
    answer: str
    words: str
    at: str
    decision: str = ""
    reason: str = ""
    by: str = ""
    decided_at: str = ""
    version: int = 0
    entry_id: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """The feedback on one case. `version` counts the sheets: 0 where none was written. `given` and `seen` are days, as
    in 2026-12-18; `how` it was given; both, and who gave it, are those of the present version. `over` are the ids of
    the sign-offs that counted when it was written: an amendment since calls for a new one. `nothing`: why there is
    nothing to do next, where there is not. `sheet` is the digest of what the sheet says."""

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
    nothing: str = ""
    sheet: str = ""

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
        return (entry.kind, what) if (what := entry.text("what")) else None
    return (entry.kind,) if entry.kind in (WRITTEN, GIVEN, SEEN) else None


def feedbacks_of(entries: Iterable[Entry]) -> Feedbacks:
    """What stands of the entries of all journals of feedback, in any order."""
    standing = standing_entries(entries, slot_of)
    return Feedbacks({case_id: _feedback(case_id, slots) for case_id, slots in standing.items()}, standing)


def latest(slots: Mapping[Slot, tuple[Entry, ...]], slot: Slot) -> Entry | None:
    """What counts in a slot: of what two leaders wrote apart the later, for a sheet that was handed over was seen."""
    return head(slots, slot) or max(slots.get(slot, ()), key=lambda entry: (entry.at, entry.id), default=None)


def _feedback(case_id: str, slots: Mapping[Slot, tuple[Entry, ...]]) -> Feedback:
    written = latest(slots, (WRITTEN,))
    version = max(written.number("version") or 1, 1) if written else 0
    # A new sheet is yet to be given: what was done with an earlier one is no longer so.
    given, seen = (entry if entry and entry.number("version") == version else None
                   for entry in (latest(slots, (kind,)) for kind in (GIVEN, SEEN)))
    return Feedback(
        case_id,
        strength=written.text("strength") if written else "",
        actions=tuple(_actions(written, slots)) if written else (),
        version=version,
        written_by=written.person if written else "",
        written_at=written.at if written else "",
        over=tuple(written.text("over").split()) if written else (),
        given=given.text("day") if given else "",
        how=given.text("how") if given else "",
        given_by=given.person if given else "",
        seen=seen.text("day") if seen else "",
        replies={slot[1]: _reply(entry, latest(slots, (DECIDED, slot[1])))
                 for slot in slots if slot[0] == REPLIED and (entry := latest(slots, slot))},
        nothing=written.text("nothing") if written else "",
        sheet=written.text("sheet") if written else "",
    )


def _actions(written: Entry, slots: Mapping[Slot, tuple[Entry, ...]]) -> Iterable[NextStep]:
    """The actions of a sheet, each with what is known of it: by its words, for another version may number it anew."""
    listed = written.body.get("actions")
    # One without words, which only a forged line could hold, is nothing that could be done.
    items = [item for item in (listed if isinstance(listed, list) else ())
             if isinstance(item, dict) and str(item.get("what", "")).strip()]
    for number, item in enumerate(items, start=1):
        what = str(item["what"])
        done, again = (latest(slots, (kind, what)) for kind in (DONE, AGAIN))
        found = again.body.get("again") if again else None
        yield NextStep(
            number, what, str(item.get("owner", "")), str(item.get("due", "")),
            done=done.text("day") if done else "", again_in=again.text("in_case") if again else "",
            again=found if isinstance(found, bool) else None, again_sample=again.text("in_sample") if again else "")


def _reply(entry: Entry, decided: Entry | None) -> Reply:
    reply = Reply(entry.question_id, entry.text("answer"), entry.text("words"), entry.at,
                  version=entry.number("version") or 0, entry_id=entry.id)
    if decided is None or decided.text("reply") != entry.id:
        return reply
    return replace(reply, decision=decided.text("decision"), reason=decided.text("reason"), by=decided.person,
                   decided_at=decided.at)
