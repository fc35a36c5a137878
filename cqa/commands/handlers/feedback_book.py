"""The handler's sheet before it is written: a summary of one page, the marks, the reply to fill in, and what it is."""

from collections.abc import Iterator
from datetime import date
from textwrap import shorten
from typing import NamedTuple

from cqa.book import Book
from cqa.facts import minute
from cqa.marking.feedback import ANSWERS, DECISIONS, Feedback
from cqa.marking.handout import Handout, Line
from cqa.sampling.date_patterns import MONTHS
from cqa.settings import Settings
from cqa.table import Column, Row, Table

REPLY, ABOUT, BY_QUESTION, OUTCOME = "Your reply", "About this", "By question", "What came of it"
LAYOUT = "cqa-feedback-words/2"
"""Names the words of a sheet other than people's: raise it with any of them, so that no reply to a sheet with other
words is taken for one that was changed."""
KIND, SHEET_NUMBER, CASE, SAMPLE, VERSION = (
    "Kind of sheet", "Number of this sheet", "Case", "Sample", "Version")
ANSWER_COLUMN, WORDS_COLUMN = "Your answer", "Why, or what we should know"
SEEN = "(seen)"
"""Stands in the place of a question in the row that asks for the day; no question can be called so."""
BEST = "This is the best mark."
OFF_SCALE = "This answer is on no scale: nothing is above it."
_ASKED_SEEN = "On which day did you see this? Write it as in 2026-12-18."
_ABOUT_YOU = "This is about one piece of work, and for you alone. Nothing of anybody else's work or marks is in it."
_WHAT_FOLLOWS = (
    "Every mark you disagree with is decided on: it is kept, changed by the marker, or the case is marked once more by "
    "somebody else. You are told which, and why.",
    "The descriptions of marks are the rubric's own. Marks and reasons are the marker's; where it says agreed in "
    "moderation, two marks were compared and the one that was agreed stands here.",
)
_MOST_NAMED, _LONGEST_ASK, _LONGEST_REASON = 6, 80, 90


class _Form(NamedTuple):
    """The words in which the workbook and the pages to read differ: where each mark is told, how to answer in short,
    how to ask somebody (`{who}`) for another look, and the notes."""

    where: str
    turn: str
    look: str
    notes: tuple[str, ...]


_WORKBOOK = _Form(
    f"on the sheet {BY_QUESTION}", f"say so on the sheet {REPLY}.",
    f"Fill in the sheet {REPLY} and send it back to {{who}}.",
    (_ABOUT_YOU,
     f"If you see a mark otherwise, say so: on the sheet {REPLY} choose Agree, Disagree or Context beside it, and "
     "write why, or what we should know. Empty rows are taken as nothing said. Save the workbook, and send it back to "
     "whoever gave it to you.", *_WHAT_FOLLOWS,
     "Only the cells to fill in can be changed. A sheet in which anything else was changed cannot be read back."))
_PAGE = _Form(
    f"below, under {BY_QUESTION}", "say so: how is told at the end.", "Answer {who}: how is told at the end.",
    (_ABOUT_YOU, *_WHAT_FOLLOWS,
     f"How to answer: fill in the sheet {REPLY} of the workbook that came with this, and send it back. Or write to "
     "whoever gave this to you, naming the question, whether you agree or disagree or have something to add, and why: "
     "they fill the workbook in for you."))


def day_in_words(day: str) -> str:
    """A day such as 2026-12-18 as people say it: 18 December 2026; what is none as it stands."""
    try:
        found = date.fromisoformat(day[:10])
    except ValueError:
        return day
    return f"{found.day} {MONTHS[found.month - 1]} {found.year}"


def feedback_book(handout: Handout, feedback: Feedback, settings: Settings) -> Book:
    """The sheet of a case as a workbook; what came of it since is a sheet of its own, so that the rest of a version
    never changes."""
    return _book(handout, feedback, settings, _WORKBOOK, (_reply(handout),))


def feedback_page(handout: Handout, feedback: Feedback, settings: Settings) -> Book:
    """The same to read, with nothing to fill in: an answer is taken from the workbook alone."""
    return _book(handout, feedback, settings, _PAGE, ())


def _book(
    handout: Handout, feedback: Feedback, settings: Settings, form: _Form, reply: tuple[Table, ...]
) -> Book:
    outcome = outcome_table(feedback)
    tables = (_by_question(handout), *reply, _about(handout, feedback, form), *((outcome,) if outcome.rows else ()))
    return Book(f"Feedback on case {handout.case_id}", settings.organisation, settings.language,
                tuple(_summary(handout, form)), form.notes, tables, handout=True)


def _summary(handout: Handout, form: _Form) -> Iterator[tuple[str, str]]:
    yield "What was good", handout.strength or "Nobody wrote it down."
    for number, one in enumerate(handout.todo, start=1):
        label = "What to do next" if len(handout.todo) == 1 else f"What to do next, {number}"
        yield label, f"{one.what}\nOwner: {one.owner}. By {day_in_words(one.due)}."
    if not handout.todo:
        yield "What to do next", f"Nothing: {handout.nothing}"
    if handout.band:
        yield "Overall", handout.band
    yield "The marks", "\n".join(_marks_said(handout, form.where))
    yield "Your turn", f"If you see a mark otherwise, or we should know more, {form.turn}"


def _marks_said(handout: Handout, where: str) -> Iterator[str]:
    """How many marks are the best there is, and which are not, with the beginning of why: enough to know where to look.
    """
    below = [line for line in handout.worst_first if line.up]
    best = sum(line.best for line in handout.lines)
    if not below and not best:
        yield f"They are listed {where}."
        return
    yield f"{best} of {best + len(below)} are at the best level.{' These are not:' if below else ''}"
    for line in below[:_MOST_NAMED]:
        reason = f" Why: {_begun(line.reason, _LONGEST_REASON)}" if line.reason.strip() else ""
        yield f"{line.mark}: {line.question_id} - {_begun(line.ask, _LONGEST_ASK)}{reason}"
    if len(below) > _MOST_NAMED:
        yield f"{len(below) - _MOST_NAMED} more {where}."


def _begun(text: str, most: int) -> str:
    """The text on one line, of at most so many letters: cut between words where that can be."""
    cut = shorten(text, most, placeholder=" ...")
    return cut if cut.strip() != "..." else f"{text.strip()[:most - 3]}..."


def _by_question(handout: Handout) -> Table:
    columns = (Column("Question", "id", 10), Column("What was asked", "long", 27),
               Column("The mark and what it means", "long", 31), Column("One level up", "long", 31),
               Column("Why, and where in the file", "long", 31))
    rows = tuple((line.question_id, line.ask, _joined(_mark(line), line.means), _up(line),
                  _joined(line.reason, f"In the file: {line.evidence}" if line.evidence.strip() else "") or
                  "No reason was needed.") for line in handout.worst_first)
    return Table(BY_QUESTION, "By question: each mark, what it means, and what one level up would be",
                 "One row for each question that was asked of this case, the marks that are not the best ones first.",
                 columns, rows)


def _mark(line: Line) -> str:
    return f"{line.mark} (agreed in moderation)" if line.agreed else line.mark


def _up(line: Line) -> str:
    return _joined(line.up, line.up_means) if line.up else BEST if line.best else OFF_SCALE


def _joined(*parts: str) -> str:
    return "\n".join(part for part in parts if part.strip())


def _reply(handout: Handout) -> Table:
    columns = (Column("Question", "id", 10), Column("What was asked", "long", 34), Column("Mark", "text", 18),
               Column(ANSWER_COLUMN, "text", 17, fill=True, offered=tuple(ANSWERS.values())),
               Column(WORDS_COLUMN, "long", 46, fill=True))
    rows: tuple[Row, ...] = (
        *((line.question_id, line.ask, _mark(line), "", "") for line in handout.worst_first),
        (SEEN, _ASKED_SEEN, "no mark", "Write the day in the next cell.", ""))
    return Table(REPLY, "Your reply, if you have one", "Fill in the coloured cells where you have something to say, "
                 "save, and send it back. Disagree needs a reason.", columns, rows)


def _about(handout: Handout, feedback: Feedback, form: _Form) -> Table:
    marked = handout.marked
    rows: list[Row] = [
        (CASE, handout.case_id), (SAMPLE, handout.sample), (VERSION, f"{handout.version}"),
        ("Whose work", "; ".join(handout.handlers) or "not told by the export"),
        ("Marked by", f"{marked.by}, signed off on {minute(marked.signed_at)} UTC as {marked.signed_id}"),
        *((("Moderated", f"Marks were agreed on {minute(marked.settled_at)} UTC, and stand here."),)
          if marked.settled_at else ()),
        ("Written by", f"{feedback.written_by} on {minute(feedback.written_at)} UTC"),
        ("To ask for another look", form.look.format(who=feedback.written_by)),
        ("Rubric", f"{handout.rubric_title} ({handout.rubric} {handout.rubric_version})"),
        ("Case facts", "; ".join(f"{label}: {value}" for label, value in handout.facts) or "none that may be shown"),
        (SHEET_NUMBER, handout.digest), (KIND, LAYOUT),
        ("Handling", "About one person's work: for that person and whoever leads them. Do not pass it on."),
    ]
    return Table(ABOUT, "About this: whose it is, and how to ask for another look",
                 "The number tells a reply to which sheet it belongs.",
                 (Column("What", "text", 30), Column("In words", "long", 90)), tuple(rows))


def outcome_table(feedback: Feedback) -> Table:
    """What came of a sheet: when it was given and seen, replies with what was decided on them, actions done."""
    rows: list[Row] = []
    if feedback.given:
        rows.append(("Given", day_in_words(feedback.given), feedback.how))
    if feedback.seen:
        rows.append(("Seen", day_in_words(feedback.seen), "You saw it."))
    for reply in feedback.replies.values():
        rows.append((f"Your reply on {reply.question_id}", day_in_words(reply.at),
                     _joined(ANSWERS.get(reply.answer, reply.answer), reply.words)))
        if reply.decision:
            rows.append((f"Decided on {reply.question_id}", day_in_words(reply.decided_at),
                         f"{DECISIONS.get(reply.decision, reply.decision)}. {reply.reason}"))
    for step in feedback.actions:
        if step.done:
            rows.append((f"Action {step.number} done", day_in_words(step.done), step.what))
    return Table(OUTCOME, "What came of it", "What was recorded since this version was written.",
                 (Column("What", "text", 26), Column("When", "text", 22), Column("In words", "long", 78)), tuple(rows))
