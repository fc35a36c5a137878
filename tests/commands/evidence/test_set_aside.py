"""`cqa verify --set-aside`: a reviewer goes on from damage, which is kept and stays in sight."""

import json
from pathlib import Path
from typing import Any

import pytest

from cqa.files.journal import read_journal
from tests.casework import Ran, Run


def assess(run: Run, sample: Path, *lines: dict[str, object], who: str = "ann") -> list[dict[str, Any]]:
    typed = "".join(json.dumps(line) + "\n" for line in lines)
    ran = run("assess", "--sample", "march", "--as", who, "--script", "-", typed=typed, folder=sample.parent.parent)
    assert ran.code in (0, 7), ran.err
    return [json.loads(line) for line in ran.out.splitlines()]


def begin(run: Run, sample: Path) -> Ran:
    return run("assess", "--sample", "march", "--as", "ann", "--script", "-", folder=sample.parent.parent)


def set_aside(run: Run, sample: Path, *options: str) -> Ran:
    return run("verify", "march", "--set-aside", "--as", "ann", *options, folder=sample.parent.parent)


@pytest.fixture
def marked(run: Run, sample: Path) -> tuple[Path, list[str]]:
    """Ann's journal of one mark on each of her three first cases, and these cases."""
    shown = json.loads(run("show", "march", "--json", folder=sample.parent.parent).out)
    cases = [one["case_id"] for one in shown["cases"] if one["reviewer"] == "ann" and one["role"] == "main"][:3]
    told = assess(run, sample, *({"case": case, "question": "q1", "mark": "fully_met"} for case in cases))
    assert all(answer["saved"] for answer in told) and len(told) == 3
    return next((sample / "marks").glob("ann.*.jsonl")), cases


def standing(run: Run, sample: Path) -> dict[str, str]:
    rows = json.loads(run("export", "march", "--json", folder=sample.parent.parent).out)["rows"]
    return {row["case_id"]: row["mark"] for row in rows if row["question"] == "q1" and row["reviewer"] == "ann"}


def test_after_damage_inside_the_reviewer_goes_on_in_the_next_journal(
    run: Run, sample: Path, marked: tuple[Path, list[str]]
) -> None:
    path, cases = marked
    damaged = path.read_bytes().replace(f'"case":"{cases[1]}"'.encode(), f'"case":"{cases[1][:-1]}x"'.encode())
    path.write_bytes(damaged)
    refused = begin(run, sample)
    assert refused.code == 7 and f"{path}:3" in refused.err and "--set-aside" in refused.err
    done = set_aside(run, sample)
    following = path.with_name(path.name.replace(".jsonl", ".2.jsonl"))
    assert done.code == 0 and following.name in done.out and path.read_bytes() == damaged
    first = read_journal(following).lines[0]
    assert (first["kind"], first["follows"]) == ("opened", path.name)
    assert assess(run, sample, {"case": cases[1], "question": "q1", "mark": "not_met"})[0]["event"].endswith(".2:3")
    assert standing(run, sample) == dict(zip(cases, ("fully_met", "not_met", "fully_met"), strict=True))
    assert set_aside(run, sample).out.startswith("No journal of ann's is damaged")


def test_damage_that_its_writer_went_on_from_is_a_warning_to_readers_and_an_error_to_verify(
    run: Run, sample: Path, marked: tuple[Path, list[str]]
) -> None:
    path, cases = marked
    path.write_bytes(path.read_bytes().replace(cases[1].encode(), b"00000", 1))
    folder = sample.parent.parent
    assert run("status", "march", folder=folder).code == 7
    set_aside(run, sample)
    status = run("status", "march", folder=folder)
    assert status.code == 0 and "J002" in status.err and ".2.jsonl" in status.err
    told = run("verify", "march", "--json", folder=folder)
    assert told.code == 7 and {("J002", 3), ("J003", 4)} <= {
        (one["code"], one["line"]) for one in json.loads(told.out)["problems"]}


def test_further_damage_to_a_journal_that_was_gone_on_from_stops_again(
    run: Run, sample: Path, marked: tuple[Path, list[str]]
) -> None:
    path, cases = marked
    path.write_bytes(path.read_bytes().replace(cases[1].encode(), b"00000", 1))
    set_aside(run, sample)
    assert begin(run, sample).code == 0
    path.write_bytes(path.read_bytes().replace(b'"mark":"fully_met"', b'"mark":"not_met"', 1))
    assert begin(run, sample).code == 7
    assert set_aside(run, sample).code == 0 and begin(run, sample).code == 0
    assert len(list((sample / "marks").glob("ann.*.jsonl"))) == 2


def test_a_damaged_last_line_is_moved_beside_the_journal_and_that_is_an_event(
    run: Run, sample: Path, marked: tuple[Path, list[str]]
) -> None:
    path, cases = marked
    whole = path.read_bytes()
    kept = whole[: whole.rstrip(b"\n").rindex(b"\n") + 1]
    path.write_bytes(whole.replace(f'"case":"{cases[2]}"'.encode(), b'"case":"1"'))
    assert begin(run, sample).code == 7
    done = json.loads(set_aside(run, sample, "--json").out)["set_aside"]
    assert [Path(one["kept"]).name for one in done] == [f"{path.name}.torn-{len(kept)}"]
    assert b'"case":"1"' in Path(done[0]["kept"]).read_bytes() and path.read_bytes().startswith(kept)
    assert read_journal(path).lines[-1]["kind"] == "set_aside" and not read_journal(path).problems
    again = begin(run, sample)
    assert again.code == 0 and "J011" in again.err  # this device remembers that the line had been written
    assert standing(run, sample) == dict.fromkeys(cases[:2], "fully_met")


@pytest.mark.parametrize("rewrite", [
    lambda data: data.replace(b"\n", b"\r\n"), lambda data: b"\xef\xbb\xbf" + data,
    lambda data: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"),
    lambda data: data[:900].replace(b"\n", b"\r\n") + data[900:]])
def test_line_ends_that_another_program_changed_are_put_right_and_no_mark_is_lost(
    run: Run, sample: Path, marked: tuple[Path, list[str]], rewrite: Any
) -> None:
    path, cases = marked
    whole, mode = path.read_bytes(), path.stat().st_mode
    path.write_bytes(rewrite(whole))
    refused = begin(run, sample)
    assert refused.code == 7 and "line ends" in refused.err
    assert set_aside(run, sample).code == 0
    assert path.read_bytes().startswith(whole) and path.stat().st_mode == mode
    assert [kept.read_bytes() for kept in path.parent.glob("*.rewritten-*")] == [rewrite(whole)]
    assert begin(run, sample).code == 0 and standing(run, sample) == dict.fromkeys(cases, "fully_met")
    assert run("verify", "march", folder=sample.parent.parent).code == 0


def test_a_damaged_journal_of_another_device_is_gone_on_from_here(
    run: Run, laptop: Run, sample: Path, marked: tuple[Path, list[str]]
) -> None:
    path, cases = marked
    path.write_bytes(path.read_bytes().replace(cases[1].encode(), b"00000", 1))
    assert begin(laptop, sample).code == 7
    assert set_aside(laptop, sample).code == 0 and begin(laptop, sample).code == 0
    assert assess(laptop, sample, {"case": cases[1], "question": "q1", "mark": "not_met"})[0]["saved"]
    assert standing(run, sample) == dict(zip(cases, ("fully_met", "not_met", "fully_met"), strict=True))


def test_line_ends_are_put_right_from_another_device_too(
    run: Run, laptop: Run, sample: Path, marked: tuple[Path, list[str]]
) -> None:
    path, cases = marked
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"\n", b"\r\n"))
    assert set_aside(laptop, sample).code == 0
    assert path.read_bytes() == whole and standing(run, sample) == dict.fromkeys(cases, "fully_met")
    assert begin(run, sample).code == 0 and begin(laptop, sample).code == 0


def test_a_leaders_damaged_journal_of_changes_is_gone_on_from(run: Run, sample: Path) -> None:
    folder = sample.parent.parent
    shown = json.loads(run("show", "march", "--json", folder=folder).out)
    mains = [one["case_id"] for one in shown["cases"] if one["role"] == "main"]
    for case in mains[:2]:
        assert run("withdraw", case, "--sample", "march", "--reason", "sealed", "--as", "lea", folder=folder).code == 0
    (path,) = (sample / "changes").glob("*.jsonl")
    path.write_bytes(path.read_bytes().replace(b'"reason":"sealed"', b'"reason":"opened"', 1))
    assert begin(run, sample).code == 7
    done = run("verify", "march", "--set-aside", "--as", "lea", folder=folder)
    assert done.code == 0 and ".2.jsonl" in done.out
    assert begin(run, sample).code == 0
    assert run("withdraw", mains[0], "--sample", "march", "--reason", "sealed", "--as", "lea", folder=folder).code == 0
    now = json.loads(run("show", "march", "--json", folder=folder).out)
    assert {one["case_id"] for one in now["cases"] if one["role"] == "withdrawn"} == set(mains[:2])


def test_nobody_else_can_set_a_reviewers_damage_aside(
    run: Run, sample: Path, marked: tuple[Path, list[str]]
) -> None:
    path, cases = marked
    path.write_bytes(path.read_bytes().replace(cases[1].encode(), b"00000", 1))
    done = run("verify", "march", "--set-aside", "--as", "bob", folder=sample.parent.parent)
    assert done.code == 0 and "No journal of bob's is damaged" in done.out
    assert begin(run, sample).code == 7
