"""`cqa feedback`: what the handler of a case is told, when and how, what they answer, and what becomes of it."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cqa.commands.handlers.feedback_asking import LeftOff, ask_for_sheet
from cqa.commands.handlers.feedback_files import sheet_path, write_sheet
from cqa.commands.handlers.feedback_ground import case_for_feedback, ground_for, refuse_damage
from cqa.commands.handlers.feedback_reply import answers_in, in_order
from cqa.commands.handlers.feedback_told import feedback_json, to_decide, where_it_stands
from cqa.commands.handlers.feedback_typed import FeedbackOptions, deeds_typed
from cqa.commands.handlers.feedback_warned import warn_of_difference, warn_of_undecided
from cqa.commands.leaders.leading import Leader, leader_of, leaders_journal
from cqa.commands.records import SampleRecord, exit_of, read_record, read_samples
from cqa.errors import ExitCode, Forbidden, NotSaved, Problem, WrongUse
from cqa.files.journal import LineTooLong
from cqa.files.rooms import FEEDBACK
from cqa.marking.entries import Entry, entry_line
from cqa.marking.feedback import ANSWERS, DECIDED, GIVEN, REPLIED, WRITTEN, Feedback
from cqa.marking.feedback_deeds import FOLLOWS, Answer, Deed, Give, Ground, LookAgain, Pen, Write, again, stale
from cqa.marking.feeding_back import entries_for
from cqa.sampling.draw import DrawnCase
from cqa.screen.printer import Printer
from cqa.world import World

UNWRITTEN = "nobody wrote anything down."
"""What stands in the place of things to do next on a sheet that was given before anybody wrote one."""
_UNKNOWN_SEQ = 10**9
"""Numbers the entries of a trial, which are never written: beyond all that a journal holds."""


@dataclass(frozen=True, slots=True)
class _Work:
    """One case of one sample as it stands, and what feedback on it stands on."""

    record: SampleRecord
    case: DrawnCase
    ground: Ground

    @property
    def feedback(self) -> Feedback:
        return self.record.feedbacks.of(self.case.case_id)


def run(world: World, printer: Printer, options: FeedbackOptions) -> int:
    """Writes down what the options ask for, all of it or nothing, and makes the sheet; with none of them asks at a
    terminal, and elsewhere shows where the feedback on the case stands.

    Raises WrongUse for unknown names and options that cannot be used, Forbidden for what a rule of the scheme forbids,
    BadInput for a reply that cannot be read, InUse, Damaged and NotSaved as for marks.
    """
    leader = leader_of(world, options.sample, options.who, FEEDBACK)
    today = world.now().astimezone().date()
    deeds = deeds_typed(options, leader.folder.sample.name, today)
    work = _work(leader, options.case, today, deeds)
    if options.reply is not None:
        refuse_damage(work.record)
        deeds = in_order(deeds, answers_in(world.folder / options.reply, work.ground, work.feedback,
                                           leader.workspace.settings))
    if not options.asks:
        ended = _show(printer, leader, work)
        if ended or not _may_ask(world, printer, work):
            return ended
        try:
            deeds = (ask_for_sheet(world, printer, today),)
        except LeftOff:
            printer.line("Nothing was kept.")
            return ExitCode.STOPPED
    return _follow(world, printer, leader, today, work, _with_a_sheet(work, deeds))


def _with_a_sheet(work: _Work, deeds: tuple[Deed, ...]) -> tuple[Deed, ...]:
    """The deeds; where feedback was given before any sheet was written, with one first that holds the marks alone."""
    kinds = {type(deed) for deed in deeds}
    if work.feedback.version or Give not in kinds or Write in kinds:
        return deeds
    return (Write("", (), UNWRITTEN), *deeds)


def _may_ask(world: World, printer: Printer, work: _Work) -> bool:
    """Whether somebody sits there who can answer, and a sheet is to be written: none was, or what it says stands no
    more."""
    can = not work.ground.waiting and not work.ground.outdated
    due = can and (not work.feedback.version or bool(stale(work.ground, work.feedback)))
    return due and not printer.as_json and world.stdin.isatty() and world.stdout.isatty()


def _work(leader: Leader, case_id: str, today: date, deeds: Sequence[Deed]) -> _Work:
    """The case as it stands now; all samples are read where an action is to be looked for in another case."""
    record = read_record(leader.folder, leader.workspace.settings.language, leader.person)
    case = case_for_feedback(record, case_id, leader.person)
    wanted = {deed.sample.casefold() for deed in deeds if isinstance(deed, LookAgain)}
    others = read_samples(leader.workspace, sorted(wanted), leader.person) if wanted else ()
    return _Work(record, case, ground_for(record, case, today, others))


def _follow(
    world: World, printer: Printer, leader: Leader, today: date, work: _Work, deeds: tuple[Deed, ...]
) -> int:
    """Keeps what the deeds come to: looked at before the journal is opened, so that a refusal leaves no file behind,
    and again under its lock."""
    refuse_damage(work.record)
    if entries_for(work.ground, deeds, Pen(leader.person, leader.writer, _UNKNOWN_SEQ, world.stamp())):
        with leaders_journal(world, printer, leader) as journal:
            work = _same_sheet(work, _work(leader, work.case.case_id, today, deeds), deeds)
            made = entries_for(work.ground, deeds,
                               Pen(leader.person, leader.writer, journal.next_seq, world.stamp()))
            _keep(journal.append, made)
    else:
        made = ()
    printer.problems(work.record.problems)
    before, work = work.feedback, _work(leader, work.case.case_id, today, ())
    printer.problems(_warnings(work, made))
    _tell(printer, work, made, _sheet(leader, work), before)
    return exit_of((work.record,))


def _warnings(work: _Work, made: Sequence[Entry]) -> Iterator[Problem]:
    """What stands against what was just done, though nothing forbids it."""
    kinds = {entry.kind for entry in made}
    if kinds & {WRITTEN, GIVEN}:
        yield from warn_of_difference(work.record, work.ground)
    if any(entry.kind == WRITTEN and not entry.text("strength") for entry in made):
        yield Problem("W027", "The sheet holds the marks alone: nobody wrote what was good, or what to do next.",
                      'Write it: --strength TEXT --next "WHAT; OWNER; DAY". It is then to be given again.',
                      severity="warning")
    if WRITTEN in kinds:
        yield from warn_of_undecided(work.ground, work.feedback)


def _same_sheet(before: _Work, now: _Work, deeds: Sequence[Deed]) -> _Work:
    """The case as it stands under the lock. Raises Forbidden where a reply was read that is to a sheet which somebody
    else has written anew since."""
    refuse_damage(now.record)
    if before.feedback.sheet != now.feedback.sheet and any(isinstance(deed, Answer) for deed in deeds):
        raise Forbidden(Problem("J045", "The sheet was written anew while the reply was read.", "Look at the new one."))
    return now


def _keep(append: Callable[[dict[str, object]], object], made: Sequence[Entry]) -> None:
    """Writes the entries down. Raises WrongUse, with nothing of them kept, where one is longer than a line can be."""
    try:
        for entry in made:
            append(entry_line(entry))
    except LineTooLong as error:
        raise WrongUse(Problem("S018", "The texts are together longer than a line of a journal.",
                               "Shorten them.")) from error


def _sheet(leader: Leader, work: _Work) -> tuple[Path, ...]:
    """The files of the sheet, made anew; none where the marks on it no longer stand, for it was about those."""
    handout, feedback = work.ground.handout, work.feedback
    if handout is None or not feedback.version or stale(work.ground, feedback):
        return ()
    return write_sheet(leader.folder, work.case, handout.written(feedback), feedback, leader.workspace.settings)


def _show(printer: Printer, leader: Leader, work: _Work) -> int:
    """Tells where the feedback stands, and makes the sheet anew where it was deleted and that can be."""
    printer.problems((*work.record.problems, *warn_of_difference(work.record, work.ground)))
    path = sheet_path(work.record.folder, work.case)
    if not path.is_file():
        try:
            _sheet(leader, work)
        except NotSaved as error:
            printer.problems(error.problems)
    if printer.as_json:
        printer.json(_as_json(work))
    else:
        for line in where_it_stands(work.record.name, work.case, work.ground, work.feedback):
            printer.paragraph(line, hanging=2)
        if path.is_file():
            printer.line(f"Sheet: {path}")
    return exit_of((work.record,))


def _as_json(work: _Work) -> dict[str, object]:
    return feedback_json(work.record.name, work.case, work.ground, work.feedback)


def _tell(
    printer: Printer, work: _Work, made: Sequence[Entry], files: Sequence[Path], before: Feedback
) -> None:
    if printer.as_json:
        printer.json({**_as_json(work), "events": [entry.id for entry in made], "files": [f"{path}" for path in files]})
        return
    for line in (*_said(work, made, before), *_next(work, made)):
        printer.paragraph(line, hanging=2)
    for path in files:
        printer.line(f"  {path}")


def _said(work: _Work, made: Sequence[Entry], before: Feedback) -> Iterator[str]:
    if not made:
        yield "Nothing new: that stands already."
    elif any(entry.kind == WRITTEN for entry in made):
        yield f"Feedback on case '{work.case.case_id}' is written: version {work.feedback.version}."
    if made:
        yield f"Kept as {', '.join(entry.id for entry in made)}."
    if before.given and any(entry.kind == GIVEN for entry in made) and work.feedback.version == before.version:
        yield f"That it was given on {before.given} ({before.how}) is replaced by this."
    if replied := [entry for entry in made if entry.kind == REPLIED]:
        counts = Counter(ANSWERS[entry.text("answer")] for entry in replied)
        yield f"Read from the reply: {', '.join(f'{label} {count}' for label, count in counts.items())}."
    if any(entry.kind == WRITTEN for entry in made) and work.ground.unsettled:
        yield ("A moderation of this case was begun and is not settled: the sheet holds the first marker's marks. When "
               "it is settled, write the sheet again.")
    if why := stale(work.ground, work.feedback):
        yield f"{why}: {again(work.ground)}. Its files were left as they were."


def _next(work: _Work, made: Sequence[Entry]) -> Iterator[str]:
    """What is to be done next."""
    case = work.ground.called
    for entry in made:
        if entry.kind == DECIDED and (follows := FOLLOWS[entry.text("decision")]):
            yield follows.format(case=case)
    if any(entry.kind in (REPLIED, DECIDED) for entry in made) and work.feedback.undecided:
        yield to_decide(case, work.feedback)
    if any(entry.kind == WRITTEN for entry in made) and not work.feedback.given:
        yield f'When it has been given: cqa feedback {case} --given today --how "in person"'
    elif any(entry.kind == GIVEN for entry in made) and not work.feedback.seen:
        yield f"When they say that they saw it: cqa feedback {case} --seen today"
