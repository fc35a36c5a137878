"""`cqa assign`: a leader hands a case on to another marker, or everything that somebody who leaves has not signed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cqa.commands.leaders.changing import Ground, assessments, checked_reason, ground_of, keep, signed_already
from cqa.commands.leaders.leading import Leader, leader_of, leaders_journal
from cqa.commands.leaders.markers import marker_named
from cqa.commands.trials.nobody_twice import OtherForm
from cqa.errors import ExitCode, Forbidden, NotSaved, Problem, WrongUse
from cqa.facts import how_many
from cqa.files.journal import Journal
from cqa.marking.replay import Assessment
from cqa.sampling.changes import HandOn
from cqa.sampling.handing_on import objections, theirs
from cqa.sampling.main_case import main_case
from cqa.sampling.plan import Sample
from cqa.sampling.states import Turn
from cqa.screen.printer import Printer
from cqa.tree import did_you_mean
from cqa.world import World


@dataclass(frozen=True, slots=True)
class AssignOptions:
    """What was typed: a case and its turn (empty: first), or whose cases all; to whom, why, in which sample, who."""

    case: str
    all_of: str
    to: str
    turn: str
    reason: str
    sample: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class _Moves:
    """What is to be handed on: the turns, with the marks so far that will count nowhere, and how many signed-off cases
    stay where they are."""

    turns: tuple[Turn, ...]
    taker: str
    begun: Mapping[Turn, int]
    staying: int


def run(world: World, printer: Printer, options: AssignOptions) -> int:
    """Hands cases on, each on disk before it is said; all of them, or none where one cannot be.

    Raises WrongUse for unknown names, and where somebody has nothing to hand on; Forbidden with every case that its
    new marker may not mark, or that is signed off; InUse, Damaged and NotSaved as for marks.
    """
    _check_options(options)
    leader = leader_of(world, options.sample, options.who)
    reason = checked_reason(options.reason)
    # Looked at before the journal is opened, so that a refusal leaves no file behind, and again under its lock.
    _moves(leader, ground_of(leader.folder), options)
    with leaders_journal(world, printer, leader) as journal:
        ground = ground_of(leader.folder)
        moves = _moves(leader, ground, options)
        made = _keep_all(world, leader, journal, ground, moves, reason)
    printer.problems((*ground.problems, *_begun(ground, moves),
                      *OtherForm(leader.workspace, leader.folder).doubt_of(moves.taker)))
    _tell(printer, leader.folder.sample.name, made, moves, options)
    return ExitCode.DONE


def _check_options(options: AssignOptions) -> None:
    if bool(options.case) == bool(options.all_of):
        raise WrongUse(Problem("S018", "Say which case, or whose cases.",
                               "Give a CASE, or --all-of PERSON, and not both."))
    if options.all_of and options.turn:
        raise WrongUse(Problem("S018", "--turn is for one case; --all-of hands on both turns.", "Leave --turn out."))


def _keep_all(
    world: World, leader: Leader, journal: Journal, ground: Ground, moves: _Moves, reason: str
) -> list[HandOn]:
    """Writes every handing on down, each after all that was known and those before it.

    Raises NotSaved from the journal, saying how many of them are on the disk.
    """
    made: list[HandOn] = []
    try:
        for case_id, turn in moves.turns:
            one = HandOn(leader.writer, journal.next_seq, world.stamp(), case_id, turn,
                         ground.settled.sample.reviewer(case_id, turn), moves.taker, reason,
                         (*ground.after, *(each.id for each in made)))
            keep(journal, one)
            made.append(one)
    except NotSaved as error:
        done = Problem("S030", f"{len(made)} of {how_many(len(moves.turns), 'case')} were handed on before that.",
                       "Run the same command again for the rest.")
        raise NotSaved((*error.problems, done)) from error
    return made


def _moves(leader: Leader, ground: Ground, options: AssignOptions) -> _Moves:
    """What is to be handed on. Raises as `run`, with all problems at once."""
    sample = ground.settled.sample
    taker = marker_named(leader.workspace, sample, options.to)
    if options.case:
        main_case(ground.settled, options.case, "S030", "handed on")
    places = _all_of(ground, options.all_of) if options.all_of else [(options.case, options.turn or "first")]
    givers = {name for place in places if (name := sample.reviewer(*place))}
    marked = {name: assessments(leader.folder, name) for name in givers}
    open_ones = [place for place in places if not _of(marked, sample, place, signed=True)]
    if options.case and not open_ones:
        raise signed_already(sample.reviewer(*places[0]), options.case, "handed on")
    if not open_ones:
        raise WrongUse(Problem("S010", f"{options.all_of} has no case that is not signed off.",
                               "Nothing is to be handed on: what is signed off counts, and stays."))
    people = (*sample.plan.people, *leader.workspace.people)
    cases = {case.case_id: case for case in sample.cases}
    twice = OtherForm(leader.workspace, leader.folder).refusals((case_id, taker) for case_id, _ in open_ones)
    if refused := [*twice, *(problem for case_id, turn in open_ones
                             for problem in objections(ground.settled, cases[case_id], turn, taker, people))]:
        raise Forbidden(refused)
    begun = {place: len(found.marks) for place in open_ones if (found := _of(marked, sample, place)) and found.marks}
    return _Moves(tuple(open_ones), taker, begun, len(places) - len(open_ones))


def _of(
    marked: Mapping[str, Mapping[str, Assessment]], sample: Sample, place: Turn, signed: bool = False
) -> Assessment | None:
    """What the marker of a case has marked of it; None where it is nothing, or with `signed` where it is not signed."""
    found = marked.get(sample.reviewer(*place), {}).get(place[0])
    return found if found is not None and (found.signed_at or not signed) else None


def _all_of(ground: Ground, person: str) -> list[Turn]:
    sample = ground.settled.sample
    if person.casefold() not in {name.casefold() for name in sample.reviewers}:
        raise WrongUse(Problem("S010", f"'{person[:80]}' is no reviewer of sample '{sample.name}'.",
                               did_you_mean(person, sample.reviewers)))
    return theirs(ground.settled, person)


def _begun(ground: Ground, moves: _Moves) -> Iterator[Problem]:
    """A warning for each case that its marker has begun."""
    for (case_id, turn), marks in moves.begun.items():
        giver = ground.settled.sample.reviewer(case_id, turn)
        yield Problem("S031", f"{giver} has begun case '{case_id}': {how_many(marks, 'mark')}. They stay in the "
                      f"journal under {giver}'s name, and count nowhere.", f"Tell {giver} that the case is "
                      f"{moves.taker}'s now.", severity="warning")


def _tell(printer: Printer, sample: str, made: Sequence[HandOn], moves: _Moves, options: AssignOptions) -> None:
    if printer.as_json:
        printer.json({
            "sample": sample, "to": moves.taker, "reason": made[0].reason,
            "cases": [{"case": one.case_id, "turn": one.turn, "from": one.giver or None,
                       "marks": moves.begun.get((one.case_id, one.turn), 0), "event": one.id, "at": one.at}
                      for one in made],
            "signed_off": moves.staying})
        return
    for one in made:
        printer.line(f"Case '{one.case_id}' is {moves.taker}'s to mark as {one.turn} marker, and was "
                     f"{one.giver or 'nobody'}'s. Kept as {one.id}.")
    if moves.staying:
        printer.line(f"{how_many(moves.staying, 'case')} that {options.all_of} has signed off "
                     f"{'stays' if moves.staying == 1 else 'stay'} as they are, and count.")
