"""Which key does what at the full screen of moderation."""

from collections.abc import Callable

from cqa.facts import how_many
from cqa.keys import named
from cqa.marking.compared import Compared
from cqa.marking.view import fact_in_words
from cqa.screen.boxes import Sheet
from cqa.screen.clean import one_line
from cqa.screen.moderation_deeds import (
    change_wording,
    choose,
    clear,
    give_cause,
    set_tolerance,
    settle,
    unsettle,
    write_reason,
    write_value,
)
from cqa.screen.moderation_desk import ModerationDesk
from cqa.screen.moderation_page import NOT_ASKED_KEY, view_of
from cqa.screen.moderation_words import CAUSE_KEYS
from cqa.screen.plain_words import options
from cqa.screen.sheets import Help, guidance_rows, help_rows, prose_lines
from cqa.screen.surface_keys import SCROLL, on_menu, on_sheet

PASTED = "That looked like a paste: nothing of it was taken."
_HELP: Help = (
    ("A digit chooses the agreed mark, Enter what all gave. Where it is not what all gave, another digit says why the "
     "marks were not this one, and a text, why it is right. Once the text is ended everything is kept at once, and "
     "nothing before.", ()),
    ("", (("back", "the question before"), ("next", "the question after"), ("first", "the first question"),
          ("unanswered", "the next one that needs a mark"))),
    ("", (("reason", "change why the agreed mark is right"),
          ("wording", "the rubric's wording needs changing; again takes that back"),
          ("clear", "take the agreed mark away"),
          ("tolerance", "how many levels off a reference mark a mark may be (only with --reference)"))),
    ("", (("all", "show the questions that do not differ too, or only those that differ"),
          ("list", "the questions of this case"), ("cases", "the cases of your list"),
          ("guidance", "what to look for and guidance, in full"), ("facts", "what the export says of the case"))),
    ("", (("sign_off", "settle the case: from then on it counts, and you see who gave which marks"),
          ("unsettle", "on a settled case: open it again, with a reason"),
          ("stop", "stop; everything is kept"), ("help", "this page"))),
    ("A, B and so on stand for the markers, in an order that says nothing. [A B] behind a key: they gave that answer. "
     "0 agrees that the question should not have been asked, where somebody was not asked.", ()),
)


def take(desk: ModerationDesk, key: str, at_ms: int, waiting: int = 0) -> None:
    """One key as it came from the terminal; what no person pressed one by one does nothing."""
    if len(key) > 1 and (key in SCROLL or key in (desk.keys.get(deed) for deed in ("back", "next", "first"))):
        press(desk, key)
        return
    verdict = desk.pace.judge(key, at_ms, waiting)
    if verdict == "pressed":
        press(desk, key)
    elif verdict == "paste":
        desk.say(PASTED, alarm=True)


def press_unseen(desk: ModerationDesk, key: str) -> None:
    """A key while the window is too small to show what it would do: only leaving is possible."""
    if key in ("ctrl-c", desk.keys["stop"]):
        desk.ended, desk.stopped = True, key == "ctrl-c"


def pasted(desk: ModerationDesk) -> None:
    """A whole paste came where keys are pressed."""
    desk.say(PASTED, alarm=True)


def press(desk: ModerationDesk, key: str) -> None:
    """What one key does, wherever the moderator is."""
    desk.say("")
    desk.pressed = key
    if key == "ctrl-c":
        desk.ended = desk.stopped = True
    elif desk.sheet:
        on_sheet(desk, desk.sheet, key)
    elif desk.menu:
        on_menu(desk, desk.menu, key, lambda: show_help(desk))
    elif desk.settled:
        _on_settled(desk, key)
    else:
        _on_question(desk, key)


def _on_settled(desk: ModerationDesk, key: str) -> None:
    keys = desk.keys
    if key in SCROLL:
        desk.top = max(0, desk.top + SCROLL[key])
    elif key in ("enter", "right", keys.get("unanswered")):
        desk.next_case()
    elif key == keys["unsettle"]:
        unsettle(desk)
    elif key in (keys.get("cases"), keys["help"], keys["stop"], keys.get("facts")):
        _do(desk, None, key)
    else:
        desk.say("This case is settled. Enter goes on to the next one.")


def _on_question(desk: ModerationDesk, key: str) -> None:
    one = desk.one()
    if key in ("up", "down"):
        desk.top = max(0, desk.top + SCROLL[key])
    elif one is not None and desk.chosen:
        if key in CAUSE_KEYS:
            give_cause(desk, one, CAUSE_KEYS[key])
        else:
            desk.chosen = None
            desk.say(f"{one.question.id}: nothing was kept.")
    elif one is None or not _answers(desk, one, key):
        _do(desk, one, {"pageup": "left", "pagedown": "right"}.get(key, key))


def _answers(desk: ModerationDesk, one: Compared, key: str) -> bool:
    """A key that chooses an answer; whether it was one."""
    chosen = next((option for option in options(view_of(one)) if option.key.casefold() == key), None)
    if chosen is not None or key == NOT_ASKED_KEY:
        choose(desk, one, chosen.value if chosen else "")
        return True
    if key != "enter":
        return False
    if options(view_of(one)) and one.common is not None:
        choose(desk, one, one.common)
    elif options(view_of(one)):
        desk.say("A digit chooses the mark. To go on without one, press Right.")
    else:
        write_value(desk, one)
    return True


def _do(desk: ModerationDesk, one: Compared | None, key: str) -> None:
    deed = next((name for name, its in desk.keys.items() if its == key), "")
    if deed in _ON_CASE:
        _ON_CASE[deed](desk)
    elif deed not in _ON_QUESTION:
        shown = "That key" if len(key) > 1 else one_line(named(key))
        desk.say(f"{shown} does nothing here. {desk.keys['help']} shows what every key does.")
    elif one is None:
        desk.say("No question is open: go to one first.")
    else:
        _ON_QUESTION[deed](desk, one)


def _move(desk: ModerationDesk, by: int) -> None:
    ids = [one.question.id for one in desk.questions()]
    place = (ids.index(desk.at) if desk.at in ids else len(ids)) + by
    if place < 0:
        desk.say("This is the first question.")
    elif place < len(ids):
        desk.go(ids[place])
    else:
        desk.go("")


def _first(desk: ModerationDesk) -> None:
    shown = desk.questions()
    desk.go(shown[0].question.id if shown else "")


def _all(desk: ModerationDesk) -> None:
    desk.every = not desk.every
    desk.say(f"{how_many(len(desk.questions()), 'question')}: "
             f"{'all that are asked' if desk.every else 'those that differ'}.")


def _facts(desk: ModerationDesk) -> None:
    known = desk.case.facts
    told = (f"{one_line(fact.label)}: {one_line(fact_in_words(fact, known[fact.id])) or 'not told, or not the same'}"
            for fact in desk.case.rubric.facts if not fact.hidden)
    desk.sheet = Sheet("THE CASE", prose_lines((f"Case {one_line(desk.case_id)}.", "", *told)))


def show_help(desk: ModerationDesk) -> None:
    """What every key does, to be read."""
    desk.sheet = Sheet("HELP", help_rows(desk.keys, _HELP))


def _guidance(desk: ModerationDesk, one: Compared) -> None:
    desk.sheet = Sheet("GUIDANCE", guidance_rows(view_of(one)))


def _stop(desk: ModerationDesk) -> None:
    desk.ended = True


_ON_QUESTION: dict[str, Callable[[ModerationDesk, Compared], None]] = {
    "reason": write_reason, "wording": change_wording, "clear": clear, "tolerance": set_tolerance,
    "guidance": _guidance,
}
_ON_CASE: dict[str, Callable[[ModerationDesk], None]] = {
    "back": lambda desk: _move(desk, -1), "next": lambda desk: _move(desk, 1), "first": _first,
    "unanswered": ModerationDesk.go_on, "list": ModerationDesk.show_list, "cases": ModerationDesk.show_cases,
    "all": _all, "facts": _facts, "sign_off": settle, "help": show_help, "stop": _stop,
}
