"""What a key does on something to read and on a list to choose from, whatever lies below."""

from collections.abc import Callable

from cqa.screen.boxes import Menu, Sheet
from cqa.screen.surface import Surface

ENDLESS = 100_000
SCROLL = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10}


def on_sheet(surface: Surface, sheet: Sheet, key: str) -> None:
    """A key while something is to be read: it scrolls, or leaves the page."""
    steps = {**SCROLL, " ": SCROLL["pagedown"], "home": -ENDLESS, "end": ENDLESS}
    if key in steps:
        sheet.top = max(0, sheet.top + steps[key])
        return
    if key.isdecimal():
        # On the question below a digit would be a mark: whoever presses one here has not seen that.
        surface.say("Digits mark nothing here. Enter leaves this page.")
        return
    surface.sheet = None
    if sheet.then:
        sheet.then()


def on_menu(surface: Surface, menu: Menu, key: str, show_help: Callable[[], None]) -> None:
    """A key while a list lies over the page: it moves in it, opens a line, or leaves it."""
    steps = {**SCROLL, "home": -ENDLESS, "end": ENDLESS}
    if key.isdecimal():
        _number(menu, key)
        return
    menu.typed = ""
    if key in steps:
        menu.at = max(0, min(menu.count - 1, menu.at + steps[key]))
    elif key in ("enter", "right") and menu.count:
        surface.menu = None
        menu.chosen(menu.at)
    elif key == surface.keys["stop"]:
        surface.ended = True
    elif key == surface.keys["help"]:
        show_help()
    elif menu.closes:
        surface.menu = None
    else:
        surface.say("Up and Down choose a case, Enter opens it.")


def _number(menu: Menu, digit: str) -> None:
    """The line whose number is typed, digit after digit."""
    for typed in (menu.typed + digit, digit):
        if 1 <= int(typed) <= menu.count:
            menu.typed, menu.at = typed, int(typed) - 1
            return
