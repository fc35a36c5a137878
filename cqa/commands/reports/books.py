"""A reviewer's own workbook: where each case stands, the marks given, and what is still to do."""

from collections.abc import Sequence
from datetime import UTC

from cqa import __version__
from cqa.book import UNDATED, Book
from cqa.commands.records import Assessed, SampleRecord
from cqa.commands.reports.book_after import after_own_marks
from cqa.commands.reports.book_changes import HELD_BACK, own_changes_table
from cqa.commands.reports.book_pattern import pattern_table
from cqa.consistency.listings import left_out_said, left_out_table
from cqa.errors import Problem
from cqa.facts import how_many, minute
from cqa.files.anchors import ANCHOR_SHEET, anchor_of
from cqa.files.workspace import Workspace
from cqa.marking.view import mark_in_words
from cqa.rubric.model import Question
from cqa.rubric.scoring import level_of
from cqa.table import Cell, Column, Table

NONE = "none"

_NOTES = (
    "The journals are the record; this workbook is a picture of them and may be made again at any time.",
    "A case that someone else marks too is held back here until both have signed it off, so that neither sees the "
    "other's marks first.",
    "Score: points gained over points available, over the questions asked and answered on the scale.",
    "Times are UTC.",
)


def as_of(records: Sequence[SampleRecord]) -> tuple[str, str]:
    """The line of a cover that says of what moment it speaks. It never tells when the workbook was written, so that
    the same journals give the same bytes."""
    moment = max((record.as_of for record in records), default=UNDATED).astimezone(UTC)
    return "Record as of", f"{moment:%Y-%m-%d %H:%M} UTC, the last entry in it. Made by cqa {__version__}"


def anchor_table(lines: Sequence[str]) -> Table:
    """The sheet that somebody else keeps, so that the journals can be held against it later."""
    return Table(ANCHOR_SHEET, "What to hold the journals against",
                 "How many lines each journal had, and the seal of its last. Kept by somebody else, this shows later "
                 "whether anything up to there was changed: cqa verify --anchor with this workbook.",
                 (Column("Anchor", "long", 100),), tuple((line,) for line in lines))


def reviewer_book(workspace: Workspace, record: SampleRecord, reviewer: str) -> Book:
    """The marked assessments of one reviewer in one sample."""
    mine = tuple(one for one in record.everyone if one.reviewer == reviewer)
    shown = tuple(one for one in mine if record.both_signed(one.case.case_id) or not _shared(record, one))
    plan = record.folder.sample.plan
    rubric = f"{plan.rubric.id} {plan.rubric.version}, SHA-256 {plan.rubric.sha256}" if plan.rubric else NONE
    left_out = tuple(_named(problem) for problem in record.problems)
    cover = (
        ("What is done", _done_said(mine)),
        ("What is still owed", _owed_said(mine)),
        *((("Held back", _held_said(len(mine) - len(shown))),) if len(shown) < len(mine) else ()),
        ("Reviewer", reviewer),
        ("Sample", record.name),
        ("Rubric", rubric),
        ("Left out", left_out_said(left_out).removeprefix("Left out: ")),
        as_of((record,)),
        ("How to read this", "Progress lists every case and Results what it came to; Still to do says what each one "
         "owes; My marks holds one row for each mark, Reasons and evidence what was said for it. My pattern sets "
         "your marks beside those of the others together, and Changes is your own log."),
        ("Handling", "Holds marks and reasons about people's work. Do not pass it on."),
    )
    held = {one.case.case_id for one in mine} - {one.case.case_id for one in shown}
    tables = (_progress(mine), _results(mine, held), _to_do(mine), _marks(shown), _texts(shown), _meanings(shown),
              pattern_table(record, reviewer, workspace.settings.small), own_changes_table(record, reviewer),
              *after_own_marks(record, shown), *((left_out_table(left_out),) if left_out else ()),
              anchor_table(anchor_of(record.folder, reviewer).lines))
    return Book(f"Marked assessments of {reviewer}", workspace.settings.organisation, workspace.settings.language,
                cover, (left_out_said(left_out), *_NOTES), tables)


def _done_said(mine: tuple[Assessed, ...]) -> str:
    done = sum(one.signed for one in mine)
    return f"{done} of {how_many(len(mine), 'case')} signed off. Sheets Progress and Results."


def _owed_said(mine: tuple[Assessed, ...]) -> str:
    """How many cases are begun and not begun; a signed one that is being amended owes nothing that counts."""
    begun = sum(one.begun and not one.signed for one in mine)
    fresh = sum(not one.begun and not one.signed for one in mine)
    if not begun and not fresh:
        return "Nothing."
    told = [f"{how_many(count, 'case')} {state}" for count, state in ((begun, "begun"), (fresh, "not begun")) if count]
    return f"{' and '.join(told)}. Sheet Still to do says what each owes."


def _held_said(cases: int) -> str:
    return (f"{how_many(cases, 'case')} with a second marker, until both have signed off: no mark on "
            f"{'it' if cases == 1 else 'them'} is in this workbook.")


def _named(problem: Problem) -> Problem:
    """The problem with the file's own name: where the folder lies is no business of a book."""
    name = problem.where.replace("\\", "/").rsplit("/", 1)[-1]
    return Problem(problem.code, problem.message, problem.remedy, name, problem.line, problem.column, problem.severity)


def _shared(record: SampleRecord, one: Assessed) -> bool:
    return len(record.of_case(one.case.case_id)) > 1


def _progress(mine: tuple[Assessed, ...]) -> Table:
    columns = (Column("Case", "id", 14), Column("Stratum", "text", 30), Column("State", "text", 14),
               Column("Questions asked", "number", 13), Column("Marks", "number", 9),
               Column("Signed off (UTC)", "text", 20), Column("Flagged", "text", 11))
    rows = tuple(
        (one.case.case_id, one.case.stratum, one.state, sum(state is True for state in one.standing.asked.values()),
         len(one.standing.marks), minute(one.assessment.signed_at) or "-", "yes" if one.assessment.flagged else "no")
        for one in mine)
    return Table("Progress", "Where each case stands", "One row for each case to mark.", columns, rows)


def _results(mine: tuple[Assessed, ...], held: set[str]) -> Table:
    columns = (Column("Case", "id", 14), Column("Score", "percent", 24), Column("Band", "text", 40),
               Column("Failed critical questions", "text", 34))
    return Table("Results", "What each case came to", "Score and band are shown once a case is signed off.", columns,
                 tuple(_result_row(one, one.case.case_id in held) for one in mine))


def _result_row(one: Assessed, held: bool) -> tuple[Cell, ...]:
    if not one.signed or held:
        state = HELD_BACK if one.signed else one.state if not one.begun else "not signed off"
        return one.case.case_id, state, state, "-"
    result = one.standing.result(one.rubric)
    failed = ", ".join(result.critical_failed)
    band = result.band or NONE
    told = f"{band}: {failed} failed" if failed else band
    disputed = one.assessment.band_dispute
    return (one.case.case_id, float(result.score) if result.score is not None else "nothing to score",
            f"{told}. Disputed: {disputed}" if disputed else told, failed or NONE)


def _marks(shown: tuple[Assessed, ...]) -> Table:
    columns = (Column("Case", "id", 12), Column("Question", "id", 11), Column("Asked", "long", 46),
               Column("Mark", "text", 16), Column("Points", "number", 11), Column("Marked (UTC)", "text", 19))
    return Table("My marks", "My marks", "One row for each mark that stands.", columns,
                 tuple(_mark_row(one, question) for one, question in _given(shown)))


def _given(shown: tuple[Assessed, ...]) -> tuple[tuple[Assessed, Question], ...]:
    return tuple((one, question) for one in shown for question in one.rubric.questions
                 if question.id in one.standing.marks)


def _mark_row(one: Assessed, question: Question) -> tuple[Cell, ...]:
    mark = one.standing.marks[question.id]
    level = level_of(question, mark.value)
    points: Cell = float(level.points) if level and level.points is not None else "not scored"
    return one.case.case_id, question.id, question.ask, mark_in_words(question, mark.value), points, minute(mark.at)


def _texts(shown: tuple[Assessed, ...]) -> Table:
    columns = (Column("Case", "id", 12), Column("Question", "id", 11), Column("Mark", "text", 14),
               Column("Reason", "long", 46), Column("Evidence", "text", 32))
    rows = tuple(
        (one.case.case_id, question.id, mark_in_words(question, mark.value), mark.reason or NONE, mark.evidence or NONE)
        for one, question in _given(shown) if (mark := one.standing.marks[question.id]).reason or mark.evidence)
    return Table("Reasons and evidence", "What was said for each mark", "Marks with a reason or a place in the file.",
                 columns, rows)


def _meanings(shown: tuple[Assessed, ...]) -> Table:
    """What the marks given mean, each once."""
    columns = (Column("Question", "id", 11), Column("Mark", "text", 18), Column("What that mark means", "long", 86))
    given = {(one.rubric.version, question.id, one.standing.marks[question.id].value)
             for one, question in _given(shown)}
    rubrics = {one.rubric.version: one.rubric for one in shown}
    rows = tuple(
        (question.id if len(rubrics) == 1 else f"{question.id} ({version})", level.label,
         question.descriptors[level.id])
        for version, rubric in rubrics.items() for question in rubric.questions
        for level in (question.scale.answers if question.scale else ())
        if (version, question.id, level.id) in given and question.descriptors.get(level.id))
    return Table("What marks mean", "What the marks given mean", "Each mark that occurs, once.", columns, rows)


def _mark_owed(one: Assessed, question: str) -> str:
    """A mark, or a mark again where the one given is set aside since the rubric was changed."""
    if question not in one.again:
        return "a mark"
    label = mark_in_words(one.rubric.by_id[question], one.again[question].value)
    return f"a mark again, for the rubric was changed; it was '{label}' under the earlier version"


def _to_do(mine: tuple[Assessed, ...]) -> Table:
    columns = (Column("Case", "id", 16), Column("Question", "id", 14), Column("What is owed", "long", 80))
    rows: list[tuple[Cell, ...]] = []
    for one in mine:
        if one.signed:
            continue
        if not one.begun:
            rows.append((one.case.case_id, "all", "not begun"))
            continue
        standing = one.standing
        rows.extend((one.case.case_id, fact, "a case fact to be answered") for fact in standing.facts_wanted)
        rows.extend((one.case.case_id, question, _mark_owed(one, question)) for question in standing.unanswered)
        rows.extend((one.case.case_id, question, " and ".join(texts)) for question, texts in standing.due.items())
        rows.extend((one.case.case_id, rule.id, rule.say) for rule in standing.broken)
        if standing.finished:
            rows.append((one.case.case_id, "all", "the sign-off"))
    return Table("Still to do", "What is still to do", "Nothing here is counted in the report until it is signed off.",
                 columns, tuple(rows))
