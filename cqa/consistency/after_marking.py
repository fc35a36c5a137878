"""What came after the marks: moderation, calibration, further looks; all of it apart from results and agreement."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cqa.consistency.calibration import NOT_CLEARED, TOO_FEW, Accuracy, Seeded
from cqa.consistency.feedback_tables import FeedbackRows
from cqa.consistency.held import Held, ScaleKey, held_against, levels_apart
from cqa.consistency.marks import MarkRow, QuestionScale

Place = tuple[str, str]
"""A sample and a case."""


@dataclass(frozen=True, slots=True)
class Settled:
    """One question of a settled case: who gave which mark, what was agreed (empty: that it should not have been asked),
    why the marks differed and why this one is right, whether the rubric needs changing, by whom and when."""

    sample: str
    case_id: str
    rubric: str
    version: str
    question: str
    marks: tuple[MarkRow, ...]
    agreed: str
    cause: str
    reason: str
    change_rubric: bool
    by: str
    at: str

    @property
    def key(self) -> ScaleKey:
        """Of which question of which rubric it is."""
        return self.rubric, self.version, self.question

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"sample": self.sample, "case_id": self.case_id, "rubric": self.rubric, "version": self.version,
                "question": self.question, "agreed": self.agreed or None, "cause": self.cause, "reason": self.reason,
                "change_rubric": self.change_rubric, "by": self.by, "at": self.at,
                "marks": [{"reviewer": row.reviewer, "turn": row.turn, "mark": row.mark} for row in self.marks]}


@dataclass(frozen=True, slots=True)
class Look:
    """One further look at a case: `kind` (triggered or dip), at whose assessment, by whom, what triggered it, how far
    it is, and the assessment held against it: `more_lenient` are questions that the assessment marked more leniently
    than the further look. None while either is not signed off."""

    kind: str
    sample: str
    case_id: str
    of: str
    by: str
    trigger: str
    state: str
    held: Held | None

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"sample": self.sample, "case_id": self.case_id, "of": self.of, "by": self.by,
                "trigger": self.trigger or None, "state": self.state,
                "compared": self.held.as_json() if self.held else None}


@dataclass(frozen=True, slots=True)
class Amendment:
    """A signed case that its reviewer opened again: when, why, each question with its mark before and after (of several
    changes the last), and when it was signed off again; empty where it was not. What was signed counts until then."""

    sample: str
    case_id: str
    reviewer: str
    at: str
    reason: str
    changes: tuple[tuple[str, str, str], ...]
    signed_at: str

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"sample": self.sample, "case_id": self.case_id, "reviewer": self.reviewer, "at": self.at,
                "reason": self.reason, "signed_at": self.signed_at or None,
                "changes": [{"question": question, "before": before, "after": after}
                            for question, before, after in self.changes]}


@dataclass(frozen=True, slots=True)
class Causes:
    """Why marks on one question differed, over all settled cases: how often each cause, and how often moderation said
    that the rubric needs changing."""

    rubric: str
    version: str
    question: str
    causes: Mapping[str, int]
    change_rubric: int

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"rubric": self.rubric, "version": self.version, "question": self.question, "causes": dict(self.causes),
                "change_rubric": self.change_rubric}


@dataclass(frozen=True, slots=True)
class AfterMarking:
    """Everything that came after the marks of the samples. `due` counts the cases marked twice of which both markers
    have signed and whose marks differ, `done` those of them that are settled. `held` is each reviewer against what was
    agreed on the settled cases. `clearance` tells whether one is asked for. The words are those of the codes of causes
    and of triggers."""

    due: int = 0
    done: int = 0
    settled: tuple[Settled, ...] = ()
    held: Mapping[str, Held] = field(default_factory=dict)
    seeded: tuple[Seeded, ...] = ()
    accuracy: tuple[Accuracy, ...] = ()
    drift: tuple[Accuracy, ...] = ()
    looks: tuple[Look, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    feedback: FeedbackRows = field(default_factory=FeedbackRows)
    clearance: bool = False
    scales: Mapping[ScaleKey, QuestionScale] = field(default_factory=dict)
    causes_in_words: Mapping[str, str] = field(default_factory=dict)
    triggers_in_words: Mapping[str, str] = field(default_factory=dict)

    @property
    def causes(self) -> tuple[Causes, ...]:
        """The causes by question, those that differed most often first."""
        return causes_of(self.settled)

    @property
    def uncleared(self) -> Mapping[str, str]:
        """Reviewers who are not cleared under every rubric named, to the state they are in; none where no clearance is
        asked for."""
        states = {one.reviewer: one.state for one in self.accuracy if one.state in (NOT_CLEARED, TOO_FEW)}
        return states if self.clearance else {}

    def of_kind(self, kind: str) -> tuple[Look, ...]:
        """The further looks of one kind: triggered or dip."""
        return tuple(look for look in self.looks if look.kind == kind)

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {
            "moderation": {"due": self.due, "settled": self.done,
                           "causes": [one.as_json() for one in self.causes],
                           "reviewers": [{"reviewer": name, **held.as_json()} for name, held in self.held.items()],
                           "questions": [one.as_json() for one in self.settled]},
            "calibration": {"accuracy": [one.as_json() for one in self.accuracy],
                            "drift": [one.as_json() for one in self.drift],
                            "marks": [one.as_json() for one in self.seeded]},
            "triggered": [look.as_json() for look in self.of_kind("triggered")],
            "dip": [look.as_json() for look in self.of_kind("dip")],
            "amendments": [one.as_json() for one in self.amendments],
            "feedback": self.feedback.as_json(),
        }


def causes_of(settled: Iterable[Settled]) -> tuple[Causes, ...]:
    """The causes by question, those that differed most often first."""
    found: dict[ScaleKey, list[Settled]] = {}
    for one in settled:
        if one.cause:
            found.setdefault(one.key, []).append(one)
    made = [Causes(*key, Counter(one.cause for one in mine), sum(one.change_rubric for one in mine))
            for key, mine in found.items()]
    return tuple(sorted(made, key=lambda one: -sum(one.causes.values())))


def held_against_agreed(
    rows: Iterable[MarkRow], settled: Sequence[Settled], cases: Iterable[Place],
    scales: Mapping[ScaleKey, QuestionScale]
) -> dict[str, Held]:
    """Each marker of the settled cases against what counts there: the agreed mark, else the one that all gave."""
    agreed: dict[Place, dict[str, str]] = {place: {} for place in cases}
    for one in settled:
        agreed[one.sample, one.case_id][one.question] = one.agreed
    by_case: dict[Place, dict[str, list[MarkRow]]] = {}
    for row in rows:
        if row.signed and (row.sample, row.case_id) in agreed:
            by_case.setdefault((row.sample, row.case_id), {}).setdefault(row.reviewer, []).append(row)
    found: dict[str, Held] = {}
    for place, markers in by_case.items():
        counts = counting_marks(markers.values(), agreed[place])
        for reviewer, given in markers.items():
            found[reviewer] = found.get(reviewer, Held()) + held_against(given, counts, scales)
    return found


def counting_marks(markers: Iterable[Sequence[MarkRow]], agreed: Mapping[str, str]) -> dict[str, str]:
    """Question to the mark that counts on a settled case: what was agreed, else what all markers gave alike. A question
    that should not have been asked has none."""
    given: dict[str, set[str]] = {}
    for rows in markers:
        for row in rows:
            given.setdefault(row.question, set()).add(row.mark)
    alike = {question: next(iter(marks)) for question, marks in given.items() if len(marks) == 1}
    return {question: mark for question, mark in {**alike, **agreed}.items() if mark}


def differs(one: Mapping[str, MarkRow], other: Mapping[str, MarkRow],
            scales: Mapping[ScaleKey, QuestionScale]) -> bool:
    """Whether two assessments of a case differ on any question of a scale, or in which were asked."""
    if one.keys() != other.keys():
        return True
    for question, row in one.items():
        scale = scales.get((row.rubric, row.version, question))
        if scale and levels_apart(scale, row.mark, other[question].mark) != 0:
            return True
    return False
