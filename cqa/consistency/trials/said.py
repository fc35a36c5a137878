"""What reviewers said about the forms at the end of each case, word for word."""

import hashlib
from dataclasses import dataclass

from cqa.consistency.cells import share_cell
from cqa.consistency.readings import COUNTS_ONLY
from cqa.consistency.trials.data import FormData, TrialData
from cqa.consistency.trials.notes import counted_note
from cqa.rubric.trial_questions import TRIAL_QUESTIONS
from cqa.table import Column, Table

HEADINGS = dict(zip(TRIAL_QUESTIONS, ("Hardest to answer, and why", "What the form has no place for", "What to change"),
                    strict=True))
"""The three questions in short."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, as it was written. `case_id` and `reviewer` are empty where names are hidden: who marked which case
    stands in the sample, so the case tells the name."""

    form: str
    question: str
    text: str
    case_id: str
    reviewer: str

    def as_json(self) -> dict[str, object]:
        """Under stable names; None where names are hidden."""
        return {"form": self.form, "question": self.question, "text": self.text, "case_id": self.case_id or None,
                "reviewer": self.reviewer or None}


@dataclass(frozen=True, slots=True)
class Answered:
    """How many signed assessments of a form answered a question, and how many left it out."""

    form: str
    question: str
    answered: int
    left_out: int

    def as_json(self) -> dict[str, object]:
        """Under stable names."""
        return {"form": self.form, "question": self.question, "answered": self.answered, "left_out": self.left_out}


@dataclass(frozen=True, slots=True)
class Said:
    """All answers of signed assessments, by question and form, and how many there are."""

    answers: tuple[Answer, ...]
    counts: tuple[Answered, ...]
    hidden: bool

    def as_json(self) -> dict[str, object]:
        """Under stable names."""
        return {"answers": [one.as_json() for one in self.answers], "counts": [one.as_json() for one in self.counts]}


def said_of(data: TrialData, *, hidden: bool) -> Said:
    """The answers under both forms. Where names are `hidden`, neither reviewer nor case is given, and the answers stand
    in the order of SHA-256 of their text, which tells nothing of who wrote them."""
    answers = [one for name in HEADINGS for form in data.forms for one in _answers(form, name, hidden)]
    counts = [Answered(form.form, name, given, len(form.signed) - given) for name in HEADINGS for form in data.forms
              for given in [sum(bool(one.said.get(name, "").strip()) for one in form.signed)]]
    return Said(tuple(answers), tuple(counts), hidden)


def _answers(form: FormData, name: str, hidden: bool) -> list[Answer]:
    given = [one for one in form.signed if one.said.get(name, "").strip()]
    if hidden:
        return sorted((Answer(form.form, name, one.said[name], "", "") for one in given),
                      key=lambda answer: hashlib.sha256(answer.text.encode()).hexdigest())
    return [Answer(form.form, name, one.said[name], one.case_id, one.reviewer)
            for one in sorted(given, key=lambda one: (one.case_id, one.turn))]


def said_tables(data: TrialData, found: Said) -> tuple[Table, ...]:
    """Every answer, then how many left the questions out."""
    named = () if found.hidden else (Column("Case", "id", 14), Column("Reviewer", "text", 16))
    columns = (Column("Question", "text", 24), Column("Form", "text", 10), *named, Column("Said", "long", 80))
    rows = tuple((HEADINGS[one.question], one.form, *(() if found.hidden else (one.case_id, one.reviewer)), one.text)
                 for one in found.answers)
    people = ("Case and reviewer are left out. What people wrote may still tell who it is about: read it before it "
              "is passed on." if found.hidden else "With case and reviewer: for those who may know both.")
    return Table("What reviewers said", "What reviewers said about the forms", counted_note(
        data, "Word for word.", people), columns, rows), _counts_table(data, found)


def _counts_table(data: TrialData, found: Said) -> Table:
    columns = (Column("Question", "text", 34), Column("Form", "text", 12), Column("Answered", "number", 11),
               Column("Left out", "number", 11), Column("Share answered", "percent", 11))
    rows = tuple((HEADINGS[one.question], one.form, one.answered, one.left_out,
                  share_cell(one.answered, one.answered + one.left_out, COUNTS_ONLY)) for one in found.counts)
    return Table("Said or left out", "How many answered the questions about the forms", counted_note(
        data, "In assessments. The questions may be left out: silence is no praise."), columns, rows)
