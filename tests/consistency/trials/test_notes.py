"""Notes of a trial's sheets fit a landscape page and say what counts."""

from hypothesis import given
from hypothesis import strategies as st

from cqa.consistency.trials.data import PARENT
from cqa.consistency.trials.notes import counted_note, note
from tests.consistency.trials.made import marked, trial_data

WORDS = st.lists(st.text("abcdefg-.", min_size=1, max_size=30), min_size=1, max_size=60)


@given(WORDS)
def test_a_note_keeps_its_words_in_lines_that_fit(words: list[str]) -> None:
    told = note(*words)
    assert told.split() == words and max(map(len, told.splitlines())) <= 130


def test_what_is_open_is_said() -> None:
    assert counted_note(trial_data([]), "First.", "Second.").splitlines() == [
        "First. Second.", "Counted are the assessments that are signed off: all of them are."]
    one = marked(PARENT, "A", "ann", {}, signed=False)
    assert counted_note(trial_data([one])).endswith("1 assessment still open.")
