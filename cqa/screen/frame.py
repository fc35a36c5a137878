"""The whole window: what stands where, for every size, as rows that fill it exactly."""

from cqa.keys import SHIPPED, named
from cqa.marking.events import Event
from cqa.marking.spent import Spent
from cqa.marking.view import CaseView, QuestionView, mark_in_words
from cqa.screen.clean import one_line
from cqa.screen.desk import Desk
from cqa.screen.page import Size, case_row, footer_rows, list_rows, question_rows, standing_rows, title_row
from cqa.screen.plain_words import fact_prompt, options
from cqa.screen.reading import box_rows, menu_page, news, read_page, room_of, scrolled, sheet_page, too_small
from cqa.screen.rows import Row, beside, columns, filled, padded, plain, spread, wrapped
from cqa.screen.sheets import signed_rows

LIST_COLUMNS = 22
_MARKING = ("reason", "evidence", "flag", "undo", "facts", "list", "unanswered", "help", "stop", "sign_off", "urgent",
            "cases", "guidance", "jump", "redo")
_LOOKING = ("facts", "list", "unanswered", "help", "stop", "cases", "guidance", "jump")
"""The keys that the footer names, the least missed at the end: a narrow window leaves those out."""
_WORDS = {"back": "back", "next": "next", "reason": "reason", "evidence": "evidence", "flag": "flag", "undo": "undo",
          "facts": "case", "list": "list", "cases": "cases", "unanswered": "next open", "jump": "jump",
          "urgent": "urgent", "help": "help", "stop": "stop", "sign_off": "sign off", "guidance": "guidance",
          "redo": "redo", "papers": "papers"}


def page(desk: Desk, size: Size) -> list[Row]:
    """The rows above the box, which fill the window without it."""
    height = max(0, size.height - box_rows(desk))
    if not size.enough:
        rows = too_small(desk, size, "marking", "assess")
    elif desk.writing and desk.writing.above:
        rows = read_page(desk, "SIGN-OFF", desk.writing.above(size.width), 0, Size(size.width, height),
                         _head(desk, size), "")
    elif desk.sheet:
        rows = sheet_page(desk, desk.sheet, Size(size.width, height), _head(desk, size))
    elif desk.menu:
        rows = menu_page(desk, desk.menu, Size(size.width, height), _head(desk, size))
    elif desk.state.assessment(desk.case_id).signed_at:
        rows = _signed(desk, Size(size.width, height))
    else:
        rows = _question(desk, size, height)
    return [filled(row, size.width) for row in rows[:height]] + [plain(" " * size.width)] * (height - len(rows))


def header(desk: Desk, case: CaseView, wide: bool, width: int) -> Row:
    """Where the reviewer is, what is left, and whether it is on the disk."""
    ids = [question.id for question in case.questions]
    at = f"question {ids.index(desk.at) + 1}/{len(ids)}" if desk.at in ids and not case.facts_wanted else ""
    saved = "NOT SAVED" if desk.not_saved else "LOOKING ONLY" if desk.looking else (
        "practice, not kept" if desk.coach else f"saved {desk.last_saved}" if desk.last_saved else "all saved")
    spent = desk.state.spent.get(case.case_id, Spent()).keyboard
    flags = ("  URGENT" if desk.state.assessment(case.case_id).urgent else "") + ("  FLAGGED" if case.flagged else "")
    sample = f" {desk.sample.upper()}  " if wide else ""
    left = f"{sample} case {case.number}/{case.of}  {one_line(case.case_id)}{flags}"
    told = (f"{case.left} left", saved, f"{round(spent / 60)} min")
    right = "   ".join(filter(None, (at, *told))) + " "
    if flags and columns(left) + columns(right) >= width:
        # In a narrow window what was flagged goes before the words.
        right = "  ".join(filter(None, (at.removeprefix("question "), *told))) + " "
    return plain(spread(left, right, width), "reverse")


def _head(desk: Desk, size: Size) -> Row:
    """The row above a page to read: that of the case, or the sample's name where none is open."""
    if desk.case_id:
        return header(desk, desk.case, size.wide, size.width)
    return plain(padded(f" {desk.sample.upper()}", size.width), "reverse")


def _question(desk: Desk, size: Size, height: int) -> list[Row]:
    case, width = desk.case, size.width
    view = desk.view(case)
    told = news(desk, width)
    foot = [] if desk.writing else _footer(desk, view, width)
    top = [header(desk, case, size.wide, width), plain("-" * width)]
    if not size.wide:
        room = height - len(top) - len(told) - len(foot)
        return [*top, *_body(desk, case, view, width, room), *told, *foot]
    top += [case_row(case, width, desk.keys.get("facts", "")), plain("-" * width)]
    room = height - len(top) - len(told) - len(foot)
    left = min(40, LIST_COLUMNS + (width - 100) // 2)
    sections = [desk.state.rubric.section_title(question) for question in case.questions]
    listed = list_rows(case, sections, desk.at, (left, room))
    shown = _body(desk, case, view, width - left - 2, room)
    return [*top, *beside(listed, "| ", shown, room, (left, width - left - 2)), *told, *foot]


def _body(desk: Desk, case: CaseView, view: QuestionView | None, width: int, room: int) -> list[Row]:
    """The question, a fact to be asked, or the end of the case, in exactly so many rows."""
    if view is None:
        rows = _fact_rows(desk, case, width) if case.facts_wanted else _end_rows(desk, case, width)
        return [*rows[:room], *[plain()] * (room - len(rows))]
    unfinished = {text for case_id, name, text in desk.drafts.places() if (case_id, name) == (case.case_id, desk.at)}
    standing = [] if desk.writing else standing_rows(view, width, _was(desk, view), desk.keys, unfinished)
    rows = question_rows(view, width, room - 1 - len(standing), desk.keys.get("guidance", ""))
    if view.mark is None and not unfinished and len(rows) > room - 1 - len(standing):
        # Without a mark there are no texts to it, and their two rows may show the last answers.
        standing = standing[:1]
        rows = question_rows(view, width, room - 1 - len(standing), desk.keys.get("guidance", ""))
    return [title_row(view, width), *scrolled(desk, rows, room - 1 - len(standing), width), *standing]


def _was(desk: Desk, view: QuestionView) -> str:
    """What the mark was before it was last changed in this sitting."""
    changes: list[tuple[Event, Event | None]] = [
        (event, before) for event, before in desk.state.trail.get(desk.case_id, ())
        if event.question_id == view.question.id and view.mark and event.body.get("mark") == view.mark.value
        and before is not None and before.body.get("mark") not in (None, view.mark.value)]
    if not changes:
        return ""
    event, before = changes[-1]
    was = mark_in_words(view.question, str(before.body["mark"])) if before else ""
    return f"was {one_line(was)} until {desk.time_of_day(event.at)}"


def _fact_rows(desk: Desk, case: CaseView, width: int) -> list[Row]:
    fact = desk.state.rubric.fact(case.facts_wanted[0])
    if fact is None:
        return []
    keys = "Y yes, N no" if fact.type == "flag" else "Enter answers"
    told = (f"The export does not say: {one_line(fact.label)}.", "Some questions are only asked when this holds. Look "
            "in the file and answer once for this case.", f"{fact_prompt(fact)} {keys}")
    return [plain(" CASE FACT", "bold"), plain(), *(
        row for text in told for row in (*(plain(f" {line}") for line in wrapped(text, width - 2)), plain()))]


def _end_rows(desk: Desk, case: CaseView, width: int) -> list[Row]:
    rows = [plain(" END OF THE CASE", "bold"), plain()]
    broken = [f"These marks contradict each other: {rule.say} (rule {rule.id}). Change one before the sign-off."
              for rule in case.standing.broken]
    every = "Every question is answered." if len(case.standing.marks) == len(case.questions) else (
        "Every question is answered but those that may be left open.")
    asked = every if case.questions else "No question is asked for this case."
    open_ = f"{case.left} still open: {named(desk.keys['unanswered'])} goes there." if "unanswered" in desk.keys else (
        f"{case.left} still open.")
    sign = named(desk.keys["sign_off"])
    ready = f"{asked} {sign} signs the case off; Left goes back to look at a question."
    told = broken or [open_ if case.left else ready]
    return [*rows, *(plain(f" {line}") for text in told for line in wrapped(text, width - 2))]


def _footer(desk: Desk, view: QuestionView | None, width: int) -> list[Row]:
    keys = desk.keys
    marks = " ".join(option.key for option in options(view)) if view else ""
    told = [] if desk.looking else [f"Mark {marks}" if marks else "Enter answer" if view else ""]
    for deed in ("back", "next"):
        if deed in keys:
            told.append(f"{named(keys[deed])} {_WORDS[deed]}")
    chosen = ("papers", *_MARKING) if desk.coach else _LOOKING if desk.looking else _MARKING
    told += [f"{named(keys[deed])} {_WORDS[deed]}" for deed in chosen if deed in keys]
    return footer_rows(filter(None, told), width)


def _signed(desk: Desk, size: Size) -> list[Row]:
    case = desk.case
    listing = named(desk.keys.get("list", SHIPPED["list"]))
    told = (f"{listing} lists your marks, to be read.",
            "O takes the sign-off back, within 24 hours, unless another marker of the case has signed it too.",
            f"Later a mark is changed with: cqa amend {one_line(case.case_id)} --reason TEXT",
            "D says that the band is wrong, and why.")
    at = desk.time_of_day(case.signed_at)
    hint = f"Enter next case   {named(desk.keys['stop'])} stop   {desk.keys['help']} help"
    rows = signed_rows(desk.state, case, told)(size.width)
    desk.top = max(0, min(desk.top, len(rows) - room_of(desk, size, hint)))
    return read_page(desk, f"SIGNED OFF {at}", rows, desk.top, size, _head(desk, size), hint)
