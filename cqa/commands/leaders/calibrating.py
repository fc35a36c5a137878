"""`cqa assign --calibration`: cases with reference marks are slipped into the reviewers' work, at a set rate."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

from cqa.commands.leaders.changing import Ground, checked_reason, ground_of, keep
from cqa.commands.leaders.leading import Leader, leader_of, leaders_journal
from cqa.commands.leaders.references import ReferenceCase, reference_cases
from cqa.commands.records import SampleRecord, read_record
from cqa.commands.trials.nobody_twice import OtherForm
from cqa.errors import Damaged, ExitCode, Forbidden, Problem, WrongUse, only_errors
from cqa.facts import how_many
from cqa.files.journal import Journal
from cqa.files.sample_folder import open_sample
from cqa.sampling.changes import Added, Brought
from cqa.sampling.extra_turns import CALIBRATION, calibration_order
from cqa.sampling.further import further_deviation, further_objection
from cqa.sampling.pairing import TURNS
from cqa.sampling.plan import RubricRef
from cqa.sampling.states import State
from cqa.screen.printer import Printer
from cqa.world import World


@dataclass(frozen=True, slots=True)
class CalibrationOptions:
    """What was typed: into which sample, why, who."""

    reason: str
    sample: str = ""
    who: str = ""


@dataclass(slots=True)
class _Slips:
    """What is to be slipped in: whose work gets which case of another sample, and which of this one; and who gets fewer
    than the rate asks for, because no case is left that they do not know."""

    brought: dict[str, tuple[ReferenceCase, list[str]]] = field(default_factory=dict)
    added: list[tuple[str, str]] = field(default_factory=list)
    short: dict[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many pairs of case and person."""
        return len(self.added) + sum(len(takers) for _, takers in self.brought.values())


def run(world: World, printer: Printer, options: CalibrationOptions) -> int:
    """Slips calibration cases in, until each reviewer has as many as the rate asks for; another run adds what is
    missing by then.

    Raises WrongUse where cqa.yaml sets no rate, Forbidden where no case of the workspace has reference marks under the
    sample's rubric; InUse, Damaged and NotSaved as for marks.
    """
    leader = leader_of(world, options.sample, options.who)
    reason = checked_reason(options.reason)
    settings = leader.workspace.settings.calibration
    if settings is None or not settings.rate:
        raise WrongUse(Problem("S071", "cqa.yaml sets no rate of calibration cases.",
                               "Set calibration: {rate: 10%}, that is one case in ten."))
    pool = _pool(leader)
    _slips(leader, ground_of(leader.folder), pool, settings.rate)
    with leaders_journal(world, printer, leader) as journal:
        ground = ground_of(leader.folder)
        slips = _slips(leader, ground, pool, settings.rate)
        _keep_all(world, leader, journal, ground, slips, reason)
    printer.problems(ground.problems)
    _tell(printer, leader.folder.sample.name, slips)
    return ExitCode.DONE


def _pool(leader: Leader) -> tuple[ReferenceCase, ...]:
    """The calibration cases of the workspace under the sample's rubric, one for each case id."""
    now = ground_of(leader.folder).settled.sample.plan.rubric
    found: dict[str, ReferenceCase] = {}
    for record in _records(leader):
        for one in reference_cases(record):
            if now and (one.reference.rubric, one.reference.version) == (now.id, now.version):
                found.setdefault(one.case_id, one)
    if not found:
        raise Forbidden(Problem("S071", "No case of this workspace has reference marks under the rubric of the sample"
                                f"{f', {now.id} {now.version}' if now else ''}.", "Have a case marked by at least two "
                                "people, then agree its reference marks with: cqa moderate --reference"))
    return tuple(found.values())


def _records(leader: Leader) -> Iterable[SampleRecord]:
    """Every sample that has journals of moderation. Raises Damaged where one cannot be read in full."""
    for name in leader.workspace.sample_names():
        folder = open_sample(leader.workspace, name)
        if folder.moderation.is_dir():
            record = read_record(folder, leader.workspace.settings.language)
            if damage := only_errors(record.problems):
                raise Damaged(damage)
            yield record


def _slips(leader: Leader, ground: Ground, pool: Sequence[ReferenceCase], rate: Fraction) -> _Slips:
    """`cqa-calibration/1`: each reviewer gets, in the order of their tickets, cases that they do not know, until they
    have one for so many of their other cases, and one at least."""
    sample, state = ground.settled.sample, ground.settled.state()
    mains = {case.case_id for case in sample.cases if case.main}
    slips, by_id = _Slips(), {one.case_id: one for one in pool}
    other_form = OtherForm(leader.workspace, leader.folder)
    for name in sample.plan.reviewers:
        mine = [mark for mark in sample.assignments if mark.reviewer == name]
        others = sum(mark.turn in TURNS and mark.case_id in mains for mark in mine)
        wanted = max(1, floor(rate * others)) if others else 0
        wanted -= sum(mark.turn == CALIBRATION for mark in mine)
        for case_id in calibration_order(sample.seed, name, by_id):
            if wanted <= 0:
                break
            if _may_have(leader, state, by_id[case_id], name) and not other_form.why_not(case_id, name):
                wanted -= 1
                if by_id[case_id].record.name == sample.name or case_id in state.brought:
                    slips.added.append((case_id, name))
                else:
                    slips.brought.setdefault(case_id, (by_id[case_id], []))[1].append(name)
        if wanted > 0:
            slips.short[name] = wanted
    return slips


def _may_have(leader: Leader, state: State, one: ReferenceCase, name: str) -> bool:
    """Whether it would be a test for them, and nothing bars them."""
    knowing = state.knowing(leader.workspace.people)
    if one.knows(name) or state.marks_it(one.case_id, name):
        return False
    if one.record.name == state.sample.name or one.case_id in state.brought:
        change: Added | Brought = Added("", 0, "", one.case_id, CALIBRATION, name, "", "", ())
    else:
        change = _brought(one, (name,), "")
    return not (further_objection(state, change) or further_deviation(knowing, change))


def _brought(one: ReferenceCase, takers: tuple[str, ...], reason: str) -> Brought:
    case, ref = one.panel[0].case, _ref(one)
    facts = {fact.id: case.facts.get(fact.id, "") for fact in one.panel[0].rubric.facts}
    return Brought("", 0, "", one.case_id, one.record.name, case.stratum, ref.sha256 if ref else "", facts,
                   case.handlers, one.reference.marks, one.reference.tolerance, takers, reason, ())


def _ref(one: ReferenceCase) -> RubricRef | None:
    settled = one.record.settled
    versions = (settled.drawn.plan.rubric, *(move.to for move in settled.moves))
    return next((ref for ref in versions if ref and ref.version == one.reference.version), None)


def _keep_all(
    world: World, leader: Leader, journal: Journal, ground: Ground, slips: _Slips, reason: str
) -> None:
    """Writes everything down, each after all that was known and what came before it."""
    made: list[str] = []

    def place() -> tuple[str, int, str]:
        return leader.writer, journal.next_seq, world.stamp()

    for one, takers in slips.brought.values():
        base = _brought(one, tuple(takers), reason)
        change: Added | Brought = Brought(
            *place(), base.case_id, base.origin, base.stratum, base.rubric_sha256, base.facts, base.handlers,
            base.reference, base.tolerance, base.takers, reason, (*ground.after, *made))
        keep(journal, change)
        made.append(change.id)
    for case_id, name in slips.added:
        change = Added(*place(), case_id, CALIBRATION, name, "", reason, (*ground.after, *made))
        keep(journal, change)
        made.append(change.id)


def _tell(printer: Printer, sample: str, slips: _Slips) -> None:
    given: dict[str, list[str]] = {}
    for case_id, name in (*slips.added, *((case_id, name) for case_id, (_, takers) in slips.brought.items()
                                          for name in takers)):
        given.setdefault(name, []).append(case_id)
    if printer.as_json:
        printer.json({"sample": sample, "given": given, "short": slips.short})
        return
    for name, cases in given.items():
        printer.line(f"{name}: {how_many(len(cases), 'calibration case')} slipped in ({', '.join(cases)}).")
    if not given:
        printer.line("Nobody got a further calibration case.")
    for name, missing in slips.short.items():
        printer.line(f"{name} lacks {how_many(missing, 'calibration case')}: there is none left that they do not know.")
    printer.line("Nobody is told which of their cases these are; keep it to yourself.")
