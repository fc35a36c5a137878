"""What `cqa verify` looks at in a drawn sample, one check after the other, each with its rule and what it found."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cqa.commands.evidence.verify_changes import check_journals, rubric_problems
from cqa.commands.evidence.withholding import withheld_problems
from cqa.commands.trials.checking import RULE, trial_problems
from cqa.errors import CqaError, Problem
from cqa.files.exports import ExportFiles, open_export
from cqa.files.sample_folder import FRAME, SampleFolder
from cqa.files.sample_writing import MOST_LISTED
from cqa.sampling.derive import derive
from cqa.sampling.frame import Columns
from cqa.sampling.plan import Plan, Register
from cqa.sampling.survey import Frame
from cqa.sampling.verify import check_alone, check_drawn, check_record, check_rules
from cqa.sampling.withholding import HANDLER

EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is looked at: its name, the rule it holds the sample against, and what does not hold. `done` is
    false where there was nothing to hold it against."""

    name: str
    rule: str
    problems: tuple[Problem, ...]
    done: bool = True


def draw_checks(folder: SampleFolder, reading: Iterable[Problem] = ()) -> tuple[tuple[Check, ...], Frame | None]:
    """The checks of what the draw wrote, and the frame as its own list has it, None where there is none.

    `folder` must hold the sample as it was drawn; `reading` is what reading its files found.
    """
    sample, where = folder.sample, str(folder.path)
    frame, derived = _derived(folder)
    trial = (Check("Trial", RULE, tuple(trial_problems(folder))),) if sample.plan.trial else ()
    checks = (
        Check("Files", "Every file that the draw wrote is, byte for byte, the one whose SHA-256 sample.yaml names.",
              tuple(reading)),
        Check("Plan", "sample.yaml and plan.yaml say the same of name, export and frame.",
              tuple(check_record(sample, folder.committed, folder.name, where))),
        Check("Rules", "The rules that sample.yaml names are those the draw follows.",
              tuple(check_rules(folder.rules, sample, where))),
        Check("Tickets and assignments", "Each ticket is the SHA-256 of seed|id, the main cases are the smallest of "
              "their stratum, and who marks what follows from the seed.",
              tuple(check_alone(sample, where, HANDLER not in folder.withheld))),
        Check("Columns left out", "Nothing was taken out of cases.csv but what the rubric never shows.",
              tuple(withheld_problems(folder))),
        Check("Frame's list", "The list of every case that could have been drawn is there, unless it was too large.",
              tuple(_unlisted(folder))),
        Check("Rubric", "The rubric of the draw is, byte for byte, the one recorded.",
              tuple(rubric_problems(folder))),
        Check("Draw", "Drawn again from the frame's list with the seed, the same cases come out. Without a list that "
              "takes the export: cqa verify --export FILE.", derived, folder.listed),
        *trial,
    )
    return checks, frame


def journal_checks(folder: SampleFolder) -> tuple[tuple[Check, ...], Mapping[str, int]]:
    """The checks of every journal and of the changes in them, and how many there are of each kind."""
    problems, counts = check_journals(folder)
    sealed = tuple(problem for problem in problems if problem.code.startswith("J"))
    changes = tuple(problem for problem in problems if problem not in sealed)
    return (
        Check("Journals", "Each line's seal is the SHA-256 of what stands before it, and names the seal of the line "
              "before; no copy of a journal parts from it.", sealed),
        Check("Changes to the sample", "Each replacement took the next reserve of the stratum, and each other change "
              "could be made by what its leader knew.", changes),
    ), counts


def _derived(folder: SampleFolder) -> tuple[Frame | None, tuple[Problem, ...]]:
    """The frame's list and what of the draw does not follow from it."""
    try:
        frame, problems = _listed(folder)
    except CqaError as error:
        # The list is the sample's own record, not somebody's input: that it cannot be read is what was found.
        return None, error.problems
    return frame, tuple(problems)


def _listed(folder: SampleFolder) -> tuple[Frame | None, list[Problem]]:
    """The frame as its own list has it, None where there is no list; and the draw derived again from it."""
    if not folder.listed:
        return None, []
    plan, export = _list_of(folder)
    frame, derived = derive(plan, export, {}, folder.sample.seed, EXCLUDED)
    return frame, check_drawn(folder.sample, frame, derived, str(folder.path), facts=False)


def _list_of(folder: SampleFolder) -> tuple[Plan, ExportFiles]:
    """The frame's list as an export of its own, and the plan as it reads there."""
    plan = folder.sample.plan
    columns = Columns("case_id", by=("stratum",), per=("cell",) if plan.columns.per else (),
                      weight="weight" if plan.columns.weight else "", where=(EXCLUDED,))
    export = open_export([folder.path / FRAME], columns.names, "utf-8")
    collapse = replace(plan.collapse, rules={}, otherwise=None)
    return replace(plan, columns=columns, where=(), register=Register(), dates={}, collapse=collapse), export


def _unlisted(folder: SampleFolder) -> list[Problem]:
    """A frame that is not too large has a list: one that was taken out, with its line in the record, shows."""
    if folder.listed or sum(stratum.size for stratum in folder.sample.strata) > MOST_LISTED:
        return []
    return [Problem("S004", f"The frame's list, {FRAME}, is missing, and sample.yaml does not name it.",
                    "Restore the sample's folder from a copy.", str(folder.path))]
