"""`cqa report`, `cqa export` and `cqa status` over marks that were really made."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cqa.errors import NotSaved, Problem
from cqa.world import World
from tests.casework import DRAW, SEED, Run, running_in
from tests.screen.test_script import cases_of
from tests.workbook_lint import lint


@pytest.fixture
def marked(run: Run, sample: Path) -> Path:
    """The sample with every case marked and signed off, bob more severe than the others, but for one of cat's."""
    for who in ("ann", "bob", "cat"):
        lines = []
        for case in cases_of(sample, who)[: -1 if who == "cat" else None]:
            low = who == "bob"
            lines += [{"case": case, "fact": "child", "value": "N"},
                      {"case": case, "question": "q1", "mark": "partly_met" if low else "fully_met",
                       "reason": "=1+1" if low else "", "evidence": "p 2"},
                      {"case": case, "question": "q2", "mark": "fully_met"},
                      {"case": case, "question": "q3", "mark": "fully_met"},
                      {"case": case, "do": "sign_off"}]
        typed = "".join(json.dumps(line) + "\n" for line in lines)
        assert run("assess", "--sample", "march", "--as", who, "--script", "-", typed=typed,
                   folder=sample.parent.parent).code == 0
    return sample


def test_the_report_says_who_agrees_and_who_is_severe(run: Run, marked: Path) -> None:
    ran = run("report", "march", "--json", folder=marked.parent.parent)
    told = json.loads(ran.out)
    assert ran.code == 0
    assert list(told) == ["samples", "rubrics", "coverage", "completion", "plan", "results", "units", "themes",
                          "trend", "agreement", "overall", "applicability", "reviewers", "severity", "second_look",
                          "disagreements", "moderation", "calibration", "triggered", "dip", "amendments", "feedback",
                          "critical_failures", "texts", "method", "problems", "headlines"]
    assert told["samples"] == ["march"] and told["rubrics"][0]["id"] == "small"
    assert told["coverage"]["drawn"] == 12 and told["coverage"]["assessed"] in (11, 12)
    q1 = next(one for one in told["agreement"] if one["question"] == "q1")
    assert set(q1) >= {"rubric", "question", "cases", "pairs", "exact", "within_one", "ac2", "alpha", "kappa",
                       "brennan_prediger", "reading"}
    assert set(q1["ac2"]) == {"value", "low", "high", "se", "why"}
    assert q1["ac2"]["value"] is None and "pairs" in q1["ac2"]["why"]
    assert {one["reviewer"] for one in told["reviewers"]} == {"ann", "bob", "cat"}
    assert all(pair["question"] == "q1" for pair in told["disagreements"])


def test_the_same_journals_give_the_same_bytes_whenever_they_are_asked(run: Run, marked: Path) -> None:
    def written() -> dict[str, bytes]:
        assert run("report", "march", folder=marked.parent.parent).code == 0
        return {path.name: path.read_bytes() for path in (*(marked.parent.parent / "reports").iterdir(),
                                                          *(marked / "books").iterdir())}

    first = written()
    assert len(first) == 4 and written() == first
    assert run("assess", "--sample", "march", "--as", "ann", "--script", "-", folder=marked.parent.parent).code == 0
    again = written()
    assert [name for name in first if again[name] == first[name]] == []  # of what moment they speak has changed


def test_every_workbook_keeps_the_rules_and_formulas_stay_text(run: Run, marked: Path) -> None:
    assert run("report", folder=marked.parent.parent).code == 0
    report = marked.parent.parent / "reports" / "march-consistency.xlsx"
    books = sorted((marked / "books").iterdir())
    assert [book.name for book in books] == ["ann.xlsx", "bob.xlsx", "cat.xlsx"]
    for path in (report, *books):
        assert lint(path.read_bytes()) == [], path.name
    reasons = [cell.value for cell in load_workbook(marked / "books" / "bob.xlsx")["Reasons and evidence"]["D"]]
    assert "=1+1" in reasons


def test_a_book_holds_back_what_another_marker_has_not_signed(run: Run, marked: Path) -> None:
    run("report", folder=marked.parent.parent)
    open_case = cases_of(marked, "cat")[-1]
    partner = next((who for who in ("ann", "bob") if open_case in cases_of(marked, who)), None)
    waiting = load_workbook(marked / "books" / "cat.xlsx")["Still to do"]
    assert open_case in [cell.value for cell in waiting["A"]]
    if partner is not None:
        book = load_workbook(marked / "books" / f"{partner}.xlsx")
        assert open_case not in [cell.value for cell in book["My marks"]["A"]]
        held = next(row for row in book["Results"].iter_rows(values_only=True) if row[0] == open_case)
        assert held[1] == "held back" and held[2] == "held back"


def test_the_export_has_one_row_for_each_standing_mark(run: Run, marked: Path) -> None:
    rows = json.loads(run("export", "march", "--json", folder=marked.parent.parent).out)["rows"]
    assert list(rows[0]) == ["sample", "case_id", "stratum", "handler", "reviewer", "turn", "rubric", "version",
                             "question", "mark", "points", "reason", "evidence", "signed", "at"]
    keys = [(row["case_id"], row["reviewer"], row["question"]) for row in rows]
    assert len(keys) == len(set(keys)) and all(row["signed"] for row in rows)
    assert {row["points"] for row in rows if row["mark"] == "partly_met"} == {1.0}


def test_the_export_for_spreadsheets_computes_nothing(run: Run, marked: Path) -> None:
    path = marked.parent.parent / "marks.csv"
    assert run("export", "march", "--csv", "marks.csv", "--for-excel", folder=marked.parent.parent).code == 0
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    assert {row["reason"] for row in rows if row["reviewer"] == "bob" and row["question"] == "q1"} == {"'=1+1"}
    assert run("export", "march", folder=marked.parent.parent).code == 2


def test_the_status_counts_what_is_drawn_and_done(run: Run, marked: Path) -> None:
    rows = json.loads(run("status", "march", "--json", folder=marked.parent.parent).out)["rows"]
    assert list(rows[0]) == ["sample", "unit", "reviewer", "drawn", "marked", "signed", "second_due", "second_marked",
                             "moderated", "replaced", "withdrawn", "feedback_due", "feedback_given", "overdue"]
    assert sum(row["drawn"] for row in rows) == 12 and sum(row["second_due"] for row in rows) == 6
    assert sum(row["signed"] + row["second_marked"] for row in rows) == 17


@pytest.mark.parametrize("names", [(), ("march",)])
def test_nothing_signed_is_said_in_words_and_exit_0(run: Run, sample: Path, names: tuple[str, ...]) -> None:
    ran = run("report", *names, folder=sample.parent.parent)
    assert ran.code == 0 and "Nothing is signed off yet" in ran.err
    assert lint((sample.parent.parent / "reports" / "march-consistency.xlsx").read_bytes()) == []


def test_a_torn_last_line_is_read_past_and_said(run: Run, marked: Path) -> None:
    journal = next(marked.glob("marks/ann.*.jsonl"))
    journal.write_bytes(journal.read_bytes() + b'{"at":"20')
    ran = run("report", folder=marked.parent.parent)
    assert ran.code == 0 and "J001" in ran.err


def test_damage_inside_is_exit_7_and_the_rest_is_still_reported(run: Run, marked: Path) -> None:
    journal = next(marked.glob("marks/ann.*.jsonl"))
    journal.write_bytes(journal.read_bytes().replace(b'"q2"', b'"q3"', 1))
    ran = run("report", "--json", folder=marked.parent.parent)
    assert ran.code == 7 and "J002" in ran.err and json.loads(ran.out)["coverage"]["drawn"] == 12


def test_an_unknown_sample_is_wrong_use(run: Run, marked: Path) -> None:
    assert run("report", "april", folder=marked.parent.parent).code == 2


def cells(path: Path, sheet: str) -> list[tuple[object, ...]]:
    return [row for row in load_workbook(path)[sheet].iter_rows(values_only=True) if any(row)]


def words(path: Path) -> str:
    """Everything a workbook says, in one text."""
    return "\n".join(str(cell) for sheet in load_workbook(path) for row in sheet.iter_rows(values_only=True)
                     for cell in row if cell is not None)


def damaged(marked: Path, who: str = "ann") -> Path:
    journal = next(marked.glob(f"marks/{who}.*.jsonl"))
    journal.write_bytes(journal.read_bytes().replace(b'"q2"', b'"q3"', 1))
    return journal


def test_what_was_left_out_stands_in_the_report_the_books_and_the_json(run: Run, marked: Path) -> None:
    folder = marked.parent.parent
    journal = damaged(marked)
    ran = run("report", "march", "--json", folder=folder)
    problems = json.loads(ran.out)["problems"]
    assert ran.code == 7 and problems[0]["code"] == "J002" and problems[0]["line"]
    report = folder / "reports" / "march-consistency.xlsx"
    for path in (report, marked / "books" / "bob.xlsx"):
        assert lint(path.read_bytes()) == []
        said = next(str(row[1]) for row in cells(path, "Cover") if row[0] == "Left out")
        assert "J002" in said and journal.name in said
        listed = cells(path, "Left out")[4]
        assert journal.name in str(listed[0]) and listed[1] == problems[0]["line"] and listed[2] == "J002"
        assert str(cells(path, "Notes")[2][0]).startswith("Left out: ")


def test_nothing_left_out_is_said_too(run: Run, marked: Path) -> None:
    assert json.loads(run("report", "--json", folder=marked.parent.parent).out)["problems"] == []
    assert ("Left out", "nothing.") in cells(marked / "books" / "ann.xlsx", "Cover")


@pytest.mark.parametrize("unreadable", [False, True])
def test_a_good_book_is_not_replaced_by_one_from_a_damaged_journal(run: Run, marked: Path, unreadable: bool) -> None:
    folder = marked.parent.parent
    assert run("report", folder=folder).code == 0
    before = {book.name: book.read_bytes() for book in (marked / "books").iterdir()}
    journal = damaged(marked)
    if unreadable:
        journal.unlink()
        journal.mkdir()
    ran = run("report", folder=folder)
    after = {book.name: book.read_bytes() for book in (marked / "books").iterdir()}
    assert ran.code == 7 and "Left as it was" in ran.out and "ann.xlsx" in ran.out.split("Left as it was")[1]
    assert after["ann.xlsx"] == before["ann.xlsx"] and after["bob.xlsx"] != before["bob.xlsx"]


def test_the_figures_come_even_when_no_workbook_can_be_written(run: Run, marked: Path) -> None:
    folder = marked.parent.parent
    reports = folder / "reports"
    reports.rmdir()
    reports.write_text("in the way", encoding="utf-8")
    ran = run("report", "--json", folder=folder)
    assert ran.code == 5 and json.loads(ran.out)["coverage"]["drawn"] == 12
    assert "W001" in ran.err and "march-consistency.xlsx" in ran.err
    assert (marked / "books" / "ann.xlsx").is_file()
    shown = run("report", folder=folder)
    assert shown.code == 5 and "How severe each reviewer is" in shown.out


def test_only_the_figures_are_made_when_that_is_asked(run: Run, marked: Path) -> None:
    folder = marked.parent.parent
    assert run("report", "--no-books", folder=folder).code == 0
    assert not (marked / "books").exists() and list((folder / "reports").iterdir()) == []


def test_the_report_says_on_screen_whose_it_is(run: Run, marked: Path) -> None:
    assert "unblinded: it is the team leader's" in run("report", "--no-books", folder=marked.parent.parent).out


def test_what_was_not_done_is_counted_and_never_left_out(run: Run, marked: Path) -> None:
    folder = marked.parent.parent
    coverage = json.loads(run("report", "--json", folder=folder).out)["coverage"]
    assert coverage["replaced"] == coverage["withdrawn"] == 0
    assert (coverage["feedback_due"], coverage["feedback_given"], coverage["overdue"]) == (11, 0, 0)
    rows = cells(folder / "reports" / "march-consistency.xlsx", "Coverage")
    assert ("Feedback given", 0) in rows and ("Withdrawn", 0) in rows and ("Main cases drawn", 12) in rows


def test_what_is_overdue_and_what_the_plan_lacks_stand_in_the_report(run: Run, world: World, marked: Path) -> None:
    folder = marked.parent.parent
    (folder / "cqa.yaml").write_text("plan: {cases: 3, second: 0.5}\n", encoding="utf-8")
    (folder / "people.csv").write_text("person,role\nh9,prosecutor\nH1,handler\n", encoding="utf-8")
    # One of cat's marks is not signed off, and was due on 30 March 2026; no feedback was given on the 11 other cases.
    on_day = running_in(replace(world, now=lambda: datetime(2026, 4, 1, tzinfo=UTC)))
    told = json.loads(on_day("report", "--json", folder=folder).out)
    assert told["coverage"]["overdue"] == 12 and "Counted on 2026-04-01" in told["method"]["overdue"]
    assert "Overdue: 12." in next(one["says"] for one in told["headlines"] if one["about"] == "What has not been done")
    plan = next(one["says"] for one in told["headlines"] if one["about"] == "What the plan wanted")
    assert plan.startswith("Wanted: 3 cases of each handler in every quarter. Signed off: 2026-Q1: ")
    cases = [case for case in json.loads(run("show", "march", "--json", folder=folder).out)["cases"]
             if case["role"] == "main"]
    drawn = Counter(case["handler"] for case in cases)
    assert [(one["person"], one["drawn"]) for one in told["plan"]] == sorted({**drawn, "h9": 0}.items())
    assert {(one["period"], one["per"], one["wanted"]) for one in told["plan"]} == {("2026-Q1", "handler", 3)}
    assert sum(one["done"] for one in told["plan"]) == told["coverage"]["assessed"]
    assert sum(one["second_done"] for one in told["plan"]) == told["coverage"]["second_marked"]
    assert [one["second_wanted"] for one in told["plan"]] == [(one["drawn"] + 1) // 2 for one in told["plan"]]
    rows = cells(folder / "reports" / "march-consistency.xlsx", "Plan")
    assert [row[:5] for row in rows[-len(told["plan"]):]] == [
        ("2026-Q1", one["person"], 3, one["drawn"], one["done"]) for one in told["plan"]]
    assert lint((folder / "reports" / "march-consistency.xlsx").read_bytes()) == []


@pytest.mark.parametrize("per", ["handler", "reviewer"])
def test_people_of_the_plan_have_letters_where_names_are_hidden(run: Run, marked: Path, per: str) -> None:
    folder = marked.parent.parent
    (folder / "cqa.yaml").write_text(f"plan: {{per: {per}, cases: 3}}\nreport: {{names: hidden}}\n", encoding="utf-8")
    (folder / "people.csv").write_text("person,role\nquentin,handler\nH1,handler\nZadie,reviewer\nANN,reviewer\n",
                                       encoding="utf-8")
    ran = run("report", "--json", folder=folder)
    told = json.loads(ran.out)
    for text in (ran.out, words(folder / "reports" / "march-consistency.xlsx")):
        assert not re.search(r"\b(ann|bob|cat|h1|h2|h3|quentin|zadie)\b", text, re.IGNORECASE)
    people = [one["person"] for one in told["plan"]]
    assert len(people) == len(set(people)) == (6 if per == "handler" else 4) and people == sorted(people)
    letters = (folder / "letters.csv").read_text(encoding="utf-8").casefold()
    assert all(letters.count(f",{name}\n") == 1 for name in ("h1", "ann"))


def test_the_method_says_how_the_sample_was_drawn(run: Run, marked: Path) -> None:
    folder = marked.parent.parent
    method = json.loads(run("report", "--json", folder=folder).out)["method"]
    record = (marked / "sample.yaml").read_text(encoding="utf-8")
    assert method["Sample march: frame"].split("digest ")[1] in record and "60 cases" in method["Sample march: frame"]
    assert SEED in method["Sample march: seed"] and "source" in method["Sample march: seed"]
    assert method["Sample march: take"].startswith("4 of each unit") and method["Sample march: second share"] == "1/2"
    assert "SHA-256" in method["Sample march: rubric"] and method["Sample march: exclusions"] == "none"
    assert SEED in words(folder / "reports" / "march-consistency.xlsx")


def test_critical_failures_are_listed_with_reason_and_evidence(run: Run, sample: Path) -> None:
    case = cases_of(sample, "ann")[0]
    typed = "".join(json.dumps(line) + "\n" for line in (
        {"case": case, "fact": "child", "value": "N"},
        {"case": case, "question": "q1", "mark": "not_met", "reason": "An element is not proved at all.",
         "evidence": "charging record, page 3"},
        {"case": case, "do": "sign_off"}))
    run("assess", "--sample", "march", "--as", "ann", "--script", "-", typed=typed, folder=sample.parent.parent)
    told = json.loads(run("report", "--json", folder=sample.parent.parent).out)["critical_failures"]
    row = cells(sample.parent.parent / "reports" / "march-consistency.xlsx", "Critical failures")[4]
    assert row == (case, "q1", "Not met", "ann (first)", "An element is not proved at all.", "charging record, page 3")
    assert [(one["case_id"], one["question"], one["evidence"]) for one in told] == [
        (case, "q1", "charging record, page 3")]
    results = {row[0]: row for row in cells(sample / "books" / "ann.xlsx", "Results")}
    assert results[case][2] in ("Fail: q1 failed", "held back")


def test_thin_and_repeated_texts_are_flagged(run: Run, marked: Path) -> None:
    flags = json.loads(run("report", "--json", folder=marked.parent.parent).out)["texts"]
    bob = next(one for one in flags if one["reviewer"] == "bob" and one["kind"] == "reason")
    assert bob["text"] == "=1+1" and bob["finding"] == "thin and repeated" and len(bob["cases"]) == bob["marks"]


def test_report_files_of_different_samples_never_share_a_name(run: Run, workspace: Path) -> None:
    for name in ("a", "b", "a-b", "c", "all"):
        draw = [name if word == "march" else f"{SEED}{name}" if word == SEED else word for word in DRAW]
        assert run(*draw, folder=workspace).code == 0
    for names in (("a", "b"), ("b", "a"), ("a-b",), ("all",), ()):
        assert run("report", *names, folder=workspace).code == 0
    made = sorted(path.name for path in (workspace / "reports").iterdir())
    assert len(made) == 4 and {"a+b-consistency.xlsx", "a-b-consistency.xlsx", "all-consistency.xlsx"} < set(made)


def test_two_versions_of_a_rubric_are_named_and_a_sample_without_one_is_not_counted(
    run: Run, workspace: Path
) -> None:
    small = (workspace / "small.yaml").read_text(encoding="utf-8")
    (workspace / "newer.yaml").write_text(small.replace('"1.0"', '"1.1"'), encoding="utf-8", newline="\n")
    for name, rubric in (("one", "small.yaml"), ("two", "newer.yaml"), ("bare", "")):
        words = [name if word == "march" else f"{SEED}{name}" if word == SEED else word for word in DRAW]
        place = words.index("--rubric")
        words[place:place + 2] = ["--rubric", rubric] if rubric else []
        assert run(*words, folder=workspace).code == 0
        for who in ("ann", "bob", "cat") if rubric else ():
            cases = cases_of(workspace / "samples" / name, who)
            typed = "".join(json.dumps(line) + "\n" for case in cases for line in (
                {"case": case, "fact": "child", "value": "N"}, {"case": case, "question": "q1", "mark": "fully_met"},
                {"case": case, "question": "q2", "mark": "fully_met"},
                {"case": case, "question": "q3", "mark": "fully_met"}, {"case": case, "do": "sign_off"}))
            run("assess", "--sample", name, "--as", who, "--script", "-", typed=typed, folder=workspace)
    ran = run("report", "--json", folder=workspace)
    told = json.loads(ran.out)
    assert told["coverage"]["drawn"] == 24 and "S016" in [problem["code"] for problem in told["problems"]]
    for part in ("results", "agreement", "overall", "applicability"):
        assert {one["version"] for one in told[part]} == {"1.0", "1.1"}, part
    assert "more than one rubric version" in told["method"]["mixed"]
    path = workspace / "reports" / "bare+one+two-consistency.xlsx"
    assert lint(path.read_bytes()) == []
    for sheet in ("Results", "Agreement", "Levels", "Applicability", "Specific agreement", "Coefficients"):
        assert {"q1 (small 1.0)", "q1 (small 1.1)"} <= {row[0] for row in cells(path, sheet)}, sheet
    assert "more than one rubric version" in str(cells(path, "Reviewers")[1][0])


def test_one_version_with_two_contents_is_said(run: Run, workspace: Path) -> None:
    small = (workspace / "small.yaml").read_text(encoding="utf-8")
    (workspace / "other.yaml").write_text(small.replace("Was it right", "Was it wrong"), encoding="utf-8", newline="\n")
    for name, rubric in (("one", "small.yaml"), ("two", "other.yaml")):
        given = {"march": name, SEED: f"{SEED}{name}", "small.yaml": rubric}
        assert run(*(given.get(word, word) for word in DRAW), folder=workspace).code == 0
    assert "R020" in run("report", "--no-books", folder=workspace).err
    assert "R020" not in run("report", "one", "--no-books", folder=workspace).err


def test_hidden_names_stand_nowhere_in_the_consistency_report(run: Run, marked: Path) -> None:
    folder = marked.parent.parent
    (folder / "cqa.yaml").write_text("report:\n  names: hidden\n", encoding="utf-8")
    damaged(marked, "bob")
    ran = run("report", "--json", folder=folder)
    told = json.loads(ran.out)
    assert {one["reviewer"] for one in told["reviewers"]} == {"Reviewer A", "Reviewer B", "Reviewer C"}
    for text in (ran.out, words(folder / "reports" / "march-consistency.xlsx")):
        assert not re.search(r"\b(ann|bob|cat)\b", text)
        assert "Reviewer A" in text


def test_a_report_without_names_has_a_file_of_its_own_and_keeps_its_letters(run: Run, marked: Path) -> None:
    folder = marked.parent.parent
    assert run("report", folder=folder).code == 0
    shown = (folder / "reports" / "march-consistency.xlsx").read_bytes()
    ran = run("report", "--names", "hidden", folder=folder)
    assert ran.code == 0 and "letters.csv" in ran.out and "Reviewer A" in ran.out
    assert (folder / "reports" / "march-consistency.xlsx").read_bytes() == shown
    hidden = words(folder / "reports" / "march-consistency-hidden.xlsx")
    assert "Reviewer A" in hidden and not re.search(r"\b(ann|bob|cat)\b", hidden)
    letters = (folder / "letters.csv").read_bytes()
    told = json.loads(run("report", "--names", "hidden", "--json", "--no-books", folder=folder).out)
    assert (folder / "letters.csv").read_bytes() == letters
    assert [one["reviewer"] for one in told["completion"]] == ["Reviewer A", "Reviewer B", "Reviewer C"]
    names = dict(line.split(",")[::-1] for line in letters.decode().splitlines()[1:])
    plain = json.loads(run("report", "--json", "--no-books", folder=folder).out)
    assert {names[one["reviewer"]]: one["cases"] for one in plain["reviewers"]} == {
        one["reviewer"]: one["cases"] for one in told["reviewers"]}


def test_letters_that_cannot_be_kept_are_said_and_the_report_is_made(
    run: Run, marked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(root: Path, told: Mapping[str, str]) -> Path:
        raise NotSaved(Problem("P004", "The file could not be written: read-only.", "", str(root / "letters.csv")))

    monkeypatch.setattr("cqa.commands.reports.report_making.keep_letters", refused)
    ran = run("report", "--names", "hidden", "--json", "--no-books", folder=marked.parent.parent)
    told = json.loads(ran.out)
    assert ran.code == 0 and "may be others in the next one" in ran.err
    assert {one["reviewer"] for one in told["reviewers"]} == {"Reviewer A", "Reviewer B", "Reviewer C"}


def test_the_cover_says_first_what_was_found(run: Run, marked: Path) -> None:
    folder = marked.parent.parent
    run("report", folder=folder)
    rows = cells(folder / "reports" / "march-consistency.xlsx", "Cover")
    told = json.loads(run("report", "--json", "--no-books", folder=folder).out)["headlines"]
    assert [tuple(row[:2]) for row in rows[2:2 + len(told)]] == [(one["about"], one["says"]) for one in told]
    assert told[0]["about"] == "What was done" and "main cases are signed off" in told[0]["says"]
    screen = " ".join(run("report", "--no-books", folder=folder).out.split())
    assert all(" ".join(one["says"].split()) in screen for one in told)


def test_no_sheet_is_so_wide_that_print_shrinks(run: Run, marked: Path) -> None:
    folder = marked.parent.parent
    damaged(marked)
    run("report", folder=folder)
    for path in (folder / "reports" / "march-consistency.xlsx", *(marked / "books").iterdir()):
        for sheet in load_workbook(path):
            if not sheet.title.startswith("Chart"):
                assert sum(column.width for column in sheet.column_dimensions.values()) <= 122, (path.name, sheet.title)


def test_books_give_times_to_the_minute(run: Run, marked: Path) -> None:
    run("report", folder=marked.parent.parent)
    rows = cells(marked / "books" / "ann.xlsx", "Progress")
    assert rows[3][5] == "Signed off (UTC)" and re.fullmatch(r"2026-03-02 \d\d:\d\d", str(rows[4][5]))


def test_a_case_nobody_began_is_not_begun(run: Run, sample: Path) -> None:
    run("report", folder=sample.parent.parent)
    assert {row[1] for row in cells(sample / "books" / "ann.xlsx", "Results")[4:]} == {"not begun"}


@pytest.mark.parametrize("again", ["march", "MARCH"])
def test_a_sample_named_twice_is_taken_once(run: Run, marked: Path, again: str) -> None:
    folder = marked.parent.parent
    assert run("report", "march", again, folder=folder).code == 0
    for command in ("export", "status"):
        once = json.loads(run(command, "march", "--json", folder=folder).out)
        assert json.loads(run(command, "march", again, "--json", folder=folder).out) == once
