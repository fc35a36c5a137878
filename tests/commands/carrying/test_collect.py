"""`cqa collect` joins what is brought back with what is here: it overwrites nothing, and gives each a receipt."""

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from cqa.files.journal import Journal, read_journal
from tests.carried import ANN, BOB, cases_to_mark, drawn, files, mark, marking, take
from tests.casework import Ran, Run
from tests.files.test_marks import stamp


@pytest.fixture
def march(run: Run, workspace: Path) -> Path:
    return drawn(run, workspace)


def home(sample: Path) -> Path:
    return sample.parent.parent


def collect(run: Run, march: Path, *folders: Path | str, code: int = 0) -> list[dict[str, Any]]:
    ran = run("collect", *map(str, folders), "--json", folder=home(march))
    assert ran.code == code, ran.err
    told = json.loads(ran.out)
    assert list(told) == ["by", "account", "at", "taken", "journals", "problems"]
    assert told["taken"] == sum(one["what"] in ("new", "longer") for one in told["journals"])
    listed: list[dict[str, Any]] = told["journals"]
    return listed


def what(receipts: list[dict[str, Any]]) -> list[tuple[str, int, int]]:
    return [(one["what"], one["before"], one["after"]) for one in receipts]


@pytest.fixture
def away(run: Run, march: Path) -> Path:
    """Ann's take, in which she has marked one case."""
    place = take(run, home(march), ANN)
    mark(run, place, ANN, cases_to_mark(run, place, ANN)[:1])
    return place


def only_journal(place: Path) -> Path:
    return next(place.rglob("marks/*.jsonl"))


def test_a_take_comes_back_grows_and_is_known_the_second_time(run: Run, march: Path, away: Path) -> None:
    count = len(read_journal(only_journal(away)).lines)
    receipt, = collect(run, march, away)
    assert what([receipt]) == [("new", 0, count)]
    assert (receipt["reviewer"], receipt["sample"], receipt["lines"]) == (ANN, "march", count)
    assert receipt["seal"] == read_journal(only_journal(away)).lines[-1]["seal"]
    assert files(march / "marks") == files(only_journal(away).parent)
    assert what(collect(run, march, away)) == [("known", count, count)]
    mark(run, away, ANN, cases_to_mark(run, away, ANN)[1:2])
    more = len(read_journal(only_journal(away)).lines)
    assert what(collect(run, march, away)) == [("longer", count, more)]
    assert files(march / "marks") == files(only_journal(away).parent)
    assert run("verify", folder=home(march)).code == 0


@pytest.mark.parametrize("form", ["take", "sample", "bare", "file", "zip", "zip of journals", "stick"])
def test_whatever_form_it_comes_in(run: Run, march: Path, away: Path, tmp_path: Path, form: str) -> None:
    journal, bare = only_journal(away), tmp_path / "bare"
    bare.mkdir()
    shutil.copy(journal, bare / "any name at all.jsonl")
    with zipfile.ZipFile(tmp_path / "whole.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in away.rglob("*"):
            archive.write(path, path.relative_to(away.parent))
    with zipfile.ZipFile(tmp_path / "some.zip", "w") as archive:
        archive.write(journal, "../../ann's marks.jsonl")
    place = {"take": away, "sample": away / "samples" / "march", "bare": bare, "file": bare / "any name at all.jsonl",
             "zip": tmp_path / "whole.zip", "zip of journals": tmp_path / "some.zip", "stick": away.parent}[form]
    assert [one["what"] for one in collect(run, march, place)] == ["new"]
    assert list(files(march / "marks")) == [journal.name], "by its content, never by the name it came under"
    assert (march / "marks" / journal.name).read_bytes() == journal.read_bytes()


def test_two_copies_of_one_journal_are_one_journal(run: Run, march: Path, away: Path, tmp_path: Path) -> None:
    older = tmp_path / "older.jsonl"
    shutil.copy(only_journal(away), older)
    mark(run, away, ANN, cases_to_mark(run, away, ANN)[1:2])
    receipts = collect(run, march, older, away)
    assert [one["what"] for one in receipts] == ["shorter", "longer" if receipts[0]["before"] else "new"]
    assert {one["after"] for one in receipts} == {len(read_journal(only_journal(away)).lines)}


def test_a_journal_that_is_shorter_than_here_takes_nothing_away(run: Run, march: Path, away: Path,
                                                               tmp_path: Path) -> None:
    older = tmp_path / "older.jsonl"
    shutil.copy(only_journal(away), older)
    mark(run, away, ANN, cases_to_mark(run, away, ANN)[1:2])
    collect(run, march, away)
    before = files(march)
    assert [one["what"] for one in collect(run, march, older)] == ["shorter"] and files(march) == before


def forked(run: Run, away: Path, tmp_path: Path) -> Path:
    """A copy of the take, in which another mark was given than in the take."""
    other = tmp_path / "other"
    shutil.copytree(away, other)
    case = cases_to_mark(run, away, ANN)[1]
    for place, level in ((away, "fully_met"), (other, "partly_met")):
        marking(run, place, ANN, {"case": case, "question": "q1", "mark": level, "reason": "so"})
    return other


def test_a_fork_is_not_taken_and_both_stay(run: Run, march: Path, away: Path, tmp_path: Path) -> None:
    parts = len(read_journal(only_journal(away)).lines)
    other = forked(run, away, tmp_path)
    collect(run, march, away)
    bobs = take(run, home(march), BOB)
    mark(run, bobs, BOB, cases_to_mark(run, bobs, BOB)[:1])
    before, brought = files(march / "marks"), files(other)
    receipts = collect(run, march, other, bobs, code=7)
    assert sorted(one["what"] for one in receipts) == ["forked", "new"], "what can be taken is taken"
    after = files(march / "marks")
    assert {name: after[name] for name in before} == before and files(other) == brought
    ran = run("collect", str(other), folder=home(march))
    # The opened line of the copy's next sitting is the first that differs.
    assert ran.code == 7 and f":{parts + 1} J006" in ran.err and f"part ways at line {parts + 1}" in ran.err
    assert "both are kept" in ran.out


def test_two_copies_that_part_are_neither_taken(run: Run, march: Path, away: Path, tmp_path: Path) -> None:
    other = forked(run, away, tmp_path)
    assert [one["what"] for one in collect(run, march, away, other, code=7)] == ["forked", "forked"]
    assert files(march / "marks") == {}


def test_a_damaged_journal_is_not_taken_and_its_line_is_named(run: Run, march: Path, away: Path) -> None:
    journal = only_journal(away)
    journal.write_bytes(journal.read_bytes().replace(b"fully_met", b"partly_met", 1))
    bad = next(number for number, line in enumerate(journal.read_bytes().splitlines(), start=1)
               if b"partly_met" in line)
    ran = run("collect", str(away), "--json", folder=home(march))
    told = json.loads(ran.out)
    assert ran.code == 7 and [one["what"] for one in told["journals"]] == ["damaged"]
    assert next((problem["code"], problem["line"], problem["where"]) for problem in told["problems"]) == (
        "J021", bad, str(journal))
    assert files(march / "marks") == {}


def test_line_ends_that_a_mail_program_changed_are_named_as_such(run: Run, march: Path, away: Path) -> None:
    journal = only_journal(away)
    journal.write_bytes(journal.read_bytes().replace(b"\n", b"\r\n"))
    ran = run("collect", str(away), folder=home(march))
    assert ran.code == 7 and "changed the line ends" in ran.err and "as a zip" in ran.err


def test_of_a_torn_journal_the_whole_lines_are_taken(run: Run, march: Path, away: Path) -> None:
    journal = only_journal(away)
    whole = journal.read_bytes()
    journal.write_bytes(whole + b'{"at":"2026-03-02T')
    ran = run("collect", str(away), folder=home(march))
    assert ran.code == 0 and "J023" in ran.err and (march / "marks" / journal.name).read_bytes() == whole


def test_a_torn_line_here_is_written_whole_from_the_copy(run: Run, march: Path, away: Path) -> None:
    whole = only_journal(away).read_bytes()
    here = march / "marks" / only_journal(away).name
    here.parent.mkdir(exist_ok=True)
    here.write_bytes(whole[:-50])
    assert [one["what"] for one in collect(run, march, away)] == ["longer"]
    assert here.read_bytes() == whole and list(files(march / "marks")) == [here.name]


def test_a_damaged_journal_here_is_not_added_to_and_may_be_restored_by_what_is_brought(
    run: Run, march: Path, away: Path, tmp_path: Path
) -> None:
    collect(run, march, away)
    here = march / "marks" / only_journal(away).name
    here.write_bytes(here.read_bytes().replace(b"fully_met", b"partly_met", 1))
    damaged = here.read_bytes()
    ran = run("collect", str(away), folder=home(march))
    assert ran.code == 7 and here.read_bytes() == damaged and "collect again: then all of them are taken" in ran.err
    shutil.move(here, tmp_path / "aside")
    assert [one["what"] for one in collect(run, march, away)] == ["new"] and run("verify", folder=home(march)).code == 0


def test_a_journal_that_is_open_is_in_use(run: Run, march: Path, away: Path) -> None:
    collect(run, march, away)
    mark(run, away, ANN, cases_to_mark(run, away, ANN)[1:2])
    here = march / "marks" / only_journal(away).name
    before = here.read_bytes()
    with Journal.open(here, stamp):
        assert [one["what"] for one in collect(run, march, away, code=6)] == ["in use"]
    assert here.read_bytes() == before
    assert [one["what"] for one in collect(run, march, away)] == ["longer"]


def test_a_disk_that_refuses_is_exit_5_and_the_others_are_taken(
    run: Run, march: Path, away: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bobs = take(run, home(march), BOB)
    mark(run, bobs, BOB, cases_to_mark(run, bobs, BOB)[:1])
    real = Journal._write

    def full(journal: Journal, line: bytes) -> None:
        if journal.path.name.startswith(ANN):
            raise OSError(28, "No space left on device")
        real(journal, line)

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "_write", full)
        receipts = collect(run, march, away, bobs, code=5)
    assert sorted(one["what"] for one in receipts) == ["new", "not saved"]
    assert sorted(one["what"] for one in collect(run, march, away, bobs)) == ["known", "new"]


def another(line: dict[str, object], changed: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in {**line, **changed}.items() if key not in ("seq", "prev", "seal")}


@pytest.mark.parametrize(("changed", "told"), [
    ({"sample": "april"}, "It is of a sample 'april' that is not in this workspace."),
    ({"drawn_at": "2025"}, "drawn at another time or from another frame that is not in this workspace"),
    ({"reviewer": "zed"}, "'zed' does not mark in sample 'march'."),
    ({"reviewer": "../../up"}, "does not mark in sample"),
    ({"device": "../../up"}, "'../../up' is no device of cqa's."),
    ({"device": "0.1.2"}, "is no device"),
    ({"rubric_sha256": "0" * 64}, "under a rubric that sample 'march' never had"),
])
def test_what_belongs_to_nothing_here_is_said_and_not_taken(
    run: Run, march: Path, away: Path, tmp_path: Path, changed: dict[str, object], told: str
) -> None:
    lines = read_journal(only_journal(away)).lines
    with Journal.open(tmp_path / "x.jsonl", stamp) as journal:
        for line in lines:
            journal.append(another(dict(line), changed if line["kind"] == "opened" else {}))
    before = files(home(march))
    ran: Ran = run("collect", str(tmp_path / "x.jsonl"), folder=home(march))
    assert ran.code == 0 and told in ran.err and "J020" in ran.err and files(home(march)) == before


def test_sittings_of_two_people_in_one_file_are_damage(run: Run, march: Path, away: Path, tmp_path: Path) -> None:
    opened = read_journal(only_journal(away)).lines[0]
    with Journal.open(tmp_path / "x.jsonl", stamp) as journal:
        for who in (ANN, BOB):
            journal.append(another(dict(opened), {"reviewer": who}))
    assert run("collect", str(tmp_path / "x.jsonl"), folder=home(march)).code == 7
    assert files(march / "marks") == {}


def test_leaders_changes_are_not_marks(run: Run, march: Path, away: Path) -> None:
    case = cases_to_mark(run, home(march), BOB)[0]
    assert run("withdraw", case, "--reason", "sealed", "--as", "lead", folder=home(march)).code == 0
    mark(run, home(march), BOB, cases_to_mark(run, home(march), BOB)[:1])
    assert [one["what"] for one in collect(run, march, home(march))] == ["known", "new"], "itself, and the take in it"


def test_a_file_of_somebody_else_in_the_place_is_not_overwritten(run: Run, march: Path, away: Path) -> None:
    here = march / "marks" / only_journal(away).name
    here.parent.mkdir(exist_ok=True)
    with Journal.open(here, stamp) as journal:
        journal.append({"kind": "opened", "reviewer": BOB, "device": "0"})
    before = here.read_bytes()
    assert [one["what"] for one in collect(run, march, away, code=7)] == ["in the way"] and here.read_bytes() == before


def test_a_script_or_an_empty_folder_is_no_journal(run: Run, march: Path, tmp_path: Path) -> None:
    assert run("collect", str(tmp_path), folder=home(march)).code == 3
    (tmp_path / "script.jsonl").write_text('{"case":"1","question":"q1","mark":"fully_met"}\n', encoding="utf-8")
    ran = run("collect", str(tmp_path / "script.jsonl"), folder=home(march))
    assert ran.code == 0 and "no journal of marks" in ran.err
    ran = run("collect", "nowhere", "neither.zip", folder=home(march))
    assert ran.code == 3 and ran.err.count("J022") == 2


def test_nothing_is_collected_into_a_take(run: Run, march: Path, away: Path) -> None:
    ran = run("collect", ".", folder=away)
    assert ran.code == 4 and "S035" in ran.err


def test_a_sample_that_cannot_be_read_does_not_stop_the_others(run: Run, march: Path, away: Path) -> None:
    shutil.copytree(march, march.with_name("broken"))
    (march.with_name("broken") / "plan.yaml").write_bytes(b"x")
    assert [one["what"] for one in collect(run, march, away, code=7)] == ["new"]


def test_what_is_said_shows_no_control_character_of_a_file(run: Run, march: Path, away: Path, tmp_path: Path) -> None:
    lines = read_journal(only_journal(away)).lines
    with Journal.open(tmp_path / "x.jsonl", stamp) as journal:
        journal.append(another(dict(lines[0]), {"sample": "\x1b]0;gone\x07", "reviewer": "[/red]\x1b[2J"}))
    ran = run("collect", str(tmp_path / "x.jsonl"), folder=home(march))
    assert ran.code == 0 and "\x1b" not in ran.out + ran.err and "[/red]" in ran.out


def damaged(journal: Path) -> int:
    """Changes a mark in the middle of a journal; gives the number of its line."""
    lines = journal.read_bytes().splitlines(keepends=True)
    place = next(number for number, line in enumerate(lines) if b'"question":"q2"' in line)
    lines[place] = lines[place].replace(b"fully_met", b"fully_mat")
    journal.write_bytes(b"".join(lines))
    return place + 1


def set_aside(run: Run, away: Path) -> None:
    """Ann goes on from the damage in her take, and marks one more case."""
    assert run("verify", "march", "--set-aside", "--as", ANN, folder=away).code == 0
    mark(run, away, ANN, cases_to_mark(run, away, ANN)[1:2])


def test_a_damaged_journal_that_its_reviewer_went_on_beside_is_taken_as_it_is(
    run: Run, march: Path, away: Path
) -> None:
    line = damaged(only_journal(away))
    set_aside(run, away)
    ran = run("collect", str(away), "--json", folder=home(march))
    told = json.loads(ran.out)
    assert ran.code == 0 and [one["what"] for one in told["journals"]] == ["new", "new"]
    assert ("J021", "warning", line) in [(one["code"], one["severity"], one["line"]) for one in told["problems"]]
    assert files(march / "marks") == files(only_journal(away).parent)
    assert [one["what"] for one in collect(run, march, away)] == ["known", "known"]
    here, there = (json.loads(run("export", "--json", folder=folder).out)["rows"] for folder in (home(march), away))
    facts = ("case_id", "question", "mark", "signed", "at")
    assert [[row[fact] for fact in facts] for row in here] == [[row[fact] for fact in facts] for row in there] != []
    assert run("verify", folder=home(march)).code == run("verify", folder=away).code


def test_damage_that_was_done_after_it_was_set_aside_is_not_taken(run: Run, march: Path, away: Path) -> None:
    journal = only_journal(away)
    damaged(journal)
    set_aside(run, away)
    journal.write_bytes(journal.read_bytes().replace(b"page 2", b"page 3"))
    assert sorted(one["what"] for one in collect(run, march, away, code=7)) == ["damaged", "new"]
    assert journal.name not in files(march / "marks")


def test_a_damaged_copy_of_a_whole_journal_here_changes_nothing(run: Run, march: Path, away: Path) -> None:
    collect(run, march, away)
    whole = files(march / "marks")
    damaged(only_journal(away))
    set_aside(run, away)
    assert sorted(one["what"] for one in collect(run, march, away, code=7)) == ["forked", "new"]
    assert {name: files(march / "marks")[name] for name in whole} == whole
