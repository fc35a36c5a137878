"""How long a reviewer was at a case, from the times between the events of a journal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cqa.marking.events import Event

AT_THE_KEYBOARD = 5 * 60
"""Seconds between two events up to which a reviewer counts as at work. A longer gap is reading, a telephone, lunch."""
OPEN = 60 * 60
"""Seconds between two events up to which a case counts as open. A longer gap is another piece of work, or sleep."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds spent on a case: `keyboard` leaves out gaps of five minutes or more, `open` those of an hour or more."""

    keyboard: float = 0.0
    open: float = 0.0

    def longer(self, seconds: float) -> "Spent":
        """With one more gap between two events; a clock that was set back adds nothing."""
        counts = max(0.0, seconds)
        return Spent(self.keyboard + (counts if counts < AT_THE_KEYBOARD else 0),
                     self.open + (counts if counts < OPEN else 0))


def seconds_between(earlier: str, later: str) -> float:
    """Seconds from one UTC text to another; 0 where either cannot be read."""
    try:
        return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds()
    except (ValueError, TypeError):
        return 0.0


def spent_on(spent: Mapping[str, Spent], case_id: str, earlier: str, later: str) -> dict[str, Spent]:
    """The times of all cases once an event of this case followed one at `earlier`."""
    return {**spent, case_id: spent.get(case_id, Spent()).longer(seconds_between(earlier, later))}


def times_of(events: Iterable[Event]) -> dict[str, Spent]:
    """Case to the time spent on it. The gap before an event belongs to the event's case; each journal is taken by
    itself, and the gap before a sitting begins belongs to no case."""
    spent: dict[str, Spent] = {}
    before: dict[str, str] = {}
    for event in sorted(events, key=lambda one: (one.writer, one.seq)):
        if event.case_id and event.writer in before:
            spent = spent_on(spent, event.case_id, before[event.writer], event.at)
        before[event.writer] = event.at
    return spent
