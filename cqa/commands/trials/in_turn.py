"""A script that marks a trial: each line goes to the sample of its case, and none before its turn."""

from collections.abc import Callable
from dataclasses import dataclass, field

from cqa.commands.marking.sitting import Sitting
from cqa.commands.trials.arms import trial_of
from cqa.commands.trials.serving import Parts, Served
from cqa.errors import Forbidden
from cqa.marking.actions import Action
from cqa.marking.refusals import Refused
from cqa.marking.session import Outcome


@dataclass(slots=True)
class InTurn:
    """One reviewer's marking in both samples of a trial. `first` is the one that is marked now, with its sitting;
    `look` tells how far each is by what is on the disk, and `begin` opens another."""

    first: Served
    sitting: Sitting
    look: Callable[[], Parts]
    begin: Callable[[Served], Sitting]
    _parts: Parts | None = None
    _open: dict[int, Sitting] = field(default_factory=dict)

    def act(self, action: Action) -> Outcome:
        """The outcome of an action in the sample that has its case. Raises Refused as a sitting, and for a case whose
        turn it is not yet."""
        return self._sitting(action.case_id).act(action)

    def _sitting(self, case_id: str) -> Sitting:
        if case_id in self.sitting.state.cases:
            return self.sitting
        if self._parts is None:
            self._parts = self.look()
        arm = self._parts.arm_with(case_id)
        own = trial_of(self.first.folder)
        if arm is None or (own and arm == own.arm):
            return self.sitting
        if arm not in self._open:
            try:
                place = self.look().serve(arm)
            except Forbidden as refusal:
                raise Refused("not_yet", case_id, refusal.problems[0].message) from refusal
            self._open[arm] = self.begin(place)
        return self._open[arm]
