"""What a trial's figures are made of: two forms, their assessments of the same or other cases, and what compares."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from cqa.consistency.marks import QuestionScale
from cqa.rubric.matched import Matched, Unmatched
from cqa.sampling.crossover import Balance
from cqa.sampling.trial import Trial

PARENT, VARIANT = FORMS = ("parent", "variant")


@dataclass(frozen=True, slots=True)
class Assessed:
    """One reviewer's assessment of one case by one form, as it stands.

    `marks` are by question, answers off the scale among them, and those in words left out. `score` is a fraction of 1,
    None where nothing was scored. `minutes` are those at the keyboard, None where the journal tells none. `words`
    counts those of reasons and evidence. `said` holds the answers to the three questions of the trial. `amended`: it
    was opened again after it had been signed off.
    """

    form: str
    case_id: str
    reviewer: str
    turn: str
    marks: Mapping[str, str]
    signed: bool
    score: float | None = None
    band: str = ""
    critical_failed: tuple[str, ...] = ()
    minutes: float | None = None
    words: int = 0
    said: Mapping[str, str] = field(default_factory=dict)
    amended: bool = False


@dataclass(frozen=True, slots=True)
class FormData:
    """One form: which rubric it is, its scale questions, its bands in the order in which the rubric tries them, and all
    its assessments, signed off or not. `form` is `parent` or `variant`, `arm` 1 or 2."""

    form: str
    arm: int
    rubric: str
    version: str
    sha256: str
    title: str
    scales: tuple[QuestionScale, ...]
    bands: tuple[str, ...]
    assessed: tuple[Assessed, ...]

    @property
    def name(self) -> str:
        """The rubric's id and version."""
        return f"{self.rubric} {self.version}"

    @property
    def signed(self) -> tuple[Assessed, ...]:
        """The assessments that count: those signed off."""
        return tuple(one for one in self.assessed if one.signed)


@dataclass(frozen=True, slots=True)
class TrialData:
    """Everything that a trial's report is made of. `cases` are by form the main cases that still count; `withdrawn`
    those that left it, `withdrawn_signed` how many of their assessments had been signed off."""

    trial: Trial
    seed: str
    parent: FormData
    variant: FormData
    matched: tuple[Matched, ...]
    unmatched: tuple[Unmatched, ...]
    cases: Mapping[str, tuple[str, ...]]
    balance: Balance
    withdrawn: tuple[str, ...] = ()
    withdrawn_signed: int = 0

    @property
    def forms(self) -> tuple[FormData, FormData]:
        """The parent, then the variant."""
        return self.parent, self.variant

    @property
    def open(self) -> int:
        """How many assessments are not signed off."""
        return sum(not one.signed for form in self.forms for one in form.assessed)

    @property
    def complete(self) -> bool:
        """Whether every assessment of the trial is signed off, so that the rule for the verdict may be applied."""
        return self.open == 0 and all(form.assessed for form in self.forms)


def by_case(assessed: Iterable[Assessed]) -> dict[str, list[Assessed]]:
    """The assessments of each case."""
    found: dict[str, list[Assessed]] = {}
    for one in assessed:
        found.setdefault(one.case_id, []).append(one)
    return found


def renamed(data: TrialData, told: Mapping[str, str]) -> TrialData:
    """The trial with other names in the place of its reviewers': letters, where names are hidden."""
    def form(one: FormData) -> FormData:
        return replace(one, assessed=tuple(replace(each, reviewer=told.get(each.reviewer, each.reviewer))
                                           for each in one.assessed))

    def names(listed: Iterable[str]) -> tuple[str, ...]:
        return tuple(told.get(name, name) for name in listed)

    balance = data.balance
    return replace(
        data, parent=form(data.parent), variant=form(data.variant),
        trial=replace(data.trial, only={told.get(name, name): arm for name, arm in data.trial.only.items()}),
        balance=replace(
            balance, shares=tuple(replace(one, reviewer=told.get(one.reviewer, one.reviewer))
                                  for one in balance.shares),
            groups={arm: tuple(names(group) for group in groups) for arm, groups in balance.groups.items()},
            twice=tuple((case_id, told.get(name, name)) for case_id, name in balance.twice)))
