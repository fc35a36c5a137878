"""What `cqa status` was asked for: whose work, and of which period."""

from collections.abc import Iterable
from dataclasses import dataclass

from cqa.commands.here import named_person
from cqa.commands.records import SampleRecord
from cqa.errors import Problem, WrongUse
from cqa.files.workspace import Workspace
from cqa.marking.spent import moment_of
from cqa.periods import Period, read_period
from cqa.tree import did_you_mean


@dataclass(frozen=True, slots=True)
class StatusOptions:
    """The options of `status` as typed; empty where not given."""

    samples: tuple[str, ...] = ()
    mine: bool = False
    unit: str = ""
    reviewer: str = ""
    period: str = ""
    strict: bool = False
    who: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """The people who were asked for, case-folded, and the period; None where everything was."""

    people: frozenset[str] | None
    period: Period | None

    def about(self, name: str) -> bool:
        """Whether the person is among those asked for."""
        return self.people is None or name.casefold() in self.people

    def drawn(self, record: SampleRecord) -> bool:
        """Whether the sample was drawn (UTC) in the period asked for."""
        moment = moment_of(record.folder.sample.drawn_at)
        return self.period is None or (moment is not None and moment.date() in self.period)

    def overlaps(self, period: Period) -> bool:
        """Whether a day of that period was asked for."""
        return self.period is None or period.overlaps(self.period)


def asked_for(
    workspace: Workspace, records: Iterable[SampleRecord], options: StatusOptions, viewer: str
) -> Asked:
    """Whose work and which period the options name. Raises WrongUse for a reviewer or unit that nobody knows, for what
    is no period, and where two options say whose."""
    if options.mine and options.reviewer:
        raise WrongUse(Problem("S018", "--mine and --reviewer both say whose.", "Leave one of them out."))
    people = None
    if options.mine:
        people = frozenset({named_person(viewer).casefold()})
    elif options.reviewer:
        known = {person.name for person in workspace.people}.union(
            *(record.folder.sample.reviewers for record in records))
        people = frozenset({_known(options.reviewer, known, "S010", "reviewer")})
    if options.unit:
        units = {person.name.casefold(): person.unit for person in workspace.people if person.unit}
        unit = _known(options.unit, units.values(), "S050", "unit of people.csv")
        of_it = frozenset(name for name, theirs in units.items() if theirs.casefold() == unit)
        people = of_it if people is None else people & of_it
    return Asked(people, _period(options.period) if options.period else None)


def _period(text: str) -> Period:
    try:
        return read_period(text)
    except ValueError:
        raise WrongUse(Problem("S018", f"'{text[:40]}' is no period.", "Write 2026, 2026-Q4 or 2026-11.")) from None


def _known(text: str, known: Iterable[str], code: str, what: str) -> str:
    """The name, case-folded. Raises WrongUse where it is not among those known, whatever the letter case."""
    names = sorted(set(known))
    if text.casefold() not in map(str.casefold, names):
        raise WrongUse(Problem(code, f"'{text[:80]}' is no {what}.", did_you_mean(text, tuple(names))))
    return text.casefold()
