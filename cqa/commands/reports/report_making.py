"""The consistency report over samples, as values: what its figures stand on, taken from the record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from cqa.commands.handlers.feedback_rows import feedback_rows
from cqa.commands.leaders.references import accuracies_of, clearance_of, seeded_of
from cqa.commands.records import SampleRecord, mark_rows, question_scales
from cqa.commands.reports.after_marking import after_marking
from cqa.commands.reports.completion import completion_of
from cqa.commands.reports.owing import doubts_of, fed_back_on, feedback_due, overdue_in, overdue_told
from cqa.commands.reports.planned import plan_of
from cqa.commands.reports.rescoring import Counts, Rescoring
from cqa.consistency.calibration import CLEARED
from cqa.consistency.completion import Completion
from cqa.consistency.hidden import (
    Letters,
    hidden_place,
    hidden_plan,
    hidden_rows,
    in_letters,
    lettered,
    without_names,
)
from cqa.consistency.marks import MarkRow
from cqa.consistency.plans import PlanRow
from cqa.consistency.population import Design, Reach
from cqa.consistency.report import ConsistencyReport, Ground, consistency_report
from cqa.consistency.scores import Units
from cqa.errors import NotSaved, Problem
from cqa.files.letters import keep_letters, read_letters
from cqa.files.workspace import Workspace
from cqa.sampling.changes import HandOn
from cqa.sampling.plan import RubricRef
from cqa.scheme import CalibrationSettings
from cqa.screen.printer import listed


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a report is wanted: what is overdue is counted `today` (UTC); with letters for people where names are
    `hidden`; with the marks of `cleared` reviewers alone; with the marks also `rescored` under another rubric."""

    today: date
    reach: Reach = field(default_factory=Reach)
    hidden: bool = False
    cleared: bool = False
    rescored: Rescoring | None = None


def make_report(
    workspace: Workspace, records: Sequence[SampleRecord], wanted: Wanted, others: Sequence[SampleRecord] = ()
) -> ConsistencyReport:
    """The consistency report over samples, as values. `others` are samples in which the same reviewers may have marked
    calibration cases.

    Raises BadInput when the letters that were given before cannot be read. That new ones cannot be kept is a doubt.
    """
    settings, hidden, today = workspace.settings, wanted.hidden, wanted.today
    counts = _cleared(records, others, settings.calibration) if wanted.cleared else lambda *_: True
    everything = mark_rows(records)
    rows = tuple(row for row in everything if counts(row.reviewer, row.rubric, row.version))
    uncleared = sorted({row.reviewer for row in everything}.difference(row.reviewer for row in rows))
    reviewers = tuple(dict.fromkeys(name for record in records for name in record.folder.sample.marking))
    everyone = tuple(dict.fromkeys(name for record in records for name in record.folder.sample.reviewers))
    planned, nobodys = plan_of(workspace, records)
    told, unkept = _letters(workspace, rows, everyone, planned) if hidden else ({}, ())
    rubrics = dict.fromkeys((ref.id, ref.version, ref.sha256) for record in records for ref in _rubrics(record))
    coverage = {**_coverage(records), "overdue": len(overdue_in(records, settings.due, today))}
    report = consistency_report(
        hidden_rows(rows, told) if hidden else rows, question_scales(records), _in_order(reviewers, told),
        [record.name for record in records], tuple(rubrics), coverage, float(settings.margin), settings.small,
        {"overdue": overdue_told(settings.due, today), **_draws(records)},
        tuple(_placed(workspace, problem, told and {**_passed_over(records, reviewers), **told})
              for problem in left_out_of(records)),
        (*unkept, *doubts_of(settings.due, today), *nobodys, *_left_out_of_figures(uncleared, told),
         *_doubts(records, coverage)),
        Ground({record.name: _design(record) for record in records if record.rubric}, _units(workspace, told),
               wanted.reach, _in_time(records)),
        _completion(records, reviewers, told), hidden_plan(planned, told) if hidden else planned,
        after_marking(records, settings.calibration, lambda name: told.get(name, "somebody") if hidden else name,
                      others, feedback_rows(records, today, feedback_due(settings.due))))
    return replace(report, rescored=wanted.rescored.of(records, lambda name: told.get(name, name), counts)) \
        if wanted.rescored else report


def _cleared(
    records: Sequence[SampleRecord], others: Sequence[SampleRecord], settings: CalibrationSettings | None
) -> Counts:
    """Tells whether a reviewer is cleared under the rubric and version they marked by."""
    states = clearance_of(accuracies_of(records, settings, seeded_of((*records, *others))))
    return lambda *key: states.get(key) == CLEARED


def _left_out_of_figures(uncleared: Sequence[str], told: Letters) -> tuple[Problem, ...]:
    if not uncleared:
        return ()
    names = listed([told.get(name, name) for name in uncleared])
    return (Problem("S073", f"The marks of {names} are left out of the figures: they are not cleared on calibration "
                    "cases.", "Without --cleared they are in, and labelled.", severity="warning"),)


def _letters(
    workspace: Workspace, rows: Sequence[MarkRow], reviewers: Sequence[str], planned: Sequence[PlanRow]
) -> tuple[Letters, tuple[Problem, ...]]:
    """Everyone's letter, those given before among them; new ones are kept for the next report, or it is said that they
    cannot be."""
    kept = read_letters(workspace.root)
    known = {name.casefold() for name in reviewers}
    more = tuple(dict.fromkeys(row.person for row in planned if row.person.casefold() not in known))
    marking = any(row.per == "reviewer" for row in planned)
    told = lettered(kept, rows, (*reviewers, *more)) if marking else lettered(kept, rows, reviewers, more)
    if told == kept:
        return told, ()
    try:
        keep_letters(workspace.root, told)
    except NotSaved as error:
        return told, tuple(replace(problem, severity="warning", remedy="The letters of this report may be others in "
                                   "the next one, and nothing says who is who. Make the folder writable, then report "
                                   "again.") for problem in error.problems)
    return told, ()


def _completion(
    records: Sequence[SampleRecord], reviewers: Sequence[str], told: Letters
) -> tuple[Completion, ...]:
    found = [completion_of([one for record in records for one in record.assessed], name) for name in reviewers]
    if not told:
        return tuple(found)
    called = {told[one.reviewer]: replace(one, reviewer=told[one.reviewer]) for one in found}
    return tuple(called[name] for name in _in_order(reviewers, told))


def _passed_over(records: Sequence[SampleRecord], reviewers: Sequence[str]) -> dict[str, str]:
    """In the place of their names, those to whom a case was handed on in a way that does not count."""
    takers = {void.change.taker for record in records for void in record.settled.void
              if isinstance(void.change, HandOn) and void.change.taker}
    return dict.fromkeys(sorted(takers.difference(reviewers)), "somebody else")


def _rubrics(record: SampleRecord) -> tuple[RubricRef, ...]:
    """The versions of the rubric that govern what the sample holds, as drawn first."""
    drawn, used = record.settled.drawn.plan.rubric, {rubric.version for rubric in record.rubrics}
    versions = (*((drawn,) if drawn else ()), *(one.to for one in record.settled.moves))
    return tuple(dict.fromkeys(ref for ref in versions if ref.version in used))


def _moved(record: SampleRecord) -> str:
    return "".join(f"; moved to {one.to.version}, SHA-256 {one.to.sha256}, on {one.at[:10]}: {one.reason}"
                   for one in record.settled.moves)


def _design(record: SampleRecord) -> Design:
    """How the sample was drawn: the sizes of its strata, and the weights of its cases where chances were unequal."""
    sample = record.folder.sample
    weights = {case.case_id: float(case.weight) for case in sample.cases if case.main}
    return Design({stratum.name: stratum.eligible for stratum in sample.strata if stratum.eligible},
                  weights if sample.plan.columns.weight else {})


def _in_time(records: Sequence[SampleRecord]) -> tuple[str, ...]:
    """The samples with a rubric in the order in which they were drawn."""
    return tuple(record.name for record in sorted(
        (record for record in records if record.rubric),
        key=lambda record: (record.folder.sample.drawn_at, record.name)))


def _units(workspace: Workspace, told: Letters) -> Units:
    """Who belongs to which unit by people.csv, under the names that the report uses."""
    known = {person.name.casefold(): person.unit for person in workspace.people if person.unit}
    if not told:
        return Units(known)
    return Units({alias.casefold(): unit for name, alias in told.items()
                  if (unit := next((known[part.casefold()] for part in name.split("; ") if part.casefold() in known),
                                   ""))})


def _in_order(reviewers: Sequence[str], told: Letters) -> list[str]:
    """The reviewers as the report lists them: as drawn, or by their letters where names are hidden."""
    return in_letters(reviewers, told) if told else [*reviewers]


def _placed(workspace: Workspace, problem: Problem, told: Letters) -> Problem:
    """The problem with its file named from the workspace on, and without names where they are hidden."""
    path = Path(problem.where)
    where = path.relative_to(workspace.root).as_posix() if path.is_relative_to(workspace.root) else problem.where
    return replace(problem, where=hidden_place(where, told), message=without_names(problem.message, told),
                   remedy=without_names(problem.remedy, told))


def left_out_of(records: Sequence[SampleRecord]) -> tuple[Problem, ...]:
    """What is not in the figures: lines and journals that cannot be used, and samples without a rubric."""
    return tuple(problem for record in records for problem in (
        *record.problems,
        *((Problem("S016", f"Sample '{record.name}' was drawn without a rubric and is left out.",
                   severity="warning"),) if record.rubric is None else ())))


def _coverage(records: Sequence[SampleRecord]) -> dict[str, int]:
    """Counts of cases, a withdrawn one still among those drawn. Feedback is due, or was given, on a case that everyone
    has signed."""
    counted = [record for record in records if record.rubric]
    firsts = [one for record in records for one in record.assessed if one.turn == "first"]
    seconds = [(record, one) for record in records for one in record.assessed if one.turn == "second"]
    due = [(record, one) for record in counted for one in fed_back_on(record)]
    return {
        "drawn": sum(_mains(record) for record in counted),
        "assessed": sum(one.signed for one in firsts),
        "second_due": len(seconds),
        "second_marked": sum(one.signed and record.first_signed(one.case.case_id) for record, one in seconds),
        "replaced": sum(len(record.settled.replacements) for record in counted),
        "withdrawn": sum(len(record.settled.withdrawals) for record in counted),
        "withdrawn_signed": sum(record.withdrawn_signed for record in counted),
        "feedback_due": len(due),
        "feedback_given": sum(bool(record.feedbacks.of(one.case.case_id).given) for record, one in due),
    }


def _mains(record: SampleRecord) -> int:
    """How many main cases were drawn: replacing one does not change that, and withdrawing one does not either."""
    return sum(case.main for case in record.settled.drawn.cases)


def _draws(records: Sequence[SampleRecord]) -> dict[str, str]:
    """How each sample was drawn, so that anyone can check it: one line for each thing, under the sample's name."""
    told: dict[str, str] = {}
    for record in records:
        sample = record.folder.sample
        plan, rubric = sample.plan, record.settled.drawn.plan.rubric
        lines = {
            "frame": f"{sample.frame_cases} cases in {listed([source.name for source in sample.sources])}; "
                     f"digest {sample.frame_digest}",
            "seed": f"{sample.seed} (source: {sample.seed_source})",
            "take": f"{plan.amount.told(plan.columns)}; "
                    f"{_mains(record)} main cases were drawn",
            "second share": f"{plan.second}",
            "exclusions": "; ".join(f"{reason}: {count} cases" for reason, count in sample.excluded.items()) or "none",
            "rubric": f"{rubric.id} {rubric.version}, SHA-256 {rubric.sha256}{_moved(record)}" if rubric else "none",
        }
        told.update({f"Sample {record.name}: {name}": text for name, text in lines.items()})
    return told


def _doubts(records: Sequence[SampleRecord], coverage: Mapping[str, int]) -> tuple[Problem, ...]:
    """Reasons in words why there is little to report."""
    if not records:
        return (Problem("S001", "There are no samples here.", "Draw one with: cqa draw", severity="warning"),)
    doubts = [*_unlike(records)]
    if not coverage["assessed"]:
        doubts.append(Problem("S010", "Nothing is signed off yet, so there are no figures.", "cqa status shows what is "
                              "begun.", severity="warning"))
    elif not coverage["second_marked"]:
        doubts.append(Problem("S017", "No case is signed off by two reviewers, so nothing can be said of agreement.",
                              "cqa status shows which second marks are due.", severity="warning"))
    return tuple(doubts)


def _unlike(records: Sequence[SampleRecord]) -> Iterator[Problem]:
    """A warning for every rubric version that is not the same file in all samples: its figures mix two rubrics."""
    found: dict[tuple[str, str], set[str]] = {}
    for record in records:
        for rubric in _rubrics(record):
            found.setdefault((rubric.id, rubric.version), set()).add(rubric.sha256)
    for (name, version), digests in found.items():
        if len(digests) > 1:
            yield Problem("R020", f"Rubric {name} {version} is not the same in all these samples; the figures take it "
                          "as one.", "Report on the samples apart, and raise the version of a rubric that is changed.",
                          severity="warning")
