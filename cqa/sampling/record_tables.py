"""What a sample's own record says, as tables: how it was drawn, its strata, its cases, and what leaders changed."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from cqa.facts import how_many, second_of
from cqa.sampling.changes import (
    REPLACED,
    WITHDRAWN,
    Added,
    Brought,
    Change,
    Dropped,
    Extra,
    HandOn,
    Replacement,
    RubricMove,
    Withdrawal,
)
from cqa.sampling.extra_turns import TRIGGERS
from cqa.sampling.plan import Committed, Sample, Source
from cqa.sampling.settling import Settled
from cqa.sampling.withholding import HANDLER
from cqa.table import Cell, Column, Table

NONE = "none"
_DIGITS = 16


def population_table(settled: Settled, committed: Committed, commitment: str) -> Table:
    """How the sample was drawn and what became of it; `commitment` is the SHA-256 of plan.yaml."""
    told = (*_frame(settled.drawn), *_drawing(settled.drawn, committed, commitment), *_outcome(settled))
    columns = (Column("What", "id", 34), Column("As recorded", "long", 80))
    return Table("Population and sample", "What could have been drawn, and how it was", "From plan.yaml and "
                 "sample.yaml; what became of the sample since, from the leaders' journals.", columns, told)


_Rows = Iterator[tuple[str, str]]


def _frame(sample: Sample) -> _Rows:
    plan = sample.plan
    for source in sample.sources:
        yield "Export", _source(source)
    yield "Cases in the frame", f"{sample.frame_cases:,}"
    yield "Digest of the frame", sample.frame_digest
    for where in plan.where:
        yield "Only cases with", where
    if plan.register.months:
        names = ", ".join(name for name, _ in plan.register.samples)
        yield "Not again within", f"{how_many(plan.register.months, 'month')} of the samples {names or NONE}"
    for reason, cases in sample.excluded.items():
        yield "Left out of the frame", f"{how_many(cases, 'case')}: {reason}"
    if not sample.excluded:
        yield "Left out of the frame", NONE
    joined = [f"{column}: {rule}" for column, rule in plan.collapse.rules.items()]
    if plan.collapse.otherwise:
        joined.append(f"every other column: {plan.collapse.otherwise}")
    if joined:
        yield "Rows of one case were joined by", "; ".join(joined)


def _source(source: Source) -> str:
    return (f"{source.name}: {how_many(source.rows, 'row')}, {source.bytes:,} bytes, {source.encoding}, "
            f"SHA-256 {source.sha256}")


def _drawing(sample: Sample, committed: Committed, commitment: str) -> _Rows:
    plan, columns = sample.plan, sample.plan.columns
    yield "Case id from the column", columns.case_id
    yield "Strata by", ", ".join(columns.by) or "one stratum"
    yield "To be drawn", plan.amount.told(columns)
    yield "To be marked twice", f"{plan.second} of the main cases"
    yield "Commitment (SHA-256 of plan.yaml)", commitment
    yield "Planned", "before there was a seed" if committed.paths else "in one step with the draw"
    yield "Seed", sample.seed
    yield "Where the seed came from", sample.seed_source
    yield "Drawn (UTC)", second_of(sample.drawn_at)
    for what, rule in plan.rules.items():
        yield f"Rule for {what}", rule
    yield "Reviewers named", ", ".join(plan.reviewers) or NONE
    if plan.rubric:
        yield "Rubric of the draw", f"{plan.rubric.id} {plan.rubric.version}, SHA-256 {plan.rubric.sha256}"
    yield "Facts kept of each case", "; ".join(
        fact if fact == column else f"{fact} (column {column})" for fact, column in columns.facts) or NONE
    yield "Handler from the column", ", ".join(columns.handled_by) or NONE


def _outcome(settled: Settled) -> _Rows:
    drawn = Counter(case.role for case in settled.drawn.cases)
    now = Counter(case.role for case in settled.sample.cases)
    yield "Main cases drawn", f"{drawn['main']:,}, and {how_many(drawn['reserve'], 'reserve')}"
    yield "Replaced", f"{len(settled.replacements):,}"
    yield "Withdrawn", f"{len(settled.withdrawals):,}"
    yield "Handed on", f"{len(settled.hand_ons):,}"
    yield "Main cases now", f"{now['main']:,}"


def strata_table(settled: Settled) -> Table:
    """Each stratum as drawn, and what became of its cases."""
    roles = Counter((case.stratum, case.role) for case in settled.sample.cases)
    columns = (Column("Stratum", "id", 36), *(Column(name, "number", 10) for name in (
        "Size", "Eligible", "Taken", "Shortfall", "Reserves", "Replaced", "Withdrawn", "Main now")))
    rows = tuple((one.name, one.size, one.eligible, one.take, one.shortfall, one.reserves, roles[one.name, REPLACED],
                  roles[one.name, WITHDRAWN], roles[one.name, "main"]) for one in settled.drawn.strata)
    return Table("Strata", "The strata of the draw", "Size: all cases of the export. Eligible: those in the frame. "
                 "Shortfall: what was wanted beyond what could be taken.", columns, rows)


def changes_table(settled: Settled) -> Table:
    """What leaders changed since the draw: first what is in force, then what does not count, and why."""
    columns = (Column("Reference", "id", 21), Column("Who", "text", 11), Column("When (UTC)", "text", 13),
               Column("Change", "text", 12), Column("Case", "text", 11), Column("What it did", "long", 22),
               Column("Reason", "long", 18), Column("In force", "long", 14))
    rows = (*(_change_row(one, "yes") for one in settled.counting),
            *(_change_row(void.change, f"no: {void.why}") for void in settled.void))
    return Table("Changes to the sample", "What leaders changed since the draw", "Replaced, withdrawn, handed on, or "
                 "moved to another version of the rubric. A replacement is always the next reserve of the stratum.",
                 columns, rows)


def _change_row(one: Change, force: str) -> tuple[Cell, ...]:
    kind, case_id, did, reason = _change(one)
    return one.id, one.leader, second_of(one.at), kind, case_id or "-", did, reason or NONE, force


def _change(one: Change) -> tuple[str, str, str, str]:
    """Kind, case, what the change did, and why."""
    if isinstance(one, Replacement):
        markers = ", ".join(filter(None, (one.reviewer, one.second))) or "nobody yet"
        return "replaced", one.case_id, f"by {one.reserve}, marked by {markers}", _joined(one.reason, one.note)
    if isinstance(one, Withdrawal):
        signed = f"; signed off by {', '.join(one.signed)}" if one.signed else ""
        return "withdrawn", one.case_id, f"left the sample{signed}", one.reason
    if isinstance(one, HandOn):
        return "handed on", one.case_id, f"{one.turn} marker: {one.giver or 'nobody'} to {one.taker}", one.reason
    if isinstance(one, RubricMove):
        return "rubric moved", "", _move(one), one.reason
    return _further(one)


def _further(one: Extra) -> tuple[str, str, str, str]:
    if isinstance(one, Added):
        what = TRIGGERS.get(one.trigger, "calibration case")
        return "further marker", one.case_id, f"{one.taker} marks it as well: {what}", one.reason
    if isinstance(one, Dropped):
        return "further marker", one.case_id, f"{one.taker} does not mark it any more", one.reason
    if isinstance(one, Brought):
        return ("calibration", one.case_id, f"brought in from {one.origin} for {', '.join(one.takers) or 'nobody'}",
                one.reason)
    return ("dip-sample", "", f"{len(one.takers)} of {len(one.population)} signed-off assessments, seed {one.seed} "
            f"({one.rule})", one.reason)


def _move(one: RubricMove) -> str:
    return f"{one.to.id}: {one.was.version} to {one.to.version}"


def _joined(reason: str, note: str) -> str:
    return f"{reason}: {note}" if note else reason


def case_list(settled: Settled, withheld: Collection[str], states: Mapping[tuple[str, str], str]) -> Table:
    """Every drawn case in ticket order; `states` are case and turn to who marks it and how far it is."""
    told = HANDLER not in withheld
    drawn = {case.case_id: case.role for case in settled.drawn.cases}
    columns = (Column("Case", "id", 12), Column("Stratum", "text", 18), Column("Ticket, first 16 digits", "text", 21),
               Column("Rank", "number", 7), Column("Drawn as", "text", 10), Column("Now", "text", 11),
               Column("Stands for", "decimal", 9), *((Column("Handler", "text", 12),) if told else ()),
               Column("First marker", "text", 15), Column("Second marker", "text", 15))
    rows = tuple(
        (case.case_id, case.stratum, case.ticket[:_DIGITS], case.rank, drawn.get(case.case_id, case.role), case.role,
         float(case.weight), *(("; ".join(case.handlers) or NONE,) if told else ()),
         *(states.get((case.case_id, turn), NONE) for turn in ("first", "second")))
        for case in settled.sample.cases)
    return Table("Case list", "Every case that was drawn", "In the order of their tickets, reserves too. Stands for: "
                 "how many cases of the frame a main case represents.", columns, rows)
