"""The evidence workbook tells all that the record holds, counted here by hand, what is missing, and nothing hidden."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.carried import ANN, BOB, CAT, SECRET, cases_to_mark, drawn, mark, marking
from tests.casework import RUBRIC, SEED, Run
from tests.commands.evidence.test_pack import everything, hiding, pack, unpacked
from tests.commands.rubrics.test_rubric_approve import LIVE
from tests.workbook_lint import lint

__all__ = ["hiding"]
Rows = list[dict[str, Any]]


class Sheets:
    """The sheets of a packed evidence workbook, each as rows by the names of their columns."""

    def __init__(self, run: Run, march: Path, code: int = 0) -> None:
        self.told = pack(run, march, code)
        data = everything(Path(self.told["file"]))["march-evidence/reports/march-evidence.xlsx"]
        self.book = load_workbook(io.BytesIO(data))

    def __getitem__(self, name: str) -> Rows:
        header, *rows = list(self.book[name].iter_rows(values_only=True))[3:]
        return [dict(zip(map(str, header), row, strict=True)) for row in rows] if len(header) > 1 and header[1] else []

    def cover(self) -> dict[str, str]:
        return {str(row[0]): str(row[1]) for row in self.book["Cover"].iter_rows(values_only=True) if row[1]}

    def text(self) -> str:
        return "\n".join(str(cell) for sheet in self.book for row in sheet.iter_rows(values_only=True)
                         for cell in row if cell is not None)


@pytest.fixture
def march(run: Run, workspace: Path) -> Path:
    """Ann and Bob have marked and signed all, and differ on q1; of Cat's cases one is signed and one is begun."""
    sample = drawn(run, workspace)
    for who, level in ((ANN, "fully_met"), (BOB, "partly_met")):
        mark(run, workspace, who, cases_to_mark(run, workspace, who), level)
    one, other, *_ = cases_to_mark(run, workspace, CAT)
    mark(run, workspace, CAT, [one])
    mark(run, workspace, CAT, [other], sign=False)
    return sample


def assignments(march: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((march / "assignments.csv").read_text(encoding="utf-8").splitlines()))


def mains(march: Path) -> list[dict[str, str]]:
    rows = csv.DictReader((march / "cases.csv").read_text(encoding="utf-8").splitlines())
    return [row for row in rows if row["role"] == "main"]


def lines_of(march: Path, room: str = "marks") -> dict[str, list[dict[str, Any]]]:
    """The lines of every journal as JSON has them, by the journal's name without its ending."""
    return {path.stem: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
            for path in sorted((march / room).glob("*.jsonl"))}


def test_it_keeps_the_rules_of_workbooks_and_says_first_what_it_shows_and_what_it_cannot(
    run: Run, march: Path, tmp_path: Path
) -> None:
    path = unpacked(pack(run, march), tmp_path) / "reports" / "march-evidence.xlsx"
    assert lint(path.read_bytes()) == []
    sheets = Sheets(run, march)
    assert list(sheets.cover())[1:3] == ["What this shows", "What it cannot show"]
    assert "Who sat at the keyboard" in sheets.cover()["What it cannot show"]
    assert sheets.book.sheetnames[3:] == [
        "Checks", "Known gaps", "Population and sample", "Strata", "Changes to the sample", "Case list",
        "Rubric versions", "Reviewers", "Second marking", "Marks", "Amendments", "Log", "Anchor"]
    said = " ".join((path.parent.parent / "VERIFY.txt").read_text(encoding="utf-8").split())
    for limit in sheets.cover()["What it cannot show"].split("\n"):
        assert limit in said


def test_every_mark_stands_with_the_journal_line_that_holds_it(run: Run, march: Path) -> None:
    marks = Sheets(run, march)["Marks"]
    journals = lines_of(march)
    for row in marks:
        writer, _, seq = row["Reference"].rpartition(":")
        line = journals[writer][int(seq) - 1]
        assert (line["kind"], line["case"], line["question"]) == ("answered", row["Case"], row["Question"])
        assert line["mark_reason"] == row["Reason"] and line["at"][:19].replace("T", " ") == row["Marked (UTC)"]
        assert row["Mark"] == {"fully_met": "Fully met", "partly_met": "Partly met"}[line["mark"]]
    exported = json.loads(run("export", "march", "--json", folder=march.parent.parent).out)["rows"]
    assert [(row["Case"], row["Question"], row["Reviewer"], row["Turn"], row["Signed off"]) for row in marks] == [
        (one["case_id"], one["question"], one["reviewer"], one["turn"], "yes" if one["signed"] else "no")
        for one in exported]
    assert sum(row["Signed off"] == "no" for row in marks) == 2  # q1 and q2 of the case that Cat has begun


def test_the_log_holds_every_line_of_every_journal(run: Run, march: Path) -> None:
    case = next(one for one in cases_to_mark(run, march.parent.parent, CAT)[2:])
    assert run("withdraw", case, "--sample", "march", "--reason", "sealed", "--as", "lead",
               folder=march.parent.parent).code == 0
    log = Sheets(run, march)["Log"]
    every = [(room, f"{writer}:{line['seq']}", line["kind"].replace("_", " "), line.get("case", "-"))
             for room in ("marks", "changes") for writer, lines in lines_of(march, room).items() for line in lines]
    assert [(row["Room"], row["Reference"], row["Kind"], row["Case"]) for row in log] == every
    assert log[-1]["Kind"] == "withdrawn" and log[-1]["Reason of change"] == "sealed" and log[-1]["Who"] == "lead"


def test_an_amendment_is_told_with_old_and_new_mark_and_its_reason(run: Run, march: Path) -> None:
    case = cases_to_mark(run, march.parent.parent, ANN)[0]
    typed = "".join(json.dumps(line) + "\n" for line in (
        {"case": case, "question": "q1", "mark": "not_met", "reason": "Not there.", "evidence": "page 9"},
        {"case": case, "do": "sign_off"}))
    ran = run("amend", case, "--sample", "march", "--as", ANN, "--reason", "The letter was found.", "--script", "-",
              typed=typed, folder=march.parent.parent)
    assert ran.code == 0, ran.out + ran.err
    sheets = Sheets(run, march)
    row, = sheets["Amendments"]
    assert (row["Who"], row["Case"], row["Kind"], row["Reason"]) == (ANN, case, "amended", "The letter was found.")
    assert row["What was changed"].startswith("q1: fully_met to not_met (")
    assert row["Signed off again (UTC)"].startswith("2026-03-02 ")
    log = next(one for one in sheets["Log"] if one["To"].startswith("not_met"))
    assert log["From"] == f"fully_met\nReason: {SECRET} of {case}\nEvidence: page 2"
    assert log["To"] == "not_met\nReason: Not there.\nEvidence: page 9"


def test_reviewers_and_second_marks_are_counted(run: Run, march: Path) -> None:
    sheets = Sheets(run, march)
    given = assignments(march)
    ids = [case["case_id"] for case in mains(march)]
    for row in sheets["Reviewers"]:
        mine = [one for one in given if one["reviewer"] == row["Reviewer"] and one["case_id"] in ids]
        assert row["First marker of"] == sum(one["turn"] == "first" for one in mine)
        assert row["Second marker of"] == sum(one["turn"] == "second" for one in mine)
        assert row["Signed off"] == (1 if row["Reviewer"] == CAT else len(mine))
        assert row["Begun"] == (2 if row["Reviewer"] == CAT else len(mine))
        assert row["Accounts and computers"] == "tester on desk"
        assert row["Sittings"] == (2 if row["Reviewer"] == CAT else 1)
    second = {one["case_id"]: one["reviewer"] for one in given if one["turn"] == "second" and one["case_id"] in ids}
    rows = sheets["Second marking"]
    assert {row["Case"]: row["Second marker"] for row in rows} == second and len(rows) == 6
    both = {row["Case"] for row in rows if {row["First marker"], row["Second marker"]} == {ANN, BOB}}
    assert both
    for row in rows:
        if row["Case"] in both:
            fully_first = row["First marker"] == ANN
            assert row["They differ on"] == ("q1: Fully met and Partly met" if fully_first else
                                             "q1: Partly met and Fully met")
        elif "begun" in row["State"] + row["Second's state"]:
            assert row["They differ on"] == "not signed off by both yet"


def test_the_draw_is_told_as_it_was_recorded(run: Run, march: Path) -> None:
    sheets = Sheets(run, march)
    told = {row["What"]: row["As recorded"] for row in sheets["Population and sample"]}
    assert (told["Seed"], told["Cases in the frame"], told["Strata by"]) == (SEED, "60", "unit")
    assert told["Main cases drawn"] == "12, and 12 reserves"
    assert [(row["Stratum"], row["Size"], row["Taken"]) for row in sheets["Strata"]] == [
        (f"Unit {number}", 20, 4) for number in range(3)]
    cases = sheets["Case list"]
    assert len(cases) == 24 and sum(row["Now"] == "main" for row in cases) == 12
    reserve = next(row for row in cases if row["Now"] == "reserve")
    assert reserve["First marker"].endswith(" if used")
    version, = sheets["Rubric versions"]
    assert (version["Rubric"], version["Version"], version["How it came"]) == ("small", "1.0", "the draw")
    assert version["Approved by"] == "nobody on record" and version["Status"] == "trial"


def test_a_replaced_case_is_told_with_its_reserve_and_the_marks_left_out(run: Run, march: Path) -> None:
    begun = [one["case_id"] for one in assignments(march) if one["reviewer"] == CAT and one["turn"] == "first"]
    shared = {one["case_id"] for one in assignments(march) if one["turn"] == "second"}
    first, *rest = cases_to_mark(run, march.parent.parent, CAT)
    case = next(one for one in rest if one in begun and one not in shared and one != first)
    mark(run, march.parent.parent, CAT, [case], sign=False)
    done = run("replace", case, "--sample", "march", "--reason", "out_of_scope", "--note", "=1+1", "--as", "lead",
               "--json", folder=march.parent.parent)
    assert done.code == 0, done.err
    reserve = json.loads(done.out)["with"]
    sheets = Sheets(run, march)
    row, = sheets["Changes to the sample"]
    assert (row["Who"], row["Change"], row["Case"]) == ("lead", "replaced", case)
    assert row["What it did"].startswith(f"by {reserve}, marked by ")
    assert (row["Reason"], row["In force"]) == ("out_of_scope: =1+1", "yes")
    now = {one["Case"]: (one["Drawn as"], one["Now"]) for one in sheets["Case list"]}
    assert (now[case], now[reserve]) == (("main", "replaced"), ("reserve", "main"))
    assert case not in {one["Case"] for one in sheets["Marks"]} and case in {one["Case"] for one in sheets["Log"]}
    assert any(one["Code"] == "S026" and case in one["What was found"] for one in sheets["Known gaps"])


def test_an_approved_rubric_is_told_with_who_approved_it_and_on_what_grounds(run: Run, workspace: Path) -> None:
    (workspace / "small.yaml").write_text(LIVE, encoding="utf-8", newline="\n")
    march = drawn(run, workspace)
    gaps = Sheets(run, march)["Known gaps"]
    assert any(one["Code"] == "W012" and "no approval" in one["What was found"] for one in gaps)
    ran = run("rubric", "approve", "small.yaml", "--as", "head", folder=workspace)
    assert ran.code == 0, ran.out + ran.err
    sheets = Sheets(run, march)
    version, = sheets["Rubric versions"]
    assert version["Approved by"].startswith("head (account tester), 2026-03-02 ")
    assert version["What check and try said"].startswith("Check: errors 0, ")
    assert not any("no approval" in one["What was found"] for one in sheets["Known gaps"])
    (workspace / "approvals" / "small-1.0.yaml").write_bytes(LIVE.encode() + b"# more\n")
    sheets = Sheets(run, march)
    assert any(one["Code"] == "R066" for one in sheets["Known gaps"])
    assert sheets["Rubric versions"][0]["Approved by"] == "nobody on record"


def test_what_is_not_signed_off_and_who_has_no_journal_is_a_known_gap(run: Run, march: Path) -> None:
    gap, = [one["What was found"] for one in Sheets(run, march)["Known gaps"] if one["Code"] == "W011"]
    cat = cases_to_mark(run, march.parent.parent, CAT)
    assert gap.startswith(f"{CAT} has not signed off {len(cat) - 1} of {len(cat)} cases: ")
    named = gap.partition(": ")[2].partition(" and ")[0].split(", ")
    assert len(named) == 6 and set(named) < set(cat[1:]) and gap.endswith(f" and {len(cat) - 7} more.")
    next((march / "marks").glob(f"{CAT.casefold()}.*.jsonl")).unlink()
    gaps = [one["What was found"] for one in Sheets(run, march)["Known gaps"] if one["Code"] == "W011"]
    assert gaps == [f"No journal of {CAT} is here, who is to mark {len(cat)} cases."]


def test_a_damaged_journal_is_packed_and_named_with_its_line(run: Run, march: Path) -> None:
    journal = next((march / "marks").glob(f"{ANN}.*.jsonl"))
    data = journal.read_bytes().splitlines(keepends=True)
    data[4] = data[4].replace(b'"at":"2026', b'"at":"2025')
    journal.write_bytes(b"".join(data) + b'{"at":"20')
    sheets = Sheets(run, march, 7)
    gaps = [(one["File"], one["Line"], one["Code"], one["Severity"]) for one in sheets["Known gaps"]]
    place = f"samples/march/marks/{journal.name}"
    assert gaps[0] == (place, 5, "J002", "error") and (place, len(data) + 1, "J001", "warning") in gaps
    result = {one["Check"]: (one["Result"], one["What was found"]) for one in sheets["Checks"]}
    assert result["Journals"][0] == "does not hold" and "J002" in result["Journals"][1]
    assert {name for name, (came, _) in result.items() if came == "does not hold"} == {"Journals"}
    assert sheets.cover()["Checks"] == "10 were made. These do not hold: Journals. Not made: Export, Anchor."
    assert f"{journal.stem}:5" not in {one["Reference"] for one in sheets["Log"]}
    assert str(march.parent.parent) not in sheets.text()


def test_what_was_set_aside_and_a_clock_that_went_back_are_known_gaps(run: Run, march: Path) -> None:
    from cqa.marking.chain import encode, read_chain  # noqa: PLC0415

    journal = next((march / "marks").glob(f"{BOB}.*.jsonl"))
    last = read_chain(journal.read_bytes()).lines[-1]
    early = {"at": "2026-03-01T09:00:00.000Z", "kind": "opened", "reviewer": BOB, "device": "x"}
    with journal.open("ab") as stream:
        stream.write(encode(early, last.seq + 1, last.seal))
    (march / "marks" / f"{journal.name}.torn-77").write_bytes(b'{"at"')
    gaps = {one["Code"]: one for one in Sheets(run, march)["Known gaps"]
            if one["File"].startswith("samples/march/marks/")}
    assert (gaps["W010"]["File"], gaps["W010"]["Line"]) == (f"samples/march/marks/{journal.name}", last.seq + 1)
    assert "to 2026-03-01T09:00:00.000Z" in gaps["W010"]["What was found"]
    assert gaps["W012"]["File"].endswith(".torn-77") and gaps["W012"]["What was found"].startswith("5 bytes")


def test_the_checks_are_those_of_verify_and_all_hold_of_a_sound_sample(run: Run, march: Path) -> None:
    found = {one["Check"]: one["Result"] for one in Sheets(run, march)["Checks"]}
    assert {name for name, came in found.items() if came != "holds"} == {"Export", "Anchor"} and len(found) == 12
    said = {one["Result"]: one["What was found"] for one in Sheets(run, march)["Checks"]}
    assert said == {"holds": "nothing amiss", "not made": "nothing was looked at"}
    next((march / "marks").glob("*.jsonl")).chmod(0o644)  # of this computer, not of the record
    sheets = Sheets(run, march)
    assert {one["Check"]: one["Result"] for one in sheets["Checks"]} == found and "J018" not in sheets.text()


def test_a_change_that_does_not_count_fails_its_check(run: Run, march: Path) -> None:
    """A leader's line that skips the next reserve, with seals that hold."""
    from cqa.marking.chain import START, encode, read_chain  # noqa: PLC0415

    case = cases_to_mark(run, march.parent.parent, CAT)[2]
    rows = csv.DictReader((march / "cases.csv").read_text(encoding="utf-8").splitlines())
    every = list(rows)
    stratum = next(row["stratum"] for row in every if row["case_id"] == case)
    reserves = [row["case_id"] for row in every if row["role"] == "reserve" and row["stratum"] == stratum]
    (march / "changes").mkdir()
    line: dict[str, object] = {
        "at": "2026-03-02T12:00:00.000Z", "kind": "replaced", "case": case, "with": reserves[2],
        "stratum": stratum, "reason": "out_of_scope", "note": "", "reviewer": CAT, "second": None,
        "rule": "cqa-replace/1", "after": []}
    opened = encode({"at": "2026-03-02T12:00:00.000Z", "kind": "opened", "person": "lead", "device": "d"}, 1, START)
    (march / "changes" / "lead.d.jsonl").write_bytes(
        opened + encode(line, 2, read_chain(opened).lines[0].seal))
    sheets = Sheets(run, march)
    row, = sheets["Changes to the sample"]
    assert row["In force"].startswith("no: ")
    assert next(one for one in sheets["Checks"] if one["Check"] == "Changes to the sample")["Result"] == "does not hold"


def test_hidden_facts_stand_in_no_sheet(run: Run, workspace: Path) -> None:
    hushed = RUBRIC.replace("type: flag, label: Child victim}", "type: text, label: Child, show: never}").replace(
        "child: true", "child: 'Y'")
    (workspace / "small.yaml").write_text(hushed, encoding="utf-8", newline="\n")
    sample = drawn(run, workspace)
    blank = [row["case_id"] for row in mains(sample) if not row["child"]]
    who = next(one["reviewer"] for one in assignments(sample) if one["case_id"] == blank[0])
    answer, = marking(run, workspace, who, {"case": blank[0], "fact": "child", "value": "hushzq"})
    assert answer["saved"], answer
    sheets = Sheets(run, sample)
    assert sheets.told["answered"] == 1 and "hushzq" not in sheets.text()
    log = next(one for one in sheets["Log"] if one["Kind"] == "fact")
    assert log["To"] == "withheld: a case fact that is never shown"
    assert any("1 answer" in one["What was found"] for one in sheets["Known gaps"])
    assert "1 answer" in sheets.cover()["What it cannot show"]


def test_columns_left_out_of_the_pack_are_a_known_gap(run: Run, hiding: Path) -> None:
    sheets = Sheets(run, hiding)
    assert any("quiet, aloud, kept" in one["What was found"] for one in sheets["Known gaps"])
    assert [(row["Version"], row["How it came"][:5]) for row in sheets["Rubric versions"]] == [
        ("1.0", "the d"), ("1.1", "moved")]


def test_a_sample_without_a_rubric_is_told_as_far_as_it_goes(run: Run, workspace: Path) -> None:
    assert run("draw", "export.csv", "--sample", "march", "--id", "case_id", "--take", "3", "--seed", SEED,
               folder=workspace).code == 0
    sheets = Sheets(run, workspace / "samples" / "march")
    assert len(sheets["Case list"]) == 6 and sheets["Marks"] == [] and sheets["Rubric versions"] == []
    assert sheets.cover()["Rubric"] == "none"
