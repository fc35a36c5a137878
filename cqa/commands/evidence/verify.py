"""`cqa verify`: derives draw and assignment again and says what differs; reads every journal's chain."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from cqa.commands.drawing.draw import open_again
from cqa.commands.drawing.gathering import gather_in_parts
from cqa.commands.drawing.planning import assessed_cases
from cqa.commands.evidence.checks import draw_checks, journal_checks
from cqa.commands.evidence.verify_changes import check_anchors
from cqa.commands.evidence.verify_retired import agreed_retired, check_retired
from cqa.commands.evidence.verify_take import agreed_takes, check_take
from cqa.commands.here import workspace_here
from cqa.commands.trials.checking import agreed_trials, beside
from cqa.errors import BadInput, CqaError, Damaged, ExitCode, Problem, only_errors
from cqa.facts import how_many
from cqa.files.anchors import Anchor, anchors_in
from cqa.files.exports import ExportFiles
from cqa.files.retiring import record_place, retired_names
from cqa.files.sample_folder import (
    ASSIGNMENTS,
    CASES,
    FRAME,
    SampleFolder,
    is_planned,
    open_sample,
    read_committed,
    read_sample,
)
from cqa.files.workspace import Workspace
from cqa.sampling.derive import derive
from cqa.sampling.plan import Sample
from cqa.sampling.shapes import unwrapped
from cqa.sampling.survey import Frame
from cqa.sampling.ticket import normal_id
from cqa.sampling.trial import ARMS, arm_name
from cqa.sampling.verify import (
    Place,
    check_drawn,
    check_sources,
    compare_frames,
)
from cqa.sampling.withholding import without
from cqa.screen.printer import Printer, listed
from cqa.world import World

Anchors = Mapping[Path, tuple[Anchor, ...]]
"""The files that were named, each with the anchors it holds."""


def run(
    world: World, printer: Printer, names: tuple[str, ...], exports: tuple[str, ...], anchors: tuple[str, ...] = ()
) -> int:
    """Verifies the named samples, or all; their journals against the anchors that the files hold. Raises WrongUse for
    an unknown one, BadInput for a file without an anchor."""
    workspace = workspace_here(world)
    held = {path: anchors_in(path) for path in dict.fromkeys(world.folder / name for name in anchors)}
    problems: list[Problem] = []
    checked: dict[str, dict[str, object]] = {}
    unusable = False
    every = (*workspace.folder_names(), *retired_names(workspace.root))
    for name in dict.fromkeys(name for one in names or every for name in _meant(one.casefold(), every)):
        try:
            found, told, bad = _verify(world, workspace, name, (exports, held), bool(names))
        except PermissionError as error:
            unread = Problem("S004", f"The sample cannot be read: {error.strerror}.", "Ask for permission to read it.",
                             str(error.filename))
            found, told, bad = [unread], {"files": False}, False
        problems.extend(found)
        checked[name] = told
        unusable = unusable or bad
    problems = list(dict.fromkeys(problems))
    foreign = _not_here(held, checked)
    problems.extend(foreign)
    errors = only_errors(problems)
    if printer.as_json:
        printer.json({"ok": not errors, "problems": [problem.as_json() for problem in problems], "checked": checked})
    else:
        _tell(printer, problems, checked)
    if any(problem.code.startswith("J") for problem in errors if problem not in foreign):
        return ExitCode.DAMAGED
    return ExitCode.BAD_INPUT if unusable or foreign else ExitCode.ANSWER_IS_NO if errors else ExitCode.DONE


def _meant(name: str, known: Collection[str]) -> Iterable[str]:
    """The sample of that name; where it is a trial's, both of its samples."""
    both = [arm_name(name, arm) for arm in ARMS]
    return both if name not in known and all(one in known for one in both) else (name,)


def _not_here(anchors: Anchors, checked: Mapping[str, object]) -> list[Problem]:
    """A problem for every file of which no anchor is of a sample that was looked at."""
    return [Problem("J017", f"The anchor in this file is of {listed([anchor.sample for anchor in found])}, which was "
                    "not looked at.", "Name that sample, or an anchor of this one.", str(path))
            for path, found in anchors.items() if not any(anchor.sample in checked for anchor in found)]


def _verify(
    world: World, workspace: Workspace, name: str, against: tuple[tuple[str, ...], Anchors], asked: bool
) -> tuple[list[Problem], dict[str, object], bool]:
    """The problems of one sample, what was looked at, and whether the export could not be used. `against` are the
    exports and the anchors that it is held against."""
    exports, anchors = against
    folder = workspace.sample_folder(name)
    if record_place(folder).exists() and not folder.exists():
        return (*check_retired(folder), False)
    if is_planned(folder):
        return _planned(folder)
    if not folder.is_dir() and asked:
        open_sample(workspace, name)  # refuses, and says which there are
    problems = check_retired(folder)[0] if record_place(folder).exists() else []
    try:
        sample = read_sample(folder, problems.append)
    except (Damaged, BadInput) as error:
        return [*problems, *error.problems], {"files": False}, False
    if sample.taken:
        return check_take(sample, problems, exports)
    told: dict[str, object] = {"files": not problems, "cases": len(sample.sample.cases), "frame_list": sample.listed,
                               "assignments": len(sample.sample.assignments), "export": bool(exports),
                               "rules": dict(sample.sample.plan.rules)}
    checks, recorded = draw_checks(sample, problems)
    problems = [problem for check in checks for problem in check.problems]
    if trial := sample.sample.plan.trial:
        apart = any(problem.code == "S085" for problem in problems)
        told["trial"] = {"name": trial.name, "arm": trial.arm, "both": beside(sample) and not apart}
    unusable = False
    try:
        problems.extend(_export_problems(world, workspace, sample, exports, recorded))
    except CqaError as error:
        problems.extend(error.problems)
        unusable = True
    checks, counts = journal_checks(sample)
    problems.extend(problem for check in checks for problem in check.problems)
    told.update(counts)
    found, told["anchored"] = check_anchors(sample, anchors)
    problems.extend(found)
    return list(dict.fromkeys(problems)), told, unusable


def _planned(folder: Path) -> tuple[list[Problem], dict[str, object], bool]:
    try:
        read_committed(folder)
    except Damaged as error:
        return list(error.problems), {"planned": True, "files": False}, False
    drawn = [name for name in (CASES, ASSIGNMENTS, FRAME) if (folder / name).exists()]
    if drawn:
        return [Problem("S004", f"There is no sample.yaml, though the sample was drawn: {listed(drawn)} are there.",
                        "Restore the sample's folder from a copy. If the draw was cut off, draw again with the same "
                        "seed.", str(folder))], {"planned": True, "files": False}, False
    return [], {"planned": True, "files": True}, False


def _export_problems(
    world: World, workspace: Workspace, folder: SampleFolder, exports: tuple[str, ...], recorded: Frame | None
) -> list[Problem]:
    """The draw derived again from the export, and what in the export is not as it was."""
    if not exports:
        return []
    sample, where = folder.sample, str(folder.path)
    export = open_again([world.folder / path for path in exports], folder.committed)
    frame, derived = derive(sample.plan, export, assessed_cases(workspace, sample.plan.register), sample.seed,
                            gathering=gather_in_parts)
    derived = replace(derived, cases=tuple(without(case, folder.withheld) for case in derived.cases))
    problems = []
    if Counter(source.sha256 for source in export.sources) != Counter(source.sha256 for source in sample.sources):
        problems.append(Problem("S007", f"The export '{export.where}' is not byte for byte the one recorded "
                                f"('{listed([source.name for source in sample.sources])}').",
                                "If it was exported again, the frame decides.", where, severity="warning"))
    problems.extend(check_sources(sample.sources, export.sources, where))
    if recorded is not None:
        problems.extend(_frame_problems(folder, export, recorded, frame))
    problems.extend(check_drawn(sample, frame, derived, where, facts=True))
    return problems


def _frame_problems(
    folder: SampleFolder, export: ExportFiles, recorded: Frame, frame: Frame
) -> list[Problem]:
    """Case by case, where the frame's list and the export differ."""
    by = (*folder.sample.plan.columns.by, *folder.sample.plan.columns.per)
    return compare_frames(_places(recorded), _places(frame), by, str(folder.path),
                          lambda ids: _lines(export, folder.sample, ids))


def _places(frame: Frame) -> dict[str, Place]:
    return {case_id: Place(*told) for ids, places, _ in frame.listing()
            for case_id, told in zip(ids, places, strict=True)}


def _lines(export: ExportFiles, sample: Sample, ids: set[str]) -> dict[str, tuple[str, int]]:
    """The file and line on which each of the cases begins."""
    place = export.place(sample.plan.columns.case_id)
    found: dict[str, tuple[str, int]] = {}
    for batch in export.batches() if place is not None else ():
        for line, row in zip(batch.lines, batch.rows, strict=True):
            case_id = normal_id(unwrapped(row[place or 0]))
            if case_id in ids:
                found.setdefault(case_id, (batch.where, line))
    return found


def _tell(printer: Printer, problems: list[Problem], checked: Mapping[str, Mapping[str, object]]) -> None:
    printer.problems(problems)
    errors = only_errors(problems)
    if not checked:
        printer.line("There are no samples here.")
    elif errors:
        printer.line(f"{listed(sorted(checked))}: {how_many(len(errors), 'problem')} listed above.")
        if not any(told.get("anchored") for told in checked.values()):
            printer.line(LIMIT)
    else:
        for line in _agreed(checked):
            printer.line(line)


LIMIT = ("Seals and chains show accidents and careless edits. That whole lines were cut off a journal's end, or that "
         "all of it was written anew, only an anchor shows that somebody else kept: cqa verify --anchor FILE, with a "
         "workbook or a pack that cqa wrote.")


def _agreed(checked: Mapping[str, Mapping[str, object]]) -> list[str]:
    """In words, of which samples what was checked; of a plan nothing can be derived before there is a seed."""
    planned = sorted(name for name, told in checked.items() if told.get("planned"))
    apart = ("planned", "take", "retired")
    drawn = sorted(name for name, told in checked.items() if not any(map(told.get, apart)))
    told = [f"{listed(drawn)}: everything was derived again and agrees."] if drawn else []
    told.extend((*agreed_trials(checked), *agreed_takes(checked), *agreed_retired(checked)))
    anchored = sum(int(str(told.get("anchored", 0))) for told in checked.values())
    if anchored:
        told.append(f"{how_many(anchored, 'journal')} held against an anchor: nothing up to there was changed.")
    elif any(told.get("journal_lines") for told in checked.values()):
        told.append(LIMIT)
    if planned:
        told.append(f"{listed(planned)}: planned and not drawn; the plan is as it was written. Hold its commitment "
                    "(SHA-256 of plan.yaml) against the one that was published.")
    return told
