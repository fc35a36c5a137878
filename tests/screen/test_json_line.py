"""JSON for programs: ASCII, one line, and nothing in it that a strict reader refuses."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.screen.json_line import json_line
from tests.hostile.strings import STRINGS, strict_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4), max_leaves=12)


@given(VALUES)
def test_whatever_is_unicode_reads_back_as_it_was(value: object) -> None:
    line = json_line(value)
    assert line.isascii() and "\n" not in line and strict_json(line) == value


@pytest.mark.parametrize("name", STRINGS)
def test_half_a_character_becomes_a_sign_that_says_so_and_all_else_stays(name: str) -> None:
    text = STRINGS[name]
    whole = "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in text)
    assert strict_json(json_line({"a": [text], "b": 1.5})) == {"a": [whole], "b": 1.5}


def test_an_escape_that_was_typed_is_no_half_character() -> None:
    assert json.loads(json_line("\\ud800 \U0001f600 \ud800")) == "\\ud800 \U0001f600 \ufffd"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [-float("inf")]])
def test_what_json_has_not_is_never_written(value: object) -> None:
    with pytest.raises(ValueError):
        json_line(value)
