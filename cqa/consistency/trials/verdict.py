"""The rule that was written down before a trial, applied to what was found: an outcome, and why, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from cqa.consistency.trials.apart import Apart
from cqa.consistency.trials.data import PARENT, VARIANT, TrialData
from cqa.consistency.trials.difference import Difference
from cqa.consistency.trials.rule import called_alike, form_taken, large_enough, not_contradicted, within
from cqa.consistency.trials.verdict_words import signed, spread_said, told
from cqa.sampling.trial import BESIDE, MEASURED, Verdict

Outcome = Literal["variant", "parent", "alike", "cannot tell", "not yet", "teams"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of the rule: what it asks, what was found, and whether it holds; None where it decides nothing, or
    cannot be known."""

    what: str
    wanted: str
    found: str
    held: bool | None

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"what": self.what, "wanted": self.wanted, "found": self.found, "held": self.held}


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rule says. `met`: a form is taken, or both are alike. `sentences` are one or two, for a manager;
    `rule` and its hash are those that stand in the plan."""

    outcome: Outcome
    met: bool
    sentences: tuple[str, ...]
    conditions: tuple[Condition, ...]
    rule: str
    sha256: str

    @property
    def words(self) -> str:
        """The sentences as one text."""
        return " ".join(self.sentences)

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"outcome": self.outcome, "met": self.met, "sentences": list(self.sentences),
                "conditions": [one.as_json() for one in self.conditions], "rule": self.rule, "sha256": self.sha256}


def decision_of(data: TrialData, difference: Difference) -> Decision:
    """The rule of the trial's plan applied to the headline. Nothing is decided before all is signed off, nor where the
    forms were marked by different people."""
    rule = data.trial.verdict
    main, beside = difference.headline[rule.measure], difference.headline[BESIDE[rule.measure]]
    outcome = _outcome(data, rule, main, beside)
    conditions = tuple(_conditions(data, rule, main, beside, outcome))
    sentences = tuple(told(outcome, data, main, beside))
    return Decision(outcome, outcome in (VARIANT, PARENT, "alike"), sentences, conditions, rule.words, rule.sha256)


def is_of_teams(data: TrialData) -> bool:
    """Whether the forms' difference is also their reviewers': by plan, or since in the end fewer than half of the
    assessments are by reviewers who used both."""
    both, everyone = users_of_both(data)
    given = [one.reviewer for form in data.forms for one in form.assessed]
    return data.trial.nested or (bool(everyone) and all(form.assessed for form in data.forms)
                                 and 2 * sum(name in both for name in given) < len(given))


def users_of_both(data: TrialData) -> tuple[frozenset[str], frozenset[str]]:
    """Who was given cases by both forms, as the trial stands now, and who was by either."""
    parent, variant = (frozenset(one.reviewer for one in form.assessed) for form in data.forms)
    return parent & variant, parent | variant


def _outcome(data: TrialData, rule: Verdict, main: Apart, beside: Apart) -> Outcome:
    if is_of_teams(data):
        return "teams"
    if not data.complete:
        return "not yet"
    if main.difference is None or main.interval is None:
        return "cannot tell"
    least = float(rule.least)
    low, high = main.interval
    taken = int(form_taken(main.difference, low, high, _nan(beside.difference), least))
    if taken:
        return "variant" if taken > 0 else "parent"
    return "alike" if called_alike(low, high, _nan(beside.difference), least) else "cannot tell"


def _nan(value: float | None) -> float:
    return float("nan") if value is None else value


def _conditions(
    data: TrialData, rule: Verdict, main: Apart, beside: Apart, outcome: Outcome
) -> Iterator[Condition]:
    least, measured, other = float(rule.least), MEASURED[rule.measure], MEASURED[BESIDE[rule.measure]]
    value, interval = main.difference, main.interval
    yield Condition("Every assessment is signed off", "0 open", f"{data.open} open", data.complete)
    both, everyone = users_of_both(data)
    yield Condition("Reviewers use both forms", "as designed, and most of them", f"{len(both)} of {len(everyone)}",
                    not is_of_teams(data))
    yield Condition(f"Difference of the mean of {measured}, variant less parent", f"{least:g} or more either way",
                    signed(value), None if value is None else bool(large_enough(value, least)))
    yield Condition("Its 95% interval", "does not reach 0", spread_said(interval), main.clear if interval else None)
    yield Condition(f"Difference of the mean of {other}", f"not {least:g} or more the other way",
                    signed(beside.difference), None if value is None or beside.difference is None else
                    bool(not_contradicted(value, beside.difference, least)))
    yield Condition("Else, to call them alike: the whole interval", f"within {least:g} of 0", spread_said(interval),
                    bool(within(*interval, least)) if interval and outcome not in (VARIANT, PARENT) else None)
    yield Condition(f"and the difference of the mean of {other}", f"less than {least:g}", signed(beside.difference),
                    abs(beside.difference) < least if beside.difference is not None
                    and outcome not in (VARIANT, PARENT) else None)
