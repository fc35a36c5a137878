"""How strict the two forms are: the share of marks at the best level, and scores, on the same cases or on others."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from statistics import mean

from cqa.consistency.cells import or_word
from cqa.consistency.spread import step_up
from cqa.consistency.trials.case_means import Contrast, contrast
from cqa.consistency.trials.data import Assessed, TrialData, by_case
from cqa.consistency.trials.notes import counted_note, whose_note
from cqa.rubric.matched import Matched
from cqa.table import Column, Row, Table

ALL = "All questions, mean"
CHANGED = 0.05
"""The false discovery rate over the questions, and the level for the mean and the score."""
_NOTHING = 1e-9
NOT_SAID, NO_DIFFERENCE = "not said", "no difference that the data can bear"


@dataclass(frozen=True, slots=True)
class QuestionStrictness:
    """One question that compares: the share of its marks at the best common level by form, as fractions of 1.

    `q` is the p-value adjusted over all questions (Benjamini and Hochberg), None where there is none.
    """

    question: str
    parents: tuple[str, ...]
    shares: Contrast
    q: float | None

    @property
    def reading(self) -> str:
        """Which form gives the best level more often, where the data can bear it."""
        return lenient_reading(self.shares, self.q)

    def as_json(self) -> dict[str, object]:
        """Under stable names."""
        return {"question": self.question, "parents": list(self.parents), **self.shares.as_json(), "q": self.q,
                "reading": self.reading}


@dataclass(frozen=True, slots=True)
class Strictness:
    """Variant less parent, positive where the variant is the more lenient: it gives the best level more often, or
    higher scores. Shares are fractions of 1; scores run from 0 to 100, each form by its own scoring."""

    overall: Contrast
    questions: tuple[QuestionStrictness, ...]
    scores: Contrast

    @property
    def reading(self) -> str:
        """The mean over the questions in words."""
        return lenient_reading(self.overall, self.overall.difference.p)

    @property
    def scores_reading(self) -> str:
        """The scores in words."""
        p = self.scores.difference.p
        return _reading(self.scores, p, "the variant scores higher", "the variant scores lower")

    def as_json(self) -> dict[str, object]:
        """Under stable names."""
        return {"overall": {**self.overall.as_json(), "reading": self.reading},
                "questions": [one.as_json() for one in self.questions],
                "scores": {**self.scores.as_json(), "reading": self.scores_reading}}


def strictness_of(data: TrialData) -> Strictness:
    """Strictness by form on the questions that compare, from signed assessments alone.

    A case's value is the mean over its markers who answered on the scale, so each case weighs the same. In a crossover
    only cases count that have a value under both forms.
    """
    paired = data.trial.design == "crossover"
    values = [(best_shares(data.parent.signed, one, one.parent_mark), best_shares(data.variant.signed, one,
              one.variant_mark)) for one in data.matched]
    single = [contrast([parent], [variant], most=1, paired=paired) for parent, variant in values]
    adjusted = step_up({one.question: found.difference.p for one, found in zip(data.matched, single, strict=True)})
    questions = tuple(QuestionStrictness(one.question, one.parents, found, adjusted.get(one.question))
                      for one, found in zip(data.matched, single, strict=True))
    overall = contrast([one for one, _ in values], [other for _, other in values], most=1, paired=paired)
    scores = [[case_scores(form.signed)] for form in data.forms]
    return Strictness(overall, questions, contrast(*scores, most=100, paired=paired))


def best_shares(
    assessed: Iterable[Assessed], one: Matched, mark: Callable[[Mapping[str, str]], str | None]
) -> dict[str, float]:
    """For each case the share of its markers on the scale who gave the best common level."""
    found: dict[str, float] = {}
    for case, listed in by_case(assessed).items():
        given = [level for each in listed if (level := mark(each.marks)) is not None]
        if given:
            found[case] = given.count(one.levels[-1]) / len(given)
    return found


def case_scores(assessed: Iterable[Assessed]) -> dict[str, float]:
    """For each case the mean score of its markers, 0 to 100; without cases that nobody could score."""
    known = by_case(one for one in assessed if one.score is not None)
    return {case: 100 * mean(one.score for one in listed if one.score is not None) for case, listed in known.items()}


def lenient_reading(found: Contrast, p: float | None) -> str:
    """A difference of shares at the best level in words."""
    return _reading(found, p, "the variant is more lenient", "the variant is stricter")


def _reading(found: Contrast, p: float | None, up: str, down: str) -> str:
    value = found.difference.value
    if value is None or (p is None and abs(value) > _NOTHING):
        return f"{NOT_SAID}: {found.difference.why}"
    if p is None:
        return "no difference at all"
    return NO_DIFFERENCE if p > CHANGED else up if value > 0 else down


def strictness_tables(data: TrialData, found: Strictness) -> tuple[Table, ...]:
    """The shares at the best level, then the scores."""
    return _shares_table(data, found), _scores_table(data, found)


_DIFFERENCE = (Column("Variant less parent, points", "decimal", 11), Column("Low", "decimal", 8),
               Column("High", "decimal", 8), Column("Reading", "text", 30))


def _shares_table(data: TrialData, found: Strictness) -> Table:
    columns = (Column("Question", "id", 22), Column("Of the parent", "id", 16), Column("Cases, parent", "number", 8),
               Column("Cases, variant", "number", 9), Column("At the best level, parent", "percent", 11),
               Column("At the best level, variant", "percent", 11), *_DIFFERENCE)
    rows = ((ALL, f"over {found.overall.questions}", *_figures(found.overall, 100), found.reading),
            *((one.question, ", ".join(one.parents), *_figures(one.shares, 100), one.reading)
              for one in found.questions))
    return Table("Strictness", "Which form is stricter, question by question", counted_note(
        data, "Share of marks at the best level that both forms have (sheet Map). Positive: the variant is more "
        "lenient, negative: stricter.",
        whose_note(data), "Low and high: 95% interval, with whole cases as what varies. The reading of one question "
        "allows for how many were looked at."), columns, rows)


def _scores_table(data: TrialData, found: Strictness) -> Table:
    columns = (Column("What", "text", 32), Column("Cases, parent", "number", 8), Column("Cases, variant", "number", 9),
               Column("Parent", "decimal", 9), Column("Variant", "decimal", 9), *_DIFFERENCE)
    rows: tuple[Row, ...] = (("Mean score of a case, 0 to 100", *_figures(found.scores, 1), found.scores_reading),)
    return Table("Scores", "Scores of whole cases, each form by its own scoring", counted_note(
        data, "Positive: the variant scores higher.", whose_note(data), "Where the forms score otherwise, some of the "
        "difference is the scoring and not the marks. Low and high: 95% interval."), columns, rows)


def _figures(found: Contrast, unit: float) -> Row:
    """Cases, both means, and the difference in points."""
    estimate = found.difference
    spread = (None if value is None else unit * value for value in (estimate.value, estimate.low, estimate.high))
    return (*found.cases, *or_word((found.parent, found.variant), "not said"), *or_word(spread, "-"))
