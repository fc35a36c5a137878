"""`cqa show`: one drawn sample, as a person or a program reads it."""

from collections.abc import Mapping, Sequence

from cqa.commands.here import workspace_here
from cqa.commands.trials.arms import arms_here, trial_meant
from cqa.errors import Damaged, ExitCode, only_errors
from cqa.facts import how_many
from cqa.files.changes import Standing, as_it_stands
from cqa.files.sample_folder import open_sample
from cqa.sampling.changes import HandOn, Replacement, RubricMove, Withdrawal
from cqa.sampling.extra_turns import CALIBRATION
from cqa.sampling.pairing import TURNS, groups_of, pairs_of
from cqa.sampling.plan import Sample
from cqa.screen.printer import Printer, listed
from cqa.table import Column, Table
from cqa.world import World


def run(world: World, printer: Printer, name: str) -> int:
    """Shows a sample as it stands, or both of a trial. Raises WrongUse when there is none of that name, Damaged when
    its files were changed. Damage inside a journal of changes ends with exit 7, after everything that can be read was
    shown.
    """
    workspace = workspace_here(world)
    trial = trial_meant(workspace, name)
    folders = [*arms_here(workspace, trial).values()] if trial else [open_sample(workspace, name)]
    standing = [as_it_stands(folder) for folder in folders]
    problems = [problem for one in standing for problem in one.problems]
    printer.problems(problems)
    if printer.as_json:
        told = [sample_json(one.folder.sample) for one in standing]
        printer.json({"trial": trial, "samples": told} if trial else told[0])
    else:
        for one in standing:
            _show(printer, one)
    return Damaged.exit_code if only_errors(problems) else ExitCode.DONE


def _show(printer: Printer, standing: Standing) -> None:
    sample, settled = standing.folder.sample, standing.settled
    show_sample(printer, sample, bool(standing.folder.taken))
    printer.table(cases_table(sample, "not told here" if standing.folder.taken else "nobody"))
    for table in (_replaced_table(settled.replacements), _withdrawn_table(settled.withdrawals),
                  _handed_on_table(settled.hand_ons), _moves_table(settled.moves)):
        if table.rows:
            printer.table(table)


def sample_json(sample: Sample) -> dict[str, object]:
    """The sample under the stable names of the JSON contract; `frame` is the frame's digest. Calibration cases of other
    samples are none that it drew, and nobody who is to mark one may be told which these are."""
    return {
        "sample": sample.name,
        "seed": sample.seed,
        "frame": sample.frame_digest,
        "excluded": [{"reason": reason, "cases": cases} for reason, cases in sample.excluded.items()],
        "strata": [
            {"stratum": stratum.name, "size": stratum.size, "eligible": stratum.eligible, "take": stratum.take,
             "shortfall": stratum.shortfall}
            for stratum in sample.strata
        ],
        "cases": [
            {"case_id": case.case_id, "stratum": case.stratum, "ticket": case.ticket, "rank": case.rank,
             "role": case.role, "weight": float(case.weight), "handler": "; ".join(case.handlers),
             "reviewer": sample.reviewer(case.case_id, "first") or None,
             "second_reviewer": sample.reviewer(case.case_id, "second") or None}
            for case in sample.cases if case.role != CALIBRATION
        ],
    }


def show_sample(printer: Printer, sample: Sample, taken: bool = False) -> None:
    """What was drawn, by stratum and by reviewer. In a take, which a reviewer has, nothing names a form of a trial."""
    rubric = sample.plan.rubric
    printer.line(f"Sample {sample.name}, drawn {sample.drawn_at}")
    printer.line(f"Seed {sample.seed} ({sample.seed_source})")
    trial = sample.plan.trial
    if not (trial and taken):
        printer.line(f"Rubric {rubric.id} {rubric.version}" if rubric else "No rubric")
    if trial and not taken:
        printer.line(f"Trial {trial.name}: arm {trial.arm} of 2, marked with the "
                     f"{trial.form(trial.arm)}. Reviewers are not told which.")
    printer.line(f"Frame {sample.frame_digest} ({how_many(sample.frame_cases, 'case')})")
    for condition in sample.plan.where:
        printer.line(f"Only cases with {condition}")
    for column, patterns in sample.plan.dates.items():
        printer.line(f"Dates in {column} are read as {listed(patterns)}")
    printer.table(_strata_table(sample))
    if sample.assignments:
        printer.table(_reviewers_table(sample))
    if pairs := pairs_of(mark for mark in sample.assignments
                        if mark.case_id in _mains(sample) and mark.turn in TURNS):
        marking = {mark.reviewer for mark in sample.assignments if mark.case_id in _mains(sample)}
        printer.table(_pairs_table([name for name in sample.marking if name in marking], pairs))


def _mains(sample: Sample) -> set[str]:
    return {case.case_id for case in sample.cases if case.main}


def _pairs_table(reviewers: Sequence[str], pairs: Mapping[frozenset[str], int]) -> Table:
    """Who marks how many cases with whom, and whether all of them can be compared."""
    groups = groups_of(reviewers, pairs)
    note = "Connected: yes, everyone can be compared with everyone." if len(groups) == 1 else (
        f"Connected: no, only within {'; '.join(map(listed, groups))}.")
    columns = (Column("Reviewer"), *(Column(name, "number") for name in reviewers))
    return Table("pairs", "Cases marked by both", note, columns, tuple(
        (one, *("-" if one == other else pairs.get(frozenset((one, other)), 0) for other in reviewers))
        for one in reviewers))


def _strata_table(sample: Sample) -> Table:
    columns = (Column("Stratum"), *(Column(name, "number") for name in ("Cases", "Taken", "Reserves", "Shortfall")))
    return Table("strata", "Strata", "", columns, tuple(
        (stratum.name, stratum.size, stratum.take, stratum.reserves, stratum.shortfall) for stratum in sample.strata))


def _reviewers_table(sample: Sample) -> Table:
    mains = _mains(sample)
    turns = {
        reviewer: [sum(mark.reviewer == reviewer and mark.turn == turn and mark.case_id in mains
                       for mark in sample.assignments) for turn in ("first", "second")]
        for reviewer in sample.marking
    }
    columns = (Column("Reviewer"), Column("Cases to mark first", "number"), Column("second", "number"))
    return Table("reviewers", "Reviewers", "Reserves are assigned provisionally and not counted here.", columns,
                 tuple((reviewer, first, second) for reviewer, (first, second) in turns.items()))


def cases_table(sample: Sample, nobody: str) -> Table:
    """Every main case with its ticket and who marks it; `nobody` stands where there is no first marker."""
    columns = (Column("Case", "id"), Column("Stratum"), Column("Ticket begins"), Column("Rank", "number"),
               Column("First"), Column("Second"))
    return Table("cases", "Main cases in ticket order", "", columns, tuple(
        (case.case_id, case.stratum, case.ticket[:16], case.rank, sample.reviewer(case.case_id, "first") or nobody,
         sample.reviewer(case.case_id, "second") or "-")
        for case in sample.cases if case.main))


def _replaced_table(replacements: Sequence[Replacement]) -> Table:
    columns = (Column("Case", "id"), Column("Replaced by", "id"), Column("Stratum"), Column("Reason"), Column("Leader"),
               Column("When"), Column("Note", "long"))
    return Table("replaced", "Replaced cases", "Each by the next reserve of its stratum (cqa-replace/1).", columns,
                 tuple((one.case_id, one.reserve, one.stratum, one.reason, one.leader, one.at, one.note or "-")
                       for one in replacements))


def _withdrawn_table(withdrawals: Sequence[Withdrawal]) -> Table:
    columns = (Column("Case", "id"), Column("Signed off before by"), Column("Leader"), Column("When"),
               Column("Reason", "long"))
    return Table("withdrawn", "Withdrawn cases", "Nothing stands in their place; their marks are kept and count "
                 "nowhere.", columns,
                 tuple((one.case_id, listed(one.signed) or "nobody", one.leader, one.at, one.reason)
                       for one in withdrawals))


def _handed_on_table(hand_ons: Sequence[HandOn]) -> Table:
    columns = (Column("Case", "id"), Column("Turn"), Column("From"), Column("To"), Column("Leader"), Column("When"),
               Column("Reason", "long"))
    return Table("handed on", "Cases handed on", "In the order in which they count; earlier marks stay under the first "
                 "name and count nowhere.", columns,
                 tuple((one.case_id, one.turn, one.giver or "nobody", one.taker, one.leader, one.at, one.reason)
                       for one in hand_ons))


def _moves_table(moves: Sequence[RubricMove]) -> Table:
    columns = (Column("Rubric"), Column("From"), Column("To"), Column("Leader"), Column("When"),
               Column("Reason", "long"))
    return Table("moves", "Moves to another version of the rubric", "What was signed off before stays under the "
                 "version it was signed under.", columns,
                 tuple((one.to.id, one.was.version, one.to.version, one.leader, one.at, one.reason) for one in moves))
