"""Who marks which case of a trial under which form: balanced, connected, nobody the same case twice."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from cqa.errors import Problem, shortened
from cqa.facts import how_many
from cqa.sampling.draw import DrawnCase
from cqa.sampling.pairing import TURNS, Assignment, groups_of, pairs_of
from cqa.sampling.ticket import ticket
from cqa.sampling.trial import ARMS, Design, Trial, orders

LEAST_REVIEWERS: Mapping[Design, int] = {"crossover": 4, "parallel": 2}
"""So many are needed: in the crossover two under each form, and nobody marks one case twice."""
EVEN = 2
"""Up to so many cases more or fewer than another reviewer, or under the other form, loads count as balanced."""

Pair = tuple[str, str]


@dataclass(slots=True)
class _Loads:
    """What everyone has so far: cases under each arm, cases together with each other one, and who is connected."""

    begins: Mapping[str, int]
    load: Counter[tuple[str, int]] = field(default_factory=Counter)
    firsts: Counter[tuple[str, int]] = field(default_factory=Counter)
    together: Counter[tuple[frozenset[str], int]] = field(default_factory=Counter)
    group: dict[tuple[str, int], str] = field(default_factory=dict)

    def cost(self, pair: Pair, arm: int) -> tuple[object, ...]:
        """What makes a pair the next: lower larger load under the form, lower sum of it, lower load in all, one who
        begins with each form, joining two unconnected groups, marked fewest together, name."""
        loads = [self.load[name, arm] for name in pair]
        alike = self.begins.get(pair[0]) == self.begins.get(pair[1])
        joined = self._group(pair[0], arm) == self._group(pair[1], arm)
        in_all = sum(self.load[name, one] for name in pair for one in ARMS)
        return max(loads), sum(loads), in_all, alike, joined, self.together[frozenset(pair), arm], pair

    def take(self, pair: Pair, arm: int) -> Pair:
        """Counts the pair in; gives it with the one first who is first marker less often."""
        old, new = self._group(pair[1], arm), self._group(pair[0], arm)
        for key, label in self.group.items():
            if key[1] == arm and label == old:
                self.group[key] = new
        self.together[frozenset(pair), arm] += 1
        self.load.update((name, arm) for name in pair)
        first, second = sorted(pair, key=lambda name: (self.firsts[name, arm],
                                                       sum(self.firsts[name, one] for one in ARMS), name))
        self.firsts[first, arm] += 1
        return first, second

    def _group(self, name: str, arm: int) -> str:
        return self.group.setdefault((name, arm), name)


def trial_assignments(
    trial: Trial, cases: Iterable[DrawnCase], reviewers: Sequence[str], seed: str, managers: Mapping[str, str]
) -> tuple[tuple[Assignment, ...], tuple[Problem, ...]]:
    """The first and second markers of this arm, with a warning for each case that too few are free to mark."""
    made, problems = allotted(trial, cases, reviewers, seed, managers)
    return made[trial.arm], problems


def allotted(
    trial: Trial, cases: Iterable[DrawnCase], reviewers: Sequence[str], seed: str, managers: Mapping[str, str]
) -> tuple[dict[int, tuple[Assignment, ...]], tuple[Problem, ...]]:
    """`cqa-crossover/1`: main cases in order of SHA-256(`seed/crossover|id`); each gets a pair of reviewers under each
    form, four different people, the forms taking turns in choosing. Of the pairs that are free the one is taken that
    `_Loads.cost` puts first. `cqa-parallel/1`: the same for the cases of one arm, which are not those of the other.

    Reviewers who are barred from a case, or manage its handler, are passed over. A case for which not everybody needed
    is free stays without markers and is named in a warning.
    """
    arms = ARMS if trial.design == "crossover" else (trial.arm,)
    ranked = sorted((case for case in cases if case.main), key=lambda case: ticket(seed, case.case_id, "crossover"))
    sequences = orders(reviewers, seed, trial.only)
    loads = _Loads({name: arms[0] for name, arms in sequences.items()})
    made: dict[int, list[Assignment]] = {arm: [] for arm in ARMS}
    problems = []
    for place, case in enumerate(ranked):
        bosses = {managers.get(handler.casefold()) for handler in case.handlers}
        free = [name for name in sorted(reviewers) if name not in case.barred and name.casefold() not in bosses]
        pairs = _pairs(loads, sequences, free, arms if place % 2 == 0 else arms[::-1])
        if pairs is None:
            problems.append(Problem("S081", f"Too few are free to mark case '{case.case_id}' in the trial.", "It stays "
                                    "out of it. Name more reviewers and design the trial again under another name.",
                                    severity="warning"))
            continue
        for arm, pair in pairs.items():
            made[arm].extend(Assignment(case.case_id, name, turn)
                             for turn, name in zip(TURNS, loads.take(pair, arm), strict=True))
    return {arm: tuple(marks) for arm, marks in made.items()}, tuple(shortened(problems))


def _pairs(
    loads: _Loads, sequences: Mapping[str, tuple[int, ...]], free: Sequence[str], arms: Sequence[int]
) -> dict[int, Pair] | None:
    """A pair for each arm, of different people; None where there is none."""
    able = {arm: [name for name in free if arm in sequences[name]] for arm in arms}
    first, *others = arms
    for pair in sorted(combinations(able[first], 2), key=lambda pair: loads.cost(pair, first)):
        if not others:
            return {first: pair}
        rest = [name for name in able[others[0]] if name not in pair]
        if len(rest) >= 2:
            chosen = min(combinations(rest, 2), key=lambda pair: loads.cost(pair, others[0]))
            return {first: pair, others[0]: chosen}
    return None


@dataclass(frozen=True, slots=True)
class Share:
    """What one reviewer marks in a trial: in which order of arms, and how many cases under each."""

    reviewer: str
    order: tuple[int, ...]
    cases: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Balance:
    """A trial's assignments looked at by themselves, whatever rule made them.

    `groups` are for each arm the reviewers whom common cases connect; `twice` the cases that somebody marks under both
    forms; `bare` those that lack a marker under a form.
    """

    shares: tuple[Share, ...]
    groups: Mapping[int, tuple[tuple[str, ...], ...]]
    twice: tuple[tuple[str, str], ...]
    bare: tuple[str, ...]

    @property
    def connected(self) -> bool:
        """Whether under each form everyone who uses it can be compared with everyone."""
        return all(len(groups) <= 1 for groups in self.groups.values())

    @property
    def uneven(self) -> int:
        """The largest difference in cases: between two reviewers under one form, or one's two forms."""
        crossing = [share for share in self.shares if len(share.order) == len(ARMS)]
        within = [abs(share.cases[1] - share.cases[2]) for share in crossing]
        between = [max(counts) - min(counts) for arm in ARMS if (counts := [share.cases[arm] for share in crossing])]
        return max((*within, *between), default=0)

    @property
    def nested(self) -> tuple[str, ...]:
        """Who uses one form alone."""
        return tuple(share.reviewer for share in self.shares if sum(map(bool, share.cases.values())) == 1)


def balance_of(
    given: Mapping[int, Sequence[Assignment]], cases: Mapping[int, Iterable[str]], reviewers: Sequence[str],
    order: Mapping[str, tuple[int, ...]],
) -> Balance:
    """How a trial's assignments are spread; `cases` are the main cases of each arm."""
    counts = Counter((mark.reviewer, arm) for arm, marks in given.items() for mark in marks if mark.turn in TURNS)
    shares = tuple(Share(name, order.get(name, ()), {arm: counts[name, arm] for arm in ARMS}) for name in reviewers)
    groups = {arm: groups_of([name for name in reviewers if counts[name, arm]], pairs_of(given[arm])) for arm in ARMS}
    marked = Counter((mark.case_id, mark.reviewer) for marks in given.values() for mark in marks)
    pairs = {arm: Counter(mark.case_id for mark in given[arm] if mark.turn in TURNS) for arm in ARMS}
    bare = dict.fromkeys(case_id for arm in ARMS for case_id in cases[arm] if pairs[arm][case_id] < len(TURNS))
    return Balance(shares, groups, tuple(sorted(place for place, times in marked.items() if times > 1)), tuple(bare))


def doubts_of(balance: Balance) -> list[Problem]:
    """What is wrong with a trial's assignments, in words."""
    problems = [Problem("S082", f"{reviewer} marks case '{case_id}' under both forms.", "What is seen once is seen "
                        "again: hand one of the two on.") for case_id, reviewer in balance.twice]
    if balance.uneven > EVEN:
        problems.append(Problem("S083", "The cases are spread unevenly: reviewers, or one reviewer's two forms, differ "
                                f"by {how_many(balance.uneven, 'case')}.", "Name more reviewers who may mark every "
                                "case.", severity="warning"))
    for arm, groups in balance.groups.items():
        if len(groups) > 1:
            told = "; ".join(", ".join(group) for group in groups)
            problems.append(Problem("S084", f"Common cases do not connect all reviewers of form {arm} ({told}).",
                                    "Take more cases.", severity="warning"))
    return shortened(problems)
