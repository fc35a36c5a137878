"""`cqa take` makes a folder for one reviewer: nothing of anybody else is in it, and it is marked as the sample is."""

import json
import os
import sys
from pathlib import Path

import pytest

from cqa.files.changes import as_it_stands
from cqa.files.journal import read_journal
from cqa.files.sample_folder import read_sample
from tests.carried import ANN, BOB, CAT, SECRET, cases_to_mark, drawn, files, mark, marking, take
from tests.casework import Run, reseal
from tests.commands.rubrics.test_rubric_move import NEWER


@pytest.fixture
def march(run: Run, workspace: Path) -> Path:
    """The sample, in which Bob has marked and signed everything."""
    sample = drawn(run, workspace)
    mark(run, workspace, BOB, cases_to_mark(run, workspace, BOB))
    return sample


def home(sample: Path) -> Path:
    return sample.parent.parent


def test_a_take_holds_the_reviewers_cases_and_nothing_else(run: Run, march: Path) -> None:
    wanted = cases_to_mark(run, home(march), ANN)
    place = take(run, home(march), ANN)
    assert place == home(march) / f"take-march-{ANN}"
    assert set(files(place)) == {"README.txt", "cqa.yaml", *(f"samples/march/{name}" for name in (
        "plan.yaml", "sample.yaml", "cases.csv", "assignments.csv", "rubrics/small-1.0.yaml"))}
    assert sorted(cases_to_mark(run, place, ANN)) == sorted(wanted)
    assert marking(run, place, ANN, {"case": wanted[0], "question": "q1", "mark": "fully_met"})[0]["saved"]


def test_no_byte_of_a_take_tells_of_the_others(run: Run, march: Path) -> None:
    gone = next(case for case in cases_to_mark(run, home(march), BOB))
    assert run("withdraw", gone, "--sample", "march", "--reason", f"{BOB} knows them", "--as", "gorgonzola",
               folder=home(march)).code == 0
    (home(march) / "newer.yaml").write_text(NEWER, encoding="utf-8", newline="\n")
    assert run("rubric", "move", "newer.yaml", "--sample", "march", "--reason", f"{BOB} could not tell", "--as",
               "gorgonzola", "--yes", folder=home(march)).code == 0
    place = take(run, home(march), CAT)
    theirs = set(cases_to_mark(run, home(march), BOB)) - set(cases_to_mark(run, home(march), CAT))
    assert theirs
    for name, data in files(place).items():
        for word in (BOB, ANN, SECRET, "gorgonzola", *theirs):
            assert word.encode() not in data.lower() and word.lower().encode() not in data.lower(), (name, word)
            assert word.lower() not in name.lower()


def test_a_take_in_the_take_is_marked_under_a_device_of_its_own(run: Run, march: Path) -> None:
    cases = cases_to_mark(run, home(march), ANN)
    mark(run, home(march), ANN, cases[:1])
    before = {name: data for name, data in files(march / "marks").items() if name.startswith(ANN)}
    place = take(run, home(march), ANN)
    marks = place / "samples" / "march" / "marks"
    assert files(marks) == before, "the reviewer's own journal goes along byte for byte"
    mark(run, place, ANN, cases[1:2])
    after = files(marks)
    new = (after.keys() - before.keys()).pop()
    device = new.removeprefix(f"{ANN}.").removesuffix(".jsonl")
    taken = read_sample(place / "samples" / "march").taken
    assert {name: after[name] for name in before} == before
    assert device == f"{next(iter(before)).split('.')[1]}-{taken}" and len(taken) == 8
    assert {line["device"] for line in read_journal(marks / new).lines if line["kind"] == "opened"} == {device}
    standing = json.loads(run("status", "--json", folder=place).out)["rows"]
    assert [(row["reviewer"], row["signed"] + row["second_marked"]) for row in standing] == [(ANN, 2)]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_a_take_is_for_its_owner_alone(run: Run, march: Path) -> None:
    mark(run, home(march), ANN, cases_to_mark(run, home(march), ANN)[:1])
    place = take(run, home(march), ANN)
    assert place.stat().st_mode & 0o777 == 0o700
    marks = place / "samples" / "march" / "marks"
    assert marks.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in marks.iterdir())


def test_verify_says_what_of_a_take_can_be_derived(run: Run, march: Path) -> None:
    place = take(run, home(march), ANN)
    ran = run("verify", folder=place)
    assert ran.code == 0 and not ran.err
    assert "Draw and assignment cannot be derived from a part" in ran.out and "derived again" not in ran.out
    told = json.loads(run("verify", "--json", "--export", str(home(march) / "export.csv"), folder=place).out)
    assert told["ok"] and [problem["code"] for problem in told["problems"]] == ["S035"]
    assert told["checked"]["march"]["draw"] is False


@pytest.mark.parametrize("name", ["cases.csv", "assignments.csv", "plan.yaml", "rubrics/small-1.0.yaml"])
def test_what_was_changed_in_a_take_is_found(run: Run, march: Path, name: str) -> None:
    place = take(run, home(march), ANN)
    path = place / "samples" / "march" / name
    path.write_bytes(path.read_bytes().replace(b"0", b"1", 1))
    ran = run("verify", "--json", folder=place)
    assert ran.code == 1 and "S004" in {problem["code"] for problem in json.loads(ran.out)["problems"]}


def test_a_take_without_an_id_is_refused(run: Run, march: Path) -> None:
    place = take(run, home(march), ANN)
    record = place / "samples" / "march" / "sample.yaml"
    taken = read_sample(record.parent).taken
    reseal(record, record.read_text(encoding="utf-8").replace(f'"{taken}"', '"../../x"'))
    assert run("assess", "--as", ANN, "--script", "-", folder=place).code == 7


@pytest.mark.parametrize("words", [
    ("replace", "CASE", "--reason", "out_of_scope", "--as", "lead"),
    ("withdraw", "CASE", "--reason", "sealed", "--as", "lead"),
    ("assign", "CASE", "--to", BOB, "--reason", "ill", "--as", "lead"),
    ("rubric", "move", "newer.yaml", "--reason", "why", "--as", "lead", "--yes"),
    ("report",), ("report", "--json"), ("take", ANN),
    ("draw", "newer.yaml", "--sample", "march", "--id", "case_id"),
])
def test_everything_but_marking_is_refused_in_a_take(run: Run, march: Path, words: tuple[str, ...]) -> None:
    place = take(run, home(march), ANN)
    (place / "newer.yaml").write_text(NEWER, encoding="utf-8", newline="\n")
    before = files(place)
    case = cases_to_mark(run, place, ANN)[0]
    ran = run(*(case if word == "CASE" else word for word in words), folder=place)
    assert ran.code == 4 and "S035" in ran.err and "taken away for marking" in ran.err
    assert files(place) == before


def test_a_take_follows_the_leaders_changes(run: Run, march: Path) -> None:
    mine = cases_to_mark(run, home(march), ANN)
    marked = json.loads(run("show", "march", "--json", folder=home(march)).out)["cases"]
    gone = next(case["case_id"] for case in marked if case["reviewer"] == ANN and case["role"] == "main")
    leading = ("--sample", "march", "--reason", "sealed", "--as", "lead")
    assert run("withdraw", gone, *leading, folder=home(march)).code == 0
    cats = [case["case_id"] for case in marked if case["reviewer"] == CAT and case["case_id"] not in mine
            and case["role"] == "main"]
    given = next(case for case in cats if run("assign", case, "--to", ANN, *leading, folder=home(march)).code == 0)
    wanted = set(cases_to_mark(run, home(march), ANN))
    assert gone not in wanted and given in wanted
    place = take(run, home(march), ANN)
    assert set(cases_to_mark(run, place, ANN)) == wanted and not (place / "samples" / "march" / "changes").exists()


def test_a_rubric_moved_before_the_take_asks_again_there_as_at_home(run: Run, march: Path) -> None:
    case = cases_to_mark(run, home(march), ANN)[0]
    mark(run, home(march), ANN, [case], sign=False)
    (home(march) / "newer.yaml").write_text(NEWER, encoding="utf-8", newline="\n")
    assert run("rubric", "move", "newer.yaml", "--sample", "march", "--reason", "q1 was unclear", "--as", "lead",
               "--yes", folder=home(march)).code == 0
    place = take(run, home(march), ANN)
    assert set(files(place / "samples" / "march" / "rubrics")) == {"small-1.0.yaml", "small-1.1.yaml"}
    told = run("assess", "--sample", "march", "--as", ANN, "--script", "-", folder=place).err
    assert "The rubric was changed by leader on 2026-03-02: 1.0 to 1.1" in told
    assert "Questions to answer again: q1 (1 case)." in told
    answers = marking(run, place, ANN, {"case": case, "do": "sign_off"},
                      {"case": case, "question": "q1", "mark": "fully_met"}, {"case": case, "do": "sign_off"})
    assert [answer["saved"] for answer in answers] == [False, True, True]
    assert run("verify", folder=place).code == 0


def test_rubrics_moved_apart_govern_a_take_as_they_govern_the_sample(run: Run, laptop: Run, march: Path) -> None:
    for who, text in (("lead", NEWER), ("other", NEWER.replace('"1.1"', '"1.2"').replace("was wrong", "was so wrong"))):
        one = run if who == "lead" else laptop
        (home(march) / f"{who}.yaml").write_text(text, encoding="utf-8", newline="\n")
        hidden = [path.rename(path.with_suffix(".away")) for path in (march / "changes").glob("*.jsonl")]
        assert one("rubric", "move", f"{who}.yaml", "--sample", "march", "--reason", "why", "--as", who, "--yes",
                   folder=home(march)).code == 0
        for path in hidden:
            path.rename(path.with_suffix(".jsonl"))
    place = take(run, home(march), ANN)
    here, there = (as_it_stands(read_sample(folder)).settled for folder in (march, place / "samples" / "march"))
    assert [one.to for one in here.moves] == [one.to for one in there.moves]
    assert [one.to for one in here.moves_apart] == [one.to for one in there.moves_apart] != []


def test_a_folder_that_holds_something_is_left_alone(run: Run, march: Path) -> None:
    there = home(march) / "there"
    there.mkdir()
    assert take(run, home(march), ANN, "--to", "there") == there
    before = files(there)
    ran = run("take", ANN, "--sample", "march", "--to", "there", folder=home(march))
    assert (ran.code, "P003" in ran.err) == (2, True) and files(there) == before


@pytest.mark.parametrize(("person", "told"), [("nobody", "is no reviewer"), ("../x", "is no reviewer")])
def test_unknown_people_are_refused(run: Run, march: Path, person: str, told: str) -> None:
    ran = run("take", person, "--sample", "march", folder=home(march))
    assert ran.code == 2 and told in ran.err
    assert not [path for path in home(march).iterdir() if path.name.startswith("take")]


def test_somebody_without_a_case_has_nothing_to_take(run: Run, march: Path) -> None:
    assert run("assign", "--all-of", CAT, "--to", "newcomer", "--sample", "march", "--reason", "gone", "--as", "lead",
               folder=home(march)).code == 0
    ran = run("take", CAT, "--sample", "march", folder=home(march))
    assert ran.code == 2 and "has no case" in ran.err
    assert take(run, home(march), "NewComer").is_dir()


def test_a_damaged_journal_of_ones_own_stops_the_take(run: Run, march: Path) -> None:
    mark(run, home(march), ANN, cases_to_mark(run, home(march), ANN)[:1])
    journal = next((march / "marks").glob(f"{ANN}.*"))
    journal.write_bytes(journal.read_bytes().replace(b"fully_met", b"fully_mat", 1))
    ran = run("take", ANN, "--sample", "march", folder=home(march))
    assert ran.code == 7 and "J002" in ran.err and not (home(march) / f"take-march-{ANN}").exists()
    assert take(run, home(march), CAT).is_dir(), "somebody else's damage concerns nobody"


@pytest.mark.skipif(sys.platform == "win32" or not hasattr(os, "symlink"), reason="needs links")
def test_no_planted_link_is_followed(run: Run, march: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (home(march) / f"take-march-{ANN}").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert run("take", ANN, "--sample", "march", folder=home(march)).code == 2
    assert not any((tmp_path / "elsewhere").iterdir())


def test_a_disk_that_refuses_leaves_nothing_behind(run: Run, march: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = files(home(march))
    with monkeypatch.context() as patch:
        patch.setattr("cqa.files.taking._put_sample", full)
        ran = run("take", ANN, "--sample", "march", folder=home(march))
    assert (ran.code, "No space left" in ran.err) == (5, True) and files(home(march)) == before
    assert take(run, home(march), ANN).is_dir()


def test_what_the_folder_says_of_itself_is_true(run: Run, march: Path) -> None:
    (home(march) / "cqa.yaml").write_text("organisation: Northmoor\nkeys: {undo: z}\nscreen: plain\n"
                                          "draw: {take: 7}\n", encoding="utf-8", newline="\n")
    place = take(run, home(march), ANN)
    told = (place / "README.txt").read_text(encoding="utf-8")
    assert f"cqa assess --as {ANN}" in told and f"cqa collect {place.name}" in told
    assert max(map(len, told.splitlines())) <= 80
    settings = (place / "cqa.yaml").read_text(encoding="utf-8")
    assert all(word in settings for word in ("Northmoor", 'undo: "z"', "plain")) and "take" not in settings
