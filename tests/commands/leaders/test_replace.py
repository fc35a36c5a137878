"""`cqa replace` takes the next reserve and nothing else, keeps it before it says so, and everything sees it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cqa.files.journal import Journal, RealOps, read_journal
from cqa.world import World
from tests.casework import Ran, Run
from tests.screen.test_script import assess


def show(run: Run, sample: Path) -> list[dict[str, object]]:
    ran = run("show", "march", "--json", folder=sample.parent.parent)
    assert ran.code == 0
    cases: list[dict[str, object]] = json.loads(ran.out)["cases"]
    return cases


def role_of(run: Run, sample: Path, case_id: str) -> object:
    return next(case["role"] for case in show(run, sample) if case["case_id"] == case_id)


def mains(run: Run, sample: Path, stratum: str = "Unit 0") -> list[str]:
    return [str(case["case_id"]) for case in show(run, sample) if (case["stratum"], case["role"]) == (stratum, "main")]


def reserves(run: Run, sample: Path, stratum: str = "Unit 0") -> list[str]:
    unused = [case for case in show(run, sample) if (case["stratum"], case["role"]) == (stratum, "reserve")]
    return [str(case["case_id"]) for case in sorted(unused, key=lambda case: int(str(case["rank"])))]


def replacing(run: Run, sample: Path, case: str, *options: str, reason: str = "out_of_scope", who: str = "lead") -> Ran:
    return run("replace", case, "--reason", reason, "--as", who, *options, folder=sample.parent.parent)


def status(run: Run, sample: Path) -> dict[str, dict[str, int]]:
    rows = json.loads(run("status", "march", "--json", folder=sample.parent.parent).out)["rows"]
    return {row["reviewer"]: row for row in rows}


def verify(run: Run, sample: Path) -> tuple[int, list[tuple[str, str]]]:
    ran = run("verify", "march", "--json", folder=sample.parent.parent)
    return ran.code, [(problem["code"], problem["severity"]) for problem in json.loads(ran.out)["problems"]]


def journal_of(sample: Path, who: str = "lead") -> Path:
    return next((sample / "changes").glob(f"{who}.*.jsonl"))


def test_the_next_reserve_takes_the_cases_place(run: Run, sample: Path) -> None:
    before = {case["case_id"]: case for case in show(run, sample)}
    case, due = mains(run, sample)[0], reserves(run, sample)[0]
    ran = replacing(run, sample, case, "--note", "a caution, not a charge", "--json")
    told = json.loads(ran.out)
    assert ran.code == 0 and (told["case"], told["with"], told["stratum"]) == (case, due, "Unit 0")
    after = {one["case_id"]: one for one in show(run, sample)}
    assert (after[case]["role"], after[due]["role"]) == ("replaced", "main")
    assert after[due]["weight"] == before[case]["weight"] and list(after[due]) == list(before[due])
    assert after[due]["reviewer"] == before[due]["reviewer"] == told["reviewer"]
    assert after[due]["second_reviewer"] == told["second"]
    assert bool(told["second"]) == bool(before[case]["second_reviewer"])
    assert verify(run, sample) == (0, [])
    human = run("show", "march", folder=sample.parent.parent).out
    assert "Replaced cases" in human and "out_of_scope" in human and "lead" in human


def test_the_line_is_sealed_and_says_everything(run: Run, sample: Path) -> None:
    case, due = mains(run, sample)[0], reserves(run, sample)[0]
    assert replacing(run, sample, case, "--note", "so").code == 0
    reading = read_journal(journal_of(sample))
    opened, line = reading.lines
    assert not reading.problems and opened["kind"] == "opened" and opened["person"] == "lead"
    assert {key: line[key] for key in ("kind", "case", "with", "stratum", "reason", "note", "rule", "after")} == {
        "kind": "replaced", "case": case, "with": due, "stratum": "Unit 0", "reason": "out_of_scope", "note": "so",
        "rule": "cqa-replace/1", "after": []}
    assert line["reviewer"] and "second" in line


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no such modes")
def test_reviewers_can_read_what_was_replaced(run: Run, sample: Path) -> None:
    mask = os.umask(0o022)
    try:
        assert replacing(run, sample, mains(run, sample)[0]).code == 0
    finally:
        os.umask(mask)
    assert journal_of(sample).stat().st_mode & 0o777 == 0o644
    assert (sample / "changes").stat().st_mode & 0o777 == 0o755


def test_a_reserve_in_use_can_be_replaced_until_none_is_left(run: Run, sample: Path) -> None:
    case, expected = mains(run, sample)[0], reserves(run, sample)
    for due in expected:
        assert json.loads(replacing(run, sample, case, "--json").out)["with"] == due
        case = due
    refused = replacing(run, sample, case)
    assert refused.code == 4 and "S022" in refused.err and "'Unit 0'" in refused.err and "new name" in refused.err
    assert verify(run, sample) == (0, [])


@pytest.mark.parametrize("option", ["--with", "--reserve", "--by", "--rank"])
def test_no_option_chooses_the_reserve(run: Run, sample: Path, option: str) -> None:
    assert replacing(run, sample, mains(run, sample)[0], option, reserves(run, sample)[1]).code == 2
    assert not (sample / "changes").exists()


def forged(sample: Path, **changed: object) -> None:
    """Writes the leader's last line as a careful cheat would: sealed and chained, with other values."""
    path = journal_of(sample)
    *lines, last = read_journal(path).lines
    path.unlink()
    with Journal.open(path, lambda: "") as journal:
        for line in (*lines, {**last, **changed}):
            journal.append({key: value for key, value in line.items() if key not in ("seq", "prev", "seal")})


def test_a_chosen_reserve_written_by_hand_changes_nothing_and_is_found(run: Run, sample: Path) -> None:
    case, chosen = mains(run, sample)[0], reserves(run, sample)[1]
    replacing(run, sample, case)
    forged(sample, **{"with": chosen})
    assert role_of(run, sample, case) == "main" and role_of(run, sample, chosen) == "reserve"
    code, problems = verify(run, sample)
    assert code == 1 and problems == [("S022", "error")]
    assert "does not count" in run("status", "march", folder=sample.parent.parent).err


def test_a_chosen_marker_written_by_hand_is_found(run: Run, sample: Path) -> None:
    replacing(run, sample, mains(run, sample)[0])
    given = read_journal(journal_of(sample)).lines[-1]["reviewer"]
    forged(sample, reviewer=next(name for name in ("ann", "bob", "cat") if name != given))
    assert verify(run, sample) == (1, [("S022", "error")])


@pytest.mark.parametrize(("case", "code", "told"), [("elsewhere", 2, "S009"), ("reserve", 4, "S022"),
                                                    ("replaced", 4, "S022")])
def test_what_cannot_be_replaced_is_refused_and_leaves_nothing(
    run: Run, sample: Path, case: str, code: int, told: str
) -> None:
    first = mains(run, sample)[0]
    if case == "replaced":
        replacing(run, sample, first)
    kept = journal_of(sample).read_bytes() if case == "replaced" else b""
    wanted = {"reserve": reserves(run, sample)[-1], "replaced": first}.get(case, case)
    ran = replacing(run, sample, wanted)
    assert ran.code == code and told in ran.err
    assert (journal_of(sample).read_bytes() if (sample / "changes").exists() else b"") == kept


def test_a_finding_is_no_reason_and_an_unknown_code_names_the_known(run: Run, sample: Path) -> None:
    case = mains(run, sample)[0]
    finding = replacing(run, sample, case, reason="file_missing")
    assert finding.code == 4 and "S023" in finding.err and "a finding, to be recorded as one" in finding.err
    unknown = replacing(run, sample, case, reason="out_of_scop")
    assert unknown.code == 2 and "Did you mean out_of_scope?" in unknown.err and "not_applicable" in unknown.err
    assert not (sample / "changes").exists()


def test_the_settings_say_what_is_a_reason(run: Run, sample: Path) -> None:
    settings = sample.parent.parent / "cqa.yaml"
    settings.write_text("replacement: {reasons: [file_missing, linked_copy], findings: [file_missing, late]}\n",
                        encoding="utf-8")
    case, other, *_ = mains(run, sample)
    assert replacing(run, sample, case, reason="out_of_scope").code == 2
    assert replacing(run, sample, case, reason="late").code == 4
    assert replacing(run, sample, case, reason="linked_copy").code == 0
    assert replacing(run, sample, other, reason="file_missing").code == 0
    settings.write_text("replacement: {reasons: [Out of scope]}\n", encoding="utf-8")
    assert replacing(run, sample, other).code == 3


def test_a_case_that_is_signed_off_stays(run: Run, sample: Path) -> None:
    case = next(case for case in show(run, sample) if (case["stratum"], case["role"]) == ("Unit 1", "main"))
    case_id, who = str(case["case_id"]), str(case["reviewer"])
    signed = assess(run, sample, {"case": case_id, "fact": "child", "value": "N"},
                    {"case": case_id, "question": "q1", "mark": "fully_met"},
                    {"case": case_id, "question": "q2", "mark": "fully_met"},
                    {"case": case_id, "question": "q3", "mark": "fully_met"}, {"case": case_id, "do": "sign_off"},
                    who=who)[1]
    assert signed[-1]["saved"] is True
    ran = replacing(run, sample, case_id)
    assert ran.code == 4 and "J013" in ran.err and who in ran.err


def test_marks_on_a_replaced_case_are_kept_left_out_and_counted(run: Run, sample: Path) -> None:
    case = next(case for case in show(run, sample) if case["role"] == "main")
    case_id, who = str(case["case_id"]), str(case["reviewer"])
    assert assess(run, sample, {"case": case_id, "question": "q1", "mark": "fully_met"}, who=who)[1][0]["saved"]
    ran = replacing(run, sample, case_id, "--json")
    assert ran.code == 0 and f"{who} has begun case '{case_id}'" in ran.err
    due = json.loads(ran.out)
    exported = run("export", "march", "--json", folder=sample.parent.parent)
    assert json.loads(exported.out)["rows"] == [] and "S026" in exported.err and "1 mark on" in exported.err
    answers = assess(run, sample, {"case": case_id, "question": "q1", "mark": "not_met"}, who=who)[1]
    assert answers[0]["code"] == "not_assigned"
    there = assess(run, sample, {"case": due["with"], "question": "q1", "mark": "fully_met"}, who=due["reviewer"])[1]
    assert there[0]["saved"] is True


def test_status_and_report_count_the_replaced(run: Run, sample: Path) -> None:
    case = next(case for case in show(run, sample) if (case["stratum"], case["role"]) == ("Unit 0", "main"))
    before = status(run, sample)
    due = json.loads(replacing(run, sample, str(case["case_id"]), "--json").out)
    after = status(run, sample)
    assert [row["replaced"] for row in before.values()] == [0, 0, 0]
    assert {who for who, row in after.items() if row["replaced"]} == {case["reviewer"]}
    assert sum(row["drawn"] for row in after.values()) == 12
    assert sum(row["second_due"] for row in after.values()) == 6
    assert after[due["reviewer"]]["drawn"] - before[due["reviewer"]]["drawn"] == (due["reviewer"] != case["reviewer"])
    told = run("status", "march", folder=sample.parent.parent).out
    assert "1 of 4 main cases (25%) drawn in Unit 0" in told and "questions the frame" in told
    who = str(case["reviewer"])
    assert f"1 of {before[who]['drawn']} main cases ({1 / before[who]['drawn']:.0%}) that were {who}'s to mark first" \
        in told
    report = json.loads(run("report", "march", "--json", folder=sample.parent.parent).out)
    assert report["coverage"]["replaced"] == 1 and report["coverage"]["drawn"] == 12


def test_who_replaces_is_said_or_remembered_and_needs_no_reviewer(run: Run, world: World, sample: Path) -> None:
    case = mains(run, sample)[0]
    nobody = run("replace", case, "--reason", "out_of_scope", folder=sample.parent.parent)
    assert nobody.code == 2 and "P005" in nobody.err
    assert replacing(run, sample, case, who="a/b").code == 2
    assess(run, sample, who="cat")
    assert run("replace", case, "--reason", "out_of_scope", folder=sample.parent.parent).code == 0
    assert journal_of(sample, "cat").exists()


@pytest.mark.parametrize("note", ["x" * 8_001, "\udc80"])
def test_a_note_that_cannot_be_kept_is_refused(run: Run, sample: Path, note: str) -> None:
    ran = replacing(run, sample, mains(run, sample)[0], "--note", note)
    assert ran.code == 2 and "S018" in ran.err and not (sample / "changes").exists()


def test_two_leaders_apart_come_to_one_result_and_a_warning(
    run: Run, laptop: Run, sample: Path, tmp_path: Path
) -> None:
    one, other, *_ = mains(run, sample)
    replacing(run, sample, one, who="ann")
    here = journal_of(sample, "ann")
    away = here.rename(tmp_path / here.name)
    replacing(laptop, sample, one, who="zoe")
    replacing(laptop, sample, other, who="zoe")
    away.rename(here)
    seen = show(run, sample)
    zoe = journal_of(sample, "zoe")
    zoe.rename(zoe.with_name("a first name.jsonl"))
    assert show(laptop, sample) == seen
    assert verify(run, sample) == (0, [("S022", "warning")])
    assert [role_of(run, sample, case) for case in (one, other)] == ["replaced", "replaced"]


def test_a_torn_tail_is_set_aside_by_the_next_replacement(run: Run, sample: Path) -> None:
    one, other, *_ = mains(run, sample)
    replacing(run, sample, one)
    path = journal_of(sample)
    path.write_bytes(path.read_bytes() + b'{"at":"2026')
    told = run("show", "march", "--json", folder=sample.parent.parent)
    assert told.code == 0 and "J001" in told.err
    ran = replacing(run, sample, other)
    assert ran.code == 0 and "J001" in ran.err and verify(run, sample) == (0, [])


def test_a_replacement_cut_off_the_journal_is_said_by_the_device_that_wrote_it(run: Run, sample: Path) -> None:
    one, other, *_ = mains(run, sample)
    replacing(run, sample, one)
    path = journal_of(sample)
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    ran = replacing(run, sample, other)
    assert ran.code == 0 and "J011" in ran.err


@pytest.mark.parametrize("command", [("show", "march", "--json"), ("status", "--json"), ("export", "--json"),
                                     ("report", "--json"), ("verify", "march", "--json")])
def test_damage_inside_is_exit_7_after_the_output(run: Run, sample: Path, command: tuple[str, ...]) -> None:
    one, other, *_ = mains(run, sample)
    replacing(run, sample, one)
    replacing(run, sample, other)
    path = journal_of(sample)
    path.write_bytes(path.read_bytes().replace(b"out_of_scope", b"out-of-scope", 1))
    ran = run(*command, folder=sample.parent.parent)
    assert ran.code == 7 and json.loads(ran.out)
    kept = path.read_bytes()
    assert replacing(run, sample, mains_of(sample)).code == 7 and path.read_bytes() == kept
    assert run("assess", "--sample", "march", "--as", "ann", "--script", "-", folder=sample.parent.parent).code == 7


def mains_of(sample: Path) -> str:
    """A main case as drawn, told without cqa."""
    lines = (sample / "cases.csv").read_text(encoding="utf-8").splitlines()
    return next(line.split(",")[0] for line in lines if ",main," in line)


def test_a_journal_from_another_sample_is_refused(run: Run, sample: Path) -> None:
    one, other, *_ = mains(run, sample)
    replacing(run, sample, one)
    path = journal_of(sample)
    opened = {key: value for key, value in read_journal(path).lines[0].items() if key not in ("seq", "prev", "seal")}
    path.unlink()
    with Journal.open(path, lambda: "") as journal:
        journal.append({**opened, "frame": "another"})
    ran = replacing(run, sample, other)
    assert ran.code == 7 and "J007" in ran.err


def test_a_second_run_beside_an_open_one_is_exit_6(run: Run, sample: Path) -> None:
    one, other, *_ = mains(run, sample)
    replacing(run, sample, one)
    with Journal.open(journal_of(sample), lambda: ""):
        ran = replacing(run, sample, other)
    assert ran.code == 6 and "J005" in ran.err


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A disk that syncs the opened line and nothing after it."""
    synced: list[int] = []

    def failing(self: RealOps, descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) > 1:
            raise OSError(28, "No space left on device")
        os.fsync(descriptor)

    monkeypatch.setattr(RealOps, "fsync", failing)
    yield
    monkeypatch.undo()


def test_what_is_not_on_the_disk_is_not_acknowledged(run: Run, sample: Path, full_disk: None) -> None:
    case = mains(run, sample)[0]
    ran = replacing(run, sample, case, "--json")
    assert ran.code == 5 and ran.out == "" and "NOT SAVED" in ran.err
    assert role_of(run, sample, case) == "main"


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_killed_command_leaves_its_replacement_or_nothing(run: Run, sample: Path, tmp_path: Path) -> None:
    case, due = mains(run, sample)[0], reserves(run, sample)[0]
    environment = {**os.environ, "CQA_HOME": str(tmp_path / "other")}
    for wait in (0.15, 0.25, 0.35, 0.5):
        child = subprocess.Popen(
            [sys.executable, "-m", "cqa", "replace", case, "--reason", "out_of_scope", "--as", "lead"],
            cwd=sample.parent.parent, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            out, _ = child.communicate(timeout=wait)
        except subprocess.TimeoutExpired:
            child.kill()
            out, _ = child.communicate()
        assert role_of(run, sample, case) == "replaced" or not out
        assert role_of(run, sample, due) == ("main" if role_of(run, sample, case) == "replaced" else "reserve")
        assert verify(run, sample)[0] == 0
