"""The burden of a form is counted from signed assessments: questions, words, answers off the scale."""

from dataclasses import replace

from cqa.consistency.trials.burden import burden_of, burden_table
from cqa.consistency.trials.data import PARENT, VARIANT
from tests.consistency.trials.made import PARENT_SCALES, marked, scale_of, trial_data

LONG = {"q1": "fully_met", "q2": "partly_met", "p3": "cannot_tell", "p4": "does_not_apply"}


def test_medians_and_shares_are_those_of_one_form() -> None:
    given = [marked(PARENT, f"C{number}", "ann", LONG if number else {"q1": "not_met"}, words=words)
             for number, words in enumerate((4, 10, 40))]
    parent, variant = burden_of(trial_data(given))
    assert (parent.assessments, parent.questions, parent.answered, parent.on_scale, parent.words) == (3, 5, 4, 2, 10)
    assert parent.answers == 9 and parent.outside == {"Cannot tell": 2, "Does not apply": 2}
    assert (variant.assessments, variant.answered, variant.words, variant.answers) == (0, None, None, 0)


def test_of_two_assessments_no_median_is_given() -> None:
    data = trial_data([marked(PARENT, name, "ann", LONG) for name in "AB"])
    first, second = burden_table(data, burden_of(data)).rows
    assert tuple(first)[3:6] == ("too few",) * 3 and tuple(first)[7:] == (2 / 8, 2 / 8)
    assert tuple(second)[7:] == ("none", "none")


def test_an_answer_that_a_form_does_not_offer_is_named_so() -> None:
    bare = replace(scale_of("short", "q1"), outside=())
    data = trial_data([marked(VARIANT, "A", "cy", {"q1": "fully_met"})], scales=(PARENT_SCALES, (bare,)))
    table = burden_table(data, burden_of(data))
    assert list(table.rows)[1][7:] == ("not offered", "not offered")


def test_an_answer_that_the_forms_write_otherwise_has_one_column() -> None:
    other = scale_of("short", "q1")
    other = replace(other, labels={**other.labels, "cannot_tell": "CANNOT TELL"})
    data = trial_data([], scales=(PARENT_SCALES, (other,)))
    names = [column.name for column in burden_table(data, burden_of(data)).columns][7:]
    assert names == ["Cannot tell, share of answers", "Does not apply, share of answers"]


def test_answers_with_text_are_told_where_they_are_known() -> None:
    data = trial_data([*(marked(PARENT, name, "ann", LONG) for name in "AB"),
                       marked(VARIANT, "A", "cy", {"q1": "fully_met"}), marked(PARENT, "C", "ann", LONG, signed=False)])
    counts = {(PARENT, "A", "ann"): 3, (PARENT, "B", "ann"): 1, (VARIANT, "A", "cy"): 1, (PARENT, "C", "ann"): 4}
    found = burden_of(data, counts)
    assert [one.with_text for one in found] == [4, 1]
    table = burden_table(data, found)
    assert [row[-1] for row in table.rows] == [0.5, "1 of 1"] and len(table.columns) == 10
    assert burden_of(data)[0].as_json()["with_text"] is None
