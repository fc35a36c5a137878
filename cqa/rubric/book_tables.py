"""The tables of a rubric's book: what is asked, what marks mean, how they count, and where to sign."""

from cqa.rubric.gates import leaves
from cqa.rubric.model import Correspondence, FactIs, Level, Question, Rubric, Scale
from cqa.rubric.sentences import asked_when, band_when, either, labels, owed, plain_number, rule_in_words
from cqa.table import Cell, Column, Table

SIGNATURES = 6
"""How many lines there are to sign on."""
_DOTS = "." * 24


def named_text(label: str, text: str) -> tuple[tuple[str, str], ...]:
    """The label with its text; nothing where there is no text."""
    return ((label, text),) if text else ()


def points_of(level: Level) -> str:
    """A level's points in words; a hyphen where it has none."""
    return "-" if level.points is None else plain_number(level.points)


def unsaid(level: Level) -> str:
    """What stands for a descriptor that is not there."""
    return "Left out of the score." if level.outside else "Not described."


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
        (question.id, question.ask, level.label, points_of(level), owed(level, question), told)
        for question in rubric.questions for level in (question.scale.answers if question.scale else ())
        if (told := question.descriptors.get(level.id, "")) or not level.outside)
    return Table("Levels", "What each mark means", "One row for each level of each question.", columns,
                 tuple((*row[:-1], row[-1] or "Not described.") for row in rows))


def scale_table(scale: Scale) -> Table:
    """The answers of one scale."""
    columns = (Column("Key", "id", 7), Column("Answer", "text", 20), Column("Points", "text", 16),
               Column("Owes", "text", 22))
    return Table(scale.id, scale.id, "", columns, tuple(
        (level.key, level.label, "left out" if level.outside else points_of(level),
         " and ".join(level.needs) or "nothing") for level in scale.answers))


def scales_table(rubric: Rubric) -> Table:
    """Every answer of every scale."""
    columns = (Column("Scale", "id", 14), Column("Key", "text", 7), Column("Answer", "text", 24),
               Column("Points", "text", 16), Column("Owes", "text", 26))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (scale.id, *row) for scale in rubric.scales for row in scale_table(scale).rows)
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


def examples_table(rubric: Rubric) -> Table:
    """Worked examples, what the questions rest on, and notes."""
    columns = (Column("Question", "id", 13), Column("Kind", "text", 22), Column("Text", "long", 100))
    rows = [(question.id, kind, text) for question in rubric.questions for kind, text in (
        *((f"example of {labels((level,), question, rubric)[0]}", example)
          for level, examples in question.examples.items() for example in examples),
        *named_text("rests on", question.legal_basis), *named_text("note", question.notes))]
    return Table("Examples", "Examples and notes", "What helps to read a question as it is meant.", columns,
                 tuple(rows))


_KINDS = {"same": "the same question", "lower_of": "the lower mark of these", "theme": "only the theme of these",
          "subset": "a part of this", "related": "near, and not comparable", "none": "new"}


def correspondence_table(rubric: Rubric) -> Table:
    """What each question of a variant matches in the other rubric; then what was left out of it."""
    columns = (Column("Question", "id", 13), Column("How", "text", 28), Column("Questions of the other", "text", 34),
               Column("Levels, own to other", "long", 60))
    rows = [(question.id, _KINDS[told.kind], ", ".join(told.questions) or "-",
             _mapped(told, question, rubric))
            for question in rubric.questions if (told := question.corresponds_to) is not None]
    if rubric.dropped:
        rows.append(("-", "left out here", ", ".join(rubric.dropped), "-"))
    return Table("Correspondence", "What corresponds to what", "Only the same question and the lower of several "
                 "compare question by question.", columns, tuple(rows))


def _mapped(told: Correspondence, question: Question, rubric: Rubric) -> str:
    """How its own levels come to the other rubric's, of which only the ids are known here."""
    if not told.compared:
        return "-"
    return "; ".join(f"{labels((own,), question, rubric)[0]} to {other.replace('_', ' ')}"
                     for own, other in told.levels.items()) or "as they are named"


def retired_table(rubric: Rubric) -> Table:
    """The questions that are kept for old marks."""
    columns = (Column("Question", "id", 12), Column("Retired in version", "text", 14), Column("Asked", "long", 80))
    return Table("Retired", "Retired questions", "Kept for old marks, and never asked.", columns, tuple(
        (question.id, question.retired, question.ask)
        for section in rubric.sections for question in section.questions if question.retired))


def allowed_table(rubric: Rubric) -> Table:
    """The warnings of the check that are meant to stand, each with its reason: they are agreed to as well."""
    columns = (Column("Warning", "id", 13), Column("Where", "text", 30), Column("Why it may stand", "long", 90))
    places = (("the whole rubric", rubric.allow), *((f"section {section.id}", section.allow)
                                                    for section in rubric.sections),
              *((f"question {question.id}", question.allow) for question in rubric.questions))
    return Table("Warnings", "Warnings that stand", "cqa rubric check says what each of them means.", columns, tuple(
        (code, where, why) for where, allow in places for code, why in allow.items()))


def signatures_table() -> Table:
    """Lines to sign on."""
    columns = (Column("Name", "text", 30), Column("Role", "text", 30), Column("Signature", "text", 36),
               Column("Date", "text", 20))
    return Table("Signatures", "Signatures", "Sign only what the SHA-256 on the cover stands for.", columns,
                 ((f"\n{_DOTS}", f"\n{_DOTS}", f"\n{_DOTS}", f"\n{_DOTS[:12]}"),) * SIGNATURES)
