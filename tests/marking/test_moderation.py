"""What stands of moderation depends on no clock, device or order, and two who did not see each other are seen."""

from itertools import permutations

from cqa.marking.entries import Entry, entry_line, entry_of
from cqa.marking.moderation import MODERATION, REFERENCE, Moderation, moderations_of


def entry(seq: int, kind: str, question: str = "", replaces: tuple[str, ...] = (), writer: str = "lead.d1",
          **body: object) -> Entry:
    return Entry(writer.partition(".")[0], writer, seq, f"2026-03-0{seq}T09:00:00.000Z", kind, "c1", question, body,
                 replaces)


AGREED = entry(2, "agreed", "q1", agreed="partly_met", cause="slip", reason="mistyped", change_rubric=True)
SETTLED = entry(3, "settled", over="ann.d:4 bob.d:5")


def test_an_entry_comes_back_from_its_line_as_it_was() -> None:
    line = {**entry_line(AGREED), "seq": 2, "prev": "0" * 32, "seal": "1" * 32}
    assert entry_of(line, "lead", "lead.d1") == AGREED
    assert entry_of({"kind": "opened", "seq": 1}, "lead", "lead.d1") is None


def test_an_agreed_mark_counts_once_its_case_is_settled() -> None:
    found = moderations_of([AGREED, SETTLED]).of("c1", MODERATION)
    one = found.agreed["q1"]
    assert (one.mark, one.cause, one.reason, one.change_rubric, one.by) == ("partly_met", "slip", "mistyped", True,
                                                                           "lead")
    assert found.settled and (found.by, found.over) == ("lead", ("ann.d:4", "bob.d:5"))
    assert not moderations_of([AGREED]).of("c1", MODERATION).settled
    assert moderations_of([AGREED]).of("c2", MODERATION) == Moderation("c2", MODERATION, {})


def test_what_replaces_counts_whatever_the_order_and_clearing_takes_away() -> None:
    later = entry(4, "agreed", "q1", ("lead.d1:2",), agreed="not_met", cause="judgement", reason="talked over")
    cleared = entry(5, "cleared", "q1", ("lead.d1:4",))
    for order in permutations([AGREED, later]):
        assert moderations_of(order).of("c1", MODERATION).agreed["q1"].mark == "not_met"
    for order in permutations([AGREED, later, cleared]):
        assert not moderations_of(order).of("c1", MODERATION).agreed


def test_a_case_settled_and_opened_again_is_not_settled() -> None:
    opened = entry(4, "unsettled", replaces=("lead.d1:3",), reason="new fact")
    assert not moderations_of([AGREED, SETTLED, opened]).of("c1", MODERATION).settled


def test_two_moderators_apart_are_seen_and_nothing_is_settled_by_either() -> None:
    other = entry(2, "agreed", "q1", writer="boss.d2", agreed="not_met", cause="slip", reason="no")
    found = moderations_of([AGREED, SETTLED, other]).of("c1", MODERATION)
    assert found.disputed == ("q1",) and not found.agreed and not found.settled
    both = moderations_of([AGREED, SETTLED, entry(4, "settled", writer="boss.d2", over="ann.d:4 bob.d:5")])
    assert both.of("c1", MODERATION).by == "boss"


def test_reference_marks_are_apart_from_agreed_ones_and_hold_a_tolerance() -> None:
    reference = entry(2, "agreed", "q1", purpose=REFERENCE, agreed="fully_met", tolerance=1, reason="panel")
    found = moderations_of([reference, entry(3, "settled", purpose=REFERENCE, over="ann.d:4")])
    assert found.of("c1", REFERENCE).agreed["q1"].tolerance == 1 and found.of("c1", REFERENCE).settled
    assert not found.of("c1", MODERATION).agreed


def test_an_entry_cannot_replace_one_of_another_case_or_slot() -> None:
    other = AGREED._replace(case_id="c2", seq=9, replaces=("lead.d1:2",))
    settled = entry(4, "settled", replaces=("lead.d1:2",), over="")
    found = moderations_of([AGREED, other, settled])
    assert found.of("c1", MODERATION).agreed.keys() == {"q1"} == found.of("c2", MODERATION).agreed.keys()


def test_what_is_of_no_known_kind_or_purpose_is_passed_over() -> None:
    odd = [entry(2, "praised", "q1"), entry(3, "agreed", "q1", purpose="revenge", agreed="not_met"),
           entry(4, "agreed", agreed="not_met")]
    assert not moderations_of(odd).moderated
