"""The window of moderation: the question with its levels, the answers side by side, what is agreed, the keys."""

from collections.abc import Iterator
from dataclasses import replace

from cqa.keys import named
from cqa.marking.compared import Answer, Compared
from cqa.marking.moderation import CAUSES, NOT_ASKED, REFERENCE
from cqa.marking.replay import Mark
from cqa.marking.view import QuestionView
from cqa.rubric.model import Level
from cqa.screen.clean import one_line
from cqa.screen.moderation_desk import ModerationDesk
from cqa.screen.moderation_words import (
    CAUSE_KEYS,
    answer_in_words,
    apart_in_words,
    noun,
    settled_lines,
    standing_in_words,
    value_in_words,
    waits_in_words,
)
from cqa.screen.page import INDENT, WIDEST_LABEL, Size, footer_rows, question_rows, title_row
from cqa.screen.plain_words import options
from cqa.screen.reading import box_rows, menu_page, news, read_page, room_of, scrolled, sheet_page, too_small
from cqa.screen.rows import Row, beside, columns, cut, filled, padded, plain, spread, wrapped
from cqa.screen.sheets import prose_lines

NOT_ASKED_KEY = "0"
_BESIDE = 38
"""Columns that one marker's answer takes at least, where several stand side by side."""
_WORDS = {"back": "back", "next": "next", "reason": "reason", "wording": "wording", "clear": "clear", "list": "list",
          "cases": "cases", "all": "all questions", "guidance": "guidance", "facts": "case", "help": "help",
          "stop": "stop", "sign_off": "settle", "tolerance": "tolerance"}
_FOOTER = ("back", "next", "reason", "wording", "list", "help", "stop", "sign_off", "all", "cases", "tolerance",
           "clear", "guidance", "facts")
"""The keys that the footer names, the least missed at the end."""


def page(desk: ModerationDesk, size: Size) -> list[Row]:
    """The rows above the box, which fill the window without it."""
    height = max(0, size.height - box_rows(desk))
    inner = Size(size.width, height)
    if not size.enough:
        rows = too_small(desk, size, "moderating", "moderate")
    elif desk.sheet:
        rows = sheet_page(desk, desk.sheet, inner, header(desk, size))
    elif desk.menu:
        rows = menu_page(desk, desk.menu, inner, header(desk, size))
    elif desk.settled:
        rows = _settled(desk, inner)
    else:
        rows = _question(desk, inner)
    return [filled(row, size.width) for row in rows[:height]] + [plain(" " * size.width)] * (height - len(rows))


def header(desk: ModerationDesk, size: Size) -> Row:
    """Where the moderator is, what is left, and whether it is on the disk."""
    saved = "NOT SAVED" if desk.not_saved else f"saved {desk.last_saved}" if desk.last_saved else "all saved"
    if not desk.case_id:
        return plain(spread(f" {desk.sample.upper()}", f"{saved} ", size.width), "reverse")
    place = f" {desk.order.index(desk.case_id) + 1}/{len(desk.order)}" if desk.case_id in desk.order else ""
    left = f" MODERATING  case{place}  {one_line(desk.case_id)}"
    ids = [one.question.id for one in desk.questions()]
    at = f"question {ids.index(desk.at) + 1}/{len(ids)}" if desk.at in ids and not desk.settled else ""
    owed = "settled" if desk.settled else f"{sum(map(desk.waits, desk.questions()))} left"
    return plain(spread(left, "   ".join(filter(None, (at, owed, saved))) + " ", size.width), "reverse")


def view_of(one: Compared) -> QuestionView:
    """The question as the page of a question shows it: at each level who gave it, and the agreed mark as the one that
    stands."""
    question = replace(one.question, needs=())
    answers = [(replace(level, needs=()), _given_at(one, level.id, question.descriptors.get(level.id, "")))
               for level in (question.scale.answers if question.scale else ()) if level.id not in question.forbid]
    if answers and one.may_be_unasked:
        closed = Level(NOT_ASKED, NOT_ASKED_KEY, value_in_words(question, NOT_ASKED), None, (), outside=True)
        answers.append((closed, _given_at(one, NOT_ASKED, "")))
    agreed = one.agreed
    mark = Mark(question.id, agreed.mark, agreed.reason, "", agreed.at, agreed.event_id) if agreed else None
    return QuestionView(question, one.section, 0, 0, tuple(answers), mark, ())


def _given_at(one: Compared, value: str, descriptor: str) -> str:
    letters = " ".join(answer.letter for answer in one.answers if answer.value == value)
    return " ".join(filter(None, (f"[{letters}]" if letters else "", descriptor)))


def _question(desk: ModerationDesk, size: Size) -> list[Row]:
    one, width = desk.one(), size.width
    told = news(desk, width)
    foot = [] if desk.writing else _foot(desk, one, width)
    top = [header(desk, size), plain("-" * width)]
    room = size.height - len(top) - len(told) - len(foot)
    body = _body(desk, one, width, room) if one else [
        plain(" END OF THE CASE", "bold"), plain(), *prose_lines(desk.end_lines())(width)]
    return [*top, *body[:room], *[plain()] * (room - len(body)), *told, *foot]


def _body(desk: ModerationDesk, one: Compared, width: int, room: int) -> list[Row]:
    """The question, the answers side by side, and what is agreed, in exactly so many rows where they fit."""
    view = view_of(one)
    standing = [] if desk.writing else standing_rows(desk, one, width)
    answers = answer_rows(one, width)
    space = room - 1 - len(standing)
    if desk.writing:
        # Whoever writes why a mark is right reads what the markers wrote; the levels are known by then.
        rows = _ask_rows(view, width)
    else:
        rows = question_rows(view, width, space - len(answers), desk.keys.get("guidance", ""))
        if len(rows) + len(answers) > space:
            rows = compact_rows(view, width, space - len(answers))
    return [title_row(view, width), *scrolled(desk, [*rows, *answers], space, width), *standing]


def _ask_rows(view: QuestionView, width: int) -> list[Row]:
    question = view.question
    return [plain(f" {line}", "bold") for line in wrapped(f"{question.id}  {question.ask}", width - 2)]


def compact_rows(view: QuestionView, width: int, height: int) -> list[Row]:
    """The question with one row for each level, or two, and what to look for, where the height allows that: in a small
    window what the markers wrote goes before what the rubric says in full, which a key shows."""
    outside = {level.id for level in view.question.scale.outside} if view.question.scale else set()
    on_scale = [(level, told) for level, told in view.answers if level.id not in outside and level.id != NOT_ASKED]
    rest = ", ".join(_short(view, level, told) for level, told in view.answers if (level, told) not in on_scale)
    others = [plain(f"   {line}") for line in wrapped(rest, width - 4)] if rest else []
    asked = _ask_rows(view, width)
    look = [plain(cut(f" Look for: {one_line(view.question.look_for)}", width))] if view.question.look_for else []
    spare = height - len(asked) - len(on_scale) - len(others)
    look = look[:max(0, spare)]
    spare -= len(look)
    widest = max((columns(one_line(level.label)) for level, _ in view.answers), default=0)
    indent = INDENT + 2 + min(WIDEST_LABEL, widest)
    levels: list[Row] = []
    for level, told in on_scale:
        rows = _level_rows(view, level, told, (indent, width, 2 if spare > 0 else 1))
        spare -= len(rows) - 1
        levels += rows
    return [*asked, *look, *levels, *others]


def _level_rows(view: QuestionView, level: Level, told: str, room: tuple[int, int, int]) -> list[Row]:
    """A level with the beginning of its descriptor, `room` being its indent, the width, and at most how many lines."""
    indent, width, most = room
    chosen = view.mark is not None and view.mark.value == level.id
    first, *more = wrapped(told, width - indent)
    lines = [first, " ".join(more)][:most] if more else [first]
    if more and most == 1:
        lines = [one_line(told)]
    head = f" {'>' if chosen else ' '} {padded(level.key, 2)} {one_line(level.label).upper()}"
    return [plain(cut(padded(head if place == 0 else "", indent) + cut(line, width - indent), width),
                  "bold" if chosen else "") for place, line in enumerate(lines)]


def _short(view: QuestionView, level: Level, told: str) -> str:
    chosen = "> " if view.mark is not None and view.mark.value == level.id else ""
    return f"{chosen}{level.key} {one_line(level.label).upper()}{f' {told}' if told.startswith('[') else ''}"


def answer_rows(one: Compared, width: int) -> list[Row]:
    """What each marker gave, with reason and evidence, as many side by side as the width bears."""
    abreast = max(1, min(len(one.answers), width // _BESIDE))
    each = (width - 1) // abreast
    rows = [ruled(f"{apart_in_words(one)}. {waits_in_words(one)}".strip(), width)]
    for start in range(0, len(one.answers), abreast):
        each_column = [_answer_column(one, answer, each - 3) for answer in one.answers[start:start + abreast]]
        height = max(map(len, each_column))
        joined, taken = each_column[0], each - 2
        for column in each_column[1:]:
            joined = beside(joined, "| ", column, height, (taken, each - 2))
            taken += each
        rows += joined
    return rows


def ruled(told: str, width: int) -> Row:
    """A rule that says something."""
    head = f"-- {cut(told, width - 4)} "
    return plain(head + "-" * max(0, width - columns(head)), "bold")


def _answer_column(one: Compared, answer: Answer, width: int) -> list[Row]:
    rows = [plain(f" {cut(f'{answer.letter}  {answer_in_words(one, answer).upper()}', width)}", "bold")]
    texts = (("Reason", answer.mark.reason), ("Evidence", answer.mark.evidence)) if answer.mark else ()
    for title, words in texts:
        rows += [plain(f" {line}") for line in wrapped(f"{title}: {one_line(words) or 'none'}", width)]
    return rows


def standing_rows(desk: ModerationDesk, one: Compared, width: int) -> list[Row]:
    """What is agreed so far, and why."""
    name = noun(desk.state.purpose).capitalize()
    told = f" {name}: {standing_in_words(one, desk.state)}"
    rows = [plain("-" * width), plain(padded(cut(told, width), width), "bold")]
    if one.agreed:
        rows.append(plain(padded(cut(f" Reason: {one_line(one.agreed.reason) or 'none'}", width), width)))
    return rows


def _foot(desk: ModerationDesk, one: Compared | None, width: int) -> list[Row]:
    if one is not None and desk.chosen:
        chosen = value_in_words(one.question, desk.chosen.value).upper()
        causes = "  ".join(f"{key} {CAUSES[cause]}" for key, cause in CAUSE_KEYS.items())
        return [plain(padded(f" {chosen}: why were the marks not this one? A digit says so, Esc goes back.", width),
                      "bold"), plain(padded(f" {causes}", width), "bold")]
    keys = desk.keys
    told = list(_answer_keys(one)) if one else []
    told += [f"{named(keys[deed])} {_WORDS[deed]}" for deed in _FOOTER
             if deed in keys and (deed != "tolerance" or desk.state.purpose == REFERENCE)]
    return footer_rows(told, width)


def _answer_keys(one: Compared) -> Iterator[str]:
    marks = " ".join(option.key for option in options(view_of(one)))
    yield f"Agree {marks}" if marks else "Enter answer"


def _settled(desk: ModerationDesk, size: Size) -> list[Row]:
    keys = desk.keys
    rows = prose_lines((*settled_lines(desk.case, desk.state.moderation(desk.case_id)), ""))(size.width)
    hint = (f"Enter next case  {named(keys['unsettle'])} open it again  {named(keys.get('cases', 'a'))} cases  "
            f"{named(keys['stop'])} stop")
    desk.top = max(0, min(desk.top, len(rows) - room_of(desk, size, hint)))
    return read_page(desk, "SETTLED", rows, desk.top, size, header(desk, size), hint)
