"""`cqa agreement` from outside: any table of ratings, all its problems at once, and the keys that were promised."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cqa.consistency.measures import measure
from cqa.consistency.uncertainty import FIGURES, Asked
from cqa.screen import printer
from cqa.world import World
from tests.casework import Run, csv_text
from tests.consistency.published import FIVE_OBSERVERS, FOUR_OBSERVERS

COEFFICIENT = {"value", "se", "low", "high", "why"}
NAMES = FIGURES[1:]


@pytest.fixture
def folder(world: World) -> Path:
    return world.folder


def put(folder: Path, text: str, name: str = "r.csv", encoding: str = "utf-8") -> str:
    (folder / name).write_bytes(text.encode(encoding))
    return name


def wide_text(ratings: Any = FOUR_OBSERVERS) -> str:
    cells = {(case, reviewer): ratings.levels[level] for case, reviewer, level
             in zip(ratings.case, ratings.reviewer, ratings.level, strict=True)}
    reviewers = range(len(ratings.reviewers))
    return csv_text([["unit", *(f"obs{number}" for number in reviewers)],
                     *([f"u{case}", *(cells.get((case, reviewer), "") for reviewer in reviewers)]
                       for case in range(ratings.cases))])


def long_text(ratings: Any = FOUR_OBSERVERS, header: str = "case,reviewer,mark") -> str:
    return header + "\n" + "".join(f"u{case},obs{reviewer},{ratings.levels[level]}\n" for case, reviewer, level
                                   in zip(ratings.case, ratings.reviewer, ratings.level, strict=True))


def asked(run: Run, *arguments: str) -> dict[str, Any]:
    ran = run("agreement", *arguments, "--json")
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    assert isinstance(told, dict)
    return told


def codes(err: str) -> list[str]:
    return [word for line in err.splitlines() for word in line.split() if len(word) == 4 and word[1:].isdigit()]


def test_a_long_table_has_every_promised_key_and_krippendorffs_alpha(run: Run, folder: Path) -> None:
    question = asked(run, put(folder, long_text()))["questions"][0]
    assert {"question", "n_cases", "n_reviewers", "n_marks", "percent", "within_one", *NAMES} <= set(question)
    assert all(set(question[name]) == COEFFICIENT for name in NAMES)
    assert question["alpha"]["value"] == pytest.approx(0.743, abs=0.0006)
    assert [question[name] for name in ("n_cases", "n_reviewers", "n_marks", "once_marked")] == [11, 4, 40, 1]
    assert question["percent"] == pytest.approx(0.8182, abs=5e-5) and question["cohen"]["value"] is None


def test_a_wide_table_is_the_same(run: Run, folder: Path) -> None:
    long, wide = put(folder, long_text(), "long.csv"), put(folder, wide_text(), "wide.csv")
    first, second = asked(run, long)["questions"], asked(run, wide, "--wide")["questions"]
    assert first == second


@pytest.mark.parametrize(("weights", "metric", "published"), [
    ("identity", "nominal", 0.4765), ("ordinal", "ordinal", 0.7598), ("linear", "ordinal", 0.7598),
    ("quadratic", "interval", 0.7574)])
def test_the_metric_follows_the_weights(run: Run, folder: Path, weights: str, metric: str, published: float) -> None:
    name = put(folder, wide_text(FIVE_OBSERVERS))
    told = asked(run, name, "--wide", "--weights", weights)
    assert told["questions"][0]["alpha"]["value"] == pytest.approx(published, abs=5e-5)
    other = asked(run, name, "--wide", "--metric", metric)["questions"][0]
    assert other["alpha"]["value"] == pytest.approx(published, abs=5e-5)


def test_every_figure_is_that_of_the_marks(run: Run, folder: Path) -> None:
    found = asked(run, put(folder, wide_text(FIVE_OBSERVERS)), "--wide", "--weights", "linear", "--interval", "gwet")
    expected = measure(FIVE_OBSERVERS, Asked("linear", "ordinal", interval="gwet"))[0]
    for name in NAMES:
        assert found["questions"][0][name] == expected.coefficients[name].as_json()
    assert found["questions"][0]["specific"] == dict(expected.specific)


def test_other_names_of_columns_are_taken_as_headers_are(run: Run, folder: Path) -> None:
    name = put(folder, long_text(header="Unit Number,WHO,Score"))
    told = asked(run, name, "--case", "unit_number", "--reviewer", "who", "--mark", "score")
    assert told["questions"][0]["n_marks"] == 40


def test_questions_are_told_apart_in_the_order_of_the_file_and_their_means_are_given(run: Run, folder: Path) -> None:
    rows = ["case,reviewer,question,mark"]
    rng = np.random.default_rng(2)
    for case in range(60):
        for question in ("Q2", "Q1", "Q10"):
            mark = rng.integers(1, 4)
            rows += [f"{case},ann,{question},{mark}", f"{case},bob,{question},{max(1, mark - rng.integers(0, 2))}"]
    told = asked(run, put(folder, "\n".join(rows)), "--weights", "ordinal")
    assert [one["question"] for one in told["questions"]] == ["Q2", "Q1", "Q10"]
    for name in ("ac", "alpha"):
        mean = sum(one[name]["value"] for one in told["questions"]) / 3
        assert told["overall"][name]["value"] == pytest.approx(mean) and told["overall"][name]["questions"] == 3
    alone = asked(run, put(folder, "\n".join(row for row in rows if "Q2" in row or "case" in row), "q2.csv"),
                  "--weights", "ordinal")
    assert alone["questions"][0] == told["questions"][0]


def test_a_scale_may_be_declared_with_levels_that_nobody_used(run: Run, folder: Path) -> None:
    name = put(folder, long_text())
    five, seven = (asked(run, name, "--levels", levels)["questions"][0] for levels in ("1,2,3,4,5", "1,2,3,4,5,6,7"))
    assert five["alpha"]["value"] == seven["alpha"]["value"] and five["ac"]["value"] != seven["ac"]["value"]
    assert seven["levels"] == ["1", "2", "3", "4", "5", "6", "7"] and seven["levels_ordered"] == "declared"


def test_words_are_ordered_by_the_alphabet_and_it_says_so(run: Run, folder: Path) -> None:
    name = put(folder, "case,reviewer,mark\n" + "".join(
        f"{case},{who},{mark}\n" for case, mark in enumerate(["poor", "fair", "good"] * 20) for who in "ab"))
    ran = run("agreement", name, "--weights", "ordinal")
    assert ran.code == 0 and "C033" in ran.err and "alphabet: fair, good, poor" in ran.err
    assert "C033" not in run("agreement", name, "--levels", "poor,fair,good").err


def test_what_looks_like_no_mark_is_a_level_and_it_says_so(run: Run, folder: Path) -> None:
    ran = run("agreement", put(folder, "case,reviewer,mark\n1,a,N/A\n1,b,3\n2,a,3\n2,b,3\n"))
    assert ran.code == 0 and "'N/A' was taken as a level" in ran.err


def test_once_marked_cases_count_by_the_convention_of_irrcac_only(run: Run, folder: Path) -> None:
    # Gwet 2014: AC1 .77544 with the unit that has one mark.
    name = put(folder, long_text())
    irrcac = asked(run, name, "--convention", "irrcac")["questions"][0]["ac"]
    assert irrcac["value"] == pytest.approx(0.77544, abs=1e-5)
    assert asked(run, name)["questions"][0]["ac"]["value"] != pytest.approx(0.77544, abs=1e-5)


@pytest.mark.parametrize("interval", ["bootstrap", "bca"])
def test_the_same_seed_gives_the_same_interval_and_a_seed_of_its_own_is_told(
    run: Run, folder: Path, interval: str
) -> None:
    name = put(folder, wide_text(FIVE_OBSERVERS))
    arguments = (name, "--wide", "--interval", interval, "--replicates", "300")
    one, same, other = (asked(run, *arguments, "--seed", seed)["questions"] for seed in ("dice 3", "dice 3", "dice 4"))
    assert one == same and one != other
    untold = asked(run, *arguments)["method"]["resampling"]
    assert "300 sets" in untold and "seed '12345678901234567890'" in untold


def test_no_replicates_mean_no_resampling(run: Run, folder: Path) -> None:
    told = asked(run, put(folder, long_text()), "--interval", "bootstrap", "--replicates", "0")
    assert told["questions"][0]["ac"]["low"] is None and told["questions"][0]["ac"]["value"] is not None
    assert "resampling" not in told["method"]


def test_few_cases_are_computed_and_warned_of(run: Run, folder: Path) -> None:
    told = asked(run, put(folder, long_text()))
    assert told["questions"][0]["ac"]["value"] is not None
    assert [(problem["code"], problem["severity"]) for problem in told["problems"]] == [("C036", "warning")]
    assert "C036" in run("agreement", "r.csv").err


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_export_is_read(run: Run, folder: Path, encoding: str, delimiter: str) -> None:
    rows = [("case", "reviewer", "mark"), *((str(case), who, "met") for case in range(9) for who in ("Zo\xeb", "bob"))]
    name = put(folder, "".join(delimiter.join(row) + "\r\n" for row in rows), encoding=encoding)
    told = asked(run, name, "--levels", "not met,met")
    assert told["questions"][0]["n_reviewers"] == 2 and told["questions"][0]["percent"] == 1
    assert ("C022" in [problem["code"] for problem in told["problems"]]) == (encoding == "cp1252")


BAD = ("case,reviewer,mark\n1,a,3\n1,a,4\n2,b\n2,a,9\n,b,3\n3,,3\n4,b,1,1,1\n")


def test_all_problems_are_told_at_once_with_their_lines(run: Run, folder: Path) -> None:
    ran = run("agreement", put(folder, BAD), "--levels", "1,2,3,4")
    assert ran.code == 3 and ran.out == ""
    for told in ("r.csv:4 C005", "r.csv:8 C005", "r.csv:6 C030", "r.csv:7 C030", "r.csv:5 C032",
                 "r.csv:3 C031 Reviewer 'a' has two marks on case '1': on line 2 and on line 3."):
        assert told in ran.err
    refused = json.loads(run("agreement", "r.csv", "--json").out)
    assert refused["ok"] is False and {problem["line"] for problem in refused["problems"]} >= {3, 4, 6, 7, 8}


@pytest.mark.parametrize(("text", "arguments", "code", "told"), [
    ("case,reviewer,mark\n1,a,3\n", ("--mark", "score"), 3, "C004 There is no column 'score'"),
    ("case,reviewer,mark\n1,a,3\n", ("--case", "mark", "--mark", "mark"), 2, "one column is named for two"),
    ("case,reviewer,mark\n1,a,3\n", ("--weights", "cubic"), 2, "S018 --weights cannot be 'cubic'"),
    ("case,reviewer,mark\n1,a,3\n", ("--levels", "a,b,a"), 2, "more than once"),
    ("case,reviewer,mark\n1,a,3\n", ("--wide", "--mark", "mark"), 2, "every column but the case is a reviewer's"),
    ("case,reviewer,mark\n1,a,\n1,b,\n", (), 3, "C002 There is no mark"),
    ("case,a,b,a\n1,2,3,4\n", ("--wide",), 3, "C010 The column 'a' occurs 2 times"),
    ("case,a,,b\n1,2,,4\n2,3,5,3\n", ("--wide",), 3, "r.csv:3 C037 There is a mark in column 3"),
    ("case\n1\n", ("--wide",), 3, "C037 There is no column of a reviewer"),
    ("case,a,b\n1,2,3\n2,1,1\n1,3,3\n", ("--wide",), 3, "on line 2 and on line 4"),
    ("case,reviewer,mark\n1,a,3\n1,b,x\n", ("--severity",), 3, "r.csv:3 C035 The mark 'x' is no number"),
    ("case,reviewer,question,mark\n1,a,p,3\n1,b,q,3\n", ("--severity",), 3, "C035 There are 2 questions"),
    ("", (), 3, "C002"),
])
def test_what_cannot_be_used_is_said(
    run: Run, folder: Path, text: str, arguments: tuple[str, ...], code: int, told: str
) -> None:
    ran = run("agreement", put(folder, text), *arguments)
    assert ran.code == code and told.casefold() in ran.err.casefold() and ran.out == ""


def test_a_missing_file_is_exit_3(run: Run) -> None:
    ran = run("agreement", "gone.csv", "--json")
    assert ran.code == 3 and json.loads(ran.out)["problems"][0]["code"] == "C001"


def test_a_column_full_of_words_is_not_taken_for_marks(run: Run, folder: Path) -> None:
    rows = "".join(f"{case},{who},{case} {who} said\n" for case in range(1100) for who in "ab")
    ran = run("agreement", put(folder, "case,reviewer,mark\n" + rows))
    assert ran.code == 3 and "C035 There are 2,200 different marks" in ran.err


def test_names_that_may_be_one_are_told(run: Run, folder: Path) -> None:
    ran = run("agreement", put(folder, "case,reviewer,mark\n1,Ann,3\n1,bob,3\n2,ann,3\n2,bob,4\n"))
    assert ran.code == 0 and "C034" in ran.err and "'Ann' (1 mark) and 'ann' (1 mark)" in ran.err


def scores(severities: dict[str, float]) -> str:
    rng = np.random.default_rng(5)
    rows = ["case,reviewer,mark"]
    for case in range(150):
        quality = rng.normal(70, 10)
        for reviewer in rng.permutation(sorted(severities))[: 2 if case % 2 else 1]:
            rows.append(f"{case},{reviewer},{quality - severities[reviewer] + rng.normal(0, 3):.1f}")
    return "\n".join(rows)


def test_severity_is_in_the_marks_units_with_its_variances(run: Run, folder: Path) -> None:
    name = put(folder, scores({"ann": 0, "bob": 5, "cat": -5, "007": 0}))
    told = asked(run, name, "--severity", "--weights", "quadratic")
    found = {one["reviewer"]: one for one in told["severity"]}
    assert list(found) and set(found) == {"ann", "bob", "cat", "007"}
    assert found["bob"]["value"] == pytest.approx(5, abs=1.5) and found["cat"]["value"] == pytest.approx(-5, abs=1.5)
    assert found["bob"]["within"]["value"] == pytest.approx(5, abs=1.5) and found["bob"]["within"]["se"] > 0
    assert set(told["variance"]) == {"case", "reviewer", "error"}
    assert told["variance"]["error"] == pytest.approx(9, rel=0.4)
    assert [sorted(names) for names in told["components"]] == [["007", "ann", "bob", "cat"]]
    shown = run("agreement", name, "--severity").out
    assert "Severity is not error" in shown and "bob" in shown


def test_on_80_columns_no_line_is_longer_and_no_figure_broken(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printer, "PLAIN_WIDTH", 80)
    many = "case,reviewer,question,mark\n" + "".join(
        f"{case},{who},A question with a long name {question},{(case + question * (who == 'b')) % 4}\n"
        for case in range(30) for question in range(3) for who in "ab")
    put(folder, many, "many.csv")
    put(folder, scores({"a-byrne": 0, "d-okafor": 5, "l-marsh": -5}), "scores.csv")
    put(folder, wide_text(FIVE_OBSERVERS), "wide.csv")
    for arguments in (("many.csv", "--weights", "ordinal"), ("scores.csv", "--severity", "--weights", "quadratic"),
                      ("wide.csv", "--wide", "--weights", "linear", "--interval", "bca", "--replicates", "200")):
        ran = run("agreement", *arguments)
        assert ran.code == 0 and max(map(len, ran.out.splitlines())) <= 80, arguments
        rows = [line.split() for line in ran.out.splitlines() if line.startswith("A question")]
        for one, row in zip(asked(run, *arguments)["questions"], rows, strict=False):
            assert f"{one['ac']['value']:.2f}" in row and f"{one['alpha']['value']:.2f}" in row


def test_texts_are_never_markup_and_hidden_signs_are_shown(run: Run, folder: Path) -> None:
    rows = "".join(f"{case},{who},{mark}\n" for case in range(3) for who, mark in
                   (("[red]ann", "[bold]met[/bold]"), ("b\x1b[31mob", "\u202emet")))
    ran = run("agreement", put(folder, "case,reviewer,mark\n" + rows))
    assert "[bold]met[/bold]" in ran.out and "\x1b" not in ran.out and "<U+202E>" in ran.out


def test_it_needs_no_workspace_and_leaves_nothing_behind(run: Run, folder: Path) -> None:
    name = put(folder, long_text())
    run("agreement", name)
    assert [path.name for path in folder.iterdir()] == [name]
