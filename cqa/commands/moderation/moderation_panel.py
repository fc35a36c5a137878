"""The panel pack: a workbook for a meeting, in which marks stay out of sight until they were talked through."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cqa.book import Book
from cqa.commands.leaders.leading import Leader
from cqa.commands.moderation.moderation_queue import Queue, nothing_said, remarks
from cqa.commands.reports.books import NONE, as_of
from cqa.commands.reports.export import check_outside_samples
from cqa.errors import ExitCode, Problem, WrongUse
from cqa.facts import how_many
from cqa.marking.compared import Answer, Compared, compare
from cqa.marking.moderated import Moderated, moderated
from cqa.marking.moderation import CAUSES, NOT_ASKED
from cqa.marking.view import mark_in_words
from cqa.rubric.model import Question
from cqa.screen.printer import Printer, listed
from cqa.table import Cell, Column, Table
from cqa.world import World

MANY_CASES = 10
_WRITE = "__________"
"""A place to write on, on paper or over it on the screen."""
_HANDLING = ("Holds reasons about people's work and, on the sheet Marks, what they were marked. For the panel alone: "
             "collect or delete it afterwards.")
_HOW = ("1. Read a question, what each level means, and what each marker wrote. Everyone says which level that is, and "
        "why, before anyone looks at the sheet Marks.\n"
        "2. Look at the sheet Marks. Ask why the marks differed before asking which is right.\n"
        "3. Write the agreed mark, the cause, and whether the rubric's wording needs changing beside the question.\n"
        "4. Afterwards the team leader keeps it with cqa moderate: what is only on paper counts nowhere.")


@dataclass(frozen=True, slots=True)
class Disputed:
    """A question of a case on which the markers differ and nothing is agreed yet."""

    case_id: str
    one: Compared


def write_panel(world: World, printer: Printer, leader: Leader, queue: Queue, file: str, case_id: str) -> int:
    """Writes the pack of one case, or of all in the queue, or says that nothing is in dispute.

    Raises WrongUse for a file that is no .xlsx or lies inside a sample, NotSaved when the disk refuses.
    """
    path = world.folder / file
    if path.suffix.casefold() != ".xlsx":
        raise WrongUse(Problem("S018", f"--panel cannot be '{file}'.", "End it in .xlsx."))
    if (world.folder / file).exists():
        raise WrongUse(Problem("S018", f"'{file}' is there already, and may hold what a meeting wrote in it.",
                               "Name another file, or move that one away."))
    check_outside_samples(path)
    disputed = tuple(one for one in disputed_questions(queue) if case_id in ("", one.case_id))
    if not disputed:
        printer.paragraph(f"{nothing_said(queue)} No workbook was written.")
        for told in remarks(queue):
            printer.paragraph(told)
        if printer.as_json:
            printer.json({"file": "", "cases": 0, "questions": 0})
        return ExitCode.DONE
    from cqa.files.workbook import write_book  # noqa: PLC0415 - openpyxl is for workbooks only

    written = write_book(path, panel_book(leader, queue, disputed), queue.record.as_of)
    cases = len({one.case_id for one in disputed})
    if printer.as_json:
        printer.json({"file": str(written), "cases": cases, "questions": len(disputed)})
        return ExitCode.DONE
    printer.line(f"{how_many(len(disputed), 'question')} of {how_many(cases, 'case')} written to {written}")
    if cases > MANY_CASES:
        printer.paragraph("That is more than one meeting bears: cqa moderate CASE --panel FILE.xlsx makes a pack of "
                          "one case.")
    printer.paragraph("It names nobody. The marks stand on a sheet of their own: open it only once a question was "
                      "talked through.")
    return ExitCode.DONE


def disputed_questions(queue: Queue) -> Iterator[Disputed]:
    """Every question in dispute on which nothing is agreed, in the order of the queue and of the rubric."""
    for listed_one in queue.listed:
        case = queue.shared[listed_one.case_id]
        moderation = queue.record.moderations.of(case.case_id, queue.purpose)
        if not case.in_force(moderation):
            yield from (Disputed(case.case_id, one) for one in compare(case, moderation) if one.owed and one.differs)


def panel_book(leader: Leader, queue: Queue, disputed: Sequence[Disputed]) -> Book:
    """The pack: how to use it, what is in dispute without marks, the marks apart, and what was settled before."""
    settings, record = leader.workspace.settings, queue.record
    cases = len({one.case_id for one in disputed})
    critical = sum(one.one.question.critical for one in disputed)
    before = [one for case, moderation in queue.settled for one in moderated(case, moderation)]
    cover = (
        ("What it is", f"{how_many(len(disputed), 'question')} of {how_many(cases, 'case')} of sample {record.name} on "
         f"which markers gave different answers{f', {critical} of them critical' if critical else ''}."),
        ("How to use it", _HOW),
        ("Causes", "; ".join(f"{words} ({code})" for code, words in CAUSES.items())),
        ("Who is who", "Nowhere in this workbook. A and B stand for the markers of one case, in an order that says "
         "nothing; the same person has another letter on another case."),
        ("Settled before", f"{how_many(len(before), 'question')} of {how_many(len(queue.settled), 'case')}."),
        as_of((record,)),
        ("Handling", _HANDLING),
    )
    notes = ("Reasons and evidence stand as the markers wrote them: where one names a mark, it does so here too. That "
             "a marker wrote nothing may hint that their mark needed no reason.",
             "Left out are cases that not everyone has signed off, and those that whoever made this marked or handled.",
             "An agreed mark stands beside the originals and never replaces them.")
    return Book(f"Panel on {record.name}", settings.organisation, settings.language, cover, notes,
                (_disputed_table(disputed), _marks_table(disputed), _settled_table(before)))


def _letters(disputed: Sequence[Disputed]) -> tuple[str, ...]:
    """The letters that some case has, in order."""
    return tuple(dict.fromkeys(answer.letter for one in disputed for answer in one.one.answers))


def _disputed_table(disputed: Sequence[Disputed]) -> Table:
    letters = _letters(disputed)
    columns = (Column("Case", "id", 11), Column("Question", "id", 10),
               Column("What is asked, and what each level means", "long", 46),
               *(Column(f"{letter} wrote", "long", 34) for letter in letters),
               Column("Agreed mark", "text", 14), Column("Cause", "text", 14), Column("Change the rubric?", "text", 14))
    rows = tuple(
        (one.case_id, one.one.question.id, _asked(one.one.question),
         *(_wrote(one.one, letter) for letter in letters), _WRITE, _WRITE, _WRITE) for one in disputed)
    return Table("Disputed questions", "What is in dispute, without the marks", "Say what you would have given before "
                 "you look at the sheet Marks. The last three columns are to be written in.", columns, rows)


def _asked(question: Question) -> str:
    critical = " (critical)" if question.critical else ""
    look = [f"Look for: {question.look_for}"] if question.look_for else []
    answers = [level for level in (question.scale.answers if question.scale else ()) if level.id not in question.forbid]
    described = [f"{level.label}: {question.descriptors[level.id]}" for level in answers
                 if question.descriptors.get(level.id)]
    others = "; ".join(level.label for level in answers if not question.descriptors.get(level.id))
    return "\n".join((f"{question.ask}{critical}", *look, *described, *([f"Or: {others}"] if others else ())))


def _answer(one: Compared, letter: str) -> Answer | None:
    return next((answer for answer in one.answers if answer.letter == letter), None)


def _wrote(one: Compared, letter: str) -> str:
    """Reason and evidence. That nothing was written must not tell a mark: whoever was not asked wrote nothing too."""
    answer = _answer(one, letter)
    if answer is None:
        return "-"
    told = [f"{name}: {words}" for name, words in (("Reason", answer.mark.reason), ("Evidence", answer.mark.evidence))
            if words.strip()] if answer.mark else []
    return "\n".join(told) or "Nothing was written."


def _marks_table(disputed: Sequence[Disputed]) -> Table:
    letters = _letters(disputed)
    columns = (Column("Case", "id", 14), Column("Question", "id", 12),
               *(Column(letter, "text", 24) for letter in letters), Column("Levels apart", "text", 20))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (one.case_id, one.one.question.id, *(_gave(one.one, letter) for letter in letters),
         "not on one scale" if one.one.apart is None else str(one.one.apart)) for one in disputed)
    return Table("Marks", "What each marker gave", "To be looked at once a question was talked through.", columns, rows)


def _gave(one: Compared, letter: str) -> str:
    answer = _answer(one, letter)
    return "-" if answer is None else _in_words(one.question, answer.value)


def _in_words(question: Question, value: str) -> str:
    return "not asked" if value == NOT_ASKED else mark_in_words(question, value)


def _settled_table(before: Sequence[Moderated]) -> Table:
    columns = (Column("Case", "id", 12), Column("Question", "id", 11), Column("The marks were", "text", 26),
               Column("Agreed mark", "text", 16), Column("Cause", "text", 22), Column("Why it is right", "long", 46),
               Column("Change the rubric?", "text", 14))
    rows = tuple(
        (one.case_id, one.question.id, listed(sorted({_in_words(one.question, mark.mark) for mark in one.marks})),
         _in_words(one.question, one.agreed), one.cause_in_words or NONE, one.reason or NONE,
         "yes" if one.change_rubric else "no") for one in before)
    return Table("Settled before", "What was settled before", "Examples to go by, so that like cases end alike.",
                 columns, rows)
