"""Bands are counted by form, and every case that changes band is named; split markers are no change by themselves."""

import pytest

from cqa.consistency.trials.bands import bands_of, bands_tables
from cqa.consistency.trials.data import PARENT, VARIANT, Assessed
from tests.consistency.trials.made import marked, trial_data


def case(name: str, parent: str, variant: str, *, signed: bool = True) -> list[Assessed]:
    """A case with the bands of its two markers under each form: M is Meets, B is Below, - is none."""
    words = {"M": "Meets", "B": "Below", "-": ""}
    return [marked(form, name, who, {}, turn=turn, band=words[letter], signed=signed,
                   score=0.75 if letter == "M" else 0.4, critical_failed=("q1",) if letter == "B" else ())
            for form, letters, people in ((PARENT, parent, ("ann", "bob")), (VARIANT, variant, ("cy", "dee")))
            for letter, who, turn in zip(letters, people, ("first", "second"), strict=True)]


@pytest.mark.parametrize(("parent", "variant", "change"), [
    ("MM", "MM", "the same"), ("MM", "BB", "changes"), ("MB", "BB", "in part"), ("MM", "BM", "in part"),
    ("MB", "BM", "the same"), ("--", "MM", "changes")])
def test_a_case_changes_band_where_the_forms_have_none_in_common(parent: str, variant: str, change: str) -> None:
    (move,) = bands_of(trial_data(case("A", parent, variant))).moves
    assert move.change == change


def test_every_case_that_changes_is_listed_with_what_was_found_in_it() -> None:
    data = trial_data([*case("A", "MM", "MM"), *case("B", "MB", "BB"), *case("C", "MM", "BB")])
    found = bands_of(data)
    table = bands_tables(data, found)[-1]
    assert [row[:2] for row in table.rows] == [("C", "changes"), ("B", "in part")]
    assert list(table.rows)[1][2:] == ("Meets / Below", "Below / Below", "75 / 40", "40 / 40", "q1", "q1")
    assert "Of 3 cases 1 change, 1 do in part, 1 do not." in table.note.replace("\n", " ")


def test_bands_of_two_markers_are_compared_by_form() -> None:
    data = trial_data([one for name, parent in zip("ABCDE", ("MM", "BB", "MB", "MM", "MM"), strict=True)
                       for one in case(name, parent, "MM")])
    parent, variant = bands_of(data).forms
    assert (parent.twice, parent.alike, parent.alike_by_band) == (5, 4, {"Meets": 3, "Below": 1})
    assert parent.assessments == {"Meets": 7, "Below": 3} and variant.assessments == {"Meets": 10, "Below": 0}
    assert parent.limits == pytest.approx((0.3755, 0.9638), abs=5e-4)


def test_of_four_cases_shares_are_counts() -> None:
    data = trial_data([one for name in "AB" for one in case(name, "MM", "MB")])
    counts, alike, _ = bands_tables(data, bands_of(data))
    assert [row[3] for row in counts.rows] == ["4 of 4", "0 of 4", "2 of 4", "2 of 4"]
    assert [row[3:] for row in alike.rows] == [("2 of 2", "-", "-"), ("0 of 2", "-", "-")]


def test_a_case_that_not_everybody_has_signed_is_waited_for() -> None:
    data = trial_data([*case("A", "MM", "BB"), *case("B", "MM", "BB", signed=False)])
    found = bands_of(data)
    assert ([move.case_id for move in found.moves], found.waiting) == (["A"], 1)
    assert "4 assessments still open" in bands_tables(data, found)[0].note
    assert "Not yet signed off by all: 1 case." in bands_tables(data, found)[-1].note.replace("\n", " ")


def test_forms_without_a_band_of_one_name_are_not_compared_but_every_case_is_listed() -> None:
    data = trial_data([*case("A", "MM", "MM"), *case("B", "MM", "BB")],
                      bands=(("Meets", "Below"), ("Good", "Poor")))
    found = bands_of(data)
    table = bands_tables(data, found)[-1]
    assert [row[:4] for row in table.rows] == [("A", "not compared", "Meets / Meets", "Meets / Meets"),
                                               ("B", "not compared", "Meets / Meets", "Below / Below")]
    assert "no band of one name" in table.note.replace("\n", " ")
    told = found.as_json()
    assert told["changes"] is None and found.count("changes") is None


def test_a_band_of_one_form_alone_is_named_and_getting_it_is_a_change() -> None:
    data = trial_data([*case("A", "MM", "MM"), *case("B", "MM", "BB")], bands=(("Meets",), ("Meets", "Below")))
    found = bands_of(data)
    assert (found.count("changes"), found.count("the same"), found.alone) == (1, 1, ("Below (variant)",))
    assert "Of one form alone, so that to get it is to change: Below (variant)." in bands_tables(
        data, found)[-1].note.replace("\n", " ")


def test_forms_whose_bands_stand_in_another_order_are_compared_by_name() -> None:
    assert len(bands_of(trial_data(case("A", "MM", "BB"), bands=(("Meets", "Below"), ("Below", "Meets")))).moves) == 1


def test_a_parallel_trial_has_counts_alone() -> None:
    found = bands_of(trial_data([one for one in case("A", "MM", "BB") if one.form == PARENT], "parallel"))
    assert found.forms[0].assessments["Meets"] == 2 and "parallel" in found.why


def test_forms_without_bands_have_no_rows() -> None:
    data = trial_data(case("A", "--", "--"), bands=((), ()))
    found = bands_of(data)
    assert [len(table.rows) for table in bands_tables(data, found)] == [0, 0, 0] and "no bands" in found.why
    assert found.as_json()["moves"] == []
