"""Everything that follows from a plan, an export and a seed: the frame, the draw, and who marks what."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

from cqa.errors import SHOWN, BadInput, Problem
from cqa.facts import how_many
from cqa.sampling import date_words
from cqa.sampling.allocation import (
    FREE,
    Allocation,
    Allocations,
    Bounds,
    Share,
    equal,
    largest_remainder,
    neyman,
    per_stratum,
    proportional,
    spread,
)
from cqa.sampling.candidates import Candidates
from cqa.sampling.crossover import trial_assignments
from cqa.sampling.date_patterns import read_pattern
from cqa.sampling.dates import DateColumn
from cqa.sampling.draw import DrawnCase, Quota, Stratum, draw
from cqa.sampling.frame import Export, column_place, find_places
from cqa.sampling.pairing import Assignment, assign, barred_by_handler, managed_by, second_marks
from cqa.sampling.plan import Amount, Derived, Plan
from cqa.sampling.shapes import alike
from cqa.sampling.survey import Exclude, Frame, Gather, gather, survey
from cqa.sampling.ticket import normal_id
from cqa.sampling.weighted import certainties
from cqa.sampling.where import assessed_before, excludes, read_conditions

Assessed = Mapping[str, str]
"""Cases of earlier samples that the plan leaves out: id, as the rule sees it, to the sample's name."""


def read_dates(
    export: Export, columns: Sequence[str], given: Sequence[str], forgiven: Container[str] = ()
) -> dict[str, tuple[str, ...]]:
    """The date patterns of every named column there is; `given` are those the user named.

    A column that is `forgiven` may hold no dates at all: it then has no pattern, and its values stay as they stand.

    Reads the whole export when there is such a column, for only all rows together tell 03/04 from 04/03. Raises
    BadInput for a column that can be read in two ways, in none, or only in several.
    """
    places = {name: place for name in columns if (place := column_place(export.header[1], name)) is not None}
    if not places:
        return {}
    found = {name: DateColumn() for name in places}
    for batch in export.batches():
        for name, place in places.items():
            found[name].add([normal_id(row[place]) for row in batch.rows], batch.lines)
    patterns = tuple(read_pattern(text) for text in given)
    readings = {name: column.conclude(patterns) for name, column in found.items()}
    problems = [problem for name, reading in readings.items()
                if reading.values and not (reading.status == "unreadable" and name in forgiven)
                for problem in date_words.problems(reading, name, export.where)]
    if problems:
        raise BadInput(problems)
    return {name: tuple(pattern.name for pattern in reading.patterns) for name, reading in readings.items()
            if reading.values and reading.status != "unreadable"}


def frame_of(
    plan: Plan, export: Export, assessed: Assessed, seed: str = "", candidates: Candidates | None = None,
    recorded: str = "", gathering: Gather = gather,
) -> Frame:
    """The frame of an export under a plan; with a seed the candidates are gathered in the same pass.

    `recorded` names the column in which a frame's own list says why a case was left out. Raises BadInput with every
    problem of columns, ids, joining rows, strata and weights.
    """
    places = find_places(export, plan.columns, plan.collapse)
    patterns = {column: tuple(map(read_pattern, names)) for column, names in plan.dates.items()}
    tests: list[Exclude] = excludes(read_conditions(plan.where), places, patterns)
    if plan.register.months:
        tests.append(assessed_before(assessed))
    if recorded:
        at = places.where[recorded]
        tests.append(lambda cases: [row[at] for row in cases.rows])
    facts = {fact: patterns[column] for fact, column in plan.columns.facts if patterns.get(column)}
    return survey(export, places, plan.collapse, tests, seed, candidates, facts, gathering)


def derive(
    plan: Plan, export: Export, assessed: Assessed, seed: str, recorded: str = "", gathering: Gather = gather
) -> tuple[Frame, Derived]:
    """The frame, the draw and the assignments: the same four give the same sample on any machine.

    One pass over the export where every stratum gives the same number; two where the number depends on the strata.
    """
    weighted = bool(plan.columns.weight)
    # One more than can be drawn: the next one's ticket decides the weights of a weighted draw.
    if plan.amount.total is None and not plan.amount.refill and not plan.columns.per:
        candidates = Candidates(_most(plan.amount) + 1, weighted)
        frame = frame_of(plan, export, assessed, seed, candidates, recorded, gathering)
        quotas = quotas_of(plan, frame)
    else:
        frame = frame_of(plan, export, assessed, recorded=recorded, gathering=gathering)
        quotas = quotas_of(plan, frame)
        caps = {name: quota.take + quota.reserves + 1 for name, quota in quotas.items()}
        candidates = Candidates(caps, weighted)
        frame = frame_of(plan, export, assessed, seed, candidates, recorded, gathering)
    return frame, derived(plan, frame, candidates, quotas, seed)


def _most(amount: Amount) -> int:
    """The most cases, reserves included, that any stratum gives."""
    take = amount.take or 0
    return take + (take if amount.reserves is None else amount.reserves)


def derived(
    plan: Plan, frame: Frame, candidates: Candidates, quotas: Mapping[str, Quota], seed: str
) -> Derived:
    """The draw and the assignments that candidates come to."""
    cases, strata = draw(frame, candidates, quotas, barred_by_handler(plan.people, plan.reviewers))
    assignments, warnings = assignments_for(plan, cases, seed)
    short = [_short(stratum) for stratum in strata if stratum.shortfall]
    return Derived(cases, strata, assignments, (
        *short, *_short_in_all(plan.amount, strata), *doubts_of(plan, frame, quotas), *_certain(plan, frame, strata),
        *warnings))


def _short(stratum: Stratum) -> Problem:
    more = stratum.eligible - stratum.take
    return Problem("S011", f"Stratum '{stratum.name}' gives {how_many(stratum.take, 'case')}, {stratum.shortfall} "
                   "fewer than wanted.", "The plan lets it give no more; the shortfall is recorded." if more else
                   "It has no more to draw from; the shortfall is recorded.", severity="warning")


def doubts_of(plan: Plan, frame: Frame, quotas: Mapping[str, Quota]) -> list[Problem]:
    """What a plan's reader would not expect of its strata: that some give no case, or may be one, or have no rate."""
    idle = [size.name for size in frame.strata if size.eligible and not quotas[size.name].take]
    few = [size.name for size in frame.strata if size.eligible < plan.amount.least]
    unknown = sorted({size.group for size in frame.strata} - plan.amount.rates.keys()) \
        if plan.amount.allocation == "neyman" else []
    told = [
        (idle, "S027", "No case is drawn from", "Give every stratum some with --least, or draw by fewer columns."),
        (few, "S011", f"Fewer than the minimum of {plan.amount.least} cases are to draw from in",
         "All of them are taken."),
        (unknown, "S028", "No failure rate was given, and 0.5 is taken, for",
         "Name a file of rates with --rates, or use --allocation proportional."),
    ]
    return [*(Problem(code, f"{what} {_first_of(names)}.", remedy, severity="warning")
              for names, code, what, remedy in told if names), *_near_alike(frame)]


def _first_of(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(f"'{name}'" for name in names[:SHOWN]) + more


def _short_in_all(amount: Amount, strata: Sequence[Stratum]) -> list[Problem]:
    """A total that all strata together cannot give, where no one stratum is short."""
    taken = sum(stratum.take for stratum in strata)
    if amount.total is None or taken >= amount.total or any(stratum.shortfall for stratum in strata):
        return []
    return [Problem("S011", f"The strata give {how_many(taken, 'case')} in all, {amount.total - taken} fewer than "
                    "wanted.", "Widen the plan's conditions, or raise --most.", severity="warning")]


def _near_alike(frame: Frame) -> list[Problem]:
    """Strata that look like one: their names differ only in case or space, or are equal as numbers."""
    sizes = {stratum.name: stratum.size for stratum in frame.strata}
    return [
        Problem("S024", "These strata may be one: "
                + ", ".join(f"'{name}' ({how_many(cases, 'case')})" for name, cases in group) + ".",
                "Make the values alike in the export and draw again, if they mean the same.", severity="warning")
        for group in alike(sizes)
    ]


def _certain(plan: Plan, frame: Frame, strata: Sequence[Stratum]) -> list[Problem]:
    """Cases so heavy that the draw owes them a place: they are listed, since their tickets alone decide all the same.
    """
    if not plan.columns.weight:
        return []
    weights: dict[str, dict[str, int]] = {}
    for ids, told, listed in frame.listing():
        for case_id, (name, why), weight in zip(ids, told, listed, strict=True):
            if not why:
                weights.setdefault(name, {})[case_id] = int(weight)
    found = [case_id for stratum in strata
             for case_id in certainties(weights.get(stratum.name, {}), stratum.take)
             if stratum.take < stratum.eligible]
    if not found:
        return []
    return [Problem("S025", f"So heavy that they are all but certain to be drawn: {_first_of(found)}.",
                    "Draw them apart, or lower their weights, if that was not meant.", severity="warning")]


def quotas_of(plan: Plan, frame: Frame) -> dict[str, Quota]:
    """How many cases each stratum gives, and how many reserves. Raises WrongUse where the minimums do not fit."""
    amount = plan.amount
    return {one.name: Quota(one.wanted, one.take, one.take if amount.reserves is None else amount.reserves)
            for one in allocations(amount, frame)}


def allocations(amount: Amount, frame: Frame) -> tuple[Allocation, ...]:
    """How many cases each stratum, or cell, is to give. Raises WrongUse where the minimums do not fit."""
    bounds = Bounds(amount.least, amount.most)
    groups: dict[str, list[Share]] = {}
    for size in frame.strata:
        groups.setdefault(size.group, []).append(Share(size.name, size.eligible, amount.rates.get(size.group)))
    if all(list(map(_name, shares)) == [group] for group, shares in groups.items()):
        shares = [share for one in groups.values() for share in one]
        return _allocated(amount, shares, bounds).strata
    strata = [Share(group, sum(share.size for share in shares), amount.rates.get(group))
              for group, shares in groups.items()]
    takes = _allocated(amount, strata, FREE)
    cells = spread(groups, takes.takes, bounds)
    return tuple(one for stratum in takes.strata for one in _with_shortfall(cells[stratum.name], stratum))


def _name(share: Share) -> str:
    return share.name


def _allocated(amount: Amount, shares: Sequence[Share], bounds: Bounds) -> Allocations:
    """The take of each stratum by the plan's rule."""
    if amount.total is None:
        wanted = _bounded(amount.take or 0, bounds)
        return equal(shares, wanted * len(shares), bounds, True) if amount.refill else per_stratum(shares, wanted)
    if amount.allocation == "equal":
        return equal(shares, amount.total, bounds, amount.refill)
    return _RULES[amount.allocation](shares, amount.total, bounds)


def _bounded(take: int, bounds: Bounds) -> int:
    """A take of each stratum, held between the bounds."""
    return max(take, bounds.least) if bounds.most is None else min(max(take, bounds.least), bounds.most)


def _with_shortfall(cells: Allocations, stratum: Allocation) -> tuple[Allocation, ...]:
    """The cells of a stratum; what the stratum itself lacks, since all of them are spent, is spread over them evenly,
    a remainder over the first."""
    lacking = stratum.wanted - sum(cell.take for cell in cells.strata)
    each, rest = divmod(lacking, len(cells.strata))
    return tuple(replace(cell, wanted=cell.take + each + (place < rest)) for place, cell in enumerate(cells.strata))


_RULES = {"proportional": proportional, "neyman": neyman, "largest-remainder": largest_remainder}


def assignments_for(
    plan: Plan, cases: tuple[DrawnCase, ...], seed: str
) -> tuple[tuple[Assignment, ...], tuple[Problem, ...]]:
    """First and second markers of drawn cases, with warnings; none at all when the plan names no reviewer."""
    if not plan.reviewers:
        return (), (Problem("S010", "No reviewers were named, so the cases belong to nobody yet.",
                            "Name them with --reviewers a,b,c or in people.csv.", severity="warning"),)
    if plan.trial:
        return trial_assignments(plan.trial, cases, plan.reviewers, seed, managed_by(plan.people))
    first, unmarked = assign(cases, plan.reviewers, seed)
    second, unpaired = second_marks(cases, first, plan.reviewers, seed, plan.second, managed_by(plan.people))
    return (*first, *second), (*unmarked, *unpaired)
