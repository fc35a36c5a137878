"""The keys of marking and a person's own."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.keys import LINE_BY_LINE, NEVER_OFF, OFF, SHIPPED, doubled, is_key, line_by_line, named, with_own

FREE = ("w", "f2", "ctrl-n", "pageup", "%")


def test_no_two_shipped_keys_are_alike_and_each_is_one_that_may_be_chosen() -> None:
    assert len(set(SHIPPED.values())) == len(SHIPPED) and all(map(is_key, SHIPPED.values()))
    letters = line_by_line({})
    assert len(set(letters.values())) == len(letters) and set(letters) == {*SHIPPED, *LINE_BY_LINE}


@pytest.mark.parametrize("text", ["a", "z", "!", "?", "/", "~", "f1", "f12", "ctrl-a", "ctrl-n", "left", "home",
                                  "pageup"])
def test_keys_that_may_be_chosen(text: str) -> None:
    assert is_key(text)


@pytest.mark.parametrize("text", ["", "1", "9", "0", "A", "ab", " ", "f0", "f13", "enter", "escape", "tab", "\u00e4",
                                  "ctrl-c", "ctrl-h", "ctrl-i", "ctrl-j", "ctrl-m", "ctrl-s", "ctrl-z", "off", "a\n"])
def test_digits_and_the_keys_of_boxes_and_terminals_are_never_chosen(text: str) -> None:
    assert not is_key(text)


def test_own_keys_stand_before_the_shipped_ones_and_off_leaves_out() -> None:
    keys = with_own({"flag": OFF, "reason": "w"})
    assert "flag" not in keys and keys["reason"] == "w" and keys["undo"] == "u"
    assert len(keys) == len(SHIPPED) - 1


def test_line_by_line_a_letter_that_is_off_or_types_nothing_stays_the_shipped_one() -> None:
    letters = line_by_line({"flag": OFF, "reason": "w", "unanswered": "ctrl-n"})
    assert (letters["flag"], letters["reason"], letters["unanswered"]) == ("f", "w", "n")


def test_two_deeds_on_one_key_are_found_also_where_one_is_shipped() -> None:
    assert doubled({"reason": "u"}) == (("reason", "undo", "u"),)
    assert doubled({"reason": "u", "undo": "c"}) == () and doubled({"reason": "u", "undo": OFF}) == ()


@given(st.dictionaries(st.sampled_from(sorted(SHIPPED)), st.sampled_from([*SHIPPED.values(), *FREE, OFF])))
def test_what_is_not_doubled_has_a_key_of_its_own(own: dict[str, str]) -> None:
    keys = with_own(own)
    alike = [(one, other) for one, other in combinations(keys, 2) if keys[one] == keys[other]]
    assert bool(alike) == bool(doubled(own))
    assert set(keys) == {deed for deed in SHIPPED if own.get(deed) != OFF}


def test_names_of_keys() -> None:
    assert [named(key) for key in ("c", "?", "left", "f2", "ctrl-n")] == ["C", "?", "Left", "F2", "Ctrl-n"]
    assert set(NEVER_OFF) <= set(SHIPPED)
