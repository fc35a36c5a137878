"""`cqa pack` hands a sample over as evidence: complete, checkable without cqa, and without what is never shown."""

import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from cqa.files.anchors import read_anchors
from cqa.files.sealing import is_sealed
from cqa.world import World
from tests.carried import ANN, BOB, CAT, SECRET, WHO, cases_to_mark, drawn, mark, take
from tests.casework import RUBRIC, SEED, Run, csv_text, reseal
from tests.commands.reports.test_status import on

HUSH, KEPT = "hushzq", "keptzq"
HIDING = RUBRIC.replace("scales:", """\
  quiet: {column: quiet, type: text, label: Quiet, show: never}
  aloud: {column: Quiet, type: text, label: The same under another name}
scales:""", 1).replace('id: q2, ask: Was it reasoned, ask_when: {q1: [fully_met, partly_met]}',
                       f"id: q2, ask: Was it reasoned, ask_when: {{case: {{quiet: {HUSH}0}}}}")
LATER = HIDING.replace('version: "1.0"', 'version: "1.1"').replace(
    "scales:", "  mine: {column: kept, type: text, label: Mine, show: never}\nscales:", 1)


def rows(count: int = 60) -> list[list[str]]:
    return [["case_id", "unit", "handler", "Child victim", "quiet", "kept"],
            *([f"{number:05d}", f"Unit {number % 3}", f"h{number % 5}", "YN"[number % 2], f"{HUSH}{number % 2}",
               f"{KEPT}{number}"] for number in range(count))]


@pytest.fixture
def march(run: Run, workspace: Path) -> Path:
    """The sample, all of it marked and signed by Ann and Bob, who differ."""
    sample = drawn(run, workspace)
    for who, level in ((ANN, "fully_met"), (BOB, "partly_met")):
        mark(run, workspace, who, cases_to_mark(run, workspace, who), level)
    return sample


@pytest.fixture
def hiding(run: Run, workspace: Path) -> Path:
    """A sample with facts that are never shown, one of them only by the version that the rubric was moved to."""
    for name, text in (("small.yaml", HIDING), ("later.yaml", LATER)):
        (workspace / name).write_text(text, encoding="utf-8", newline="\n")
    (workspace / "export.csv").write_text(csv_text(rows()), encoding="utf-8", newline="\n")
    ran = run("draw", "export.csv", "--sample", "march", "--id", "case_id", "--by", "unit", "--take", "4", "--seed",
              SEED, "--rubric", "small.yaml", "--reviewers", ",".join(WHO), "--second", "0.5", "--handled-by",
              "handler", "--keep", "kept", folder=workspace)
    assert ran.code == 0, ran.err
    assert run("rubric", "move", "later.yaml", "--sample", "march", "--reason", "more", "--as", "lead", "--yes",
               folder=workspace).code == 0
    lines = [{"case": case, "question": question, "mark": "fully_met"}
             for case in cases_to_mark(run, workspace, ANN) for question in ("q1", "q2")]
    typed = "".join(json.dumps(line) + "\n" for line in lines)
    assert run("assess", "--sample", "march", "--as", ANN, "--script", "-", typed=typed, folder=workspace).code == 0
    return workspace / "samples" / "march"


def pack(run: Run, march: Path, code: int = 0, *options: str) -> dict[str, Any]:
    ran = run("pack", "march", "--json", *options, folder=march.parent.parent)
    assert ran.code == code, ran.err
    told: dict[str, Any] = json.loads(ran.out)
    return told


def unpacked(told: dict[str, Any], place: Path) -> Path:
    with zipfile.ZipFile(told["file"]) as archive:
        for entry in archive.infolist():
            Path(archive.extract(entry, place)).chmod(entry.external_attr >> 16 & 0o777)
    return place / "march-evidence"


def everything(path: Path) -> dict[str, bytes]:
    """Every byte of a zip by its place in it, and of the workbooks in it part by part."""
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            found[name] = archive.read(name)
            if name.endswith(".xlsx"):
                with zipfile.ZipFile(io.BytesIO(found[name])) as book:
                    found.update({f"{name}:{part}": book.read(part) for part in book.namelist()})
    return found


def test_a_pack_holds_the_sample_its_books_and_its_report(run: Run, march: Path, tmp_path: Path) -> None:
    told = pack(run, march)
    assert Path(told["file"]) == march.parent.parent / "reports" / "march-evidence.zip"
    assert told["sha256"] == hashlib.sha256(Path(told["file"]).read_bytes()).hexdigest()
    inside = unpacked(told, tmp_path)
    journals = {f"samples/march/marks/{path.name}" for path in (march / "marks").iterdir()
                if path.suffix == ".jsonl"}
    assert {path.relative_to(inside).as_posix() for path in inside.rglob("*") if path.is_file()} == {
        "VERIFY.txt", "SHA256SUMS", "ANCHOR.txt", "cqa.yaml", "reports/march-consistency.xlsx",
        "reports/march-evidence.xlsx", *journals,
        *(f"samples/march/{name}" for name in ("plan.yaml", "sample.yaml", "cases.csv", "assignments.csv", "frame.csv",
                                               "rubrics/small-1.0.yaml")),
        *(f"samples/march/books/{who.casefold()}.xlsx" for who in WHO)}
    marks = [f"marks/{Path(one).name}" for one in journals]
    for name in ("plan.yaml", "sample.yaml", "cases.csv", "frame.csv", *marks):
        assert (inside / "samples" / "march" / name).read_bytes() == (march / name).read_bytes()
    ran = run("verify", folder=inside)
    assert (ran.code, ran.err) == (0, "") and "everything was derived again and agrees" in ran.out
    for line in (inside / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, name = line.split("  ", 1)
        assert hashlib.sha256((inside / name).read_bytes()).hexdigest() == digest


def test_the_same_sample_makes_the_same_bytes(run: Run, march: Path) -> None:
    assert pack(run, march, 0, "--out", "one.zip")["sha256"] == pack(run, march, 0, "--out", "two.zip")["sha256"]
    assert (march.parent.parent / "one.zip").read_bytes() == (march.parent.parent / "two.zip").read_bytes()


def test_the_anchor_is_that_of_the_journals(run: Run, march: Path, tmp_path: Path) -> None:
    inside = unpacked(pack(run, march), tmp_path)
    anchor, = read_anchors((inside / "ANCHOR.txt").read_text(encoding="utf-8").splitlines())
    assert anchor.record == hashlib.sha256((inside / "samples" / "march" / "sample.yaml").read_bytes()).hexdigest()
    lines = {f"{end.name}.jsonl": end for end in anchor.ends}
    for name, end in lines.items():
        last = (inside / "samples" / "march" / name).read_bytes().splitlines()
        assert len(last) == end.seq and end.seal in last[-1].decode()
    assert {name.split("/")[1].split(".")[0] for name in lines} == {ANN, BOB}


def test_verify_takes_a_pack_or_its_anchor_as_an_anchor(run: Run, march: Path, tmp_path: Path) -> None:
    told = pack(run, march)
    inside = unpacked(told, tmp_path)
    anchors = (told["file"], str(inside / "ANCHOR.txt"))
    for anchor in anchors:
        assert run("verify", "--anchor", anchor, folder=march.parent.parent).code == 0
    journal = next((march / "marks").glob(f"{ANN}.*.jsonl"))
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:-1]))
    assert run("verify", folder=march.parent.parent).code == 0
    for anchor in anchors:
        ran = run("verify", "--anchor", anchor, folder=march.parent.parent)
        assert ran.code == 7 and "J016" in ran.err
    (tmp_path / "no.zip").write_bytes(b"x")
    assert run("verify", "--anchor", str(tmp_path / "no.zip"), folder=march.parent.parent).code == 3


def test_torn_lines_and_leaders_changes_are_in_it_and_drafts_are_not(run: Run, march: Path, tmp_path: Path) -> None:
    case = cases_to_mark(run, march.parent.parent, CAT)[0]
    assert run("withdraw", case, "--sample", "march", "--reason", "sealed", "--as", "lead",
               folder=march.parent.parent).code == 0
    journal = next((march / "marks").glob(f"{ANN}.*.jsonl"))
    (march / "marks" / f"{journal.name}.torn-7").write_bytes(b'{"at"')
    journal.with_suffix(".draft").write_bytes(b"[]")
    names = [path.name for path in unpacked(pack(run, march), tmp_path).rglob("*")]
    assert f"{journal.name}.torn-7" in names and any(name.startswith("lead.") for name in names)
    assert not [name for name in names if name.endswith(".draft")]


def test_no_byte_of_it_holds_what_is_never_shown(run: Run, hiding: Path, tmp_path: Path) -> None:
    told = pack(run, hiding)
    assert told["withheld"] == ["quiet", "aloud", "kept"] and told["drawn_by"] == []
    found = everything(Path(told["file"]))
    assert len(found) > 40
    for name, data in found.items():
        if "/rubrics/" not in name:  # the rubric itself asks for one of the values
            assert HUSH.encode() not in data.lower() and KEPT.encode() not in data.lower(), name
    inside = unpacked(told, tmp_path)
    cases = list(csv.reader((inside / "samples" / "march" / "cases.csv").read_text(encoding="utf-8").splitlines()))
    assert cases[0][-1] == "child" and len(cases) == 25
    assert (inside / "samples" / "march" / "sample.yaml").read_bytes() == (hiding / "sample.yaml").read_bytes()
    record = (inside / "samples" / "march" / "withheld.yaml").read_bytes()
    assert is_sealed(record)
    for path in (hiding / "cases.csv", inside / "samples" / "march" / "cases.csv"):
        assert hashlib.sha256(path.read_bytes()).hexdigest().encode() in record
    assert "quiet, aloud, kept" in " ".join((inside / "VERIFY.txt").read_text(encoding="utf-8").split())


def problems(run: Run, inside: Path, *options: str) -> tuple[int, list[tuple[str, str]]]:
    ran = run("verify", "--json", *options, folder=inside)
    return ran.code, [(problem["code"], problem["severity"]) for problem in json.loads(ran.out)["problems"]]


def test_verify_accepts_what_was_withheld_and_says_so(run: Run, hiding: Path, tmp_path: Path) -> None:
    inside = unpacked(pack(run, hiding), tmp_path)
    assert problems(run, inside) == (0, [("S036", "warning")])
    assert problems(run, inside, "--export", str(hiding.parent.parent / "export.csv")) == (0, [("S036", "warning")])
    told = run("report", "--no-books", folder=inside)
    assert told.code == 0 and "S036" in told.err
    for words in (("assess", "--as", ANN, "--script", "-"), ("take", ANN), ("pack", "march"), ("collect", "."),
                  ("withdraw", "1", "--reason", "x", "--as", "lead")):
        ran = run(*words, folder=inside)
        assert ran.code == 4 and "S036" in ran.err, words


@pytest.mark.parametrize("change", ["case id", "another column", "another file", "unsealed", "no rubric hides it"])
def test_a_pack_cannot_be_used_to_change_cases(run: Run, hiding: Path, tmp_path: Path, change: str) -> None:
    folder = unpacked(pack(run, hiding), tmp_path) / "samples" / "march"
    cases, record = folder / "cases.csv", folder / "withheld.yaml"
    before = hashlib.sha256(cases.read_bytes()).hexdigest()
    text = cases.read_text(encoding="utf-8")
    if change == "case id":
        first = text.splitlines()[1].split(",")[0]
        cases.write_text(text.replace(first, "99999"), encoding="utf-8", newline="")
    elif change == "another column":
        cases.write_text("".join(line.rpartition(",")[0] + "\n" for line in text.splitlines()), encoding="utf-8",
                         newline="")
    elif change == "another file":
        cases.write_text(text.replace("Unit 0", "Unit 9"), encoding="utf-8", newline="")
    told = record.read_text(encoding="utf-8").replace(before, hashlib.sha256(cases.read_bytes()).hexdigest())
    if change == "no rubric hides it":
        told = told.replace('- "kept"', '- "kept"\n  - "child"')
    if change == "unsealed":
        record.write_text(told.replace('- "kept"', '- "mine"'), encoding="utf-8", newline="")
    else:
        reseal(record, told)
    code, found = problems(run, folder.parent.parent)
    assert code == 1 and "error" in {severity for _, severity in found}


def test_a_column_that_the_sample_was_drawn_by_cannot_be_withheld_and_is_said(run: Run, workspace: Path,
                                                                              tmp_path: Path) -> None:
    (workspace / "small.yaml").write_text(RUBRIC.replace("label: Child victim}", "label: Child, show: never}"),
                                          encoding="utf-8", newline="\n")
    sample = drawn(run, workspace, "--per", "Child victim")
    told = pack(run, sample)
    assert told["drawn_by"] == ["Child victim"]
    said = " ".join((unpacked(told, tmp_path) / "VERIFY.txt").read_text(encoding="utf-8").split())
    assert "It holds values of Child victim" in said


def test_answers_of_reviewers_to_hidden_facts_stay_in_their_journals_and_are_counted(run: Run, workspace: Path) -> None:
    (workspace / "small.yaml").write_text(RUBRIC.replace("label: Child victim}", "label: Child, show: never}"),
                                          encoding="utf-8", newline="\n")
    sample = drawn(run, workspace)
    mark(run, workspace, ANN, cases_to_mark(run, workspace, ANN)[:2], sign=False)
    answered = sum(path.read_bytes().count(b'"fact":"child"') for path in (sample / "marks").glob("*.jsonl"))
    assert pack(run, sample)["answered"] == answered


def test_a_damaged_journal_is_packed_as_it_is_and_said(run: Run, march: Path, tmp_path: Path) -> None:
    journal = next((march / "marks").glob(f"{ANN}.*.jsonl"))
    journal.write_bytes(journal.read_bytes().replace(b"fully_met", b"partly_met", 1))
    told = pack(run, march, 7)
    inside = unpacked(told, tmp_path)
    assert (inside / "samples" / "march" / "marks" / journal.name).read_bytes() == journal.read_bytes()
    said = (inside / "VERIFY.txt").read_text(encoding="utf-8")
    assert "DAMAGED" in said and journal.name in said and "J002" in said
    assert "packed in" in run("pack", "march", folder=march.parent.parent).out
    assert run("verify", folder=inside).code == 7


def script(inside: Path) -> str:
    """The lines of VERIFY.txt that check a journal, just as they are printed."""
    text = (inside / "VERIFY.txt").read_text(encoding="utf-8")
    found = re.search(r"^----8<----\n(.*?)^---->8----$", text, re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


def test_the_ten_lines_of_verify_txt_run_and_find_every_change(run: Run, march: Path, tmp_path: Path,
                                                               capsys: pytest.CaptureFixture[str],
                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    inside = unpacked(pack(run, march), tmp_path)
    assert len(script(inside).splitlines()) == 10
    check = tmp_path / "check.py"
    check.write_text(script(inside), encoding="utf-8", newline="\n")
    journal = next((inside / "samples" / "march" / "marks").glob(f"{ANN}.*"))
    ran = subprocess.run([sys.executable, "-I", str(check), str(journal)], capture_output=True, text=True, check=False,
                         encoding="utf-8")
    count, seal = len(journal.read_bytes().splitlines()), journal.read_bytes()[-35:-3].decode()
    assert ran.returncode == 0 and ran.stdout.split()[0] == str(count) and seal in ran.stdout
    lines = journal.read_bytes().splitlines(keepends=True)[:4]
    small = tmp_path / "small.jsonl"

    def finds(data: bytes) -> bool:
        small.write_bytes(data)
        monkeypatch.setattr(sys, "argv", ["check.py", str(small)])
        try:
            exec(compile(script(inside), "check.py", "exec"), {})
        except SystemExit as ended:
            return str(ended).startswith("line ")
        return not capsys.readouterr().out.startswith("4 lines hold")

    whole = b"".join(lines)
    assert not finds(whole)
    for place in range(len(whole)):
        assert finds(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1:]), place
    one, two, three, four = lines
    for changed in ([one, three, four], [one, two, two, three, four], [two, one, three, four], [two, three, four]):
        assert finds(b"".join(changed))
    small.write_bytes(whole[:-1] + b"x\n")
    ran = subprocess.run([sys.executable, "-I", str(check), str(small)], capture_output=True, text=True, check=False,
                         encoding="utf-8")
    assert ran.returncode == 1 and "line 4: its seal does not hold" in ran.stderr


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="needs sha256sum")
def test_the_ticket_and_the_sums_of_verify_txt_run_as_printed(run: Run, workspace: Path, tmp_path: Path) -> None:
    (workspace / "export.csv").write_text("case_id,unit\n" + "".join(
        f"it's {number} $HOME `x`,u\n" for number in range(20)), encoding="utf-8", newline="\n")
    assert run("draw", "export.csv", "--sample", "march", "--id", "case_id", "--take", "3", "--seed",
               "20 dice, it's \"said\"", "--rubric", "small.yaml", "--reviewers", "ann,bob", folder=workspace).code == 0
    inside = unpacked(pack(run, workspace / "samples" / "march"), tmp_path)
    text = (inside / "VERIFY.txt").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if "printf" in line)
    ran = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True, encoding="utf-8")
    assert f"{ran.stdout.split()[0]}," in (inside / "samples" / "march" / "cases.csv").read_text(encoding="utf-8")
    assert subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=inside, capture_output=True,
                          check=False).returncode == 0
    assert hashlib.sha256((inside / "samples" / "march" / "plan.yaml").read_bytes()).hexdigest() in text


def test_what_cannot_be_packed_is_refused(run: Run, march: Path) -> None:
    root = march.parent.parent
    assert run("pack", "april", folder=root).code == 2
    assert run("pack", "march", folder=take(run, root, ANN)).code == 4
    (march / "plan.yaml").write_bytes(b"x")
    before = sorted((root / "reports").rglob("*"))
    assert run("pack", "march", folder=root).code == 7 and sorted((root / "reports").rglob("*")) == before


def test_a_sample_without_a_rubric_is_packed_without_books(run: Run, workspace: Path, tmp_path: Path) -> None:
    assert run("draw", "export.csv", "--sample", "march", "--id", "case_id", "--take", "3", "--seed", SEED,
               folder=workspace).code == 0
    inside = unpacked(pack(run, workspace / "samples" / "march"), tmp_path)
    assert [path.name for path in inside.rglob("*.xlsx")] == ["march-evidence.xlsx"]
    assert run("verify", folder=inside).code == 0


def test_secret_words_of_marks_are_in_the_journals(run: Run, march: Path) -> None:
    """The search for bytes finds what is there: reasons stand in journals and in books."""
    holding = {name.split(":")[0] for name, data in everything(Path(pack(run, march)["file"])).items()
               if SECRET.encode() in data}
    assert any(name.endswith(".jsonl") for name in holding) and any(name.endswith(".xlsx") for name in holding)


def test_no_sign_that_cannot_be_seen_stands_in_verify_txt(run: Run, workspace: Path, tmp_path: Path) -> None:
    header = "Ki\u202end [/red]"
    (workspace / "small.yaml").write_text(RUBRIC.replace("column: Child victim", f"column: '{header}'").replace(
        "label: Child victim}", "label: Child, show: never}"), encoding="utf-8", newline="\n")
    lines = [f"case_id,{header}", *(f"\u202e{number:03d},Y" for number in range(20)), "plain,N"]
    (workspace / "export.csv").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    ran = run("draw", "export.csv", "--sample", "march", "--id", "case_id", "--take", "21", "--seed", SEED, "--rubric",
              "small.yaml", "--reviewers", "ann,bob", "--by", header, folder=workspace)
    assert ran.code == 0, ran.err
    told = pack(run, workspace / "samples" / "march")
    assert told["withheld"] == ["child"] and told["drawn_by"] == [header]
    text = (unpacked(told, tmp_path) / "VERIFY.txt").read_text(encoding="utf-8")
    assert all(letter.isprintable() or letter == "\n" for letter in text)
    assert f"'{SEED}|plain' | sha256sum" in text and "Ki<U+202E>nd [/red]" in text
    shown = run("pack", "march", folder=workspace)
    assert "\u202e" not in shown.out + shown.err and "[/red]" in shown.out


def test_the_packed_report_is_the_same_on_every_day(world: World, sample: Path) -> None:
    folder = sample.parent.parent
    for year in ("2026", "2027"):
        assert on(world, f"{year}-04-01")("pack", "march", "--out", f"{year}.zip", folder=folder).code == 0
    assert (folder / "2026.zip").read_bytes() == (folder / "2027.zip").read_bytes()
