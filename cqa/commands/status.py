"""`cqa status`: what was drawn and what is done, by sample and reviewer."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cqa.commands.completion import completion_of
from cqa.commands.here import acting, workspace_here
from cqa.commands.left_out import signed_said
from cqa.commands.records import SampleRecord, exit_of, read_samples
from cqa.commands.urgent import concerns_for, in_words
from cqa.facts import how_many
from cqa.files.workspace import Workspace
from cqa.sampling.changes import REPLACED, WITHDRAWN
from cqa.sampling.draw import Stratum
from cqa.sampling.plan import Sample
from cqa.sampling.settling import Settled
from cqa.screen.bars import parts_bar
from cqa.screen.clean import one_line
from cqa.screen.printer import NARROW, Printer
from cqa.table import Column, Row, Table
from cqa.world import World

COUNTS = ("drawn", "marked", "signed", "second_due", "second_marked", "moderated", "replaced", "withdrawn",
          "feedback_due", "feedback_given")
_BAR = 8
_LEGEND = ("Progress: # signed off, + begun, . not begun, of the cases to mark first. Only signed-off cases count in "
           "the report.")
QUESTIONED = 10
"""Replaced or withdrawn ones of a hundred main cases of a stratum; more put the frame in question."""


def run(world: World, printer: Printer, names: tuple[str, ...]) -> int:
    """Shows the named samples, or all: who has how much to mark, and how much of it is begun and signed off.

    Damage inside a journal ends with exit 7, after everything that can be read was shown.
    """
    workspace = workspace_here(world)
    viewer = acting(world)
    records = read_samples(workspace, names, viewer)
    printer.problems(problem for record in records for problem in record.problems)
    rows = [row for record in records for row in status_rows(workspace, record)]
    concerns, unseen = concerns_for(records, viewer)
    if printer.as_json:
        printer.json({"rows": rows, "urgent": [concern.as_json() for concern in concerns]})
    elif rows:
        _summary(printer, rows)
        printer.table(_table(rows), NARROW)
    else:
        printer.line("Nothing was drawn with reviewers and a rubric yet.")
    for remark in (*in_words(concerns, unseen, world.now()), *_disputed(records, viewer), *remarks(records)):
        printer.line(remark)
    return exit_of(records)


def _summary(printer: Printer, rows: Sequence[Mapping[str, object]]) -> None:
    """How much is done of all, and who owes what, most first."""
    total = {key: sum(_count(row, key) for row in rows) for key in ("drawn", "signed", "second_due", "second_marked")}
    printer.paragraph(f"{total['signed']} of {how_many(total['drawn'], 'main case')} signed off, "
                      f"{total['second_marked']} of {how_many(total['second_due'], 'second mark')}.")
    owed: Counter[str] = Counter()
    for row in rows:
        owed[str(row["reviewer"])] += (_count(row, "drawn") - _count(row, "signed")
                                       + _count(row, "second_due") - _count(row, "second_marked"))
    told = [f"{name} {count}" for name, count in owed.most_common() if count]
    printer.paragraph(f"Still to be signed off: {', '.join(told)}." if told else "Nothing is still to be signed off.")
    printer.line()


def _count(row: Mapping[str, object], key: str) -> int:
    value = row[key]
    return value if isinstance(value, int) else 0


def _disputed(records: Iterable[SampleRecord], viewer: str) -> Iterator[str]:
    """Every band that its reviewer disputes, but for cases that the viewer is still to mark."""
    for record in records:
        hidden = record.still_to_mark(viewer)
        for one in record.assessed:
            if one.signed and one.assessment.band_dispute and one.case.case_id not in hidden:
                yield (f"Band disputed in {record.name}, case {one.case.case_id}, by {one.reviewer}: "
                       f"{one_line(one.assessment.band_dispute)}")


def status_rows(workspace: Workspace, record: SampleRecord) -> list[dict[str, object]]:
    """One row for each reviewer of a sample.

    `drawn` are the main cases to mark first, `marked` those begun, `signed` those signed off; `second_due` and
    `second_marked` are the same reviewer's second marks; `replaced` and `withdrawn` the cases that were theirs to mark
    first and are no more. A case that was handed on is its new marker's. `overdue` is None: no due date is kept yet.
    """
    sample = record.folder.sample
    units = {person.name.casefold(): person.unit for person in workspace.people}
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
        }
        rows.append({"sample": record.name, "unit": units.get(reviewer.casefold(), ""), "reviewer": reviewer,
                     **dict.fromkeys(COUNTS, 0), **counts, "overdue": None})
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


def _table(rows: Sequence[Mapping[str, object]]) -> Table:
    several = len({row["sample"] for row in rows}) > 1
    words = [(key, title) for key, title in (("sample", "Sample"), ("unit", "Unit"), ("reviewer", "Reviewer"))
             if key == "reviewer" or (several if key == "sample" else any(row[key] for row in rows))]
    gone = [(key, title) for key, title in (("replaced", "Replaced"), ("withdrawn", "Withdrawn"))
            if any(row[key] for row in rows)]
    columns = (*(Column(title) for _, title in words), Column("Signed off", "number"), Column("Begun", "number"),
               Column("Second marks", "number"), *(Column(title, "number") for _, title in gone),
               Column("Progress", "id"))
    cells: tuple[Row, ...] = tuple(
        (*(str(row[key]) for key, _ in words), f"{_count(row, 'signed')} of {_count(row, 'drawn')}",
         _count(row, "marked") - _count(row, "signed"),
         f"{_count(row, 'second_marked')} of {_count(row, 'second_due')}",
         *(_count(row, key) for key, _ in gone), _bar(row)) for row in rows)
    title = "Drawn and done" if several else f"Drawn and done in {rows[0]['sample']}"
    return Table("status", title, _LEGEND, columns, cells)


def _bar(row: Mapping[str, object]) -> str:
    drawn, marked, signed = (_count(row, key) for key in ("drawn", "marked", "signed"))
    return parts_bar((signed, marked - signed, drawn - marked), _BAR)
