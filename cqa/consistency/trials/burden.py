"""What one assessment asks of a reviewer, by form: questions, words, and answers off the scale."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from cqa.consistency.cells import labels_of, or_word, share_cell
from cqa.consistency.measures import LEAST_CASES
from cqa.consistency.readings import COUNTS_ONLY
from cqa.consistency.trials.data import FormData, TrialData
from cqa.consistency.trials.notes import counted_note
from cqa.table import Column, Row, Table

Marking = tuple[str, str, str]
"""Form, case and reviewer."""


@dataclass(frozen=True, slots=True)
class FormBurden:
    """One form. `questions` it has on a scale; the medians are of one assessment, None of fewer than three: questions
    answered, those of them with a level, and words of reasons and evidence.

    `answers` are all answers to questions on a scale, `outside` those off it by label (only answers that the form
    offers), `with_text` how many carry a reason or evidence, None where that is not told.
    """

    form: str
    assessments: int
    questions: int
    answered: float | None
    on_scale: float | None
    words: float | None
    answers: int
    outside: Mapping[str, int]
    with_text: int | None

    def as_json(self) -> dict[str, object]:
        """Under stable names."""
        return {"form": self.form, "assessments": self.assessments, "questions": self.questions,
                "answered": self.answered, "on_scale": self.on_scale, "words": self.words, "answers": self.answers,
                "outside": dict(self.outside), "with_text": self.with_text}


def burden_of(data: TrialData, with_text: Mapping[Marking, int] | None = None) -> tuple[FormBurden, FormBurden]:
    """The burden of both forms, from signed assessments alone.

    A form asks of a case what its gates open, and nothing that is required stays open at sign-off: what was answered is
    what was asked. `with_text` says for each assessment how many answers on a scale's questions carry a text.
    """
    return _form(data.parent, with_text), _form(data.variant, with_text)


def _form(form: FormData, with_text: Mapping[Marking, int] | None) -> FormBurden:
    levels = {scale.question: frozenset(scale.levels) for scale in form.scales}
    labels = labels_of(form.scales)
    offered = dict.fromkeys(answer for scale in form.scales for answer in scale.outside)
    off = Counter(mark for one in form.signed for name, mark in one.marks.items() if mark not in levels.get(name, ()))
    texts = None if with_text is None else sum(
        with_text.get((form.form, one.case_id, one.reviewer), 0) for one in form.signed)
    return FormBurden(
        form.form, len(form.signed), len(form.scales), _median([len(one.marks) for one in form.signed]),
        _median([sum(mark in levels.get(name, ()) for name, mark in one.marks.items()) for one in form.signed]),
        _median([one.words for one in form.signed]), sum(len(one.marks) for one in form.signed),
        {labels[answer]: off[answer] for answer in offered}, texts)


def _median(values: list[int]) -> float | None:
    return float(median(values)) if len(values) >= LEAST_CASES else None


def burden_table(data: TrialData, found: tuple[FormBurden, FormBurden]) -> Table:
    """Both forms, one a row; every answer off the scale that either offers has a column."""
    offered = tuple({label.casefold(): label for one in reversed(found) for label in one.outside}.values())
    texts = any(one.with_text is not None for one in found)
    columns = (Column("Form", "text", 12), Column("Assessments", "number", 13),
               Column("Questions on a scale", "number", 11), Column("Asked and answered, median", "decimal", 11),
               Column("With a level, median", "decimal", 11),
               Column("Words of reasons and evidence, median", "decimal", 13), Column("Answers in all", "number", 10),
               *(Column(f"{label}, share of answers", "percent", 13) for label in offered),
               *((Column("With a reason or evidence, share of answers", "percent", 13),) if texts else ()))
    rows = tuple(_row(one, offered, texts) for one in found)
    return Table("Burden", "What one assessment asks of a reviewer, by form", counted_note(
        data,
        "Questions on a scale alone: the words that end every case of a trial are not counted. Medians are of one "
        "assessment."), columns, rows)


def _row(one: FormBurden, offered: tuple[str, ...], texts: bool) -> Row:
    outside = {label.casefold(): count for label, count in one.outside.items()}
    off = [share_cell(outside[name], one.answers, COUNTS_ONLY) if (name := label.casefold()) in outside else
           "not offered" for label in offered]
    return (one.form, one.assessments, one.questions, *or_word((one.answered, one.on_scale, one.words), "too few"),
            one.answers, *off,
            *(("not told" if one.with_text is None else share_cell(one.with_text, one.answers, COUNTS_ONLY),)
              if texts else ()))
