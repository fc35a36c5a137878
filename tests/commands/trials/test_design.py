"""A trial is drawn, shared out and its rule written down before anything is marked; or refused with every reason."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from cqa.commands.trials import design
from cqa.errors import NotSaved, Problem
from cqa.files.sample_writing import write_sample
from tests.casework import RUBRIC, SEED, Ran, Run

DESIGN = ("trial", "design", "export.csv", "--trial", "pilot", "--id", "case_id", "--rubric", "small.yaml",
          "--variant", "tried.yaml", "--cases", "8", "--reviewers", "ann,bob,cat,dan", "--seed", SEED)
VARIANT = RUBRIC.replace("id: small", "id: tried").replace("status: trial", "status: trial\nvariant_of: {id: small, "
                                                           'version: "1.0"}')


@pytest.fixture
def forms(workspace: Path) -> Path:
    """A workspace with a variant of its rubric, alike but in its name."""
    (workspace / "tried.yaml").write_text(VARIANT, encoding="utf-8", newline="\n")
    return workspace


def designed(run: Run, forms: Path, *more: str) -> Ran:
    return run(*DESIGN, *more, folder=forms)


def changed(forms: Path, old: str, new: str) -> None:
    assert old in VARIANT
    (forms / "tried.yaml").write_text(VARIANT.replace(old, new), encoding="utf-8", newline="\n")


def rows(forms: Path, arm: int) -> list[list[str]]:
    text = (forms / "samples" / f"pilot-{arm}" / "assignments.csv").read_text(encoding="utf-8")
    return [line.split(",") for line in text.splitlines()[1:]]


def test_both_samples_hold_the_same_cases_marked_by_four_people_each(run: Run, forms: Path) -> None:
    assert designed(run, forms).code == 0
    cases = [{row[0] for row in rows(forms, arm)} for arm in (1, 2)]
    assert cases[0] == cases[1] and len(cases[0]) == 8
    for case in cases[0]:
        markers = [row[1] for arm in (1, 2) for row in rows(forms, arm) if row[0] == case]
        assert sorted(markers) == ["ann", "bob", "cat", "dan"]
    assert {row[3] for row in rows(forms, 1)} | {row[3] for row in rows(forms, 2)} == {"small-1.0", "tried-1.0"}


def test_each_reviewer_marks_as_many_cases_by_each_form_and_half_begin_with_each(run: Run, forms: Path) -> None:
    told = json.loads(designed(run, forms, "--json").out)
    assert [(one["parent"], one["variant"]) for one in told["reviewers"]] == [(4, 4)] * 4
    begins = [one["order"][0] for one in told["reviewers"]]
    assert begins.count("parent") == begins.count("variant") == 2
    assert told["balance"] == {"uneven": 0, "connected": True, "nested": [], "marked_twice": [], "too_few_free": []}


def test_the_rule_and_its_hash_stand_in_both_samples(run: Run, forms: Path) -> None:
    told = json.loads(designed(run, forms, "--measure", "alpha", "--difference", "0.1", "--json").out)["verdict"]
    assert told["sha256"] == hashlib.sha256(told["rule"].encode()).hexdigest()
    for arm in (1, 2):
        plan = (forms / "samples" / f"pilot-{arm}" / "plan.yaml").read_text(encoding="utf-8")
        assert told["rule"] in plan and told["sha256"] in plan


def test_the_design_is_the_same_for_the_same_seed_and_another_for_another(run: Run, forms: Path) -> None:
    one = json.loads(designed(run, forms, "--json").out)
    again = json.loads(run(*[word.replace("pilot", "again") for word in DESIGN], "--json", folder=forms).out)
    other = json.loads(run(*[word.replace("pilot", "other") for word in DESIGN[:-1]], "99887766554433221100", "--json",
                           folder=forms).out)
    assert [one["order"] for one in one["reviewers"]] == [one["order"] for one in again["reviewers"]]
    assert one["seed"] != other["seed"]


def test_verify_derives_both_samples_again(run: Run, forms: Path) -> None:
    designed(run, forms)
    ran = run("verify", "pilot-1", "pilot-2", "--export", "export.csv", folder=forms)
    assert ran.code == 0, ran.out


def test_in_the_parallel_design_the_samples_share_no_case_and_both_are_verified(run: Run, forms: Path) -> None:
    ran = run(*DESIGN[:-4], "--reviewers", "ann,bob", "--seed", SEED, "--design", "parallel", folder=forms)
    assert ran.code == 0, ran.err
    one, other = ({row[0] for row in rows(forms, arm)} for arm in (1, 2))
    assert len(one) == len(other) == 8 and not one & other
    assert run("verify", "pilot-1", "pilot-2", "--export", "export.csv", folder=forms).code == 0


def test_reviewers_nested_in_forms_are_refused_and_forced_only_with_what_is_lost(run: Run, forms: Path) -> None:
    nested = ("--parent-only", "ann,bob", "--variant-only", "cat,dan")
    refused = designed(run, forms, *nested)
    assert refused.code == 2 and "S080" in refused.err and "12 to 19 of 100" in refused.err
    assert not (forms / "samples" / "pilot-1").exists()
    forced = designed(run, forms, *nested, "--force")
    assert forced.code == 0 and "gives no verdict" in " ".join(forced.out.split())


@pytest.mark.parametrize(("more", "said"), [
    (("--parent-only", "zoe"), "'zoe' is to use one form alone, and is no reviewer"),
    (("--parent-only", "ann", "--variant-only", "ANN"), "To use one form alone, and each: ann"),
    (("--measure", "kappa"), "--measure cannot be 'kappa'"),
    (("--design", "latin"), "--design cannot be 'latin'"),
    (("--difference", "5"), "--difference cannot be '5'"),
    (("--cases", "0"), "--cases cannot be 0"),
])
def test_what_cannot_be_designed_is_refused_and_nothing_is_written(
    run: Run, forms: Path, more: tuple[str, ...], said: str
) -> None:
    refused = designed(run, forms, *more)
    assert refused.code == 2 and said in refused.err
    assert not (forms / "samples" / "pilot-1").exists() and not (forms / "samples" / "pilot-2").exists()


def test_three_reviewers_are_too_few_for_the_crossover_and_not_for_the_parallel_design(run: Run, forms: Path) -> None:
    three = [word.removesuffix(",dan") for word in DESIGN]
    refused = run(*three, folder=forms)
    assert refused.code == 2 and "needs 4" in refused.err and "--design parallel" in refused.err
    assert run(*three, "--design", "parallel", folder=forms).code == 0


def test_who_uses_one_form_alone_is_known_in_whatever_letters_they_are_named(run: Run, forms: Path) -> None:
    told = json.loads(designed(run, forms, "--parent-only", "ANN", "--reviewers", "eve,fay", "--force", "--json").out)
    ann = next(one for one in told["reviewers"] if one["reviewer"] == "ann")
    assert ann["order"] == ["parent"] and ann["variant"] == 0 and told["balance"]["nested"] == ["ann"]


def test_all_that_is_wrong_with_the_options_is_said_at_once(run: Run, forms: Path) -> None:
    refused = designed(run, forms, "--measure", "kappa", "--design", "latin", "--difference", "x", "--cases", "0")
    assert refused.err.count("S080") == 4


def test_a_mapping_to_a_question_that_is_missing_fails_before_the_trial_begins(run: Run, forms: Path) -> None:
    changed(forms, "ask: Was it right,", "ask: Was it right, corresponds_to: {kind: same, question: q7},")
    refused = designed(run, forms)
    assert refused.code == 3 and "R045" in refused.err and "'q7'" in refused.err and "tried.yaml" in refused.err
    assert not (forms / "samples" / "pilot-1").exists()


def test_a_variant_of_another_rubric_is_refused(run: Run, forms: Path) -> None:
    changed(forms, "variant_of: {id: small", "variant_of: {id: large")
    refused = designed(run, forms)
    assert refused.code == 3 and "a variant of 'large'" in refused.err


def test_two_forms_of_one_name_and_version_are_refused(run: Run, forms: Path) -> None:
    refused = run(*[word.replace("tried.yaml", "small.yaml") for word in DESIGN], folder=forms)
    assert refused.code == 3 and "Both forms are called small 1.0" in refused.err


def test_forms_of_which_nothing_compares_are_refused(run: Run, forms: Path) -> None:
    text = VARIANT
    for ask in ("Was it right", "Was it reasoned", "Was the child heard"):
        text = text.replace(f"ask: {ask}", f"ask: {ask}, corresponds_to: none")
    (forms / "tried.yaml").write_text(text, encoding="utf-8", newline="\n")
    refused = designed(run, forms)
    assert refused.code == 3 and "No question of 'tried' compares" in refused.err


def test_the_errors_of_both_rubrics_are_told_together(run: Run, forms: Path) -> None:
    changed(forms, "title: Small", "titel: Small")
    (forms / "small.yaml").write_text(RUBRIC.replace("status: trial", "statuss: trial"), encoding="utf-8", newline="\n")
    refused = designed(run, forms)
    assert refused.code == 3 and "small.yaml" in refused.err and "tried.yaml" in refused.err


def test_where_the_second_sample_cannot_be_written_the_first_is_taken_back(
    run: Run, forms: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Path] = []

    def full(folder: Path, *rest: Any) -> None:
        if written:
            raise NotSaved(Problem("P004", "The disk is full.", ""))
        written.append(folder)
        write_sample(folder, *rest)

    monkeypatch.setattr(design, "write_sample", full)
    assert designed(run, forms).code == 5
    assert written and not written[0].exists() and not (forms / "samples" / "pilot-2").exists()


def test_a_trial_whose_samples_exist_already_is_refused(run: Run, forms: Path) -> None:
    assert designed(run, forms).code == 0
    assert designed(run, forms).code == 2


def test_what_does_not_compare_is_listed_with_its_reason(run: Run, forms: Path) -> None:
    changed(forms, "ask: Was it reasoned,", "ask: Was it reasoned, corresponds_to: none,")
    told = json.loads(designed(run, forms, "--json").out)
    assert [one["question"] for one in told["compared"]] == ["q1", "q3"]
    assert {(one["form"], one["question"]) for one in told["not_comparable"]} == {("variant", "q2"), ("parent", "q2")}
