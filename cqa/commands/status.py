"""`cqa status`: what was drawn and what is done, by sample and reviewer."""

from collections import Counter
from collections.abc import Iterable

from cqa.commands.here import workspace_here
from cqa.commands.records import SampleRecord, exit_of, read_samples
from cqa.facts import how_many
from cqa.files.device import remembered_reviewer
from cqa.files.workspace import Workspace
from cqa.sampling.changes import REPLACED
from cqa.sampling.draw import Stratum
from cqa.sampling.plan import Sample
from cqa.screen.clean import one_line
from cqa.screen.printer import Printer
from cqa.table import Column, Table
from cqa.world import World

COUNTS = ("drawn", "marked", "signed", "second_due", "second_marked", "moderated", "replaced", "withdrawn",
          "feedback_due", "feedback_given")
QUESTIONED = 10
"""Replacements in a hundred main cases of a stratum; more put the frame in question."""


def run(world: World, printer: Printer, names: tuple[str, ...]) -> int:
    """Shows the named samples, or all: who has how much to mark, and how much of it is begun and signed off.

    Damage inside a journal ends with exit 7, after everything that can be read was shown.
    """
    workspace = workspace_here(world, printer)
    viewer = world.environment.get("CQA_REVIEWER", "") or remembered_reviewer(world)
    records = read_samples(workspace, names, viewer)
    printer.problems(problem for record in records for problem in record.problems)
    rows = [row for record in records for row in status_rows(workspace, record)]
    concerns, unseen = urgent_concerns(records, viewer)
    if printer.as_json:
        printer.json({"rows": rows, "urgent": concerns})
    elif rows:
        printer.table(_table(rows))
    else:
        printer.line("Nothing was drawn with reviewers and a rubric yet.")
    for remark in (*_urgent_words(concerns, unseen), *remarks(records)):
        printer.line(remark)
    return exit_of(records)


def urgent_concerns(records: Iterable[SampleRecord], viewer: str) -> tuple[list[dict[str, str]], int]:
    """What reviewers said cannot wait, the oldest first, and how many are kept from the viewer, who is still to mark
    the case: what another reviewer found there would colour their marks."""
    told = []
    unseen = 0
    for record in records:
        hidden = record.still_to_mark(viewer)
        for one in record.assessed:
            if not one.assessment.urgent:
                continue
            if one.case.case_id in hidden and one.reviewer.casefold() != viewer.casefold():
                unseen += 1
                continue
            told.append({"sample": record.name, "case_id": one.case.case_id, "reviewer": one.reviewer,
                         "at": one.assessment.urgent_at, "words": one.assessment.urgent})
    return sorted(told, key=lambda concern: concern["at"]), unseen


def _urgent_words(concerns: list[dict[str, str]], unseen: int) -> list[str]:
    told = [f"URGENT, {one['sample']}, case {one['case_id']}, said by {one['reviewer']} at {one['at']}: "
            f"{one_line(one['words'])}" for one in concerns]
    if unseen:
        told.append(f"{how_many(unseen, 'urgent concern')} on a case that you are still to mark: not shown to you, and "
                    "shown to your team leader.")
    return told


def status_rows(workspace: Workspace, record: SampleRecord) -> list[dict[str, object]]:
    """One row for each reviewer of a sample.

    `drawn` are the main cases to mark first, `marked` those begun, `signed` those signed off; `second_due` and
    `second_marked` are the same reviewer's second marks; `replaced` the cases that were theirs to mark first and are
    replaced. `overdue` is None: no due date is kept yet.
    """
    sample = record.folder.sample
    units = {person.name.casefold(): person.unit for person in workspace.people}
    rows: list[dict[str, object]] = []
    for reviewer in record.folder.sample.plan.reviewers:
        mine = [one for one in record.assessed if one.reviewer == reviewer]
        first = [one for one in mine if one.turn == "first"]
        second = [one for one in mine if one.turn == "second"]
        counts = {
            "drawn": len(first),
            "marked": sum(bool(one.assessment.marks) for one in first),
            "signed": sum(one.signed for one in first),
            "second_due": len(second),
            "second_marked": sum(one.signed for one in second),
            "replaced": _replaced(sample, reviewer),
        }
        rows.append({"sample": record.name, "unit": units.get(reviewer.casefold(), ""), "reviewer": reviewer,
                     **dict.fromkeys(COUNTS, 0), **counts, "overdue": None})
    return rows


def _replaced(sample: Sample, reviewer: str) -> int:
    """How many cases that were the reviewer's to mark first are replaced."""
    return sum(case.role == REPLACED and sample.reviewer(case.case_id, "first") == reviewer for case in sample.cases)


def remarks(records: Iterable[SampleRecord]) -> list[str]:
    """In words how many cases were replaced, by stratum and by reviewer; none where none was."""
    told = []
    for record in records:
        amended = sum(bool(one.assessment.amending) for one in record.assessed)
        if amended:
            told.append(f"{how_many(amended, 'signed assessment')} in {record.name} being amended: what was signed "
                        "counts until it is signed again.")
        sample = record.folder.sample
        strata = Counter(one.stratum for one in record.replacements)
        told += [_of_stratum(record.name, one, strata[one.name]) for one in sample.strata if strata[one.name]]
        told += [f"Replaced in {record.name}, {_share(replaced, had)} that were {reviewer}'s to mark first."
                 for reviewer in sample.plan.reviewers if (replaced := _replaced(sample, reviewer))
                 for had in (_first_cases(sample, reviewer),)]
    return told


def _of_stratum(sample: str, stratum: Stratum, replaced: int) -> str:
    told = f"Replaced in {sample}, {_share(replaced, stratum.take)} drawn in {stratum.name}."
    if 100 * replaced <= QUESTIONED * stratum.take:
        return told
    return f"{told} Over {QUESTIONED}% questions the frame: look at what the export and the plan let in."


def _share(replaced: int, cases: int) -> str:
    return f"{replaced} of {cases} main cases ({replaced / cases:.0%})"


def _first_cases(sample: Sample, reviewer: str) -> int:
    """How many main cases, as drawn, were the reviewer's to mark first: what replaced one of them is not another."""
    takes = {stratum.name: stratum.take for stratum in sample.strata}
    drawn = {case.case_id for case in sample.cases if case.rank <= takes.get(case.stratum, 0)}
    return sum(mark.reviewer == reviewer and mark.turn == "first" and mark.case_id in drawn
               for mark in sample.assignments)


def _table(rows: list[dict[str, object]]) -> Table:
    shown = (("sample", "Sample"), ("unit", "Unit"), ("reviewer", "Reviewer"), ("drawn", "To mark"),
             ("marked", "Begun"), ("signed", "Signed off"), ("second_due", "Second marks"),
             ("second_marked", "of them signed"), *((("replaced", "Replaced"),) if any(
                 row["replaced"] for row in rows) else ()))
    columns = tuple(Column(title, "text" if key in ("sample", "unit", "reviewer") else "number")
                    for key, title in shown)
    cells = tuple(tuple(value if isinstance(value := row[key], str | int) else "" for key, _ in shown) for row in rows)
    return Table("status", "Drawn and done", "Only signed-off cases count in the report.", columns, cells)
