"""The three questions in words that end every case of a trial, asked alike under both forms."""

from dataclasses import replace
from fractions import Fraction

from cqa.rubric.model import ALWAYS, Question, Rubric, Section

SECTION = "trial_questions"
_ASKED = (
    ("trial_hardest", "Which question of this form was hardest to answer for this case, and why?",
     "Name the question. Leave it out where none was hard."),
    ("trial_unseen", "What mattered in this case, good or bad, that this form has no place for?",
     "What you would have told a colleague, and could not mark."),
    ("trial_change", "Which words, levels or guidance of this form would you change after this case?",
     "Name the question, and the words you would rather read."),
)
TRIAL_QUESTIONS = tuple(name for name, _, _ in _ASKED)


def with_trial_questions(rubric: Rubric) -> Rubric:
    """`cqa-trial-questions/1`: the rubric with a last section of three questions in words, which may be left out.

    They score nothing and are part of no comparison. What the rubric's file says stays as it is.
    """
    questions = tuple(_question(*one) for one in _ASKED if one[0] not in rubric.by_id)
    return replace(rubric, sections=(*rubric.sections, Section(SECTION, "About this form", questions)))


def is_of_trial(question: Question) -> bool:
    """Whether it is one of these three, which tell of a form and not of a case."""
    return question.section == SECTION and question.id in TRIAL_QUESTIONS


def _question(name: str, ask: str, look_for: str) -> Question:
    return Question(
        id=name, section=SECTION, ask=ask, look_for=look_for, guidance="", type="text", scale=None, choices=(),
        descriptors={}, gate=ALWAYS, required=False, forbid=(), fails_on=(), weight=Fraction(1), needs=(), tags=(),
        role="", retired="")
