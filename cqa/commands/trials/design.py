"""`cqa trial design`: the cases, the markers and the rule of a trial of two forms, before anything is marked."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from cqa.commands.drawing.draw import absent_facts, tell_read
from cqa.commands.drawing.gathering import gather_in_parts
from cqa.commands.drawing.planning import PlanOptions, assessed_cases, make_plan
from cqa.commands.here import workspace_here
from cqa.commands.trials.design_words import Made, design_json, tell_design
from cqa.commands.trials.forms import Forms, read_forms
from cqa.errors import CqaError, ExitCode, Problem, WrongUse
from cqa.facts import how_many, share
from cqa.files.exports import ExportFiles
from cqa.files.rubrics import RubricFile
from cqa.files.sample_folder import read_sample
from cqa.files.sample_writing import refuse_taken, unwrite_sample, write_sample
from cqa.files.sealing import sealed
from cqa.files.workspace import Workspace, checked_name
from cqa.rubric.use import used_beside
from cqa.sampling.crossover import LEAST_REVIEWERS, doubts_of
from cqa.sampling.derive import derive
from cqa.sampling.plan import Derived, Plan, Register, Sample, plan_record
from cqa.sampling.survey import Frame
from cqa.sampling.ticket import SEED_DIGITS, checked_seed
from cqa.sampling.trial import (
    ARMS,
    DESIGNS,
    MEASURES,
    Design,
    Form,
    Trial,
    Verdict,
    arm_name,
    parents_arm,
)
from cqa.screen.printer import Printer
from cqa.tree import did_you_mean
from cqa.world import World

if TYPE_CHECKING:
    from cqa.consistency.trials.power import Power

RUNS = 400
MOST_CASES = 1000
"""More, each marked by two under each form, are no trial: a mistyped number would be drawn for good."""
NO_POWER = "No power was said: no simulation was wanted."
_MONTHS = 1200
"""The second arm of a parallel design leaves out the cases of the first, however long ago that was drawn."""


@dataclass(frozen=True, slots=True)
class DesignOptions:
    """The options of `trial design` as typed. `draw` holds those that `cqa draw` knows too."""

    name: str
    parent: str
    variant: str
    cases: int
    draw: PlanOptions
    design: str = "crossover"
    measure: str = "ac2"
    difference: str = "0.05"
    parent_only: tuple[str, ...] = ()
    variant_only: tuple[str, ...] = ()
    force: bool = False
    seed: str | None = None
    runs: int = RUNS


@dataclass(frozen=True, slots=True)
class Drawn:
    """One arm as it is to be written."""

    plan: Plan
    export: ExportFiles
    frame: Frame
    derived: Derived
    stamp: str

    def saying(self, power: str) -> "Drawn":
        """With what was said of the trial's power in its plan."""
        trial = self.plan.trial
        return replace(self, plan=replace(self.plan, trial=replace(trial, power=power) if trial else None))


def run(world: World, printer: Printer, options: DesignOptions) -> int:
    """Draws the cases of a trial, says who marks what and what the trial can find, and writes both samples, or neither.

    Raises WrongUse for names and options, with every one that is wrong, and for reviewers who use one form alone
    unless that is forced; BadInput for the export, the rubrics and what the variant says it corresponds to; NotSaved
    for the disk.
    """
    workspace = workspace_here(world)
    name = checked_name(options.name, "trial")
    folders = {arm: workspace.sample_folder(checked_name(arm_name(name, arm), "sample")) for arm in ARMS}
    for folder in folders.values():
        refuse_taken(folder)
    verdict, design = _rule(options)
    forms = read_forms(world, options.parent, options.variant)
    seed = checked_seed(options.seed) if options.seed is not None else world.random_digits(SEED_DIGITS)
    trial = _trial(name, design, verdict, forms, seed, options)
    drawn = _drawn(world, printer, workspace, forms, trial, options, seed)
    _check_enough(drawn, options)
    power = _power(printer, forms, drawn, options, seed)
    drawn = {arm: one.saying(power.words if power else NO_POWER) for arm, one in drawn.items()}
    samples = {arm: _sample(one, seed, options) for arm, one in drawn.items()}
    _write(folders, samples, drawn, forms, trial)
    written = {arm: read_sample(folder) for arm, folder in folders.items()}
    made = Made(written[1].committed.plan.trial or trial, forms, seed, written, power)
    printer.problems((*drawn[1].export.remarks(), *forms.doubts, *_doubts(made, drawn)))
    if printer.as_json:
        printer.json(design_json(made))
    else:
        tell_read(printer, drawn[1].export, drawn[1].frame.counted())
        tell_design(printer, made)
    return ExitCode.DONE


def _drawn(
    world: World, printer: Printer, workspace: Workspace, forms: Forms, trial: Trial, options: DesignOptions, seed: str
) -> dict[int, Drawn]:
    """Both arms as they are to be written. Raises WrongUse and BadInput as `run` does."""
    stamp = world.stamp()
    drawn: dict[int, Drawn] = {}
    with printer.progress("Reading the export", len(ARMS)) as steps:
        for arm in ARMS:
            plan, export = make_plan(world, workspace, _draw_options(options, arm_name(trial.name, arm)),
                                     forms.file(trial, arm))
            if arm == 1:
                _check_reviewers(plan.reviewers, trial, options)
                trial = replace(trial, only=_as_named(trial.only, plan.reviewers))
            drawn[arm] = _derived(workspace, replace(plan, trial=replace(trial, arm=arm)), export, seed, drawn, stamp)
            steps.advance()
    return drawn


def _check_enough(drawn: Mapping[int, Drawn], options: DesignOptions) -> None:
    """Raises WrongUse where the frame has fewer cases than are wanted: a trial is designed once, as it was meant."""
    taken = min(sum(case.main for case in one.derived.cases) for one in drawn.values())
    if taken < options.cases:
        raise WrongUse(Problem("S080", f"--cases {options.cases} are wanted under each form, and the frame gives "
                               f"{taken}.", "Take fewer cases, or widen the conditions of --where."))


def _power(
    printer: Printer, forms: Forms, drawn: Mapping[int, Drawn], options: DesignOptions, seed: str
) -> "Power | None":
    """What the trial can find, by simulation, with a bar; None where no runs are wanted."""
    from cqa.consistency.trials.expected import skewed  # noqa: PLC0415 - numpy, which no refusal needs
    from cqa.consistency.trials.power import Planned, power_of  # noqa: PLC0415

    plan, trial = drawn[1].plan, drawn[1].plan.trial
    mains = [case.facts for case in drawn[1].derived.cases if case.main]
    if not options.runs or not mains or trial is None:
        return None
    levels = Counter(len(one.levels) for one in forms.matched)
    planned = Planned(trial.design, len(mains), len(plan.reviewers), tuple(
        skewed(questions, count) for count, questions in sorted(levels.items())), trial.verdict, seed,
        asked=forms.asked(mains), runs=options.runs)
    with printer.progress("Simulating the trial", planned.in_all) as steps:
        return power_of(planned, steps.advance)


def _doubts(made: Made, drawn: Mapping[int, Drawn]) -> list[Problem]:
    """Warnings about cases that were not to be had, or that a form is not for, and about who marks what."""
    told = [problem for one in drawn.values() for problem in one.derived.warnings]
    for arm, one in drawn.items():
        file = made.forms.file(made.trial, arm)
        cases = ((case.case_id, case.facts) for case in one.derived.cases)
        told.extend(used_beside(file.rubric, cases, file.rubric.id))
    return list(dict.fromkeys((*told, *doubts_of(made.balance))))


def _rule(options: DesignOptions) -> tuple[Verdict, Design]:
    """The verdict rule and the design. Raises WrongUse with everything that is wrong with either."""
    problems = []
    if options.measure not in MEASURES:
        problems.append(Problem("S080", f"--measure cannot be '{options.measure}'.",
                                f"Known: {', '.join(MEASURES)}."))
    if options.design not in DESIGNS:
        problems.append(Problem("S080", f"--design cannot be '{options.design}'.",
                                did_you_mean(options.design, DESIGNS)))
    try:
        least = share(options.difference)
    except (ValueError, ArithmeticError):
        least = Fraction(0)
    if not 0 < least < 1:
        problems.append(Problem("S080", f"--difference cannot be '{options.difference}'.", "Write the least difference "
                                "that decides as a fraction of 1, such as 0.05."))
    if options.runs < 0:
        problems.append(Problem("S080", f"--runs cannot be {options.runs}.", "Write how many trials are simulated; 0 "
                                "for none."))
    if options.cases > MOST_CASES:
        problems.append(Problem("S080", f"--cases cannot be {options.cases}: no trial is of more than {MOST_CASES}.",
                                "Thirty are a good beginning; the design says about how many would be enough."))
    if options.cases < 1:
        problems.append(Problem("S080", f"--cases cannot be {options.cases}.", "Write how many cases are marked under "
                                "each form: 30 is a good beginning."))
    if problems:
        raise WrongUse(problems)
    return (Verdict(next(one for one in MEASURES if one == options.measure), least),
            next(one for one in DESIGNS if one == options.design))


def _trial(name: str, design: Design, verdict: Verdict, forms: Forms, seed: str, options: DesignOptions) -> Trial:
    parent = parents_arm(name, seed)
    first, second = (forms.parent, forms.variant) if parent == 1 else (forms.variant, forms.parent)
    only = {**dict.fromkeys(options.parent_only, parent), **dict.fromkeys(options.variant_only, 3 - parent)}
    return Trial(name, design, 1, (_form(first), _form(second)), parent, verdict, only)


def _form(file: RubricFile) -> Form:
    return Form(file.rubric.id, file.rubric.version, file.sha256)


def _draw_options(options: DesignOptions, sample: str) -> PlanOptions:
    """The options of an arm's draw: as many cases as the trial takes in all, every one marked twice, no reserves."""
    return replace(options.draw, sample=sample, total=options.cases, second="1", reserves=0,
                   allocation="proportional", rubric=None)


def _as_named(only: Mapping[str, int], reviewers: Sequence[str]) -> dict[str, int]:
    """Who uses one form alone, spelt as the reviewers are."""
    alone = {name.casefold(): arm for name, arm in only.items()}
    return {name: alone[name.casefold()] for name in reviewers if name.casefold() in alone}


def _check_reviewers(reviewers: Sequence[str], trial: Trial, options: DesignOptions) -> None:
    """Raises WrongUse for too few, for names that nobody has, and for reviewers nested in forms unless that is forced.
    """
    known = {name.casefold() for name in reviewers}
    named = (*options.parent_only, *options.variant_only)
    problems = [Problem("S080", f"'{name}' is to use one form alone, and is no reviewer of the trial.",
                        did_you_mean(name, tuple(reviewers))) for name in named if name.casefold() not in known]
    if both := {name.casefold() for name in options.parent_only} & {name.casefold() for name in options.variant_only}:
        problems.append(Problem("S080", f"To use one form alone, and each: {', '.join(sorted(both))}.",
                                "Name each under one of the two options, or under none."))
    alone = {name.casefold(): arm for name, arm in trial.only.items()}
    counts = {arm: sum(alone.get(name, arm) == arm for name in known) for arm in ARMS}
    least = LEAST_REVIEWERS[trial.design]
    if len(known) < least or min(counts.values()) < len(ARMS):
        problems.append(Problem("S080", f"{how_many(len(known), 'reviewer')} cannot mark the trial: the {trial.design} "
                                f"design needs {least}, two of them able to use each form.",
                                "Name more with --reviewers" + (", or use --design parallel, with which two are "
                                                                "enough." if trial.design == "crossover" else ".")))
    if trial.only and not options.force and not problems:
        problems.append(Problem(
            "S080", f"{', '.join(named)} would use one form alone, so the forms' difference would be their users' too: "
            "no number of cases can tell the two apart, and a difference would be found in 12 to 19 of 100 trials of "
            "forms that are alike.", "Let everybody use both. Or add --force: the trial is then marked and counted, "
            "and gives no verdict."))
    if problems:
        raise WrongUse(problems)


def _derived(
    workspace: Workspace, plan: Plan, export: ExportFiles, seed: str, before: Mapping[int, "Drawn"], stamp: str
) -> Drawn:
    """An arm's cases and markers. In the parallel design the second leaves the first one's cases out."""
    assessed: Mapping[str, str] = assessed_cases(workspace, plan.register)
    if plan.trial and plan.trial.design == "parallel" and before:
        first = before[1]
        plan = replace(plan, register=Register(_MONTHS, (*plan.register.samples, (first.plan.sample, stamp))))
        assessed = {**assessed, **{case.case_id: first.plan.sample for case in first.derived.cases if case.main}}
    frame, derived = derive(plan, export, assessed, seed, gathering=gather_in_parts)
    return Drawn(plan, export, frame, derived, stamp)


def _sample(drawn: Drawn, seed: str, options: DesignOptions) -> Sample:
    source = "given with the trial's design" if options.seed is not None else \
        "made from the system's randomness with the trial's design"
    frame, derived = drawn.frame, drawn.derived
    return Sample(drawn.plan, seed, source, drawn.stamp, drawn.export.sources, frame.digest, frame.cases,
                  frame.excluded, derived.strata, derived.cases, derived.assignments)


def _write(
    folders: Mapping[int, Path], samples: Mapping[int, Sample], drawn: Mapping[int, Drawn], forms: Forms, trial: Trial
) -> None:
    """Both samples, or neither. Raises NotSaved for the disk."""
    written: list[Path] = []
    try:
        for arm, one in drawn.items():
            plan = plan_record(one.plan, one.export.sources, one.frame.digest, one.frame.cases,
                               absent_facts(one.export, one.plan))
            write_sample(folders[arm], samples[arm], sealed(plan), forms.file(trial, arm).data, one.frame)
            written.append(folders[arm])
    except CqaError:
        for folder in written:
            unwrite_sample(folder)
        raise
