"""The demo's reviewers: they look at a case as the screen shows it and answer in the script's own words.

How severe each of them is, is known, so that one can see whether the report finds it.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from cqa.marking.session import State
from cqa.marking.view import CaseView, view_case
from cqa.rubric.model import Level, Question, Scale

# Shift of a reviewer's thresholds, in standard deviations of casework quality; positive = more severe.
SEVERITY = {"a-byrne": 0.0, "d-okafor": 0.55, "l-marsh": -0.6, "r-hughes": 0.1, "s-patel": -0.05}
SPREAD = 0.45
"""How much one reviewer's judgement of one question varies by itself."""
NOT_MET_BELOW, PARTLY_MET_BELOW = NormalDist().inv_cdf(0.07), NormalDist().inv_cdf(0.22)
OFF_SCALE = 0.03

_REASONS = (
    "The step was taken, but one point was left open: {}.",
    "Nothing on the file shows that this was considered; {} is silent on it.",
    "It was done late. {} gives the date and no reason for the delay.",
    "The reasons cannot be followed from {} alone.",
    "{} repeats the earlier entry word for word.",
)
_PLACES = ("review of {}/07, paragraph {}", "hearing record of {}/08, line {}", "letter of {}/06, page {}",
           "disclosure log of {}/08, entry {}", "action plan of {}/07, item {}", "minute of {}/09, point {}")
LAZY = ("r-hughes", 0.08, "See file.")
"""One reviewer's habit, so that one can see whether the report asks about it: how often, and what they write."""


def fact_found(seed: str, case_id: str, fact_id: str, kind: str) -> str:
    """What the file says of a case fact that the export leaves blank."""
    rng = random.Random(f"{seed}|{case_id}|{fact_id}")  # noqa: S311 - a simulation, not a secret
    return rng.choice({"flag": ("Y", "N"), "date": ("2026-07-14",), "number": ("1",)}.get(kind, ("none",)))


@dataclass(frozen=True, slots=True)
class DemoReviewer:
    """A reviewer of known severity. The same seed makes the same marks."""

    name: str
    seed: str

    def lines(self, state: State, case_id: str) -> Iterator[str]:
        """The next things this reviewer types for a case that stands as `state` shows it; nothing once it is signed."""
        case = view_case(state, case_id)
        if case.signed_at:
            return
        if case.facts_wanted:
            yield from (self._fact(state, case_id, fact) for fact in case.facts_wanted)
        elif missing := [question for question in case.questions if question.id in case.standing.unanswered]:
            yield from (self._mark(case, question) for question in missing)
        elif case.standing.due:
            yield from (self._texts(state, case, question) for question in case.standing.due)
        elif case.standing.broken:
            yield from self._mended(state, case)
        else:
            yield json.dumps({"case": case_id, "do": "sign_off"})

    def _fact(self, state: State, case_id: str, fact_id: str) -> str:
        """What the file says is the same for everyone who looks."""
        fact = state.rubric.fact(fact_id)
        value = fact_found(self.seed, case_id, fact_id, fact.type if fact else "text")
        return json.dumps({"case": case_id, "fact": fact_id, "value": value})

    def _mark(self, case: CaseView, question: Question) -> str:
        level = self.level(case.case_id, question)
        told = {"case": case.case_id, "question": question.id, "mark": level.id}
        if "reason" in level.needs:
            told["reason"] = self._reason(case.case_id, question.id)
        if "evidence" in level.needs:
            told["evidence"] = self._place(case.case_id, question.id)
        return json.dumps(told)

    def truth(self, case_id: str, question: Question) -> str:
        """The level that the case's quality on the question calls for, whoever looks."""
        scale = question.scale
        if scale is None:
            raise ValueError(f"the demo cannot answer '{question.id}' in words")
        return self._cut(self._quality(case_id, question), scale, question).id

    def _quality(self, case_id: str, question: Question) -> float:
        """How good the casework is, in standard deviations; the same for everyone who looks."""
        truth = random.Random(f"{self.seed}|{case_id}|{question.id}")  # noqa: S311
        return random.Random(f"{self.seed}|{case_id}").gauss(0, 0.5) + truth.gauss(0, 0.87)  # noqa: S311

    def level(self, case_id: str, question: Question) -> Level:
        """The case's quality on the question, as this reviewer sees it, cut at this reviewer's thresholds."""
        scale = question.scale
        if scale is None:
            raise ValueError(f"the demo cannot answer '{question.id}' in words")
        eye = random.Random(f"{self.seed}|{case_id}|{question.id}|{self.name}")  # noqa: S311
        outside = [level for level in scale.outside if level.id not in question.forbid]
        if outside and eye.random() < OFF_SCALE:
            return outside[int(eye.random() * len(outside))]
        seen = self._quality(case_id, question) + eye.gauss(0, self.error) - self.severity
        return self._cut(seen, scale, question)

    @property
    def severity(self) -> float:
        """How far above the others' this reviewer's thresholds lie."""
        return SEVERITY.get(self.name, 0.0)

    @property
    def error(self) -> float:
        """How much this reviewer's judgement of one question varies by itself."""
        return SPREAD

    def _cut(self, seen: float, scale: Scale, question: Question) -> Level:
        """The level of casework that looks that good."""
        allowed = [level for level in scale.levels if level.id not in question.forbid]
        return allowed[min(sum(seen < cut for cut in self._cuts(scale)), len(allowed) - 1)]

    def _cuts(self, scale: Scale) -> Sequence[float]:
        """Below which quality a level is not given any more, best level first."""
        return PARTLY_MET_BELOW, NOT_MET_BELOW

    def _texts(self, state: State, case: CaseView, question_id: str) -> str:
        mark = case.standing.marks[question_id]
        told = {"case": case.case_id, "question": question_id, "mark": mark.value}
        for text in case.standing.due[question_id]:
            made = self._reason if text == "reason" else self._place
            told[text] = made(case.case_id, question_id)
        return json.dumps(told)

    def _mended(self, state: State, case: CaseView) -> Iterator[str]:
        """Takes back a mark that contradicts another: to the lowest level, with its texts."""
        for rule in case.standing.broken:
            for question_id, forbidden in rule.forbid.items():
                mark, question = case.standing.marks.get(question_id), state.rubric.by_id[question_id]
                if mark and question.scale and mark.value in forbidden:
                    lowest = next(level for level in reversed(question.scale.levels) if level.id not in forbidden)
                    yield json.dumps({"case": case.case_id, "question": question_id, "mark": lowest.id,
                                      "reason": self._reason(case.case_id, question_id),
                                      "evidence": self._place(case.case_id, question_id)})

    def _reason(self, case_id: str, question_id: str) -> str:
        rng = random.Random(f"reason|{case_id}|{question_id}|{self.name}")  # noqa: S311
        if self.name == LAZY[0] and rng.random() < LAZY[1]:
            return LAZY[2]
        place = self._place(case_id, question_id)
        return rng.choice(_REASONS).format(place[0].upper() + place[1:])

    def _place(self, case_id: str, question_id: str) -> str:
        rng = random.Random(f"place|{case_id}|{question_id}")  # noqa: S311
        return rng.choice(_PLACES).format(f"{1 + int(rng.random() * 28):02d}", 1 + int(rng.random() * 40))
