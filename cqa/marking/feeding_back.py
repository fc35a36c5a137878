"""What leaders do about feedback: write a sheet, give it, record that it was seen, what was replied, decided and done.

Every deed makes one entry, or says why it may not be done. Several are followed one after the other, all or none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from cqa.errors import Forbidden, Problem
from cqa.marking.entries import Entry, ids
from cqa.marking.feedback import (
    AGAIN,
    DECIDED,
    DONE,
    GIVEN,
    REPLIED,
    SEEN,
    WRITTEN,
    Feedback,
    Feedbacks,
    feedbacks_of,
    slot_of,
)
from cqa.marking.feedback_deeds import (
    Answer,
    Decide,
    Deed,
    Finish,
    Give,
    Ground,
    LookAgain,
    Pen,
    See,
    Write,
)
from cqa.marking.feedback_rules import CHECKS


def entries_for(ground: Ground, deeds: Iterable[Deed], pen: Pen) -> tuple[Entry, ...]:
    """The entries that the deeds make, in order; none for one that says what stands already.

    Raises Forbidden with every rule that one of them breaks.
    """
    course = _Course(ground, pen)
    for deed in deeds:
        if not course.take(deed):
            break
    if course.problems:
        raise Forbidden(dict.fromkeys(course.problems))
    return tuple(course.made)


class _Course:
    """Deeds followed one after the other, each on what the ones before it come to."""

    def __init__(self, ground: Ground, pen: Pen) -> None:
        self.ground, self.pen = ground, pen
        self.problems: list[Problem] = []
        self.made: list[Entry] = []

    def take(self, deed: Deed) -> bool:
        """Adds the deed's entry or its problems; False where those after it would only fail for the same reason."""
        known = feedbacks_of((*self.ground.entries, *self.made))
        feedback = known.of(self.ground.case_id)
        found = [problem for check in CHECKS for problem in check(self.ground, feedback, deed, self.pen.person)]
        self.problems.extend(found)
        if not found:
            self._add(known, self._entry(feedback, deed))
        return not (found and isinstance(deed, Write))

    def _entry(self, feedback: Feedback, deed: Deed) -> Entry:
        kind, question_id, body = _said(self.ground, feedback, deed)
        return Entry(self.pen.person, self.pen.writer, self.pen.seq + len(self.made), self.pen.at, kind,
                     self.ground.case_id, question_id, body)

    def _add(self, known: Feedbacks, entry: Entry) -> None:
        slot, slots = slot_of(entry), known.entries.get(entry.case_id, {})
        if slot is None:
            raise ValueError(f"an entry that sets nothing: {entry.kind}")
        standing = slots.get(slot, ())
        if len(standing) != 1 or standing[0].body != entry.body:
            self.made.append(entry._replace(replaces=ids(slots, slot)))


def _said(ground: Ground, feedback: Feedback, deed: Deed) -> tuple[str, str, Mapping[str, object]]:
    """The kind of a deed's entry, its question, and its body."""
    version: Mapping[str, object] = {"version": feedback.version}
    match deed:
        case Write():
            return WRITTEN, "", _sheet_said(ground, feedback, deed)
        case Give(day, how):
            return GIVEN, "", {"day": f"{day}", "how": how, **version}
        case See(day):
            return SEEN, "", {"day": f"{day}", **version}
        case Answer(question_id, answer, words):
            return REPLIED, question_id, {"answer": answer, "words": words, **version}
        case Decide(question_id, decision, reason):
            reply = feedback.replies[question_id].entry_id
            return DECIDED, question_id, {"decision": decision, "reason": reason, "reply": reply}
        case Finish(number, day):
            return DONE, "", {"what": feedback.actions[number - 1].what, "day": f"{day}"}
        case LookAgain(number, sample, case_id, again):
            return AGAIN, "", {"what": feedback.actions[number - 1].what, "in_sample": sample, "in_case": case_id,
                               "again": again}


def _sheet_said(ground: Ground, feedback: Feedback, deed: Write) -> dict[str, object]:
    """The body of a sheet: the version that stands where it says the same, else the next."""
    if ground.handout is None:
        raise ValueError("a sheet on a case that is not signed")
    asked = replace(ground.handout, strength=deed.strength, todo=deed.todo, nothing=deed.nothing)
    same = feedback.version and replace(asked, version=feedback.version).digest == feedback.sheet
    sheet = replace(asked, version=feedback.version + (not same))
    over = feedback.over if same else ground.over
    actions = [{"what": one.what, "owner": one.owner, "due": one.due} for one in deed.todo]
    return {"strength": deed.strength, "actions": actions, "nothing": deed.nothing,
            "version": sheet.version, "over": " ".join(over), "sheet": sheet.digest}
