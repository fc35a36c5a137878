"""`cqa rubric check`: every problem of a rubric's file, with its line and remedy."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from cqa.commands.here import workspace_here
from cqa.commands.records import mark_rows, read_samples
from cqa.commands.rubrics.approvals import check_versions
from cqa.errors import CODES, BadInput, ExitCode, Problem, only_errors
from cqa.facts import how_many
from cqa.files.rubrics import Draft, RubricFile, find_rubric, read_draft, read_rubric
from cqa.files.shipped import shipped
from cqa.files.workspace import settings_above, workspace_folder
from cqa.rubric.checking import Checked, Marked, Places
from cqa.rubric.model import Rubric
from cqa.rubric.rules import lint
from cqa.screen.printer import Printer
from cqa.world import World


def run(
    world: World, printer: Printer, files: tuple[str, ...], strict: bool = False, samples: tuple[str, ...] = ()
) -> int:
    """Checks rubric files; exit 1 when one has errors (with `strict` also for warnings that no file acknowledges),
    3 when one cannot be opened. `samples` are samples whose marks tell how the levels were used.
    """
    language = settings_above(world.folder).language
    marks = _marks(world, printer, samples) if samples else {}
    problems: list[Problem] = []
    unread = False
    for file in files:
        try:
            draft = read_draft(world.folder / file, language)
        except BadInput as error:
            problems.extend(error.problems)
            unread = True
            continue
        found = checked(world, draft, marks)
        problems.extend(found)
        if not printer.as_json:
            printer.line(_said(file, draft, found))
            for line in _acknowledged(found):
                printer.line(line)
    stopping = [*only_errors(problems), *(_standing(problems) if strict else ())]
    if printer.as_json:
        printer.json({"ok": not stopping, "problems": [problem.as_json() for problem in problems]})
    else:
        printer.problems(problem for problem in problems if not problem.acknowledged)
        printer.line(_closing(problems, strict))
    if unread:
        return ExitCode.BAD_INPUT
    return ExitCode.ANSWER_IS_NO if stopping else ExitCode.DONE


Used = Mapping[tuple[str, str], Marked]
"""How often each level was used, by rubric and version."""


def checked(world: World, draft: Draft, marks: Used, *, versions: bool = True) -> tuple[Problem, ...]:
    """Everything that is wrong with a file, or doubtful, in the order of the file; last, with `versions`, what is wrong
    with its version against those that were approved."""
    if draft.built is None:
        return draft.problems
    rubric = draft.built.draft
    whole = draft.built.rubric is not None and not only_errors(draft.problems)
    found = lint(Checked(draft.where, rubric, Places(draft.root), draft.built.prose, whole,
                         _parent(world, draft, rubric), marks.get((rubric.id, rubric.version))), draft.problems)
    path = Path(draft.where)
    return (*found, *(check_versions(path, read_rubric(path)) if whole and versions else ()))


def clean_rubric(world: World, file: str, language: str, *, versions: bool = True) -> RubricFile:
    """The rubric of a file. Raises BadInput with all of its errors, with `versions` also those of its version."""
    path = world.folder / file
    if errors := only_errors(checked(world, read_draft(path, language), {}, versions=versions)):
        raise BadInput(errors)
    return read_rubric(path, language)


def _parent(world: World, draft: Draft, rubric: Rubric) -> Rubric | None:
    """The rubric that this one is a variant of: beside its file, in the workspace, or shipped."""
    if rubric.variant_of is None:
        return None
    workspace = workspace_folder(world.folder)
    folders = [Path(draft.where).parent, *([workspace / "rubrics"] if workspace else []), shipped("rubrics")]
    return find_rubric(rubric.variant_of.id, rubric.variant_of.version, folders)


def _marks(world: World, printer: Printer, samples: tuple[str, ...]) -> Used:
    """What signed-off marks say of the levels. Raises CqaError for samples that cannot be read."""
    records = read_samples(workspace_here(world), samples)
    counts: dict[tuple[str, str], dict[str, Counter[str]]] = {}
    for row in mark_rows(records):
        if row.signed:
            counts.setdefault((row.rubric, row.version), {}).setdefault(row.question, Counter())[row.mark] += 1
    names = tuple(record.name for record in records)
    return {rubric: Marked(questions, names) for rubric, questions in counts.items()}


def _standing(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The warnings that no file acknowledges."""
    return tuple(one for one in problems if one.severity == "warning" and not one.acknowledged)


def _acknowledged(problems: Sequence[Problem]) -> Iterator[str]:
    """The warnings that the file lets stand: each code once, with its lines and the reason."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for one in problems:
        if one.acknowledged:
            grouped.setdefault((one.code, one.acknowledged), []).append(str(one.line))
    for (code, reason), lines in grouped.items():
        yield f"  {code} acknowledged ({CODES[code]}; line {', '.join(lines)}): {reason}"


def _said(file: str, draft: Draft, problems: Sequence[Problem]) -> str:
    if draft.built is None or not draft.built.draft.title:
        return f"{file}: cannot be read as a rubric. {_counted(problems)}"
    rubric = draft.built.draft
    questions = how_many(len(rubric.questions), "question")
    return f"{file}: {rubric.title}, version {rubric.version}, {questions}. {_counted(problems)}"


def _counted(problems: Sequence[Problem]) -> str:
    numbers = ((len(only_errors(problems)), "error"), (len(_standing(problems)), "warning"))
    told = [how_many(number, word) for number, word in numbers if number]
    acknowledged = sum(bool(one.acknowledged) for one in problems)
    if acknowledged:
        told.append(f"{acknowledged} acknowledged in the file")
    return f"{', '.join(told) or 'Nothing to say'}."


def _closing(problems: Sequence[Problem], strict: bool) -> str:
    errors, warnings = len(only_errors(problems)), len(_standing(problems))
    if errors:
        return f"{how_many(errors, 'error')}."
    return "No errors." if not (warnings and strict) else \
        f"No errors. {how_many(warnings, 'warning')}, which --strict counts."
