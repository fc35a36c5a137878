"""`cqa rubric diff`: what changed between two rubrics, and which earlier marks stay comparable."""

from cqa.errors import ExitCode
from cqa.files.rubrics import RubricFile, read_rubric
from cqa.files.workspace import settings_above
from cqa.rubric.compare import Change, Comparison, compare
from cqa.rubric.steps import falls_short, step_between
from cqa.screen.printer import NARROW, Printer
from cqa.table import Column, Table
from cqa.world import World

ANSWERS = {"yes": "yes", "top": "only top against not-top", "no": "no"}


def run(world: World, printer: Printer, before: str, after: str) -> int:
    """Compares two rubric files. Raises BadInput with every error found in either."""
    language = settings_above(world.folder).language
    old, new = (read_rubric(world.folder / file, language) for file in (before, after))
    found = compare(old.rubric, new.rubric)
    if printer.as_json:
        printer.json(_json(old, new, found))
    else:
        _show(printer, old, new, found)
    return ExitCode.DONE


def _json(old: RubricFile, new: RubricFile, found: Comparison) -> dict[str, object]:
    told: dict[str, object] = {
        name: {"id": file.rubric.id, "version": file.rubric.version, "sha256": file.sha256}
        for name, file in (("before", old), ("after", new))}
    return {
        **told,
        "changes": [{"kind": change.kind, "question": change.question or None, "what": change.what,
                     "before": change.before, "after": change.after} for change in found.changes],
        "comparable": [{"question": one.question, "comparable": one.answer, "why": one.why}
                       for one in found.comparable],
        "step": {"needed": found.needed, "taken": step_between(old.rubric.version, new.rubric.version)},
    }


def _show(printer: Printer, old: RubricFile, new: RubricFile, found: Comparison) -> None:
    printer.line(f"From {_named(old)}")
    printer.line(f"to   {_named(new)}")
    if not found.changes:
        printer.line("\nNothing has changed but, perhaps, comments and layout." if old.sha256 != new.sha256
                     else "\nThe files are the same.")
        return
    told = _told_by_the_variant(old, new)
    for change in found.changes:
        if change.kind != "removed" or change.question not in told:
            _show_change(printer, change)
    if told:
        printer.line()
        printer.paragraph(f"removed, as the variant itself says: {', '.join(sorted(told))}", hanging=2)
    printer.line()
    _show_comparable(printer, found)
    printer.line()
    printer.paragraph(_step(old, new, found))


def _told_by_the_variant(old: RubricFile, new: RubricFile) -> set[str]:
    """The questions of the parent that a variant leaves out or asks in another form; it says so itself."""
    variant = new.rubric.variant_of
    if variant is None or variant.id != old.rubric.id:
        return set()
    matched = {name for question in new.rubric.questions if question.corresponds_to
               for name in question.corresponds_to.questions}
    return ({*new.rubric.dropped, *matched} & set(old.rubric.by_id)) - set(new.rubric.by_id)


def _named(file: RubricFile) -> str:
    return f"{file.rubric.id} {file.rubric.version} ({file.rubric.status}), SHA-256 {file.sha256[:16]}"


def _show_change(printer: Printer, change: Change) -> None:
    printer.line()
    printer.line(f"{change.kind}: {f'{change.question}, ' if change.question else ''}{change.what}")
    printer.paragraph(f"- {change.before}", 2, 2)
    printer.paragraph(f"+ {change.after}", 2, 2)


def _show_comparable(printer: Printer, found: Comparison) -> None:
    """Every question whose earlier marks do not simply stay comparable; the others in one sentence."""
    plain = [one.question for one in found.comparable if one.answer == "yes" and one.why.startswith("Nothing")]
    rows = tuple((one.question, ANSWERS[one.answer], one.why) for one in found.comparable if one.question not in plain)
    columns = (Column("Question", "id"), Column("Comparable"), Column("Why", "long"))
    if rows:
        printer.table(Table("comparable", "Earlier marks", "", columns, rows), NARROW)
    if plain:
        printer.paragraph(f"Comparable without reserve: {', '.join(plain)}.")


def _step(old: RubricFile, new: RubricFile, found: Comparison) -> str:
    taken = step_between(old.rubric.version, new.rubric.version)
    told = f"These changes ask for a step of the version that is at least: {found.needed}"
    if old.rubric.id != new.rubric.id:
        return "The two have different ids, so their versions are not compared."
    if taken is None:
        return f"{told}. {old.rubric.version} to {new.rubric.version} is no step forward that can be judged."
    verdict = "too small" if falls_short(taken, found.needed) else "enough"
    return f"{told}. {old.rubric.version} to {new.rubric.version} is: {taken}, which is {verdict}."
