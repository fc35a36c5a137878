"""No row is wider than its window, and nothing of a text is lost where it is broken."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.utils import get_cwidth

from cqa.screen.clean import clean
from cqa.screen.rows import CUT, beside, columns, cut, filled, padded, plain, spread, text_of, wrapped

WORDS = st.text(st.one_of(st.characters(), st.sampled_from(" \n\tabc\u5224\u0301\u200b\u202e\x1b-")), max_size=200)
WIDTHS = st.integers(2, 120)


@given(WORDS)
def test_columns_are_those_of_the_terminal(text: str) -> None:
    assert columns(text) == sum(get_cwidth(letter) for letter in text)


@given(WORDS, WIDTHS)
def test_wrapped_lines_fit_and_nothing_is_lost(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert lines and all(columns(line) <= width and "\n" not in line for line in lines)
    assert "".join("".join(lines).split()) == "".join(clean(text).split())


@given(WORDS, WIDTHS)
def test_a_word_that_fits_on_a_line_is_never_broken(text: str, width: int) -> None:
    parts = [word for line in wrapped(text, width) for word in line.split()]
    for word in clean(text).split():
        assert columns(word) > width or word in parts


@given(st.lists(st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=9), max_size=40),
       st.integers(10, 60))
def test_a_line_is_broken_only_where_the_next_word_has_no_room(words: list[str], width: int) -> None:
    lines = wrapped(" ".join(words), width)
    for line, following in pairwise(lines):
        assert len(line) + 1 + len(following.split()[0]) > width


@given(WORDS, st.integers(0, 120))
def test_cut_and_padded_keep_to_the_width(text: str, width: int) -> None:
    line = cut(text, width)
    whole = clean(text).replace("\n", " ")
    assert columns(line) <= width and "\n" not in line
    assert line == whole or line.endswith(CUT[:max(0, min(width, 3))])
    assert columns(whole) > width or line == whole
    assert columns(padded(whole, width)) == width


@given(WORDS, st.text(st.characters(codec="ascii", categories=["L"]), max_size=30), st.integers(1, 120))
def test_spread_fills_its_line_and_keeps_the_right_end(left: str, right: str, width: int) -> None:
    line = spread(clean(left).replace("\n", " "), right, width)
    assert columns(line) <= width
    if len(right) < width:
        assert columns(line) == width and line.endswith(right)


@given(st.lists(WORDS, max_size=6), st.lists(WORDS, max_size=6), st.integers(0, 8), st.integers(4, 40))
def test_two_columns_side_by_side_are_as_high_and_as_wide_as_asked(
    lefts: list[str], rights: list[str], height: int, width: int
) -> None:
    rows = beside([plain(cut(one, width)) for one in lefts], "| ", [plain(cut(one, width)) for one in rights], height,
                  (width, width))
    assert len(rows) == height and all(columns(text_of(row)) == 2 * width + 2 for row in rows)


def test_a_filled_row_keeps_its_style_and_a_longer_one_its_text() -> None:
    assert filled(plain("ab", "bold"), 4) == (("bold", "ab"), ("", "  "))
    assert filled(plain("abcdef"), 4) == plain("abcdef")


def test_line_feeds_of_a_text_stay() -> None:
    assert wrapped("one\n\ntwo three", 5) == ["one", "", "two", "three"]
    assert wrapped("", 10) == [""]
