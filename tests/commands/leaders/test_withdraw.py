"""`cqa withdraw` takes a case out with nothing in its place; what was marked there is kept, counted, and said."""

import json
from pathlib import Path

import pytest

from cqa.files.journal import Journal, read_journal
from tests.casework import Ran, Run
from tests.commands.leaders.test_replace import (
    forged,
    journal_of,
    mains,
    replacing,
    reserves,
    role_of,
    show,
    status,
    verify,
)
from tests.screen.test_script import assess


def withdrawing(
    run: Run, sample: Path, case: str, *options: str, reason: str = "sealed by the court", who: str = "Lead"
) -> Ran:
    return run("withdraw", case, "--reason", reason, "--as", who, *options, folder=sample.parent.parent)


def report(run: Run, sample: Path) -> dict[str, object]:
    told: dict[str, object] = json.loads(run("report", "march", "--json", folder=sample.parent.parent).out)
    return told


def once_marked(run: Run, sample: Path) -> dict[str, object]:
    """A main case with one marker, and with nothing to ask of a child."""
    return next(case for case in show(run, sample) if case["role"] == "main" and not case["second_reviewer"])


def sign_off(run: Run, sample: Path, case_id: str, who: str) -> None:
    answers = assess(run, sample, {"case": case_id, "fact": "child", "value": "N"}, *(
        {"case": case_id, "question": question, "mark": "fully_met"} for question in ("q1", "q2", "q3")),
        {"case": case_id, "do": "sign_off"}, who=who)[1]
    assert answers[-1]["saved"] is True


def test_a_withdrawn_case_leaves_the_sample_and_no_reserve_comes_in(run: Run, sample: Path) -> None:
    case, before = mains(run, sample)[0], reserves(run, sample)
    ran = withdrawing(run, sample, case, "--json")
    assert ran.code == 0 and json.loads(ran.out) == {
        "sample": "march", "case": case, "stratum": "Unit 0", "reason": "sealed by the court", "marks": 0, "signed": [],
        "event": json.loads(ran.out)["event"], "at": json.loads(ran.out)["at"]}
    assert role_of(run, sample, case) == "withdrawn" and reserves(run, sample) == before
    assert {case["weight"] for case in show(run, sample) if (case["stratum"], case["role"]) == ("Unit 0", "main")} == {
        20 / 3}
    assert verify(run, sample) == (0, [])
    human = run("show", "march", folder=sample.parent.parent).out
    assert "Withdrawn cases" in human and "sealed by the court" in human and "nobody" in human


def test_the_line_says_why_and_who_had_signed(run: Run, sample: Path) -> None:
    case = mains(run, sample)[0]
    assert withdrawing(run, sample, case, reason="  restricted: see note 4 ").code == 0
    reading = read_journal(journal_of(sample))
    assert not reading.problems and reading.lines[0]["kind"] == "opened"
    assert {key: reading.lines[1][key] for key in ("kind", "case", "reason", "signed", "after")} == {
        "kind": "withdrawn", "case": case, "reason": "restricted: see note 4", "signed": [], "after": []}


def test_status_and_report_count_the_withdrawn_and_the_drawn_stay_drawn(run: Run, sample: Path) -> None:
    case = once_marked(run, sample)
    who, before = str(case["reviewer"]), status(run, sample)
    assert report(run, sample)["coverage"]["withdrawn"] == 0  # type: ignore[index]
    withdrawing(run, sample, str(case["case_id"]))
    after = status(run, sample)
    assert {name for name, row in after.items() if row["withdrawn"]} == {who}
    assert after[who]["drawn"] == before[who]["drawn"] - 1 and sum(row["drawn"] for row in after.values()) == 11
    told = run("status", "march", folder=sample.parent.parent).out
    assert "Withdrawn in march, 1 of 4 main cases (25%) drawn in" in told
    assert any("Reviewer" in line and "Withdrawn" in line for line in told.splitlines())
    assert f"1 of {before[who]['drawn']} main cases" in told and "had been signed off" not in told
    coverage = report(run, sample)["coverage"]
    assert isinstance(coverage, dict)
    assert (coverage["drawn"], coverage["withdrawn"], coverage["withdrawn_signed"]) == (12, 1, 0)
    assert "Withdrawn: 1." in run("report", "march", folder=sample.parent.parent).out


def test_withdrawing_a_signed_off_case_is_allowed_and_said_aloud_everywhere(run: Run, sample: Path) -> None:
    case = once_marked(run, sample)
    case_id, who = str(case["case_id"]), str(case["reviewer"])
    sign_off(run, sample, case_id, who)
    other = next(name for name in mains(run, sample) if name != case_id)
    assert withdrawing(run, sample, other).code == 0
    exported = json.loads(run("export", "march", "--json", folder=sample.parent.parent).out)["rows"]
    ran = withdrawing(run, sample, case_id, "--json")
    assert ran.code == 0 and json.loads(ran.out)["signed"] == [who] and json.loads(ran.out)["marks"] == len(exported)
    assert f"had been signed off by {who}" in ran.err and "1 of 2 withdrawn cases had been signed off" in ran.err
    told = run("export", "march", "--json", folder=sample.parent.parent)
    assert json.loads(told.out)["rows"] == [] and f"{len(exported)} marks on withdrawn cases" in told.err
    assert "1 of 2 withdrawn cases had been signed off" in run("status", folder=sample.parent.parent).out
    found = report(run, sample)
    assert found["coverage"]["withdrawn_signed"] == 1 and found["coverage"]["assessed"] == 0  # type: ignore[index]
    problems = found["problems"]
    assert isinstance(problems, list) and {"S031", "S032"} <= {problem["code"] for problem in problems}
    said = " ".join(run("report", folder=sample.parent.parent).out.split())
    assert "Withdrawn: 2, of which 1 had been signed off." in said
    assert who in run("show", "march", folder=sample.parent.parent).out.split("Withdrawn cases")[1]
    assert verify(run, sample) == (0, [])


def test_a_lost_journal_does_not_make_a_signed_withdrawal_an_innocent_one(run: Run, sample: Path) -> None:
    case = once_marked(run, sample)
    case_id, who = str(case["case_id"]), str(case["reviewer"])
    sign_off(run, sample, case_id, who)
    withdrawing(run, sample, case_id)
    for path in (sample / "marks").glob("*.jsonl"):
        path.unlink()
    assert "1 of 1 withdrawn case had been signed off" in run("status", folder=sample.parent.parent).out


def test_the_reviewer_is_told_whether_or_not_they_had_begun(run: Run, sample: Path) -> None:
    first, second = [case for case in show(run, sample) if case["role"] == "main"][:2]
    who = str(first["reviewer"])
    case_id = str(first["case_id"])
    assess(run, sample, {"case": case_id, "question": "q1", "mark": "fully_met"}, who=who)
    for case in (first, second):
        assert withdrawing(run, sample, str(case["case_id"])).code == 0
    ran = run("assess", "--sample", "march", "--as", who, "--script", "-", folder=sample.parent.parent,
              typed=json.dumps({"case": case_id, "question": "q1", "mark": "not_met"}) + "\n")
    assert json.loads(ran.out)["code"] == "not_assigned"
    assert (f"Case '{case_id}' was withdrawn by lead (sealed by the court). What {who} marked there is kept, and "
            "counts nowhere.") in ran.err
    other = str(second["reviewer"])
    ran = run("assess", "--sample", "march", "--as", other, "--script", "-", folder=sample.parent.parent)
    assert f"Case '{second['case_id']}' was withdrawn by lead (sealed by the court).\n" in ran.err


@pytest.mark.parametrize(("case", "code", "told"), [("elsewhere", 2, "S009"), ("reserve", 4, "S029"),
                                                    ("withdrawn", 4, "S029"), ("replaced", 4, "S029")])
def test_what_cannot_be_withdrawn_is_refused_and_leaves_nothing(
    run: Run, sample: Path, case: str, code: int, told: str
) -> None:
    first, second, *_ = mains(run, sample)
    wanted = {"reserve": reserves(run, sample)[-1], "withdrawn": first, "replaced": second}.get(case, case)
    if case == "elsewhere":
        ran = withdrawing(run, sample, wanted)
        assert not (sample / "changes").exists()
    else:
        withdrawing(run, sample, first)
        replacing(run, sample, second)
        kept = [path.read_bytes() for path in sorted((sample / "changes").iterdir())]
        ran = withdrawing(run, sample, wanted)
        assert [path.read_bytes() for path in sorted((sample / "changes").iterdir())] == kept
    assert ran.code == code and told in ran.err


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 8_001, "\udc80"])
def test_a_reason_is_needed_and_must_be_fit_to_keep(run: Run, sample: Path, reason: str) -> None:
    ran = withdrawing(run, sample, mains(run, sample)[0], reason=reason)
    assert ran.code == 2 and "S018" in ran.err and not (sample / "changes").exists()
    assert run("withdraw", mains(run, sample)[0], "--as", "lead", folder=sample.parent.parent).code == 2


def test_a_withdrawn_case_is_not_replaced_any_more(run: Run, sample: Path) -> None:
    case = mains(run, sample)[0]
    withdrawing(run, sample, case)
    ran = replacing(run, sample, case)
    assert ran.code == 4 and "S022" in ran.err and "withdrawn already" in ran.err


def test_two_leaders_apart_withdraw_a_case_once(run: Run, laptop: Run, sample: Path, tmp_path: Path) -> None:
    case = mains(run, sample)[0]
    withdrawing(run, sample, case, who="ann")
    away = journal_of(sample, "ann").rename(tmp_path / journal_of(sample, "ann").name)
    withdrawing(laptop, sample, case, who="zoe", reason="wrong case")
    away.rename(sample / "changes" / away.name)
    assert role_of(run, sample, case) == "withdrawn" and verify(run, sample) == (0, [("S029", "warning")])
    assert sum(row["withdrawn"] for row in status(run, sample).values()) == 1


def test_a_withdrawal_written_by_hand_of_a_case_that_is_no_main_case_is_found(run: Run, sample: Path) -> None:
    withdrawing(run, sample, mains(run, sample)[0])
    path = journal_of(sample)
    *lines, last = read_journal(path).lines
    path.unlink()
    with Journal.open(path, lambda: "") as journal:
        for line in (*lines, {**last, "case": reserves(run, sample)[0]}):
            journal.append({key: value for key, value in line.items() if key not in ("seq", "prev", "seal")})
    assert verify(run, sample) == (1, [("S029", "error")])
    assert not [case for case in show(run, sample) if case["role"] == "withdrawn"]


def test_figures_still_speak_of_the_whole_stratum(run: Run, sample: Path) -> None:
    for case in show(run, sample):
        if case["role"] == "main":
            sign_off(run, sample, str(case["case_id"]), str(case["reviewer"]))
    before = report(run, sample)["units"]
    gone = mains(run, sample)
    withdrawing(run, sample, gone[0])
    after = report(run, sample)["units"]
    assert isinstance(before, list) and isinstance(after, list)
    assert [(unit["unit"], unit["frame"]) for unit in after] == [(unit["unit"], unit["frame"]) for unit in before]
    assert [unit["cases"] - other["cases"] for unit, other in zip(before, after, strict=True)] == [1, 0, 0]
    for case_id in gone[1:]:
        withdrawing(run, sample, case_id)
    results = report(run, sample)["results"]
    assert isinstance(results, list) and "says nothing of" in results[0]["note"] and "Unit 0" in results[0]["note"]


def test_verify_warns_of_a_withdrawal_that_is_silent_about_an_earlier_sign_off(run: Run, sample: Path) -> None:
    case = once_marked(run, sample)
    sign_off(run, sample, str(case["case_id"]), str(case["reviewer"]))
    withdrawing(run, sample, str(case["case_id"]))
    forged(sample, signed=[])
    assert verify(run, sample) == (0, [("S032", "warning")])
    assert "1 of 1 withdrawn case had been signed off" in run("status", folder=sample.parent.parent).out


def test_a_reason_is_shown_as_it_was_typed_and_is_never_a_command_to_the_screen(run: Run, sample: Path) -> None:
    case = once_marked(run, sample)
    ran = withdrawing(run, sample, str(case["case_id"]), reason="\x1b[2J[red]=1+1")
    shown = run("show", "march", folder=sample.parent.parent)
    told = run("assess", "--sample", "march", "--as", str(case["reviewer"]), "--script", "-",
               folder=sample.parent.parent)
    assert all("\x1b" not in one.out + one.err and "[red]=1+1" in one.out + one.err for one in (ran, shown, told))
