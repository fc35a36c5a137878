"""`cqa status`: what was drawn, what is done and what is overdue, by sample and reviewer."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from cqa.commands.here import acting, workspace_here
from cqa.commands.left_out import signed_said
from cqa.commands.records import SampleRecord, exit_of, read_samples
from cqa.commands.reports.after_marking import settled_now
from cqa.commands.reports.asked import StatusOptions, asked_for
from cqa.commands.reports.completion import completion_of
from cqa.commands.reports.owing import doubts_of, fed_back_on, overdue_in
from cqa.commands.reports.plan_words import plan_heading, plan_periods, short_table
from cqa.commands.reports.planned import plan_of
from cqa.commands.reports.status_after import after_marks, further_marks
from cqa.commands.reports.status_words import overdue_cases, overdue_said, status_table, summary
from cqa.commands.reports.urgent import concerns_for, in_words
from cqa.consistency.overdue import Overdue
from cqa.consistency.plans import PlanRow
from cqa.errors import ExitCode
from cqa.facts import how_many
from cqa.files.workspace import Workspace
from cqa.sampling.changes import REPLACED, WITHDRAWN
from cqa.sampling.draw import Stratum
from cqa.sampling.plan import Sample
from cqa.sampling.settling import Settled
from cqa.screen.clean import one_line
from cqa.screen.printer import NARROW, Printer, listed
from cqa.world import World

COUNTS = ("drawn", "marked", "signed", "second_due", "second_marked", "moderated", "replaced", "withdrawn",
          "feedback_due", "feedback_given", "overdue")
QUESTIONED = 10
"""Replaced or withdrawn ones of a hundred main cases of a stratum; more put the frame in question."""


def run(world: World, printer: Printer, options: StatusOptions) -> int:
    """Shows the named samples, or all: what is overdue, then who has how much to mark, and how much of it is begun and
    signed off. With `strict`, something overdue among what was asked for ends with exit 1.

    Damage inside a journal ends with exit 7, after everything that can be read was shown. Raises WrongUse for an
    unknown sample, unit or reviewer, and for what is no period.
    """
    workspace = workspace_here(world)
    viewer = acting(world, options.who)
    everything = read_samples(workspace, options.samples, viewer)
    asked = asked_for(workspace, everything, options, viewer)
    records = [record for record in everything if asked.drawn(record)]
    due, today = workspace.settings.due, world.today()
    late = [one for one in overdue_in(records, due, today) if asked.about(one.reviewer)]
    planned, nobodys = plan_of(workspace, everything, today)
    planned = tuple(row for row in planned if asked.about(row.person) and asked.overlaps(row.period))
    printer.problems((*doubts_of(due, today), *nobodys,
                      *(problem for record in everything for problem in record.problems)))
    rows = [row for record in records for row in status_rows(workspace, record, late)
            if asked.about(str(row["reviewer"]))]
    further = [one for record in records for one in further_marks(record) if asked.about(one.reviewer)]
    concerns, unseen = concerns_for(everything, viewer)
    after = after_marks(workspace, records, asked, today, viewer)
    for told in _late_said(late, today, each=options.mine or bool(options.reviewer)):
        printer.paragraph(told)
    if printer.as_json:
        printer.json({"rows": rows, "further": [one.as_json() for one in further],
                      "urgent": [concern.as_json() for concern in concerns],
                      "overdue": [one.as_json() for one in late], "plan": [row.as_json() for row in planned],
                      **after.as_json()})
    elif rows:
        for told in summary(rows, further):
            printer.paragraph(told)
        printer.line()
        printer.table(status_table(rows), NARROW)
    else:
        printer.line(_nothing(options))
    if planned and not printer.as_json:
        _tell_plan(printer, planned, listed(options.samples))
    for remark in (*in_words(concerns, unseen, world.now()),
                   *((*_disputed(records, viewer), *remarks(records)) if asked.people is None else ()),
                   *after.remarks()):
        printer.line(remark)
    ended = exit_of(everything)
    return ExitCode.ANSWER_IS_NO if ended == ExitCode.DONE and options.strict and late else ended


def _late_said(late: Sequence[Overdue], today: date, *, each: bool) -> Iterator[str]:
    """What is overdue, if anything is; with `each` also the cases."""
    if late:
        yield overdue_said(late, today)
    if late and each:
        yield from overdue_cases(late, today)


def _tell_plan(printer: Printer, rows: Sequence[PlanRow], samples: str) -> None:
    """How far the plan is in each period, and in the latest one who is short."""
    printer.line()
    printer.paragraph(plan_heading(rows[0], samples))
    for told in plan_periods(rows):
        printer.paragraph(told, hanging=2)
    latest = short_table(rows)
    if latest.rows:
        printer.line()
        printer.table(latest, NARROW)


def _nothing(options: StatusOptions) -> str:
    if options == StatusOptions(options.samples, strict=options.strict, who=options.who):
        return "Nothing was drawn with reviewers and a rubric yet."
    return "Nothing that was drawn with reviewers and a rubric is among what was asked for."


def _disputed(records: Iterable[SampleRecord], viewer: str) -> Iterator[str]:
    """Every band that its reviewer disputes, but for cases that the viewer is still to mark."""
    for record in records:
        hidden = record.still_to_mark(viewer)
        for one in record.assessed:
            if one.signed and one.assessment.band_dispute and one.case.case_id not in hidden:
                yield (f"Band disputed in {record.name}, case {one.case.case_id}, by {one.reviewer}: "
                       f"{one_line(one.assessment.band_dispute)}")


def status_rows(workspace: Workspace, record: SampleRecord, late: Iterable[Overdue]) -> list[dict[str, object]]:
    """One row for each reviewer of a sample.

    `drawn` are the main cases to mark first, `marked` those begun, `signed` those signed off; `second_due` and
    `second_marked` are the same reviewer's second marks; `replaced` and `withdrawn` the cases that were theirs to mark
    first and are no more; `moderated` those of their first cases that are settled; `feedback_due` those on which
    feedback is to be given, or was. A case that was handed on is its new marker's. `overdue` counts what of `late`
    they owe.
    """
    sample = record.folder.sample
    units = {person.name.casefold(): person.unit for person in workspace.people}
    owed = Counter(one.reviewer for one in late if one.owed.sample == sample.name)
    settled, due = settled_now(record), tuple(fed_back_on(record))
    rows: list[dict[str, object]] = []
    for reviewer in sample.reviewers:
        mine = [one for one in record.assessed if one.reviewer == reviewer]
        done = completion_of(mine, reviewer)
        counts = {
            "drawn": done.to_mark,
            "marked": sum(one.begun for one in mine if one.turn == "first"),
            "signed": done.signed,
            "second_due": done.second_due,
            "second_marked": done.second_signed,
            "replaced": _gone(sample, reviewer, REPLACED),
            "withdrawn": _gone(sample, reviewer, WITHDRAWN),
            "moderated": sum(one.turn == "first" and one.case.case_id in settled for one in mine),
            "feedback_due": sum(one.reviewer == reviewer for one in due),
            "feedback_given": sum(one.reviewer == reviewer and bool(record.feedbacks.of(one.case.case_id).given)
                                  for one in due),
            "overdue": owed[reviewer],
        }
        rows.append({"sample": record.name, "unit": units.get(reviewer.casefold(), ""), "reviewer": reviewer,
                     **dict.fromkeys(COUNTS, 0), **counts})
    return rows


def _gone(sample: Sample, reviewer: str, role: str) -> int:
    """How many cases that were the reviewer's to mark first are replaced, or withdrawn."""
    return sum(case.role == role and sample.reviewer(case.case_id, "first") == reviewer for case in sample.cases)


def remarks(records: Iterable[SampleRecord]) -> list[str]:
    """In words how many cases were replaced, withdrawn and handed on, by stratum and by reviewer, and that the rubric
    was moved; none where nothing was."""
    return [remark for record in records for remark in (
        *_amending(record), *_remarks_on(record, REPLACED), *_remarks_on(record, WITHDRAWN), *_signed(record),
        *_handed_on(record), *_moved(record))]


def _amending(record: SampleRecord) -> Iterator[str]:
    amended = sum(bool(one.assessment.amending) for one in record.assessed)
    if amended:
        yield (f"{how_many(amended, 'signed assessment')} in {record.name} being amended: what was signed counts until "
               "it is signed again.")


def _remarks_on(record: SampleRecord, role: str) -> Iterator[str]:
    sample, name = record.folder.sample, f"{role.capitalize()} in {record.name}"
    strata = Counter(case.stratum for case in sample.cases if case.role == role)
    for stratum in sample.strata:
        if gone := strata[stratum.name]:
            yield _of_stratum(name, stratum, gone)
    for reviewer in sample.reviewers:
        if gone := _gone(sample, reviewer, role):
            had = _first_cases(record.settled, reviewer)
            yield f"{name}, {_share(gone, had)} that were {reviewer}'s to mark first."


def _of_stratum(name: str, stratum: Stratum, gone: int) -> str:
    told = f"{name}, {_share(gone, stratum.take)} drawn in {stratum.name}."
    if 100 * gone <= QUESTIONED * stratum.take:
        return told
    return f"{told} Over {QUESTIONED}% questions the frame: look at what the export and the plan let in."


def _share(gone: int, cases: int) -> str:
    return f"{gone} of {cases} main cases ({gone / cases:.0%})"


def _first_cases(settled: Settled, reviewer: str) -> int:
    """How many main cases were drawn for the reviewer to mark first, with those that are theirs and are gone: what
    replaced one of them is not another."""
    def firsts(sample: Sample, roles: tuple[str, ...]) -> set[str]:
        mine = {mark.case_id for mark in sample.assignments if (mark.reviewer, mark.turn) == (reviewer, "first")}
        return mine & {case.case_id for case in sample.cases if case.role in roles}

    return len(firsts(settled.drawn, ("main",)) | firsts(settled.sample, (REPLACED, WITHDRAWN)))


def _signed(record: SampleRecord) -> Iterator[str]:
    if record.withdrawn_signed:
        told = signed_said(record.withdrawn_signed, len(record.settled.withdrawals))
        yield f"In {record.name}, {told} Their marks count nowhere: ask why."


def _handed_on(record: SampleRecord) -> Iterator[str]:
    moved = Counter((one.giver or "nobody", one.taker) for one in record.settled.hand_ons)
    for (giver, taker), cases in moved.items():
        yield f"Handed on in {record.name}: {how_many(cases, 'case')} from {giver} to {taker}."


def _moved(record: SampleRecord) -> Iterator[str]:
    """That the rubric was moved, what stays under an earlier version, and how many marks are to be given again."""
    if record.settled.moves and record.rubric:
        stay = sum(one.signed and one.rubric.version != record.rubric.version for one in record.assessed)
        again = sum(len(one.again) for one in record.assessed if not one.signed)
        yield (f"The rubric of {record.name} was moved to version {record.rubric.version}: "
               f"{how_many(stay, 'signed-off assessment')} under an earlier one, {how_many(again, 'mark')} set "
               "aside to be given again.")
