"""How long an assessment takes by form, and whether people get quicker from their first form to their second."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import fmean, quantiles

from scipy.special import stdtr, stdtrit

from cqa.consistency.cells import or_word
from cqa.consistency.measures import LEAST_CASES
from cqa.consistency.trials.data import Assessed, FormData, TrialData
from cqa.consistency.trials.notes import counted_note
from cqa.facts import how_many
from cqa.table import Cell, Column, Row, Table

LEAST_OF_EACH = 2
"""So many reviewers must have begun with each form for a comparison of their times."""
SECONDS_AN_ANSWER = 1.0
"""Nobody answers faster: what was entered in less time was read in from a sheet or a script, and its time is none."""
SIGNIFICANT = 0.05
_NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class FormTime:
    """Minutes at the keyboard for one assessment; None of fewer than three. `untimed` are those whose journal tells
    none, or less than anybody needs."""

    form: str
    timed: int
    untimed: int
    median: float | None
    lower: float | None
    upper: float | None
    least: float | None
    most: float | None

    @property
    def spread(self) -> float | None:
        """Minutes from the lower to the upper quartile."""
        return None if self.lower is None or self.upper is None else self.upper - self.lower

    def as_json(self) -> dict[str, object]:
        """Under stable names."""
        return {"form": self.form, "timed": self.timed, "untimed": self.untimed, "median": self.median,
                "lower_quartile": self.lower, "upper_quartile": self.upper, "spread": self.spread, "least": self.least,
                "most": self.most}


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as long one takes as the other, with its 95% interval and p-value against 1, or `why` not."""

    value: float | None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    reviewers: int = 0
    why: str = ""

    def as_json(self) -> dict[str, object]:
        """Under stable names."""
        return {"value": self.value, "low": self.low, "high": self.high, "p": self.p, "reviewers": self.reviewers,
                "why": self.why}

    def reading(self, longer: str, shorter: str) -> str:
        """In words, where the data can bear it."""
        if self.value is None or (self.p is None and abs(log(self.value)) > _NOTHING):
            return f"Not said: {self.why}."
        if self.p is None or self.p > SIGNIFICANT:
            return "No difference that the data can bear."
        return longer if self.value > 1 else shorter


@dataclass(frozen=True, slots=True)
class Times:
    """Minutes by form; the variant's time as a multiple of the parent's, and that of a reviewer's second form as a
    multiple of the first."""

    forms: tuple[FormTime, FormTime]
    variant: Ratio
    second: Ratio

    @property
    def variant_reading(self) -> str:
        """Which form takes longer, in words."""
        return self.variant.reading("The variant takes longer.", "The variant is quicker.")

    @property
    def second_reading(self) -> str:
        """Whether people get quicker, in words."""
        return self.second.reading("People are slower with the form they use second.",
                                   "People are quicker with the form they use second.")

    def as_json(self) -> dict[str, object]:
        """Under stable names."""
        return {"forms": [one.as_json() for one in self.forms],
                "variant_to_parent": {**self.variant.as_json(), "reading": self.variant_reading},
                "second_to_first": {**self.second.as_json(), "reading": self.second_reading}}


def times_of(data: TrialData) -> Times:
    """Times of signed assessments.

    For each reviewer who used both forms the mean of log minutes under one form less that under the other; everyone
    weighs the same. The reviewers who began with the parent and those who began with the variant are two samples: half
    the sum of their means is the form's effect, half the difference that of the order (Hills and Armitage 1979, British
    Journal of Clinical Pharmacology 8:7). So getting quicker does not count for the form used second.
    """
    apart = _log_ratios(data)
    first = {share.reviewer.casefold(): share.order for share in data.balance.shares}
    groups = tuple([value for name, value in apart.items() if first.get(name) == order]
                   for order in ((data.parent.arm, data.variant.arm), (data.variant.arm, data.parent.arm)))
    return Times((_form(data.parent), _form(data.variant)), crossed(*groups, sign=1), crossed(*groups, sign=-1))


def minutes_of(one: Assessed) -> float | None:
    """The minutes of an assessment that was typed; None where the journal tells none, or less than a second an answer.
    """
    least = SECONDS_AN_ANSWER * max(1, len(one.marks)) / 60
    return one.minutes if one.minutes and one.minutes >= least else None


def _form(form: FormData) -> FormTime:
    minutes = sorted(spent for one in form.signed if (spent := minutes_of(one)))
    untimed = len(form.signed) - len(minutes)
    if len(minutes) < LEAST_CASES:
        return FormTime(form.form, len(minutes), untimed, None, None, None, None, None)
    lower, middle, upper = quantiles(minutes, n=4, method="inclusive")
    return FormTime(form.form, len(minutes), untimed, middle, lower, upper, minutes[0], minutes[-1])


def _log_ratios(data: TrialData) -> Mapping[str, float]:
    """For each reviewer with times under both forms the mean log minutes under the variant less the parent."""
    told: dict[str, tuple[list[float], list[float]]] = {}
    for place, form in enumerate(data.forms):
        for one in form.signed:
            if spent := minutes_of(one):
                told.setdefault(one.reviewer.casefold(), ([], []))[place].append(log(spent))
    return {name: fmean(new) - fmean(old) for name, (old, new) in told.items() if old and new}


def crossed(parent_first: Sequence[float], variant_first: Sequence[float], *, sign: int) -> Ratio:
    """The effect of the form (`sign` 1) or of the order (-1) from log ratios variant to parent, by who began with what.
    """
    reviewers = len(parent_first) + len(variant_first)
    if min(len(parent_first), len(variant_first)) < LEAST_OF_EACH:
        return Ratio(None, reviewers=reviewers, why=(
            f"{len(parent_first)} who began with the parent and {len(variant_first)} with the variant have times "
            f"under both, and {LEAST_OF_EACH} of each are needed"))
    means = fmean(parent_first), fmean(variant_first)
    value, df = (means[0] + sign * means[1]) / 2, reviewers - 2
    squares = sum((one - middle) ** 2 for group, middle in zip((parent_first, variant_first), means, strict=True)
                  for one in group)
    se = sqrt(squares / df * (1 / len(parent_first) + 1 / len(variant_first))) / 2
    if se < _NOTHING:
        return Ratio(exp(value), reviewers=reviewers, why="all reviewers show the same ratio, which shows no spread")
    reach = float(stdtrit(df, 0.975)) * se
    return Ratio(exp(value), exp(value - reach), exp(value + reach), 2 * float(stdtr(df, -abs(value) / se)), reviewers)


def times_tables(data: TrialData, found: Times) -> tuple[Table, ...]:
    """Minutes by form, then what the same people took under both."""
    return _minutes_table(data, found), _ratios_table(data, found)


def _minutes_table(data: TrialData, found: Times) -> Table:
    columns = (Column("Form", "text", 12), Column("Assessments timed", "number", 13),
               Column("Not timed", "number", 9), Column("Median, minutes", "decimal", 11),
               Column("Lower quartile", "decimal", 11), Column("Upper quartile", "decimal", 11),
               Column("Between quartiles", "decimal", 11), Column("Least", "decimal", 9),
               Column("Most", "decimal", 9))
    rows = tuple((one.form, one.timed, one.untimed, *or_word(
        (one.median, one.lower, one.upper, one.spread, one.least, one.most), _missing(one))) for one in found.forms)
    return Table("Time", "Minutes for one assessment, by form", counted_note(
        data,
        "Minutes at the keyboard: gaps of five minutes or more are left out, and with them long reading. Not "
        "timed: the journal tells no time, or less than a second an answer, as of a sheet that was read in."),
        columns, rows)


def _missing(one: FormTime) -> str:
    return "too few" if one.timed else "not told"


def _ratios_table(data: TrialData, found: Times) -> Table:
    columns = (Column("What", "long", 44), Column("Reviewers", "number", 10), Column("Times as long", "decimal", 10),
               Column("Low", "decimal", 9), Column("High", "decimal", 9), Column("Reading", "long", 46))
    rows = (_ratio_row("The variant against the parent", found.variant, found.variant_reading),
            _ratio_row("A reviewer's second form against the first", found.second, found.second_reading))
    began = " and ".join(f"{_began(data, arms)} with the {form.form}" for form, arms in zip(
        data.forms, ((data.parent.arm, data.variant.arm), (data.variant.arm, data.parent.arm)), strict=True))
    return Table("Time compared", "The same people under both forms", counted_note(
        data,
        "1 is as long, 2 is twice as long, 0.5 half as long; low and high: 95% interval. Each reviewer weighs the "
        f"same; {began} were to begin. Getting quicker is told apart from the form."), columns, rows)


def _began(data: TrialData, order: tuple[int, ...]) -> str:
    return how_many(sum(share.order == order for share in data.balance.shares), "reviewer")


def _ratio_row(what: str, one: Ratio, reading: str) -> Row:
    cells: tuple[Cell, ...] = or_word((one.value, one.low, one.high), "-")
    return (what, one.reviewers, *cells, reading)
