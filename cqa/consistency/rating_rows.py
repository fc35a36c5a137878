"""Ratings as they stand in a table: who marked which case how, on which line; and what in them cannot be used."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

import numpy as np

from cqa.consistency.counts import Places, Ratings
from cqa.consistency.scales import Scale, scale_of
from cqa.errors import Findings, Problem
from cqa.facts import is_number
from cqa.sampling.frame import Batch
from cqa.sampling.ticket import normal_id
from cqa.tree import did_you_mean

_TWICE = "Keep the row that counts; if there are several questions, name their column with --question."


class Names(dict[str, int]):
    """Texts as numbers in the order in which they are first met; white space around them means nothing, -1 is blank."""

    def __init__(self) -> None:
        super().__init__()
        self.listed: dict[str, int] = {}

    def __missing__(self, text: str) -> int:
        name = normal_id(text)
        self[text] = place = self.listed.setdefault(name, len(self.listed)) if name else -1
        return place


@dataclass(frozen=True, slots=True)
class RatingTable:
    """Every mark of a table. The arrays are as long as there are marks, and hold positions in the tuples of names and
    the line of each."""

    cases: tuple[str, ...]
    reviewers: tuple[str, ...]
    questions: tuple[str, ...]
    texts: tuple[str, ...]
    case: Places
    reviewer: Places
    question: Places
    mark: Places
    line: Places

    def texts_of(self, question: int) -> tuple[str, ...]:
        """The distinct marks of a question."""
        return tuple(self.texts[place] for place in np.unique(self.mark[self.question == question]))


    def often(self, names: Sequence[str], used: Places) -> dict[str, int]:
        """How many marks each of these names has, those with none left out."""
        counts = np.bincount(used, minlength=len(names)).tolist()
        return {name: count for name, count in zip(names, counts, strict=True) if count}


@dataclass(slots=True)
class RatingRows:
    """Collects the rows of a table, batch by batch, as numbers: any length in little memory."""

    cases: Names = field(default_factory=Names)
    reviewers: Names = field(default_factory=Names)
    questions: Names = field(default_factory=Names)
    texts: Names = field(default_factory=Names)
    _columns: tuple["array[int]", ...] = field(default_factory=lambda: tuple(array("q") for _ in range(5)))

    def add_long(self, batch: Batch, places: tuple[int, int, int, int | None]) -> None:
        """Rows of one mark each; `places` are those of case, reviewer, mark, and question (None: there is only one)."""
        if not batch.rows:
            return
        case, reviewer, mark, question = places
        cases, reviewers, marks, *asked = zip(
            *map(itemgetter(case, reviewer, mark, *(() if question is None else (question,))), batch.rows), strict=True)
        self._add(map(self.cases.__getitem__, cases), map(self.reviewers.__getitem__, reviewers),
                  map(self.questions.__getitem__, asked[0]) if asked else [0] * len(cases),
                  map(self.texts.__getitem__, marks), batch.lines)

    def add_wide(self, batch: Batch, case: int, question: int | None, reviewers: Mapping[int, str]) -> None:
        """Rows of one case each, with a column for every reviewer (place to name)."""
        for place, name in reviewers.items():
            self.add_long(Batch(batch.where, batch.lines, [
                (row[case], name, row[place], "" if question is None else row[question]) for row in batch.rows]),
                (0, 1, 2, None if question is None else 3))

    def _add(self, *columns: Iterable[int]) -> None:
        for kept, more in zip(self._columns, columns, strict=True):
            kept.extend(more)

    def conclude(self, where: str, names: Mapping[str, str], declared: Sequence[str] = (), numbers: bool = False
                 ) -> RatingTable:
        """The table; rows without a mark are missing marks. `names` are the columns by what they hold, for messages.

        Raises BadInput with every row that lacks its case, reviewer or question, every pair of rows that hold one mark
        twice, and every mark that is not among the `declared` levels, or with `numbers` no number.
        """
        case, reviewer, question, mark, line = (np.array(column, dtype=np.int64) for column in self._columns)
        questions = tuple(self.questions.listed) or ("",)
        findings = Findings()
        held = {"case": case, "reviewer": reviewer, "question": question}
        for what, column in held.items():
            for row in np.flatnonzero((column < 0) & (mark >= 0)):
                findings.add(Problem("C030", f"The row has a mark and no {what}.", f"Fill its column '{names[what]}'.",
                                     where, int(line[row])))
        whole = (case >= 0) & (reviewer >= 0) & (question >= 0)
        for problem in (*_doubled(self, questions, line[whole], case[whole], reviewer[whole], question[whole]),
                        *_unknown(tuple(self.texts.listed), mark, line, declared, numbers)):
            findings.add(problem.at(where, problem.line))
        findings.stop()
        kept = whole & (mark >= 0)
        return RatingTable(tuple(self.cases.listed), tuple(self.reviewers.listed), questions, tuple(self.texts.listed),
                           case[kept], reviewer[kept], question[kept], mark[kept], line[kept])


def _doubled(
    rows: RatingRows, questions: Sequence[str], line: Places, case: Places, reviewer: Places, question: Places
) -> Iterator[Problem]:
    """A problem for every row whose case, reviewer and question were there before, with both lines."""
    key = (question * len(rows.cases.listed) + case) * len(rows.reviewers.listed) + reviewer
    order = np.argsort(key, kind="stable")
    again = np.flatnonzero(key[order][1:] == key[order][:-1])
    cases, reviewers = tuple(rows.cases.listed), tuple(rows.reviewers.listed)
    for first, second in sorted(zip(order[again].tolist(), order[again + 1].tolist(), strict=True), key=lambda pair:
                                pair[1]):
        on = f" on question '{questions[question[first]]}'" if questions != ("",) else ""
        who, of = reviewers[reviewer[first]], cases[case[first]]
        yield Problem("C031", f"Reviewer '{who}' has two marks on case '{of}'{on}: on line {line[first]} and on line "
                      f"{line[second]}.", _TWICE, line=int(line[second]))


def _unknown(texts: Sequence[str], mark: Places, line: Places, declared: Sequence[str], numbers: bool
             ) -> Iterator[Problem]:
    """A problem for every mark that is not on the declared scale, or is no number where numbers are needed."""
    known = scale_of(texts, declared).of_text if declared else dict.fromkeys(texts, 0)
    strange = np.array([text not in known or (numbers and not is_number(text)) for text in texts] + [False])
    rows = np.flatnonzero(strange[mark])
    for row in rows[np.argsort(line[rows], kind="stable")]:
        text, at = texts[mark[row]], int(line[row])
        if text not in known:
            yield Problem("C032", f"The mark '{text}' is not on the scale.", did_you_mean(text, tuple(declared)),
                          line=at)
        else:
            yield Problem("C035", f"The mark '{text}' is no number, and severity is computed of numbers.",
                          "Write marks as numbers, or leave out --severity.", line=at)


@dataclass(frozen=True, slots=True)
class ScaledRatings:
    """The questions of one scale: which they are, and their ratings. All number cases and reviewers alike."""

    scale: Scale
    questions: tuple[int, ...]
    ratings: Ratings


def scaled(table: RatingTable, declared: Sequence[str]) -> tuple[ScaledRatings, ...]:
    """The ratings of every question, questions of one scale together, in the order of their first."""
    scales = {number: scale_of(table.texts if declared else table.texts_of(number), declared)
              for number in range(len(table.questions))}
    alike: dict[tuple[object, ...], list[int]] = {}
    for number, scale in scales.items():
        # 2 and 2.0 are one level, in whichever question they stand.
        alike.setdefault((scale.places, () if scale.order == "numbers" else scale.levels), []).append(number)
    return tuple(_together(table, numbers, [scales[number] for number in numbers]) for numbers in alike.values())


def _together(table: RatingTable, numbers: Sequence[int], scales: Sequence[Scale]) -> ScaledRatings:
    place = np.full(len(table.questions), -1, dtype=np.int64)
    place[list(numbers)] = np.arange(len(numbers))
    level_of = np.full((len(numbers), len(table.texts)), -1, dtype=np.int64)
    spelt = {text: number for number, text in enumerate(table.texts)}
    for row, scale in enumerate(scales):
        for text, level in scale.of_text.items():
            level_of[row, spelt[text]] = level
    kept = place[table.question] >= 0
    question, mark = place[table.question[kept]], table.mark[kept]
    scale = scales[0]
    return ScaledRatings(scale, tuple(numbers), Ratings(
        scale.levels, scale.places, table.reviewers, len(numbers), len(table.cases), question, table.case[kept],
        table.reviewer[kept], level_of[question, mark]))
