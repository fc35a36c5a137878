"""`cqa size` answers in exact numbers and in plain words, needs no workspace, and says all that is wrong at once."""

import json

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.casework import Run
from tests.test_cli import HEAVY, imported_by


def answer(run: Run, *options: str) -> dict[str, object]:
    ran = run("size", *options, "--json")
    assert (ran.code, ran.err) == (0, "")
    told: dict[str, object] = json.loads(ran.out)
    assert list(told) == ["n", "allowed", "method"]
    return told


@pytest.mark.parametrize(("options", "n", "allowed", "method"), [
    ("--tolerable 5% --confidence 95%", 59, 0, "Binomial"),
    ("--tolerable 5% --population 1000 --allowed 2", 119, 2, "Hypergeometric"),
    ("--tolerable 5% --expected 3.5% --confidence 0.9", 400, 14, "Binomial"),
    ("--tolerable 6% --population 100", 39, 0, "Hypergeometric"),
    ("--tolerable 1% --population 10", 10, 0, "Census"),
    ("--margin 5% --population 10,000", 370, None, "Normal approximation"),
    ("--margin .05 --expected 10%", 139, None, "Normal approximation"),
])
def test_a_program_reads_the_size_what_is_allowed_and_the_method(
    run: Run, options: str, n: int, allowed: int | None, method: str
) -> None:
    told = answer(run, *options.split())
    assert (told["n"], told["allowed"]) == (n, allowed) and str(told["method"]).startswith(method)


@pytest.mark.parametrize("share", ["5%", "0.05", ".05", "5 %", " 5.0% ", "0.0500"])
def test_a_share_may_be_typed_in_any_usual_way(run: Run, share: str) -> None:
    assert answer(run, "--tolerable", share, "--population", "1,000")["n"] == 57


def test_a_team_leader_reads_what_to_do_and_what_may_then_be_said(run: Run) -> None:
    told = run("size", "--tolerable", "5%").out
    assert "Look at 59 cases. If none of them fails, you can say with 95% confidence that fewer than 5% fail." in told
    told = run("size", "--tolerable", "5%", "--population", "1000", "--allowed", "2").out
    assert "Look at 119 of the 1,000 cases. If at most 2 of them fail," in told and "5% (50 of the 1,000) fail" in told
    told = run("size", "--margin", "1%", "--population", "1000").out
    assert "Look at 906 of the 1,000 cases." in told and "within 1 percentage point of" in told


def test_the_words_say_when_it_is_a_census(run: Run) -> None:
    told = run("size", "--tolerable", "5%", "--population", "40", "--allowed", "2").out
    assert "Look at all 40 cases, a census" in told and "If at most 1 of them fails, that is so" in told
    assert "at random" not in told
    assert "the one case there is" in run("size", "--margin", "5%", "--population", "1").out


def test_a_rate_too_rare_for_the_formula_is_called_rough(run: Run) -> None:
    assert "rough" in run("size", "--margin", "1%", "--expected", "0.1%").out
    assert "rough" not in run("size", "--margin", "5%").out


def test_the_words_say_what_few_cases_of_a_unit_can_and_cannot_show(run: Run) -> None:
    told = run("size", "--margin", "5%").out
    rows = {line.split()[0]: line.split()[-3:] for line in told.splitlines() if "of a large unit" in line}
    assert rows == {"10": ["0.40", "0.65", "0.89"], "20": ["0.64", "0.88", "0.99"]}
    assert "unit league tables on 10 cases each are noise" in told
    assert "one failing case of a unit of 20 with 95% confidence, look at 19" in told


@pytest.mark.parametrize(("options", "said"), [
    ("", "Say what the sample is for"),
    ("--tolerable 5% --margin 5%", "two different questions"),
    ("--tolerable 5% --allowed 1 --expected 1%", "both say how many failures to allow"),
    ("--margin 5% --allowed 1", "--allowed has no meaning with --margin"),
    ("--tolerable 5% --expected 5%", "If 5% are expected to fail, no sample can show"),
    ("--tolerable 5", "If you mean 5%, write the % sign"),
    ("--tolerable 0%", "--tolerable cannot be '0%'"),
    ("--tolerable 5% --confidence 100%", "Only looking at every case makes certain"),
    ("--margin 5% --expected 0", "--expected cannot be '0'"),
    ("--tolerable 1/20", "Write a share"),
    ("--tolerable 1e-2", "Write a share"),
    ("--tolerable 5% --population 0", "Write a whole number, 1 or more"),
    ("--tolerable 5% --population 1,00", "Write a whole number, 1 or more"),
    ("--tolerable 5% --allowed -1", "Write a whole number, 0 or more"),
    ("--tolerable 0.0001%", "More than 500,000 cases"),
])
def test_what_cannot_be_answered_is_wrong_use_with_a_remedy(run: Run, options: str, said: str) -> None:
    ran = run("size", *options.split(), "--json")
    assert (ran.code, ran.out) == (2, "") and ran.err.startswith("S018 ") and said in ran.err


def test_all_that_is_wrong_is_said_at_once(run: Run) -> None:
    ran = run("size", "--tolerable", "5", "--margin", "x", "--confidence", "95", "--allowed", "-1", "--expected", "1%",
              "--population", "many")
    assert ran.code == 2 and len(ran.err.splitlines()) == 8


@given(st.text(alphabet="0123456789.,%- e/٣∞", max_size=25), st.text(alphabet="0123456789.,%-", max_size=25))
@examples(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_whatever_is_typed_is_answered_or_refused(run: Run, share: str, count: str) -> None:
    ran = run("size", f"--margin={share}", f"--population={count}", "--json")
    assert ran.code in (0, 2), ran.err


def test_nothing_heavy_is_imported() -> None:
    assert not imported_by("size", "--tolerable", "5%") & (HEAVY | {"yaml"})
