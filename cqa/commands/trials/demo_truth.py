"""What the demo's trial puts in: how good each case really is, and how far reviewers of known error must then agree."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from statistics import NormalDist, fmean

from cqa.rubric.gates import asked
from cqa.rubric.matched import Matched
from cqa.rubric.model import Question, Rubric

_CASE, _THEME, _OWN = 0.5, 0.5, 0.707
"""How much of a question's quality is the whole case's, its theme's, and its own; their squares add up to 1."""
AGAIN = 40
"""So many cases of the same make as each case of the trial stand behind the agreement that was put in."""
_STANDARD = NormalDist()


@dataclass(frozen=True, slots=True)
class Truth:
    """How good each case is, whoever looks and by whichever form. `asked` are by case the questions of either form that
    its facts let be asked; no id is of both forms."""

    seed: str
    parent: Rubric
    asked: Mapping[str, frozenset[str]]

    def of(self, case_id: str, question: Question, again: str = "") -> float:
        """The quality on a question of either form, in standard deviations; with `again` that of another case of the
        same make. Of several questions of the parent that is the lowest, of those of one theme the mean."""
        said = question.corresponds_to
        names = said.questions if said else (question.id,)
        values = self.values(case_id, self.asked_of(case_id, names) or names, again)
        return fmean(values) if said and not said.compared else min(values)

    def values(self, case_id: str, names: Iterable[str], again: str = "") -> list[float]:
        """The quality on each of some questions of the parent."""
        return [self._own(case_id + again, name) for name in names]

    def asked_of(self, case_id: str, names: Iterable[str]) -> tuple[str, ...]:
        """Those of some questions that the facts of the case let be asked."""
        return tuple(name for name in names if name in self.asked[case_id])

    def _own(self, case: str, name: str) -> float:
        section = self.parent.by_id[name].section
        parts = (("", _CASE), (section, _THEME), (f"{section}|{name}", _OWN))
        return sum(random.Random(f"{self.seed}|{case}|{part}").gauss(0, share)  # noqa: S311 - a simulation
                   for part, share in parts)


@dataclass(frozen=True, slots=True)
class Eyes:
    """Who looks by one form: each reviewer's severity, how far their eyes err, below which quality the best levels are
    not given any more, and how often a mark is off the scale."""

    severity: Sequence[float]
    error: float
    cut: float
    off: float

    def best(self, qualities: Sequence[float]) -> list[float]:
        """By reviewer, how likely the lowest of the marks for these qualities is the best level, each being seen with
        an error of its own; of those marks that are on the scale, if any is."""
        none = self.off ** len(qualities)
        return [(prod(self.off + (1 - self.off) * self._one(quality - shift) for quality in qualities) - none)
                / (1 - none) for shift in self.severity]

    def _one(self, quality: float) -> float:
        return _STANDARD.cdf((quality - self.cut) / self.error)


def truth_of(seed: str, parent: Rubric, variant: Rubric, facts: Mapping[str, Mapping[str, str]]) -> Truth:
    """The truth about cases whose facts are known, by case."""
    return Truth(seed, parent, {case: frozenset(
        name for rubric in (parent, variant) for name, state in asked(rubric, {}, known).items() if state)
        for case, known in facts.items()})


def put_in(
    truth: Truth, compared: Iterable[Matched], variant: Rubric, cases: Sequence[str], eyes: tuple[Eyes, Eyes]
) -> tuple[float, float]:
    """By the parent and by the variant, the mean of Gwet's AC2 over the questions that compare at the split of the best
    level, where it is his AC1: what any two of these reviewers come to over ever more cases of the same make as those
    of the trial. `eyes` are those by either form.
    """
    found = [(_agreement(eyes[0].best(truth.values(case, names, again)) for case, names, again in places),
              _agreement(eyes[1].best([truth.of(case, variant.by_id[one.question], again)])
                         for case, _, again in places))
             for one in compared if (places := list(_places(truth, one, cases)))]
    return fmean(parent for parent, _ in found), fmean(of_variant for _, of_variant in found)


def _places(truth: Truth, one: Matched, cases: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """The cases that both forms ask a question of, each many times over, with the parent's questions that it asks."""
    for case in cases:
        names = truth.asked_of(case, one.parents)
        if names and truth.asked_of(case, (one.question,)):
            yield from ((case, names, f"|again {number}") for number in range(AGAIN))


def _agreement(chances: Iterable[Sequence[float]]) -> float:
    """Gwet's AC1 (2008) of two answers, from how likely each reviewer gives the first of them in each case."""
    same, first = [], []
    for chance in chances:
        many, total = len(chance), sum(chance)
        both = (total ** 2 - sum(one ** 2 for one in chance)) / (many * (many - 1))
        same.append(1 - 2 * total / many + 2 * both)
        first.append(total / many)
    by_chance = 2 * fmean(first) * (1 - fmean(first))
    return (fmean(same) - by_chance) / (1 - by_chance)
