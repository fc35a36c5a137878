"""Moderation line by line: the same desk, one fact a line."""

import io
from contextlib import suppress

from cqa.marking.moderation import MODERATION, REFERENCE
from cqa.screen.plain_moderation import PlainModeration, plain_keys
from cqa.screen.typist import Stop, Typist
from tests.marking.shared import two
from tests.screen.moderation_at import ALL, AtModeration

BETWEEN = {**ALL, "q2": "partly_met"}


def typed(*lines: str, purpose: str = MODERATION, full: bool = False) -> tuple[AtModeration, str]:
    """What a moderator who types these lines has kept, and what was said to them; on a `full` disk."""
    at = AtModeration(two(ALL, BETWEEN), purpose=purpose)
    at.desk.keys, at.full = plain_keys({}), full
    at.desk.open("c1")
    out = io.StringIO()
    typist = Typist(io.StringIO("".join(f"{line}\n" for line in lines)), out, at.drafts, lambda: at.time)
    with suppress(Stop):
        PlainModeration(at.desk, typist).run()
    return at, out.getvalue()


def test_a_case_is_moderated_and_settled_line_by_line() -> None:
    at, out = typed("2", "1", "one finding is missing", "", "s", "1", "q")
    assert [entry.kind for entry in at.entries] == ["agreed", "settled"]
    assert at.entries[0].body["reason"] == "one finding is missing"
    for line in ("Case c1. Question 1 of 1, Decision. 1 left.", "q2. Was it reasoned", "1 level apart.",
                 "Agreed mark: none yet.", "q2: Partly met.", "Nothing is left. S settles the case.",
                 "Case c1 is settled.", "ann Fully met (1 level too lenient); bob Partly met (as agreed)."):
        assert line in out, line
    assert out.index("bob") > out.index("is settled")


def test_what_is_no_answer_is_said_and_nothing_is_kept() -> None:
    at, out = typed("7", "22", "2", "9", "2", "1", "", "?", "q")
    assert at.entries == [] and at.desk.ended
    assert "nothing was kept" in out and "q2 has no agreed mark yet" in out and "Type one digit or one letter" in out
    assert "the question before" in out


def test_the_list_and_an_empty_line_say_things_again() -> None:
    _, out = typed("l", "1", "", "a", "", "q")
    assert out.count("q2. Was it reasoned") >= 2 and "Number, or Enter to go back:" in out


def test_reference_marks_line_by_line() -> None:
    at, out = typed("1", "2", "1", "s", "1", "q", purpose=REFERENCE)
    assert [entry.kind for entry in at.entries] == ["agreed", "agreed", "agreed", "settled"]
    assert "Reference mark: Fully met, as all gave it, within 0 levels." in out


def test_the_end_of_the_input_stops() -> None:
    at, _ = typed()
    assert not at.entries and not at.desk.ended


def test_a_full_disk_ends_it_and_says_so() -> None:
    at, out = typed("2", "1", "one finding is missing", "", "2", "1", full=True)
    assert at.desk.ended and at.entries == [] and out.count("NOT SAVED") == 1
