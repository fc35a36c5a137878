"""`cqa rubric move`: a leader moves a whole sample to another version of its rubric, or is shown what that would do."""

from dataclasses import dataclass, replace

from cqa.commands.leaders.changing import Ground, checked_reason, ground_of, keep
from cqa.commands.leaders.leading import Leader, leader_of, leaders_journal
from cqa.commands.rubrics.approvals import approval_doubts
from cqa.commands.rubrics.rubric_check import clean_rubric
from cqa.commands.trials.arms import trial_of
from cqa.errors import Damaged, ExitCode, Forbidden, Problem, only_errors
from cqa.facts import how_many
from cqa.files.atomic import write_bytes
from cqa.files.marks import read_marks
from cqa.files.rubrics import RubricFile
from cqa.files.sample_folder import SampleFolder, rubric_file
from cqa.files.sample_rubrics import SampleRubrics, read_rubrics
from cqa.marking.events import STATUS
from cqa.marking.replay import CaseRecord, assessment_of
from cqa.marking.versions import versions_of
from cqa.rubric.compare import Comparison, compare
from cqa.rubric.touched import changes_said, touched
from cqa.sampling.changes import RubricMove
from cqa.sampling.plan import RubricRef
from cqa.sampling.states import as_drawn
from cqa.screen.printer import NARROW, Printer, listed
from cqa.table import Column, Table
from cqa.world import World


@dataclass(frozen=True, slots=True)
class MoveOptions:
    """What was typed: the rubric's file, the reason, the sample (empty: the only one), who, and whether to do it."""

    file: str
    reason: str
    sample: str = ""
    who: str = ""
    yes: bool = False


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What the move comes to: the two versions, what changed, the case `facts` for which the draw kept no column; how
    many standing `marks` of which `reviewers` are to be given again, how many signed-off assessments stay under the
    version they have, and in how many cases only one of two markers has signed off, so that they are `parted`."""

    before: RubricFile
    after: RubricFile
    found: Comparison
    touched: dict[str, tuple[str, ...]]
    facts: tuple[str, ...]
    marks: int
    reviewers: tuple[str, ...]
    signed: int
    parted: int


def run(world: World, printer: Printer, options: MoveOptions) -> int:
    """Shows what a move would do, and with `yes` does it, on disk before it is said.

    Raises BadInput for a rubric that cannot be read or has errors, and for a sample without one; Forbidden for another
    rubric than the sample's, for its own version, and for a sample of a trial; WrongUse for names; InUse, Damaged and
    NotSaved as for marks.
    """
    leader = leader_of(world, options.sample, options.who)
    if trial := trial_of(leader.folder):
        raise Forbidden(Problem("S033", f"The sample is part of trial '{trial.name}', whose two forms are fixed.",
                                "To try another wording, design another trial under a new name."))
    reason = checked_reason(options.reason)
    language = leader.workspace.settings.language
    new = clean_rubric(world, options.file, language)
    ground = ground_of(leader.folder)
    outcome = _outcome(leader, ground, new, language)
    printer.problems((*ground.problems, *approval_doubts(world.folder, options.file, new)))
    move = _move(world, printer, leader, new, reason) if options.yes else None
    _tell(printer, leader, outcome, move)
    return ExitCode.DONE


def _move(world: World, printer: Printer, leader: Leader, new: RubricFile, reason: str) -> RubricMove:
    """Copies the rubric into the sample, and only then writes down that it governs: a move without its file would
    stop everybody. Looks at everything again under the journal's lock."""
    with leaders_journal(world, printer, leader) as journal:
        ground = ground_of(leader.folder)
        was, to = _allowed(_standing(leader, ground), ground, new)
        place = leader.folder.path / rubric_file(to)
        if not place.exists():
            write_bytes(place, new.data)
        move = RubricMove(leader.writer, journal.next_seq, world.stamp(), was, to, reason, ground.after)
        keep(journal, move)
    return move


def _standing(leader: Leader, ground: Ground) -> SampleFolder:
    """The sample's folder as its changes leave it."""
    return replace(leader.folder, sample=ground.settled.sample)


def _allowed(standing: SampleFolder, ground: Ground, new: RubricFile) -> tuple[RubricRef, RubricRef]:
    """The versions to move from and to. Raises Forbidden where the sample cannot be moved so, BadInput where it has no
    rubric."""
    standing.rubric_bytes()
    to = RubricRef(new.rubric.id, new.rubric.version, new.sha256)
    state = as_drawn(ground.settled.drawn)
    for one in ground.settled.counting:
        state.take(one)
    if why := state.no_move(to):
        raise Forbidden(Problem("S033", f"{new.rubric.id} {new.rubric.version}: {why}.", "A sample is moved only to "
                                "another version of the rubric it was drawn with; raise the version in its file."))
    place = standing.path / rubric_file(to)
    if place.exists() and place.read_bytes() != new.data:
        raise Forbidden(Problem("S033", f"The sample keeps another rubric of version {to.version} already.",
                                "Raise the version in the rubric's file.", str(place)))
    return state.rubrics[-1], to


def _outcome(leader: Leader, ground: Ground, new: RubricFile, language: str) -> _Outcome:
    standing = _standing(leader, ground)
    rubrics = read_rubrics(standing, ground.settled, language)
    _allowed(standing, ground, new)
    signed, reviewers = _asked_again(standing, rubrics, new)
    return _Outcome(rubrics.current, new, compare(rubrics.current.rubric, new.rubric),
                    dict(touched(rubrics.current.rubric, new.rubric)), _unkept(standing, new), sum(reviewers.values()),
                    tuple(name for name, marks in reviewers.items() if marks), len(signed),
                    sum(signed.count(case_id) == 1 for case_id in _twice(standing)))


def _unkept(standing: SampleFolder, new: RubricFile) -> tuple[str, ...]:
    """The case facts of the new rubric that the draw copied nothing of."""
    kept = {fact for fact, _ in standing.sample.plan.columns.facts}
    return tuple(fact.id for fact in new.rubric.facts if fact.id not in kept)


def _twice(standing: SampleFolder) -> set[str]:
    """The main cases with two markers."""
    return {mark.case_id for mark in standing.sample.assignments if mark.turn == "second"
            and standing.sample.reviewer(mark.case_id, "first")}


def _asked_again(standing: SampleFolder, rubrics: SampleRubrics, new: RubricFile) -> tuple[list[str], dict[str, int]]:
    """The case of every assessment that is signed off, and of every reviewer how many marks that stand now would be
    set aside. Raises Damaged when journals do not let anyone tell.
    """
    marks = read_marks(standing.marks)
    if damage := only_errors(marks.problems):
        raise Damaged(damage)
    now = rubrics.versions
    then = versions_of(now.drawn, new.sha256, {**now.rubrics, new.sha256: new.rubric})
    mains = {case.case_id for case in standing.sample.cases if case.main}
    signed: list[str] = []
    again = dict.fromkeys(standing.sample.reviewers, 0)
    for given in standing.sample.assignments:
        record = marks.of(given.reviewer).records.get(given.case_id, CaseRecord())
        if given.case_id not in mains or not record.heads:
            continue
        status = record.head(STATUS)
        if status is not None and status.kind == "signed_off":
            signed.append(given.case_id)
        else:
            stands = assessment_of(given.case_id, now.under(record)).marks
            again[given.reviewer] += len(stands.keys() & set(then.set_aside(record)))
    return signed, again


def _tell(printer: Printer, leader: Leader, outcome: _Outcome, move: RubricMove | None) -> None:
    before, after = outcome.before.rubric, outcome.after.rubric
    if printer.as_json:
        printer.json({
            "sample": leader.folder.sample.name, "rubric": after.id,
            "from": {"version": before.version, "sha256": outcome.before.sha256},
            "to": {"version": after.version, "sha256": outcome.after.sha256},
            "changes": [{"kind": one.kind, "question": one.question or None, "what": one.what, "before": one.before,
                         "after": one.after} for one in outcome.found.changes],
            "touched": [{"question": name, "kinds": list(kinds)} for name, kinds in outcome.touched.items()],
            "facts": list(outcome.facts), "marks": outcome.marks, "reviewers": list(outcome.reviewers),
            "signed_off": outcome.signed, "parted": outcome.parted,
            "moved": move is not None, "event": move.id if move else None, "at": move.at if move else None})
        return
    if move is None:
        _show_changes(printer, outcome)
    printer.line(f"{leader.folder.sample.name}: {after.id} {before.version} {'to' if move is None else 'was moved to'} "
                 f"{after.version} ({changes_said(before, after) or 'nothing that it asks or means'}).")
    printer.line(_again_said(outcome, move is not None))
    if outcome.facts:
        printer.line(f"The draw kept no column for {listed(outcome.facts)}: reviewers are asked where a question "
                     "depends on it.")
    stays = "stays under the version it was" if outcome.signed == 1 else "stay under the version they were"
    printer.line(f"{how_many(outcome.signed, 'signed-off assessment')} {stays} signed under.")
    if outcome.parted:
        printer.line(f"In {how_many(outcome.parted, 'case')} one marker has signed off and the other has not: marks "
                     "under two versions are not compared, so these say nothing of agreement.")
    printer.line(f"Kept as {move.id}." if move else "Nothing was changed. To move the sample, add --yes.")


def _show_changes(printer: Printer, outcome: _Outcome) -> None:
    columns = (Column("Kind"), Column("Question", "id"), Column("What"), Column("Touches marks"))
    rows = tuple((one.kind, one.question or "-", one.what, "yes" if one.kind in outcome.touched.get(one.question, ())
                  else "-") for one in outcome.found.changes)
    note = "cqa rubric diff shows each before and after."
    printer.table(Table("changes", "What changes", note, columns, rows), NARROW)


def _again_said(outcome: _Outcome, moved: bool) -> str:
    if not outcome.touched:
        return "No question is touched: every mark stands."
    asked = f"Touched: {listed(list(outcome.touched))}."
    if not outcome.marks:
        return f"{asked} Nobody has marked any of these in a case that is not signed off."
    are = "would be" if not moved else "is" if outcome.marks == 1 else "are"
    return (f"{asked} {how_many(outcome.marks, 'standing mark')} of {listed(outcome.reviewers)} {are} set aside, and "
            "asked again.")
