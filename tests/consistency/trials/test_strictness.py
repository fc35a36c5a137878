"""Strictness is told on the questions that compare, on the same cases where there are any, and never of too few."""

from cqa.consistency.trials.case_means import Contrast
from cqa.consistency.trials.data import PARENT, VARIANT, Assessed
from cqa.consistency.trials.strictness import (
    NO_DIFFERENCE,
    best_shares,
    case_scores,
    strictness_of,
    strictness_tables,
)
from tests.consistency.trials.made import AT_THE_TOP, LOWER_OF, marked, trial_data

FULLY, PARTLY, NOT = "fully_met", "partly_met", "not_met"


def both_forms(cases: int, *, signed: bool = True) -> list[Assessed]:
    """Every variant mark is the best one; under the parent one of two markers says partly met, but for the first case,
    on which both do."""
    found = []
    for number in range(cases):
        case = f"C{number}"
        found += [marked(PARENT, case, "ann", {"q1": PARTLY}, score=0.5, signed=signed),
                  marked(PARENT, case, "bob", {"q1": FULLY if number else PARTLY}, score=0.7, signed=signed),
                  marked(VARIANT, case, "cy", {"q1": FULLY}, score=0.9, signed=signed),
                  marked(VARIANT, case, "dee", {"q1": FULLY}, score=0.8 if number else 1.0, signed=signed)]
    return found


def test_a_form_that_gives_the_best_level_more_often_is_called_more_lenient() -> None:
    found = strictness_of(trial_data(both_forms(4)))
    first = found.questions[0]
    assert (first.shares.parent, first.shares.variant, first.shares.difference.value) == (0.375, 1.0, 0.625)
    assert first.reading == found.reading == "the variant is more lenient"


def test_scores_are_those_of_whole_cases_by_each_forms_own_scoring() -> None:
    found = strictness_of(trial_data(both_forms(4)))
    assert case_scores(trial_data(both_forms(2)).parent.signed) == {"C0": 60.0, "C1": 60.0}
    assert found.scores.parent == 60 and found.scores.variant == 87.5
    assert found.scores_reading == "the variant scores higher"


def test_only_the_split_at_the_best_common_level_counts() -> None:
    given = [marked(VARIANT, "A", "ann", {"s2": "sound"}), marked(VARIANT, "A", "bob", {"s2": "weak"}),
             marked(VARIANT, "B", "ann", {"s2": "excellent"}), marked(VARIANT, "C", "ann", {"s2": "cannot_tell"})]
    assert best_shares(given, AT_THE_TOP, AT_THE_TOP.variant_mark) == {"A": 0.5, "B": 1.0}


def test_the_lower_of_two_parent_marks_counts() -> None:
    given = [marked(PARENT, "A", "ann", {"p3": FULLY, "p4": NOT}),
             marked(PARENT, "B", "ann", {"p3": FULLY, "p4": FULLY}),
             marked(PARENT, "C", "ann", {"p3": FULLY, "p4": "does_not_apply"})]
    assert best_shares(given, LOWER_OF, LOWER_OF.parent_mark) == {"A": 0.0, "B": 1.0, "C": 1.0}


def test_what_is_not_signed_off_does_not_count_and_is_said() -> None:
    data = trial_data([*both_forms(4), marked(PARENT, "C9", "ann", {"q1": NOT}, signed=False)])
    found = strictness_of(data)
    assert found.questions[0].shares.cases == (4, 4)
    assert "1 assessment still open" in strictness_tables(data, found)[0].note


def test_a_case_marked_under_one_form_alone_tells_nothing_in_a_crossover() -> None:
    lone = [marked(PARENT, f"L{number}", "ann", {"q1": NOT}, score=0.0) for number in range(5)]
    found = strictness_of(trial_data([*both_forms(4), *lone]))
    assert found.questions[0].shares.parent == 0.375 and found.scores.parent == 60


def test_in_a_parallel_trial_each_form_has_its_own_cases() -> None:
    given = [one for one in both_forms(8) if (int(one.case_id[1:]) % 2 == 0) == (one.form == PARENT)]
    data = trial_data(given, "parallel")
    found = strictness_of(data)
    assert found.questions[0].shares.cases == (4, 4)
    assert found.questions[0].shares.difference.value == 0.625
    assert "Other cases under each form" in strictness_tables(data, found)[0].note.replace("\n", " ")


def test_of_two_cases_no_share_is_printed() -> None:
    data = trial_data(both_forms(2))
    found = strictness_of(data)
    shares, scores = strictness_tables(data, found)
    for row in (*shares.rows, *scores.rows):
        assert not any(isinstance(cell, float) for cell in row)
        assert "3 are needed" in str(row[-1])


def test_no_cell_is_empty_and_rows_fit_their_columns() -> None:
    for given in ([], both_forms(1), both_forms(5)):
        data = trial_data(given)
        for table in strictness_tables(data, strictness_of(data)):
            assert all(len(row) == len(table.columns) and all(cell != "" for cell in row) for row in table.rows)


def test_forms_that_mark_alike_are_not_called_different() -> None:
    given = [marked(form, f"C{number}", name, {"q1": (FULLY, NOT, PARTLY)[(number + turn) % 3]})
             for form, names in ((PARENT, ("ann", "bob")), (VARIANT, ("cy", "dee")))
             for number in range(6) for turn, name in enumerate(names)]
    assert strictness_of(trial_data(given)).questions[0].reading == "no difference at all"
    moved = [*given[:-2], marked(VARIANT, "C5", "cy", {"q1": FULLY}), marked(VARIANT, "C5", "dee", {"q1": FULLY})]
    assert strictness_of(trial_data(moved)).questions[0].reading == NO_DIFFERENCE


def test_where_not_everybody_used_both_forms_the_sheet_says_so() -> None:
    data = trial_data(both_forms(3), only={"ann": 1, "bob": 1, "cy": 2, "dee": 2})
    assert all("may be that of the people" in table.note.replace("\n", " ")
               for table in strictness_tables(data, strictness_of(data)))
    crossing = trial_data([marked(form, f"{name}-{form}", name, {"q1": FULLY}) for form in (PARENT, VARIANT)
                           for name in ("ann", "bob", "cy", "dee")])
    assert not any("people" in table.note for table in strictness_tables(crossing, strictness_of(crossing)))


def test_its_json_has_stable_names() -> None:
    found = strictness_of(trial_data(both_forms(3))).as_json()
    assert list(found) == ["overall", "questions", "scores"]
    assert isinstance(strictness_of(trial_data(both_forms(3))).overall, Contrast)
