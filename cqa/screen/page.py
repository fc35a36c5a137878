"""The page of a question: what is asked, what to look for, every level with its key, and what stands."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cqa.keys import named
from cqa.marking.view import CaseView, QuestionView, mark_in_words
from cqa.rubric.model import Level
from cqa.screen.clean import one_line
from cqa.screen.plain_words import WRITTEN, options
from cqa.screen.rows import Row, columns, cut, padded, plain, spread, wrapped

LEAST = (80, 24)
"""Columns and rows of the smallest window that the full screen takes."""
WIDE = (100, 30)
"""From this size on, the questions of the case stand at the left."""
INDENT = 6
WIDEST_LABEL = 18
LEAST_OF_A_QUESTION = 18
"""Columns in which the beginning of a question says something; in fewer the list names its mark instead."""
_TEXTS = (("evidence", "Evidence"), ("reason", "Reason"))


@dataclass(frozen=True, slots=True)
class Size:
    """A window's columns and rows."""

    width: int
    height: int

    @property
    def enough(self) -> bool:
        """Whether a question can be shown in it."""
        return self.width >= LEAST[0] and self.height >= LEAST[1]

    @property
    def wide(self) -> bool:
        """Whether the list of questions has room beside the question."""
        return self.width >= WIDE[0] and self.height >= WIDE[1]


def title_row(view: QuestionView, width: int) -> Row:
    """The section, and what is special about the question."""
    question = view.question
    special = [f"counts {float(question.weight):g} times" if question.weight not in (1, 2) else
               "counts double" if question.weight == 2 else "",
               "may be left open" if not question.required else "", "[!] critical" if question.critical else ""]
    return plain(spread(f" {one_line(view.section).upper()}", "   ".join(filter(None, special)) + " ", width), "bold")


def question_rows(view: QuestionView, width: int, height: int, guidance: str) -> list[Row]:
    """What is asked, what to look for and the answers, as roomy as the height allows; rows beyond it are to be
    scrolled to. `guidance` is the key that shows the rest of what to look for."""
    for least, gaps, look_rows in ((2, 3, 99), (2, 2, 99), (1, 3, 99), (1, 2, 99), (1, 1, 99), (1, 0, 99), (1, 0, 2),
                                   (1, 0, 1)):
        rows = _question_rows(view, width, (least, gaps), look_rows, guidance)
        if len(rows) <= height:
            return rows
    return _question_rows(view, width, (1, 0), 99, "")


def _question_rows(
    view: QuestionView, width: int, roomy: tuple[int, int], look_rows: int, guidance: str
) -> list[Row]:
    """As `question_rows`. `roomy` says how many rows each part takes at least, so that a level stands at one place
    whatever the question, and at how many places there are blank rows: before the answers, before those off the scale,
    and around what is asked."""
    question, inner = view.question, width - 2
    least, gaps = roomy
    name = f"{question.id}  "
    asked = wrapped(question.ask, inner - columns(name))
    around = [plain()] if gaps > 2 else []
    ask = [plain(f" {name if place == 0 else ' ' * columns(name)}{line}", "bold") for place, line in enumerate(asked)]
    look = _look_for(question.look_for, inner, look_rows, guidance, bool(question.guidance))
    rows = [*around, *_at_least(ask, least), *around, *_at_least(look, least),
            *([plain()] if gaps and not (around and not look) else [])]
    levels = question.scale.answers if question.scale else ()
    labels = [level.label for level in levels] or [option.label for option in options(view)]
    label_width = min(WIDEST_LABEL, max((columns(one_line(label)) for label in labels), default=0))
    for number, option in enumerate(options(view)):
        if gaps > 1 and number and view.answers and _leaves_scale(view, number):
            rows.append(plain())
        level, descriptor = view.answers[number] if view.answers else (None, "")
        answer = _answer_rows(view, (option.key, option.value, one_line(option.label)), level, descriptor,
                              (label_width, inner))
        rows += _at_least(answer, least if descriptor else 1)
    if not options(view):
        rows += _words_rows(view, inner)
    return rows


def _at_least(rows: list[Row], least: int) -> list[Row]:
    return [*rows, *[plain()] * (least - len(rows))]


def _leaves_scale(view: QuestionView, number: int) -> bool:
    """Whether the answers off the scale begin here."""
    scale = view.question.scale
    outside = {level.id for level in scale.outside} if scale else set()
    return view.answers[number][0].id in outside and view.answers[number - 1][0].id not in outside


def _look_for(look_for: str, inner: int, most: int, guidance: str, more: bool) -> list[Row]:
    lines = wrapped(f"Look for: {look_for}", inner) if look_for else []
    short = len(lines) > most
    hint = f"({named(guidance)}  more)" if guidance and (short or more) else ""
    lines = lines[:most]
    if hint and lines:
        last = f"{lines[-1]} ..." if short else lines[-1]
        if columns(last) + columns(hint) + 3 > inner and not short and len(lines) < most:
            lines.append(" " * (inner - columns(hint)) + hint)
        else:
            lines[-1] = spread(last, hint, inner)
    return [plain(f" {line}") for line in lines]


def _answer_rows(
    view: QuestionView, option: tuple[str, str, str], level: Level | None, descriptor: str, widths: tuple[int, int]
) -> list[Row]:
    """One answer: key and label, beside them its descriptor and what it needs; `>` and bold where it is the mark."""
    key, value, label = option
    label_width, inner = widths
    chosen = view.mark is not None and view.mark.value == value
    needed = sorted({*(level.needs if level else ()), *(view.question.needs if level else ())}, reverse=True)
    told = " ".join(filter(None, (descriptor, f"[{' '.join(f'+{text}' for text in needed)}]" if needed else "")))
    style = "bold" if chosen else ""
    head = f" {'>' if chosen else ' '} {padded(key, 2)} "
    room = inner - INDENT - label_width - 2
    if columns(label) > label_width or not told:
        rows = [plain(f"{head}{cut(label.upper(), inner - INDENT)}", style)]
        return rows + [plain(" " * (INDENT + label_width + 2) + line, style) for line in wrapped(told, room) if told]
    lines = wrapped(told, room)
    first = f"{head}{padded(label.upper(), label_width)}  {lines[0]}"
    return [plain(first, style), *(plain(" " * (INDENT + label_width + 2) + line, style) for line in lines[1:])]


def _words_rows(view: QuestionView, inner: int) -> list[Row]:
    """A question in words: how to answer it, and the answer it has."""
    form = WRITTEN.get(view.question.type, "in your own words")
    answer = view.mark.value if view.mark else ""
    left_open = [] if view.question.required or view.mark else [plain("   Right  go on without an answer")]
    return [plain(f"   Enter  answer, {form}"), *left_open, plain(),
            *(plain(f" > {line}", "bold") for line in wrapped(answer, inner - 3)[:6] if answer)]


def standing_rows(
    view: QuestionView, width: int, changed: str, keys: Mapping[str, str], unfinished: Container[str] = ()
) -> list[Row]:
    """Three rows: the mark, the evidence and the beginning of the reason, each with what is due; of a question in words
    that owes no text, its answer alone.

    `changed` tells what the mark was before in this sitting; `unfinished` the texts that were begun and not ended.
    """
    mark = view.mark
    told = one_line(mark_in_words(view.question, mark.value)) if mark else "none yet"
    key = next((f"{option.key} " for option in options(view) if mark and option.value == mark.value), "")
    if view.question.type == "text" and not (view.due or unfinished or (mark and (mark.reason or mark.evidence))):
        return [plain(cut(f" Your mark:  {told}", width), "bold" if mark else ""), plain(), plain()]
    rows = [plain(padded(f" Your mark:  {key}{told.upper() if mark else told}"
                         f"{f'   ({changed})' if changed and mark else ''}", width), "bold" if mark else "")]
    for text, title in _TEXTS:
        words = getattr(mark, text) if mark else ""
        due = text in view.due
        shown = f"UNFINISHED ({named(keys[text])} goes on with it)" if text in unfinished and text in keys else (
            one_line(words)) or (f"DUE ({named(keys[text])} writes it)" if due and text in keys else
                                    "DUE" if due else "none")
        more = f"({named(keys[text])}  all)" if words and text in keys and columns(one_line(words)) > width - 14 else ""
        rows.append(plain(spread(f" {title + ':':<11} {shown}", more, width), "bold" if due else ""))
    return rows


def case_row(case: CaseView, width: int, key: str) -> Row:
    """The facts of the case on one row, as many as fit."""
    # What stands in brackets in a label explains it to whoever answers; here only the name has room.
    facts = "; ".join(f"{one_line(one.fact.label).split(' (')[0]}: {one_line(one.value)}"
                      for one in case.facts if one.value)
    hint = f"({named(key)}  all)" if key else ""
    return plain(spread(f" CASE  {facts or 'the export says nothing of it'}", hint + " ", width))


def list_rows(case: CaseView, sections: Sequence[str], at: str, size: tuple[int, int]) -> list[Row]:
    """The questions of the case with the key of each mark, a page of them that holds the one at hand, and counts.

    `sections` are the titles of the questions' sections, in the same order.
    """
    width, height = size
    counts = count_rows(case)
    rows: list[Row] = []
    here = 0
    last = ""
    for number, question in enumerate(case.questions, start=1):
        title = sections[number - 1]
        if title != last:
            rows.append(plain(f" {cut(one_line(title), width - 1)}"))
            last = title
        if question.id == at:
            here = len(rows)
        rows.append(_list_row(case, number, question.id, question.ask, at, width))
    room = max(1, height - len(counts) - 1)
    start = here // room * room if len(rows) > room else 0
    page = rows[start:start + room]
    return [*page, *[plain()] * (room - len(page)), plain(), *counts]


def _list_row(case: CaseView, number: int, question_id: str, ask: str, at: str, width: int) -> Row:
    mark = case.standing.marks.get(question_id)
    due, here = "+" if question_id in case.standing.due else " ", question_id == at
    key, label = _marked(case, question_id) if mark else (".", "")
    text = f"{'>' if here else ' '}{number:>3} {key}{due}{question_id}"
    told = ask if width - columns(text) > LEAST_OF_A_QUESTION else label
    return plain(cut(f"{text}  {told}", width), "bold" if here else "")


def _marked(case: CaseView, question_id: str) -> tuple[str, str]:
    """The key and the label of a question's mark; a star for an answer in words."""
    question = next(one for one in case.questions if one.id == question_id)
    value = case.standing.values[question_id]
    level = question.scale.level(value) if question.scale else None
    return (level.key, one_line(level.label)) if level else ("*", one_line(value))


def count_rows(case: CaseView) -> list[Row]:
    """How far the case is, in numbers."""
    total, marks = len(case.questions), case.standing.marks
    due = len(case.standing.due)
    hidden = sum(asked is False for asked in case.standing.asked.values())
    told = (("questions", total), ("marked", len(marks)), ("text due (+)", due), ("not asked", hidden))
    return [plain(f" {name:<13}{count:>4}") for name, count in told]


def footer_rows(deeds: Iterable[str], width: int) -> list[Row]:
    """What the keys do, on two rows, as many as fit; the last ones give way."""
    rows = [""]
    for deed in deeds:
        joined = f"{rows[-1]}  {deed}" if rows[-1] else f" {deed}"
        if columns(joined) <= width:
            rows[-1] = joined
        elif len(rows) < 2:
            rows.append(f" {deed}")
        else:
            break
    return [plain(padded(row, width)) for row in (*rows, "")[:2]]
