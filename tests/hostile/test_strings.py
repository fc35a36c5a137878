"""Every hostile string through every field of a case and its marks, and through everything that says it again."""

import csv
import json
import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cqa.facts import is_number
from cqa.files.cells import legal
from cqa.files.rows_out import FORMULA_SIGNS
from cqa.world import World
from tests.casework import Run, running_in, world_at
from tests.hostile.everything import CASES, Heard, amend_and_dispute, change, ids, made, mark, screens
from tests.hostile.strings import CORE, STRINGS, strict_json

Everything = tuple[Heard, World, dict[str, list[dict[str, object]]]]
REFUSED = {"text_too_long", "text_unreadable", "text_of_controls", "too_much"}


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Everything:
    """The workspace, marked, amended, disputed, changed and reported."""
    world = world_at(tmp_path_factory.mktemp("hostile"))
    heard = made(running_in(world), world)
    answers = mark(heard)
    amend_and_dispute(heard, world)
    change(heard)
    for command in ("status", "status --json", "show march", "show march --json", "show april", "verify",
                    "verify --json", "report", "report march --json --no-books", "export --json",
                    "export march --csv marks.csv --for-excel"):
        heard(*command.split())
    return heard, world, answers


def test_the_corpus_has_its_classes_and_every_string_once() -> None:
    assert len(STRINGS) >= 79 and len(set(STRINGS.values())) == len(STRINGS) and len(set(CORE)) == 20
    assert set(CORE) <= set(STRINGS) and len(ids()) > 60


def test_no_command_faults_or_sends_a_raw_character_to_a_terminal(everything: Everything) -> None:
    assert everything[0].faults == []


def test_each_text_comes_back_as_it_was_or_is_refused_with_a_sentence(everything: Everything) -> None:
    heard, _, answers = everything
    rows = json.loads(heard("export", "march", "--json").out)["rows"]
    given = {(row["case_id"], row["question"]): row for row in rows if row["reviewer"] == "bob"}
    told = Counter(str(answer.get("code")) for answer in answers["bob"])
    assert told["None"] > 1_000 and {"unknown_case", "unknown_level", "unknown_action", "not_json"} <= set(told)
    assert all(answer["saved"] or answer["why"] for answer in answers["bob"])
    exact = 0
    for name, case in CASES.items():
        text = STRINGS[name]
        codes = {answer.get("code") for answer in answers["bob"] if answer.get("case") == case}
        for question, field in (("q1", "reason"), ("q1", "evidence"), ("q2", "reason"), ("t1", "mark")):
            row = given.get((case, question))
            if row is not None and (field != "mark" or text.strip()):
                assert row[field] == text, (name, question)
                exact += 1
            else:
                assert codes & (REFUSED if text.strip() else {"unknown_level"}), (name, question, codes)
    assert exact > 380


def test_what_is_drawn_stands_in_the_record_and_comes_back(everything: Everything) -> None:
    cases = json.loads(everything[0]("show", "march", "--json").out)["cases"]
    assert set(ids().values()) <= {case["case_id"] for case in cases}
    assert set(ids().values()) <= {case["stratum"] for case in cases}


def test_every_line_of_a_journal_is_one_json_object_in_utf_8(everything: Everything) -> None:
    files = sorted(everything[0].folder.rglob("*.jsonl"))
    assert len(files) == 3
    for path in files:
        data = path.read_bytes()
        assert data.endswith(b"\n") and b"\r" not in data
        for line in data.decode().split("\n")[:-1]:
            assert isinstance(strict_json(line), dict)


def test_no_workbook_holds_a_formula_an_error_or_a_link_outside(everything: Everything) -> None:
    books = sorted(everything[0].folder.rglob("*.xlsx"))
    assert len(books) >= 5
    for path in books:
        with zipfile.ZipFile(path) as book:
            for name in book.namelist():
                part = book.read(name)
                assert b'TargetMode="External"' not in part and b"<dde" not in part
                if name.startswith("xl/worksheets/sheet"):
                    assert not re.search(rb"<f[ >/]|<is><r>|<c [^>]*t=\"e\"", part), (path, name)
                    for link in re.findall(rb"<hyperlink [^>]*>", part):
                        assert re.search(rb'location="\'?[A-Za-z ]+\'?!A1"', link) and b"r:id" not in link


def test_a_book_shows_each_text_as_it_is_or_visibly_changed(everything: Everything) -> None:
    path = everything[0].folder / "samples" / "march" / "books" / "bob.xlsx"
    sheet = load_workbook(path, read_only=True)["Reasons and evidence"]
    cells = {(str(row[0]), str(row[1])): row[3] for row in reversed(list(sheet.iter_rows(values_only=True)))}
    shown = 0
    for name, text in STRINGS.items():
        if text.strip() and len(text) < 400 and text.count("\n") < 20 and (CASES[name], "q2") in cells:
            assert cells[CASES[name], "q2"] == legal(text), name
            shown += 1
    assert shown > 80


def test_no_cell_of_the_csv_for_people_begins_as_a_formula(everything: Everything) -> None:
    with (everything[0].folder / "marks.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert len(rows) > 500 and len({len(row) for row in rows}) == 1
    assert not [cell for row in rows for cell in row if cell.startswith(FORMULA_SIGNS) and not is_number(cell)]
    assert {f"'{STRINGS[name]}" for name in ("F01", "F03", "F05", "F07", "F12", "F13")} <= {
        cell for row in rows for cell in row}


def test_neither_full_screen_nor_plain_mode_sends_a_raw_character(everything: Everything) -> None:
    heard, world, _ = everything
    before = len(heard.faults)
    rows = 0
    for row in screens(heard, world):
        heard.see("the full screen", row)
        rows += 1
    assert rows > 10_000
    letters = "".join(f"a {number}\nl\ni\n" for number in range(1, len(CASES) + len(ids()) + 1))
    ran = heard("assess", "--sample", "march", "--as", "ann", "--plain", typed=f"a\n{letters}q\n")
    assert ran.out.count("\n") > 1_000
    for case in (text for name, text in ids().items() if name in CORE):
        heard("assess", "--sample", "march", "--as", "ann", "--plain", "--", case, typed="l\n1\nu\nq\n")
    assert heard.faults[before:] == []


def test_nothing_is_written_outside_the_workspace_and_no_name_comes_from_a_text(everything: Everything) -> None:
    heard, world, _ = everything
    outside = {path.relative_to(world.home.parent).as_posix() for path in world.home.parent.rglob("*")
               if heard.folder not in (path, *path.parents)}
    assert outside == {"here", "home", "home/device.json", "home/journals.json"}
    for path in heard.folder.rglob("*"):
        assert re.fullmatch(r"[A-Za-z0-9+._-]+", path.name), path


def test_leaders_words_are_kept_as_they_were_or_refused(everything: Everything) -> None:
    journal = next(iter((everything[0].folder / "samples" / "april" / "changes").glob("*.jsonl")))
    lines = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    withdrawn = {line["reason"] for line in lines if line["kind"] == "withdrawn"}
    noted = {line.get("note") for line in lines if line["kind"] == "replaced"}
    kept = {name for name in CORE if STRINGS[name].strip() in withdrawn}
    assert kept == set(CORE) - {"X06", "S01"} and {STRINGS[name] for name in kept} <= noted


def test_an_export_with_a_nul_is_refused_and_other_bytes_are_read_as_said(run: Run, workspace: Path) -> None:
    for name, code in (("X03", 3), ("X06", 0), ("X07", 0)):
        data = f"case_id,unit\n00001,{STRINGS[name]}\n00002,U\n".encode("utf-8", "surrogatepass")
        (workspace / "export.csv").write_bytes(data)
        ran = run("draw", "export.csv", "--sample", name, "--id", "case_id", "--take", "1", folder=workspace)
        assert ran.code == code and ("export.csv:2 C013" in ran.err if code else "as cp1252" in ran.out)
    assert not (workspace / "samples" / "x03").exists()


@pytest.mark.parametrize(("case_id", "code"), [
    ("i" * 255, 0), ("i" * 256, 3), ("\u00e9" * 256, 3), ("1" * 1_000_000, 3)])
def test_a_case_id_is_as_long_as_an_id_can_be(run: Run, workspace: Path, case_id: str, code: int) -> None:
    (workspace / "export.csv").write_text(f"case_id,unit\n1,U\n{case_id},U\n", encoding="utf-8")
    ran = run("draw", "export.csv", "--sample", "s", "--id", "case_id", "--take", "1", folder=workspace)
    assert ran.code == code and ("export.csv:3 P014" in ran.err) == (code == 3) and len(ran.err) < 1_000
