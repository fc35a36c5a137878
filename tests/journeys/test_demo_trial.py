"""`cqa demo --trial`: a trial by reviewers of known error, in which the report has to find what was put in."""

import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import fmean, median

import pytest

from cqa.commands.demo.demo import EXPORT
from cqa.commands.demo.demo_reviewers import OFF_SCALE, PARTLY_MET_BELOW
from cqa.commands.trials import demo
from cqa.commands.trials.demo_reviewers import ERROR, PANEL, TrialReviewer
from cqa.commands.trials.demo_truth import AGAIN, Eyes, Truth, put_in
from cqa.commands.trials.ground import TrialGround, ground_of_trial
from cqa.consistency.trials.data import FORMS, PARENT, VARIANT, FormData, TrialData
from cqa.consistency.trials.difference import difference_of
from cqa.consistency.trials.verdict import decision_of
from cqa.files.workspace import find_workspace
from cqa.rubric.gates import asked
from cqa.rubric.model import Rubric
from cqa.world import World
from tests.casework import Run, running_in, world_at
from tests.workbook_lint import lint

EYES = (Eyes(tuple(PANEL.values()), ERROR[PARENT], PARTLY_MET_BELOW, OFF_SCALE),
        Eyes(tuple(PANEL.values()), ERROR[VARIANT], PARTLY_MET_BELOW, OFF_SCALE))


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, str]:
    """A world in which the demo's trial was designed and marked in the folder d, and what it said."""
    world = world_at(tmp_path_factory.mktemp("trial"))
    ran = running_in(world)("demo", "--trial", "d")
    assert ran.code == 0, ran.err
    return world, ran.out


@pytest.fixture(scope="module")
def ground(marked: tuple[World, str]) -> TrialGround:
    """The trial as its samples record it."""
    return ground_of_trial(find_workspace(marked[0].folder / "d"), "pilot")


def rubrics(ground: TrialGround) -> dict[str, Rubric]:
    """The rubric of each form."""
    return {form.form: ground.rubrics[form.arm].rubric for form in ground.data.forms}


def truth_in(ground: TrialGround, seed: str, again: int = 1) -> Truth:
    """What is true of the cases of the trial by a seed; of `again` cases of the make of each, where there are more."""
    known = {one.case.case_id: one.standing.facts for one in ground.records[ground.data.parent.arm].assessed}
    states = {case: frozenset(name for rubric in rubrics(ground).values()
                              for name, state in asked(rubric, {}, facts).items() if state)
              for case, facts in known.items()}
    if again > 1:
        states = {f"{case}|again {number}": of_it for case, of_it in states.items() for number in range(again)}
    return Truth(seed, rubrics(ground)[PARENT], states)


def marking(truth: Truth, rubric: Rubric, form: str, case: str, who: str, names: tuple[str, ...]) -> dict[str, str]:
    """What a simulated reviewer gives on some questions of a case."""
    reviewer = TrialReviewer(who, truth.seed, form, truth)
    return {name: reviewer.level(case, rubric.by_id[name]).id for name in truth.asked_of(case, names)}


def cell(told: str, row: str) -> list[float]:
    """The figures of one row of what the demo printed."""
    line = next(line for line in told.splitlines() if line.startswith(row))
    return [float(found) for found in re.findall(r"[-+]?\d+\.\d+", line)]


def test_the_trial_finds_the_difference_that_was_put_in_and_takes_the_better_form(
    marked: tuple[World, str], ground: TrialGround
) -> None:
    difference = difference_of(ground.data)
    main = difference.headline["ac2"]
    parent, variant = put_in(truth_in(ground, demo.SEED), ground.data.matched, rubrics(ground)[VARIANT],
                             ground.data.cases[PARENT], EYES)
    assert main.low is not None and main.high is not None and main.low < variant - parent < main.high
    assert ground.data.complete and decision_of(ground.data, difference).outcome == VARIANT
    assert [parent, variant] == pytest.approx([0.44, 0.80], abs=0.01)
    told = marked[1]
    assert cell(told, "mean AC2, put in") == pytest.approx([parent, variant, variant - parent], abs=0.006)
    assert cell(told, "mean AC2, found") == pytest.approx(
        [main.parent, main.variant, main.difference, main.low, main.high], abs=0.006)
    assert cell(told, "error of one judgement") == pytest.approx([*ERROR.values(), -0.75])
    assert "Take the variant prosecution-short 0.1" in " ".join(told.split())


def test_what_is_called_put_in_is_what_the_reviewers_come_to_over_many_more_cases(ground: TrialGround) -> None:
    """Marks are given one by one by the reviewers themselves, and AC1 is counted by Gwet's formula (2008)."""
    truth = truth_in(ground, demo.SEED, AGAIN)
    expected = put_in(truth_in(ground, demo.SEED), ground.data.matched, rubrics(ground)[VARIANT],
                      ground.data.cases[PARENT], EYES)
    rng = random.Random("who marks")
    for form, target in zip(FORMS, expected, strict=True):
        found = []
        for one in ground.data.matched:
            pairs = []
            for case in truth.asked:
                names = one.parents if form == PARENT else (one.question,)
                if truth.asked_of(case, one.parents) and truth.asked_of(case, (one.question,)):
                    pairs.append([mark for who in rng.sample(list(PANEL), 2) if (mark := (
                        one.parent_mark if form == PARENT else one.variant_mark)(
                            marking(truth, rubrics(ground)[form], form, case, who, names)))])
            found.append(ac1([pair for pair in pairs if len(pair) == 2]))
        assert fmean(found) == pytest.approx(target, abs=0.03), form


def ac1(pairs: list[list[str]]) -> float:
    """Gwet's AC1 of pairs of two answers."""
    counts = Counter(mark for pair in pairs for mark in pair)
    share = max(counts.values()) / counts.total()
    chance = 2 * share * (1 - share)
    return (fmean(one == other for one, other in pairs) - chance) / (1 - chance)


def replicates(ground: TrialGround, many: int) -> Iterator[TrialData]:
    """The same design marked in other worlds: other true qualities, other errors, the same reviewers."""
    compared = {PARENT: tuple(name for one in ground.data.matched for name in one.parents),
                VARIANT: tuple(one.question for one in ground.data.matched)}
    for number in range(many):
        truth = truth_in(ground, f"world {number}")
        parent, variant = (_marked_again(form, truth, rubrics(ground)[form.form], compared)
                           for form in ground.data.forms)
        yield replace(ground.data, parent=parent, variant=variant)


def _marked_again(form: FormData, truth: Truth, rubric: Rubric, compared: Mapping[str, tuple[str, ...]]) -> FormData:
    return replace(form, assessed=tuple(
        replace(one, marks=marking(truth, rubric, form.form, one.case_id, one.reviewer, compared[form.form]))
        for one in form.assessed))


def test_a_trial_of_this_size_finds_it_nearly_always_and_its_interval_is_honest(ground: TrialGround) -> None:
    parent, variant = put_in(truth_in(ground, demo.SEED), ground.data.matched, rubrics(ground)[VARIANT],
                             ground.data.cases[PARENT], EYES)
    many, taken, held, found = 40, 0, 0, []
    for data in replicates(ground, many):
        difference = difference_of(data)
        main = difference.headline["ac2"]
        assert main.low is not None and main.high is not None and main.difference is not None
        taken += decision_of(data, difference).outcome == VARIANT
        held += main.low <= variant - parent <= main.high
        found.append(main.difference)
    assert taken >= 0.9 * many and held >= 0.85 * many
    assert fmean(found) == pytest.approx(variant - parent, abs=0.05)


def test_both_samples_are_as_they_were_drawn_and_everybody_kept_to_their_order(marked: tuple[World, str]) -> None:
    assert lint((marked[0].folder / "d" / "reports" / "pilot-trial.xlsx").read_bytes()) == []
    ran = running_in(marked[0])("verify", "pilot-1", "pilot-2", "--export", EXPORT, folder=marked[0].folder / "d")
    assert ran.code == 0, ran.err
    assert "S086" not in ran.err and "J0" not in ran.err


def test_the_shorter_form_takes_less_time_and_no_assessment_is_without_a_time(ground: TrialGround) -> None:
    times = {form.form: [one.minutes for one in form.signed if one.minutes] for form in ground.data.forms}
    assert all(len(times[form.form]) == len(form.assessed) for form in ground.data.forms)
    assert median(times[VARIANT]) < 0.8 * median(times[PARENT])
    assert all(2 < minutes < 60 for listed in times.values() for minutes in listed)


def test_every_mark_lies_between_the_design_and_now_in_working_hours(
    marked: tuple[World, str], ground: TrialGround
) -> None:
    now, signed = marked[0].now(), [datetime.fromisoformat(one.assessment.signed_at)
                                    for record in ground.records.values() for one in record.assessed]
    drawn = datetime.fromisoformat(ground.records[1].folder.sample.drawn_at)
    assert all(drawn < moment < now - timedelta(days=1) for moment in signed)
    assert {moment.weekday() for moment in signed} <= {0, 1, 2, 3, 4} and min(moment.hour for moment in signed) >= 9
    status = json.loads(running_in(marked[0])("status", "--json", folder=marked[0].folder / "d").out)
    assert status["overdue"] == []


def test_some_say_in_words_what_was_hard_and_others_say_nothing(ground: TrialGround) -> None:
    said = {(form.form, one.reviewer) for form in ground.data.forms for one in form.signed if one.said}
    texts = {text for form in ground.data.forms for one in form.signed for text in one.said.values()}
    assert {form for form, _ in said} == set(FORMS) and len(texts) > 10
    assert not {who for _, who in said} & {"r-hughes", "k-nowak"} and len({who for _, who in said}) == 4
    assert not [text for text in texts if "{" in text]


def test_the_same_moment_gives_the_same_trial_and_another_run_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "CASES", 6)
    told = []
    for place in ("one", "other"):
        (tmp_path / place).mkdir()
        world = world_at(tmp_path / place)
        assert running_in(world)("demo", "--trial", "d").code == 0
        told.append({path.relative_to(world.folder): path.read_bytes()
                     for path in sorted((world.folder / "d" / "samples").rglob("*")) if path.is_file()})
    assert told[0] == told[1] and any(path.name.endswith(".jsonl") for path in told[0])
    again = running_in(world)("demo", "--trial", "d")
    assert again.code == 0 and (world.folder / "d" / "samples" / "pilot2-1" / "sample.yaml").is_file()
    assert not world.home.exists()
    assert running_in(world)("verify", "pilot2-1", "pilot2-2", folder=world.folder / "d").code == 0


def test_the_folder_of_somebody_else_is_left_alone(run: Run, world: World) -> None:
    (world.folder / "mine").mkdir()
    (world.folder / "mine" / "letter.txt").write_text("mine", encoding="utf-8")
    ran = run("demo", "--trial", "mine")
    assert ran.code == 2 and [path.name for path in (world.folder / "mine").iterdir()] == ["letter.txt"]
