"""Derives a recorded sample again and says in words what differs."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from cqa.errors import Problem, shortened
from cqa.facts import how_many
from cqa.sampling.derive import assignments_for
from cqa.sampling.draw import DrawnCase, Stratum
from cqa.sampling.pairing import Assignment
from cqa.sampling.plan import Committed, Derived, Sample, Source
from cqa.sampling.survey import Frame
from cqa.sampling.ticket import ticket

_EXPORT = "Verify with the export the sample was drawn from."
_CHANGED = "It was changed after the draw."
_PAIRED = 200
"""Up to so many gone and new cases are searched for an id that was changed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands in a frame: its stratum, and why it is not to be drawn (empty: it is)."""

    stratum: str
    excluded: str


def check_record(sample: Sample, committed: Committed, name: str, where: str) -> list[Problem]:
    """What sample.yaml says, the sample's name too, held against the plan it was drawn by."""
    told: dict[str, tuple[object, object]] = {
        "the sample's name": (name, committed.plan.sample),
        "the frame's digest": (sample.frame_digest, committed.digest),
        "the number of cases in the frame": (sample.frame_cases, committed.cases),
    }
    if not committed.paths:  # planned and drawn in one step, from the same file
        told["the export"] = (sample.sources, committed.sources)
    return [
        *(Problem("S005", f"sample.yaml and plan.yaml differ about {what}.", _CHANGED, where)
          for what, (one, other) in told.items() if one != other),
        *_exported_again(sample.sources, committed.sources, committed.paths, where)]


def _exported_again(
    drawn: tuple[Source, ...], planned: tuple[Source, ...], paths: tuple[str, ...], where: str
) -> Iterator[Problem]:
    """A plan binds the draw to the frame's ids; the file they are read from may be another one."""
    if paths and drawn != planned:
        yield Problem("S007", "The sample was drawn from another file than it was planned with.",
                      "If it was exported again, the frame decides.", where, severity="warning")


def check_rules(recorded: Mapping[str, str], sample: Sample, where: str) -> list[Problem]:
    """The rules that the record names, held against those by which the draw is derived."""
    rules = sample.plan.rules
    return [Problem("S005", f"sample.yaml names '{recorded.get(what, '')}' as the rule for {what}; the draw follows "
                    f"'{rules.get(what, '')}'.", _CHANGED, where)
            for what in sorted(rules.keys() | recorded.keys()) if recorded.get(what) != rules.get(what)]


def check_sources(recorded: tuple[Source, ...], found: tuple[Source, ...], where: str) -> list[Problem]:
    """What the record says of files that are, byte for byte, the ones that were drawn from."""
    def told(source: Source) -> str:
        return f"{source.bytes} bytes, {source.rows} rows, {source.encoding}, {source.delimiter}"

    return [Problem("S005", f"The export '{now.name}' is the one recorded, but of it is recorded {told(was)}; it has "
                    f"{told(now)}.", _CHANGED, where)
            for was in recorded for now in found
            if was.sha256 == now.sha256 and told(was) != told(now)]


def check_alone(sample: Sample, where: str, handlers: bool = True) -> list[Problem]:
    """What follows from the folder's own lists: every ticket, the order in each stratum, and the assignments.

    Without `handlers` in the lists the assignments cannot be derived where somebody is a handler's manager.
    """
    problems = check_tickets(sample, where)
    problems.extend(_disordered(sample, where))
    if handlers or not sample.plan.people:
        assignments, _ = assignments_for(sample.plan, sample.cases, sample.seed)
        problems.extend(_reassigned(sample.assignments, assignments, where))
    return shortened(problems)


def check_tickets(sample: Sample, where: str) -> list[Problem]:
    """The tickets that are not those of the seed and the ids; a seed that fits none is one problem."""
    wrong = [case for case in sample.cases if ticket(sample.seed, case.case_id) != case.ticket]
    if wrong and len(wrong) == len(sample.cases):
        return [Problem("S005", "The seed is not the one recorded at the draw: no ticket is SHA-256 of seed|id.",
                        "The seed was changed after the draw.", where)]
    return [Problem("S005", f"The ticket of case '{case.case_id}' is not SHA-256 of seed|id.",
                    "The id or the ticket was changed after the draw.", where) for case in wrong]


def check_drawn(sample: Sample, frame: Frame, derived: Derived, where: str, facts: bool) -> list[Problem]:
    """The draw as derived again, held against what was recorded. Without `facts` only what a frame's list can show:
    case facts and handlers are not in it."""
    problems = []
    if frame.digest != sample.frame_digest:
        more = frame.cases - sample.frame_cases
        told = "as many cases, but other ids" if not more else \
            f"{how_many(abs(more), 'case')} {'more' if more > 0 else 'fewer'}"
        problems.append(Problem("S008", f"The frame is not the one recorded: {told}.", _EXPORT, where))
    elif frame.cases != sample.frame_cases:
        problems.append(Problem("S008", f"The frame has {how_many(frame.cases, 'case')}, and {sample.frame_cases} are "
                                "recorded.", _CHANGED, where))
    if dict(frame.excluded) != dict(sample.excluded):
        problems.append(Problem("S008", f"Left out of the frame are {_counted(frame.excluded)}; recorded are "
                                f"{_counted(sample.excluded)}.", _EXPORT, where))
    problems.extend(_strata(sample, derived, where))
    problems.extend(_redrawn(sample.cases, derived.cases, where, facts))
    return shortened(problems)


def _counted(excluded: Mapping[str, int]) -> str:
    return "; ".join(f"{reason}: {cases}" for reason, cases in excluded.items()) or "none"


def _strata(sample: Sample, derived: Derived, where: str) -> Iterator[Problem]:
    old = {stratum.name: stratum for stratum in sample.strata}
    new = {stratum.name: stratum for stratum in derived.strata}
    for name in sorted(old.keys() | new.keys()):
        one, other = old.get(name), new.get(name)
        if one == other:
            continue
        yield Problem("S005", f"Stratum '{name}': recorded is {_stratum(one)}; derived again, {_stratum(other)}.",
                      _EXPORT, where)


def _stratum(stratum: Stratum | None) -> str:
    if stratum is None:
        return "no such stratum"
    return (f"{stratum.eligible} of {stratum.size} cases to draw from, {stratum.take} taken, {stratum.reserves} "
            "reserves")


def compare_frames(
    recorded: Mapping[str, Place], found: Mapping[str, Place], by: tuple[str, ...], where: str,
    lines: Callable[[set[str]], Mapping[str, tuple[str, int]]],
) -> list[Problem]:
    """Which cases are new, gone, moved to another stratum, or left out for another reason; `by` are the strata's
    columns, and `lines` gives the export's file and line of each id asked for."""
    new = sorted(found.keys() - recorded.keys())
    gone = sorted(recorded.keys() - found.keys())
    moved = sorted(case_id for case_id in recorded.keys() & found.keys() if recorded[case_id] != found[case_id])
    renamed = _renamed(gone, new, recorded, found)
    at = lines({*new, *moved}) if new or moved else {}

    def told(code: str, case_id: str, message: str) -> Problem:
        return Problem(code, message, "", *at.get(case_id, (where,)))

    problems = [told("S008", fresh, f"The id '{old}' was changed: it is now '{fresh}'.")
                for old, fresh in renamed.items()]
    problems += [told("S008", case_id, f"This row is new: case '{case_id}' in stratum '{found[case_id].stratum}'.")
                 for case_id in new if case_id not in renamed.values()]
    problems += [told("S008", case_id, f"Case '{case_id}' of stratum '{recorded[case_id].stratum}' is no longer in the "
                      "export.") for case_id in gone if case_id not in renamed]
    problems += [told("S008", case_id, _move(case_id, recorded[case_id], found[case_id], by)) for case_id in moved]
    return shortened(problems)


def _renamed(
    gone: list[str], new: list[str], recorded: Mapping[str, Place], found: Mapping[str, Place]
) -> dict[str, str]:
    """Cases that are gone while one with a similar id is new in the same stratum: old id to new id."""
    if not 0 < len(gone) <= _PAIRED or not 0 < len(new) <= _PAIRED:
        return {}
    free = dict.fromkeys(new)
    pairs: dict[str, str] = {}
    for old in gone:
        same = [one for one in free if found[one] == recorded[old]]
        near = get_close_matches(old, same, n=1, cutoff=0.5)
        if near:
            pairs[old] = near[0]
            del free[near[0]]
    return pairs


def _move(case_id: str, was: Place, now: Place, by: tuple[str, ...]) -> str:
    if was.stratum == now.stratum:
        return (f"Case '{case_id}' is {'left out' if now.excluded else 'to be drawn from'} now "
                f"({now.excluded or was.excluded}).")
    old, new = was.stratum.split(" / "), now.stratum.split(" / ")
    columns = [f"'{column}' is now '{after}', was '{before}'" for column, before, after in
               zip(by, old, new, strict=False) if before != after] if len(old) == len(new) == len(by) else []
    told = f": {', '.join(columns)}" if columns else ""
    return f"Case '{case_id}' moved from stratum '{was.stratum}' to '{now.stratum}'{told}."


def _disordered(sample: Sample, where: str) -> Iterator[Problem]:
    for stratum in sample.strata if not sample.plan.columns.weight else ():
        members = sorted((case for case in sample.cases if case.stratum == stratum.name), key=lambda case: case.ticket)
        ranked = [(rank, "main" if rank <= stratum.take else "reserve") for rank in range(1, len(members) + 1)]
        if [(case.rank, case.role) for case in members] != ranked:
            yield Problem("S005", f"The main cases of stratum '{stratum.name}' are not its smallest tickets.",
                          "A case was swapped, added or left out after the draw.", where)
    known = {stratum.name for stratum in sample.strata}
    for name in sorted({case.stratum for case in sample.cases} - known):
        yield Problem("S005", f"Cases were drawn from stratum '{name}', which sample.yaml does not name.", _CHANGED,
                      where)


def _redrawn(
    recorded: Iterable[DrawnCase], derived: Iterable[DrawnCase], where: str, facts: bool
) -> Iterator[Problem]:
    recorded = tuple(recorded)
    old = {case.case_id: case for case in recorded}
    for case_id, times in Counter(case.case_id for case in recorded).items():
        if times > 1:
            yield Problem("S005", f"Case '{case_id}' stands {times} times in cases.csv.", _CHANGED, where)
    new = {case.case_id: case for case in derived}
    compared = ("stratum", "ticket", "rank", "role", "weight", *(("handlers", "barred", "facts") if facts else ()))
    for case_id in sorted(old.keys() - new.keys()):
        yield Problem("S005", f"Case '{case_id}' is in the sample, but the draw does not give it.", "", where)
    for case_id in sorted(new.keys() - old.keys()):
        yield Problem("S005", f"The draw gives case '{case_id}', but it is not in the sample.", "", where)
    for case_id in sorted(old.keys() & new.keys()):
        differing = [name for name in compared if getattr(old[case_id], name) != getattr(new[case_id], name)]
        if differing:
            yield Problem("S005", f"Case '{case_id}' was recorded otherwise than it is derived: "
                          f"{'; '.join(_difference(name, old[case_id], new[case_id]) for name in differing)}.",
                          "The export or the sample was changed after the draw.", where)


def _difference(name: str, old: DrawnCase, new: DrawnCase) -> str:
    """In words what of a case differs; of case facts which ones, and their values."""
    if name == "facts":
        return ", ".join(f"{fact} '{value}', now '{new.facts.get(fact, '')}'" for fact, value in old.facts.items()
                         if value != new.facts.get(fact, ""))
    return f"{name} {_plain(getattr(old, name))}, now {_plain(getattr(new, name))}"


def _plain(value: object) -> str:
    return "; ".join(map(str, value)) or "none" if isinstance(value, tuple) else str(value)


def _reassigned(recorded: Iterable[Assignment], derived: Iterable[Assignment], where: str) -> Iterator[Problem]:
    recorded = tuple(recorded)
    for (case_id, turn), times in Counter((mark.case_id, mark.turn) for mark in recorded).items():
        if times > 1:
            yield Problem("S006", f"Case '{case_id}' stands {times} times in assignments.csv, as {turn} marker's.",
                          "Assignments change by command, never by editing.", where)
    old = {(mark.case_id, mark.turn): mark.reviewer for mark in recorded}
    new = {(mark.case_id, mark.turn): mark.reviewer for mark in derived}
    for case_id, turn in sorted(old.keys() | new.keys()):
        was, should = old.get((case_id, turn), "nobody"), new.get((case_id, turn), "nobody")
        if was != should:
            yield Problem("S006", f"Case '{case_id}' was recorded with {was} as {turn} marker; the rule gives "
                          f"{should}.", "Assignments change by command, never by editing.", where)
