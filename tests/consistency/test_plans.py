"""Plan against done, counted by hand: who got nothing is a row with 0, and no period is passed over."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from cqa.consistency.plans import PlannedCase, PlanRow, periods_said, plan_rows, plan_table, plan_told
from cqa.periods import Period, period_of
from cqa.scheme import PlanSettings

PLAN = PlanSettings(4, second=Fraction(1, 5))
Q1, Q2, Q3, Q4 = (Period(2026, month, "quarter") for month in (1, 4, 7, 10))


def case(drawn: date, *people: str, signed: bool = False, both: bool = False) -> PlannedCase:
    return PlannedCase(drawn, people, signed, both)


MARCH, MAY = date(2026, 3, 31), date(2026, 5, 1)
CASES = [
    *(case(MARCH, "h1", signed=True, both=number < 2) for number in range(4)),  # h1: 4 of 4, 2 of them by both
    case(MARCH, "H1", signed=True),  # a fifth, in other letters
    case(MARCH, "h2", signed=True), case(MARCH, "h2"),
    case(MARCH, "h1", "h2", signed=True),  # of both
    case(MARCH),  # of nobody that is known
    case(MAY, "h2"),
]


def told(rows: tuple[PlanRow, ...]) -> list[tuple[str, str, int, int, int, int, int, int, int]]:
    return [(row.period.name, row.person, row.wanted, row.drawn, row.done, row.short, row.second_wanted,
             row.second_done, row.second_short) for row in rows]


def test_each_person_is_counted_in_the_period_of_the_draw() -> None:
    # A fifth of 6 cases is 1.2, so 2 second marks; of 3 and of 1 case it is 1; of none it is none.
    assert told(plan_rows(PLAN, CASES, ["h3", "H2"])) == [
        ("2026-Q1", "h1", 4, 6, 6, 0, 2, 2, 0), ("2026-Q1", "h2", 4, 3, 2, 2, 1, 0, 1),
        ("2026-Q1", "h3", 4, 0, 0, 4, 0, 0, 0),
        ("2026-Q2", "h2", 4, 1, 0, 4, 1, 0, 1), ("2026-Q2", "h3", 4, 0, 0, 4, 0, 0, 0)]


def test_who_is_not_expected_is_a_row_of_the_periods_with_a_case_of_theirs_alone() -> None:
    rows = plan_rows(PLAN, CASES, [])
    assert [(row.period, row.person) for row in rows] == [(Q1, "h1"), (Q1, "h2"), (Q2, "h2")]


def test_periods_in_which_nothing_was_drawn_are_told_up_to_today() -> None:
    rows = plan_rows(PLAN, CASES, ["h3"], date(2026, 12, 31))
    assert [row.period for row in rows if row.person == "h3"] == [Q1, Q2, Q3, Q4]
    assert [(row.drawn, row.short) for row in rows if row.period in (Q3, Q4)] == [(0, 4), (0, 4)]
    assert [row.period for row in plan_rows(PLAN, [], ["h3"], MAY)] == [Q2]
    assert plan_rows(PLAN, [], ["h3"]) == ()


def test_a_draw_after_today_is_told_without_the_periods_between() -> None:
    rows = plan_rows(PLAN, [case(date(9999, 12, 31), "h1")], ["h1"], MAY)
    assert [(row.period.name, row.drawn) for row in rows] == [("2026-Q2", 0), ("9999-Q4", 1)]


def test_a_plan_by_reviewer_and_month_is_told_in_words_and_as_json() -> None:
    row, = plan_rows(PlanSettings(1, "reviewer", "month", Fraction(1, 2)), [case(MARCH, "ann", signed=True)], ["ann"])
    assert row.as_json() == {"period": "2026-03", "person": "ann", "per": "reviewer", "wanted": 1, "drawn": 1,
                             "done": 1, "second_wanted": 1, "second_done": 0}
    assert plan_told(row) == "1 case by each reviewer in every month"
    assert plan_told(plan_rows(PLAN, CASES, [])[0]) == "4 cases of each handler in every quarter"


def test_each_period_is_summed_up_and_what_one_has_beyond_the_plan_makes_up_for_nobody() -> None:
    # h1 has 6 of 4, h2 has 2 of 4, h3 none: 6 of the 12 wanted. Second marks: 2 of 2, 0 of 1, none wanted.
    assert periods_said(plan_rows(PLAN, CASES, ["h3", "H2"])) == (
        "2026-Q1: 6 of 12 cases, 2 of 3 second marks; 2 of 3 handlers short.",
        "2026-Q2: 0 of 8 cases, 0 of 1 second mark; 2 of 2 handlers short.")
    done = plan_rows(PlanSettings(1), [case(MAY, "h1", signed=True)], [])
    assert periods_said(done) == ("2026-Q2: 1 of 1 case; nobody is short.",) and periods_said(()) == ()


def test_the_sheet_holds_every_row_and_what_is_short() -> None:
    rows = plan_rows(PLAN, CASES, ["h3"])
    table = plan_table(rows)
    assert table.title == "Plan against done: 4 cases of each handler in every quarter"
    assert [column.name for column in table.columns][:2] == ["Period", "Handler"] and len(table.rows) == len(rows)
    assert next(iter(table.rows)) == ("2026-Q1", "h1", 4, 6, 6, 0, 2, 2)


NAMES = st.lists(st.sampled_from(["a", "B", "b", "c"]), max_size=3)
DRAWN = st.builds(lambda day, people, signed, both: PlannedCase(day, tuple(people), signed, both and signed),
                  st.dates(date(2025, 1, 1), date(2027, 12, 31)), NAMES, st.booleans(), st.booleans())


@given(st.lists(DRAWN, max_size=12), st.lists(st.sampled_from(["a", "b", "d"]), unique=True),
       st.sampled_from(("month", "quarter", "year")))
def test_every_case_is_counted_once_for_each_of_its_people_and_everyone_expected_stands_in_every_period(
    cases: list[PlannedCase], expected: list[str], length: str
) -> None:
    plan = PlanSettings(2, period=length, second=Fraction(1, 3))  # type: ignore[arg-type]
    rows = plan_rows(plan, cases, expected, date(2027, 12, 31))
    assert sum(row.drawn for row in rows) == sum(len({name.casefold() for name in one.people}) for one in cases)
    assert len({(row.period, row.person.casefold()) for row in rows}) == len(rows)
    periods = {period_of(one.drawn, plan.period) for one in cases}
    for person in expected:
        assert {row.period for row in rows if row.person.casefold() == person} >= periods
    assert all(row.second_done <= row.done <= row.drawn and row.second_wanted <= row.drawn for row in rows)
