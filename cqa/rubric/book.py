"""The whole rubric as a document to read, sign and keep: its parts in words, and the sheets of its workbook."""

from collections.abc import Iterator
from dataclasses import dataclass

from cqa.rubric.gates import leaves
from cqa.rubric.model import FactIs, Level, Question, Rubric, Scale, Section
from cqa.rubric.sentences import asked_when, band_when, either, labels, owed, plain_number, rule_in_words
from cqa.table import Cell, Column, Table

SIGNATURES = 6
"""How many lines there are to sign on."""
_DOTS = "." * 24


@dataclass(frozen=True, slots=True)
class Source:
    """The file a rubric was read from: its name, the SHA-256 of its bytes, and how many there are."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the document: a title at a depth (1 is a chapter), sentences, then perhaps a table."""

    depth: int
    title: str
    lines: tuple[str, ...] = ()
    table: Table | None = None


def identity(rubric: Rubric, source: Source) -> tuple[tuple[str, str], ...]:
    """What the rubric is and which bytes are meant, as label and text."""
    return (
        ("Title", rubric.title),
        ("Id", rubric.id),
        ("Version", rubric.version),
        ("Status", rubric.status),
        ("File", source.name),
        ("SHA-256 of the file", source.sha256),
        ("Bytes of the file", str(source.size)),
        ("Questions", f"{len(rubric.questions)} in {len(rubric.sections)} sections"),
    )


def document(rubric: Rubric, source: Source) -> tuple[Part, ...]:
    """The rubric in the order in which people read it: what it is, what is asked, how it counts, where to sign."""
    return (
        Part(1, rubric.title, (), _pairs("identity", "What this is", identity(rubric, source))),
        *(part for section in rubric.sections for part in _section_parts(rubric, section)),
        *_counting(rubric),
        *((Part(2, "Case facts", ("A blank fact that a question needs is asked of the reviewer, once for each case.",),
                facts_table(rubric)),) if rubric.facts else ()),
        *((Part(2, "Retired questions", ("Kept for old marks, and never asked.",), retired),)
          if (retired := retired_table(rubric)).rows else ()),
        Part(2, "Approval", (approval(rubric, source),), signatures_table()),
    )


def sheets(rubric: Rubric) -> tuple[Table, ...]:
    """The document as tables, one for each sheet; a table without rows is left out."""
    tables = (questions_table(rubric), guidance_table(rubric), levels_table(rubric), scales_table(rubric),
              bands_table(rubric), rules_table(rubric), facts_table(rubric), retired_table(rubric), signatures_table())
    return tuple(table for table in tables if table.rows)


def approval(rubric: Rubric, source: Source) -> str:
    """The sentence that is signed."""
    return (f"I have read {rubric.id}, version {rubric.version}, in the bytes whose SHA-256 is {source.sha256}, and "
            "agree that cases are marked against it.")


def scoring(rubric: Rubric) -> tuple[str, ...]:
    """How marks become a score and a band, in sentences."""
    told = ["Score: the points of the marks on the scale, over the most that these questions could have given; each "
            "question counts as often as its weight says. Answers outside the scale are left out of both, and nothing "
            "is filled in for them.",
            "Score and band are shown to the reviewer only after the sign-off."]
    if any(question.critical for question in rubric.questions):
        told.append("A critical question that fails leaves the score as it is; the bands say what follows from it.")
    if rubric.proof.one_in:
        told.append(f"One in {rubric.proof.one_in} marks of {either(labels(rubric.proof.levels, None, rubric))} owes a "
                    "place in the file as well. Which ones is settled before anything is marked.")
    return tuple(told)


def _section_parts(rubric: Rubric, section: Section) -> Iterator[Part]:
    asked = [question for question in section.questions if not question.retired]
    if asked:
        yield Part(2, section.title)
    for question in asked:
        yield Part(3, f"{question.id}. {question.ask}", tuple(about(question, rubric)), _answers(question))


def about(question: Question, rubric: Rubric) -> Iterator[str]:
    """Everything about a question but its answers, a sentence each."""
    gate = asked_when(question.gate, rubric)
    yield f"{gate[0].upper()}{gate[1:]}."
    if question.look_for:
        yield f"Look for: {question.look_for}"
    if question.guidance:
        yield f"Guidance: {question.guidance}"
    if question.critical:
        yield f"Critical: fails the case on {either(labels(question.fails_on, question, rubric))}."
    if question.forbid:
        yield f"Cannot be answered: {either(labels(question.forbid, question, rubric))}."
    if question.scale is None:
        yield f"Answered {_FORMS[question.type]}{'' if question.required else '; may be left out'}. Not scored."
    elif question.weight != 1:
        yield f"Weight: {plain_number(question.weight)}."
    if question.role:
        yield f"Judges the work of: {question.role}."


_FORMS = {"text": "in words", "choice": "by a choice", "number": "by a number", "date": "by a date"}


def _answers(question: Question) -> Table | None:
    """The answers a question can be given, and what each means."""
    columns = (Column("Key", "id", 7), Column("Answer", "text", 18), Column("Points", "text", 9),
               Column("Owes", "text", 14), Column("What it means", "long", 70))
    if question.scale is None:
        rows = tuple((str(place), choice, "-", "-", "-")
                     for place, choice in enumerate(question.choices, 1) if choice not in question.forbid)
    else:
        rows = tuple((level.key, level.label, _points(level), owed(level, question),
                      question.descriptors.get(level.id) or _unsaid(level))
                     for level in question.scale.answers if level.id not in question.forbid)
    return Table(f"{question.id} answers", "Answers", "", columns, rows) if rows else None


def _points(level: Level) -> str:
    return "-" if level.points is None else plain_number(level.points)


def _unsaid(level: Level) -> str:
    return "Left out of the score." if level.outside else "Not described."


def _counting(rubric: Rubric) -> Iterator[Part]:
    yield Part(2, "How marks count", scoring(rubric))
    for scale in rubric.scales:
        yield Part(3, f"Scale {scale.id}", (), _scale_table(scale))
    if rubric.bands:
        yield Part(3, "Bands", ("The first line that holds gives the band.",), bands_table(rubric))
    if rubric.rules:
        yield Part(3, "Rules", ("Marks that break a rule stop the sign-off.",), rules_table(rubric))


def _pairs(name: str, title: str, rows: tuple[tuple[str, str], ...]) -> Table:
    return Table(name, title, "", (Column("About", "text", 22), Column("This rubric", "long", 70)), rows)


def questions_table(rubric: Rubric) -> Table:
    """One row for each question that can be asked."""
    columns = (Column("Question", "id", 13), Column("Section", "text", 18), Column("Asked", "long", 40),
               Column("When it is asked", "long", 40), Column("Weight", "text", 10),
               Column("Fails the case on", "text", 15), Column("Cannot be answered", "text", 15))
    rows = tuple(
        (question.id, section.title, question.ask, asked_when(question.gate, rubric),
         plain_number(question.weight) if question.scale else "not scored",
         either(labels(question.fails_on, question, rubric)) if question.critical else "-",
         either(labels(question.forbid, question, rubric)) if question.forbid else "-")
        for section in rubric.sections for question in section.questions if not question.retired)
    return Table("Questions", "What is asked", "One row for each question, in the order of the rubric.", columns, rows)


def guidance_table(rubric: Rubric) -> Table:
    """What to look for, and the longer guidance."""
    columns = (Column("Question", "id", 13), Column("Asked", "long", 36), Column("Look for", "long", 48),
               Column("Guidance", "long", 52))
    return Table("Guidance", "What to look for", "One row for each question that says so.", columns, tuple(
        (question.id, question.ask, question.look_for or "-", question.guidance or "-")
        for question in rubric.questions if question.look_for or question.guidance))


def levels_table(rubric: Rubric) -> Table:
    """One row for each question and answer that has words of its own."""
    columns = (Column("Question", "id", 13), Column("Asked", "long", 36), Column("Answer", "text", 17),
               Column("Points", "text", 10), Column("Owes", "text", 14), Column("What it means", "long", 60))
    rows = tuple(
        (question.id, question.ask, level.label, _points(level), owed(level, question), told)
        for question in rubric.questions for level in (question.scale.answers if question.scale else ())
        if (told := question.descriptors.get(level.id, "")) or not level.outside)
    return Table("Levels", "What each mark means", "One row for each level of each question.", columns,
                 tuple((*row[:-1], row[-1] or "Not described.") for row in rows))


def _scale_table(scale: Scale) -> Table:
    columns = (Column("Key", "id", 7), Column("Answer", "text", 20), Column("Points", "text", 16),
               Column("Owes", "text", 22))
    return Table(scale.id, scale.id, "", columns, tuple(
        (level.key, level.label, "left out" if level.outside else _points(level),
         " and ".join(level.needs) or "nothing") for level in scale.answers))


def scales_table(rubric: Rubric) -> Table:
    """Every answer of every scale."""
    columns = (Column("Scale", "id", 14), Column("Key", "text", 7), Column("Answer", "text", 24),
               Column("Points", "text", 16), Column("Owes", "text", 26))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (scale.id, *row) for scale in rubric.scales for row in _scale_table(scale).rows)
    return Table("Scales", "The scales", "Best level first; answers outside the scale are left out of the score.",
                 columns, rows)


def bands_table(rubric: Rubric) -> Table:
    """The bands in order, each with its condition in words."""
    columns = (Column("Order", "number", 8), Column("Band", "text", 34), Column("Given", "long", 80))
    return Table("Bands", "The bands", "The first line that holds gives the band.", columns, tuple(
        (place, band.name, band_when(band, rubric)) for place, band in enumerate(rubric.bands, start=1)))


def rules_table(rubric: Rubric) -> Table:
    """The rules about marks that contradict each other."""
    columns = (Column("Rule", "id", 20), Column("What it stops", "long", 60), Column("What the reviewer reads", "long",
                                                                                     56))
    return Table("Rules", "The rules", "Marks that break a rule stop the sign-off.", columns, tuple(
        (rule.id, rule_in_words(rule, rubric), rule.say) for rule in rubric.rules))


def facts_table(rubric: Rubric) -> Table:
    """The case facts, and which questions rest on each."""
    columns = (Column("Case fact", "id", 20), Column("Label", "text", 36), Column("Column", "text", 22),
               Column("Type", "text", 22), Column("Questions it decides", "long", 50))
    resting = {fact.id: [question.id for question in rubric.questions if fact.id in _facts_of(question)]
               for fact in rubric.facts}
    note = "Columns of the export; a blank one that a question needs is asked of the reviewer."
    return Table("Case facts", "The case facts", note, columns, tuple(
        (fact.id, fact.label, fact.column, f"{fact.type}, never shown" if fact.hidden else fact.type,
         ", ".join(resting[fact.id]) or "none") for fact in rubric.facts))


def _facts_of(question: Question) -> set[str]:
    return {leaf.fact for leaf in leaves(question.gate) if isinstance(leaf, FactIs)}


def retired_table(rubric: Rubric) -> Table:
    """The questions that are kept for old marks."""
    columns = (Column("Question", "id", 12), Column("Retired in version", "text", 14), Column("Asked", "long", 80))
    return Table("Retired", "Retired questions", "Kept for old marks, and never asked.", columns, tuple(
        (question.id, question.retired, question.ask)
        for section in rubric.sections for question in section.questions if question.retired))


def signatures_table() -> Table:
    """Lines to sign on."""
    columns = (Column("Name", "text", 30), Column("Role", "text", 30), Column("Signature", "text", 36),
               Column("Date", "text", 20))
    return Table("Signatures", "Signatures", "Sign only what the SHA-256 on the cover stands for.", columns,
                 ((f"\n{_DOTS}", f"\n{_DOTS}", f"\n{_DOTS}", f"\n{_DOTS[:12]}"),) * SIGNATURES)
