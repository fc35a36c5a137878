"""Re-derives a recorded sample and says in words what differs."""

from collections.abc import Iterable, Iterator

from cqa.errors import Problem, shortened
from cqa.sampling.draw import DrawnCase
from cqa.sampling.frame import Frame
from cqa.sampling.pairing import Assignment
from cqa.sampling.plan import Sample, Source, assignments_for, derive
from cqa.sampling.ticket import ticket


def check_alone(sample: Sample, where: str) -> list[Problem]:
    """What can be checked without the export: every ticket, the order in each stratum, and the assignments."""
    wrong = [case for case in sample.cases if ticket(sample.seed, case.case_id) != case.ticket]
    problems = [
        Problem("S005", f"The ticket of case '{case.case_id}' is not SHA-256 of seed|id.",
                "The seed, the id or the ticket was changed after the draw.", where)
        for case in wrong
    ]
    problems.extend(_disordered(sample, where))
    assignments, _ = assignments_for(sample.plan, sample.cases, sample.seed)
    problems.extend(_reassigned(sample.assignments, assignments, where))
    return shortened(problems)


def check_against(sample: Sample, frame: Frame, source: Source, where: str) -> list[Problem]:
    """What only the export can show: the same frame, and the same draw from it. A re-export in another order or
    encoding has other bytes and the same frame: that is a warning."""
    problems = []
    if source.sha256 != sample.source.sha256:
        problems.append(Problem("S007", f"The export '{source.name}' is not byte for byte the one recorded "
                                f"('{sample.source.name}').", "If it was exported again, the frame decides.",
                                where, severity="warning"))
    if frame.digest != sample.frame_digest:
        more = len(frame.cases) - sample.frame_cases
        told = f"{abs(more)} cases {'more' if more > 0 else 'fewer'}" if more else "as many cases, but other ids"
        problems.append(Problem("S008", f"The frame is not the one recorded: {told}.",
                                "Verify with the export the sample was drawn from.", where))
    derived = derive(sample.plan, frame, sample.seed)
    problems.extend(_redrawn(sample.cases, derived.cases, where))
    for old, new in zip(sample.strata, derived.strata, strict=False):
        if old != new:
            problems.append(Problem("S005", f"Stratum '{old.name}' was recorded with {old.size} cases and {old.take} "
                                    f"taken; the export gives '{new.name}' with {new.size} and {new.take}.",
                                    "Verify with the export the sample was drawn from.", where))
    return shortened(problems)


def _disordered(sample: Sample, where: str) -> Iterator[Problem]:
    for stratum in sample.strata:
        members = sorted((case for case in sample.cases if case.stratum == stratum.name), key=lambda case: case.ticket)
        ranked = [(rank, "main" if rank <= stratum.take else "reserve") for rank in range(1, len(members) + 1)]
        if [(case.rank, case.role) for case in members] != ranked:
            yield Problem("S005", f"The main cases of stratum '{stratum.name}' are not its smallest tickets.",
                          "A case was swapped, added or left out after the draw.", where)


def _redrawn(recorded: Iterable[DrawnCase], derived: Iterable[DrawnCase], where: str) -> Iterator[Problem]:
    old = {case.case_id: case for case in recorded}
    new = {case.case_id: case for case in derived}
    for case_id in sorted(old.keys() - new.keys()):
        yield Problem("S005", f"Case '{case_id}' is in the sample, but the draw does not give it.", "", where)
    for case_id in sorted(new.keys() - old.keys()):
        yield Problem("S005", f"The draw gives case '{case_id}', but it is not in the sample.", "", where)
    for case_id in sorted(old.keys() & new.keys()):
        if old[case_id] != new[case_id]:
            fields = ", ".join(name for name in ("stratum", "ticket", "rank", "role", "weight", "handlers", "barred",
                                                 "facts")
                               if getattr(old[case_id], name) != getattr(new[case_id], name))
            yield Problem("S005", f"Case '{case_id}' was recorded otherwise than the export gives it: {fields}.",
                          "The export or the sample was changed after the draw.", where)


def _reassigned(recorded: Iterable[Assignment], derived: Iterable[Assignment], where: str) -> Iterator[Problem]:
    old = {(mark.case_id, mark.turn): mark.reviewer for mark in recorded}
    new = {(mark.case_id, mark.turn): mark.reviewer for mark in derived}
    for case_id, turn in sorted(old.keys() | new.keys()):
        was, should = old.get((case_id, turn), "nobody"), new.get((case_id, turn), "nobody")
        if was != should:
            yield Problem("S006", f"Case '{case_id}' was recorded with {was} as {turn} marker; the rule gives "
                          f"{should}.", "Assignments change by command, never by editing.", where)

