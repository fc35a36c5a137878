"""`cqa demo`: the whole loop on the synthetic export: draw, marks by simulated reviewers, report."""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from cqa.commands.demo.demo_leaders import LEADER, LEFT_UNSETTLED, DemoLeaders
from cqa.commands.demo.demo_reviewers import SEVERITY, DemoReviewer
from cqa.commands.demo.init import write_workspace
from cqa.commands.drawing import draw
from cqa.commands.drawing.planning import PlanOptions
from cqa.commands.marking.sitting import open_sitting
from cqa.commands.reports import report
from cqa.commands.rubrics import rubric_approve
from cqa.errors import ExitCode, NotSaved, Problem, WrongUse
from cqa.files.sample_folder import SampleFolder, open_sample
from cqa.files.shipped import shipped
from cqa.files.workspace import SETTINGS_FILE, find_workspace
from cqa.screen.printer import Printer
from cqa.screen.script import answer_line
from cqa.world import World

DEFAULT_FOLDER = "cqa-demo"
EXPORT = "area-quarter.csv"
RUBRIC = "rubrics/prosecution.yaml"
SEED = "62915307748210396654"
TAKE = 30
SECOND = "0.4"
_SCHEME = """
# What the demo's scheme asks for.
calibration: {rate: 5%, clearance: 70%}
plan: {per: reviewer, cases: 30, period: quarter, second: 20%}
"""
LEFT_OPEN = ("s-patel", 3)
"""One reviewer has not finished: what is not done must be seen in the report."""


def run(world: World, printer: Printer, folder: str) -> int:
    """The whole loop in `folder`; another run there draws another sample. Raises NotSaved when it cannot be written,
    WrongUse when the folder holds something else."""
    root = world.folder / (folder or DEFAULT_FOLDER)
    prepare(root)
    # The simulated reviewers are no persons of this device: what it remembers of its user stays as it is.
    inside = replace(world, folder=root, home=root / ".simulated-device")
    workspace = find_workspace(root)
    name = _free_name(workspace.sample_names())
    rubric_approve.run(inside, printer, RUBRIC, LEADER)
    printer.line(f"\n1. Draw: {TAKE} cases of each unit from {EXPORT}, {SECOND} of them to be marked twice.")
    draw.run(inside, printer, _options(name), SEED if name == "demo" else None)
    sample = open_sample(workspace, name)
    printer.line(f"\n2. Mark: {len(SEVERITY)} simulated reviewers, through the same door as cqa assess --script.")
    mark(inside, printer, sample)
    leaders = DemoLeaders(inside, sample)
    printer.line(f"\n3. Moderate: {LEADER} settles the cases whose two markers differ, but for {LEFT_UNSETTLED}; "
                 "agrees reference marks; slips calibration cases in.")
    leaders.moderate()
    leaders.agree_references()
    mark(inside, printer, sample, leaders.slip_in())
    printer.line("\n4. Look again: a second look where the overall result is low, and a dip-sample by the second line.")
    mark(inside, printer, sample, leaders.look_again())
    printer.line("\n5. Feed back: what was good, and what to do next, to the first few handlers.")
    leaders.feed_back()
    printer.line("\n6. Report.")
    report.run(inside, printer, (name,))
    _tell(world, printer, root, name)
    return ExitCode.DONE


def prepare(root: Path) -> None:
    """A workspace with the synthetic export in it."""
    if not (root / SETTINGS_FILE).is_file():
        if root.exists() and (not root.is_dir() or any(root.iterdir())):
            raise WrongUse(Problem("P003", "The folder is not empty and is no workspace.",
                                   "Name a new folder: cqa demo my-demo", str(root)))
        write_workspace(root)
        with (root / SETTINGS_FILE).open("a", encoding="utf-8", newline="\n") as settings:
            settings.write(_SCHEME)
    try:
        (root / EXPORT).write_bytes((shipped("samples") / EXPORT).read_bytes())
    except OSError as error:
        raise NotSaved(Problem("P004", f"The export could not be copied: {error.strerror}.", "Choose another folder.",
                               str(root))) from error


def _free_name(taken: tuple[str, ...]) -> str:
    return next(name for number in range(1, 10_000)
                if (name := "demo" if number == 1 else f"demo-{number}") not in taken)


def _options(name: str) -> PlanOptions:
    return PlanOptions(
        exports=(EXPORT,), sample=name, case_id="case_id", by=("unit",), take=TAKE, reserves=10, second=SECOND,
        rubric=RUBRIC, reviewers=tuple(SEVERITY),
        handled_by=("prosecutor_id",),
        collapse=("plea=all", "outcome=all", "in_custody=any"))


def mark(
    world: World, printer: Printer, sample: SampleFolder, given: Mapping[str, Sequence[str]] | None = None
) -> None:
    """Every simulated reviewer marks their cases, line by line through the script front end: those `given` to each by
    name, else all that the draw gave them, but for what one of them leaves open."""
    total = sum(map(len, given.values())) if given is not None else sum(
        mark.case_id in {case.case_id for case in sample.sample.cases if case.main}
        for mark in sample.sample.assignments)
    with printer.progress("Marking", total) as steps:
        for name in SEVERITY if given is None else given:
            reviewer = DemoReviewer(name, sample.sample.seed)
            with open_sitting(world, sample, name) as sitting:
                cases = list(sitting.state.cases)
                stop = len(cases) - LEFT_OPEN[1] if name == LEFT_OPEN[0] else len(cases)
                for case_id in cases[:stop] if given is None else given[name]:
                    while lines := list(reviewer.lines(sitting.state, case_id)):
                        for line in lines:
                            answer_line(line, sitting)
                    steps.advance()


def typed(world: World, *words: str) -> str:
    """A command line that starts this cqa from any folder, quoted for the shell in use (PowerShell on Windows)."""
    if not world.windows:
        return shlex.join((*world.program, *words))
    quoted = ["'" + word.replace("'", "''") + "'" if re.search(r"[^\w.:\\/-]", word) else word
              for word in (*world.program, *words)]
    return f"& {' '.join(quoted)}"


def _tell(world: World, printer: Printer, root: Path, name: str) -> None:
    told = ", ".join(f"{reviewer} {shift:+g}" for reviewer, shift in SEVERITY.items())
    place = "'" + str(root).replace("'", "''") + "'" if world.windows else shlex.quote(str(root))
    printer.line(f"""
The simulated severities were (positive = more severe): {told}.

Open these:
  {root / 'reports' / f'{name}-consistency.xlsx'}
  {root / 'samples' / name / 'books' / 'a-byrne.xlsx'}

{LEFT_OPEN[0]} has {LEFT_OPEN[1]} cases left. Try marking one yourself:
  cd {place}
  {typed(world, 'assess', '--sample', name, '--as', LEFT_OPEN[0], '--plain')}

and check that the draw was not tampered with:
  {typed(world, 'verify', name, '--export', EXPORT)}""")
