"""Agreement and its jackknife by plain loops over pairs and tables, as the formulas are printed."""

from collections.abc import Mapping, Sequence
from math import comb, nan, sqrt

Table = Sequence[Sequence[int]]
"""Marks of each case, as positions on the scale, worst first."""


def exact(cases: Table, q: int) -> float:
    """Share of pairs that agree."""
    return sum(marks[0] == marks[1] for marks in cases) / len(cases) if cases else nan


def ac2(cases: Table, q: int) -> float:
    """Gwet 2014 with ordinal weights, two marks a case: (pa - pe) / (1 - pe), pe = T / (q(q-1)) sum pi (1 - pi)."""
    if not cases:
        return nan
    weight = [[1 - comb(abs(k - j) + 1, 2) / comb(q, 2) for j in range(q)] for k in range(q)]
    pa = sum(weight[marks[0]][marks[1]] for marks in cases) / len(cases)
    pi = [sum(mark == k for marks in cases for mark in marks) / (2 * len(cases)) for k in range(q)]
    pe = sum(map(sum, weight)) / (q * (q - 1)) * sum(share * (1 - share) for share in pi)
    return (pa - pe) / (1 - pe)


def alpha(cases: Table, q: int) -> float:
    """Krippendorff 2011, ordinal, from the matrix of coincidences."""
    together = [[0.0] * q for _ in range(q)]
    for one, other in cases:
        together[one][other] += 1
        together[other][one] += 1
    n_k = [sum(row) for row in together]
    n = sum(n_k)
    apart = [[(sum(n_k[min(k, j):max(k, j) + 1]) - (n_k[k] + n_k[j]) / 2) ** 2 for j in range(q)] for k in range(q)]
    chance = sum(n_k[k] * n_k[j] * apart[k][j] for k in range(q) for j in range(q))
    seen = sum(together[k][j] * apart[k][j] for k in range(q) for j in range(q))
    return 1 - (n - 1) * seen / chance if chance else nan


MEASURES = {"ac2": ac2, "alpha": alpha, "exact": exact}
Marks = Mapping[str, Mapping[str, Sequence[int]]]
"""Question to case to the two marks."""


def without(marks: Marks, case: str) -> Marks:
    return {question: {name: pair for name, pair in given.items() if name != case} for question, given in marks.items()}


def mean(measure: str, marks: Marks, sizes: Mapping[str, int], questions: Sequence[str]) -> float:
    """The mean over these questions."""
    found = [MEASURES[measure](list(marks[question].values()), sizes[question]) for question in questions]
    return sum(found) / len(found)


def usable(measure: str, marks: Marks, sizes: Mapping[str, int], question: str) -> bool:
    """Defined with all cases and without any one of them, on five cases or more."""
    given, figure = marks[question], MEASURES[measure]
    return len(given) >= 5 and all(
        figure([pair for name, pair in given.items() if name != case], sizes[question]) ==
        figure([pair for name, pair in given.items() if name != case], sizes[question]) for case in (*given, ""))


def comparing(measure: str, parent: Marks, variant: Marks, sizes: Mapping[str, int]) -> list[str]:
    """The questions that are usable in both forms."""
    return [name for name in sizes if usable(measure, parent, sizes, name) and usable(measure, variant, sizes, name)]


def jackknife(values: Sequence[float]) -> float:
    """The variance from the values without each case."""
    n, middle = len(values), sum(values) / len(values)
    return (n - 1) / n * sum((value - middle) ** 2 for value in values)


def paired(measure: str, parent: Marks, variant: Marks, sizes: Mapping[str, int]) -> tuple[float, float, int, int]:
    """The difference of the means, its standard error, cases and questions: whole cases out of both forms at once."""
    questions = comparing(measure, parent, variant, sizes)
    if not questions:
        return nan, nan, 0, 0
    cases = list(dict.fromkeys(case for name in questions for case in parent[name]))
    left = [mean(measure, without(variant, case), sizes, questions) - mean(measure, without(parent, case), sizes,
                                                                             questions) for case in cases]
    value = mean(measure, variant, sizes, questions) - mean(measure, parent, sizes, questions)
    return value, sqrt(jackknife(left)), len(cases), len(questions)


def apart(measure: str, parent: Marks, variant: Marks, sizes: Mapping[str, int]) -> tuple[float, float, float]:
    """The difference of the means of forms that marked different cases, its standard error and Welch's df."""
    questions = comparing(measure, parent, variant, sizes)
    if not questions:
        return nan, nan, nan
    parts, frees = [], []
    for marks in (parent, variant):
        cases = list(dict.fromkeys(case for name in questions for case in marks[name]))
        parts.append(jackknife([mean(measure, without(marks, case), sizes, questions) for case in cases]))
        frees.append(len(cases) - 1)
    value = mean(measure, variant, sizes, questions) - mean(measure, parent, sizes, questions)
    below = sum(part**2 / free for part, free in zip(parts, frees, strict=True))
    return value, sqrt(sum(parts)), sum(parts) ** 2 / below if below else nan
