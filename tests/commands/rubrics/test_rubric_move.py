"""`cqa rubric move` takes a whole sample to another version: what is signed stays, what is touched is asked again."""

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cqa.files.journal import read_journal
from tests.casework import RUBRIC, Ran, Run
from tests.commands.leaders.test_replace import forged, journal_of, mains, show, verify
from tests.commands.leaders.test_withdraw import once_marked, report, sign_off, withdrawing
from tests.commands.reports.test_report import cells
from tests.screen.test_script import assess

NEWER = RUBRIC.replace('version: "1.0"', 'version: "1.1"').replace(
    "ask: Was it right", 'levels: {not_met: "It was wrong."}, ask: Was it right').replace(
    "ask: Was it reasoned", "ask: Was the decision reasoned")
SAID = "wording of q2; descriptors of q1"


def moving(
    run: Run, sample: Path, *options: str, text: str = NEWER, file: str = "newer.yaml", reason: str = "q1 was unclear"
) -> Ran:
    folder = sample.parent.parent
    (folder / file).write_text(text, encoding="utf-8", newline="\n")
    return run("rubric", "move", file, "--sample", "march", "--reason", reason, "--as", "Lead", *options, folder=folder)


def sitting(run: Run, sample: Path, who: str) -> Ran:
    """An empty sitting: what a reviewer is told at its start stands on standard error."""
    return run("assess", "--sample", "march", "--as", who, "--script", "-", folder=sample.parent.parent)


def marks(run: Run, sample: Path) -> dict[tuple[str, str], tuple[str, bool]]:
    """Case and question to version and whether it is signed, of every standing mark."""
    rows = json.loads(run("export", "--json", folder=sample.parent.parent).out)["rows"]
    return {(row["case_id"], row["question"]): (row["version"], row["signed"]) for row in rows}


@pytest.fixture
def begun(run: Run, sample: Path) -> tuple[str, str, str]:
    """A reviewer, a case of theirs that is signed off, and one of which q1 and q2 are marked."""
    case = once_marked(run, sample)
    who, signed = str(case["reviewer"]), str(case["case_id"])
    sign_off(run, sample, signed, who)
    other = next(str(one["case_id"]) for one in show(run, sample)
                 if one["reviewer"] == who and one["case_id"] != signed and one["role"] == "main")
    answers = assess(run, sample, *({"case": other, "question": question, "mark": "fully_met"}
                                    for question in ("q1", "q2")), who=who)[1]
    assert [answer["saved"] for answer in answers] == [True, True]
    return who, signed, other


def test_without_yes_it_is_only_shown_what_would_happen(run: Run, sample: Path, begun: tuple[str, str, str]) -> None:
    ran = moving(run, sample)
    assert ran.code == 0 and not (sample / "changes").exists() and not (sample / "rubrics" / "small-1.1.yaml").exists()
    assert f"march: small 1.0 to 1.1 ({SAID})." in ran.out and "Touched: q1." in ran.out
    assert f"1 standing mark of {begun[0]} would be set aside" in ran.out and "add --yes" in ran.out
    assert "1 signed-off assessment stays under the version it was signed under" in ran.out
    told = json.loads(moving(run, sample, "--json").out)
    assert told["moved"] is False and told["event"] is None and told["from"]["version"] == "1.0"
    assert told["touched"] == [{"question": "q1", "kinds": ["descriptor"]}]
    assert (told["marks"], told["reviewers"], told["signed_off"]) == (1, [begun[0]], 1)
    assert {(one["kind"], one["question"]) for one in told["changes"]} == {
        ("identity", None), ("descriptor", "q1"), ("wording", "q2")}


def test_the_file_is_kept_and_the_line_names_both_versions(run: Run, sample: Path) -> None:
    before = (sample / "rubrics" / "small-1.0.yaml").read_bytes()
    ran = moving(run, sample, "--yes", "--json")
    assert ran.code == 0 and json.loads(ran.out)["moved"] is True
    assert (sample / "rubrics" / "small-1.1.yaml").read_bytes() == NEWER.encode()
    assert (sample / "rubrics" / "small-1.0.yaml").read_bytes() == before
    line = read_journal(journal_of(sample)).lines[-1]
    told = json.loads(ran.out)
    assert {key: line[key] for key in ("kind", "rubric", "from_version", "from_sha256", "version", "sha256", "reason")
            } == {"kind": "rubric_moved", "rubric": "small", "from_version": "1.0",
                  "from_sha256": told["from"]["sha256"], "version": "1.1", "sha256": told["to"]["sha256"],
                  "reason": "q1 was unclear"}
    assert verify(run, sample) == (0, [])
    shown = run("show", "march", folder=sample.parent.parent).out
    assert "Rubric small 1.1" in shown and "Moves to another version of the rubric" in shown


def test_signed_marks_stay_untouched_marks_stand_and_the_touched_is_asked_again(
    run: Run, sample: Path, begun: tuple[str, str, str]
) -> None:
    who, signed, other = begun
    before = marks(run, sample)
    assert moving(run, sample, "--yes").code == 0
    after = marks(run, sample)
    assert {place: told for place, told in after.items() if place[0] == signed} == {
        place: told for place, told in before.items() if place[0] == signed}
    # q2 is asked only where q1 is answered: its mark waits for q1.
    assert not [place for place in after if place[0] == other]
    answer = assess(run, sample, {"case": other, "do": "sign_off"}, who=who)[1][0]
    assert answer["code"] == "not_finished" and "q1" in str(answer["why"])
    assert assess(run, sample, {"case": other, "question": "q1", "mark": "fully_met"}, who=who)[1][0]["saved"]
    assert {question: told for (case, question), told in marks(run, sample).items() if case == other} == {
        "q1": ("1.1", False), "q2": ("1.1", False)}
    assert verify(run, sample) == (0, [])
    told = run("status", folder=sample.parent.parent).out
    assert "moved to version 1.1: 1 signed-off assessment under an earlier one, 0 marks set aside" in told


def test_the_reviewer_is_told_once_what_changed_and_then_only_what_is_owed(
    run: Run, sample: Path, begun: tuple[str, str, str]
) -> None:
    who, _, other = begun
    moving(run, sample, "--yes")
    told = sitting(run, sample, who).err
    assert f"The rubric was changed by lead on 2026-03-02: 1.0 to 1.1 ({SAID})." in told
    assert "Reason: q1 was unclear." in told and "Questions to answer again: q1 (1 case)." in told
    again = sitting(run, sample, who).err
    assert "changed by lead" not in again and "Questions to answer again: q1 (1 case)." in again
    assess(run, sample, {"case": other, "question": "q1", "mark": "not_met"}, who=who)
    assert sitting(run, sample, who).err == ""
    fresh = next(name for name in ("ann", "bob", "cat") if name != who)
    assert sitting(run, sample, fresh).err == ""


def test_the_report_names_both_versions_and_how_the_sample_came_to_them(
    run: Run, sample: Path, begun: tuple[str, str, str]
) -> None:
    who, _, other = begun
    moving(run, sample, "--yes")
    assess(run, sample, {"case": other, "question": "q1", "mark": "not_met", "reason": "so", "evidence": "p. 1"},
           who=who)
    sign_off(run, sample, other, who)
    told = report(run, sample)
    rubrics, method = told["rubrics"], told["method"]
    assert isinstance(rubrics, list) and [one["version"] for one in rubrics] == ["1.0", "1.1"]
    assert {one["version"] for one in told["results"]} == {"1.0", "1.1"}  # type: ignore[attr-defined]
    assert "small 1.0" in method["Sample march: rubric"] and "moved to 1.1" in method["Sample march: rubric"]  # type: ignore[index]
    assert run("report", folder=sample.parent.parent).code == 0 and (sample / "books" / f"{who}.xlsx").is_file()


def test_a_move_parts_the_marks_of_a_case_that_one_of_two_has_signed(run: Run, sample: Path) -> None:
    case = next(case for case in show(run, sample) if case["second_reviewer"])
    sign_off(run, sample, str(case["case_id"]), str(case["reviewer"]))
    assert json.loads(moving(run, sample, "--json").out)["parted"] == 1
    assert "not compared" in moving(run, sample).out


@pytest.mark.parametrize(("text", "code", "told"), [
    (NEWER.replace("id: small", "id: large"), 4, "S033"),
    (NEWER.replace('version: "1.1"', 'version: "1.0"'), 4, "another version"),
    (NEWER.replace("ask_when: {q1: [fully_met", "ask_when: {q9: [fully_met"), 3, "R011"),
    (NEWER.replace("title: Small\n", ""), 3, "R008"), ("a: [", 3, "R003")])
def test_what_the_sample_cannot_be_moved_to_is_refused_and_leaves_nothing(
    run: Run, sample: Path, text: str, code: int, told: str
) -> None:
    ran = moving(run, sample, "--yes", text=text)
    assert ran.code == code and told in ran.err
    assert not (sample / "changes").exists() and [path.name for path in (sample / "rubrics").iterdir()] == [
        "small-1.0.yaml"]


def test_a_missing_file_a_blank_reason_and_a_sample_without_a_rubric_are_refused(run: Run, sample: Path) -> None:
    folder = sample.parent.parent
    words = ("rubric", "move", "nowhere.yaml", "--sample", "march", "--as", "lead", "--reason")
    assert run(*words, "so", folder=folder).code == 3
    assert moving(run, sample, reason=" ").code == 2
    assert run("draw", "export.csv", "--sample", "bare", "--id", "case_id", "--take", "2", "--seed", "9" * 20,
               folder=folder).code == 0
    ran = run("rubric", "move", "newer.yaml", "--sample", "bare", "--reason", "so", "--as", "lead", "--yes",
              folder=folder)
    assert ran.code == 3 and "S016" in ran.err and not (folder / "samples" / "bare" / "changes").exists()


def test_a_version_moves_on_again_and_back_to_the_same_bytes(run: Run, sample: Path) -> None:
    assert moving(run, sample, "--yes").code == 0
    assert moving(run, sample, "--yes").code == 4
    assert moving(run, sample, "--yes", text=NEWER.replace('"1.1"', '"1.2"')).code == 0
    assert moving(run, sample, "--yes", text=RUBRIC + "# other bytes\n").code == 4
    assert moving(run, sample, "--yes", text=RUBRIC).code == 0
    assert verify(run, sample) == (0, [])
    assert "Rubric small 1.0" in run("show", "march", folder=sample.parent.parent).out


def test_a_moved_file_that_was_changed_stops_marking_and_is_found(run: Run, sample: Path) -> None:
    moving(run, sample, "--yes")
    path = sample / "rubrics" / "small-1.1.yaml"
    path.write_bytes(path.read_bytes().replace(b"It was wrong.", b"It was right."))
    assert sitting(run, sample, "ann").code == 7
    assert verify(run, sample) == (1, [("S004", "error")])
    path.unlink()
    assert verify(run, sample) == (1, [("S004", "error")])


@pytest.mark.parametrize("changed", [{"version": "../../x"}, {"rubric": "other"}, {"from_sha256": "0" * 64},
                                     {"version": "1.0"}])
def test_a_move_written_by_hand_against_the_rules_changes_nothing_and_is_found(
    run: Run, sample: Path, changed: dict[str, object]
) -> None:
    moving(run, sample, "--yes")
    forged(sample, **changed)
    assert verify(run, sample) == (1, [("S033", "error")])
    assert "Rubric small 1.0" in run("show", "march", folder=sample.parent.parent).out


def test_a_line_that_says_another_version_than_its_file_is_found(run: Run, sample: Path) -> None:
    moving(run, sample, "--yes")
    (sample / "rubrics" / "small-1.1.yaml").rename(sample / "rubrics" / "small-2.0.yaml")
    forged(sample, version="2.0")
    assert verify(run, sample) == (1, [("S033", "error")])


def test_a_journal_under_the_new_rubric_without_the_leaders_move_is_refused(
    run: Run, sample: Path, tmp_path: Path
) -> None:
    moving(run, sample, "--yes")
    assert sitting(run, sample, "ann").code == 0
    journal_of(sample).rename(tmp_path / "away.jsonl")
    ran = sitting(run, sample, "ann")
    assert ran.code == 7 and "J007" in ran.err


def test_the_move_is_part_of_the_order_of_changes(run: Run, sample: Path) -> None:
    case = mains(run, sample)[0]
    withdrawing(run, sample, case)
    moving(run, sample, "--yes")
    assert read_journal(journal_of(sample)).lines[-1]["after"] == [
        f"{journal_of(sample).stem}:2"]
    assert verify(run, sample) == (0, [])


def test_a_newer_rubric_in_the_workspace_is_said_and_not_followed(run: Run, sample: Path) -> None:
    folder = sample.parent.parent
    (folder / "rubrics" / "small.yaml").write_text(NEWER, encoding="utf-8", newline="\n")
    ran = sitting(run, sample, "ann")
    assert ran.code == 0 and f"This sample stays on small 1.0; small.yaml is at 1.1 by now ({SAID})." in ran.err
    (folder / "rubrics" / "small.yaml").write_text(RUBRIC + "# a remark\n", encoding="utf-8", newline="\n")
    assert "comments, layout or version alone" in sitting(run, sample, "ann").err
    (folder / "rubrics" / "small.yaml").write_text(RUBRIC, encoding="utf-8", newline="\n")
    assert sitting(run, sample, "ann").err == ""
    (folder / "rubrics" / "small.yaml").write_text(NEWER + "half a line: [", encoding="utf-8", newline="\n")
    assert sitting(run, sample, "ann").err == ""


def test_the_reviewers_book_says_what_is_to_be_marked_again_and_what_it_was(
    run: Run, sample: Path, begun: tuple[str, str, str]
) -> None:
    who, _, other = begun
    moving(run, sample, "--yes")
    assert run("report", folder=sample.parent.parent).code == 0
    rows = cells(sample / "books" / f"{who}.xlsx", "Still to do")
    told = "a mark again, for the rubric was changed; it was 'Fully met' under the earlier version"
    assert (other, "q1", told) in rows


def test_a_case_fact_that_the_draw_did_not_keep_is_said(run: Run, sample: Path) -> None:
    text = NEWER.replace("case_facts:\n", "case_facts:\n  late: {column: Late, type: flag, label: Late}\n")
    assert json.loads(moving(run, sample, "--json", text=text).out)["facts"] == ["late"]
    assert "The draw kept no column for late" in moving(run, sample, text=text).out


def test_an_amendment_after_a_move_is_made_under_the_present_version(
    run: Run, sample: Path, begun: tuple[str, str, str]
) -> None:
    who, signed, _ = begun
    folder = sample.parent.parent
    assert moving(run, sample, "--yes").code == 0
    lines = [{"case": signed, "do": "sign_off"}, {"case": signed, "question": "q1", "mark": "fully_met"}]
    typed = "".join(json.dumps(line) + "\n" for line in lines)
    ran = run("amend", signed, "--sample", "march", "--as", who, "--reason", "q1 means something else now.",
              "--script", "-", typed=typed, folder=folder)
    early, marked = [json.loads(line) for line in ran.out.splitlines()]
    assert early["code"] == "not_finished" and "q1" in early["why"] and marked["saved"], ran.out
    assert marks(run, sample)[signed, "q1"] == ("1.0", True)
    assert assess(run, sample, {"case": signed, "do": "sign_off"}, who=who)[1][0]["saved"]
    assert marks(run, sample)[signed, "q1"] == ("1.1", True)
    assert marks(run, sample)[signed, "q2"] == ("1.1", True)


def test_a_sign_off_taken_back_after_a_move_owes_what_was_touched(
    run: Run, sample: Path, begun: tuple[str, str, str]
) -> None:
    who, signed, _ = begun
    assert moving(run, sample, "--yes").code == 0
    taken, early, marked, again = assess(
        run, sample, {"case": signed, "do": "reopen"}, {"case": signed, "do": "sign_off"},
        {"case": signed, "question": "q1", "mark": "fully_met"}, {"case": signed, "do": "sign_off"}, who=who)[1]
    assert taken["saved"] and "q1" in str(early["why"]) and marked["saved"] and again["saved"]
    assert marks(run, sample)[signed, "q1"] == ("1.1", True)


def test_marks_given_under_a_move_that_came_to_nothing_are_kept_and_asked_again(
    run: Run, laptop: Run, sample: Path, tmp_path: Path, begun: tuple[str, str, str]
) -> None:
    who, _, other = begun
    moving(run, sample, "--yes")
    away = journal_of(sample).rename(tmp_path / "away.jsonl")
    folder = sample.parent.parent
    (folder / "mine.yaml").write_text(NEWER.replace('"1.1"', '"2.0"').replace("It was wrong.", "No."), encoding="utf-8")
    apart = laptop("rubric", "move", "mine.yaml", "--sample", "march", "--reason", "so", "--as", "zoe", "--yes",
                   folder=folder)
    assert apart.code == 0
    # Under zoe's version the reviewer answers q1 again; then the other leader's journal comes in, and counts.
    assert assess(run, sample, {"case": other, "question": "q1", "mark": "fully_met"}, who=who)[1][0]["saved"]
    away.rename(sample / "changes" / "lead.jsonl")
    assert "Rubric small 1.1" in run("show", "march", folder=folder).out
    told = sitting(run, sample, who)
    assert told.code == 0 and "2.0 to 1.1 (descriptors of q1)" in told.err
    assert "Questions to answer again: q1 (1 case)." in told.err
    assert verify(run, sample) == (0, [("S033", "warning")])
    assert assess(run, sample, {"case": other, "question": "q1", "mark": "fully_met"}, who=who)[1][0]["saved"]
    assert marks(run, sample)[other, "q1"] == ("1.1", False)


def test_the_reason_of_a_move_is_no_formula_in_the_report(run: Run, sample: Path) -> None:
    moving(run, sample, "--yes", reason="=1+1")
    assert run("report", folder=sample.parent.parent).code == 0
    book = load_workbook(sample.parent.parent / "reports" / "march-consistency.xlsx")
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert any("moved to 1.1" in str(cell.value) and "=1+1" in str(cell.value)
               for row in book["Method"].iter_rows() for cell in row)
