"""The design, both rubrics and what compares can be read from the sheets without the trial's files."""

from dataclasses import replace

from cqa.consistency.trials.data import PARENT, VARIANT, TrialData
from cqa.consistency.trials.design_tables import (
    COMPARED,
    DROPPED,
    NEW,
    NOT_COMPARABLE,
    changes_table,
    design_table,
    design_tables,
    map_table,
    order_table,
    pairs_table,
    rubrics_table,
)
from cqa.files.rubrics import read_rubric
from cqa.files.shipped import shipped
from cqa.rubric.compare import compare
from cqa.rubric.matched import matched
from cqa.rubric.model import Rubric
from cqa.rubric.steps import STEPS
from cqa.table import Table
from tests.consistency.trials.made import RULE, marked, trial_data

ASSESSED = [marked(PARENT, "A", "ann", {"q1": "fully_met"}),
            marked(PARENT, "A", "bob", {"q1": "fully_met"}, turn="second"),
            marked(VARIANT, "A", "cy", {"q1": "fully_met"}),
            marked(VARIANT, "A", "dee", {"q1": "not_met"}, turn="second", signed=False)]


def shipped_rubrics() -> tuple[Rubric, Rubric]:
    """The long form that stands, and the shorter one beside it."""
    parent, variant = (read_rubric(shipped("rubrics") / f"{name}.yaml").rubric
                       for name in ("prosecution", "prosecution-short"))
    return parent, variant


def of_shipped() -> tuple[TrialData, Rubric, Rubric]:
    parent, variant = shipped_rubrics()
    found, alone = matched(parent, variant)
    return trial_data([], matched=found, unmatched=alone), parent, variant


def says(table: Table) -> dict[object, object]:
    return {row[0]: row[1] for row in table.rows}


def test_the_design_tells_what_was_settled_before_anything_was_marked() -> None:
    data = trial_data(ASSESSED)
    told = says(design_table(data))
    assert told["Trial"] == "pilot" and str(told["Design"]).startswith("Crossover")
    assert told["Parent"] == "long 1.0, 1 case, sample pilot-1"
    assert told["Variant"] == "short 1.0, 1 case, sample pilot-2"
    assert told["Seed"] == data.seed and told["Rules followed"] == "cqa-crossover/1, cqa-trial-questions/1"
    assert told["Rule for the verdict"] == RULE.words and told["SHA-256 of that rule"] == RULE.sha256
    assert told["Power, said before"] == "Power was said before." and told["Signed off"] == "3 of 4 assessments"


def test_what_is_wrong_with_the_balance_is_said_in_words() -> None:
    fine = says(design_table(trial_data(ASSESSED)))
    assert str(fine["Balance"]).startswith("Even and connected")
    twice = trial_data([*ASSESSED, marked(VARIANT, "A", "ann", {})])
    balance = [str(row[1]) for row in design_table(twice).rows if row[0] == "Balance"]
    assert any(told.startswith("ann marks case 'A' under both forms. ") for told in balance)


def test_each_reviewers_order_and_cases_are_told_by_form() -> None:
    data = trial_data(ASSESSED)
    rows = {row[0]: row[1:] for row in order_table(data).rows}
    assert rows["bob"][1:] == (1, 1, 0, 0) and rows["dee"][1:] == (0, 0, 1, 0)
    assert {row[0] for row in rows.values()} == {"parent, then variant", "variant, then parent"}


def test_pairs_are_counted_by_form() -> None:
    assert pairs_table(trial_data(ASSESSED)).rows == (("ann", "bob", 1, 0), ("cy", "dee", 0, 1))


def test_both_rubrics_stand_side_by_side_with_their_scales() -> None:
    rows = {row[0]: row[1:] for row in rubrics_table(trial_data(ASSESSED)).rows}
    assert rows["Id"] == ("long", "short") and rows["SHA-256 of the file"] == ("a" * 64, "b" * 64)
    assert rows["Questions that compare"] == ("4", "3") and rows["Questions that do not"] == ("1", "1")
    scales = [row[1:] for row in rubrics_table(trial_data(ASSESSED)).rows if row[0] == "Scale"]
    assert scales == [
        ("Fully met, Partly met, Not met; off the scale: Cannot tell, Does not apply (5 questions)",
         "Fully met, Partly met, Not met; off the scale: Cannot tell, Does not apply (3 questions)"),
        ("none", "Excellent, Sound, Weak, Poor; off the scale: Cannot tell, Does not apply (1 question)")]


def test_changes_are_classed_and_the_weightiest_come_first() -> None:
    parent, variant = shipped_rubrics()
    found = compare(parent, variant)
    rows = list(changes_table(found).rows)
    assert len(rows) == len(found.changes) and [row[0] for row in rows] == sorted(
        (row[0] for row in rows), key=[*found.kinds].index)  # type: ignore[arg-type]
    assert all(row[1] == STEPS[row[0]] for row in rows)  # type: ignore[index]


def test_every_question_of_the_shipped_forms_is_on_the_map() -> None:
    data, parent, variant = of_shipped()
    rows = list(map_table(data, variant).rows)
    states = {row[0] if row[0] != "-" else row[1]: row[2] for row in rows}
    assert states["RV3"] == states["RV4"] == DROPPED
    assert [row[2] for row in rows].count(COMPARED) == len(data.matched) > 0
    assert states["S3"] == NOT_COMPARABLE
    named = {name for row in rows for name in f"{row[0]}, {row[1]}".split(", ")}
    assert {one.id for one in (*parent.questions, *variant.questions) if one.scale} <= named


def test_a_question_that_the_variant_calls_new_is_named_so() -> None:
    data, _, variant = of_shipped()
    first = variant.questions[0]
    told = replace(first, corresponds_to=replace(first.corresponds_to, kind="none"))  # type: ignore[type-var]
    changed = replace(variant, sections=(replace(variant.sections[0], questions=(told,)),))
    alone = replace(data, matched=(), unmatched=(replace(data.unmatched[0], form=VARIANT, question=first.id),))
    assert [row[2] for row in map_table(alone, changed).rows] == [NEW]


def test_common_levels_are_told_by_the_labels_of_both_forms() -> None:
    data = trial_data(ASSESSED)
    _, variant = shipped_rubrics()
    rows = {row[0]: row for row in map_table(data, variant).rows}
    assert rows["s2"][4] == "Excellent or Sound = Fully met; Weak or Poor = Partly met or Not met"
    assert rows["s3"][1] == "p3, p4"
    assert rows["q1"][4] == "Fully met = Fully met; Partly met = Partly met; Not met = Not met"


def test_no_cell_of_the_sheets_is_empty() -> None:
    data, parent, variant = of_shipped()
    for table in design_tables(data, compare(parent, variant), variant):
        assert all(len(row) == len(table.columns) and "" not in row for row in table.rows), table.name
