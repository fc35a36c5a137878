"""A reply comes back: only the cells to fill are read, and everything else that was touched is named and refused."""

import hashlib
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from cqa.book import UNDATED
from cqa.commands.handlers.feedback_book import LAYOUT, feedback_book
from cqa.commands.handlers.feedback_reply import answers_in
from cqa.files.cells import altered, legal
from cqa.files.reply_in import cells_of_book
from cqa.files.workbook import write_book
from cqa.marking.feedback_deeds import Answer, Ground
from cqa.settings import Settings
from tests.casework import Ran, Run
from tests.commands.handlers.test_feedback_files import hostile
from tests.fed_back import SHEET, Case, feedback, sheet_of, signed, standing
from tests.hostile.strings import STRINGS

Change = Callable[[Workbook], object]


@pytest.fixture
def case(run: Run, sample: Path) -> Case:
    """A case whose feedback was given."""
    found = signed(run, sample)
    assert feedback(run, sample, found, *SHEET, "--given", "today", "--how", "in person").code == 0
    return found


def filled(sample: Path, case: Case, change: Change, name: str = "reply.xlsx") -> Path:
    """The case's sheet as it comes back."""
    book = load_workbook(sheet_of(sample, case))
    change(book)
    path = sample.parent.parent / name
    book.save(path)
    return path


def reply(run: Run, sample: Path, case: Case, path: Path | str, *options: str, who: str = "Lead") -> Ran:
    return feedback(run, sample, case, "--reply", str(path), *options, who=who)


def put(sheet: str = "Your reply", **cells: Any) -> Change:
    def change(book: Workbook) -> None:
        for ref, value in cells.items():
            book[sheet][ref] = value
    return change


def seen_ref(sample: Path, case: Case) -> str:
    sheet = load_workbook(sheet_of(sample, case))["Your reply"]
    return f"E{next(cell.row for cell in sheet['A'] if cell.value == '(seen)')}"


def entries(sample: Path) -> int:
    return sum(len(path.read_bytes().splitlines()) for path in (sample / "feedback").glob("*.jsonl"))


def test_answers_are_read_decided_on_and_stand_in_history(run: Run, sample: Path, case: Case) -> None:
    path = filled(sample, case, put(D5="Disagree", E5="It is on page 4.\nAnd in the log.", D6=" agree ",
                                    **{seen_ref(sample, case): "2026-03-02"}))
    ran = reply(run, sample, case, path)
    assert ran.code == 0, ran.err
    assert "Disagree 1, Agree 1" in ran.out and "--decide q1=keep" in " ".join(ran.out.split())
    told = standing(run, sample, case)
    answers = {one["question"]: (one["answer"], one["words"], one["version"]) for one in told["replies"]}
    assert answers == {"q1": ("disagree", "It is on page 4.\nAnd in the log.", 1), "q2": ("agree", "", 1)}
    assert told["seen"] == "2026-03-02"
    ran = feedback(run, sample, case, "--decide", "q1=change", "--reason", "They are right.")
    assert ran.code == 0 and f"cqa amend {case['case_id']}" in " ".join(ran.out.split())
    decided = standing(run, sample, case)["replies"][0]
    assert (decided["decision"], decided["reason"], decided["by"]) == ("change", "They are right.", "lead")
    sheet = load_workbook(sheet_of(sample, case))["What came of it"]
    words = [str(cell.value) for row in sheet.iter_rows(min_row=5) for cell in row]
    assert "Decided on q1" in words and any("They are right." in word for word in words)


def test_nobody_who_marked_the_case_decides_on_a_reply_to_it(run: Run, sample: Path) -> None:
    case = signed(run, sample, twice=True)
    feedback(run, sample, case, *SHEET, "--given", "today", "--how", "in person")
    assert reply(run, sample, case, filled(sample, case, put(D5="Disagree", E5="no"))).code == 0
    before = entries(sample)
    for who in (str(case["reviewer"]).upper(), str(case["second_reviewer"])):
        ran = feedback(run, sample, case, "--decide", "q1=keep", "--reason", "so", who=who)
        assert ran.code == 4 and "J041" in ran.err and "Ask a team leader." in ran.err
    assert entries(sample) == before
    assert feedback(run, sample, case, "--decide", "q1=keep", "--reason", "so").code == 0


def test_a_new_version_over_replies_that_nobody_decided_on_is_told(run: Run, sample: Path, case: Case) -> None:
    reply(run, sample, case, filled(sample, case, put(D5="Disagree", E5="no", D6="Agree")))
    ran = feedback(run, sample, case, *SHEET[:2], "--none", "so")
    assert ran.code == 0 and "warning: W026 Version 2 is written" in ran.err and "replied on: q1." in ran.err
    feedback(run, sample, case, "--decide", "q1=keep", "--reason", "so")
    assert feedback(run, sample, case, *SHEET).err == ""


def test_a_third_mark_names_the_command_that_brings_one_in(run: Run, sample: Path, case: Case) -> None:
    reply(run, sample, case, filled(sample, case, put(D5="Disagree", E5="no")))
    said = " ".join(feedback(run, sample, case, "--decide", "q1=third_mark", "--reason", "so").out.split())
    assert f"cqa assign {case['case_id']} --sample march --turn triggered --trigger reply --to PERSON" in said


def test_the_same_file_twice_is_nothing_new(run: Run, sample: Path, case: Case) -> None:
    path = filled(sample, case, put(D5="Disagree", E5="no"))
    assert reply(run, sample, case, path).code == 0
    before = entries(sample)
    ran = reply(run, sample, case, path)
    assert ran.code == 0 and "Nothing new" in ran.out and entries(sample) == before


def test_a_sheet_from_before_it_was_given_comes_back_as_well(run: Run, sample: Path) -> None:
    case = signed(run, sample)
    feedback(run, sample, case, *SHEET)
    path = filled(sample, case, put(D5="Context", E5="The file was split."))
    assert reply(run, sample, case, path).code == 4
    assert reply(run, sample, case, path, "--given", "today", "--how", "by mail").code == 0
    assert standing(run, sample, case)["replies"][0]["answer"] == "context"


def test_the_handler_may_read_their_own_reply_in(run: Run, sample: Path, case: Case) -> None:
    path = filled(sample, case, put(D5="Disagree", E5="no"))
    assert reply(run, sample, case, path, who=str(case["handler"])).code == 0
    ran = feedback(run, sample, case, "--decide", "q1=change", "--reason", "so", who=str(case["handler"]))
    assert ran.code == 4 and "J041" in ran.err


CHANGES: dict[str, tuple[Change, str]] = {
    "a mark": (put(C5="Fully met"), "Sheet 'Your reply', cell C5: It holds 'Fully met', where the sheet that was given "
               "says 'Partly met'"),
    "a question's wording": (put(B5="Was it wrong"), "cell B5"),
    "a question's id": (put(A5="q2"), "cell A5"),
    "a mark by question": (put("By question", C5="Fully met"), "Sheet 'By question', cell C5"),
    "the strength": (put("Summary", B4="Everything."), "Sheet 'Summary', cell B4"),
    "a title": (put("Summary", A1="Mine"), "Sheet 'Summary', cell A1"),
    "a note": (put("Notes", A3="x"), "Sheet 'Notes', cell A3"),
    "the contents": (put("Contents", A3="x"), "Sheet 'Contents', cell A3"),
    "who marked": (put("About this", B11="nobody"), "Sheet 'About this'"),
    "a cell beside the table": (put(G5="note to self"), "cell G5"),
    "a row below": (put(A40="q9", D40="Agree"), "cell A40"),
    "a cell made a formula": (put(B5="=1+1"), "cell B5: It holds a formula"),
    "a row taken out": (lambda book: book["Your reply"].delete_rows(6), "cell A6"),
    "a row put in": (lambda book: book["Your reply"].insert_rows(6), "cell A6: A row was put in here"),
    "a column taken out": (lambda book: book["Your reply"].delete_cols(3), "cell C5"),
    "a sheet taken out": (lambda book: book.remove(book["By question"]), "Sheet 'By question': This sheet is missing"),
    "the reply taken out": (lambda book: book.remove(book["Your reply"]), "Sheet 'Your reply': This sheet is missing"),
    "a sheet added": (lambda book: book.create_sheet("Mine"), "Sheet 'Mine': This sheet was added"),
    "a sheet renamed": (lambda book: setattr(book["Notes"], "title", "Other"), "Sheet 'Other': This sheet was added"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_else_was_changed_is_named_and_nothing_is_kept(run: Run, sample: Path, case: Case, name: str) -> None:
    change, told = CHANGES[name]

    def both(book: Workbook) -> None:
        put(D5="Disagree", E5="no")(book)
        change(book)

    before = entries(sample)
    ran = reply(run, sample, case, filled(sample, case, both))
    assert ran.code == 3 and told in ran.err and "W022" in ran.err, ran.err
    assert entries(sample) == before and ran.out == ""


def test_a_row_put_in_is_said_once_and_what_else_was_changed_beside_it(run: Run, sample: Path, case: Case) -> None:
    def change(book: Workbook) -> None:
        put(C6="Not met", D6="Agree", **{seen_ref(sample, case): "2026-03-02"})(book)
        book["Your reply"].insert_rows(5)

    ran = reply(run, sample, case, filled(sample, case, change))
    assert ran.code == 3 and ran.err.count("W022") == 2 and "W023" not in ran.err, ran.err
    assert "cell A5: A row was put in here." in ran.err and "cell C6: It holds 'Not met'" in ran.err


def test_all_that_is_wrong_is_said_at_once_and_shortened(run: Run, sample: Path, case: Case) -> None:
    cells = {f"H{row}": "x" for row in range(5, 40)}
    ran = reply(run, sample, case, filled(sample, case, put(D5="Maybe", D6="Disagree", C5="x", **cells)))
    assert ran.code == 3 and "(And 26 more of this kind.)" in ran.err
    assert "cell D5: 'Maybe' is no answer" in ran.err and "cell E6: Disagree on q2 says no more" in ran.err


INCOMPLETE: dict[str, tuple[dict[str, Any], str]] = {
    "disagreement without a reason": ({"D5": "Disagree"}, "cell E5: Disagree on q1 says no more"),
    "context without words": ({"D5": "Context", "E5": "  "}, "cell E5: Context on q1"),
    "words without an answer": ({"E5": "no"}, "cell D5: There are words on q1, and no answer"),
    "an answer that is none": ({"D5": "Perhaps", "E5": "no"}, "cell D5: 'Perhaps' is no answer"),
    "a formula": ({"D5": "Disagree", "E5": "=1+1"}, "cell E5: It holds a formula"),
    "an error": ({"D5": "#N/A", "E5": "no"}, "cell D5: It holds an error"),
    "a text that is too long": ({"D5": "Disagree", "E5": "x" * 8_001}, "cell E5: The text has 8,001 characters"),
    "half a character": ({"D5": "Disagree", "E5": "half _xD800_"}, "cell E5: The text holds half a character"),
    "nothing": ({}, "Sheet 'Your reply': Nothing was filled in"),
}


@pytest.mark.parametrize("name", INCOMPLETE)
def test_an_answer_that_is_not_complete_is_named(run: Run, sample: Path, case: Case, name: str) -> None:
    cells, told = INCOMPLETE[name]
    before = entries(sample)
    ran = reply(run, sample, case, filled(sample, case, put(**cells)))
    assert ran.code == 3 and "W023" in ran.err and told in ran.err and entries(sample) == before


@pytest.mark.parametrize("day", ["20/11/2025", "3/4/26", "soon", "2026-02-30", "20260302"])
def test_a_day_that_is_not_certain_is_refused(run: Run, sample: Path, case: Case, day: str) -> None:
    ran = reply(run, sample, case, filled(sample, case, put(**{seen_ref(sample, case): day})))
    assert ran.code == 3 and "is no day that is certain" in ran.err


def test_a_day_to_come_is_refused_as_any_other(run: Run, sample: Path, case: Case) -> None:
    ran = reply(run, sample, case, filled(sample, case, put(**{seen_ref(sample, case): "2026-03-09"})))
    assert ran.code == 4 and "J043" in ran.err


def test_another_cases_sheet_an_earlier_version_and_another_sample_are_told_apart(
    run: Run, sample: Path, case: Case
) -> None:
    other = signed(run, sample, twice=True)
    feedback(run, sample, other, *SHEET, "--given", "today", "--how", "by phone")
    path = filled(sample, case, put(D5="Disagree", E5="no"))
    ran = reply(run, sample, other, path)
    assert ran.code == 3 and f"case '{case['case_id']}', not '{other['case_id']}'" in ran.err
    feedback(run, sample, case, "--strength", "Better.", "--none", "All is well.", "--given", "today", "--how", "again")
    ran = reply(run, sample, case, path)
    assert ran.code == 3 and "W021" in ran.err and "version '1', not '2'" in ran.err
    elsewhere = filled(sample, case, put("About this", B6="april"))
    ran = reply(run, sample, case, elsewhere)
    assert ran.code == 3 and "W022" in ran.err


def test_a_sheet_whose_number_was_changed_or_whose_words_are_another_versions_is_refused(
    run: Run, sample: Path, case: Case
) -> None:
    about = load_workbook(sheet_of(sample, case))["About this"]
    row = {str(cell.value): cell.row for cell in about["A"]}
    numbered = put("About this", **{f"B{row['Number of this sheet']}": "0" * 64})
    ran = reply(run, sample, case, filled(sample, case, numbered))
    assert ran.code == 3 and "is not that of the sheet" in ran.err
    ran = reply(run, sample, case, filled(sample, case, put("About this", **{f"B{row['Kind of sheet']}": "older/0"})))
    assert ran.code == 3 and "another version of cqa (kind of sheet: older/0)" in ran.err


def test_marks_amended_since_call_for_a_new_sheet(run: Run, sample: Path, case: Case) -> None:
    path = filled(sample, case, put(D5="Disagree", E5="no"))
    lines = ({"case": case["case_id"], "question": "q1", "mark": "fully_met"},
             {"case": case["case_id"], "do": "sign_off"})
    run("amend", str(case["case_id"]), "--sample", "march", "--as", str(case["reviewer"]), "--reason", "found",
        "--script", "-", typed="".join(json.dumps(line) + "\n" for line in lines), folder=sample.parent.parent)
    ran = reply(run, sample, case, path)
    assert ran.code == 4 and "amended since" in ran.err and "Write the sheet again" in ran.err


def test_a_reply_and_a_new_sheet_are_not_one_command(run: Run, sample: Path, case: Case) -> None:
    path = filled(sample, case, put(D5="Disagree", E5="no"))
    assert reply(run, sample, case, path, *SHEET).code == 2
    assert reply(run, sample, signed(run, sample, twice=True), path).code in (3, 4)


def _macros(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"x")


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/media/x.bin", b"\0" * 30_000_000)


def _sheet(path: Path, data: bytes) -> None:
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(name, re.sub(rb"<sheetData>.*</sheetData>", data, part, flags=re.DOTALL)
                            if name == "xl/worksheets/sheet3.xml" else part)


_FAR = b'<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


HOSTILE: dict[str, tuple[Callable[[Path], Any], str]] = {
    "no file": (Path.unlink, "cannot be read"),
    "a folder": (_folder, "cannot be read"),
    "an old workbook": (lambda path: path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") * 9), "protected by a pass"),
    "a text": (lambda path: path.write_text("q1,Disagree", encoding="utf-8"), "no workbook"),
    "nothing in it": (lambda path: path.write_bytes(b""), "no workbook"),
    "half of it": (lambda path: path.write_bytes(path.read_bytes()[:2_000]), "no workbook"),
    "macros": (_macros, "vbaProject"),
    "a bomb": (_bomb, "would unpack to"),
    "too large": (lambda path: path.write_bytes(b"x" * 10_000_001), "which no reply has"),
    "a far cell": (lambda path: _sheet(path, _FAR), "reaches to the cell"),
    "entities": (lambda path: _sheet(path, b'<sheetData>&lol;</sheetData>'), "cannot be read"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_before_anything_is_read_from_it(
    run: Run, sample: Path, case: Case, name: str
) -> None:
    path = filled(sample, case, put(D5="Disagree", E5="no"))
    spoil, told = HOSTILE[name]
    spoil(path)
    before = entries(sample)
    ran = reply(run, sample, case, path)
    assert ran.code == 3 and "W020" in ran.err and told in ran.err, ran.err
    assert entries(sample) == before


@pytest.mark.parametrize("name", ["nul\0.xlsx", "half \ud800.xlsx", "x" * 5_000 + ".xlsx", "nowhere/at/all.xlsx"])
def test_a_name_that_no_file_has_is_refused(run: Run, sample: Path, case: Case, name: str) -> None:
    ran = reply(run, sample, case, name)
    assert ran.code == 3 and ran.out == ""


def test_more_cells_than_any_sheet_has_are_not_read(run: Run, sample: Path, case: Case) -> None:
    rows = b"".join(b'<row r="%d">%s</row>' % (row, b"".join(
        b'<c r="%s%d"><v>1</v></c>' % (letter.encode(), row) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        for row in range(1, 4_200))
    path = filled(sample, case, put(D5="Disagree"))
    _sheet(path, b"<sheetData>" + rows + b"</sheetData>")
    ran = reply(run, sample, case, path)
    assert ran.code == 3 and "holds more than 100,000 cells" in ran.err


def test_another_workbook_is_no_sheet_of_feedback(run: Run, sample: Path, case: Case) -> None:
    book = Workbook()
    book.save(sample.parent.parent / "other.xlsx")
    ran = reply(run, sample, case, "other.xlsx")
    assert ran.code == 3 and "no sheet of feedback" in ran.err


def saved_again(path: Path, folder: Path) -> Path:
    """The workbook as LibreOffice saves it."""
    subprocess.run(["soffice", "--headless", f"-env:UserInstallation={(folder / 'office').as_uri()}", "--convert-to",
                    "xlsx", "--outdir", str(folder / "again"), str(path)], check=True, capture_output=True, timeout=120)
    return folder / "again" / path.name


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
def test_a_workbook_saved_again_by_libreoffice_is_read(run: Run, sample: Path, case: Case, tmp_path: Path) -> None:
    path = filled(sample, case, put(D5="Disagree", E5="It is on page 4: \u201cyes\u201d.\nAnd in the log.", D6="Agree",
                                    **{seen_ref(sample, case): "2026-03-02"}))
    ran = reply(run, sample, case, saved_again(path, tmp_path))
    assert ran.code == 0, ran.err
    told = standing(run, sample, case)
    assert told["seen"] == "2026-03-02" and [one["words"] for one in told["replies"]] == [
        "It is on page 4: \u201cyes\u201d.\nAnd in the log.", ""]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
def test_no_text_on_a_sheet_is_taken_for_changed_because_libreoffice_saved_it(tmp_path: Path) -> None:
    texts = {name: text for name, text in STRINGS.items() if len(text) <= 8_000}
    made, told = hostile("x")
    made = replace(made, lines=tuple(replace(made.lines[0], question_id=name, reason=text, ask=text)
                                     for name, text in texts.items()))
    ground = Ground("x", ("x",), (), made, (), date(2026, 3, 2), date(2026, 3, 2))
    given = replace(told, over=(), sheet=made.written(told).digest)
    path = write_book(tmp_path / "sheet.xlsx", feedback_book(made.written(given), given, Settings()), UNDATED)
    book = load_workbook(path)
    book["Your reply"]["D5"] = "Agree"
    book.save(path)
    found = answers_in(saved_again(path, tmp_path), ground, given, Settings())
    assert found == (Answer(next(iter(texts)), "agree", ""),)


def test_the_words_of_a_sheet_are_those_that_its_kind_names() -> None:
    """Whoever changes a word here raises LAYOUT, and then the sum: sheets that were given must not be refused as
    changed."""
    made, told = hostile("x")
    cells = cells_of_book(feedback_book(made, replace(told, given="", seen="", replies={}, actions=()), Settings()))
    words = json.dumps({title: {ref: held.text for ref, held in cells[title].items()} for title in sorted(cells)})
    assert (LAYOUT, hashlib.sha256(words.encode()).hexdigest()[:16]) == ("cqa-feedback-words/2", "315eb319bdd9cc97")


def test_every_text_that_a_cell_can_hold_comes_back_as_it_was_typed(tmp_path: Path) -> None:
    texts = {name: text for name, text in STRINGS.items()
             if legal(text) == text and text.strip() and len(text) <= 8_000 and altered(text) is False}
    made, told = hostile("x")
    lines = tuple(replace(made.lines[0], question_id=name) for name in texts)
    made = replace(made, lines=lines)
    ground = Ground("x", ("x",), (), made, (), date(2026, 3, 2), date(2026, 3, 2))
    given = replace(told, over=(), sheet=made.written(told).digest)
    path = write_book(tmp_path / "sheet.xlsx", feedback_book(made.written(given), given, Settings()), UNDATED)
    book = load_workbook(path)
    sheet = book["Your reply"]
    rows = {cell.value: cell.row for cell in sheet["A"]}
    for name, text in texts.items():
        sheet[f"D{rows[name]}"] = "Context"
        sheet[f"E{rows[name]}"].value, sheet[f"E{rows[name]}"].data_type = text, "s"
    book.save(path)
    answers = {deed.question_id: deed.words for deed in answers_in(path, ground, given, Settings())
               if isinstance(deed, Answer)}
    assert len(texts) > 40 and answers == {name: text.strip() for name, text in texts.items()}
