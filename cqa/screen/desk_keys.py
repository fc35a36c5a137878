"""Which key does what at the full screen, wherever the reviewer is."""


from cqa.keys import named
from cqa.marking.actions import Reopen
from cqa.marking.view import CaseView
from cqa.screen.desk import Desk
from cqa.screen.desk_deeds import dispute_band, do_deed, enter, fact_box, show_help
from cqa.screen.plain_words import options
from cqa.screen.surface_keys import SCROLL, on_menu, on_sheet

PASTED = "That looked like a paste: nothing of it was taken as a mark."


def take(desk: Desk, key: str, at_ms: int, waiting: int = 0) -> None:
    """One key as it came from the terminal; what no person pressed one by one is no mark."""
    if _goes_about(desk, key):
        # No paste holds such a key, and holding it down is how people go through a list.
        press(desk, key)
        return
    verdict = desk.pace.judge(key, at_ms, waiting)
    if verdict == "pressed":
        desk.presses.append(None)
        del desk.presses[:-4]
        press(desk, key)
    elif verdict == "held" and desk.take_back(1):
        desk.say("The key was held down: the mark it made was taken back.", alarm=True)
    elif verdict == "paste":
        back = desk.take_back(desk.pace.burst)
        # What its first keys did is told until the paste is over.
        if back or PASTED not in desk.message:
            desk.say(f"{PASTED} {'Marks it made are undone. ' if back else ''}{_where_to_paste(desk)}", alarm=True)


def _goes_about(desk: Desk, key: str) -> bool:
    """Whether the key only moves: it is no letter, and marks nothing."""
    return len(key) > 1 and (key in SCROLL or key in (desk.keys.get(deed) for deed in ("back", "next", "first")))


def press_unseen(desk: Desk, key: str) -> None:
    """A key while the window is too small to show what it would do: only leaving is possible."""
    if key in ("ctrl-c", desk.keys["stop"]):
        desk.ended, desk.stopped = True, key == "ctrl-c"


def pasted(desk: Desk) -> None:
    """A whole paste came where marks are given."""
    desk.say(f"{PASTED} {_where_to_paste(desk)}", alarm=True)


def _where_to_paste(desk: Desk) -> str:
    elsewhere = desk.menu or desk.sheet or "reason" not in desk.keys
    return "" if elsewhere else f"To paste a text press {named(desk.keys['reason'])} first."


def press(desk: Desk, key: str) -> None:
    """What one key does, wherever the reviewer is."""
    desk.say("")
    desk.pressed = key
    if key == "ctrl-c":
        desk.ended = desk.stopped = True
    elif desk.sheet:
        on_sheet(desk, desk.sheet, key)
    elif desk.menu:
        on_menu(desk, desk.menu, key, lambda: show_help(desk))
    elif desk.state.assessment(desk.case_id).signed_at:
        _on_signed(desk, key)
    else:
        _on_case(desk, desk.case, key)


def _on_signed(desk: Desk, key: str) -> None:
    case_id = desk.case_id
    if key in SCROLL:
        desk.top = max(0, desk.top + SCROLL[key])
    elif key in ("enter", "right", desk.keys.get("unanswered")):
        desk.go_on()
    elif key == "o":
        if desk.do(Reopen(case_id)):
            desk.open(case_id)
            desk.say("The sign-off is taken back. Sign off again when you are done.")
    elif key == "d" and not desk.coach:
        dispute_band(desk)
    elif key in (desk.keys.get("list"), desk.keys.get("cases"), desk.keys.get("urgent"), desk.keys["help"],
                 desk.keys["stop"], desk.keys.get("facts")):
        do_deed(desk, desk.case, None, key)
    else:
        desk.say("This case is signed off. Enter goes on to the next one.")


def _on_case(desk: Desk, case: CaseView, key: str) -> None:
    view = desk.view(case)
    if case.facts_wanted and _fact_key(desk, case.facts_wanted[0], key):
        return
    if view is not None and not case.facts_wanted:
        value = next((option.value for option in options(view) if option.key.casefold() == key), "")
        if value:
            desk.mark(case, view, value)
            return
        if key == "enter":
            enter(desk, view)
            return
    if key in ("up", "down"):
        desk.top = max(0, desk.top + SCROLL[key])
    else:
        do_deed(desk, case, view, {"pageup": "left", "pagedown": "right"}.get(key, key))


def _fact_key(desk: Desk, fact_id: str, key: str) -> bool:
    """A key where a case fact is asked; whether it was one that answers it."""
    fact = desk.state.rubric.fact(fact_id)
    if fact is None:
        return False
    if fact.type == "flag" and key in ("y", "n"):
        desk.attempt(lambda: desk.fact(fact_id, key.upper()))
        return True
    if key == "enter":
        if fact.type == "flag":
            desk.say("Y or N answers.")
        else:
            fact_box(desk, fact, "")
        return True
    return False
