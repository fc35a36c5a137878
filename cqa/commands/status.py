"""`cqa status`: what was drawn and what is done, by sample and reviewer."""

from cqa.commands.records import SampleRecord, exit_of, read_samples
from cqa.files.workspace import Workspace, find_workspace
from cqa.screen.printer import Printer
from cqa.table import Column, Table
from cqa.world import World

COUNTS = ("drawn", "marked", "signed", "second_due", "second_marked", "moderated", "replaced", "withdrawn",
          "feedback_due", "feedback_given")


def run(world: World, printer: Printer, names: tuple[str, ...]) -> int:
    """Shows the named samples, or all: who has how much to mark, and how much of it is begun and signed off.

    Damage inside a journal ends with exit 7, after everything that can be read was shown.
    """
    workspace = find_workspace(world.folder)
    records = read_samples(workspace, names)
    printer.problems(problem for record in records for problem in record.problems)
    rows = [row for record in records for row in status_rows(workspace, record)]
    if printer.as_json:
        printer.json({"rows": rows})
    elif rows:
        printer.table(_table(rows))
    else:
        printer.line("Nothing was drawn with reviewers and a rubric yet.")
    return exit_of(records)


def status_rows(workspace: Workspace, record: SampleRecord) -> list[dict[str, object]]:
    """One row for each reviewer of a sample.

    `drawn` are the main cases to mark first, `marked` those begun, `signed` those signed off; `second_due` and
    `second_marked` are the same reviewer's second marks. `overdue` is None: no due date is kept yet.
    """
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
        }
        rows.append({"sample": record.name, "unit": units.get(reviewer.casefold(), ""), "reviewer": reviewer,
                     **dict.fromkeys(COUNTS, 0), **counts, "overdue": None})
    return rows


def _table(rows: list[dict[str, object]]) -> Table:
    shown = (("sample", "Sample"), ("unit", "Unit"), ("reviewer", "Reviewer"), ("drawn", "To mark"),
             ("marked", "Begun"), ("signed", "Signed off"), ("second_due", "Second marks"),
             ("second_marked", "of them signed"))
    columns = tuple(Column(title, "text" if key in ("sample", "unit", "reviewer") else "number")
                    for key, title in shown)
    cells = tuple(tuple(value if isinstance(value := row[key], str | int) else "" for key, _ in shown) for row in rows)
    return Table("status", "Drawn and done", "Only signed-off cases count in the report.", columns, cells)
