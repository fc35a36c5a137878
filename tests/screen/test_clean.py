"""Nothing that people wrote can move the cursor, hide text or turn its direction."""

import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from cqa.screen.clean import clean, one_line


def test_every_control_and_format_character_of_unicode_becomes_visible() -> None:
    for point in range(sys.maxunicode + 1):
        letter = chr(point)
        if unicodedata.category(letter) in ("Cc", "Cf", "Cs") and letter not in "\n\t":
            assert clean(letter) == f"<U+{point:04X}>"


@given(st.text())
def test_cleaning_is_done_once_and_one_line_is_one_line(text: str) -> None:
    assert clean(clean(text)) == clean(text) and "\n" not in one_line(text)


def test_ordinary_text_is_left_alone() -> None:
    assert clean("Zo\u00eb \u2013 \u00a35\nnext [bold] line") == "Zo\u00eb \u2013 \u00a35\nnext [bold] line"
