"""A column of dates is read in the one way that all its rows allow, or not at all until somebody says how."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.errors import CODES
from cqa.sampling import dates
from cqa.sampling.date_patterns import KNOWN, MONTHS, SERIAL, Pattern, as_iso, read_pattern
from cqa.sampling.date_words import problems
from cqa.sampling.dates import DateColumn, DateReading

DMY, MDY, ISO = (read_pattern(name) for name in ("dd/mm/yyyy", "mm/dd/yyyy", "yyyy-mm-dd"))
TIMES = ("", " 00:00:00", " 12:00:00 AM", "T00:00:00", "T10:15:30.123Z", " 9:05", " 12:00AM", "T23:59:59+01:00",
         " 10:15:30:997", " 00:00:00 UTC")


def reading(values: Sequence[str], *given_patterns: Pattern, block: int = 1_000) -> DateReading:
    column = DateColumn()
    for start in range(0, len(values), block):
        part = values[start:start + block]
        column.add(part, range(start + 2, start + 2 + len(part)))
    return column.conclude(given_patterns)


def written(day: date, name: str) -> str:
    """The date as the pattern's name shows it."""
    if name == "excel-serial":
        return str((day - date(1899, 12, 30)).days)
    parts = {"yyyy": f"{day.year:04d}", "yy": f"{day.year % 100:02d}", "dd": f"{day.day:02d}",
             "mmm": MONTHS[day.month - 1][:3], "mm": f"{day.month:02d}"}
    for token, part in parts.items():
        name = name.replace(token, part.replace("m", "\0"))
    return name.replace("\0", "m")


def days_for(pattern: Pattern) -> st.SearchStrategy[date]:
    if pattern is SERIAL:
        return st.integers(30_000, 60_000).map(lambda number: date(1899, 12, 30) + timedelta(days=number))
    if "yyyy" in pattern.name:
        return st.dates(date(1000, 1, 1))
    return st.dates(date(1969, 1, 1), date(2068, 12, 31))


def names(found: DateReading) -> set[str]:
    return {pattern.name for pattern in found.patterns}


def found_problems(found: DateReading) -> list[str]:
    return [str(problem) for problem in problems(found, "received", "e.csv")]


@given(st.data(), st.sampled_from(KNOWN), st.sampled_from(TIMES))
def test_a_date_printed_by_a_pattern_reads_back_as_itself(data: st.DataObject, pattern: Pattern, time: str) -> None:
    day = data.draw(days_for(pattern))
    assert pattern.read(written(day, pattern.name) + time) == day
    assert as_iso(f" {written(day, pattern.name)}\u00a0", [pattern]) == day.isoformat()


@given(st.sampled_from(KNOWN), st.text(max_size=30))
def test_any_text_is_a_date_or_none_and_never_an_error(pattern: Pattern, text: str) -> None:
    assert pattern.read(text) is None or isinstance(pattern.read(text), date)
    assert reading([text]).status in ("clear", "ambiguous", "serial", "unreadable")


@pytest.mark.parametrize(("name", "value", "iso"), [
    ("dd-mmm-yy", "26-Sep-00", "2000-09-26"), ("mm/dd/yy", "07/24/03 00:00:00", "2003-07-24"),
    ("mm/dd/yyyy", "1/27/2016 12:00:00 AM", "2016-01-27"), ("excel-serial", "45385", "2024-04-03"),
    ("excel-serial", "45385.75", "2024-04-03"), ("dd/mm/yyyy", "3/4/2024", "2024-04-03"),
    ("dd mmm yyyy", "26 SEPTEMBER 2000", "2000-09-26"), ("dd mmm yyyy", "1 sept. 2000", "2000-09-01"),
    ("mmm dd yyyy", "Jan  5 2024 12:00AM", "2024-01-05"), ("mmm dd yyyy", "January 5, 2024", "2024-01-05"),
    ("yyyymmdd", "20240229", "2024-02-29"), ("yyyy-mm-dd", "2024-04-03T10:15:30.5Z", "2024-04-03"),
    ("dd.mm.yyyy", "03.04.2024", "2024-04-03"), ("dd/mm/yyyy", "03/04/2024\u00a000:00", "2024-04-03")])
def test_dates_as_real_exports_write_them(name: str, value: str, iso: str) -> None:
    assert as_iso(value, [read_pattern(name)]) == iso


@pytest.mark.parametrize("value", [
    "", "31/02/2024", "29/02/2023", "25/13/2024", "0/4/2024", "03/04/0024", "03-04/2024", "03/04/2024 25:00",
    "03/04/2024 or so", "03/04", "\u0660\u0663/04/2024", "26-Sup-00", "45385", "TBC"])
def test_what_is_no_date_of_the_form_is_not_read(value: str) -> None:
    assert read_pattern("dd/mm/yyyy").read(value) is None
    assert read_pattern("dd-mmm-yy").read(value) is None


@pytest.mark.parametrize("number", ["29999", "60001", "4538", "453850"])
def test_numbers_far_from_today_are_no_day_numbers(number: str) -> None:
    assert SERIAL.read(number) is None


def test_two_digit_years_turn_at_69_as_posix_has_it() -> None:
    assert [as_iso(f"01/02/{year}", [read_pattern("dd/mm/yy")]) for year in ("00", "68", "69", "99")] == [
        "2000-02-01", "2068-02-01", "1969-02-01", "1999-02-01"]


@pytest.mark.parametrize(("typed", "meant"), [
    ("DD/MM/YYYY", "dd/mm/yyyy"), (" d/m/yyyy ", "dd/mm/yyyy"), ("iso", "yyyy-mm-dd"), ("dd mmmm yyyy", "dd mmm yyyy"),
    ("yyyy-mm-ddThh:mm:ss", "yyyy-mm-dd"), ("d-mmm-yy", "dd-mmm-yy"), ("Excel-Serial", "excel-serial")])
def test_a_pattern_is_what_a_person_would_type(typed: str, meant: str) -> None:
    assert read_pattern(typed).name == meant and read_pattern(meant) is read_pattern(typed)


@pytest.mark.parametrize("typed", ["", "%d/%m/%Y", "dd/dd/yyyy", "yy-mm-dd", "european"])
def test_an_unknown_pattern_is_answered_with_the_known_ones(typed: str) -> None:
    with pytest.raises(ValueError, match=r"Known: dd/mm/yyyy, mm/dd/yyyy, .*excel-serial"):
        read_pattern(typed)


@pytest.mark.parametrize("values", [["03/04/2024", "25/04/2024"], ["25/04/2024", "03/04/2024"]])
def test_one_day_after_the_twelfth_anywhere_settles_the_column(values: list[str]) -> None:
    found = reading(values)
    assert found.status == "clear" and names(found) == {"dd/mm/yyyy"}
    assert (found.earliest, found.latest) == (date(2024, 4, 3), date(2024, 4, 25))
    assert [one.value for one in found.examples] == ["25/04/2024", "03/04/2024"]
    assert problems(found, "received", "e.csv") == ()


def test_a_column_of_days_up_to_the_twelfth_is_refused_with_both_readings() -> None:
    found = reading(["03/04/2024", "", "05/06/2024", "07/07/2024"])
    assert found.status == "ambiguous" and names(found) == {"dd/mm/yyyy", "mm/dd/yyyy"}
    assert (found.earliest, found.latest, found.blanks) == (None, None, 1)
    assert found_problems(found) == [
        "e.csv:2 C015 The dates in 'received' can be read as dd/mm/yyyy or mm/dd/yyyy: '03/04/2024' (line 2) is "
        "3 April 2024 or 4 March 2024, '05/06/2024' (line 4) is 5 June 2024 or 6 May 2024. "
        "Say --dates dd/mm/yyyy or --dates mm/dd/yyyy."]


def test_dates_that_are_the_same_both_ways_are_clear() -> None:
    assert reading(["05/05/2024", "06/06/2024"]).status == "clear"


def test_the_real_mixture_is_named_form_by_form_with_counts_and_lines() -> None:
    found = reading(["2024-04-03", "26-Sep-00", "07/24/03 00:00:00", "1/27/2016 12:00:00 AM", "2024-04-04"])
    assert found.status == "mixed" and found.earliest == date(2000, 9, 26)
    assert found_problems(found) == [
        "e.csv:5 C016 The dates in 'received' are of 4 forms: yyyy-mm-dd (2, such as '2024-04-03' (line 2)), "
        "mm/dd/yyyy (1, such as '1/27/2016 12:00:00 AM' (line 5)), mm/dd/yy (1, such as '07/24/03 00:00:00' (line 4)), "
        "dd-mmm-yy (1, such as '26-Sep-00' (line 3)). Say --dates yyyy-mm-dd,mm/dd/yyyy,mm/dd/yy,dd-mmm-yy."]


def test_days_first_and_months_first_in_one_column_cannot_be_settled_by_any_pattern() -> None:
    values = ["25/04/2024", "04/26/2024", "03/04/2024"]
    found, told = reading(values), reading(values, DMY, MDY)
    assert (found.status, told.status) == ("mixed", "ambiguous")
    assert found.earliest is None and told.earliest is None
    assert all("export it again" in line for line in (*found_problems(found), *found_problems(told)))


def test_a_mixed_column_may_hold_a_form_that_is_open_and_the_remedy_offers_both() -> None:
    found = reading(["2024-04-25", "2024-04-26", "03/04/2024"])
    assert [problem.code for problem in problems(found, "received", "e.csv")] == ["C015", "C016"]
    assert found_problems(found)[0].endswith(
        "Say --dates yyyy-mm-dd,dd/mm/yyyy or --dates yyyy-mm-dd,mm/dd/yyyy.")


def test_a_few_words_among_dates_are_named_with_their_lines() -> None:
    found = reading(["25/04/2024", "TBC", "26/04/2024", "31/02/2024", "27/04/2024"])
    assert found.status == "mixed" and found.misfit_count == 2 and found.latest == date(2024, 4, 27)
    assert [(one.value, one.line) for one in found.misfits] == [("TBC", 3), ("31/02/2024", 5)]
    assert found_problems(found)[0].startswith(
        "e.csv:3 C016 'TBC' in 'received' is no date of the form dd/mm/yyyy. Correct it or leave it blank")


def test_many_misfits_are_listed_up_to_ten_and_then_counted() -> None:
    found = reading(["25/04/2024"] * 100 + [f"word {number}" for number in range(30)] + ["NULL"] * 10)
    assert len(found.misfits) == 10 and found.misfit_count == 40
    assert found_problems(found)[-1] == (
        "e.csv C016 In all, 40 of 140 values in 'received' are no dates of the form dd/mm/yyyy.")


def test_a_column_of_names_is_no_column_of_dates() -> None:
    found = reading(["Leeds", "York", "25/04/2024"])
    assert found.status == "unreadable"
    assert found_problems(found) == [
        "e.csv:2 C016 Most values in 'received' are no dates, such as 'Leeds' (line 2), 'York' (line 3). "
        "Choose another column, or leave blank what is no date."]


@pytest.mark.parametrize("values", [[], ["", "  ", "\u00a0", "\ufeff"]])
def test_a_blank_column_holds_no_dates(values: list[str]) -> None:
    found = reading(values)
    assert (found.status, found.blanks) == ("unreadable", len(values))
    assert "it is blank" in found_problems(found)[0]


def test_day_numbers_of_excel_are_never_dates_unasked() -> None:
    found = reading(["45385", "45386"])
    assert found.status == "serial" and found.patterns == () and found.earliest is None
    assert found_problems(found) == [
        "e.csv:2 C016 The column 'received' holds what may be day numbers of Excel (2): '45385' (line 2) would be "
        "3 April 2024. "
        "Export it again with dates as text, or take them as they are with --dates excel-serial."]
    asked = reading(["45385", "45386"], SERIAL)
    assert asked.status == "clear" and asked.latest == date(2024, 4, 4)


def test_day_numbers_beside_dates_warn_that_excel_may_have_swapped_them() -> None:
    found = reading(["25/04/2024", "26/04/2024", "45385"])
    assert found.status == "serial"
    assert "may have taken months for days" in found_problems(found)[0]
    assert found_problems(found)[0].endswith("with --dates dd/mm/yyyy,excel-serial.")


def test_given_patterns_decide_what_the_column_alone_cannot() -> None:
    found = reading(["03/04/2024", "05/06/2024"], MDY)
    assert found.status == "clear" and found.earliest == date(2024, 3, 4)


def test_given_patterns_are_tried_in_turn_and_misfits_have_lines() -> None:
    found = reading(["03/04/2024", "2024-04-25", "04/25/2024", "26-Sep-00", "03/05/2024"], DMY, ISO)
    assert found.status == "mixed" and found.patterns == (DMY, ISO)
    assert [(one.value, one.line) for one in found.misfits] == [("04/25/2024", 4), ("26-Sep-00", 5)]
    assert (found.earliest, found.latest) == (date(2024, 4, 3), date(2024, 5, 3))


def test_a_value_that_two_given_patterns_read_differently_is_refused() -> None:
    found = reading(["03/04/2024", "2024-04-25"], DMY, ISO, MDY)
    assert found.status == "ambiguous" and "C015" in found_problems(found)[0]
    assert as_iso("03/04/2024", [DMY, MDY]) is None and as_iso("04/04/2024", [DMY, MDY]) == "2024-04-04"


def test_a_given_pattern_that_fits_little_is_said() -> None:
    found = reading(["03/04/2024", "05/06/2024"], ISO)
    assert found.status == "unreadable" and "of the form yyyy-mm-dd" in found_problems(found)[0]


SLASHED = st.lists(st.dates(date(2023, 1, 1), date(2024, 12, 31)), min_size=1, max_size=12)


@given(SLASHED)
def test_swapping_days_and_months_swaps_the_reading_and_nothing_else(days: list[date]) -> None:
    one = reading([written(day, "dd/mm/yyyy") for day in days])
    other = reading([written(day, "mm/dd/yyyy") for day in days])
    swapped = {"dd/mm/yyyy": "mm/dd/yyyy", "mm/dd/yyyy": "dd/mm/yyyy"}
    assert one.status == other.status and {swapped[name] for name in names(one)} == names(other)
    assert (one.earliest, one.latest, len(one.conflicts)) == (other.earliest, other.latest, len(other.conflicts))


@given(SLASHED)
def test_a_column_is_ambiguous_just_when_both_patterns_read_it_and_differ(days: list[date]) -> None:
    values = [written(day, "dd/mm/yyyy") for day in days]
    found = reading(values)
    both = all(MDY.read(value) for value in values)
    differ = any(MDY.read(value) != DMY.read(value) for value in values)
    assert found.status == ("ambiguous" if both and differ else "clear")


ANYTHING = st.lists(st.one_of(
    st.builds(written, st.dates(date(1999, 1, 1), date(2030, 12, 31)), st.sampled_from([one.name for one in KNOWN])),
    st.sampled_from(["", " ", "TBC", "31/02/2024", "45385", "x\ny", "03/04/2024 10:30"])), max_size=25)


def without_examples(found: DateReading) -> tuple[object, ...]:
    forms = {(form.patterns, form.count, form.spans) for form in found.forms}
    return (found.status, found.patterns, found.values, found.blanks, found.earliest, found.latest, forms,
            found.misfit_count, {one.value for one in found.misfits} if found.misfit_count <= 10 else None)


@given(ANYTHING, st.randoms())
def test_the_order_of_the_rows_does_not_matter(values: list[str], chance: object) -> None:
    shuffled = list(values)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert without_examples(reading(values)) == without_examples(reading(shuffled))


@given(ANYTHING, st.integers(1, 7))
def test_reading_in_blocks_is_reading_at_once(values: list[str], block: int) -> None:
    assert reading(values, block=block) == reading(values)


@given(ANYTHING)
def test_every_value_is_counted_once(values: list[str]) -> None:
    found = reading(values)
    assert found.values + found.blanks == len(values)
    assert sum(form.count for form in found.forms) + found.misfit_count == found.values


@given(ANYTHING)
def test_what_is_clear_has_no_problem_and_all_else_has_a_coded_one(values: list[str]) -> None:
    found = reading(values)
    codes = {problem.code for problem in problems(found, "received", "e.csv")}
    assert bool(codes) == (found.status != "clear") and codes <= {"C015", "C016"} <= set(CODES)
    assert ("C015" in codes) >= (found.status == "ambiguous")


def test_summing_up_early_to_save_memory_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    values = [f"{day:02d}/{month:02d}/2024" for day, month in product(range(1, 32), range(1, 13))] * 2
    whole = reading(values, block=50)
    monkeypatch.setattr(dates, "_HELD", 20)
    assert reading(values, block=50) == whole and whole.misfit_count == 12
