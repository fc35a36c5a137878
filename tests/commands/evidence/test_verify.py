"""`cqa verify` finds what was changed after the draw, and forgives what a re-export changes."""

import csv
import hashlib
import io
import json
import random
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from cqa.sampling.ticket import ticket
from tests.casework import DRAW, SEED, Run, case_rows, csv_text, reseal


def verify(run: Run, sample: Path, *options: str) -> tuple[int, list[dict[str, Any]], bool]:
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


NEVER_DRAWN = max((f"0{number}" for number in range(1000, 1100)), key=lambda one: ticket(SEED, one))
"""An id that is in no sample of this seed: its ticket is the largest of a hundred."""


def problem_of(run: Run, sample: Path, rows: Sequence[Sequence[str]], part: str) -> dict[str, Any]:
    """The one problem with `part` in its message that an export of these rows gives; the answer is no."""
    (sample.parent.parent / "other.csv").write_text(csv_text(rows), encoding="utf-8")
    code, problems, ok = verify(run, sample, "--export", "other.csv")
    assert (code, ok) == (1, False)
    (found,) = [problem for problem in problems if part in problem["message"]]
    return found


def drawn_and_not(sample: Path) -> tuple[set[str], list[str]]:
    """The ids of the sample, and those that were not drawn."""
    drawn = {row["case_id"] for row in rows_of(sample / "cases.csv")}
    return drawn, [row[0] for row in case_rows(60)[1:] if row[0] not in drawn]


@pytest.mark.skipif(sys.platform == "win32", reason="modes are the system's own there")
def test_journals_that_others_may_read_are_a_warning(run: Run, sample: Path) -> None:
    assert run("assess", "--sample", "march", "--as", "ann", "--script", "-", folder=sample.parent.parent).code == 0
    assert verify(run, sample) == (0, [], True)
    next((sample / "marks").glob("*.jsonl")).chmod(0o644)
    code, (found,), ok = verify(run, sample)
    assert (code, ok, found["code"], found["severity"]) == (0, True, "J018", "warning")


def test_a_row_that_was_added_is_named_as_new_with_its_line(run: Run, sample: Path) -> None:
    rows = [*case_rows(60), [NEVER_DRAWN, "Unit 1", "h1", "N", ""]]
    found = problem_of(run, sample, rows, NEVER_DRAWN)
    assert (found["code"], found["where"], found["line"]) == ("S008", "other.csv", 62)
    assert "new" in found["message"] and "'Unit 1'" in found["message"]


def test_a_row_that_was_removed_is_named(run: Run, sample: Path) -> None:
    gone = drawn_and_not(sample)[1][0]
    found = problem_of(run, sample, [row for row in case_rows(60) if row[0] != gone], gone)
    assert found["code"] == "S008" and "no longer in the export" in found["message"]


def test_an_id_that_was_changed_is_named_with_both_ids(run: Run, sample: Path) -> None:
    old = drawn_and_not(sample)[1][0]
    new = f"1{old[1:]}"
    rows = [[new if field == old else field for field in row] for row in case_rows(60)]
    found = problem_of(run, sample, rows, f"'{new}'")
    assert found["message"] == f"The id '{old}' was changed: it is now '{new}'."
    assert (found["where"], found["line"]) == ("other.csv", 2 + int(old))


@pytest.mark.parametrize("drawn", [True, False])
def test_a_row_whose_unit_changed_says_the_column_and_both_values(run: Run, sample: Path, drawn: bool) -> None:
    inside, outside = drawn_and_not(sample)
    moved = min(inside) if drawn else outside[0]
    unit = next(row[1] for row in case_rows(60) if row[0] == moved)
    rows = [[*row[:1], "Unit 9", *row[2:]] if row[0] == moved else row for row in case_rows(60)]
    found = problem_of(run, sample, rows, "moved from")
    assert found["message"] == (f"Case '{moved}' moved from stratum '{unit}' to 'Unit 9': 'unit' is now 'Unit 9', was "
                                f"'{unit}'.")
    assert (found["where"], found["line"]) == ("other.csv", 2 + int(moved))


def test_a_wrapped_id_that_is_new_is_still_found_by_its_line(run: Run, sample: Path) -> None:
    rows = [*case_rows(60), [f'"=""{NEVER_DRAWN}"""', "Unit 1", "h1", "N", ""]]
    assert problem_of(run, sample, rows, NEVER_DRAWN)["line"] == 62


def test_a_fact_of_a_drawn_case_that_changed_says_both_values(run: Run, sample: Path) -> None:
    case = next(row for row in rows_of(sample / "cases.csv") if row["child"] == "Y")["case_id"]
    rows = [[*row[:3], "N", row[4]] if row[0] == case else row for row in case_rows(60)]
    found = problem_of(run, sample, rows, f"'{case}'")
    assert found["code"] == "S005" and "child 'Y', now 'N'" in found["message"]


REWRITTEN: dict[str, Callable[[list[list[str]]], bytes]] = {
    "shuffled": lambda rows: csv_text([rows[0], *random.Random(2).sample(rows[1:], len(rows) - 1)]).encode(),
    "utf-8 with a mark": lambda rows: csv_text(rows).encode("utf-8-sig"),
    "utf-16 with tabs": lambda rows: csv_text(rows).replace(",", "\t").encode("utf-16"),
    "semicolons": lambda rows: csv_text(rows).replace(",", ";").encode(),
    "windows line ends": lambda rows: csv_text(rows).replace("\n", "\r\n").encode(),
    "other order of columns": lambda rows: csv_text([row[::-1] for row in rows]).encode(),
    "more columns": lambda rows: csv_text([[*row, f"x{place}"] for place, row in enumerate(rows)]).encode(),
    "without unused columns": lambda rows: csv_text([row[:4] for row in rows]).encode(),
    "headers in other words": lambda rows: csv_text([["CASE ID", " Unit ", "HANDLER", "child_victim", "s"], *rows[1:]]
                                                    ).encode(),
    "a title above and a total below": lambda rows: f"Closed cases\n{csv_text(rows)}Total,60\n".encode(),
}


@pytest.mark.parametrize("how", REWRITTEN)
def test_what_a_re_export_may_change_is_a_warning_and_no_more(run: Run, sample: Path, how: str) -> None:
    (sample.parent.parent / "again.csv").write_bytes(REWRITTEN[how](case_rows(60)))
    code, problems, ok = verify(run, sample, "--export", "again.csv")
    assert (code, ok, [(problem["code"], problem["severity"]) for problem in problems]) == (
        0, True, [("S007", "warning")])


def test_the_files_of_an_export_may_be_named_in_any_order(run: Run, workspace: Path) -> None:
    rows = case_rows(60)
    (workspace / "one.csv").write_text(csv_text(rows[:31]), encoding="utf-8")
    (workspace / "two.csv").write_text(csv_text([rows[0], *rows[31:]]), encoding="utf-8")
    assert run("draw", "one.csv", "two.csv", *DRAW[2:], folder=workspace).code == 0
    told = verify(run, workspace / "samples" / "march", "--export", "two.csv", "--export", "one.csv")
    assert told == (0, [], True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_export_whose_encoding_had_to_be_named_may_be_unicode_the_next_time(
    run: Run, workspace: Path, encoding: str
) -> None:
    rows = [[*row[:1], row[1].replace("Unit 1", "\u0141\u00f3d\u017a"), *row[2:]] for row in case_rows(60)]
    for name, how in (("export.csv", "cp1250"), ("again.csv", encoding)):
        (workspace / name).write_bytes(csv_text(rows).encode(how))
    assert run(*DRAW, "--encoding", "cp1250", folder=workspace).code == 0
    assert verify(run, workspace / "samples" / "march", "--export", "export.csv") == (0, [], True)
    code, problems, ok = verify(run, workspace / "samples" / "march", "--export", "again.csv")
    assert (code, ok, [problem["code"] for problem in problems]) == (0, True, ["S007"])


def test_an_export_without_the_columns_of_the_rubrics_facts_verifies_clean(run: Run, workspace: Path) -> None:
    (workspace / "export.csv").write_text(csv_text([row[:3] for row in case_rows(60)]), encoding="utf-8")
    assert run(*DRAW, folder=workspace).code == 0
    assert verify(run, workspace / "samples" / "march", "--export", "export.csv") == (0, [], True)


def test_the_rules_are_repeated(run: Run, sample: Path) -> None:
    told = json.loads(run("verify", "march", "--json", folder=sample.parent.parent).out)
    assert told["checked"]["march"]["rules"] == {
        "ticket": "cqa-ticket/1", "assignment": "cqa-assign/1", "second": "cqa-second/1"}


CONDITIONS = ("--where", "handler=ann", "--where", "handler=bob", "--where", "handler=h1", "--where", "handler=h2")

RECORDED = {
    "name": ('sample: "march"', 'sample: "april"'),
    "seed": (f'seed: "{SEED}"', 'seed: "00000000000000000000"'),
    "rule of tickets": ('ticket: "cqa-ticket/1"', 'ticket: "cqa-ticket/0"'),
    "rule of assignment": ('assignment: "cqa-assign/1"', 'assignment: "mine"'),
    "export's name": ('name: "export.csv"', 'name: "other.csv"'),
    "export's size": (r"bytes: \d+", "bytes: 7"),
    "export's digest": (r'sha256: "\w{8}', 'sha256: "00000000'),
    "export's rows": ("rows: 60", "rows: 61"),
    "export's encoding": ('encoding: "utf-8"', 'encoding: "cp1252"'),
    "frame's digest": (r'digest: "\w{8}', 'digest: "00000000'),
    "frame's cases": (r"(digest: .*\n +)cases: \d+", r"\1cases: 7"),
    "number left out": (r'(reason: .*\n +)cases: \d+', r"\1cases: 1"),
    "reason for leaving out": (r'reason: "[^"]+"', 'reason: "too old"'),
    "a stratum's size": ("size: 20", "size: 21"),
    "a stratum's eligible cases": (r"eligible: \d+", "eligible: 20"),
    "a stratum's take": ("take: 4", "take: 5"),
    "a stratum's reserves": (r"reserves: \d", "reserves: 3"),
    "a stratum's shortfall": ("shortfall: 0", "shortfall: 2"),
    "a stratum's name": ('stratum: "Unit 0"', 'stratum: "Unit 7"'),
    "a whole stratum": (r'  - stratum: "Unit 1"\n(    .*\n)+', ""),
    "the commitment": (r'commitment: "\w{8}', 'commitment: "00000000'),
    "the digest of cases.csv": (r'cases.csv: "\w{8}', 'cases.csv: "00000000'),
    "the frame's list": (r"  frame.csv: .*\n", ""),
    "the format": ("cqa-sample/1", "cqa-sample/2"),
}
ONLY_SEALED = {
    "time": (r'drawn_at: "2026', 'drawn_at: "2025'),
    "seed's source": ("given when drawing", "dice before two people"),
    "version": (r'cqa_version: "[^"]+"', 'cqa_version: "9.9"'),
}
"""What nothing else in the folder tells: whoever puts the seal right changes these unseen."""


@pytest.fixture
def conditioned(run: Run, workspace: Path) -> Path:
    """A sample drawn under conditions, so that some cases are left out."""
    assert run(*DRAW, *CONDITIONS, folder=workspace).code == 0
    return workspace / "samples" / "march"


def edited(sample: Path, change: tuple[str, str]) -> str:
    text = (sample / "sample.yaml").read_text(encoding="utf-8")
    made, times = re.subn(*change, text, count=1)
    assert times == 1 and made != text
    return made


@pytest.mark.parametrize("what", [*RECORDED, *ONLY_SEALED])
def test_whatever_is_edited_in_the_record_breaks_its_seal(run: Run, conditioned: Path, what: str) -> None:
    (conditioned / "sample.yaml").write_text(edited(conditioned, {**RECORDED, **ONLY_SEALED}[what]), encoding="utf-8",
                                             newline="\n")
    code, problems, ok = verify(run, conditioned)
    assert (code, ok, problems[0]["code"]) == (1, False, "S004") and "sample.yaml" in problems[0]["where"]


@pytest.mark.parametrize("what", RECORDED)
def test_what_is_edited_in_the_record_is_found_though_its_seal_is_put_right(
    run: Run, conditioned: Path, what: str
) -> None:
    reseal(conditioned / "sample.yaml", edited(conditioned, RECORDED[what]))
    code, problems, ok = verify(run, conditioned)
    assert (code, ok) == (1, False) and {"S004", "S005", "S008"} & {problem["code"] for problem in problems}


@pytest.mark.parametrize("what", ONLY_SEALED)
def test_what_only_the_seal_holds_is_not_found_once_the_seal_is_put_right(
    run: Run, conditioned: Path, what: str
) -> None:
    reseal(conditioned / "sample.yaml", edited(conditioned, ONLY_SEALED[what]))
    assert verify(run, conditioned) == (0, [], True)


def test_an_edited_seed_is_said_to_be_the_wrong_one(run: Run, sample: Path) -> None:
    reseal(sample / "sample.yaml", edited(sample, RECORDED["seed"]))
    assert "The seed is not the one recorded at the draw" in verify(run, sample)[1][0]["message"]


def replan(sample: Path, old: str, new: str) -> None:
    """Changes plan.yaml as a careful cheat would: with the commitment and the seal put right."""
    text = (sample / "plan.yaml").read_text(encoding="utf-8")
    assert old in text
    before = hashlib.sha256(text.encode()).hexdigest()
    changed = text.replace(old, new, 1)
    (sample / "plan.yaml").write_bytes(changed.encode())
    record = (sample / "sample.yaml").read_text(encoding="utf-8")
    reseal(sample / "sample.yaml", record.replace(before, hashlib.sha256(changed.encode()).hexdigest()))


@pytest.mark.parametrize(("old", "new", "code"), [
    ("take: 4", "take: 3", "S005"),
    ("take: 4\n  total: null", "take: null\n  total: 10", "S005"),
    ("reserves: null", "reserves: 1", "S005"),
    ('second: "1/2"', 'second: "1/3"', "S006"),
    ('  - "cat"\n', "", "S006"),
    ('sample: "march"', 'sample: "may"', "S005"),
    ("rows: 60", "rows: 59", "S005"),
    ('ticket: "cqa-ticket/1"', 'ticket: "cqa-ticket/0"', "S004"),
])
def test_a_plan_edited_after_the_draw_is_found_though_its_commitment_is_put_right(
    run: Run, sample: Path, old: str, new: str, code: str
) -> None:
    replan(sample, old, new)
    ended, problems, ok = verify(run, sample)
    assert (ended, ok) == (1, False) and code in {problem["code"] for problem in problems}


@pytest.mark.parametrize(("old", "new"), [
    ('by:\n  - "unit"', 'by:\n  - "handler"'), ('handled_by:\n  - "handler"', "handled_by: []"),
    ('where: []', 'where:\n  - "handler=ann"')])
def test_a_plan_whose_columns_were_edited_is_found_with_the_export(
    run: Run, sample: Path, old: str, new: str
) -> None:
    replan(sample, old, new)
    ended, problems, ok = verify(run, sample, "--export", "export.csv")
    assert (ended, ok) == (1, False) and {"S005", "S008"} & {problem["code"] for problem in problems}


@pytest.mark.parametrize(("field", "value"), [
    ("weight", "1"), ("ticket", "0" * 64), ("stratum", "Unit 9"), ("rank", "9"), ("case_id", "00000x")])
def test_a_field_changed_in_cases_csv_is_found_though_its_digest_fits(
    run: Run, sample: Path, field: str, value: str
) -> None:
    rows = rows_of(sample / "cases.csv")
    rows[0][field] = value
    rewrite(sample, "cases.csv", rows)
    code, problems, _ = verify(run, sample)
    assert code == 1 and "S005" in {problem["code"] for problem in problems}


@pytest.mark.parametrize(("field", "value"), [("handler", "somebody"), ("barred", "cat"), ("child", "perhaps")])
def test_what_the_frames_list_does_not_hold_is_found_with_the_export(
    run: Run, sample: Path, field: str, value: str
) -> None:
    rows = rows_of(sample / "cases.csv")
    rows[0][field] = value
    rewrite(sample, "cases.csv", rows)
    code, problems, _ = verify(run, sample, "--export", "export.csv")
    assert code == 1 and any(value in problem["message"] for problem in problems)


@pytest.mark.parametrize("name", ["cases.csv", "assignments.csv"])
def test_a_row_that_stands_twice_is_found(run: Run, sample: Path, name: str) -> None:
    rows = rows_of(sample / name)
    rewrite(sample, name, [rows[0], *rows])
    code, problems, _ = verify(run, sample)
    assert code == 1 and any("stands 2 times" in problem["message"] for problem in problems)


def test_a_second_name_for_an_assignment_is_found(run: Run, sample: Path) -> None:
    rows = rows_of(sample / "assignments.csv")
    other = next(name for name in ("ann", "bob", "cat") if name != rows[0]["reviewer"])
    rewrite(sample, "assignments.csv", [{**rows[0], "reviewer": other}, *rows])
    code, problems, _ = verify(run, sample)
    assert code == 1 and "S006" in {problem["code"] for problem in problems}


@pytest.mark.parametrize("names", [(), ("march",)])
@pytest.mark.parametrize("also", [(), ("marks",)])
def test_a_deleted_record_is_reported(run: Run, sample: Path, names: tuple[str, ...], also: tuple[str, ...]) -> None:
    (sample / "sample.yaml").unlink()
    for name in also:
        shutil.rmtree(sample / name)
    ran = run("verify", *names, "--json", folder=sample.parent.parent)
    told = json.loads(ran.out)
    assert (ran.code, told["ok"], list(told["checked"])) == (1, False, ["march"])
    assert told["problems"][0]["code"] == "S004" and "sample.yaml" in str(told["problems"][0])
    plain = run("verify", *names, folder=sample.parent.parent)
    assert plain.code == 1 and "sample.yaml" in plain.err


@pytest.mark.parametrize("data", [b"", b"\0" * 300, b"case_id,stratum\n1,\"a\n"])
def test_a_frames_list_that_cannot_be_read_is_what_was_found_and_no_bad_input(
    run: Run, sample: Path, data: bytes
) -> None:
    (sample / "frame.csv").write_bytes(data)
    code, problems, ok = verify(run, sample)
    assert (code, ok, problems[0]["code"]) == (1, False, "S004") and "frame.csv" in problems[0]["where"]


@pytest.mark.parametrize("name", ["plan.yaml", "sample.yaml"])
@pytest.mark.parametrize("end", [b"", b" \n", b"\n\n", b"\r\n"])
def test_a_changed_end_of_the_sealing_line_is_a_change_too(run: Run, sample: Path, name: str, end: bytes) -> None:
    path = sample / name
    path.write_bytes(path.read_bytes().removesuffix(b"\n") + end)
    code, problems, ok = verify(run, sample)
    assert (code, ok, problems[0]["code"]) == (1, False, "S004") and name in problems[0]["where"]


@pytest.mark.parametrize("name", ["plan.yaml", "cases.csv", "assignments.csv", "frame.csv", "rubrics/small-1.0.yaml"])
def test_a_deleted_file_is_named(run: Run, sample: Path, name: str) -> None:
    (sample / name).unlink()
    code, problems, ok = verify(run, sample)
    assert (code, ok, problems[0]["code"]) == (1, False, "S004") and name in problems[0]["where"]


@pytest.mark.parametrize(("data", "code"), [
    (None, "C001"), (b"", "C002"), (b"case_id,handler\n1,a\n", "C004"), (b"case_id,unit,handler\n1,a\n", "C005"),
    (b"case_id,unit,handler\n1,a,b\n1,a,b\n", "C008"), (b"PK\x03\x04", "C021")])
def test_an_export_that_cannot_be_used_still_gives_the_json(
    run: Run, sample: Path, data: bytes | None, code: str
) -> None:
    if data is not None:
        (sample.parent.parent / "bad.csv").write_bytes(data)
    ended, problems, ok = verify(run, sample, "--export", "bad.csv")
    assert (ended, ok, [problem["code"] for problem in problems]) == (3, False, [code])
