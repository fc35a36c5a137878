"""The whole rubric as a document to read, sign and keep: its parts in words, and the sheets of its workbook."""

from collections.abc import Iterator
from dataclasses import dataclass

from cqa.facts import how_many
from cqa.rubric.book_tables import (
    allowed_table,
    bands_table,
    correspondence_table,
    examples_table,
    facts_table,
    guidance_table,
    levels_table,
    named_text,
    points_of,
    questions_table,
    retired_table,
    rules_table,
    scale_table,
    scales_table,
    signatures_table,
    unsaid,
)
from cqa.rubric.model import ALWAYS, Question, Rubric, Section
from cqa.rubric.sentences import asked_when, either, in_words, labels, owed, plain_number
from cqa.table import Column, Table


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
        *named_text("Owner", rubric.owner),
        *named_text("Variant of", f"{rubric.variant_of.id} {rubric.variant_of.version}" if rubric.variant_of else ""),
        *named_text("Used where", in_words(rubric.use_for, rubric) if rubric.use_for != ALWAYS else ""),
        *named_text("Languages", ", ".join(rubric.languages)),
        *named_text("Notes", rubric.notes),
        ("File", source.name),
        ("SHA-256 of the file", source.sha256),
        ("Bytes of the file", str(source.size)),
        ("Questions", f"{len(rubric.questions)} in {how_many(len(rubric.sections), 'section')}"),
    )


def document(rubric: Rubric, source: Source) -> tuple[Part, ...]:
    """The rubric in the order in which people read it: what it is, what is asked, how it counts, where to sign."""
    return (
        Part(1, rubric.title, (), _pairs("identity", "What this is", identity(rubric, source))),
        *(part for section in rubric.sections for part in _section_parts(rubric, section)),
        *_counting(rubric),
        *((Part(2, "Case facts", ("A blank fact that a question needs is asked of the reviewer, once for each case.",),
                facts_table(rubric)),) if rubric.facts else ()),
        *((Part(2, "Correspondence", (_variant(rubric),), correspondence_table(rubric)),) if rubric.variant_of else ()),
        *((Part(2, "Retired questions", ("Kept for old marks, and never asked.",), retired),)
          if (retired := retired_table(rubric)).rows else ()),
        *((Part(2, "Warnings that stand", ("What the check would warn of, and why it may be so.",), allowed),)
          if (allowed := allowed_table(rubric)).rows else ()),
        Part(2, "Approval", (approval(rubric, source),), signatures_table()),
    )


def sheets(rubric: Rubric) -> tuple[Table, ...]:
    """The document as tables, one for each sheet; a table without rows is left out."""
    tables = (questions_table(rubric), guidance_table(rubric), levels_table(rubric), scales_table(rubric),
              bands_table(rubric), rules_table(rubric), facts_table(rubric), examples_table(rubric),
              correspondence_table(rubric), retired_table(rubric), allowed_table(rubric), signatures_table())
    return tuple(table for table in tables if table.rows)


def approval(rubric: Rubric, source: Source) -> str:
    """The sentence that is signed."""
    return (f"I have read {rubric.id}, version {rubric.version}, in the bytes whose SHA-256 is {source.sha256}, and "
            "agree that cases are marked against it.")


def scoring(rubric: Rubric) -> tuple[str, ...]:
    """How marks become a score and a band, in sentences."""
    told = ["Score: the points of the marks on the scale, over the most that these questions could have given; each "
            "question's points count as often as its weight says, so a scale with more points counts for more. "
            "Answers outside the scale are left out of both, and nothing is filled in for them.",
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
    if question.legal_basis:
        yield f"Rests on: {question.legal_basis}"
    for level, examples in question.examples.items():
        for example in examples:
            yield f"Example of {labels((level,), question, rubric)[0]}: {example}"
    if question.notes:
        yield f"Note: {question.notes}"


_FORMS = {"text": "in words", "choice": "by a choice", "number": "by a number", "date": "by a date"}


def _answers(question: Question) -> Table | None:
    """The answers a question can be given, and what each means."""
    columns = (Column("Key", "id", 7), Column("Answer", "text", 18), Column("Points", "text", 9),
               Column("Owes", "text", 14), Column("What it means", "long", 70))
    if question.scale is None:
        rows = tuple((str(place), choice, "-", "-", "-")
                     for place, choice in enumerate(question.choices, 1) if choice not in question.forbid)
    else:
        rows = tuple((level.key, level.label, points_of(level), owed(level, question),
                      question.descriptors.get(level.id) or unsaid(level))
                     for level in question.scale.answers if level.id not in question.forbid)
    return Table(f"{question.id} answers", "Answers", "", columns, rows) if rows else None


def _counting(rubric: Rubric) -> Iterator[Part]:
    yield Part(2, "How marks count", scoring(rubric))
    for scale in rubric.scales:
        yield Part(3, f"Scale {scale.id}", (), scale_table(scale))
    if rubric.bands:
        yield Part(3, "Bands", ("The first line that holds gives the band.",), bands_table(rubric))
    if rubric.rules:
        yield Part(3, "Rules", ("Marks that break a rule stop the sign-off.",), rules_table(rubric))


def _pairs(name: str, title: str, rows: tuple[tuple[str, str], ...]) -> Table:
    return Table(name, title, "", (Column("About", "text", 22), Column("This rubric", "long", 70)), rows)


def _variant(rubric: Rubric) -> str:
    other = rubric.variant_of
    return (f"A variant of {other.id} {other.version}. Only the same question and the lower mark of several compare "
            "question by question.") if other else ""
