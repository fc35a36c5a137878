"""The words of `cqa size`: the answer a team leader can act on, and what few cases cannot show; nothing hard-coded."""

from fractions import Fraction

from cqa.sampling.size import (
    Size,
    ToMeasure,
    ToShow,
    chance_of_finding,
    chance_of_misranking,
    percent,
    size_to_show,
    urn_of,
)
from cqa.table import Column, Table

FEW, MORE = 10, 20
"""How many cases of each unit are usually looked at."""
FAILING = (Fraction(5, 100), Fraction(10, 100), Fraction(20, 100))
SMALL_UNIT = 20
ROUGH_BELOW = 5
"""The normal approximation is rough where fewer cases than this are expected to fail, or to pass (Cochran 1954)."""


def to_show(size: Size, asked: ToShow) -> str:
    """What to look at, and what may be said afterwards."""
    few = f"fewer than {percent(asked.tolerable)}{_as_cases(asked)} fail"
    if size.census:
        return (f"{_all(size)}: no smaller sample of them can show with {percent(asked.confidence)} confidence that "
                f"{few}.\nIf {_found(size)}, that is so; if more, it is not.")
    return (f"Look at {_some(size, asked.population)}. If {_found(size)}, you can say with "
            f"{percent(asked.confidence)} confidence that {few}.\nIf more of them fail, you cannot say so."
            f"\n{_drawn(size)}")


def to_measure(size: Size, asked: ToMeasure) -> str:
    """What to look at, and how near the share found will be."""
    if size.census:
        return f"{_all(size)}: no smaller sample of them is near enough."
    told = (f"Look at {_some(size, asked.population)}. If about {percent(asked.expected)} fail, you can say with "
            f"{percent(asked.confidence)} confidence that the share\nthat fails among them is within "
            f"{_points(asked.margin)} of the share that fails among all.")
    rare = min(asked.expected, 1 - asked.expected)
    if rare * size.n < ROUGH_BELOW:
        told += f"\nThat is rough: with so few cases, fewer than {ROUGH_BELOW} of a kind are expected. Ask with " \
            "--tolerable as well."
    return f"{told}\n{_drawn(size)}"


def chances() -> Table:
    """The chance that a few cases of a unit show at least one failure, by how many really fail."""
    columns = (Column("Cases looked at"), *(Column(f"{percent(share)} fail", "decimal") for share in FAILING))
    return Table("chances", f"What {FEW} or {MORE} cases of each unit show: the chance of at least one failure", "",
                 columns, tuple((f"{n} of a large unit", *(float(chance_of_finding(share, n)) for share in FAILING))
                                for n in (FEW, MORE)))


def limits(confidence: Fraction) -> str:
    """What a few cases of each unit cannot show, and what a small unit needs."""
    _, better, worse = FAILING
    few, more = (float(chance_of_misranking(better, worse, n)) for n in (FEW, MORE))
    needed = size_to_show(ToShow(Fraction(1, SMALL_UNIT), confidence, SMALL_UNIT)).n
    return (f"They cannot rank units: unit league tables on {FEW} cases each are noise. Where {percent(better)} fail "
            f"in one\nunit and {percent(worse)} in another, the worse one shows no more failures than the better one "
            f"with a chance of\n{few:.2f} ({FEW} cases each) or {more:.2f} ({MORE}).\n"
            f"To find the one failing case of a unit of {SMALL_UNIT} with {percent(confidence)} confidence, look at "
            f"{needed}:\nsmall units are best looked at whole.")


def _as_cases(asked: ToShow) -> str:
    if asked.population is None:
        return ""
    return f" ({urn_of(asked.tolerable, asked.population).bad:,} of the {asked.population:,})"


def _points(margin: Fraction) -> str:
    return f"{percent(margin).removesuffix('%')} percentage point{'' if margin == Fraction(1, 100) else 's'}"


def _found(size: Size) -> str:
    if not size.allowed:
        return "none of them fails"
    return f"at most {size.allowed:,} of them {'fails' if size.allowed == 1 else 'fail'}"


def _all(size: Size) -> str:
    return "Look at the one case there is, a census" if size.n == 1 else f"Look at all {size.n:,} cases, a census"


def _some(size: Size, population: int | None) -> str:
    if population is not None:
        return f"{size.n:,} of the {population:,} cases"
    return "1 case" if size.n == 1 else f"{size.n:,} cases"


def _drawn(size: Size) -> str:
    return ("Draw them at random, with cqa draw. This speaks of all cases together; to speak of one unit, "
            f"look at\n{size.n:,} of its own, or ask again with its own --population.")
