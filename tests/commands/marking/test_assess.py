"""`cqa assess` opens only the journal it may go on with, and says what it found."""

import json
from pathlib import Path

import pytest

from cqa.files.journal import Journal, read_journal
from tests.casework import Run
from tests.screen.test_script import assess, cases_of


def journal_of(sample: Path, who: str = "ann") -> Path:
    return next(path for path in (sample / "marks").glob(f"{who}.*.jsonl"))


def marked(run: Run, sample: Path, *levels: str, who: str = "ann") -> list[dict[str, object]]:
    """Marks q1 of the reviewer's first case with each level in turn."""
    case = cases_of(sample, who)[0]
    lines = [{"case": case, "question": "q1", "mark": level, "reason": "so", "evidence": "p 2"} for level in levels]
    return assess(run, sample, *lines, who=who)[1]


def script(run: Run, sample: Path, typed: str = "", who: str = "ann") -> tuple[int, str]:
    ran = run("assess", "--sample", "march", "--as", who, "--script", "-", typed=typed, folder=sample.parent.parent)
    return ran.code, ran.err


def exported(run: Run, sample: Path) -> list[tuple[str, str, str]]:
    rows = json.loads(run("export", "march", "--json", folder=sample.parent.parent).out)["rows"]
    return [(row["case_id"], row["question"], row["mark"]) for row in rows]


def test_marks_after_a_first_line_torn_in_the_middle_are_read(run: Run, sample: Path) -> None:
    case = cases_of(sample, "ann")[0]
    marked(run, sample, "fully_met")
    path = journal_of(sample)
    path.write_bytes(path.read_bytes()[:100])
    code, told = script(run, sample)
    assert code == 0 and "J001" in told and "set aside" in told
    assert marked(run, sample, "not_met", "partly_met")[1]["saved"] is True
    assert exported(run, sample) == [(case, "q1", "partly_met")]


def test_a_copy_that_is_longer_stops_before_anything_is_appended(run: Run, sample: Path) -> None:
    marked(run, sample, "fully_met", "not_met")
    path = journal_of(sample)
    whole = path.read_bytes()
    path.with_name("ann (conflict).jsonl").write_bytes(whole)
    shorter = b"".join(whole.splitlines(keepends=True)[:2])
    path.write_bytes(shorter + b'{"at":')
    code, told = script(run, sample)
    assert code == 7 and "J006" in told and "from line 3" in told and "ann (conflict).jsonl" in told
    assert path.read_bytes() == shorter + b'{"at":' and len(list(path.parent.iterdir())) == 2


def test_a_copy_that_parts_from_the_journal_stops_before_anything_is_appended(run: Run, sample: Path) -> None:
    marked(run, sample, "fully_met")
    path = journal_of(sample)
    whole = path.read_bytes()
    other = path.with_name("copy.jsonl")
    other.write_bytes(whole.splitlines(keepends=True)[0])
    with Journal.open(other, lambda: "2026-03-02T09:00:00.000Z") as journal:
        journal.append({"at": "2026-03-02T09:00:00.000Z", "kind": "cleared", "case": "c", "question": "q1"})
    code, told = script(run, sample)
    assert code == 7 and "part ways at line 2" in told and path.read_bytes() == whole


def test_an_equal_copy_is_said_and_ignored(run: Run, sample: Path) -> None:
    marked(run, sample, "fully_met")
    path = journal_of(sample)
    path.with_name("copy.jsonl").write_bytes(path.read_bytes())
    code, told = script(run, sample)
    assert code == 0 and "warning: " in told and "J006" in told and "is ignored" in told
    assert script(run, sample)[0] == 0


@pytest.mark.parametrize("key", ["reviewer", "device"])
def test_a_journal_under_my_name_that_is_another_persons_is_refused(run: Run, sample: Path, key: str) -> None:
    marked(run, sample, "fully_met")
    path = journal_of(sample)
    opened = {name: value for name, value in read_journal(path).lines[0].items() if name not in ("seq", "prev", "seal")}
    path.unlink()
    with Journal.open(path, lambda: "") as journal:
        journal.append({**opened, key: "zoe"})
    before = path.read_bytes()
    code, told = script(run, sample)
    assert code == 7 and "J007" in told and "'zoe'" in told and path.read_bytes() == before


def test_whole_lines_cut_off_the_end_are_said_by_the_device_that_wrote_them(run: Run, sample: Path) -> None:
    marked(run, sample, "fully_met", "not_met")
    path = journal_of(sample)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:2]))
    code, told = script(run, sample)
    assert code == 0 and "J011" in told and "2 lines" in told and "wrote 3" in told
    assert script(run, sample) == (0, "")


def test_a_reviewers_name_may_be_typed_in_any_case(run: Run, sample: Path) -> None:
    assert marked(run, sample, "fully_met")[0]["saved"] is True
    assert script(run, sample, who="ANN") == (0, "")
    assert len(list((sample / "marks").iterdir())) == 1


def put_back(kept: Path, moved: Path) -> None:
    for path in moved.iterdir():
        path.rename(kept / path.name)


def test_what_another_device_did_unseen_never_changes_what_was_signed(
    run: Run, laptop: Run, sample: Path, tmp_path: Path
) -> None:
    case = cases_of(sample, "ann")[0]
    assess(run, sample, {"case": case, "fact": "child", "value": "N"}, {"case": case, "question": "q1",
                                                                          "mark": "fully_met"})
    # The desk does not know yet what the laptop does: its folder is synchronised later.
    away = tmp_path / "away"
    away.mkdir()
    signed = assess(laptop, sample, {"case": case, "question": "q2", "mark": "partly_met", "reason": "so"},
                    {"case": case, "question": "q3", "mark": "fully_met"}, {"case": case, "do": "sign_off"})[1]
    assert signed[-1]["saved"] is True
    before = exported(run, sample)
    theirs = next(path for path in (sample / "marks").iterdir() if b"signed_off" in path.read_bytes())
    theirs.rename(away / theirs.name)
    late = assess(run, sample, {"case": case, "question": "q1", "mark": "not_met", "reason": "x", "evidence": "y"},
                  {"case": case, "question": "q1", "do": "clear"},
                  {"case": case, "question": "q3", "mark": "partly_met", "reason": "z"})[1]
    assert late[0]["saved"] is True
    put_back(sample / "marks", away)
    assert exported(run, sample) == before
    told = run("status", "march", "--json", folder=sample.parent.parent)
    assert told.code == 0 and "J009" in told.err and "What was signed counts" in told.err
    assert assess(run, sample, {"case": case, "question": "q1", "mark": "not_met"})[1][0]["code"] == "signed_off"


def test_a_sign_off_whose_marks_are_not_here_says_so(run: Run, laptop: Run, sample: Path) -> None:
    case = cases_of(sample, "ann")[0]
    assess(run, sample, {"case": case, "fact": "child", "value": "N"}, {"case": case, "question": "q1",
                                                                         "mark": "fully_met"})
    desk = journal_of(sample)
    assess(laptop, sample, {"case": case, "question": "q2", "mark": "fully_met"},
           {"case": case, "question": "q3", "mark": "fully_met"}, {"case": case, "do": "sign_off"})
    desk.unlink()
    told = run("status", "march", folder=sample.parent.parent)
    assert told.code == 0 and "J012" in told.err


def test_a_dispute_is_said_at_the_start_and_settled_by_the_standing_mark(
    run: Run, laptop: Run, sample: Path, tmp_path: Path
) -> None:
    case = cases_of(sample, "ann")[0]
    marked(run, sample, "fully_met")
    desk, away = journal_of(sample), tmp_path / "desk.jsonl"
    desk.rename(away)
    marked(laptop, sample, "not_met")
    away.rename(desk)
    assert "J009" in script(run, sample)[1]
    standing = exported(run, sample)[0][2]
    assert standing in ("fully_met", "not_met")
    again = assess(run, sample, {"case": case, "question": "q1", "mark": standing})[1][0]
    assert again["saved"] is True and script(run, sample) == (0, "")
    assert exported(run, sample) == [(case, "q1", standing)]


def test_three_texts_of_emoji_are_kept_and_the_script_goes_on(run: Run, sample: Path) -> None:
    case, text = cases_of(sample, "ann")[0], "\U0001F600" * 8_000
    code, answers = assess(run, sample,
                           {"case": case, "question": "q1", "mark": "not_met", "reason": text, "evidence": text},
                           {"case": case, "question": "q1", "mark": "not_met", "reason": "\x01" * 5_300,
                            "evidence": "\x01" * 5_300}, {"case": case, "do": "flag"})
    assert code == 0 and [answer["saved"] for answer in answers] == [True, True, True]


def test_a_line_that_no_journal_can_hold_is_refused_and_the_script_goes_on(
    run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = cases_of(sample, "ann")[0]
    monkeypatch.setattr("cqa.marking.chain.MAX_LINE", 1_500)
    code, answers = assess(run, sample, {"case": case, "question": "q1", "mark": "not_met", "reason": "x" * 2_000},
                           {"case": case, "do": "flag"})
    assert code == 0 and [answer.get("code") for answer in answers] == ["too_much", None]


@pytest.mark.parametrize("command", [("status", "--json"), ("export", "--json"), ("status",), ("report",)])
def test_readers_end_with_7_for_damage_inside_after_their_output(
    run: Run, sample: Path, command: tuple[str, ...]
) -> None:
    marked(run, sample, "fully_met", "not_met")
    path = journal_of(sample)
    path.write_bytes(path.read_bytes().replace(b"fully_met", b"partlymet"))
    ran = run(*command, folder=sample.parent.parent)
    assert ran.code == 7 and "J002" in ran.err and ran.out
    if "--json" in command:
        assert json.loads(ran.out)["rows"]


@pytest.mark.parametrize("command", [("status", "--json"), ("export", "--json")])
def test_readers_end_with_7_for_a_fork_and_with_0_for_a_copy(run: Run, sample: Path, command: tuple[str, ...]) -> None:
    marked(run, sample, "fully_met", "not_met")
    path = journal_of(sample)
    copy = path.with_name("copy.jsonl")
    copy.write_bytes(path.read_bytes())
    told = run(*command, folder=sample.parent.parent)
    assert told.code == 0 and "J006" in told.err
    copy.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    with Journal.open(copy, lambda: "") as journal:
        journal.append({"kind": "cleared"})
    assert run(*command, folder=sample.parent.parent).code == 7
