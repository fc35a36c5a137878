"""`cqa draw` from the command line: what it writes, what it says, and that bad input leaves nothing behind."""

import csv
import json
import os
import random
import sys
from pathlib import Path

import pytest

from cqa.sampling.ticket import ticket
from tests.casework import DRAW, RUBRIC, SEED, Run, case_rows, csv_text


def drawn_json(run: Run, workspace: Path, *extra: str, name: str = "march") -> dict[str, object]:
    ran = run(*(name if part == "march" else part for part in DRAW), *extra, "--json", folder=workspace)
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    assert isinstance(told, dict)
    return told


def test_the_sample_folder_is_whole(sample: Path) -> None:
    assert sorted(path.relative_to(sample).as_posix() for path in sample.rglob("*")) == [
        "assignments.csv", "cases.csv", "frame.csv", "marks", "plan.yaml", "rubrics", "rubrics/small-1.0.yaml",
        "sample.yaml"]
    assert (sample / "rubrics" / "small-1.0.yaml").read_text(encoding="utf-8") == RUBRIC


def test_json_has_the_names_of_the_contract_and_words_go_to_stderr(run: Run, workspace: Path) -> None:
    told = drawn_json(run, workspace)
    assert list(told) == ["sample", "seed", "frame", "excluded", "strata", "cases"]
    assert list(told["strata"][0]) == ["stratum", "size", "eligible", "take", "shortfall"]  # type: ignore[index]
    case = told["cases"][0]  # type: ignore[index]
    assert list(case) == ["case_id", "stratum", "ticket", "rank", "role", "weight", "handler", "reviewer",
                          "second_reviewer"]
    assert case["ticket"] == ticket(SEED, case["case_id"]) and case["weight"] == 5.0


def test_show_repeats_what_draw_said(run: Run, workspace: Path) -> None:
    assert drawn_json(run, workspace) == json.loads(run("show", "MARCH", "--json", folder=workspace).out)


def test_shuffled_rows_draw_the_same_sample(run: Run, workspace: Path) -> None:
    first = drawn_json(run, workspace)
    header, *rows = case_rows(60)
    random.Random(5).shuffle(rows)
    (workspace / "export.csv").write_text(csv_text([header, *rows]), encoding="utf-8", newline="\r\n")
    assert {**drawn_json(run, workspace, name="again"), "sample": "march"} == first


def test_only_asked_for_columns_are_copied(sample: Path) -> None:
    everything = b"".join(path.read_bytes() for path in sample.rglob("*") if path.is_file())
    assert b"hush" not in everything and b"00012" in everything


def test_kept_columns_and_case_facts_are_in_cases_csv(run: Run, workspace: Path) -> None:
    assert run(*DRAW, "--keep", "secret", folder=workspace).code == 0
    with (workspace / "samples" / "march" / "cases.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {"child", "secret"} <= set(rows[0]) and {row["secret"] for row in rows} == {"hush"}


def test_nobody_is_given_their_own_case(run: Run, workspace: Path) -> None:
    for case in drawn_json(run, workspace)["cases"]:  # type: ignore[attr-defined]
        assert case["handler"] not in (case["reviewer"], case["second_reviewer"])


def test_a_seed_made_by_the_system_is_recorded_as_such(run: Run, workspace: Path) -> None:
    options = [part for part in DRAW if part not in ("--seed", SEED)]
    assert run(*options, folder=workspace).code == 0
    assert "system's randomness" in (workspace / "samples" / "march" / "sample.yaml").read_text(encoding="utf-8")


def test_warnings_are_said_and_do_not_stop(run: Run, workspace: Path) -> None:
    ran = run("draw", "export.csv", "--sample", "bare", "--id", "case_id", "--by", "unit", "--take", "30",
              "--seed", SEED, folder=workspace)
    assert ran.code == 0
    assert {code for code in ("S010", "S011", "S016") if code in ran.err} == {"S010", "S011", "S016"}
    again = run("draw", "export.csv", "--sample", "again", "--id", "case_id", "--take", "3", "--seed", SEED,
                folder=workspace)
    assert "S013" in again.err


def test_settings_and_people_fill_in_what_is_not_typed(run: Run, workspace: Path) -> None:
    (workspace / "cqa.yaml").write_text(
        "export: {case_id: case_id, handled_by: handler}\ndraw: {by: unit, take: 2, second: 50%}\n", encoding="utf-8")
    (workspace / "people.csv").write_text("person,name,role,unit,manager,conflicts\nann,Ann,reviewer,,,h1;h2\n"
                                          "dan,Dan,reviewer,,,\nh3,H,prosecutor,,dan,\n", encoding="utf-8")
    ran = run("draw", "export.csv", "--sample", "s", "--seed", SEED, "--take", "3", "--json", folder=workspace)
    told = json.loads(ran.out)
    assert [stratum["take"] for stratum in told["strata"]] == [3, 3, 3]
    for case in told["cases"]:
        assert not (case["handler"] in ("h1", "h2") and "ann" in (case["reviewer"], case["second_reviewer"]))
        assert not (case["handler"] == "h3" and case["second_reviewer"] == "dan")


BAD_EXPORTS = [
    (b"", 3, "C002"),
    (b"case_id,unit,handler,Child victim\n", 3, "C002"),
    (b"case,unit\n1,a\n", 3, "C004"),
    (b"case_id,unit,handler,Child victim\n1,a,b,\x81\n", 3, "C003"),
    (b"case_id,unit,handler,Child victim\n1,a,b\n", 3, "C005"),
    (b"case_id,unit,handler,Child victim\n1,a,b,Y\n1,a,b,Y\n", 3, "C008"),
    (b"case_id,unit,handler,Child victim\n06AB1,a,b,Y\n06AB1,a,b,Y\n", 3, "C008"),
    (b"case_id,unit,handler,Child victim\n06ab1,a,b,Y\n06AB1,a,b,Y\n", 3, "C009"),
    (b"case_id,unit,handler,Child victim\n,a,b,Y\n", 3, "C007"),
    (b'case_id,unit,handler,Child victim\n1,a,"b,Y\n', 3, "C006"),
]


@pytest.mark.parametrize(("data", "code", "problem"), BAD_EXPORTS)
def test_a_bad_export_ends_with_a_sentence_and_nothing_written(
    run: Run, workspace: Path, data: bytes, code: int, problem: str
) -> None:
    (workspace / "export.csv").write_bytes(data)
    ran = run(*DRAW, folder=workspace)
    assert (ran.code, problem in ran.err, ran.out) == (code, True, "")
    assert list((workspace / "samples").iterdir()) == []


@pytest.mark.parametrize(("options", "code", "problem"), [
    (("--sample", "CON"), 2, "S003"),
    (("--sample", "../out"), 2, "S003"),
    (("--sample", "dot."), 2, "S003"),
    (("--seed", "a|b"), 2, "S015"),
    (("--second", "2"), 2, "S018"),
    (("--collapse", "maybe"), 2, "C012"),
    (("--reviewers", "ann,Ann"), 2, "S018"),
    (("--reviewers", "a b"), 2, "S003"),
    (("--rubric", "gone.yaml"), 3, "R001"),
    (("--by", "units"), 3, "C004"),
    (("--collapse", "nothing=any"), 3, "C004"),
])
def test_a_bad_option_ends_with_its_code_and_nothing_written(
    run: Run, workspace: Path, options: tuple[str, ...], code: int, problem: str
) -> None:
    ran = run(*DRAW, *options, folder=workspace)
    assert (ran.code, problem in ran.err) == (code, True), ran.err
    assert list((workspace / "samples").iterdir()) == []


def test_a_missing_export_and_a_bad_rubric_are_named(run: Run, workspace: Path) -> None:
    assert run("draw", "gone.csv", *DRAW[2:], folder=workspace).code == 3
    (workspace / "small.yaml").write_text(RUBRIC.replace("q1: [fully_met", "q9: [fully_met"), encoding="utf-8")
    ran = run(*DRAW, folder=workspace)
    assert ran.code == 3 and "R011" in ran.err and "small.yaml:22" in ran.err


def test_a_name_that_is_taken_is_refused_ignoring_case(run: Run, sample: Path) -> None:
    before = (sample / "sample.yaml").read_bytes()
    ran = run(*("MARCH" if part == "march" else part for part in DRAW), folder=sample.parent.parent)
    assert ran.code == 2 and "S002" in ran.err and (sample / "sample.yaml").read_bytes() == before


def test_outside_a_workspace_nothing_is_drawn(run: Run) -> None:
    ran = run(*DRAW)
    assert ran.code == 3 and "P001" in ran.err and "cqa init" in ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork and an unprivileged user")
def test_a_folder_that_cannot_be_written_is_exit_5(run: Run, workspace: Path) -> None:
    for folder in (workspace, *workspace.parents[:4]):
        folder.chmod(0o755)
    (workspace / "samples").chmod(0o555)
    child = os.fork()
    if child == 0:
        if os.getuid() == 0:
            os.setuid(65534)
        os._exit(run(*DRAW, folder=workspace).code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 5
    assert list((workspace / "samples").iterdir()) == []


def test_a_record_that_could_not_be_read_again_is_never_written(run: Run, workspace: Path) -> None:
    names = {"many.csv": [f"Unit {number}" for number in range(3_000)], "long.csv": ["u" * 200_000, "v" * 100_000]}
    for name, units in names.items():
        rows = [["case_id", "unit"], *([f"{number:05d}", unit] for number, unit in enumerate(units))]
        (workspace / name).write_text(csv_text(rows), encoding="utf-8", newline="\n")
        ran = run("draw", name, "--sample", "s", "--id", "case_id", "--by", "unit", "--take", "1", folder=workspace)
        assert ran.code == 3 and "P012" in ran.err and "fewer strata" in ran.err
        assert run("draw", name, "--sample", "s", "--id", "case_id", "--take", "1", folder=workspace).code == 0
        (workspace / "samples" / "s").rename(workspace / name.partition(".")[0])
    assert list((workspace / "samples").iterdir()) == []


@pytest.mark.parametrize("source", ["dice \udc80", "d" * 8_001])
def test_a_seeds_source_that_no_record_can_keep_is_refused(run: Run, workspace: Path, source: str) -> None:
    ran = run("draw", "export.csv", "--sample", "s", "--id", "case_id", "--take", "1", "--seed-source", source,
              folder=workspace)
    assert ran.code == 2 and "S018 The seed's source cannot be kept." in ran.err
    assert list((workspace / "samples").iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only there a file's name may be any bytes")
def test_an_export_whose_name_is_no_unicode_is_drawn_from_and_verified(run: Run, workspace: Path) -> None:
    (workspace / "export.csv").rename(workspace / "ex\udcffport.csv")
    ran = run("draw", "ex\udcffport.csv", "--sample", "s", "--id", "case_id", "--take", "1", folder=workspace)
    assert ran.code == 0 and "ex<U+DCFF>port.csv" in ran.out
    assert run("verify", "s", "--export", "ex\udcffport.csv", folder=workspace).code == 0
