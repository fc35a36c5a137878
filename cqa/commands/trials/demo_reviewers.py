"""The reviewers of the demo's trial: both forms look at one true quality, and one of them is read with less error.

What is put in is known: how good each case is, how severe each reviewer, and how far their eye errs under each form.
"""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from cqa.commands.demo.demo_reviewers import PARTLY_MET_BELOW, DemoReviewer
from cqa.commands.trials.demo_truth import Truth
from cqa.consistency.trials.data import PARENT, VARIANT
from cqa.marking.session import State
from cqa.marking.view import CaseView, view_case
from cqa.rubric.model import Question, Scale
from cqa.rubric.trial_questions import TRIAL_QUESTIONS

PANEL = {"a-byrne": 0.0, "d-okafor": 0.3, "l-marsh": -0.3, "r-hughes": 0.1, "s-patel": -0.1, "k-nowak": 0.0}
"""Shift of a reviewer's thresholds under either form, in standard deviations of casework quality; positive = more
severe."""
ERROR: Mapping[str, float] = {PARENT: 1.0, VARIANT: 0.25}
"""How much one judgement varies by itself under each form, in the same unit: this is what the trial is to find."""
SECONDS: Mapping[str, float] = {PARENT: 26.0, VARIANT: 34.0}
"""How long one mark takes by each form: fewer questions, and longer over each."""
_PACE = {"d-okafor": 1.25, "l-marsh": 0.8, "s-patel": 1.1}
_MOST_SECONDS = 200.0
"""Nobody sits longer over a mark, so that no gap between two marks is taken for a pause."""
_BELOW_BEST = NormalDist().cdf(PARTLY_MET_BELOW)
_WORDS = 0.12
"""How often each of the three questions in words is answered by those who answer any."""
_SILENT = ("r-hughes", "k-nowak")

_SAID: Mapping[str, tuple[str, ...]] = {
    "trial_hardest": (
        "{}: the file has two versions of the same review, and I could not tell which one counted.",
        "{}. Nobody wrote down why; I had to guess from the dates.",
        "{}, because good and poor work stand side by side in one case.",
        "{}: I went back to it twice. The descriptor of the middle reads like the one above it.",
    ),
    "trial_unseen": (
        "The paralegal chased every statement by telephone. There is nowhere to say so.",
        "Three prosecutors in four months, and each began anew.",
        "The police file came six weeks late; what could be done with it was done.",
        "How the bereaved family was spoken to, which was very well done.",
    ),
    "trial_change": (
        "{}: say whether a late decision that is right is the best level or not.",
        "{}: \"recorded\" should say where. I looked in three places.",
        "In {} the guidance speaks of charge, and the case was ended before it.",
        "{}: the two lowest levels differ by one adverb.",
    ),
}


@dataclass(frozen=True, slots=True)
class TrialReviewer(DemoReviewer):
    """A reviewer of known severity who marks by a form, `parent` or `variant`, with that form's error."""

    form: str
    truth_of: Truth

    @property
    def severity(self) -> float:
        """How far above the others' this reviewer's thresholds lie."""
        return PANEL[self.name]

    @property
    def error(self) -> float:
        """How much this reviewer's judgement varies by itself under this form."""
        return ERROR[self.form]

    def lines(self, state: State, case_id: str) -> Iterator[str]:
        """The next things this reviewer types for a case; before the sign-off what they have to say of the form."""
        case = view_case(state, case_id)
        typed = list(DemoReviewer.lines(self, state, case_id))
        if typed and json.loads(typed[0]).get("do") == "sign_off":
            yield from self._words(case)
        yield from typed

    def seconds(self, line: str) -> float:
        """How long it takes to type a line."""
        told = json.loads(line)
        rng = random.Random(f"time|{self.name}|{line}")  # noqa: S311
        words = sum(len(str(told.get(key, "")).split()) for key in ("reason", "evidence"))
        return min(_MOST_SECONDS, (SECONDS[self.form] + 1.5 * words) * _PACE.get(self.name, 1.0)
                   * rng.lognormvariate(0, 0.3))

    def _quality(self, case_id: str, question: Question) -> float:
        return self.truth_of.of(case_id, question)

    def _cuts(self, scale: Scale) -> Sequence[float]:
        """The best level of three, and the two best of four, are told from the rest at one quality; what lies above
        and below is shared evenly."""
        split = 2 if len(scale.levels) > 3 else 1
        above = [NormalDist().inv_cdf(1 - (1 - _BELOW_BEST) * place / split) for place in range(1, split)]
        rest = len(scale.levels) - split
        below = [NormalDist().inv_cdf(_BELOW_BEST * (rest - place) / rest) for place in range(rest)]
        return (*above, *below)

    def _words(self, case: CaseView) -> Iterator[str]:
        marked = [name for name in case.standing.marks if name not in TRIAL_QUESTIONS]
        if self.name in _SILENT or not marked:
            return
        for name in TRIAL_QUESTIONS:
            rng = random.Random(f"{name}|{case.case_id}|{self.name}|{self.form}")  # noqa: S311
            if name not in case.standing.marks and rng.random() < _WORDS:
                told = rng.choice(_SAID[name]).format(rng.choice(marked))
                yield json.dumps({"case": case.case_id, "question": name, "mark": told})
