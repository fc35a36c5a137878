"""What became of feedback: where it is due, given and seen, which marks were disputed, which actions took hold."""

from collections import Counter
from dataclasses import asdict, dataclass
from statistics import median

from cqa.facts import how_many
from cqa.table import Column, Table

NOT_YET, NONE = "not yet", "none"
DISAGREES = "disagree"
"""The answer of a reply that is a dispute."""


@dataclass(frozen=True, slots=True)
class FeedbackRow:
    """Feedback on one case. `reviewer` marked it first; `signed_on` is the day on which the last marker signed, empty
    while feedback is not due; `due_on` by which day it is to be given, empty where no day is set; days are as in
    2026-12-18. `outdated`: the marks were changed since the sheet was made."""

    sample: str
    case_id: str
    stratum: str
    handler: str
    reviewer: str
    signed_on: str
    due_on: str
    version: int
    given: str
    how: str
    seen: str
    overdue: bool
    outdated: bool

    @property
    def due(self) -> bool:
        """Whether everyone has signed, so that feedback is owed, given or not."""
        return bool(self.signed_on)

    @property
    def state(self) -> str:
        """In one or two words, how far it is."""
        if self.overdue:
            return "overdue"
        return "seen" if self.seen else "given" if self.given else "written" if self.version else (
            "due" if self.due else "not due")

    def as_json(self) -> dict[str, object]:
        """Under stable names."""
        return {**asdict(self), "state": self.state}


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """A reply to one mark: the answer's code and words for it, the day it was read, the decision's code and words
    for it (both empty where nothing is decided), the day of it, and the days from one to the other (None until then).
    """

    sample: str
    case_id: str
    question: str
    answer: str
    answer_said: str
    replied_on: str
    words: str
    decision: str
    decision_said: str
    decided_on: str
    reason: str
    days: int | None

    @property
    def disputed(self) -> bool:
        """Whether the handler disagrees with the mark."""
        return self.answer == DISAGREES

    def as_json(self) -> dict[str, object]:
        """Under stable names."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action of a sheet: whose it is, by which day, when it was done (empty: not yet), and whether its fault was
    seen again in a later case (None: nobody has looked)."""

    sample: str
    case_id: str
    number: int
    what: str
    owner: str
    due: str
    done: str
    overdue: bool
    again: bool | None
    again_in: str

    def as_json(self) -> dict[str, object]:
        """Under stable names."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class FeedbackRows:
    """Everything about feedback over the samples reported."""

    cases: tuple[FeedbackRow, ...] = ()
    replies: tuple[ReplyRow, ...] = ()
    actions: tuple[ActionRow, ...] = ()

    @property
    def counts(self) -> "FeedbackCounts":
        """How many of each there are."""
        return counts_of(self)

    @property
    def disputes(self) -> tuple[ReplyRow, ...]:
        """The replies that disagree."""
        return tuple(reply for reply in self.replies if reply.disputed)

    def as_json(self) -> dict[str, object]:
        """Under stable names."""
        return {"counts": asdict(self.counts), "cases": [row.as_json() for row in self.cases],
                "replies": [row.as_json() for row in self.replies], "actions": [row.as_json() for row in self.actions]}


@dataclass(frozen=True, slots=True)
class FeedbackCounts:
    """How many: `due` counts every case that everyone has signed, given or not, and those after it are among them;
    `decided` disputes; `again` those actions whose fault was seen again of `looked_for`."""

    due: int
    given: int
    seen: int
    overdue: int
    outdated: int
    replies: int
    disputes: int
    decided: int
    actions: int
    done: int
    actions_overdue: int
    looked_for: int
    again: int


def counts_of(rows: FeedbackRows) -> FeedbackCounts:
    """The counts of these rows."""
    cases, actions = [row for row in rows.cases if row.due], rows.actions
    return FeedbackCounts(
        due=len(cases), given=sum(bool(row.given) for row in cases),
        seen=sum(bool(row.seen) for row in cases), overdue=sum(row.overdue for row in cases),
        outdated=sum(row.outdated for row in cases), replies=len(rows.replies), disputes=len(rows.disputes),
        decided=sum(bool(row.decision) for row in rows.disputes), actions=len(actions),
        done=sum(bool(row.done) for row in actions), actions_overdue=sum(row.overdue for row in actions),
        looked_for=sum(row.again is not None for row in actions), again=sum(row.again is True for row in actions))


def feedback_table(rows: FeedbackRows, several: bool = False) -> Table:
    """Each case that everyone has signed, and how far its feedback is; `several` samples are named apart."""
    counts = rows.counts
    shown = sorted((row for row in rows.cases if row.due), key=lambda row: (not row.overdue, bool(row.given)))
    columns = (*_sample(several), Column("Case", "id", 11), Column("Handler", "text", 13),
               Column("Marked first by", "text", 16), Column("State", "text", 12), Column("Signed off", "text", 12),
               Column("To be given by", "text", 12), Column("Given", "text", 12), Column("How", "long", 24),
               Column("Seen", "text", 12))
    note = (f"Of {how_many(counts.due, 'case')} that everyone has signed off, {counts.given} given, {counts.seen} "
            f"seen, {counts.overdue} overdue.{_outdated(counts.outdated)}")
    return Table("Feedback", "What handlers were told, and when", note, columns, tuple(
        (*((row.sample,) if several else ()), row.case_id, row.handler or NONE, row.reviewer,
         f"{row.state}, outdated" if row.outdated else row.state, row.signed_on, row.due_on or NONE,
         row.given or NOT_YET, row.how or NONE, row.seen or NOT_YET) for row in shown))


def _outdated(cases: int) -> str:
    return f" Of {how_many(cases, 'sheet')} the marks were changed since." if cases else ""


def disputes_table(rows: FeedbackRows, several: bool = False) -> Table:
    """Each mark that its handler disagrees with, what was decided, and after how many days."""
    columns = (*_sample(several), Column("Case", "id", 11), Column("Question", "id", 11), Column("Raised", "text", 12),
               Column("In the handler's words", "long", 36), Column("Decided", "text", 22), Column("When", "text", 12),
               Column("Days", "text", 9), Column("Why", "long", 30))
    shown = sorted(rows.disputes, key=lambda row: (bool(row.decision), row.replied_on))
    return Table("Disputes", "Marks that handlers disagree with", _disputes_said(rows), columns, tuple(
        (*((row.sample,) if several else ()), row.case_id, row.question, row.replied_on, row.words or NONE,
         row.decision_said or NOT_YET, row.decided_on or NOT_YET, "open" if row.days is None else f"{row.days}",
         row.reason or NONE) for row in shown))


def _disputes_said(rows: FeedbackRows) -> str:
    """How many were raised, what was decided on them, and how long it took."""
    decided = Counter(row.decision_said for row in rows.disputes if row.decision)
    told = "".join(f" {said}: {count}." for said, count in decided.items())
    days = [row.days for row in rows.disputes if row.days is not None]
    half = f" Half were decided within {median(days):g} days." if days else ""
    open_yet = len(rows.disputes) - decided.total()
    other = len(rows.replies) - len(rows.disputes)
    return (f"{how_many(len(rows.disputes), 'mark')} disputed, {open_yet} not decided.{told}{half} "
            f"{how_many(other, 'other answer')}, agreeing or giving context, not listed.")


def actions_table(rows: FeedbackRows, several: bool = False) -> Table:
    """Each action: whose it is, by when, whether it was done, and whether its fault was seen again."""
    counts = rows.counts
    columns = (*_sample(several), Column("Case", "id", 11), Column("Action", "long", 44), Column("Owner", "text", 16),
               Column("Due", "text", 12), Column("Done", "text", 12), Column("In a later case", "text", 26))
    note = (f"{how_many(counts.actions, 'action')}: {counts.done} done, {counts.actions_overdue} overdue. "
            f"{counts.looked_for} looked for in a later case, {counts.again} of them seen again.")
    shown = sorted(rows.actions, key=lambda row: (not row.overdue, bool(row.done), row.due))
    return Table("Actions", "What was to be done, and whether it took hold", note, columns, tuple(
        (*((row.sample,) if several else ()), row.case_id, row.what, row.owner, row.due,
         row.done or ("overdue" if row.overdue else "open"), _later(row)) for row in shown))


def _later(row: ActionRow) -> str:
    if row.again is None:
        return "not looked for yet"
    return f"{'seen again' if row.again else 'not seen again'} in {row.again_in}"


def _sample(several: bool) -> tuple[Column, ...]:
    return (Column("Sample", "id", 12),) if several else ()


def feedback_tables(rows: FeedbackRows, several: bool = False) -> tuple[Table, ...]:
    """The three sheets, those without rows left out; `several` samples are named apart."""
    return tuple(table for table in (feedback_table(rows, several), disputes_table(rows, several),
                                     actions_table(rows, several)) if table.rows)
