"""What stands of feedback: entries in any order, of several leaders, over several versions of a sheet."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from cqa.errors import Forbidden
from cqa.marking.entries import Entry
from cqa.marking.feedback import Feedback, feedbacks_of
from cqa.marking.feedback_deeds import (
    Answer,
    Decide,
    Deed,
    Finish,
    Give,
    Ground,
    Later,
    LookAgain,
    Pen,
    See,
    Write,
    open_steps,
)
from cqa.marking.feeding_back import entries_for
from cqa.marking.handout import Todo
from tests.marking.test_handout import handout

TODAY = date(2026, 3, 10)
GROUND = Ground("c1", ("h1",), (), handout(), ("ann.1:9",), date(2026, 3, 2), TODAY)
WRITE = Write("Good.", (Todo("A", "h1", "2026-04-01"), Todo("B", "h1", "2026-04-02")))
GIVE = Give(TODAY, "in person")


def made(
    deeds: Sequence[Deed], known: Sequence[Entry] = (), writer: str = "lead.1", at: str = "2026-03-10T09"
) -> list[Entry]:
    """The known entries and those that the deeds add to them."""
    ground = Ground("c1", ("h1",), (), handout(), ("ann.1:9",), date(2026, 3, 2), TODAY, tuple(known))
    person = writer.partition(".")[0]
    return [*known, *entries_for(ground, deeds, Pen(person, writer, len(known) + 1, at))]


def stands(entries: Sequence[Entry]) -> Feedback:
    return feedbacks_of(entries).of("c1")


def test_what_stands_does_not_depend_on_the_order_of_lines() -> None:
    entries = made([WRITE, GIVE, See(TODAY), Answer("q1", "disagree", "no"), Finish(1, TODAY)])
    assert len(entries) == 5 and stands(entries).undecided and stands(entries).seen == "2026-03-10"
    assert all(stands(order) == stands(entries) for order in permutations(entries))


def test_a_new_version_is_yet_to_be_given_and_replies_to_the_old_one_are_kept() -> None:
    first = made([WRITE, GIVE, See(TODAY), Answer("q1", "disagree", "no"), Decide("q1", "change", "they are right")])
    second = stands(made([Write("Better.", WRITE.todo)], first))
    assert (second.version, second.given, second.seen) == (2, "", "")
    reply = second.replies["q1"]
    assert (reply.decision, reply.version, reply.by) == ("change", 1, "lead")


def test_a_decision_is_on_the_reply_it_was_given_on_and_on_no_later_one() -> None:
    first = made([WRITE, GIVE, Answer("q1", "disagree", "no"), Decide("q1", "keep", "so")])
    again = stands(made([Answer("q1", "disagree", "still no")], first))
    assert again.replies["q1"].decision == "" and again.undecided


def test_an_action_keeps_what_is_known_of_it_under_another_number() -> None:
    first = made([WRITE, Finish(1, TODAY)])
    second = stands(made([Write("Good.", WRITE.todo[::-1])], first))
    assert [(step.what, step.done) for step in second.actions] == [("B", ""), ("A", "2026-03-10")]
    assert [step.what for step in second.actions if not step.done] == ["B"] and len(open_steps(second)) == 2


def test_of_two_sheets_written_apart_the_later_counts_and_the_next_replaces_both() -> None:
    one, other = made([WRITE]), made([Write("Other.", WRITE.todo)], writer="mod.1", at="2026-03-10T10")
    both = stands([*one, *other])
    assert (both.strength, both.written_by) == ("Other.", "mod")
    entries = made([Write("Both.", WRITE.todo)], [*one, *other])
    assert stands(entries).strength == "Both." and set(entries[-1].replaces) == {"lead.1:1", "mod.1:1"}


def test_while_a_further_marker_has_not_signed_a_sheet_is_seen_and_replied_to_and_none_is_written() -> None:
    ground = replace(GROUND, waiting=("cat",), entries=tuple(made([WRITE, GIVE])))
    pen = Pen("lead", "lead.1", 9, "2026-03-10T10")
    assert len(entries_for(ground, [See(TODAY), Answer("q1", "agree", "")], pen)) == 2
    for deed in (WRITE._replace(strength="Other."), GIVE._replace(how="again")):
        with pytest.raises(Forbidden, match="not signed off yet by cat"):
            entries_for(ground, [deed], pen)


def test_one_rule_that_several_deeds_break_is_told_once() -> None:
    with pytest.raises(Forbidden) as caught:
        entries_for(GROUND, [Answer("q1", "agree", ""), Answer("q1", "disagree", "no")], Pen("lead", "lead.1", 1, ""))
    assert [problem.code for problem in caught.value.problems] == ["J044"]


def test_bodies_of_another_form_are_no_feedback_and_no_fault() -> None:
    odd = [Entry("x", "x.1", 1, "", "written", "c1", body={"actions": "none", "version": -3, "strength": 5}),
           Entry("x", "x.1", 2, "", "written", "c2", body={"actions": [1, {"what": 2}], "over": 4}),
           Entry("x", "x.1", 3, "", "done", "c1", body={"what": 7}), Entry("x", "x.1", 4, "", "replied", "c1"),
           Entry("x", "x.1", 5, "", "again", "c2", body={"what": "2", "again": "yes"})]
    told = feedbacks_of(odd)
    assert told.of("c1").version == 1 and told.of("c1").strength == "" and told.of("c1").actions == ()
    assert told.of("c2").actions[0].what == "2" and told.of("c2").actions[0].again is None
    assert told.of("c3") == Feedback("c3")


def test_looking_again_says_where_and_whether() -> None:
    later = {("april", "c7"): Later(True, "2026-03-11")}
    ground = Ground("c1", ("h1",), (), handout(), ("ann.1:9",), date(2026, 3, 2), TODAY, tuple(made([WRITE])),
                    later=later)
    new = entries_for(ground, [LookAgain(2, "April", "c7", False)], Pen("lead", "lead.1", 2, "2026-03-12"))
    step = stands([*ground.entries, *new]).actions[1]
    assert (step.again_in, step.again, step.again_sample) == ("c7", False, "April")


def test_an_action_without_words_as_only_a_forged_line_could_hold_is_none() -> None:
    forged = Entry("lead", "lead.d1", 2, "2026-03-02T09:00:00.000Z", "written", "c1", "",
                   {"actions": [{}, "A", {"what": " "}, {"what": "A", "owner": "h1", "due": "2026-04-01"}]})
    assert [(one.number, one.what) for one in feedbacks_of([forged]).of("c1").actions] == [(1, "A")]
    with pytest.raises(Forbidden):
        entries_for(replace(GROUND, entries=(forged._replace(body={"actions": [{}]}),)), (Finish(1, TODAY),),
                    Pen("boss", "boss.d1", 2, "2026-03-10T09:00:00.000Z"))
