"""Old level by new level: what the marks of one case under the parent became under the variant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from cqa.consistency.cells import labels_of
from cqa.consistency.marks import QuestionScale
from cqa.consistency.trials.data import Assessed, TrialData, by_case
from cqa.consistency.trials.notes import counted_note
from cqa.rubric.matched import Matched
from cqa.table import Cell, Column, Row, Table

SAME, HIGHER, LOWER = "same", "higher", "lower"
PARALLEL = "There is none: in a parallel trial no case is marked under both forms."
NO_LEVEL = "-"
WEIGHED = "In cases marked under both forms: each weighs 1 in all, spread over all pairs of its markers."


@dataclass(frozen=True, slots=True)
class SharedQuestion:
    """One question that compares. `moves` counts cases by level under the parent and level under the variant, each on
    its form's own scale; every case weighs 1 in all, spread evenly over all pairs of its markers.

    `cases` have a mark on the scale under both forms; `lost` lack one under either. `common` counts the same cases by
    whether the variant's mark comes to the same common level, a higher or a lower one.
    """

    question: str
    parents: tuple[str, ...]
    moves: Mapping[tuple[str, str], float]
    common: Mapping[str, float]
    cases: int
    lost: int

    def as_json(self) -> dict[str, object]:
        """Under stable names."""
        return {"question": self.question, "parents": list(self.parents), "cases": self.cases, "lost": self.lost,
                "moves": [{"parent": old, "variant": new, "cases": count} for (old, new), count in self.moves.items()],
                "common": {name: self.common.get(name, 0.0) for name in (SAME, HIGHER, LOWER)}}


@dataclass(frozen=True, slots=True)
class Shared:
    """Every question that compares, with the labels of the levels of each form, best first; `why` there is none."""

    questions: tuple[SharedQuestion, ...]
    parent_levels: Mapping[str, str]
    variant_levels: Mapping[str, str]
    of_variant: Mapping[str, frozenset[str]]
    of_parent: Mapping[str, frozenset[str]]
    why: str = ""

    def as_json(self) -> dict[str, object]:
        """Under stable names."""
        return {"questions": [one.as_json() for one in self.questions], "why": self.why}


def shared_of(data: TrialData) -> Shared:
    """The cross-tables of a crossover, from signed assessments alone; in a parallel trial there is none, and why."""
    parents = {scale.question: scale for scale in data.parent.scales}
    variants = {scale.question: scale for scale in data.variant.scales}
    known = [one for one in data.matched if one.question in variants and all(name in parents for name in one.parents)]
    used = [parents[name] for name in dict.fromkeys(name for one in known for name in one.parents)]
    crossed = data.trial.design == "crossover"
    old, new = by_case(data.parent.signed), by_case(data.variant.signed)
    return Shared(
        tuple(_question(one, parents, old, new) for one in known) if crossed else (), _level_labels(used),
        _level_labels([variants[one.question] for one in known]),
        {one.question: frozenset(variants[one.question].levels) for one in known},
        {one.question: frozenset(level for name in one.parents for level in parents[name].levels) for one in known},
        "" if crossed else PARALLEL)


def _level_labels(scales: Sequence[QuestionScale]) -> dict[str, str]:
    """The labels of the levels of these questions, best first, without answers off the scale."""
    levels = {level for scale in scales for level in scale.levels}
    return {level: label for level, label in labels_of(scales).items() if level in levels}


def _question(
    one: Matched, scales: Mapping[str, QuestionScale], old: Mapping[str, Sequence[Assessed]],
    new: Mapping[str, Sequence[Assessed]],
) -> SharedQuestion:
    moves: dict[tuple[str, str], float] = {}
    common: dict[str, float] = {}
    both = [case for case in old if case in new]
    cases = 0
    for case in both:
        before = [level for each in old[case] if (level := own_level(one, scales, each.marks))]
        after = [level for each in new[case] if (level := each.marks.get(one.question, "")) in one.of_variant]
        for pair in product(before, after):
            share, move = 1 / (len(before) * len(after)), _move(one, *pair)
            moves[pair], common[move] = moves.get(pair, 0.0) + share, common.get(move, 0.0) + share
        cases += bool(before and after)
    return SharedQuestion(one.question, one.parents, moves, common, cases, len(both) - cases)


def own_level(one: Matched, scales: Mapping[str, QuestionScale], marks: Mapping[str, str]) -> str:
    """The parent's level, where several questions count the lowest: by the common levels, then by how far up its own
    scale; empty where nothing was marked on the scale."""
    found = [(one.levels.index(one.of_parent[level]), levels.index(level) / len(levels), level)
             for name in one.parents
             if (level := marks.get(name, "")) in one.of_parent and level in (levels := scales[name].levels)]
    return min(found, default=(0, 0.0, ""))[-1]


def _move(one: Matched, old: str, new: str) -> str:
    before, after = one.levels.index(one.of_parent[old]), one.levels.index(one.of_variant[new])
    return SAME if before == after else HIGHER if after > before else LOWER


def shared_tables(data: TrialData, found: Shared) -> tuple[Table, ...]:
    """In short, then level by level; of a parallel trial one sheet that says why there is none."""
    if found.why:
        return (Table("Shared questions", "Old level by new level", found.why, (Column("Question", "id", 20),), ()),)
    return _short_table(data, found), _cross_table(data, found)


def _short_table(data: TrialData, found: Shared) -> Table:
    columns = (Column("Question", "id", 16), Column("Of the parent", "id", 18), Column("Cases", "number", 8),
               Column("Same level", "decimal", 10), Column("Variant higher", "decimal", 10),
               Column("Variant lower", "decimal", 10), Column("Cases off the scale under a form", "number", 14),
               Column("Compared on", "text", 34))
    coarse = {one.question: one.coarse for one in data.matched}
    rows = tuple((one.question, ", ".join(one.parents), one.cases, *(one.common.get(name, 0.0) for name in
                  (SAME, HIGHER, LOWER)), one.lost, "best level against the rest" if coarse[one.question] else
                  "level for level") for one in found.questions)
    return Table("Shared in short", "What marks became on the questions that compare", counted_note(
        data, WEIGHED), columns, rows)


def _cross_table(data: TrialData, found: Shared) -> Table:
    columns = (Column("Question", "id", 14), Column("Cases", "number", 8), Column("Of the parent", "id", 14),
               Column("Level under the parent", "text", 18),
               *(Column(f"Variant: {label}", "decimal", 12) for label in found.variant_levels.values()))
    rows: list[Row] = []
    for one in found.questions:
        for level, label in found.parent_levels.items():
            if level in found.of_parent[one.question]:
                rows.append((one.question, one.cases, ", ".join(one.parents), label,
                             *(_cell(found, one, level, new) for new in found.variant_levels)))
    lower = ("Where several questions of the parent are named, the lowest of their marks.",) if any(
        len(one.parents) > 1 for one in found.questions) else ()
    return Table("Shared questions", "Old level by new level, on each form's own levels", counted_note(
        data, WEIGHED, *lower, f"{NO_LEVEL}: the variant's question has no such level."), columns, tuple(rows))


def _cell(found: Shared, one: SharedQuestion, old: str, new: str) -> Cell:
    return one.moves.get((old, new), 0.0) if new in found.of_variant[one.question] else NO_LEVEL
