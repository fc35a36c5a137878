"""Anchors: against one that somebody else kept, a journal that was cut off or written anew shows."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from cqa.files.anchors import anchor_of, read_anchors
from cqa.files.sample_folder import read_sample
from cqa.marking.chain import START, encode
from tests.casework import Run


@pytest.fixture
def anchored(run: Run, sample: Path) -> Path:
    """A consistency report of a sample in which ann has marked five times, kept elsewhere."""
    folder = sample.parent.parent
    shown = json.loads(run("show", "march", "--json", folder=folder).out)
    case = next(one["case_id"] for one in shown["cases"] if one["reviewer"] == "ann" and one["role"] == "main")
    levels = ("fully_met", "partly_met", "not_met", "fully_met", "not_met")
    typed = "".join(json.dumps({"case": case, "question": "q1", "mark": level}) + "\n" for level in levels)
    assert run("assess", "--sample", "march", "--as", "ann", "--script", "-", typed=typed, folder=folder).code == 0
    assert run("report", "march", folder=folder).code == 0
    return Path(shutil.copy(folder / "reports" / "march-consistency.xlsx", folder / "kept.xlsx"))


def verify(run: Run, sample: Path, anchor: Path) -> tuple[int, list[dict[str, Any]]]:
    ran = run("verify", "march", "--anchor", str(anchor), "--json", folder=sample.parent.parent)
    return ran.code, json.loads(ran.out)["problems"]


def journal(sample: Path) -> Path:
    return next((sample / "marks").glob("ann.*.jsonl"))


def test_what_only_grew_since_agrees_with_its_anchor(run: Run, sample: Path, anchored: Path) -> None:
    assert verify(run, sample, anchored) == (0, [])
    assert run("assess", "--sample", "march", "--as", "ann", "--script", "-", folder=sample.parent.parent).code == 0
    assert verify(run, sample, anchored) == (0, [])
    said = run("verify", "march", "--anchor", str(anchored), folder=sample.parent.parent).out
    assert "1 journal held against an anchor" in said
    assert "only an anchor shows" in run("verify", "march", folder=sample.parent.parent).out


def test_lines_cut_off_the_end_are_found(run: Run, sample: Path, anchored: Path) -> None:
    path = journal(sample)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-2]))
    assert run("verify", "march", folder=sample.parent.parent).code == 0
    code, problems = verify(run, sample, anchored)
    assert code == 7 and [one["code"] for one in problems] == ["J016"] and "line 6 is missing" in problems[0]["message"]


def test_a_journal_written_anew_with_good_seals_is_found(run: Run, sample: Path, anchored: Path) -> None:
    path = journal(sample)
    data, prev = b"", START
    for seq, raw in enumerate(path.read_bytes().splitlines(), start=1):
        said = {key: value for key, value in json.loads(raw).items() if key not in ("seq", "prev", "seal")}
        said = {**said, "mark": "fully_met"} if said.get("mark") else said
        data += (line := encode(said, seq, prev))
        prev = line[-35:-3].decode()
    path.write_bytes(data)
    assert run("verify", "march", folder=sample.parent.parent).code == 0
    code, problems = verify(run, sample, anchored)
    assert code == 7 and "written anew" in problems[0]["message"] and problems[0]["line"] == 6


def test_a_journal_that_is_gone_is_found(run: Run, sample: Path, anchored: Path) -> None:
    journal(sample).unlink()
    code, problems = verify(run, sample, anchored)
    assert code == 7 and "not here" in problems[0]["message"]


def test_a_journal_that_cannot_be_read_is_not_said_to_be_gone(run: Run, sample: Path, anchored: Path) -> None:
    path = journal(sample)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    code, problems = verify(run, sample, anchored)
    assert code == 7 and [one["code"] for one in problems] == ["J008", "J016"] and "is here" in problems[1]["message"]


def test_a_reviewers_book_holds_the_anchor_of_their_own_journals_alone(run: Run, sample: Path, anchored: Path) -> None:
    assert verify(run, sample, sample / "books" / "ann.xlsx") == (0, [])
    code, problems = verify(run, sample, sample / "books" / "bob.xlsx")
    assert (code, problems) == (0, [])
    journal(sample).unlink()
    assert verify(run, sample, sample / "books" / "ann.xlsx")[0] == 7
    assert verify(run, sample, sample / "books" / "bob.xlsx")[0] == 0


def test_an_anchor_may_be_kept_as_text_among_other_words(run: Run, sample: Path, anchored: Path) -> None:
    anchor = anchor_of(read_sample(sample))
    note = sample.parent.parent / "note.txt"
    note.write_text("Noted on 2 March:\n  " + "\n  ".join(anchor.lines) + "\nB. Witness\n", encoding="utf-8")
    assert read_anchors(note.read_text(encoding="utf-8").splitlines()) == (anchor,)
    assert verify(run, sample, note) == (0, [])


@pytest.mark.parametrize(("text", "told"), [
    ("nothing", "holds no anchor"), ("sample april " + "0" * 64, "is of april")])
def test_a_file_without_an_anchor_of_the_sample_is_said(
    run: Run, sample: Path, anchored: Path, text: str, told: str
) -> None:
    note = sample.parent.parent / "note.txt"
    note.write_text(text, encoding="utf-8")
    ran = run("verify", "march", "--anchor", "note.txt", "--json", folder=sample.parent.parent)
    assert ran.code == 3 and told in ran.out and "J017" in ran.out


def test_hidden_names_keep_the_anchors_out_of_the_report(run: Run, sample: Path, anchored: Path) -> None:
    folder = sample.parent.parent
    (folder / "cqa.yaml").write_text("report: {names: hidden}\n", encoding="utf-8")
    assert run("report", "march", folder=folder).code == 0
    ran = run("verify", "march", "--anchor", "reports/march-consistency.xlsx", folder=folder)
    assert ran.code == 3 and "holds no anchor" in ran.err
