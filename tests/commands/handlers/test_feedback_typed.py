"""What is typed after `cqa feedback`: actions are parted from the right, and a day is certain or refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.commands.handlers.feedback_typed import FeedbackOptions, Typed, deeds_typed
from cqa.errors import WrongUse
from cqa.marking.feedback_deeds import Decide, Finish, Give, LookAgain, See, Write
from cqa.marking.handout import Todo

TODAY = date(2026, 3, 2)
WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30).filter(
    lambda text: text.strip() == text)


@given(WORDS, WORDS.filter(lambda text: ";" not in text), st.dates())
def test_an_action_is_what_was_put_together(what: str, owner: str, due: date) -> None:
    typed = Typed(TODAY)
    assert typed.step(f"{what}; {owner}; {due}", 1) == Todo(what, owner, f"{due}") and not typed.problems


@given(st.text(max_size=12))
def test_a_day_is_an_iso_date_or_today_or_refused(text: str) -> None:
    typed = Typed(TODAY)
    day = typed.day(text, "--given")
    assert bool(typed.problems) != (text.strip().casefold() == "today" or f"{day}" == text.strip())


@pytest.mark.parametrize("text", ["2026-3-2", "02-03-2026", "2026/03/02", "20260302", "2026-03-02T09:00",
                                  "2 March 2026", "2026-W10-1", "", "0000-01-01", "10000-01-01", "-2026-03-02"])
def test_other_ways_to_write_a_day_are_refused(text: str) -> None:
    typed = Typed(TODAY)
    typed.day(text, "--given")
    assert len(typed.problems) == 1 and typed.problems[0].code == "S018" and typed.problems[0].remedy


def test_deeds_come_in_the_order_in_which_they_can_have_happened() -> None:
    options = FeedbackOptions(
        "c1", again=False, looked_for=2, in_case="c2", done=1, on="2026-03-01", decide=("q1=keep", "a=b=change"),
        reason=" so ", seen="today", given="2026-03-01", how=" by phone ", strength=" Good. ", none="Nothing.")
    assert deeds_typed(options, "march", TODAY) == (
        Write("Good.", (), "Nothing."), Give(date(2026, 3, 1), "by phone"), See(TODAY), Decide("q1", "keep", "so"),
        Decide("a=b", "change", "so"), Finish(1, date(2026, 3, 1)), LookAgain(2, "march", "c2", False))


def test_nothing_typed_asks_for_nothing() -> None:
    assert not FeedbackOptions("c1", "march", "lead").asks and deeds_typed(FeedbackOptions("c1"), "march", TODAY) == ()
    assert FeedbackOptions("c1", again=False).asks and FeedbackOptions("c1", todo=("x",)).asks


def test_every_problem_is_told_once() -> None:
    with pytest.raises(WrongUse) as caught:
        deeds_typed(FeedbackOptions("c1", looked_for=1, decide=("x", "x"), reason="so"), "march", TODAY)
    told = [problem.message for problem in caught.value.problems]
    assert len(told) == len(set(told)) == 3
