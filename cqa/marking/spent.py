"""How long a reviewer was at a case, from the times between the events of a journal."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

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
        keyboard, opened = _counting(seconds)
        return Spent(self.keyboard + keyboard, self.open + opened)


def _counting(seconds: float) -> tuple[float, float]:
    """How much of a gap counts as time at the keyboard, and as open."""
    if 0 < seconds < OPEN:
        return seconds if seconds < AT_THE_KEYBOARD else 0.0, seconds
    return 0.0, 0.0


def seconds_between(earlier: str, later: str) -> float:
    """Seconds from one UTC text to another; 0 where either cannot be read."""
    begun, ended = moment_of(earlier), moment_of(later)
    return (ended - begun).total_seconds() if begun and ended else 0.0


def spent_on(spent: Mapping[str, Spent], case_id: str, earlier: str, later: str) -> dict[str, Spent]:
    """The times of all cases once an event of this case followed one at `earlier`."""
    return {**spent, case_id: spent.get(case_id, Spent()).longer(seconds_between(earlier, later))}


class Times:
    """The time spent on each case, from the events of one journal as they come."""

    def __init__(self) -> None:
        self._spent: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        self._before: datetime | None = None

    def add(self, case_id: str, at: str) -> None:
        """One more event at a UTC text, of a case or of none: the gap before it belongs to its case, and the gap
        before a sitting begins to none. A text that is no time ends no gap and begins none."""
        moment, before = moment_of(at), self._before
        self._before = moment
        if case_id and moment and before:
            keyboard, opened = _counting((moment - before).total_seconds())
            spent = self._spent[case_id]
            spent[0] += keyboard
            spent[1] += opened

    @property
    def spent(self) -> dict[str, Spent]:
        """Case to the time spent on it so far."""
        return {case_id: Spent(*seconds) for case_id, seconds in self._spent.items()}


def moment_of(at: str) -> datetime | None:
    """The moment of a text, in UTC, also where the text tells no zone; None where it cannot be read, or lies before
    the first year or after the last once it is UTC."""
    try:
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is UTC:
            return moment
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def together(one: Mapping[str, Spent], other: Mapping[str, Spent]) -> dict[str, Spent]:
    """The times of two journals added up."""
    found = dict(one)
    for case_id, spent in other.items():
        before = found.get(case_id, Spent())
        found[case_id] = Spent(before.keyboard + spent.keyboard, before.open + spent.open)
    return found
