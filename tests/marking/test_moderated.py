"""What moderation came to: who was how far off and which way, what it did to score and band, what is in the queue."""

from cqa.marking.moderated import effects, in_queue, levels_below, moderated, to_moderate
from cqa.marking.moderating_actions import Agree, Settle
from cqa.marking.moderation import Moderation
from tests.marking.shared import after, amended, begun, marker, shared, two
from tests.screen.desk_at import built

ALL = {"q1": "fully_met", "q2": "fully_met", "q3": "fully_met"}
SEVERE = {**ALL, "q1": "not_met", "q2": "partly_met", "q3": "cannot_tell"}
AGREED = (Agree("c1", "q1", "partly_met", "judgement", "one finding is missing", change_rubric=True),
          Agree("c1", "q2", "partly_met", "slip", "as the file says"),
          Agree("c1", "q3", "fully_met", "fact_missed", "page 4"), Settle("c1"))
NOTHING = Moderation("c1", "moderation", {})


def test_each_marker_is_told_how_far_off_and_which_way() -> None:
    case = two(ALL, {**SEVERE, "q2": "partly_met"})
    found = {one.question.id: one for one in moderated(case, after(begun(case), *AGREED).moderation("c1"))}
    verdicts = {name: {mark.reviewer: (mark.apart, mark.verdict) for mark in one.marks} for name, one in found.items()}
    assert verdicts == {
        "q1": {"ann": (-1, "too lenient"), "bob": (1, "too severe")},
        "q2": {"ann": (-1, "too lenient"), "bob": (0, "as agreed")},
        "q3": {"ann": (0, "as agreed"), "bob": (None, "another answer")}}
    assert (found["q1"].cause_in_words, found["q1"].change_rubric, found["q1"].by) == ("Judgement", True, "lee")


def test_nothing_is_told_before_a_case_is_settled() -> None:
    case = two(ALL, SEVERE)
    assert moderated(case, after(begun(case), *AGREED[:3]).moderation("c1")) == ()


def test_a_question_that_the_agreed_marks_close_is_told_as_not_asked() -> None:
    case = two(ALL, {"q1": "not_met", "q3": "fully_met"})
    settled = after(begun(case), Agree("c1", "q1", "not_met", "slip", "so"), Settle("c1")).moderation("c1")
    q2 = next(one for one in moderated(case, settled) if one.question.id == "q2")
    assert (q2.agreed, q2.cause) == ("", "")
    assert {mark.reviewer: mark.verdict for mark in q2.marks} == {"ann": "another answer", "bob": "as agreed"}


def test_levels_off_are_counted_from_the_agreed_mark() -> None:
    question = built().by_id["q1"]
    marks = ("fully_met", "partly_met", "not_met", "cannot_tell")
    assert [levels_below(question, mark, "partly_met") for mark in marks] == [-1, 0, 1, None]


def test_the_effect_on_score_and_band_of_each_marker() -> None:
    case = two(ALL, SEVERE)
    told = {one.reviewer: (one.before.band, one.after.band, float(one.after.score or 0))
            for one in effects(case, after(begun(case), *AGREED).moderation("c1"))}
    assert told == {"ann": ("Fine", "Poor", 4 / 6), "bob": ("Fail", "Poor", 4 / 6)}


def test_the_queue_counts_differences_and_holds_neither_names_nor_marks() -> None:
    one = to_moderate(two(ALL, SEVERE), NOTHING)
    assert (one.differs, one.apart, one.furthest, one.critical, one.agreed) == (3, 3, 2, True, 0)
    assert in_queue(one, "moderation", every=False)
    assert not {"ann", "bob", "not_met"} & set(map(str, (getattr(one, name) for name in one.__slots__)))


def test_what_does_not_differ_or_is_settled_is_listed_only_with_all_and_what_was_amended_comes_back() -> None:
    same = to_moderate(two(ALL, ALL), NOTHING)
    assert not in_queue(same, "moderation", every=False) and in_queue(same, "moderation", every=True)
    assert in_queue(same, "reference", every=False)
    state = after(begun(two(ALL, SEVERE)), *AGREED)
    settled = to_moderate(state.cases["c1"], state.moderation("c1"))
    assert settled.settled and not in_queue(settled, "moderation", every=False)
    state = amended(state, shared(marker("ann", ALL), marker("bob", ALL, signed="bob.1:40")))
    again = to_moderate(state.cases["c1"], state.moderation("c1"))
    assert again.amended and in_queue(again, "moderation", every=False)
