"""The sheets on what came after the marks: moderation, its causes, each reviewer against it, further looks."""

from collections.abc import Iterable, Mapping

from cqa.consistency.after_marking import AfterMarking, Amendment, Look, Settled
from cqa.consistency.calibration_tables import NOT_ASKED, accuracy_table, drift_table, seeded_table
from cqa.consistency.cells import NONE
from cqa.consistency.feedback_tables import actions_table, disputes_table, feedback_table
from cqa.consistency.held import Held, ScaleKey
from cqa.consistency.marks import QuestionScale
from cqa.facts import second_of
from cqa.table import Cell, Column, Row, Table

_HELD = (Column("Questions compared", "number", 11), Column("The same", "number", 8),
         Column("More severe", "number", 9), Column("More lenient", "number", 9),
         Column("Divided over the scale", "number", 11), Column("Asked of one only", "number", 10),
         Column("Levels more severe, mean", "text", 12))


def after_tables(after: AfterMarking) -> tuple[Table, ...]:
    """Every sheet that has something to say."""
    known = after.scales
    causes, triggers = after.causes_in_words, after.triggers_in_words
    tables: list[Table] = []
    if after.settled:
        tables += [moderated_table(after.settled, known, causes), causes_table(after, causes)]
    if after.held:
        tables.append(held_table(after.held))
    if after.seeded or after.clearance:
        tables.append(accuracy_table(after.accuracy))
    if after.seeded:
        tables += [drift_table(after.drift), seeded_table(after.seeded, known)]
    if looks := after.of_kind("triggered"):
        tables.append(looks_table(looks, triggers))
    if looks := after.of_kind("dip"):
        tables.append(dip_table(looks))
    if after.amendments:
        tables.append(amended_table(after.amendments))
    several = len({row.sample for row in after.feedback.cases}) > 1
    if any(row.version for row in after.feedback.cases):
        tables.append(feedback_table(after.feedback, several))
    if after.feedback.disputes:
        tables.append(disputes_table(after.feedback, several))
    if after.feedback.actions:
        tables.append(actions_table(after.feedback, several))
    return tuple(tables)


def moderated_table(
    settled: Iterable[Settled], scales: Mapping[ScaleKey, QuestionScale], causes: Mapping[str, str]
) -> Table:
    """Each settled question: what was given, what was agreed and why. The originals stay as they are."""
    columns = (Column("Sample", "id", 11), Column("Case", "id", 11), Column("Question", "id", 10),
               Column("Marks given", "long", 30), Column("Agreed mark", "text", 14), Column("Cause", "text", 15),
               Column("Reason", "long", 30), Column("Change the rubric", "text", 9), Column("Settled by", "text", 12),
               Column("When (UTC)", "text", 13))

    def label(one: Settled, mark: str) -> str:
        scale = scales.get(one.key)
        return (scale.labels.get(mark, mark) if scale else mark) or NOT_ASKED

    rows = tuple(
        (one.sample, one.case_id, one.question,
         "; ".join(f"{row.reviewer} ({row.turn}): {label(one, row.mark)}" for row in one.marks) or NONE,
         label(one, one.agreed), causes.get(one.cause, NONE), one.reason or NONE,
         "yes" if one.change_rubric else "no", one.by, second_of(one.at)) for one in settled)
    return Table("Moderation", "What moderation agreed, beside the marks given", "The marks given are never changed, "
                 "and the figures of this report are made from them.", columns, rows)


def causes_table(after: AfterMarking, causes: Mapping[str, str]) -> Table:
    """Why marks differed, by question."""
    columns = (Column("Question", "id", 24), Column("Settled", "number", 9),
               *(Column(words, "number", 13) for words in causes.values()), Column("Change the rubric", "number", 10))
    several = len({(one.rubric, one.version) for one in after.causes}) > 1
    rows: tuple[Row, ...] = tuple(
        (f"{one.question} ({one.rubric} {one.version})" if several else one.question, sum(one.causes.values()),
         *(one.causes.get(code, 0) for code in causes), one.change_rubric) for one in after.causes)
    return Table("Causes", "Why the marks differed", "As moderation judged each question of a settled case; the last "
                 "column counts how often it said that wording or guidance needs changing.", columns, rows)


def held_table(held: Mapping[str, Held]) -> Table:
    """Each reviewer's own marks on settled cases against what counts there."""
    columns = (Column("Reviewer", "text", 18), *_HELD)
    return Table("Against moderation", "Each reviewer against what moderation agreed", "Over the settled cases: the "
                 "agreed mark, else the one that all gave.\nPositive: more severe. Cases are settled because their "
                 "marks differ:\nthis says how differences ended, not how accurate anybody is.", columns,
                 tuple((name, *_held(one)) for name, one in held.items()))


def looks_table(looks: Iterable[Look], triggers: Mapping[str, str]) -> Table:
    """The triggered second looks, counted apart."""
    columns = (Column("Sample", "id", 11), Column("Case", "id", 11), Column("Assessed by", "text", 14),
               Column("Looked at by", "text", 14), Column("Why", "text", 22), Column("State", "text", 12), *_HELD)
    return Table("Triggered", "Second looks that something triggered", "Never part of agreement: these cases were "
                 "chosen for what was found in them.\nThe first assessment against the second look.", columns,
                 tuple((one.sample, one.case_id, one.of, one.by, triggers.get(one.trigger, one.trigger or NONE),
                        one.state, *_held(one.held)) for one in looks))


def dip_table(looks: Iterable[Look]) -> Table:
    """The dip-sampled assessments against the second line's own marks."""
    columns = (Column("Sample", "id", 11), Column("Case", "id", 11), Column("Assessment of", "text", 14),
               Column("Marked by", "text", 14), Column("State", "text", 12), *_HELD)
    return Table("Dip-sample", "Assessments looked at by the second line", "Drawn by a seed among signed-off "
                 "assessments, and never part of agreement.\nThe assessment against the second line's marks: more "
                 "lenient means that the assessment was.", columns,
                 tuple((one.sample, one.case_id, one.of, one.by, one.state, *_held(one.held)) for one in looks))


def amended_table(amendments: Iterable[Amendment]) -> Table:
    """Every amendment of a signed case: why, and what was changed."""
    columns = (Column("Sample", "id", 11), Column("Case", "id", 11), Column("Reviewer", "text", 14),
               Column("Begun (UTC)", "text", 13), Column("Reason", "long", 30), Column("What was changed", "long", 40),
               Column("Signed off again (UTC)", "text", 14))
    return Table("Amendments", "Signed cases that were amended", "What was signed counts until it is signed again; "
                 "both stay in the journal.", columns, tuple(
                     (one.sample, one.case_id, one.reviewer, second_of(one.at), one.reason or NONE,
                      "; ".join(f"{question}: {before} to {after}" for question, before, after in one.changes) or NONE,
                      second_of(one.signed_at) or "not yet") for one in amendments))


def _held(held: Held | None) -> tuple[Cell, ...]:
    if held is None:
        return ("-",) * len(_HELD)
    lean = "-" if held.lean is None else f"{held.lean:+.2f}"
    return held.marks, held.same, held.more_severe, held.more_lenient, held.divided, held.one_only, lean


