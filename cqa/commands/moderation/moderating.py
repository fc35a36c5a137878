"""One run of moderation: the moderator's journal opened and locked, everything on disk before it is acknowledged."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cqa.commands.leaders.leading import Leader, leaders_journal
from cqa.commands.moderation.moderation_cases import Cases, cases_for
from cqa.commands.records import SampleRecord, read_record
from cqa.errors import Damaged, Forbidden, Problem, WrongUse, only_errors
from cqa.files.journal import Journal, LineTooLong
from cqa.marking.entries import entry_line
from cqa.marking.moderating import Outcome, State, step
from cqa.marking.moderating_actions import Action
from cqa.marking.refusals import Refused
from cqa.screen.printer import Printer
from cqa.world import World

_CODES = {"own_marks": "J030", "not_all_signed": "J031", "marked_once": "J032", "gone": "J033", "still_to_mark": "S060",
          "own_work": "S061"}
_REMEDIES = {
    "not_all_signed": "cqa status says who still has to.",
    "marked_once": "Second marks are chosen at the draw: --second.",
    "still_to_mark": "Mark it first: cqa assess.",
    "own_marks": "Ask another team leader.",
    "own_work": "Ask another team leader.",
}


@dataclass(slots=True)
class Moderating:
    """One run of `moderate`: the state, and the journal that keeps every entry before the state moves on. `warnings`
    are what is to be said of the sample's journals."""

    state: State
    journal: Journal
    world: World
    warnings: tuple[Problem, ...] = ()

    def act(self, action: Action) -> Outcome:
        """The outcome of an action, once its entries are on disk. Raises Refused, or NotSaved from the journal."""
        outcome = step(self.state, action, self.world.stamp())
        for entry in outcome.entries:
            try:
                self.journal.append(entry_line(entry))
            except LineTooLong as error:
                raise Refused("too_much") from error
        self.state = outcome.state
        return outcome


@contextmanager
def open_moderating(world: World, printer: Printer, leader: Leader, purpose: str) -> Iterator[Moderating]:
    """A run of moderation, with the leader's journal locked until it ends. Raises as `leaders_journal` and
    `checked_record`."""
    with leaders_journal(world, printer, leader) as journal:
        record = checked_record(leader)
        cases = cases_for(record, leader.person, leader.workspace.people)
        set_out = leader.workspace.settings.calibration
        state = State(purpose, leader.person.casefold(), leader.writer, cases.shared, cases.closed,
                      record.moderations.entries, journal.next_seq, set_out.tolerance if set_out else None,
                      set_out.tolerances if set_out else {})
        yield Moderating(state, journal, world, record.problems)


def checked_record(leader: Leader) -> SampleRecord:
    """The sample as it stands. Raises Damaged when its journals do not let anyone tell, WrongUse without a rubric."""
    record = read_record(leader.folder, leader.workspace.settings.language, leader.person)
    if damage := only_errors(record.problems):
        raise Damaged(damage)
    if record.rubric is None:
        raise WrongUse(Problem("S016", f"The sample '{record.name}' was drawn without a rubric, so nothing in it is "
                               "marked.", "Draw one with --rubric."))
    return record


def check_case(cases: Cases, sample: str, case_id: str) -> None:
    """Raises WrongUse for a case that was not drawn, Forbidden for one that this person may not moderate now."""
    if case_id in cases.shared:
        return
    why = cases.closed.get(case_id)
    if why is None:
        raise WrongUse(Problem("S009", f"There is no case '{case_id[:80]}' in sample '{sample}'.",
                               f"cqa show {sample} lists its cases."))
    raise Forbidden(Problem(_CODES[why[0]], Refused(*why).why, _REMEDIES.get(why[0], "")))
