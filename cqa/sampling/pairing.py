"""Who marks what: first markers, and second markers paired so that everyone can be compared with everyone."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil

from cqa.errors import Problem
from cqa.sampling.draw import DrawnCase
from cqa.sampling.ticket import ticket

ASSIGN_RULE = "cqa-assign/1"
SECOND_RULE = "cqa-second/1"
TURNS = ("first", "second")
"""The turns that the draw gives, and that alone are part of results and of agreement."""


@dataclass(frozen=True, slots=True)
class Person:
    """A line of people.csv: who they are, who manages them, and whose cases they may not mark."""

    name: str
    role: str = ""
    unit: str = ""
    manager: str = ""
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assignment:
    """One reviewer for one case; `turn` is first or second, or one of the extra turns. For a reserve it is
    provisional."""

    case_id: str
    reviewer: str
    turn: str


def barred_by_handler(people: Iterable[Person], reviewers: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """For each handler (case-folded) the reviewers who may not mark that handler's cases at all.

    A reviewer is barred from their own cases and from those of a declared conflict.
    """
    known = {person.name.casefold(): person for person in people}
    barred: dict[str, list[str]] = {}
    for reviewer in reviewers:
        person = known.get(reviewer.casefold(), Person(reviewer))
        for handler in (reviewer, *person.conflicts):
            barred.setdefault(handler.casefold(), []).append(reviewer)
    return {handler: tuple(names) for handler, names in barred.items()}


def why_barred(case: DrawnCase, name: str, turn: str, people: Iterable[Person]) -> str:
    """In words why somebody may not mark the case at that turn; empty when they may.

    Nobody marks their own case, or one of a handler they declared as a conflict; a manager is never the second marker
    of their staff. `people` may name one person twice, as the draw knew them and as people.csv has them now.
    """
    person, handlers, listed = name.casefold(), {handler.casefold() for handler in case.handlers}, tuple(people)
    if person in handlers:
        return f"it shows {name}'s own work"
    conflicts = {other.casefold() for one in listed if one.name.casefold() == person for other in one.conflicts}
    if conflicts & handlers or person in {other.casefold() for other in case.barred}:
        return f"{name} has declared a conflict with its handler"
    staff = {one.name.casefold() for one in listed if one.manager.casefold() == person}
    return f"{name} manages its handler, and may not be second marker" if turn == "second" and staff & handlers else ""


def managed_by(people: Iterable[Person]) -> dict[str, str]:
    """For each handler (case-folded) their manager (case-folded), who may not be the second marker of their cases."""
    return {person.name.casefold(): person.manager.casefold() for person in people if person.manager}


def assign(cases: Iterable[DrawnCase], reviewers: Iterable[str], seed: str) -> tuple[list[Assignment], list[Problem]]:
    """`cqa-assign/1`: cases in order of SHA-256(`seed/assign|id`), each to the unbarred reviewer with the smallest
    load, ties by name. Main cases come first; reserves follow with the loads so far, provisionally.

    A case that nobody is free to mark stays without a reviewer and is named in a warning.
    """
    load = dict.fromkeys(sorted(reviewers), 0)
    made, problems = [], []
    for case in sorted(cases, key=lambda case: (not case.main, ticket(seed, case.case_id, "assign"))):
        free = [name for name in load if name not in case.barred]
        if not free:
            problems.append(Problem("S014", f"Nobody is free to mark case '{case.case_id}'.",
                                    "Name another reviewer and draw again.", severity="warning"))
            continue
        chosen = min(free, key=lambda name: (load[name], name))
        load[chosen] += 1
        made.append(Assignment(case.case_id, chosen, "first"))
    return made, problems


@dataclass(slots=True)
class _Pairs:
    """What `cqa-second/1` remembers while it pairs: who is joined to whom, how often, and the loads."""

    load: Counter[str]
    group: dict[str, str]
    together: Counter[frozenset[str]] = field(default_factory=Counter)

    def order(self, first: str, second: str) -> tuple[bool, int, int, int, str]:
        """Smallest first: joins two groups, marked fewest together, lower larger load, lower load sum, name."""
        loads = (self.load[first], self.load[second])
        return (self.group[first] == self.group[second], self.together[frozenset((first, second))],
                max(loads), sum(loads), second)

    def join(self, first: str, second: str) -> None:
        self.together[frozenset((first, second))] += 1
        self.load[second] += 1
        old, new = self.group[second], self.group[first]
        self.group = {name: new if label == old else label for name, label in self.group.items()}


def chosen_twice(cases: Iterable[DrawnCase], seed: str, share: Fraction) -> list[DrawnCase]:
    """The main cases that are to be marked twice: the first ceil(share * n) in order of SHA-256(`seed/double|id`)."""
    mains = [case for case in cases if case.main]
    return sorted(mains, key=lambda case: ticket(seed, case.case_id, "double"))[: ceil(share * len(mains))]


def second_marks(
    cases: Iterable[DrawnCase], first: Iterable[Assignment], reviewers: Iterable[str], seed: str, share: Fraction,
    managers: Mapping[str, str],
) -> tuple[list[Assignment], list[Problem]]:
    """`cqa-second/1`: the first ceil(share * n) main cases in order of SHA-256(`seed/double|id`) get a second marker.

    The first marker stands as assigned; among the pairs that hold them, the next case goes to the pair that joins two
    unconnected groups, has marked fewest together, has the lower larger load, the lower sum, then by name. Loads are
    all the main cases a reviewer has so far, first and second. Reviewers who are barred, or who manage the handler,
    are passed over.
    """
    cases = tuple(cases)
    mains = [case for case in cases if case.main]
    owner = {assignment.case_id: assignment.reviewer for assignment in first}
    names = sorted(reviewers)
    load = Counter(owner[case.case_id] for case in mains if case.case_id in owner)
    pairs = _Pairs(load, {name: name for name in names})
    made, problems = [], []
    for case in chosen_twice(cases, seed, share):
        bosses = {managers.get(handler.casefold()) for handler in case.handlers}
        free = [name for name in names if name not in case.barred and name.casefold() not in bosses]
        marker = owner.get(case.case_id)
        seconds = [name for name in free if name != marker]
        if marker is None or not seconds:
            if len(names) > 1:  # one reviewer alone is told so once, and not for every case
                problems.append(Problem("S014", f"Nobody is free to mark case '{case.case_id}' a second time.",
                                        "Name another reviewer and draw again.", severity="warning"))
            continue
        chosen = min(seconds, key=lambda name: pairs.order(marker, name))
        pairs.join(marker, chosen)
        made.append(Assignment(case.case_id, chosen, "second"))
    return made, problems + _unconnected(pairs, names)


def pairs_of(assignments: Iterable[Assignment]) -> Counter[frozenset[str]]:
    """How many cases each pair of reviewers marks: the two of a pair as a set."""
    by_case: dict[str, dict[str, str]] = {}
    for given in assignments:
        by_case.setdefault(given.case_id, {})[given.turn] = given.reviewer
    return Counter(frozenset((turns["first"], turns["second"])) for turns in by_case.values()
                   if {"first", "second"} <= turns.keys())


def groups_of(names: Iterable[str], pairs: Iterable[frozenset[str]]) -> tuple[tuple[str, ...], ...]:
    """The groups of reviewers that pairs connect, each in the order of the names; one group: all can be compared."""
    group = {name: name for name in names}
    for pair in pairs:
        joined = {group[name] for name in pair if name in group}
        group = {name: min(joined) if label in joined else label for name, label in group.items()}
    found: dict[str, list[str]] = {}
    for name, label in group.items():
        found.setdefault(label, []).append(name)
    return tuple(map(tuple, found.values()))


def _unconnected(pairs: _Pairs, names: list[str]) -> list[Problem]:
    if len(names) < 2 or not pairs.together:
        return [Problem("S017", "No case is marked twice, so the report cannot say how far reviewers agree.",
                        "Name two reviewers or more, and a share such as --second 0.2.", severity="warning")]
    groups = groups_of(names, pairs.together)
    if len(groups) == 1:
        return []
    told = "; ".join(", ".join(group) for group in groups)
    return [Problem("S012", f"Second marks do not connect all reviewers ({told}): agreement and severity cannot be "
                    "compared across these groups.", "Draw more cases or a larger share of second marks.",
                    severity="warning")]
