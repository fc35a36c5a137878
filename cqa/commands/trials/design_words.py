"""A trial's design in words and as JSON: the forms, what compares, who marks what, and the rule that will decide."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from cqa.commands.trials.forms import Forms
from cqa.facts import how_many
from cqa.files.sample_folder import SampleFolder
from cqa.sampling.crossover import Balance, balance_of
from cqa.sampling.trial import Trial, orders
from cqa.screen.printer import Printer, listed
from cqa.table import Column, Row, Table

if TYPE_CHECKING:
    from cqa.consistency.trials.power import Chance, Power


@dataclass(frozen=True)
class Made:
    """A trial as it was written: its two samples by arm, and what it can find where that was simulated."""

    trial: Trial
    forms: Forms
    seed: str
    arms: Mapping[int, SampleFolder]
    power: "Power | None" = None

    @cached_property
    def balance(self) -> Balance:
        """How the assignments are spread, from the samples as they were written."""
        reviewers = self.arms[1].sample.plan.reviewers
        return balance_of(
            {arm: folder.sample.assignments for arm, folder in self.arms.items()},
            {arm: [case.case_id for case in folder.sample.cases if case.main] for arm, folder in self.arms.items()},
            reviewers, orders(reviewers, self.seed, self.trial.only))

    @property
    def cases(self) -> int:
        """How many cases each form is marked on."""
        return max(sum(case.main for case in folder.sample.cases) for folder in self.arms.values())

    def commitment(self, arm: int) -> str:
        """The SHA-256 of an arm's plan."""
        return hashlib.sha256((self.arms[arm].path / "plan.yaml").read_bytes()).hexdigest()


def design_json(made: Made) -> dict[str, object]:
    """The design under stable names."""
    trial, balance = made.trial, made.balance
    return {
        "trial": trial.name, "design": trial.design, "seed": made.seed, "cases": made.cases,
        "samples": [{"sample": folder.sample.name, "form": trial.form(arm),
                     "rubric": trial.forms[arm - 1].id, "version": trial.forms[arm - 1].version,
                     "sha256": trial.forms[arm - 1].sha256, "commitment": made.commitment(arm)}
                    for arm, folder in made.arms.items()],
        "reviewers": [{"reviewer": share.reviewer, "order": [trial.form(arm) for arm in share.order],
                       "parent": share.cases[trial.parent], "variant": share.cases[trial.variant]}
                      for share in balance.shares],
        "balance": {"uneven": balance.uneven, "connected": balance.connected, "nested": list(balance.nested),
                    "marked_twice": [list(place) for place in balance.twice], "too_few_free": list(balance.bare)},
        "compared": [{"question": one.question, "parent": list(one.parents), "levels": list(one.levels),
                      "why": one.why} for one in made.forms.matched],
        "not_comparable": [{"form": one.form, "question": one.question, "why": one.why}
                           for one in made.forms.unmatched],
        "verdict": {"measure": trial.verdict.measure, "difference": float(trial.verdict.least),
                    "rule": trial.verdict.words, "sha256": trial.verdict.sha256},
        "power": made.power.as_json() if made.power else None,
    }


def tell_design(printer: Printer, made: Made) -> None:
    """The design for whoever leads the trial. It names the forms; reviewers are not shown it."""
    trial, forms = made.trial, made.forms
    parent, variant = (f"{one.rubric.id} {one.rubric.version}" for one in (forms.parent, forms.variant))
    printer.line(f"\nTrial {trial.name}: {variant} against {parent}, {trial.design} design, "
                 f"{how_many(made.cases, 'case')} under each form.")
    printer.line(f"Seed {made.seed}")
    printer.table(_reviewers_table(made), 80)
    printer.paragraph(_spread(made.balance))
    printer.line()
    compared = sum(one.form == "variant" for one in forms.unmatched)
    printer.paragraph(f"Compared: {how_many(len(forms.matched), 'question')} "
                      f"({', '.join(one.question for one in forms.matched)}). Not comparable, and never averaged in: "
                      f"{compared} of the variant, {len(forms.unmatched) - compared} of the parent.")
    if all(one.coarse for one in forms.matched):
        printer.paragraph("Of the compared questions only the split at the best level means the same in both forms.")
    printer.line()
    printer.paragraph(f"Verdict rule, kept in both samples: {trial.verdict.words}")
    printer.line(f"SHA-256 of the rule: {trial.verdict.sha256}")
    printer.line()
    if made.power:
        printer.paragraph(made.power.short)
        printer.line()
        printer.table(_power_table(made.power), 80)
    else:
        printer.paragraph(trial.power)
    if trial.nested:
        printer.paragraph("Forced: somebody uses one form alone. The trial compares teams as much as forms, and gives "
                          "no verdict.")
    printer.line()
    for arm, folder in made.arms.items():
        printer.line(f"Written to {folder.path}\n  commitment (SHA-256 of plan.yaml): {made.commitment(arm)}")
    printer.line("\nReviewers are not told which form is which. Each types:")
    printer.line(f"  cqa assess --sample {trial.name} --as PERSON")


def _spread(balance: Balance) -> str:
    connected = "everyone can be compared with everyone under each form" if balance.connected else \
        "not everyone can be compared with everyone under each form"
    twice = "nobody marks a case twice" if not balance.twice else \
        f"{how_many(len(balance.twice), 'case')} would be marked twice by one person"
    return (f"Verified: loads differ by {how_many(balance.uneven, 'case')} at most, {twice}, {connected}, and each "
            f"form is used first by {listed([how_many(count, 'reviewer') for count in _begins(balance)])}.")


def _begins(balance: Balance) -> list[int]:
    """How many reviewers begin with each arm."""
    begun = [share.order[0] for share in balance.shares if share.order]
    return [begun.count(1), begun.count(2)]


def _power_table(power: "Power") -> Table:
    """How often a trial like this one finds each of some differences."""
    columns = (Column("If the forms differ by", "number"), Column("means of"), Column("trials that find it"),
               Column("the rule takes that form", "percent"), Column("cases to find it in 80%"))
    rows = (*(_chance_row(one) for one in power.found), _chance_row(power.none))
    planned = power.planned
    return Table("power", f"What the trial can find ({planned.runs} simulated trials each)", (
        f"Supposed: an ordinal alpha of {planned.alpha:.2f} by the worse form, and each question asked in "
        f"{planned.asked:.0%} of the cases. In the last line a form is taken though there is nothing to find."),
        columns, rows)


def _chance_row(one: "Chance") -> Row:
    if one.clear is None or one.taken is None or one.variant is None:
        return f"{one.difference:g}", f"{one.parent:.2f} and more than 1", "-", "-", "-"
    found = one.clear.as_json()
    return (f"{one.difference:g}", f"{one.parent:.2f} and {one.variant:.2f}",
            f"{one.clear.share:.0%} ({found['low']:.0%} to {found['high']:.0%})", one.taken.share,
            one.needed_said or "-")


def _reviewers_table(made: Made) -> Table:
    trial = made.trial
    columns = (Column("Reviewer"), Column("Begins with"), Column("Cases under the parent", "number"),
               Column("under the variant", "number"))
    return Table("trial", "Who marks how many cases", "", columns, tuple(
        (share.reviewer, trial.form(share.order[0]) if share.order else "-", share.cases[trial.parent],
         share.cases[trial.variant]) for share in made.balance.shares))
