"""Two assessments of one case, question by question: how far the one lies from the other, and which way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cqa.consistency.marks import MarkRow, QuestionScale

ScaleKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Held:
    """Marks held against others of the same cases. Both on the scale: `same`, `more_severe` or `more_lenient` than
    what they are held against, and by how many levels together (`levels`, positive = more severe). `divided`: one is
    off the scale and the other is not, or they are off it differently. `one_only`: the question was asked once."""

    same: int = 0
    more_severe: int = 0
    more_lenient: int = 0
    divided: int = 0
    one_only: int = 0
    levels: int = 0

    @property
    def marks(self) -> int:
        """How many questions both answered."""
        return self.same + self.more_severe + self.more_lenient + self.divided

    @property
    def lean(self) -> float | None:
        """The mean difference in levels where both are on the scale, positive = more severe; None where none is."""
        both = self.same + self.more_severe + self.more_lenient
        return self.levels / both if both else None

    def __add__(self, other: "Held") -> "Held":
        return Held(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"marks": self.marks, "same": self.same, "more_severe": self.more_severe,
                "more_lenient": self.more_lenient, "divided": self.divided, "one_only": self.one_only,
                "lean": self.lean}


def levels_apart(scale: QuestionScale, mark: str, held_against: str) -> int | None:
    """How many levels a mark lies below what it is held against (positive = more severe); 0 also for the same answer
    off the scale; None where only one is on the scale, or both are off it differently."""
    if mark == held_against:
        return 0
    if mark in scale.levels and held_against in scale.levels:
        return scale.levels.index(held_against) - scale.levels.index(mark)
    return None


def held_against(
    rows: Iterable[MarkRow], others: Mapping[str, str], scales: Mapping[ScaleKey, QuestionScale]
) -> Held:
    """The marks of one assessment held against others of its case: question to mark. Questions in words are left out.
    """
    found: dict[str, MarkRow] = {row.question: row for row in rows
                                 if (row.rubric, row.version, row.question) in scales}
    total = Held(one_only=len(found.keys() ^ others.keys()))
    for question in found.keys() & others.keys():
        row = found[question]
        apart = levels_apart(scales[row.rubric, row.version, question], row.mark, others[question])
        total += Held(divided=1) if apart is None else Held(
            same=int(apart == 0), more_severe=int(apart > 0), more_lenient=int(apart < 0), levels=apart)
    return total
