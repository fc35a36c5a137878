"""Reads a handler's reply: the cells that were to be filled, and a refusal that names every other cell that differs."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cqa.commands.handlers.feedback_book import (
    ABOUT,
    ANSWER_COLUMN,
    CASE,
    KIND,
    LAYOUT,
    OUTCOME,
    REPLY,
    SAMPLE,
    SEEN,
    SHEET_NUMBER,
    VERSION,
    WORDS_COLUMN,
    feedback_book,
)
from cqa.errors import BadInput, Forbidden, Problem, shortened
from cqa.marking.feedback import ANSWERS, Feedback
from cqa.marking.feedback_deeds import Answer, Deed, Give, Ground, See, stale
from cqa.marking.refusals import Refused, check_text
from cqa.settings import Settings

if TYPE_CHECKING:  # openpyxl is for workbooks only
    from cqa.files.workbook_in import Held

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_FIRST_ROW = 5
_REF = re.compile(r"([A-Z]+)([0-9]+)")
Cells = Mapping[str, Mapping[str, "Held"]]


def in_order(deeds: tuple[Deed, ...], answers: tuple[Deed, ...]) -> tuple[Deed, ...]:
    """The deeds with what a reply comes to behind the giving and the seeing of the sheet, before anything decided."""
    before = tuple(deed for deed in deeds if isinstance(deed, Give | See))
    return (*before, *answers, *(deed for deed in deeds if deed not in before))


def answers_in(path: Path, ground: Ground, feedback: Feedback, settings: Settings) -> tuple[Deed, ...]:
    """What the handler answered, and when they saw the sheet if they say so.

    Raises BadInput for what is no reply to the sheet that stands, with every cell that was changed and every answer
    that is not complete; Forbidden where no sheet was written, or its marks were changed since.
    """
    from cqa.files.reply_in import cells_of_book, reply_cells  # noqa: PLC0415 - openpyxl is for workbooks only

    given = reply_cells(path)
    handout = ground.handout
    if not feedback.version:
        raise Forbidden(Problem("J044", f"No feedback on case '{ground.case_id}' was written that could be replied to.",
                                "Write it, and give it, first."))
    _check_sheet(path.name, given, ground, feedback)
    if handout is None:
        raise Forbidden(Problem("J045", "The marks on the sheet are not signed off any more.",
                                "Wait until they are, and write the sheet again."))
    if why := stale(ground, feedback):
        raise Forbidden(Problem("J045", f"{why}: the reply is to marks that stand no more.",
                                "Write the sheet again and give it; ask for the reply on that one."))
    # A sheet made after it was given says so on a sheet of its own, which nothing is read from.
    bare = replace(feedback, given="", seen="", replies={}, actions=())
    told = replace(bare, given="x") if OUTCOME in given else bare
    reading = _Reading(path.name, cells_of_book(feedback_book(handout.written(feedback), told, settings)), given,
                       ground.today)
    deeds = tuple(reading.deeds())
    reading.stop()
    return deeds


def _check_sheet(where: str, given: Cells, ground: Ground, feedback: Feedback) -> None:
    """Raises BadInput for a workbook that is another sheet, and says which."""
    about = _pairs(given.get(ABOUT, {}))
    if about.get(SHEET_NUMBER) == feedback.sheet and about.get(KIND) == LAYOUT:
        return
    sheet = ground.handout
    expected = {SAMPLE: sheet.sample if sheet else "", CASE: ground.case_id, VERSION: f"{feedback.version}"}
    others = [f"{key.lower()} '{about[key][:80]}', not '{value}'" for key, value in expected.items()
              if key in about and about[key] != value]
    if SHEET_NUMBER not in about:
        told = f"The workbook is no sheet of feedback: it has no '{SHEET_NUMBER}' on a sheet '{ABOUT}'."
    elif others:
        told = f"The reply is to another sheet: {', '.join(others)}."
    elif about.get(KIND) != LAYOUT:
        told = (f"The sheet was made by another version of cqa ({KIND.lower()}: {about.get(KIND, 'not told')[:40]}), "
                "whose words this one cannot hold it against.")
    else:
        told = f"The number on the sheet '{ABOUT}' is not that of the sheet of this case that stands."
    raise BadInput(Problem("W021", told, "Name the case it belongs to, or ask for a reply on the sheet that was given "
                           "last.", where))


def _pairs(cells: Mapping[str, "Held"]) -> dict[str, str]:
    """What stands beside what, in the first two columns."""
    return {_same(held.text): _same(beside.text) for ref, held in cells.items()
            if ref.startswith("A") and ref[1:].isdecimal() and (beside := cells.get(f"B{ref[1:]}"))}


def _same(text: str) -> str:
    """A text as it is compared: programs spell line ends and control characters anew, some of them twice, and white
    space goes astray."""
    while (plain := _decoded(text)) != text:
        text = plain
    return " ".join(text.split())


def _decoded(text: str) -> str:
    """The text as a spreadsheet shows it: in its files _x000D_ is a carriage return."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


class _Reading:
    """Holds a workbook against the sheet as it was given, and reads what was filled in."""

    def __init__(self, where: str, expected: Cells, given: Cells, today: date) -> None:
        self.where, self.expected, self.given, self.today = where, expected, given, today
        self.problems: list[Problem] = []
        sheet = expected[REPLY]
        columns = {held.text: letters for ref, held in sheet.items()
                   for row, _, letters in [_place(ref)] if row == _FIRST_ROW - 1}
        self.answer, self.words = columns[ANSWER_COLUMN], columns[WORDS_COLUMN]
        rows = {row for row, _, _ in map(_place, sheet) if row >= _FIRST_ROW}
        self.free = {ref for row in rows for letters in (self.answer, self.words)
                     if (ref := f"{letters}{row}") not in sheet}

    def stop(self) -> None:
        """Raises BadInput with everything that is wrong."""
        if self.problems:
            raise BadInput(shortened(self.problems))

    def deeds(self) -> Iterator[Deed]:
        """Every answer, after every cell was compared."""
        self._compare()
        found = False
        sheet = self.expected[REPLY]
        for ref in sorted((ref for ref in self.free if ref.startswith(self.words)), key=_place):
            row = _place(ref)[0]
            question_id = _decoded(sheet[f"A{row}"].text)
            deed = self._seen(ref) if question_id == SEEN else self._answer(question_id, f"{self.answer}{row}", ref)
            if deed is not None:
                found = True
                yield deed
        if not found and not self.problems:
            self._wrong(REPLY, "", "W023", "Nothing was filled in.", "Fill in the coloured cells, save, and send it "
                        "again.")

    def _compare(self) -> None:
        """Every cell but those to fill says what it said when the sheet was given."""
        for title in self.given.keys() - self.expected.keys():
            self._wrong(title, "", "W022", "This sheet was added.", "Take it out.")
        for title, cells in self.expected.items():
            if title not in self.given:
                self._wrong(title, "", "W022", "This sheet is missing.", "Ask for the whole workbook.")
            elif title != OUTCOME:
                self._take_row_out(title, cells)
                self._compare_sheet(title, cells, self.given[title])

    def _take_row_out(self, title: str, expected: Mapping[str, "Held"]) -> None:
        """Says once that a row was put in, where that alone moved all those below it, and goes on without it."""
        if row := _row_put_in(expected, self.given[title]):
            self._wrong(title, f"A{row}", "W022", "A row was put in here.", "Take it out again.")
            self.given = {**self.given, title: _without_row(self.given[title], row)}

    def _compare_sheet(self, title: str, expected: Mapping[str, "Held"], given: Mapping[str, "Held"]) -> None:
        free = self.free if title == REPLY else set()
        for ref in sorted((expected.keys() | given.keys()) - free, key=_place):
            was, found = (_same(cells[ref].text) if ref in cells else "" for cells in (expected, given))
            odd = given[ref].odd if ref in given else ""
            if was != found or odd:
                self._wrong(title, ref, "W022", f"It holds {odd or _quoted(found)}, where the sheet that was given "
                            f"says {_quoted(was)}.", "Only the coloured cells are to be filled in.")

    def _answer(self, question_id: str, answer_ref: str, words_ref: str) -> Answer | None:
        said, words = self._filled(answer_ref), self._filled(words_ref)
        if said is None or words is None or not (said or words):
            return None
        answer = next((code for code, label in ANSWERS.items() if said.casefold() in (code, label.casefold())), "")
        if not answer:
            listed = ", ".join(ANSWERS.values())
            self._wrong(REPLY, answer_ref, "W023", f"'{said[:40]}' is no answer." if said else
                        f"There are words on {question_id}, and no answer.", f"Choose {listed}.")
        elif answer != "agree" and not words:
            self._wrong(REPLY, words_ref, "W023", f"{ANSWERS[answer]} on {question_id} says no more.",
                        "Write why, or what should be known.")
        return Answer(question_id, answer, words)

    def _seen(self, ref: str) -> See | None:
        said = self._filled(ref)
        if not said:
            return None
        try:
            return See(date.fromisoformat(said if len(said) == len("2026-12-18") else ""))
        except ValueError:
            self._wrong(REPLY, ref, "W023", f"'{said[:40]}' is no day that is certain.", "Write it as in 2026-12-18.")
            return None

    def _filled(self, ref: str) -> str | None:
        """What was written in a cell, as text; None where it cannot be kept, which is then said."""
        held = self.given[REPLY].get(ref) if REPLY in self.given else None
        if held is None:
            return ""
        if held.odd:
            self._wrong(REPLY, ref, "W023", f"It holds {held.odd}, and no words.", "Write it as plain words.")
            return None
        try:
            return check_text(_decoded(held.text).replace("\r\n", "\n").replace("\r", "\n").strip())
        except Refused as refused:
            self._wrong(REPLY, ref, "W023", refused.why, "")
            return None

    def _wrong(self, title: str, ref: str, code: str, told: str, remedy: str) -> None:
        self.problems.append(Problem(code, f"Sheet '{title}'{f', cell {ref}' if ref else ''}: {told}", remedy,
                                     self.where))


def _place(ref: str) -> tuple[int, int, str]:
    """Row, length of the letters, and letters of a reference such as B4: it sorts as people read."""
    found = _REF.fullmatch(ref)
    if found is None:
        raise ValueError(f"{ref} is no cell")
    return int(found[2]), len(found[1]), found[1]


def _row_put_in(expected: Mapping[str, "Held"], given: Mapping[str, "Held"]) -> int:
    """The first row whose heading differs, where without it every heading stands in its place; else 0."""
    was, found = _headings(expected), _headings(given)
    row = min((row for row in was if was[row] != found.get(row)), default=0)
    return row if row and was == _headings(_without_row(given, row)) else 0


def _headings(cells: Mapping[str, "Held"]) -> dict[int, str]:
    """What stands in the first column, by row."""
    return {_place(ref)[0]: text for ref, held in cells.items() if _place(ref)[2] == "A" and (text := _same(held.text))}


def _without_row(cells: Mapping[str, "Held"], out: int) -> dict[str, "Held"]:
    """The cells as they stand once a row is taken out."""
    placed = ((_place(ref), held) for ref, held in cells.items())
    return {f"{letters}{row - (row > out)}": held for (row, _, letters), held in placed if row != out}


def _quoted(text: str) -> str:
    return f"'{text[:40]}'" if text else "nothing"
