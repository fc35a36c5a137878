"""`cqa assign --turn calibration` and `--turn triggered`: a case is given to further markers beside those it has."""

from collections.abc import Sequence
from dataclasses import dataclass

from cqa.commands.leaders.changing import Ground, checked_reason, ground_of, keep
from cqa.commands.leaders.leading import Leader, leader_of, leaders_journal
from cqa.commands.leaders.markers import marker_named
from cqa.commands.trials.nobody_twice import OtherForm
from cqa.errors import ExitCode, Forbidden, Problem, WrongUse
from cqa.files.journal import Journal
from cqa.sampling.changes import Added
from cqa.sampling.extra_turns import CALIBRATION, TRIGGERED, TRIGGERS
from cqa.sampling.further import further_deviation, further_objection
from cqa.sampling.states import State
from cqa.screen.printer import Printer, listed
from cqa.tree import did_you_mean
from cqa.world import World


@dataclass(frozen=True, slots=True)
class FurtherOptions:
    """What was typed: a case, to whom (empty with `everyone`: all reviewers of the sample), the turn, what triggered
    it, why, in which sample, who."""

    case: str
    to: tuple[str, ...]
    everyone: bool
    turn: str
    trigger: str
    reason: str
    sample: str = ""
    who: str = ""


def run(world: World, printer: Printer, options: FurtherOptions) -> int:
    """Gives the case to each further marker; all of them, or none where one cannot have it.

    Raises WrongUse for unknown names and triggers, Forbidden with every person who may not mark it; InUse, Damaged and
    NotSaved as for marks.
    """
    _check(options)
    leader = leader_of(world, options.sample, options.who)
    reason = checked_reason(options.reason)
    _wanted(leader, ground_of(leader.folder), options, reason)
    with leaders_journal(world, printer, leader) as journal:
        ground = ground_of(leader.folder)
        made = _keep_all(world, leader, journal, ground, _wanted(leader, ground, options, reason))
    known = {name.casefold() for name in (*ground.settled.sample.reviewers,
                                          *(person.name for person in leader.workspace.people))}
    new = [one.taker for one in made if one.taker.casefold() not in known]
    printer.problems((*ground.problems, *(
        Problem("S070", f"'{name}' marks nothing else here: a new name.", "If it is a slip: cqa assign --drop NAME",
                severity="warning") for name in new)))
    _tell(printer, leader.folder.sample.name, made)
    return ExitCode.DONE


def _check(options: FurtherOptions) -> None:
    if not options.case:
        raise WrongUse(Problem("S018", f"--turn {options.turn} is for one case.", "Name the CASE."))
    if bool(options.to) == options.everyone:
        raise WrongUse(Problem("S018", "Say who is to mark the case as well.", "Give --to PERSON, or --everyone for a "
                               "calibration case."))
    if options.turn == TRIGGERED and options.trigger not in TRIGGERS:
        raise WrongUse(Problem("S018", f"'{options.trigger[:40]}' is nothing that triggers a second look."
                               if options.trigger else "A triggered second look says what triggered it.",
                               f"{did_you_mean(options.trigger, tuple(TRIGGERS))} Give --trigger CODE."))
    if options.turn == CALIBRATION and options.trigger:
        raise WrongUse(Problem("S018", "--trigger is for --turn triggered.", "Leave --trigger out."))
    if options.everyone and options.turn != CALIBRATION:
        raise WrongUse(Problem("S018", "--everyone is for --turn calibration.", "Name one person with --to."))


def _wanted(leader: Leader, ground: Ground, options: FurtherOptions, reason: str) -> list[Added]:
    """What is to be written down, one for each person. Raises as `run`, with all problems at once."""
    sample = ground.settled.sample
    if options.case not in {case.case_id for case in sample.cases}:
        raise WrongUse(Problem("S009", f"There is no case '{options.case[:80]}' in sample '{sample.name}'.",
                               f"cqa show {sample.name} lists its cases."))
    state = ground.settled.state()
    names = options.to or tuple(name for name in sample.plan.reviewers if not state.marks_it(options.case, name)
                                and name not in ground.settled.left)
    if not names:
        raise Forbidden(Problem("S070", f"Every reviewer of sample '{sample.name}' marks case '{options.case}' "
                                "already.", "Nothing is to be done."))
    made, refused = [], []
    other_form = OtherForm(leader.workspace, leader.folder)
    for name in dict.fromkeys(marker_named(leader.workspace, sample, name) for name in names):
        one = Added("", 0, "", options.case, options.turn, name, options.trigger, reason, ())
        if twice := other_form.refusals([(options.case, name)]):
            refused += twice
        elif why := _why_not(leader, state, one):
            refused.append(Problem("S070", f"Case '{options.case}' cannot be marked by {name} as well: {why}.",
                                   "Name somebody else." if options.to else "Name those who are to mark it with --to."))
        else:
            made.append(one)
    if refused and not (options.everyone and made):
        raise Forbidden(refused)
    return made


def _why_not(leader: Leader, state: State, one: Added) -> str:
    """By the sample, by what the draw knew of people, and by what people.csv says now."""
    return (further_objection(state, one) or further_deviation(state, one)
            or further_deviation(state.knowing(leader.workspace.people), one))


def _keep_all(world: World, leader: Leader, journal: Journal, ground: Ground, wanted: Sequence[Added]) -> list[Added]:
    made: list[Added] = []
    for one in wanted:
        kept = Added(leader.writer, journal.next_seq, world.stamp(), one.case_id, one.turn, one.taker, one.trigger,
                     one.reason, (*ground.after, *(each.id for each in made)))
        keep(journal, kept)
        made.append(kept)
    return made


def _tell(printer: Printer, sample: str, made: Sequence[Added]) -> None:
    if printer.as_json:
        printer.json({"sample": sample, "cases": [
            {"case": one.case_id, "turn": one.turn, "to": one.taker, "trigger": one.trigger or None, "event": one.id,
             "at": one.at} for one in made]})
        return
    what = TRIGGERS.get(made[0].trigger, "as a calibration case").lower()
    printer.line(f"Case '{made[0].case_id}' is to be marked by {listed([one.taker for one in made])} as well ({what}). "
                 "Nobody is told why, and these marks are never part of results or of agreement.")
