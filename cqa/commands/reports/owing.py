"""What reviewers owe by the record, and what of it is past its due date by the settings and the calendar."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from cqa.bank_holidays import closed_days
from cqa.commands.records import Assessed, SampleRecord
from cqa.consistency.overdue import Overdue, Owed, What, overdue
from cqa.errors import Problem
from cqa.files.workspace import SETTINGS_FILE
from cqa.marking.spent import moment_of
from cqa.sampling.changes import HandOn, Replacement
from cqa.sampling.pairing import TURNS
from cqa.scheme import DueSettings
from cqa.screen.printer import listed
from cqa.working_days import working_days_after

_WHAT: dict[str, What] = {"first": "mark", "second": "second mark"}


def overdue_in(records: Iterable[SampleRecord], due: DueSettings, today: date) -> tuple[Overdue, ...]:
    """Everything owed in these samples whose due date has passed today (UTC), the oldest first."""
    owed = [one for record in records for one in _owed_in(record, due)]
    if not owed:
        return ()
    first = min(one.since for one in owed).year
    # The last due date lies after the last of `since` by less than twice as many days as it has working days.
    last = max(today, *(_later(one.since, 2 * one.within) for one in owed)).year
    return overdue(owed, today, closed_days(due, first, last))


def overdue_told(due: DueSettings, today: date) -> str:
    """What counts as overdue, in words."""
    free = [f"public holidays of {due.region}"] if due.region else []
    free += ["the days that cqa.yaml names"] if due.closed else []
    return (f"Counted on {today} (UTC): first and second marks that were not signed off {due.mark} working days after "
            f"the draw, or after their marker got the case; feedback that was not given {due.feedback} working days "
            "after the last sign-off of its case. Nobody works on "
            f"{listed(['Saturdays', 'Sundays', *free])}.")


def doubts_of(due: DueSettings, today: date) -> tuple[Problem, ...]:
    """A warning where the holidays are dates alone, and all of them lie in years that are over."""
    if due.region or not due.closed or due.closed[-1].year >= today.year:
        return ()
    return (Problem("P020", f"due.holidays names no day after {due.closed[-1]}: every later weekday counts as a "
                    "working day.", "Add the holidays of this year, or name a region.", SETTINGS_FILE,
                    severity="warning"),)


def _owed_in(record: SampleRecord, due: DueSettings) -> Iterator[Owed]:
    """What is not done in a sample, each with the working days it may take. Whatever else is ever owed by a date is
    added here."""
    yield from _marks_owed(record, due.mark)
    yield from _feedback_owed(record, due.feedback)


def fed_back_on(record: SampleRecord) -> Iterator[Assessed]:
    """The first assessments on which feedback is to be given, or was: everyone has signed the case, and it is known
    whose work it shows. What was given stays so while a further marker, called in since, has not signed. On a case of a
    trial none is owed: it is marked to try a form."""
    return (one for one in record.assessed if one.turn == "first" and one.case.handlers and (
        (record.both_signed(one.case.case_id) and not record.trial) or record.feedbacks.of(one.case.case_id).given))


def feedback_due(due: DueSettings) -> Callable[[date], date]:
    """From the day of the last sign-off of a case to the day by which feedback on it is to be given."""
    def due_on(signed: date) -> date:
        last = _later(signed, 2 * due.feedback + 1).year
        return working_days_after(signed, due.feedback, closed_days(due, signed.year, last))
    return due_on


def _feedback_owed(record: SampleRecord, within: int) -> Iterator[Owed]:
    """Feedback that was not given, from the day of the last sign-off on. A sheet that was written anew is yet to be
    given."""
    for one in fed_back_on(record):
        signed = _day(max(other.assessment.signed_at for other in record.of_case(one.case.case_id)))
        if signed and not record.feedbacks.of(one.case.case_id).given:
            yield Owed(record.name, one.case.case_id, one.reviewer, "feedback", signed, within)


def _marks_owed(record: SampleRecord, within: int) -> Iterator[Owed]:
    """First and second marks that are not signed off, also those of main cases that nobody has. A second mark for which
    nobody was free at the draw is not owed: the draw said so, and `second_due` counts none.

    They are owed from the draw on, or from the day on which the present marker got the case: by a replacement, or from
    somebody else's hands. Where neither moment can be read there is no due date.
    """
    if record.rubric is None:
        return
    sample, given = record.folder.sample, {(one.case.case_id, one.turn): one for one in record.assessed}
    drawn, got = _day(sample.drawn_at), _got(record)
    for case in sample.cases:
        for turn in TURNS if case.main else ():
            one = given.get((case.case_id, turn))
            since = max(filter(None, (drawn, got.get((case.case_id, turn)))), default=None)
            if since and (not one.signed if one else _nobodys(record, case.case_id, turn)):
                yield Owed(sample.name, case.case_id, one.reviewer if one else "", _WHAT[turn], since, within)


def _nobodys(record: SampleRecord, case_id: str, turn: str) -> bool:
    """Whether nobody has a case that somebody should mark. A take holds one person's assignments, and knows no other;
    a case that too few were free for stays out of a trial."""
    return not (record.folder.taken or record.trial) and (turn == "first" or case_id in record.settled.twice)


def _got(record: SampleRecord) -> dict[tuple[str, str], date]:
    """Case and turn to the last day on which its marker changed after the draw."""
    days: dict[tuple[str, str], date] = {}
    for change in record.settled.counting:
        day = _day(change.at)
        if day and isinstance(change, HandOn):
            _keep_later(days, (change.case_id, change.turn), day)
        elif day and isinstance(change, Replacement):
            for turn in TURNS:
                _keep_later(days, (change.reserve, turn), day)
    return days


def _keep_later(days: dict[tuple[str, str], date], key: tuple[str, str], day: date) -> None:
    days[key] = max(day, days.get(key, day))


def _day(at: str) -> date | None:
    moment = moment_of(at)
    return moment.date() if moment else None


def _later(day: date, days: int) -> date:
    return day + timedelta(days=min(days, (date.max - day).days))
