"""A reviewer's own workbook: where each case stands, the marks given, and what is still to do."""

from cqa import __version__
from cqa.commands.records import Assessed, SampleRecord
from cqa.files.workspace import Workspace
from cqa.rubric.model import Question
from cqa.rubric.scoring import level_of
from cqa.table import Book, Cell, Column, Table

NONE = "none"
HELD_BACK = "held back until everyone who marks this case has signed it off"

_NOTES = (
    "The journals are the record; this workbook is a picture of them and may be made again at any time.",
    "A case that someone else marks too is held back here until both have signed it off, so that neither sees the "
    "other's marks first.",
    "Score: points gained over points available, over the questions asked and answered on the scale.",
)


def reviewer_book(workspace: Workspace, record: SampleRecord, reviewer: str, made: str) -> Book:
    """The marked assessments of one reviewer in one sample."""
    mine = tuple(one for one in record.assessed if one.reviewer == reviewer)
    shown = tuple(one for one in mine if record.both_signed(one.case.case_id) or not _shared(record, one))
    plan = record.folder.sample.plan
    rubric = f"{plan.rubric.id} {plan.rubric.version}, SHA-256 {plan.rubric.sha256}" if plan.rubric else NONE
    cover = (
        ("Reviewer", reviewer),
        ("Sample", record.name),
        ("Rubric", rubric),
        ("Cases to mark", str(len(mine))),
        ("Signed off", str(sum(one.signed for one in mine))),
        ("Made", f"{made} by cqa {__version__}"),
        ("How to read this", "Progress lists every case; Still to do says what each one owes; My marks holds one row "
         "for each mark."),
        ("Handling", "Holds marks and reasons about people's work. Do not pass it on."),
    )
    held = {one.case.case_id for one in mine} - {one.case.case_id for one in shown}
    tables = (_progress(mine, held), _marks(shown), _to_do(mine))
    return Book(f"Marked assessments of {reviewer}", workspace.settings.organisation, workspace.settings.language,
                cover, _NOTES, tables)


def _shared(record: SampleRecord, one: Assessed) -> bool:
    return sum(other.case.case_id == one.case.case_id for other in record.assessed) > 1


def _progress(mine: tuple[Assessed, ...], held: set[str]) -> Table:
    columns = (Column("Case", "id"), Column("Stratum"), Column("State"), Column("Questions asked", "number", 14),
               Column("Marks", "number"), Column("Score", "percent", 14), Column("Band", "text", 30),
               Column("Signed off", "text", 28), Column("Flagged"))
    return Table("Progress", "Where each case stands", "Score and band are shown once a case is signed off.", columns,
                 tuple(_progress_row(one, one.case.case_id in held) for one in mine))


def _progress_row(one: Assessed, held: bool) -> tuple[Cell, ...]:
    score: Cell = "not signed off"
    band = "not signed off"
    if held:
        score = band = "held back"
    elif one.signed:
        result = one.standing.result(one.rubric)
        score = float(result.score) if result.score is not None else "nothing to score"
        band = result.band or NONE
    asked = sum(state is True for state in one.standing.asked.values())
    return (one.case.case_id, one.case.stratum, one.state, asked, len(one.standing.marks), score, band,
            one.assessment.signed_at or NONE, "yes" if one.assessment.flagged else "no")


def _marks(shown: tuple[Assessed, ...]) -> Table:
    columns = (Column("Case", "id", 12), Column("Question", "id", 10), Column("Asked", "long", 38),
               Column("Mark", "text", 14), Column("Points", "number", 8),
               Column("What that mark means", "long", 40), Column("Reason", "long", 40),
               Column("Evidence", "text", 26), Column("Marked", "text", 14))
    rows = tuple(_mark_row(one, question) for one in shown for question in one.rubric.questions
                 if question.id in one.standing.marks)
    return Table("My marks", "My marks", "One row for each mark that stands.", columns, rows)


def _mark_row(one: Assessed, question: Question) -> tuple[Cell, ...]:
    mark = one.standing.marks[question.id]
    level = level_of(question, mark.value)
    points: Cell = float(level.points) if level and level.points is not None else "not scored"
    return (one.case.case_id, question.id, question.ask, level.label if level else mark.value, points,
            question.descriptors.get(mark.value, "") or NONE, mark.reason or NONE, mark.evidence or NONE, mark.at)


def _to_do(mine: tuple[Assessed, ...]) -> Table:
    columns = (Column("Case", "id"), Column("Question", "id", 14), Column("What is owed", "long", 80))
    rows: list[tuple[Cell, ...]] = []
    for one in mine:
        if one.signed:
            continue
        if not one.assessment.marks:
            rows.append((one.case.case_id, "all", "not begun"))
            continue
        standing = one.standing
        rows.extend((one.case.case_id, fact, "a case fact to be answered") for fact in standing.facts_wanted)
        rows.extend((one.case.case_id, question, "a mark") for question in standing.unanswered)
        rows.extend((one.case.case_id, question, " and ".join(texts)) for question, texts in standing.due.items())
        rows.extend((one.case.case_id, rule.id, rule.say) for rule in standing.broken)
        if standing.finished:
            rows.append((one.case.case_id, "all", "the sign-off"))
    return Table("Still to do", "What is still to do", "Nothing here is counted in the report until it is signed off.",
                 columns, tuple(rows))
