"""Pages to read or to choose from, and the line of news, under any heading."""

from cqa.keys import named
from cqa.screen.boxes import Menu, Sheet
from cqa.screen.page import LEAST, Size
from cqa.screen.rows import Row, columns, cut, padded, plain, spread, wrapped
from cqa.screen.surface import Surface

BOX_ROWS = 7
"""Rows of the box for a text: a heading, five lines, a hint."""
LINE_ROWS = 3


def box_rows(surface: Surface) -> int:
    """How many rows at the bottom belong to the box that takes words; 0 while there is none."""
    return 0 if surface.writing is None else LINE_ROWS if surface.writing.one_line else BOX_ROWS


def rule(surface: Surface, width: int) -> Row:
    """The line over the keys: a rule, or the news."""
    if not surface.message:
        return plain("-" * width)
    return plain(padded(f"-- {cut(surface.message, width - 4)} ", width), "reverse" if surface.alarm else "bold")


def news(surface: Surface, width: int) -> list[Row]:
    """The news on as many rows as they take, at most three; a rule where there is none."""
    if columns(surface.message) <= width - 4:
        return [rule(surface, width)]
    return [plain(padded(f" {line}", width), "reverse" if surface.alarm else "bold")
            for line in wrapped(surface.message, width - 2)[:3]]


def read_page(surface: Surface, title: str, rows: list[Row], top: int, size: Size, head: Row, hint: str) -> list[Row]:
    """A page to read: `head` above all, a heading, as many rows as fit from `top` on, and what the keys do."""
    room, told = room_of(surface, size, hint), news(surface, size.width)
    shown = rows[top:top + room]
    ways = " and ".join(filter(None, ("Up" if top else "", "Down" if top + room < len(rows) else "")))
    more = f"   {ways}: more" if ways else ""
    foot = [plain(padded(f" {hint}{more}", size.width))] if hint else []
    heading = plain(f" {cut(title, size.width - 2)}", "bold")
    return [head, plain("-" * size.width), heading, *shown, *[plain()] * (room - len(shown)), *told, *foot]


def room_of(surface: Surface, size: Size, hint: str) -> int:
    """How many rows of a page to read can be seen at once."""
    return size.height - 3 - len(news(surface, size.width)) - bool(hint)


def sheet_page(surface: Surface, sheet: Sheet, size: Size, head: Row) -> list[Row]:
    """What is to be read, as far as it was scrolled."""
    rows = sheet.rows(size.width)
    room = room_of(surface, size, "so")
    sheet.top = max(0, min(sheet.top, len(rows) - room))
    space = "Space goes down a page, " if len(rows) > room else ""
    return read_page(surface, sheet.title, rows, sheet.top, size, head,
                     f"{space}Enter goes {'on' if sheet.then else 'back'}.")


def menu_page(surface: Surface, menu: Menu, size: Size, head: Row) -> list[Row]:
    """A list to choose from, the page of it that holds the cursor."""
    room = room_of(surface, size, "so")
    top = menu.at // room * room
    rows = [plain(padded(f" {'>' if place == menu.at else ' '} {cut(menu.line(place), size.width - 4)}", size.width),
                  "bold" if place == menu.at else "")
            for place in range(top, min(menu.count, top + room))]
    out = f"{'Esc goes back, ' if menu.closes else ''}{named(surface.keys['stop'])} stops"
    shown = read_page(surface, menu.title, rows, 0, size, head,
                      f"Up, Down or a number choose, Enter opens, {out}")
    if top + room < menu.count or top:
        shown[2] = plain(spread(f" {menu.title}", f"{top + 1} to {min(menu.count, top + room)} of {menu.count} ",
                                size.width), "bold")
    return shown


def scrolled(surface: Surface, rows: list[Row], space: int, width: int) -> list[Row]:
    """As many rows as there is space for, from where was scrolled to; said where some are out of sight."""
    if len(rows) <= space:
        return [*rows, *[plain()] * (space - len(rows))]
    surface.top = min(surface.top, len(rows) - space + 1)
    shown = rows[surface.top:surface.top + space - 1]
    below = surface.top + space - 1 < len(rows)
    ways = " and ".join(filter(None, ("Up" if surface.top else "", "Down" if below else "")))
    # In a box the arrows move in the text.
    hint = "(more of this question once the box is closed)" if surface.writing else f"({ways}: more of this question)"
    return [*shown, plain(spread("", hint, width))]


def too_small(surface: Surface, size: Size, doing: str, command: str) -> list[Row]:
    """That the window is too small for what is being done, and what to do about it."""
    key = "Ctrl-C" if surface.writing else named(surface.keys["stop"])
    told = (f"This window has {size.width} columns and {size.height} rows; {doing} needs {LEAST[0]} and {LEAST[1]}. "
            f"Make it larger. Or press {key}, and use: cqa {command} --plain. Everything is kept.")
    return [plain(line) for line in wrapped(told, size.width)]
