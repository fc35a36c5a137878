"""`cqa rubric check`: every problem of a rubric's file, with its line and remedy."""

from cqa.commands.approvals import check_versions
from cqa.errors import ExitCode, Problem, only_errors
from cqa.files.rubrics import check_rubric, read_rubric
from cqa.screen.printer import Printer
from cqa.world import World


def run(world: World, printer: Printer, files: tuple[str, ...]) -> int:
    """Checks rubric files; exit 1 when one has errors, 3 when one cannot be read."""
    problems: list[Problem] = []
    for file in files:
        rubric, found = check_rubric(world.folder / file)
        problems.extend(found)
        if rubric is not None:
            problems.extend(check_versions(world.folder / file, read_rubric(world.folder / file)))
        if rubric is not None and not printer.as_json:
            printer.line(f"{file}: {rubric.title}, version {rubric.version}, {len(rubric.questions)} questions.")
    errors = only_errors(problems)
    if printer.as_json:
        printer.json({"ok": not errors, "problems": [problem.as_json() for problem in problems]})
    else:
        printer.problems(problems)
        printer.line(f"{len(errors)} errors." if errors else "No errors.")
    if any(problem.code == "R001" for problem in errors):
        return ExitCode.BAD_INPUT
    return ExitCode.ANSWER_IS_NO if errors else ExitCode.DONE
