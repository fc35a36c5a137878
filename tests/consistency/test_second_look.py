"""What is worth a second look is rarer than the cases explain; one kind of sign alone never points at anyone."""

import random
from dataclasses import replace

from cqa.consistency.markings import LEFT_OPEN_MS, markings_of
from cqa.consistency.marks import MarkRow, QuestionScale
from cqa.consistency.second_look import (
    DISCORDANT,
    DRIFT,
    FAST_MARKS,
    LINES,
    LOOK,
    NOTHING,
    ONE_KIND,
    OWED,
    TEXTS,
    TWINS,
    SecondLook,
    Sign,
    second_looks,
)
from cqa.consistency.texts import text_flags

SCALES = [QuestionScale("r", "1", f"q{number}", "S", "Ask", ("not_met", "partly_met", "fully_met"), ("cannot_tell",),
                        {level: level for level in ("not_met", "partly_met", "fully_met", "cannot_tell")},
                        {"not_met": 0, "partly_met": 1, "fully_met": 2}, ()) for number in range(12)]
NAMES = ("ann", "bob", "cat", "dan")


def marking(case: int, name: str, marks: list[str], at: int = 0) -> list[MarkRow]:
    return [MarkRow("s", str(case), "all", "h", name, "first", "r", "1", scale.question, mark, None, "", "", True,
                    f"2026-03-02T09:{at // 60:02d}:{at % 60:02d}Z")
            for scale, mark in zip(SCALES, marks, strict=True)]


def panel(seed: int = 1, cases: int = 80, lazy: str = "") -> list[MarkRow]:
    """Every case marked by two; of the lazy one's markings most are all at the best level."""
    rng, rows = random.Random(seed), []
    for case in range(cases):
        chance = rng.uniform(0.6, 1.0)
        for name in rng.sample(NAMES, 2):
            marks = ["fully_met" if rng.random() < chance else rng.choice(("partly_met", "not_met")) for _ in SCALES]
            rows += marking(case, name, ["fully_met"] * 12 if name == lazy and rng.random() < 0.8 else marks, case)
    return rows


def look(rows: list[MarkRow], name: str = "ann") -> SecondLook:
    found = second_looks(markings_of(rows, SCALES), NAMES, text_flags(rows))
    return next(one for one in found if one.reviewer == name)


def sign(rows: list[MarkRow], which: str, name: str = "ann") -> Sign:
    return next(one for one in look(rows, name).signs if one.sign == which)


def test_good_cases_deserve_straight_lines_and_nobody_is_pointed_at() -> None:
    assert [look(panel(), name).reading for name in NAMES] == [NOTHING] * 4


def test_more_straight_lines_than_the_cases_explain_are_noticed_with_what_was_to_be_expected() -> None:
    rows = panel(lazy="ann")
    found = sign(rows, LINES)
    assert found.noticed and found.observed is not None and found.high is not None and found.observed > found.high
    everyone = markings_of(rows, SCALES)
    lines = sum(one.line for one in everyone)
    share = sum(one.reviewer == "ann" for one in everyone) / len(everyone)
    assert found.expected is not None and abs(found.expected - lines * share) < 0.3
    assert not any(sign(rows, LINES, name).noticed for name in NAMES[1:])
    assert sign(rows, DISCORDANT).noticed and len(sign(rows, DISCORDANT).cases) >= 3


def test_lines_and_lines_beside_lower_marks_are_one_kind_of_sign() -> None:
    assert look(panel(lazy="ann")).reading == ONE_KIND


def test_two_kinds_of_which_one_is_strong_are_worth_a_second_look() -> None:
    rows = [replace(row, reason="See file.") if row.reviewer == "ann" and row.mark != "fully_met" else row
            for row in panel(lazy="ann")]
    assert sign(rows, TEXTS).noticed and look(rows).reading == LOOK


def test_chance_is_the_same_on_every_run() -> None:
    rows = panel(lazy="ann")
    assert look(rows) == look(rows)


def test_of_few_markings_nothing_is_said() -> None:
    rows = [made for case in range(6) for name in ("ann", "bob") for made in marking(case, name, ["fully_met"] * 12)]
    found = look(rows)
    assert found.reading == "too few markings to say: 6" and "fewer than 15" in sign(rows, LINES).usual
    assert not any(one.noticed for one in found.signs)


def test_fast_markings_are_counted_against_the_others_and_prove_nothing() -> None:
    rows = [replace(row, shown_ms=900 if row.reviewer == "ann" and int(row.case_id) % 3 == 0 else 9000)
            for row in panel()]
    found = sign(rows, FAST_MARKS)
    assert found.noticed and "under a third" in found.told and look(rows).reading == ONE_KIND
    assert sign(panel(), FAST_MARKS).told == "no times were recorded"
    left_open = [replace(row, shown_ms=LEFT_OPEN_MS + 1) for row in panel()]
    assert sign(left_open, FAST_MARKS).told == "no times were recorded"


def test_owed_texts_are_a_sign_by_rule() -> None:
    rows = panel()
    place = next(index for index, row in enumerate(rows) if row.reviewer == "ann")
    rows[place] = replace(rows[place], owes=("evidence",))
    found = sign(rows, OWED)
    assert found.noticed and found.cases == (rows[place].case_id,) and not sign(rows, OWED, "bob").noticed


def test_identical_vectors_count_only_with_three_marks_below_the_best() -> None:
    low = ["not_met", "partly_met", "not_met", *["fully_met"] * 9]
    for marks, noticed in ((low, True), (["not_met", *["fully_met"] * 11], False)):
        rows = [*panel(), *marking(900, "ann", marks), *marking(901, "ann", marks)]
        assert sign(rows, TWINS).noticed is noticed
        assert not noticed or set(sign(rows, TWINS).cases) == {"900", "901"}


def test_severity_that_changes_over_time_is_shown_and_is_no_sign_of_carelessness() -> None:
    rows = []
    for case in range(60):
        low = case >= 40
        below = case % 2 + (6 if low else 0)
        rows += marking(case, "ann", [*["not_met"] * below, *["fully_met"] * (12 - below)], case)
        rows += marking(case, "bob", ["fully_met"] * 12, case)
    found = sign(rows, DRIFT)
    assert found.noticed and found.observed is not None and found.observed > 0.8
    assert look(rows).reading in (NOTHING, ONE_KIND)
    assert found.told.startswith("changed by +1.0")


def test_unsigned_markings_and_answers_off_the_scale_are_no_lines() -> None:
    rows = marking(1, "ann", ["cannot_tell"] * 12) + [replace(row, signed=False)
                                                      for row in marking(2, "ann", ["fully_met"] * 12)]
    found = markings_of(rows, SCALES)
    assert len(found) == 1 and not found[0].line and not found[0].all_top and found[0].pace is None
