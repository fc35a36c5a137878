"""`cqa demo --trial`: a trial of the shorter form against the one that stands, by reviewers whose error is known."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from cqa.commands.demo.demo import DEFAULT_FOLDER, EXPORT, prepare, typed
from cqa.commands.demo.demo_reviewers import OFF_SCALE, PARTLY_MET_BELOW, fact_found
from cqa.commands.drawing.planning import PlanOptions
from cqa.commands.marking.sitting import open_sitting
from cqa.commands.trials import design, report
from cqa.commands.trials.arms import Arm, open_arms
from cqa.commands.trials.demo_reviewers import ERROR, PANEL, TrialReviewer
from cqa.commands.trials.demo_truth import Eyes, Truth, put_in, truth_of
from cqa.commands.trials.forms import Forms, read_forms
from cqa.commands.trials.ground import ground_of_trial
from cqa.commands.trials.serving import served
from cqa.consistency.cells import or_word
from cqa.consistency.trials.apart import Apart
from cqa.consistency.trials.data import PARENT, VARIANT, TrialData
from cqa.consistency.trials.difference import difference_of
from cqa.errors import ExitCode
from cqa.files.workspace import Workspace, find_workspace
from cqa.marking.standing import known_facts
from cqa.sampling.trial import ARMS
from cqa.screen.printer import NARROW, Printer
from cqa.screen.script import answer_line
from cqa.table import Column, Row, Table
from cqa.world import World

PARENT_FILE, VARIANT_FILE = "rubrics/prosecution.yaml", "rubrics/prosecution-short.yaml"
SEED = "20518846379915270364"
CASES = 40
_DAYS = 10
"""So long before now the trial was designed: no simulated mark lies ahead of the clock, and no feedback is overdue."""
_A_DAY = 8
"""So many cases a reviewer marks in a day."""
_READING = timedelta(minutes=9)
"""How long a file is read before the first mark: a pause at the keyboard, longer than any between two marks."""


class Clock:
    """The clock of the simulated reviewers: it moves on only where it is told to."""

    def __init__(self, begin: datetime) -> None:
        self.time = begin

    def __call__(self) -> datetime:
        """The present moment."""
        return self.time

    def pass_by(self, time: timedelta) -> None:
        """So much time goes by."""
        self.time += time

    def next_morning(self) -> None:
        """It is nine in the morning of the next working day."""
        self.time = self.time.replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=1)
        while self.time.weekday() > 4:
            self.time += timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Simulated:
    """One simulated trial: its forms, what is true of its cases, and its reviewers' world with their clock."""

    forms: Forms
    arms: Mapping[int, Arm]
    truth: Truth
    world: World
    workspace: Workspace

    @property
    def name(self) -> str:
        """The trial's name."""
        return self.arms[1].trial.name

    def form(self, arm: int) -> str:
        """Whether an arm is marked by the parent or the variant."""
        return self.arms[1].trial.form(arm)

    @property
    def cases(self) -> tuple[str, ...]:
        """The cases of the trial."""
        return tuple(case.case_id for case in self.arms[1].folder.sample.cases if case.main)

    def put_in(self) -> tuple[float, float]:
        """The mean AC2 that reviewers of this error come to, by the parent and by the variant."""
        parent, variant = (Eyes(tuple(PANEL.values()), ERROR[form], PARTLY_MET_BELOW, OFF_SCALE)
                           for form in (PARENT, VARIANT))
        return put_in(self.truth, self.forms.matched, self.forms.variant.rubric, self.cases, (parent, variant))


def run(world: World, printer: Printer, folder: str) -> int:
    """Designs a trial in `folder`, has it marked by simulated reviewers and reports on it; another run there designs
    another trial. Raises NotSaved when it cannot be written, WrongUse when the folder holds something else."""
    root = world.folder / (folder or DEFAULT_FOLDER)
    prepare(root)
    begin = world.now().astimezone(UTC) - timedelta(days=_DAYS)
    # The simulated reviewers are no persons of this device: what it remembers of its user stays as it is.
    inside = replace(world, folder=root, home=root / ".simulated-device", now=Clock(begin))
    workspace = find_workspace(root)
    name = _free_name(workspace.sample_names())
    printer.line(f"\n1. Design: {CASES} cases of {EXPORT}, each to be marked by two of {len(PANEL)} reviewers under "
                 "each form.")
    design.run(inside, printer, _options(name, workspace))
    trial = _simulated(inside, find_workspace(root), name)
    printer.line("\n2. Mark: each reviewer all their cases by one form, then all by the other, through the same door "
                 "as cqa assess --script.")
    mark(printer, trial)
    printer.line("\n3. Report.")
    report.run(replace(inside, now=world.now), printer, name)
    _tell(world, printer, trial, root)
    return ExitCode.DONE


def _free_name(taken: Sequence[str]) -> str:
    return next(name for number in range(1, 10_000)
                if f"{(name := 'pilot' if number == 1 else f'pilot{number}')}-1" not in taken)


def _options(name: str, workspace: Workspace) -> design.DesignOptions:
    draw = PlanOptions(exports=(EXPORT,), sample=name, case_id="case_id", by=("unit",), reviewers=tuple(PANEL),
                       handled_by=("prosecutor_id",),
                       collapse=("plea=all", "outcome=all", "in_custody=any"))
    return design.DesignOptions(name, PARENT_FILE, VARIANT_FILE, CASES, draw, seed=SEED if name == "pilot" else None)


def _simulated(world: World, workspace: Workspace, name: str) -> Simulated:
    forms, arms = read_forms(world, PARENT_FILE, VARIANT_FILE), open_arms(workspace, name)
    sample, rubric = arms[arms[1].trial.parent].folder.sample, forms.parent.rubric
    found = {case.case_id: known_facts(rubric, case.facts, {
        fact.id: fact_found(sample.seed, case.case_id, fact.id, fact.type) for fact in rubric.facts})
        for case in sample.cases if case.main}
    return Simulated(forms, arms, truth_of(sample.seed, rubric, forms.variant.rubric, found), world, workspace)


def mark(printer: Printer, trial: Simulated) -> None:
    """Every reviewer marks their cases by both forms, in the order in which they are served."""
    total = len(PANEL) * len(ARMS)
    with printer.progress("Marking", total) as steps:
        for name in PANEL:
            clock = Clock(trial.world.now())
            world = replace(trial.world, now=clock)
            for _ in ARMS:
                clock.next_morning()
                _mark_a_form(world, trial, name, clock)
                steps.advance()


def _mark_a_form(world: World, trial: Simulated, name: str, clock: Clock) -> None:
    """All cases that a reviewer has by the form that comes next."""
    place = served(world, trial.workspace, trial.name, name)
    arm = next(arm for arm, one in trial.arms.items() if one.folder.path == place.folder.path)
    reviewer = TrialReviewer(name, trial.truth.seed, trial.form(arm), trial.truth)
    with open_sitting(world, place.folder, name) as sitting:
        for number, case_id in enumerate(sitting.state.cases):
            if number and number % _A_DAY == 0:
                clock.next_morning()
            clock.pass_by(_READING)
            while lines := list(reviewer.lines(sitting.state, case_id)):
                for line in lines:
                    clock.pass_by(timedelta(seconds=reviewer.seconds(line)))
                    answer_line(line, sitting)


def _tell(world: World, printer: Printer, trial: Simulated, root: Path) -> None:
    """What was found, beside what was put in; then what to open and to type."""
    data = ground_of_trial(trial.workspace, trial.name).data
    printer.line()
    printer.table(_both_table(trial.put_in(), difference_of(data).headline["ac2"], data), NARROW)
    place = "'" + str(root).replace("'", "''") + "'" if world.windows else shlex.quote(str(root))
    samples = [trial.arms[arm].folder.sample.name for arm in ARMS]
    printer.line(f"""
Open this:
  {report.book_place(trial.workspace, trial.name, hidden=trial.workspace.settings.names == "hidden")}

Ask for the report again, and check that nothing was tampered with:
  cd {place}
  {typed(world, "trial", "report", trial.name)}
  {typed(world, "verify", *samples, "--export", EXPORT)}""")


def _both_table(known: tuple[float, float], main: Apart, data: TrialData) -> Table:
    columns = (Column("", "id"), Column("Parent", "decimal"), Column("Variant", "decimal"),
               Column("Variant less parent", "text"))
    spread = f" ({main.low:+.2f} to {main.high:+.2f})" if main.low is not None and main.high is not None else ""
    minutes = [median([one.minutes for one in form.signed if one.minutes is not None]) for form in data.forms]
    rows: tuple[Row, ...] = (
        ("error of one judgement, put in", ERROR[PARENT], ERROR[VARIANT], f"{ERROR[VARIANT] - ERROR[PARENT]:+.2f}"),
        ("mean AC2, put in", *known, f"{known[1] - known[0]:+.2f}"),
        ("mean AC2, found", *or_word((main.parent, main.variant)),
         "not given" if main.difference is None else f"{main.difference:+.2f}{spread}"),
        ("minutes at a case, found", *minutes, f"{minutes[1] - minutes[0]:+.1f}"),
    )
    return Table("both", "What was put in, and what was found", "Error in standard deviations of casework quality. "
                 f"Mean AC2 put in: of ever more cases of the same make as these {CASES}, marked by any two of these "
                 "reviewers, over the questions that compare. Both forms draw the line at one quality; eyes that err "
                 "more see the best level less often.", columns, rows)
