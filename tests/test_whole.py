"""Half characters are found and mended, and nothing else is touched."""

import getpass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqa.whole import is_whole, made_whole
from cqa.world import real_world


@given(st.text(st.characters(), max_size=20))
def test_what_is_made_whole_can_be_written_and_only_halves_change(text: str) -> None:
    mended = made_whole(text)
    mended.encode()
    assert len(mended) == len(text) and is_whole(mended) and (mended == text) == is_whole(text)


def test_an_account_that_is_no_unicode_is_recorded_with_a_sign_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "zo\udceb")
    assert real_world().account == "zo\ufffd"
