"""`cqa assign --dip N`: a second line looks at signed-off assessments, drawn by a seed, and marks their cases anew."""

from collections.abc import Sequence
from dataclasses import dataclass

from cqa.commands.leaders.changing import Ground, checked_reason, checked_text, ground_of, keep
from cqa.commands.leaders.leading import Leader, leader_of, leaders_journal
from cqa.commands.records import read_record
from cqa.commands.trials.nobody_twice import OtherForm
from cqa.errors import Damaged, ExitCode, Forbidden, Problem, WrongUse, only_errors
from cqa.facts import how_many, whole_number
from cqa.files.workspace import checked_name
from cqa.sampling.changes import DipDraw
from cqa.sampling.extra_turns import DIP, DIP_RULE, Signed, dip_drawn, dip_takers
from cqa.sampling.further import further_deviation
from cqa.sampling.states import State
from cqa.sampling.ticket import SEED_DIGITS, checked_seed
from cqa.screen.printer import Printer
from cqa.tree import did_you_mean
from cqa.world import World


@dataclass(frozen=True, slots=True)
class DipOptions:
    """What was typed: how many assessments, who marks them, the seed (None: made here), why, of which sample, who."""

    dip: str
    to: tuple[str, ...]
    seed: str | None
    reason: str
    sample: str = ""
    who: str = ""


def run(world: World, printer: Printer, options: DipOptions) -> int:
    """Draws a dip-sample of the sample's signed-off first assessments and gives their cases to the second line.

    Raises WrongUse for what was typed, Forbidden where nothing can be drawn or nobody is free for any of it; InUse,
    Damaged and NotSaved as for marks.
    """
    wanted = _wanted(options)
    leader = leader_of(world, options.sample, options.who)
    reason = checked_reason(options.reason)
    seed = checked_seed(checked_text(options.seed, "seed")) if options.seed else world.random_digits(SEED_DIGITS)
    source = "given" if options.seed else "made by cqa from the system's randomness"
    names = _names(leader, options.to)
    _drawn(leader, ground_of(leader.folder), seed, wanted, names)
    with leaders_journal(world, printer, leader) as journal:
        ground = ground_of(leader.folder)
        population, drawn, takers = _drawn(leader, ground, seed, wanted, names)
        made = DipDraw(leader.writer, journal.next_seq, world.stamp(), seed, source, DIP_RULE, population, wanted,
                       takers, reason, ground.after)
        keep(journal, made)
    printer.problems(ground.problems)
    _tell(printer, leader.folder.sample.name, made, drawn)
    return ExitCode.DONE


def _wanted(options: DipOptions) -> int:
    try:
        wanted = whole_number(options.dip)
    except ValueError:
        wanted = 0
    if not wanted:
        raise WrongUse(Problem("S018", f"--dip cannot be '{options.dip[:40]}'.", "Give a whole number of assessments."))
    if not options.to:
        raise WrongUse(Problem("S018", "Say who is to mark the dip-sample.", "Give --to PERSON, or --to A,B."))
    return wanted


def _names(leader: Leader, typed: Sequence[str]) -> tuple[str, ...]:
    """Those of the second line as people.csv or the sample has them, else as typed; they need be no reviewers.

    Raises WrongUse for what is no name, and where people.csv names people and they are none of them.
    """
    sample = leader.folder.sample
    listed = tuple(person.name for person in leader.workspace.people)
    known, found = (*sample.reviewers, *listed), []
    for name in typed:
        checked_name(name, "person")
        spelled = next((one for one in known if one.casefold() == name.casefold()), None)
        if spelled is None and listed:
            raise WrongUse(Problem("S010", f"'{name}' is nobody in people.csv.",
                                   f"{did_you_mean(name, known)} Or add them to people.csv."))
        found.append(spelled or name)
    return tuple(dict.fromkeys(found))


def _drawn(
    leader: Leader, ground: Ground, seed: str, wanted: int, names: Sequence[str]
) -> tuple[tuple[Signed, ...], tuple[Signed, ...], dict[str, str]]:
    """The population in order, what the seed draws of it, and who marks each. Raises as `run`."""
    record = read_record(leader.folder, leader.workspace.settings.language)
    if damage := only_errors(record.problems):
        raise Damaged(damage)
    dipped = {given.case_id for given in ground.settled.sample.assignments if given.turn == DIP}
    population = tuple(sorted((one.case.case_id, one.reviewer) for one in record.assessed
                              if one.turn == "first" and one.signed and one.case.case_id not in dipped))
    if not population:
        raise Forbidden(Problem("S072", "There is no signed-off assessment that was not dip-sampled already.",
                                "Draw it when more is signed off: cqa status says what is."))
    if wanted > len(population):
        raise Forbidden(Problem("S072", f"Only {how_many(len(population), 'signed-off assessment')} "
                                f"{'is' if len(population) == 1 else 'are'} left to draw from, not {wanted}.",
                                "Draw fewer: until the second line has signed a case, it is neither moderated nor fed "
                                "back."))
    drawn = dip_drawn(seed, population, wanted)
    state = ground.settled.state().knowing(leader.workspace.people)
    other_form = OtherForm(leader.workspace, leader.folder)
    free = {case_id: [name for name in names if not _why_not(state, other_form, case_id, name)]
            for case_id, _ in drawn}
    takers = dip_takers(drawn, seed, free)
    if lacking := [case_id for case_id, _ in drawn if case_id not in takers]:
        whys = {case_id: "; ".join(_why_not(state, other_form, case_id, name) for name in names)
                for case_id in lacking}
        # Where every name fell to the trial's other form, that is the rule which forbids it.
        twice = {case_id for case_id in lacking if all(other_form.why_not(case_id, name) for name in names)}
        raise Forbidden(Problem("S082" if case_id in twice else "S072",
                                f"Nobody named is free for case '{case_id}': {why}.", "Name more people with --to.")
                        for case_id, why in whys.items())
    return population, drawn, takers


def _why_not(state: State, other_form: OtherForm, case_id: str, name: str) -> str:
    turn = state.marks_it(case_id, name)
    one = DipDraw("", 0, "", "", "", DIP_RULE, ((case_id, ""),), 1, {case_id: name}, "", ())
    marks_it = f"{name} marks it already ({turn})" if turn else other_form.why_not(case_id, name)
    return marks_it or further_deviation(state, one)


def _tell(printer: Printer, sample: str, made: DipDraw, drawn: Sequence[Signed]) -> None:
    if printer.as_json:
        printer.json({
            "sample": sample, "seed": made.seed, "seed_source": made.seed_source, "rule": made.rule,
            "population": len(made.population), "drawn": [
                {"case": case_id, "of": reviewer, "to": made.takers[case_id]} for case_id, reviewer in drawn],
            "event": made.id, "at": made.at})
        return
    printer.line(f"{how_many(len(drawn), 'assessment')} of {len(made.population)} signed off drawn by seed {made.seed} "
                 f"({made.rule}). Kept as {made.id}.")
    for case_id, reviewer in drawn:
        printer.line(f"  case {case_id}, assessed by {reviewer}: {made.takers[case_id]} marks it")
    printer.line("They mark with cqa assess and see nothing of the first marks; the report sets the two apart.")
