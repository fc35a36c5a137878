"""What earlier marks give under another rubric: which assessments change band, and what could not be taken over."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cqa.rubric.band_order import Move
from cqa.rubric.compare import Change
from cqa.rubric.rescoring import Rescored
from cqa.rubric.scoring import Result

NO_BAND = "no band"
UNTOUCHED = ("Marks, scores and bands in the record, and every other figure of this report, are those of the rubrics "
             "that the cases were signed off under.")


@dataclass(frozen=True, slots=True)
class NewRubric:
    """The rubric that marks were held against, the name of its file, and its bands in order."""

    id: str
    version: str
    sha256: str
    file: str
    bands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RescoredCase:
    """One signed-off assessment by a first or second marker, what it came to and what it would come to."""

    sample: str
    case_id: str
    reviewer: str
    turn: str
    rubric: str
    version: str
    came: Rescored

    @property
    def was(self) -> str:
        """The band it has."""
        return self.came.before.band or NO_BAND

    @property
    def now(self) -> str:
        """The band it would have."""
        return self.came.after.band or NO_BAND

    @property
    def caution(self) -> str:
        """Why its new score and band are to be taken with care; empty where they are not."""
        return " ".join(_cautions(self.came))

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        came = self.came
        return {"sample": self.sample, "case_id": self.case_id, "reviewer": self.reviewer, "turn": self.turn,
                "rubric": self.rubric, "version": self.version, "whole": came.whole, "moved": came.moved,
                "before": _result_json(came.before), "after": _result_json(came.after),
                "missing": list(came.missing), "waiting": list(came.waiting), "broken": list(came.broken),
                "lost": [{"question": one.question, "mark": one.mark, "why": one.why}
                         for one in (*came.lost, *came.dropped)]}


def _cautions(came: Rescored) -> Iterator[str]:
    if came.missing:
        yield f"No mark on {', '.join(came.missing)}."
    if came.waiting:
        yield f"Not known of the case: {', '.join(came.waiting)}."
    if came.broken:
        yield f"The marks break {', '.join(came.broken)}."


def points(score: Fraction | None) -> float | None:
    """A score in points of 100."""
    return None if score is None else float(100 * score)


def _result_json(result: Result) -> dict[str, object]:
    return {"band": result.band or None, "score": None if result.score is None else float(result.score),
            "critical_failed": list(result.critical_failed)}


@dataclass(frozen=True, slots=True)
class RescoredRubric:
    """A version that assessments were signed off under: how many, and how its scoring and bands differ from the new
    one's. Where `why` says so, they were not held against the new rubric at all."""

    rubric: str
    version: str
    assessments: int
    changes: tuple[Change, ...] = ()
    why: str = ""

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"rubric": self.rubric, "version": self.version, "assessments": self.assessments,
                "why": self.why or None,
                "changes": [{"question": one.question or None, "what": one.what, "before": one.before,
                             "after": one.after} for one in self.changes]}


@dataclass(frozen=True, slots=True)
class NotCarried:
    """Marks on one question that the new rubric cannot take over for one reason, and how many; or, where `marks` is 0,
    a question that it asks of so many `cases` in which nobody marked it."""

    rubric: str
    version: str
    question: str
    marks: int
    cases: int
    why: str

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Shift:
    """The mean score of some assessments before and after, in points of 100; None where none has both."""

    assessments: int
    before: float | None
    after: float | None

    @property
    def change(self) -> float | None:
        """By how many points it goes up."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class RescoredReport:
    """Everything that is said of earlier marks under another rubric. What counts, the moves and the means, are the
    assessments in which all that it asks has a mark (`whole`); the others stand apart, each with a caution."""

    to: NewRubric
    under: tuple[RescoredRubric, ...]
    cases: tuple[RescoredCase, ...]

    @property
    def whole(self) -> tuple[RescoredCase, ...]:
        """The assessments that are fully re-scored."""
        return tuple(one for one in self.cases if one.came.whole)

    @property
    def partly(self) -> tuple[RescoredCase, ...]:
        """The others."""
        return tuple(one for one in self.cases if not one.came.whole)

    @property
    def changed(self) -> tuple[RescoredCase, ...]:
        """The fully re-scored ones that change band, those that go down first."""
        moves: tuple[Move, ...] = ("down", "up", "aside")
        return tuple(one for move in moves for one in self.whole if one.came.moved == move)

    def moves(self, among: Iterable[RescoredCase]) -> Counter[Move]:
        """How many go where."""
        return Counter(one.came.moved for one in among)

    @property
    def cross(self) -> Counter[tuple[str, str]]:
        """How many of the fully re-scored go from which band to which."""
        return Counter((one.was, one.now) for one in self.whole)

    @property
    def shift(self) -> Shift:
        """The mean score of the fully re-scored that have one before and after."""
        both = [(one.came.before.score, one.came.after.score) for one in self.whole]
        scored = [(was, now) for was, now in both if was is not None and now is not None]
        return Shift(len(scored), _mean([was for was, _ in scored]), _mean([now for _, now in scored]))

    @property
    def not_carried(self) -> tuple[NotCarried, ...]:
        """What could not be taken over, by question and reason; then what has no mark."""
        lost: dict[tuple[str, str, str, str], list[RescoredCase]] = {}
        for one in self.cases:
            for mark in (*one.came.lost, *one.came.dropped):
                lost.setdefault((one.rubric, one.version, mark.question, mark.why), []).append(one)
        asked = Counter((one.rubric, one.version, name) for one in self.cases for name in _unmarked(one.came))
        return (*(NotCarried(*key[:3], len(found), len(_places(found)), key[3]) for key, found in lost.items()),
                *(NotCarried(*key, 0, count, "The new rubric asks it, and nobody was asked.")
                  for key, count in asked.items()))

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        moves, shift = self.moves(self.whole), self.shift
        return {
            "to": {"id": self.to.id, "version": self.to.version, "sha256": self.to.sha256, "file": self.to.file},
            "says": f"Nothing was changed. {UNTOUCHED}",
            "assessments": len(self.cases), "whole": len(self.whole), "partly": len(self.partly),
            "moves": {name: moves[name] for name in ("same", "up", "down", "aside")},
            "cross": [{"was": was, "now": now, "assessments": count} for (was, now), count in self.cross.items()],
            "score": {"assessments": shift.assessments, "before": shift.before, "after": shift.after},
            "under": [one.as_json() for one in self.under],
            "not_carried": [one.as_json() for one in self.not_carried],
            "cases": [one.as_json() for one in self.cases],
        }


def _mean(scores: Sequence[Fraction]) -> float | None:
    return points(sum(scores, Fraction(0)) / len(scores)) if scores else None


def _unmarked(came: Rescored) -> tuple[str, ...]:
    """The questions that are asked and were never marked, be it under another meaning."""
    lost = {one.question for one in came.lost}
    return tuple(name for name in came.missing if name not in lost)


def _places(found: Iterable[RescoredCase]) -> set[tuple[str, str]]:
    return {(one.sample, one.case_id) for one in found}
