"""`cqa verify` finds what was changed after the draw, and forgives what a re-export changes."""

import csv
import hashlib
import io
import json
import random
from pathlib import Path

import pytest

from tests.casework import SEED, Run, case_rows, csv_text


def verify(run: Run, sample: Path, *options: str) -> tuple[int, list[dict[str, str]], bool]:
    ran = run("verify", "march", *options, "--json", folder=sample.parent.parent)
    told = json.loads(ran.out)
    assert list(told) == ["ok", "problems", "checked"]
    return ran.code, told["problems"], told["ok"]


def test_an_untouched_sample_agrees(run: Run, sample: Path) -> None:
    assert verify(run, sample, "--export", "export.csv") == (0, [], True)


def test_a_re_export_in_another_order_and_encoding_is_a_warning(run: Run, sample: Path) -> None:
    header, *rows = case_rows(60)
    random.Random(1).shuffle(rows)
    (sample.parent.parent / "again.csv").write_text(csv_text([header, *rows]), encoding="utf-16", newline="\r\n")
    code, problems, ok = verify(run, sample, "--export", "again.csv")
    assert (code, ok, [problem["code"] for problem in problems]) == (0, True, ["S007"])


def test_a_row_that_went_missing_changes_the_frame(run: Run, sample: Path) -> None:
    (sample.parent.parent / "less.csv").write_text(csv_text(case_rows(59)), encoding="utf-8")
    code, problems, ok = verify(run, sample, "--export", "less.csv")
    assert code == 1 and not ok and "S008" in {problem["code"] for problem in problems}


@pytest.mark.parametrize("name", ["cases.csv", "assignments.csv", "plan.yaml", "rubrics/small-1.0.yaml"])
def test_a_changed_file_is_named(run: Run, sample: Path, name: str) -> None:
    path = sample / name
    path.write_bytes(path.read_bytes().replace(b"a", b"b", 1))
    code, problems, ok = verify(run, sample)
    assert code == 1 and not ok and problems[0]["code"] == "S004"
    assert name.rsplit("/", maxsplit=1)[-1] in problems[0]["where"]


def test_a_changed_seed_fits_no_ticket(run: Run, sample: Path) -> None:
    path = sample / "sample.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(SEED, "1" + SEED[1:]), encoding="utf-8")
    code, problems, _ = verify(run, sample)
    assert code == 1 and {"S005"} <= {problem["code"] for problem in problems}


def rewrite(sample: Path, name: str, rows: list[dict[str, str]]) -> None:
    """Changes a file as a careful cheat would: with the digest in sample.yaml put right."""
    path = sample / name
    old = hashlib.sha256(path.read_bytes()).hexdigest()
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    record = sample / "sample.yaml"
    new = hashlib.sha256(path.read_bytes()).hexdigest()
    reseal(record, record.read_text(encoding="utf-8").replace(old, new))


def reseal(record: Path, text: str) -> None:
    """Writes sample.yaml with the seal that its lines call for."""
    body = text[: text.index("seal: ")].encode()
    record.write_bytes(body + f'seal: "{hashlib.sha256(body).hexdigest()}"\n'.encode())


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_reserve_swapped_for_a_main_case_is_found_though_the_digests_fit(run: Run, sample: Path) -> None:
    rows = rows_of(sample / "cases.csv")
    main = next(row for row in rows if row["role"] == "main")
    reserve = next(row for row in rows if row["role"] == "reserve" and row["stratum"] == main["stratum"])
    main["role"], reserve["role"] = "reserve", "main"
    rewrite(sample, "cases.csv", rows)
    code, problems, _ = verify(run, sample)
    assert code == 1 and "S005" in {problem["code"] for problem in problems}


def test_a_case_from_outside_the_draw_is_found_with_the_export(run: Run, sample: Path) -> None:
    rows = rows_of(sample / "cases.csv")
    rows = [row for row in rows if not (row["stratum"] == "Unit 0" and row["rank"] == "1")]
    for row in rows:
        if row["stratum"] == "Unit 0":
            row["rank"] = str(int(row["rank"]) - 1)
            row["role"] = "main" if int(row["rank"]) <= 4 else "reserve"
    rewrite(sample, "cases.csv", rows)
    code, problems, _ = verify(run, sample, "--export", "export.csv")
    assert code == 1 and any("draw gives case" in problem["message"] for problem in problems)


def test_a_case_handed_to_another_reviewer_is_found(run: Run, sample: Path) -> None:
    rows = rows_of(sample / "assignments.csv")
    rows[0]["reviewer"] = next(name for name in ("ann", "bob", "cat") if name != rows[0]["reviewer"])
    rewrite(sample, "assignments.csv", rows)
    code, problems, _ = verify(run, sample)
    assert code == 1 and "S006" in {problem["code"] for problem in problems}


def test_an_unknown_sample_is_wrong_use(run: Run, sample: Path) -> None:
    ran = run("verify", "april", folder=sample.parent.parent)
    assert ran.code == 2 and "march" in ran.err


def test_a_damaged_journal_is_exit_7_and_names_the_line(run: Run, sample: Path) -> None:
    case = next(row["case_id"] for row in rows_of(sample / "assignments.csv") if row["reviewer"] == "ann")
    script = json.dumps({"case": case, "do": "flag"}) + "\n"
    assert run("assess", "--sample", "march", "--as", "ann", "--script", "-", typed=script * 3,
               folder=sample.parent.parent).code == 0
    journal = next((sample / "marks").iterdir())
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join([lines[0], lines[1].replace(b'"on"', b'"of"'), *lines[2:]]))
    code, problems, ok = verify(run, sample)
    assert (code, ok) == (7, False) and str(problems[0]["line"]) == "2" and problems[0]["code"] == "J002"
