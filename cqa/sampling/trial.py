"""A trial of two forms of a rubric, as it stands in the plans of its two samples, and the rule that will decide it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeVar

from cqa.facts import ratio
from cqa.sampling.ticket import ticket
from cqa.tree import Node, Plain, Reader, Tree

Design = Literal["crossover", "parallel"]
Measure = Literal["ac2", "alpha", "exact"]
DESIGNS: tuple[Design, ...] = ("crossover", "parallel")
MEASURES: tuple[Measure, ...] = ("ac2", "alpha", "exact")
MEASURED: Mapping[Measure, str] = {"ac2": "Gwet's AC2", "alpha": "Krippendorff's alpha", "exact": "exact agreement"}
BESIDE: Mapping[Measure, Measure] = {"ac2": "alpha", "alpha": "ac2", "exact": "alpha"}
"""The measure that must not contradict the one which decides: either can be won by what the other shows."""
DESIGN_RULES: Mapping[Design, str] = {"crossover": "cqa-crossover/1", "parallel": "cqa-parallel/1"}
QUESTIONS_RULE = "cqa-trial-questions/1"
ARMS = (1, 2)
Word = TypeVar("Word", bound=str)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The rule that decides a trial, written down before anything is marked: on which measure, and what difference
    (`least`, a fraction of 1) decides."""

    measure: Measure
    least: Fraction

    @property
    def words(self) -> str:
        """The whole rule in words, whose hash is kept with it."""
        least, measured, beside = float(self.least), MEASURED[self.measure], MEASURED[BESIDE[self.measure]]
        return (
            f"Measured is the mean of {measured} over all questions that compare, form against form. The form with the "
            f"higher mean is taken if the difference is {least:g} or more, its 95% interval does not reach 0, and the "
            f"mean of {beside} is defined and does not point the other way by {least:g} or more. If the whole interval "
            f"lies within {least:g} of 0, and the mean of {beside} differs by less than {least:g}, the forms agree "
            "alike, and the quicker one may be taken. Otherwise the trial cannot tell. The rule is applied once every "
            "assessment of the trial is signed off or withdrawn.")

    @property
    def sha256(self) -> str:
        """The hash of the rule's words."""
        return hashlib.sha256(self.words.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Form:
    """One of the two rubrics that are tried."""

    id: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Trial:
    """One of the two samples of a trial, which is its `arm` (1 or 2).

    `forms` are the rubrics of the arms, of which `parent` is the arm whose rubric stands as it is, and the other is
    tried against it. `only` names the reviewers who use one form alone, with their arm: not all cross over then.
    `power` is what was said before anything was marked, in words.
    """

    name: str
    design: Design
    arm: int
    forms: tuple[Form, Form]
    parent: int
    verdict: Verdict
    only: Mapping[str, int] = field(default_factory=dict)
    power: str = ""

    @property
    def rules(self) -> dict[str, str]:
        """The rules by name that a trial follows beside those of the draw."""
        rule = DESIGN_RULES[self.design]
        return {"assignment": rule, "second": rule, "trial questions": QUESTIONS_RULE}

    @property
    def variant(self) -> int:
        """The arm whose rubric is tried against the parent."""
        return sum(ARMS) - self.parent

    def form(self, arm: int) -> str:
        """What is marked in an arm: `parent` or `variant`."""
        return "parent" if arm == self.parent else "variant"

    @property
    def nested(self) -> bool:
        """Whether somebody uses one form alone, so that the forms' difference is their reviewers' too."""
        return bool(self.only)


def arm_name(trial: str, arm: int) -> str:
    """The name of the sample that is an arm of a trial; it does not tell which form is marked there."""
    return f"{trial}-{arm}"


def parents_arm(trial: str, seed: str) -> int:
    """The arm whose rubric is the one that stands, by lot: parity of SHA-256(`seed/arm|trial`)."""
    return 1 + int(ticket(seed, trial, "arm")[-1], 16) % 2


def orders(reviewers: Iterable[str], seed: str, only: Mapping[str, int]) -> dict[str, tuple[int, ...]]:
    """For each reviewer the arms in the order in which they mark them: in order of SHA-256(`seed/order|name`), every
    other one begins with the second."""
    ranked = sorted(reviewers, key=lambda name: ticket(seed, name.casefold(), "order"))
    crossing = [name for name in ranked if name not in only]
    return {**{name: ARMS if place % 2 == 0 else ARMS[::-1] for place, name in enumerate(crossing)},
            **{name: (only[name],) for name in ranked if name in only}}


def trial_record(trial: Trial) -> dict[str, Plain]:
    """A trial as it is written into the plan of its samples."""
    return {
        "name": trial.name, "design": trial.design, "arm": trial.arm, "parent": trial.parent,
        "forms": [{"id": form.id, "version": form.version, "sha256": form.sha256} for form in trial.forms],
        "only": dict(trial.only),
        "verdict": {"measure": trial.verdict.measure, "least": str(trial.verdict.least), "rule": trial.verdict.words,
                    "sha256": trial.verdict.sha256},
        "power": trial.power,
    }


def read_trial(reader: Reader, node: Node | None) -> Trial | None:
    """A trial from its record, None where the sample is part of none; problems are kept by the reader."""
    if not isinstance(node, Tree):
        return None
    forms = [Form(*(reader.text(one.get(key), key) for key in ("id", "version", "sha256")))
             for one in reader.mappings(node.get("forms"), "forms")]
    if len(forms) != len(ARMS):
        reader.malformed(node, f"A trial has two forms, not {len(forms)}.", "Restore the file from a copy.")
        forms = [Form("", "", "")] * len(ARMS)
    only = {key.value: _arm(reader, arm, "only") for key, arm in reader.mapping(node.get("only"), "only")}
    return Trial(
        reader.text(reader.required(node, "name", "The trial"), "name"),
        _one_of(reader, node, "design", DESIGNS), _arm(reader, node.get("arm"), "arm"), (forms[0], forms[1]),
        _arm(reader, node.get("parent"), "parent"),
        _read_verdict(reader, reader.mapping(node.get("verdict"), "verdict")), only,
        reader.text(node.get("power"), "power"))


def _arm(reader: Reader, node: Node | None, what: str) -> int:
    return int(reader.choice(node, what, tuple(map(str, ARMS)), "1"))


def _read_verdict(reader: Reader, tree: Tree) -> Verdict:
    verdict = Verdict(_one_of(reader, tree, "measure", MEASURES),
                      reader.parsed(tree.get("least"), "least", ratio, Fraction(0), "a fraction such as 1/20"))
    if (reader.text(tree.get("rule"), "rule"), reader.text(tree.get("sha256"), "sha256")) != (
            verdict.words, verdict.sha256):
        reader.malformed(tree, "The rule of the trial's verdict is not the one whose SHA-256 stands beside it.",
                         "Restore the file from a copy.")
    return verdict


def _one_of(reader: Reader, tree: Tree, key: str, words: tuple[Word, ...]) -> Word:
    found = reader.choice(reader.required(tree, key, "The trial"), key, words, words[0])
    return next(word for word in words if word == found)
