"""What a handler is handed: the marks that count with what they and the next level up mean, and nothing of others."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cqa.marking.feedback import Feedback, NextStep
from cqa.marking.handout import Handout, Line, Marked, Todo, band_of, lines_of, shown_facts
from cqa.marking.moderation import MODERATION, NOT_ASKED, Agreed, Moderation
from cqa.marking.replay import Assessment, Mark
from cqa.marking.standing import Standing, standing_of
from cqa.rubric.model import Rubric
from tests.casework import RUBRIC
from tests.marking.test_session import built

WORDS = RUBRIC.replace(
    "{id: q1, ask: Was it right,",
    "{id: q1, ask: Was it right, levels: {fully_met: All elements., partly_met: One is left out., not_met: Wrong.},"
).replace("{id: q2, ask: Was it reasoned,", "{id: q2, ask: Was it reasoned, forbid: [partly_met],").replace(
    "- {id: q3, ask: Was the child heard}", "- {id: q3, ask: Was the child heard}\n"
    "      - {id: t1, ask: In words, type: text, required: false}")
NOTHING = Moderation("c1", MODERATION, {})


def marked(rubric: Rubric, child: str = "Y", **marks: str) -> Standing:
    given = {name: Mark(name, value, f"why {name}", f"p {name}", "", f"ann.1:{name}") for name, value in marks.items()}
    return standing_of(rubric, "seed", {"child": child}, Assessment("c1", given, {}, False, "2026", ()))


def settled(*agreed: tuple[str, str]) -> Moderation:
    made = {name: Agreed(name, mark, "judgement", f"agreed {name}", False, "mod", "", "mod.1:2")
            for name, mark in agreed}
    return Moderation("c1", MODERATION, made, "2026-03-03T09:00:00.000Z", "mod")


def lines(standing: Standing, moderation: Moderation = NOTHING, rubric: Rubric | None = None) -> dict[str, Line]:
    return {line.question_id: line for line in lines_of(rubric or built(WORDS), standing, moderation)}


def test_each_mark_has_its_descriptor_and_that_of_the_next_level_up() -> None:
    told = lines(marked(built(WORDS), q1="not_met"))["q1"]
    assert (told.section, told.ask, told.mark, told.means) == ("Decision", "Was it right", "Not met", "Wrong.")
    assert (told.up, told.up_means, told.best) == ("Partly met", "One is left out.", False)
    assert (told.reason, told.evidence, told.agreed) == ("why q1", "p q1", False)


def test_nothing_is_above_the_best_mark_or_above_one_on_no_scale() -> None:
    told = lines(marked(built(WORDS), q1="fully_met", q2="cannot_tell", q3="fully_met", t1="some words"))
    assert (told["q1"].best, told["q1"].up) == (True, "")
    assert (told["q2"].best, told["q2"].up, told["q2"].mark) == (False, "", "Cannot tell")
    assert (told["t1"].best, told["t1"].up, told["t1"].mark) == (False, "", "some words")


def test_a_level_that_may_not_be_given_is_not_the_next_one_up() -> None:
    assert lines(marked(built(WORDS), q1="fully_met", q2="not_met"))["q2"].up == "Fully met"


def test_only_questions_that_are_asked_stand_on_it() -> None:
    assert list(lines(marked(built(WORDS), child="N", q1="not_met", q2="fully_met", q3="fully_met"))) == ["q1"]


def test_an_agreed_mark_counts_once_settled_with_its_reason_and_says_so() -> None:
    rubric, standing = built(WORDS), marked(built(WORDS), child="N", q1="fully_met", q2="fully_met")
    open_yet = replace(settled(("q1", "partly_met")), settled_at="")
    assert lines(standing, open_yet)["q1"].mark == "Fully met" and not lines(standing, open_yet)["q1"].agreed
    told = lines(standing, settled(("q1", "partly_met"), ("q2", "fully_met")))
    assert (told["q1"].mark, told["q1"].reason, told["q1"].evidence, told["q1"].agreed) == (
        "Partly met", "agreed q1", "", True)
    assert (told["q2"].reason, told["q2"].evidence, told["q2"].agreed) == ("why q2", "p q2", True)
    assert band_of(rubric, standing, NOTHING) == "Fine"
    assert band_of(rubric, standing, settled(("q1", "not_met"))) == "Fail"


def test_an_agreed_mark_opens_and_closes_other_questions_and_one_may_be_agreed_as_not_asked() -> None:
    standing = marked(built(WORDS), child="N", q1="fully_met", q2="fully_met")
    assert list(lines(standing, settled(("q1", "not_met")))) == ["q1"]
    assert list(lines(standing, settled(("q2", NOT_ASKED)))) == ["q1"]
    opened = marked(built(WORDS), child="N", q1="not_met")
    assert list(lines(opened, settled(("q1", "fully_met"), ("q2", "fully_met")))) == ["q1", "q2"]
    assert list(lines(opened, settled(("q9", "fully_met")))) == ["q1"]


def test_hidden_facts_and_blank_ones_are_not_shown() -> None:
    shown, hidden = built(RUBRIC), built(RUBRIC.replace("label: Child victim", "label: Child victim, show: never"))
    assert shown_facts(shown, marked(shown, child="Y")) == (("Child victim", "yes"),)
    assert shown_facts(shown, marked(shown, child="")) == () == shown_facts(hidden, marked(hidden, child="Y"))


def handout(**changed: Any) -> Handout:
    standing = marked(built(WORDS), q1="not_met")
    made = Handout("march", "f" * 64, "c1", ("h1",), "small", "Small", "1.0", lines_of(built(WORDS), standing, NOTHING),
                   (("Child", "yes"),), "Fail", Marked("ann", "2026", "ann.1:9"), 1, "Good.",
                   (Todo("A", "h1", "2026-04-01"),))
    return replace(made, **changed)


def test_what_can_be_better_is_read_first_the_worst_of_it_before_the_rest() -> None:
    rubric = built(WORDS)
    told = lines(marked(rubric, q1="fully_met", q2="cannot_tell", q3="partly_met", t1="some words"))
    assert [line.question_id for line in handout(lines=tuple(told.values())).worst_first] == ["q3", "q2", "t1", "q1"]
    told = lines(marked(rubric, q1="partly_met", q2="not_met", q3="not_met"))
    assert [line.question_id for line in handout(lines=tuple(told.values())).worst_first] == ["q2", "q3", "q1"]
    assert [line.below for line in told.values()] == [1, 2, 2]


def test_whatever_it_says_its_digest_binds() -> None:
    base = handout()
    others = [
        handout(sample="april"), handout(frame="e" * 64), handout(case_id="c2"), handout(handlers=("h2",)),
        handout(rubric_version="2.0"), handout(lines=()), handout(facts=()), handout(band="Fine"), handout(version=2),
        handout(marked=Marked("ann", "2026", "ann.1:10")), handout(strength="Better."), handout(todo=()),
        handout(nothing="x"), handout(todo=(Todo("A", "h1", "2026-04-02"),)),
        handout(lines=(replace(base.lines[0], reason="other"),))]
    assert len({one.digest for one in (base, *others)}) == len(others) + 1
    assert base.digest == handout().digest and len(base.digest) == 64


def test_the_digest_of_a_sheet_that_was_given_stays_what_it_was() -> None:
    """Feedback that is recorded names it: whoever changes what is digested makes every given sheet look outdated."""
    assert handout().digest == "2c943f11b9692a5441101b6e0b69fa43c6dd5ac2971931bb93c3273675c484c7"


@given(st.lists(st.text(max_size=4), min_size=2, max_size=2), st.lists(st.text(max_size=4), min_size=2, max_size=2))
def test_texts_that_run_together_alike_are_told_apart(one: list[str], other: list[str]) -> None:
    made = [handout(strength=texts[0], nothing=texts[1]).digest for texts in (one, other)]
    assert (made[0] == made[1]) == (one == other)


def test_what_was_written_goes_on_the_sheet() -> None:
    feedback = Feedback("c1", "Strong.", (NextStep(1, "B", "h1", "2026-05-01", done="2026-05-02"),), 3)
    written = handout().written(feedback)
    assert (written.strength, written.todo, written.version) == ("Strong.", (Todo("B", "h1", "2026-05-01"),), 3)
