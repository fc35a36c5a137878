"""A figure of both forms and how far apart they are, in numbers that are defined and words where they are not."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cqa.consistency.measures import LEAST_CASES, number_or_none
from cqa.consistency.trials.data import PARENT, VARIANT
from cqa.consistency.trials.gaps import Gaps


@dataclass(frozen=True, slots=True)
class Apart:
    """A figure by the parent and by the variant, and the variant's less the parent's with its 95% interval.

    `p` is two-sided, of no difference; `q` is that among all questions (Benjamini and Hochberg), None for a headline.
    `cases` by form are those used, `questions` those that the figure is of. What is undefined is None, and `why` says
    so.
    """

    measure: str
    parent: float | None
    variant: float | None
    difference: float | None
    se: float | None
    df: float | None
    low: float | None
    high: float | None
    p: float | None
    cases: Mapping[str, int]
    questions: int = 1
    why: str = ""
    q: float | None = None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95% interval of the difference, None where there is none."""
        return None if self.low is None or self.high is None else (self.low, self.high)

    @property
    def clear(self) -> bool:
        """Whether the interval does not reach 0."""
        return self.interval is not None and (self.interval[0] > 0 or self.interval[1] < 0)

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"parent": self.parent, "variant": self.variant, "difference": self.difference, "se": self.se,
                "df": self.df, "low": self.low, "high": self.high, "p": self.p, "q": self.q, "cases": dict(self.cases),
                "questions": self.questions, "why": self.why}


def apart(measure: str, found: Gaps, place: int) -> Apart:
    """The figures of one group of questions."""
    difference, se, df, reach, p = (number_or_none(values[place]) for values in (
        found.difference, found.se, found.df, found.reach, found.p))
    cases = {PARENT: int(found.parent_cases[place]), VARIANT: int(found.variant_cases[place])}
    told = Apart(measure, number_or_none(found.parent[place]), number_or_none(found.variant[place]), difference, None,
                 None, None, None, None, cases, int(found.questions[place]))
    if difference is None or reach is None:
        return replace(told, why=_no_interval(difference, se, cases))
    return replace(told, se=se, df=df, low=difference - reach, high=difference + reach, p=p)


def _no_interval(difference: float | None, se: float | None, cases: Mapping[str, int]) -> str:
    if difference is None:
        return "not defined, because no question has it under both forms with all cases and without any one of them"
    if min(cases.values()) < LEAST_CASES:
        return f"no interval, because it needs {LEAST_CASES} cases"
    if se is None:
        return "no interval, because it is not defined when a certain case is left out"
    return "no interval, because no case changes the difference"
