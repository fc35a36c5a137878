"""What can be done at the full screen of moderation: agreeing on a mark with its cause and reason, settling."""

from cqa.facts import how_many
from cqa.marking.compared import Compared
from cqa.marking.moderating_actions import Agree, Clear, Settle, Unsettle
from cqa.marking.moderation import NOT_ASKED, REFERENCE
from cqa.screen.boxes import Menu, Sheet, Writing
from cqa.screen.clean import one_line
from cqa.screen.moderation_desk import Chosen, ModerationDesk
from cqa.screen.moderation_words import left_lines, noun, value_in_words
from cqa.screen.sheets import prose_lines

_SETTLING = ("1  Settle the case: it counts from now on, and you see who gave which marks", "2  Go on moderating")


def choose(desk: ModerationDesk, one: Compared, value: str) -> None:
    """A mark was chosen: what all gave is kept at once, as is every reference mark; else it is asked why."""
    if value == NOT_ASKED and not one.may_be_unasked:
        desk.say("The question is asked on this case: what is agreed on it must be an answer.", alarm=True)
    elif desk.state.purpose == REFERENCE or value == one.common:
        if desk.do(_kept_as(desk, one, value)):
            desk.say(f"{one.question.id}: {value_in_words(one.question, value)}.")
            desk.go_on()
    else:
        desk.chosen = Chosen(value)
        if not any(answer.mark for answer in one.answers):
            write_reason(desk, one)


def _kept_as(desk: ModerationDesk, one: Compared, value: str) -> Agree:
    """A mark that needs neither cause nor reason; what was said of the same mark before stays with it."""
    old = one.agreed
    if old is None or old.mark != value:
        return Agree(desk.case_id, one.question.id, value, tolerance=old.tolerance if old else None)
    return Agree(desk.case_id, one.question.id, value, old.cause, old.reason, old.change_rubric, old.tolerance)


def give_cause(desk: ModerationDesk, one: Compared, cause: str) -> None:
    """Why the marks differ was said: the reason comes next."""
    if desk.chosen:
        desk.chosen = Chosen(desk.chosen.value, cause)
        write_reason(desk, one)


def write_reason(desk: ModerationDesk, one: Compared) -> None:
    """A box for why the agreed mark is right, and then everything about it is kept at once."""
    agreed = one.agreed
    chosen = desk.chosen or (Chosen(agreed.mark, agreed.cause) if agreed else None)
    if chosen is None:
        desk.say(f"{one.question.id} has no {noun(desk.state.purpose)} yet: choose it first.")
        return
    name = one.question.id
    tolerance = agreed.tolerance if agreed else None

    def done(words: str) -> None:
        desk.keep(Agree(desk.case_id, name, chosen.value, chosen.cause, words.strip(),
                        agreed.change_rubric if agreed else False, tolerance))
        desk.close_box()
        desk.say(f"{name}: {value_in_words(one.question, chosen.value)}.")
        desk.go_on()

    read = "" if desk.state.purpose == REFERENCE else " (the handler may read this)"
    title = f"Why {value_in_words(one.question, chosen.value).upper()} is right for {name}{read}"
    desk.write(Writing(desk.case_id, name, "reason", title, agreed.reason if agreed else "", done, onwards=True))


def write_value(desk: ModerationDesk, one: Compared) -> None:
    """A box for an answer that no key stands for, such as a date."""
    def done(words: str) -> None:
        desk.close_box()
        choose(desk, one, words.strip())

    desk.write(Writing(desk.case_id, one.question.id, "", f"The {noun(desk.state.purpose)} of {one.question.id}",
                       one.agreed.mark if one.agreed else one.common or "", done, one_line=True))


def change_wording(desk: ModerationDesk, one: Compared) -> None:
    """Says, or takes back, that the rubric's wording needs changing."""
    agreed = one.agreed
    if agreed is None:
        desk.say(f"{one.question.id} has no {noun(desk.state.purpose)} yet: choose it first.")
    elif desk.do(Agree(desk.case_id, one.question.id, agreed.mark, agreed.cause, agreed.reason,
                       not agreed.change_rubric, agreed.tolerance)):
        desk.say("The rubric's wording stays as it is." if agreed.change_rubric else
                 "Noted: the rubric's wording needs changing.")


def set_tolerance(desk: ModerationDesk, one: Compared) -> None:
    """A list of how many levels off the reference mark a mark may be."""
    agreed = one.agreed
    if desk.state.purpose != REFERENCE or agreed is None or one.question.scale is None:
        desk.say("A tolerance belongs to a reference mark: choose it first." if desk.state.purpose == REFERENCE
                 else "Only reference marks have a tolerance: cqa moderate --reference.")
        return
    name, levels = one.question.id, len(one.question.scale.levels)
    desk.menu = Menu(f"HOW MANY LEVELS OFF MAY A MARK OF {name} BE?", levels,
                     lambda place: f"{place + 1}  {how_many(place, 'level') if place else 'none'}",
                     lambda place: _tolerate(desk, name, agreed.mark, agreed.reason, place), agreed.tolerance or 0)


def _tolerate(desk: ModerationDesk, name: str, mark: str, reason: str, tolerance: int) -> None:
    if desk.do(Agree(desk.case_id, name, mark, reason=reason, tolerance=tolerance)):
        desk.say(f"{name}: tolerance {tolerance}.")


def clear(desk: ModerationDesk, one: Compared) -> None:
    """Takes an agreed mark away."""
    if desk.do(Clear(desk.case_id, one.question.id)):
        desk.say(f"The {noun(desk.state.purpose)} of {one.question.id} is taken away.")


def settle(desk: ModerationDesk) -> None:
    """Offers to settle the case, or lists what is left."""
    if desk.state.left(desk.case_id):
        desk.sheet = Sheet("NOT YET", prose_lines(left_lines(desk.state, desk.case_id)), then=desk.go_on)
        return
    desk.menu = Menu(f"NOTHING IS LEFT ON CASE {one_line(desk.case_id)}", len(_SETTLING), _SETTLING.__getitem__,
                     lambda place: _settle(desk) if place == 0 else None)


def _settle(desk: ModerationDesk) -> None:
    if desk.do(Settle(desk.case_id)):
        desk.go("")
        desk.say("Settled.")


def unsettle(desk: ModerationDesk) -> None:
    """A box for why a settled case is opened again."""
    def done(words: str) -> None:
        desk.keep(Unsettle(desk.case_id, words.strip()))
        desk.close_box()
        desk.go_on()
        desk.say("Open again. Settle it once more when you are done.")

    desk.write(Writing(desk.case_id, "", "unsettle", "Why is the settled case opened again?", "", done))
