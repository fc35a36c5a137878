"""`cqa assign` hands a case on, or everything of somebody who leaves; earlier marks stay under the first name."""

import json
from pathlib import Path

import pytest

from cqa.files.journal import RealOps, read_journal
from tests.casework import Ran, Run
from tests.commands.leaders.test_replace import forged, journal_of, mains, replacing, reserves, show, status, verify
from tests.commands.leaders.test_withdraw import once_marked, sign_off, withdrawing
from tests.screen.test_script import assess


def assigning(run: Run, sample: Path, *words: str, to: str = "dee", reason: str = "on leave") -> Ran:
    return run("assign", *words, "--to", to, "--reason", reason, "--as", "lead", folder=sample.parent.parent)


def case_of(run: Run, sample: Path, case_id: object) -> dict[str, object]:
    return next(case for case in show(run, sample) if case["case_id"] == case_id)


def owned(run: Run, sample: Path, reviewer: str) -> list[tuple[str, str]]:
    """The main cases of a reviewer in ticket order, with the turn, told by `show`."""
    return [(str(case["case_id"]), turn) for case in show(run, sample) if case["role"] == "main"
            for turn, key in (("first", "reviewer"), ("second", "second_reviewer")) if case[key] == reviewer]


def test_the_new_marker_has_the_case_and_the_old_one_has_not(run: Run, sample: Path) -> None:
    case = once_marked(run, sample)
    case_id, who = str(case["case_id"]), str(case["reviewer"])
    ran = assigning(run, sample, case_id, "--json")
    told = json.loads(ran.out)
    assert ran.code == 0 and (told["sample"], told["to"], told["reason"]) == ("march", "dee", "on leave")
    assert [(one["case"], one["turn"], one["from"], one["marks"]) for one in told["cases"]] == [
        (case_id, "first", who, 0)]
    assert case_of(run, sample, case_id) == {**case, "reviewer": "dee"}
    answer = assess(run, sample, {"case": case_id, "question": "q1", "mark": "fully_met"}, who=who)[1][0]
    assert answer["code"] == "not_assigned"
    code, answers = assess(run, sample, {"case": case_id, "question": "q1", "mark": "fully_met"}, who="Dee")
    assert code == 0 and answers[0]["saved"] is True
    rows = json.loads(run("export", "--json", folder=sample.parent.parent).out)["rows"]
    assert [(row["case_id"], row["reviewer"], row["turn"]) for row in rows] == [(case_id, "dee", "first")]
    assert status(run, sample)["dee"]["drawn"] == 1 and verify(run, sample) == (0, [])
    assert "Cases handed on" in run("show", "march", folder=sample.parent.parent).out
    assert f"1 case from {who} to dee" in run("status", folder=sample.parent.parent).out


def test_the_line_says_from_whom_to_whom_and_why(run: Run, sample: Path) -> None:
    case = once_marked(run, sample)
    assigning(run, sample, str(case["case_id"]))
    reading = read_journal(journal_of(sample))
    line = reading.lines[1]
    assert not reading.problems and {key: line[key] for key in ("kind", "case", "turn", "from", "to", "reason", "after")
                                     } == {"kind": "reassigned", "case": case["case_id"], "turn": "first",
                                           "from": case["reviewer"], "to": "dee", "reason": "on leave", "after": []}


def test_the_second_turn_is_handed_on_by_name_and_the_book_is_the_new_markers(run: Run, sample: Path) -> None:
    case = next(case for case in show(run, sample) if case["second_reviewer"])
    assert assigning(run, sample, str(case["case_id"]), "--turn", "second").code == 0
    assert case_of(run, sample, case["case_id"]) == {**case, "second_reviewer": "dee"}
    assert status(run, sample)["dee"]["second_due"] == 1
    told = json.loads(run("report", "--json", folder=sample.parent.parent).out)
    assert [one["reviewer"] for one in told["reviewers"]] == ["ann", "bob", "cat", "dee"]
    assert (sample / "books" / "dee.xlsx").is_file()


def test_earlier_marks_stay_under_the_first_name_and_count_nowhere(run: Run, sample: Path) -> None:
    case = once_marked(run, sample)
    case_id, who = str(case["case_id"]), str(case["reviewer"])
    assess(run, sample, {"case": case_id, "question": "q1", "mark": "fully_met"}, who=who)
    ran = assigning(run, sample, case_id)
    assert ran.code == 0 and f"{who} has begun case '{case_id}': 1 mark." in ran.err
    exported = run("export", "--json", folder=sample.parent.parent)
    assert json.loads(exported.out)["rows"] == [] and "1 mark on handed-on cases" in exported.err
    told = run("assess", "--sample", "march", "--as", who, "--script", "-", folder=sample.parent.parent)
    assert (f"Case '{case_id}' was handed on to dee by lead (on leave). What {who} marked there is kept, and counts "
            "nowhere.") in told.err
    assert assigning(run, sample, case_id, to=who).code == 0
    rows = json.loads(run("export", "--json", folder=sample.parent.parent).out)["rows"]
    assert [row["reviewer"] for row in rows] == [who]


def test_a_case_that_is_signed_off_is_not_handed_on(run: Run, sample: Path) -> None:
    case = once_marked(run, sample)
    sign_off(run, sample, str(case["case_id"]), str(case["reviewer"]))
    ran = assigning(run, sample, str(case["case_id"]))
    assert ran.code == 4 and "J013" in ran.err and not (sample / "changes").exists()


def test_everything_of_somebody_who_leaves_goes_but_what_is_signed_off(run: Run, sample: Path) -> None:
    before = owned(run, sample, "cat")
    signed = next(case_id for case_id, turn in before if turn == "first")
    sign_off(run, sample, signed, "cat")
    ran = assigning(run, sample, "--all-of", "CAT", "--json")
    told = json.loads(ran.out)
    assert ran.code == 0 and told["signed_off"] == 1
    assert [(one["case"], one["turn"]) for one in told["cases"]] == [place for place in before if place[0] != signed]
    assert owned(run, sample, "cat") == [(signed, "first")] and owned(run, sample, "dee") == [
        place for place in before if place[0] != signed]
    lines = read_journal(journal_of(sample)).lines[1:]
    assert [len(list(line["after"])) for line in lines] == list(range(len(before) - 1))  # type: ignore[call-overload]
    assert verify(run, sample) == (0, [])
    again = assigning(run, sample, "--all-of", "cat")
    assert again.code == 2 and "no case that is not signed off" in again.err


def test_all_that_cannot_be_handed_on_is_told_at_once_and_nothing_is_written(run: Run, sample: Path) -> None:
    both = [case for case in show(run, sample) if {case["reviewer"], case["second_reviewer"]} == {"bob", "cat"}]
    assert len(both) > 1
    ran = assigning(run, sample, "--all-of", "bob", to="cat")
    assert ran.code == 4 and ran.err.count("S030") == len(both) and not (sample / "changes").exists()
    assert all(f"'{case['case_id']}'" in ran.err for case in both)


def people(sample: Path, *rows: str) -> None:
    (sample.parent.parent / "people.csv").write_text("person,role,manager,conflicts\n" + "".join(
        f"{row}\n" for row in rows), encoding="utf-8")


def test_nobody_takes_their_own_case_a_conflict_or_their_staffs_second_mark(run: Run, sample: Path) -> None:
    handled = next(case for case in show(run, sample) if case["role"] == "main" and case["handler"] == "h1")
    own = assigning(run, sample, str(handled["case_id"]), to="H1")
    assert own.code == 4 and "S030" in own.err and "H1's own work" in own.err
    twice = next(case for case in show(run, sample) if case["second_reviewer"])
    people(sample, "dee,reviewer,,h1", f"{twice['handler']},,eve,", "eve,reviewer,,")
    declared = assigning(run, sample, str(handled["case_id"]))
    assert declared.code == 4 and "dee has declared a conflict" in declared.err
    refused = assigning(run, sample, str(twice["case_id"]), "--turn", "second", to="eve")
    assert refused.code == 4 and "eve manages its handler" in refused.err
    assert not (sample / "changes").exists()
    assert assigning(run, sample, str(twice["case_id"]), "--turn", "first", to="eve").code == 0


def test_the_other_marker_cannot_take_it_and_no_second_mark_is_chosen(run: Run, sample: Path) -> None:
    twice = next(case for case in show(run, sample) if case["second_reviewer"])
    ran = assigning(run, sample, str(twice["case_id"]), to=str(twice["second_reviewer"]))
    assert ran.code == 4 and "its second marker" in ran.err
    once = str(once_marked(run, sample)["case_id"])
    ran = assigning(run, sample, once, "--turn", "second")
    assert ran.code == 4 and "did not choose it to be marked twice" in ran.err


@pytest.mark.parametrize(("words", "to", "code", "told"), [
    (("elsewhere",), "dee", 2, "S009"), ((), "dee", 2, "S018"), (("MAIN", "--all-of", "ann"), "dee", 2, "S018"),
    (("--all-of", "ann", "--turn", "first"), "dee", 2, "S018"), (("MAIN",), "../up", 2, "S003"),
    (("MAIN",), "nul", 2, "S003"), (("--all-of", "anm"), "dee", 2, "Did you mean ann?"),
    (("RESERVE",), "dee", 4, "S030"), (("MAIN", "--turn", "third"), "dee", 2, "")])
def test_bad_use_is_refused_and_leaves_nothing(
    run: Run, sample: Path, words: tuple[str, ...], to: str, code: int, told: str
) -> None:
    named = {"MAIN": str(once_marked(run, sample)["case_id"]), "RESERVE": reserves(run, sample)[0]}
    ran = assigning(run, sample, *(named.get(word, word) for word in words), to=to)
    assert ran.code == code and told in ran.err and not (sample / "changes").exists()


def test_a_blank_reason_is_refused(run: Run, sample: Path) -> None:
    assert assigning(run, sample, str(once_marked(run, sample)["case_id"]), reason=" ").code == 2


def test_where_people_csv_names_reviewers_the_new_marker_is_one_of_them_or_of_the_sample(
    run: Run, sample: Path
) -> None:
    case_id = str(once_marked(run, sample)["case_id"])
    people(sample, "Dee-Jones,reviewer,,", "eve,leader,,")
    unknown = assigning(run, sample, case_id, to="dee-jone")
    assert unknown.code == 2 and "S010" in unknown.err and "Did you mean Dee-Jones?" in unknown.err
    assert assigning(run, sample, case_id, to="eve").code == 2
    assert assigning(run, sample, case_id, to="dee-JONES").code == 0
    assert case_of(run, sample, case_id)["reviewer"] == "Dee-Jones"


def test_a_case_out_of_the_sample_is_not_handed_on(run: Run, sample: Path) -> None:
    one, other, *_ = mains(run, sample)
    withdrawing(run, sample, one)
    replacing(run, sample, other)
    for case_id in (one, other):
        ran = assigning(run, sample, case_id)
        assert ran.code == 4 and "S030" in ran.err and "already" in ran.err


def test_a_reserve_that_comes_to_somebody_who_left_is_said(run: Run, sample: Path) -> None:
    due = reserves(run, sample, "Unit 1")[0]
    leaver = str(case_of(run, sample, due)["reviewer"])
    assert assigning(run, sample, "--all-of", leaver).code == 0
    ran = replacing(run, sample, mains(run, sample, "Unit 1")[0])
    assert ran.code == 0 and f"{leaver} is to mark case '{due}', and has handed on every other case" in ran.err
    assert assigning(run, sample, due).code == 0 and verify(run, sample) == (0, [])


@pytest.mark.parametrize("changed", [{"to": "../../up"}, {"to": "bob"}, {"to": None}, {"turn": "both"},
                                     {"from": "cat"}])
def test_a_handing_on_written_by_hand_against_the_rules_is_found_and_changes_nothing(
    run: Run, sample: Path, changed: dict[str, object]
) -> None:
    case = next(case for case in show(run, sample) if case["reviewer"] == "bob" and case["role"] == "main")
    assigning(run, sample, str(case["case_id"]))
    forged(sample, **changed)
    assert case_of(run, sample, case["case_id"]) == case
    assert verify(run, sample) == (1, [("S030", "error")])


def test_two_leaders_apart_hand_one_case_on_once(run: Run, laptop: Run, sample: Path, tmp_path: Path) -> None:
    case_id = str(once_marked(run, sample)["case_id"])
    assigning(run, sample, case_id)
    here = journal_of(sample)
    away = here.rename(tmp_path / here.name)
    ran = laptop("assign", case_id, "--to", "eve", "--reason", "ill", "--as", "zoe", folder=sample.parent.parent)
    assert ran.code == 0
    away.rename(here)
    assert case_of(run, sample, case_id)["reviewer"] == "dee" and verify(run, sample) == (0, [("S030", "warning")])
    told = run("assess", "--sample", "march", "--as", "eve", "--script", "-", folder=sample.parent.parent)
    assert told.code == 2 and "S010" in told.err


def test_a_disk_that_fills_up_in_between_leaves_whole_lines_and_the_rest_can_be_done_again(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, synced = owned(run, sample, "cat"), []

    def failing(self: RealOps, descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) > 3:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(RealOps, "fsync", failing)
        ran = assigning(run, sample, "--all-of", "cat")
    assert ran.code == 5 and "NOT SAVED" in ran.err and ran.out == ""
    assert f"2 of {len(before)} cases were handed on before that" in ran.err
    assert owned(run, sample, "dee") == before[:2]
    assert assigning(run, sample, "--all-of", "cat").code == 0
    assert owned(run, sample, "dee") == before and verify(run, sample) == (0, [])


def test_verify_warns_of_a_case_that_was_handed_on_after_its_sign_off(
    run: Run, laptop: Run, sample: Path, tmp_path: Path
) -> None:
    case = once_marked(run, sample)
    case_id, who = str(case["case_id"]), str(case["reviewer"])
    sign_off(laptop, sample, case_id, who)
    here = next((sample / "marks").iterdir())
    away = here.rename(tmp_path / here.name)
    assert assigning(run, sample, case_id).code == 0
    away.rename(here)
    assert verify(run, sample) == (0, [("S030", "warning")])
    assert "1 of the 1 assessments are signed off" in run("status", folder=sample.parent.parent).err


def test_a_report_with_hidden_names_does_not_name_who_was_passed_over(
    run: Run, laptop: Run, sample: Path, tmp_path: Path
) -> None:
    case_id = str(once_marked(run, sample)["case_id"])
    assigning(run, sample, case_id)
    away = journal_of(sample).rename(tmp_path / "away.jsonl")
    laptop("assign", case_id, "--to", "Eve-Stone", "--reason", "ill", "--as", "zoe", folder=sample.parent.parent)
    away.rename(sample / "changes" / "again.jsonl")
    (sample.parent.parent / "cqa.yaml").write_text("report: {names: hidden}\n", encoding="utf-8")
    told = run("report", "--json", folder=sample.parent.parent).out
    assert "S030" in told and "to somebody else" in told and "eve-stone" not in told.casefold() and "dee" not in told


def test_a_case_that_nobody_was_free_to_mark_is_given_to_somebody_from_outside(run: Run, sample: Path) -> None:
    folder = sample.parent.parent
    draw = ("draw", "export.csv", "--sample", "solo", "--id", "case_id", "--take", "12", "--seed", "8" * 20, "--rubric",
            "small.yaml", "--reviewers", "ann", "--second", "0", "--handled-by", "handler")
    assert run(*draw, folder=folder).code == 0
    cases = json.loads(run("show", "solo", "--json", folder=folder).out)["cases"]
    case_id = next(case["case_id"] for case in cases if case["role"] == "main" and case["reviewer"] is None)
    words = ("--to", "dee", "--reason", "ann's own case", "--sample", "solo", "--as", "lead")
    ran = run("assign", case_id, *words, "--json", folder=folder)
    assert ran.code == 0 and json.loads(ran.out)["cases"][0]["from"] is None
    assert run("verify", "solo", folder=folder).code == 0
    assert "1 case from nobody to dee" in run("status", "solo", folder=folder).out
    assert run("assess", case_id, "--sample", "solo", "--as", "dee", "--script", "-", folder=folder).code == 0
