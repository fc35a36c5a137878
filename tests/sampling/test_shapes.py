"""Most ids of an export look alike, and the few that do not are shown before anybody trusts it."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.sampling import shapes as shapes_of
from cqa.sampling.shapes import (
    OTHER,
    Misfit,
    ShapeReading,
    Shapes,
    alike,
    looks_like_total,
    ruined_by_spreadsheet,
    shape,
    unwrapped,
)

URNS = [f"06AB{number:07d}" for number in range(1_000)]


def counted(ids: list[str], block: int = 64) -> Shapes:
    made = Shapes()
    for start in range(0, len(ids), block):
        part = ids[start:start + block]
        made.add(part, range(start + 2, start + 2 + len(part)))
    return made


def reading(ids: list[str], block: int = 64) -> ShapeReading:
    return counted(ids, block).conclude()


@pytest.mark.parametrize(("text", "made"), [
    ("06AB1234523", "99AA9999999"), ("ab-12/Z", "aa-99/A"), ("", ""), ("\u00c9\u00e9\u0663 \u4e8c", "Aa9 a")])
def test_a_shape_shows_digits_capitals_and_small_letters(text: str, made: str) -> None:
    assert shape(text) == made


@given(st.lists(st.text(max_size=6), max_size=60), st.integers(1, 20))
def test_every_id_is_counted_once_under_its_shape(ids: list[str], block: int) -> None:
    found = reading(ids, block)
    expected = Counter(map(shape, ids))
    assert (found.blanks, found.ids) == (expected.pop("", 0), expected.total())
    assert {one.shape: one.count for one in found.shapes} == expected
    assert sum(one.share for one in found.shapes) == (1 if found.ids else 0)


@given(st.lists(st.sampled_from(["06AB1", "06AB2", "x", "y-1", "Total", ""]), max_size=80), st.randoms())
def test_order_and_blocks_do_not_matter(ids: list[str], chance: object) -> None:
    shuffled = list(ids)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = reading(ids), reading(shuffled)
    assert (one.shapes, one.misfit_count, one.blanks) == (other.shapes, other.misfit_count, other.blanks)
    assert reading(ids, 7) == one


def test_ids_of_rare_shapes_are_shown_with_their_lines() -> None:
    found = reading([*URNS[:500], "6AB1", *URNS[500:], "Total"])
    assert (found.shapes[0].shape, found.shapes[0].share) == ("99AA9999999", Fraction(1000, 1002))
    assert found.misfits == (Misfit("6AB1", 502, "9AA9"), Misfit("Total", 1003, "Aaaaa"))


def test_a_shape_of_one_in_fifty_is_no_misfit() -> None:
    assert reading([*URNS, *(f"{number:05d}" for number in range(20))]).misfits == ()


def test_many_rare_shapes_are_not_rare_when_they_hold_one_id_in_a_hundred_together() -> None:
    assert reading([*URNS, *("x" * length for length in range(1, 12))]).misfit_count == 0
    assert reading([*URNS, *("x" * length for length in range(1, 11))]).misfit_count == 10


def test_no_more_than_ten_misfits_are_shown_and_the_rest_are_counted() -> None:
    found = reading([*URNS * 3, *["bad"] * 25])
    assert (len(found.misfits), found.misfit_count, found.misfits[-1].line) == (10, 25, 3011)


def test_one_odd_id_shows_in_a_small_export_but_not_in_a_handful() -> None:
    assert [one.case_id for one in reading([*URNS[:59], "Total"]).misfits] == ["Total"]
    assert reading([*URNS[:5], "Total"]).misfits == ()


def test_names_instead_of_ids_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes_of, "_HELD", 10)
    found = reading(["x" * length for length in range(1, 101)])
    assert len(found.shapes) == 11 and found.shapes[0].shape == OTHER and found.shapes[0].count == 90


@pytest.mark.parametrize(("case_id", "ruined"), [
    ("1.23E+10", True), ("1e+10", True), ("06E12345", False), ("12E00323", False), ("1.23E10", False),
    ("12.3E+10", False), ("1.23E+10 ", False), ("", False)])
def test_an_id_that_a_spreadsheet_made_a_number_of_is_known(case_id: str, ruined: bool) -> None:
    assert ruined_by_spreadsheet(case_id) is ruined


@pytest.mark.parametrize(("text", "plain"), [
    ('="00123"', "00123"), (' ="00123" ', "00123"), ('="a""b"', 'a"b'), ("00123", "00123"),
    ('=HYPERLINK("a","b")',) * 2, ('="a"&"b"',) * 2, ("=1+1", "=1+1")])
def test_an_id_wrapped_for_excel_is_unwrapped_and_formulas_stay(text: str, plain: str) -> None:
    assert unwrapped(text) == plain


@pytest.mark.parametrize("fields", [
    ("Total", "2", "", ""), ("Grand total: 2", "", "", ""), ("TOTALS", "", "1,234", "\u00a35,000.50"),
    ("", "Total", "2", ""), ("", "Count:", "97,542", ""), ("Sub-total", "2", "", ""),
    ("(96530 rows affected)", "", "", ""), ("2 records", "", "", ""), ("Number of cases", "2", "", ""),
    (" Total\u00a0", "100%", "", ""), ("Records: 12", "", "", ""), ("Total for Leeds", "2", "", "")])
def test_a_total_in_the_last_row_is_known(fields: tuple[str, ...]) -> None:
    assert looks_like_total(fields, 0, counted([*URNS, fields[0].strip()]))


@pytest.mark.parametrize("fields", [
    ("06AB0000001", "Leeds", "25/04/2024", ""), ("06AB0000001", "", "", ""), ("", "Leeds", "", ""), ("", "7", "", ""),
    ("", "", "", ""), ("Total", "Leeds", "", ""), ("Totalizer", "2", "", ""), ("Total-17", "2", "", ""),
    ("Count, Mary", "Leeds", "", ""), ("", "Sum, Wei", "2", ""), ("Sum Wei", "2", "", ""),
    ("06AB0000001", "Total", "2", ""), ("SUM0000001", "7", "", ""), ("Total", "2", "", "25/04/2024")])
def test_a_case_is_never_taken_for_a_total(fields: tuple[str, ...]) -> None:
    assert not looks_like_total(fields, 0, counted([*URNS, fields[0]]))


def test_an_id_shaped_like_others_is_no_total_whatever_it_says() -> None:
    assert not looks_like_total(("TOTAL", "2"), 0, counted(["LEEDS", "TOTAL"]))


@given(st.lists(st.sampled_from([*URNS[:30], "A1", "7", "x-9"]), min_size=1),
       st.lists(st.text(max_size=8), min_size=1, max_size=4))
def test_no_row_with_an_ordinary_id_is_a_total(ids: list[str], others: list[str]) -> None:
    assert not looks_like_total((ids[-1], *others), 0, counted(ids))


def test_names_that_differ_only_in_case_or_space_are_shown_with_their_counts() -> None:
    assert alike({"Leeds": 40, "York": 9, "LEEDS ": 2, "Leeds\u00a0": 3, "Crown Court": 1, "crown  court": 5}) == (
        (("Leeds", 40), ("Leeds\u00a0", 3), ("LEEDS ", 2)), (("crown  court", 5), ("Crown Court", 1)))


def test_numbers_written_in_two_ways_are_one() -> None:
    assert alike({"7": 2459, "7.0": 2266, "70": 1, "07": 1, "7.1": 1}) == ((("7", 2459), ("7.0", 2266), ("07", 1)),)


def test_long_numbers_are_compared_to_the_last_digit() -> None:
    assert alike({"12345678901234567890123": 1, "12345678901234567890124": 1}) == ()


@pytest.mark.parametrize("pair", [
    ("Stoke-on-Trent", "Stoke\u2013on\u2013Trent"), ("King's Lynn", "King\u2019s Lynn"), ("Leeds", "Le\u00adeds"),
    ('"A" team', "\u201cA\u201d team"), ("caf\u00e9", "cafe\u0301"), ("0", "000"), ("Team 1", "Team1")])
def test_look_alike_signs_are_seen_through(pair: tuple[str, str]) -> None:
    assert len(alike(dict.fromkeys(pair, 1))) == 1


@given(st.dictionaries(st.text(max_size=5), st.integers(1, 9)))
def test_every_group_is_of_given_names_and_no_name_is_in_two(values: dict[str, int]) -> None:
    pairs = [pair for group in alike(values) for pair in group]
    assert all(values[name] == count for name, count in pairs) and len(set(pairs)) == len(pairs)
    assert all(len(group) > 1 for group in alike(values))
