"""`cqa verify`: derives draw and assignment again and says what differs; reads every journal's chain."""

from cqa.commands.draw import frame_of
from cqa.errors import BadInput, Damaged, ExitCode, Problem, only_errors
from cqa.files.exports import FOUND_BY_ITSELF, read_export
from cqa.files.journal import read_journal
from cqa.files.sample_folder import SampleFolder, open_sample
from cqa.files.workspace import Workspace, find_workspace
from cqa.sampling.verify import check_against, check_alone
from cqa.screen.printer import Printer, listed
from cqa.world import World


def run(world: World, printer: Printer, names: tuple[str, ...], export: str | None) -> int:
    """Verifies the named samples, or all. Raises WrongUse for an unknown one, BadInput for an unusable export."""
    workspace = find_workspace(world.folder)
    problems: list[Problem] = []
    checked: dict[str, object] = {}
    for name in names or workspace.sample_names():
        found, told = _verify(world, workspace, name, export)
        problems.extend(found)
        checked[name] = told
    errors = only_errors(problems)
    if printer.as_json:
        printer.json({"ok": not errors, "problems": [problem.as_json() for problem in problems], "checked": checked})
    else:
        _tell(printer, problems, checked)
    if any(problem.code.startswith("J") for problem in errors):
        return ExitCode.DAMAGED
    return ExitCode.ANSWER_IS_NO if errors else ExitCode.DONE


def _verify(
    world: World, workspace: Workspace, name: str, export: str | None
) -> tuple[list[Problem], dict[str, object]]:
    try:
        folder = open_sample(workspace, name)
    except (Damaged, BadInput) as error:
        return list(error.problems), {"files": False}
    where = str(folder.path)
    problems = check_alone(folder.sample, where)
    problems.extend(_rubric_problems(folder))
    told: dict[str, object] = {"files": True, "cases": len(folder.sample.cases),
                               "assignments": len(folder.sample.assignments), "export": export is not None}
    if export is not None:
        problems.extend(_export_problems(world, folder, export))
    lines = 0
    for path in sorted(folder.path.glob("*/*.jsonl")):
        reading = read_journal(path)
        problems.extend(reading.problems)
        lines += len(reading.lines)
    told["journal_lines"] = lines
    return problems, told


def _rubric_problems(folder: SampleFolder) -> tuple[Problem, ...]:
    if folder.sample.plan.rubric is None:
        return ()
    try:
        folder.rubric_bytes()
    except Damaged as error:
        return error.problems
    return ()


def _export_problems(world: World, folder: SampleFolder, export: str) -> list[Problem]:
    plan, recorded = folder.sample.plan, folder.sample.source.encoding
    # A re-export in another encoding has the same frame: only one that cannot be found by itself is taken as recorded.
    encoding = "" if recorded in FOUND_BY_ITSELF else recorded
    read = read_export(world.folder / export, plan.columns.names, encoding)
    frame = frame_of(read, plan)
    return check_against(folder.sample, frame, read.source, str(folder.path))


def _tell(printer: Printer, problems: list[Problem], checked: dict[str, object]) -> None:
    printer.problems(problems)
    if not checked:
        printer.line("There are no samples here.")
    elif only_errors(problems):
        printer.line(f"{len(only_errors(problems))} problems found in {listed(sorted(checked))}.")
    else:
        printer.line(f"{listed(sorted(checked))}: everything was derived again and agrees.")
