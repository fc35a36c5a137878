"""`cqa rubric check`: several files at once, exit codes, --strict, --sample, and where a variant's parent is found."""

import json
from pathlib import Path

from cqa.world import World
from tests.casework import DRAW, RUBRIC, Run

CLEAN = RUBRIC.replace("ask: Was it right,", 'ask: "Was it right?", look_for: "The review.",').replace(
    "ask: Was it reasoned,", 'ask: "Was it reasoned?", look_for: "The review.",').replace(
    "{id: q3, ask: Was the child heard}", '{id: q3, ask: "Was the child heard?", look_for: A note, forbid: '
    "[does_not_apply]}")
VARIANT = CLEAN.replace("id: small\n", "id: small-b\nvariant_of: {id: small, version: \"1.0\"}\n")


def write(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8", newline="\n")


def found(out: str) -> list[tuple[str, str]]:
    return [(problem["where"].replace("\\", "/").rsplit("/", 1)[-1], problem["code"])
            for problem in json.loads(out)["problems"]]


def test_a_clean_rubric_passes_at_its_strictest(run: Run, world: World) -> None:
    write(world.folder, "clean.yaml", CLEAN)
    ran = run("rubric", "check", "clean.yaml", "--strict")
    assert (ran.code, ran.err) == (0, "") and "version 1.0, 3 questions. Nothing to say." in ran.out


def test_all_problems_of_all_files_come_at_once_and_a_missing_file_is_exit_3(run: Run, world: World) -> None:
    write(world.folder, "one.yaml", CLEAN.replace("title: Small", "title: Small: and plain").replace("[not_met]}, forb",
                                                                                                    "[not]}, forb"))
    write(world.folder, "two.yaml", CLEAN.replace("id: q2", "id: q1"))
    both = run("rubric", "check", "one.yaml", "two.yaml", "--json")
    assert both.code == 1 and {("one.yaml", "R022"), ("one.yaml", "R013"), ("two.yaml", "R010")} <= set(found(both.out))
    gone = run("rubric", "check", "gone.yaml", "two.yaml", "--json")
    assert gone.code == 3 and {("gone.yaml", "R001"), ("two.yaml", "R010")} <= set(found(gone.out))


def test_strict_counts_warnings_and_not_those_the_file_acknowledges(run: Run, world: World) -> None:
    write(world.folder, "w.yaml", CLEAN.replace(', look_for: A note', ""))
    assert run("rubric", "check", "w.yaml").code == 0
    strict = run("rubric", "check", "w.yaml", "--strict", "--json")
    assert strict.code == 1 and not json.loads(strict.out)["ok"]
    write(world.folder, "w.yaml", CLEAN.replace(', look_for: A note', ', allow: {R043: "It is on the [file]."}'))
    ran = run("rubric", "check", "w.yaml", "--strict")
    assert ran.code == 0 and "R043 acknowledged" in ran.out and "It is on the [file]." in ran.out
    told = json.loads(run("rubric", "check", "w.yaml", "--strict", "--json").out)
    assert told["ok"] and [one["acknowledged"] for one in told["problems"]] == ["It is on the [file]."]


def test_the_parent_is_found_beside_the_file_or_in_the_workspace(run: Run, workspace: Path) -> None:
    write(workspace / "drafts", "b.yaml", VARIANT)
    assert found(run("rubric", "check", "drafts/b.yaml", "--json", folder=workspace).out) == [("b.yaml", "R048")]
    write(workspace / "rubrics", "small.yaml", CLEAN.replace("q3", "q4"))
    assert ("b.yaml", "R046") in found(run("rubric", "check", "drafts/b.yaml", "--json", folder=workspace).out)
    write(workspace / "drafts", "small.yaml", CLEAN)
    assert found(run("rubric", "check", "drafts/b.yaml", "--json", folder=workspace).out) == []


def test_signed_marks_of_this_version_tell_how_levels_are_used(run: Run, workspace: Path) -> None:
    write(workspace, "small.yaml", CLEAN)
    draw = ["40" if word == "4" else word for word in DRAW]
    assert run(*draw, folder=workspace).code == 0
    lines = (workspace / "samples" / "march" / "assignments.csv").read_text(encoding="utf-8-sig").splitlines()
    mine = [line.split(",")[0] for line in lines if ",ann," in line]
    assert len(mine) >= 20

    def assess(*said: dict[str, str]) -> None:
        script = "".join(json.dumps({"case": case, **one}) + "\n" for case in mine for one in said)
        ran = run("assess", "--sample", "march", "--as", "ann", "--script", "-", typed=script, folder=workspace)
        assert ran.code == 0

    def codes() -> set[str]:
        ran = run("rubric", "check", "small.yaml", "--sample", "march", "--json", folder=workspace)
        assert ran.code == 0
        return {code for _, code in found(ran.out)}

    assess({"fact": "child", "value": "N"}, *({"question": name, "mark": "fully_met"} for name in ("q1", "q2", "q3")))
    assert codes() == set()
    assess({"do": "sign_off"})
    assert codes() == {"R034", "R035"}
    write(workspace, "small.yaml", CLEAN.replace('"1.0"', '"1.1"'))
    assert codes() == set()
    assert run("rubric", "check", "small.yaml", "--sample", "april", folder=workspace).code == 2


def test_the_language_of_the_workspace_is_the_one_shown(run: Run, workspace: Path) -> None:
    write(workspace, "small.yaml", CLEAN.replace("title: Small", "title: {en: Small, cy: Bach}"))
    write(workspace, "cqa.yaml", "language: cy\n")
    ran = run("rubric", "check", "small.yaml", folder=workspace)
    assert "small.yaml: Bach, version 1.0" in ran.out and "R052" in ran.err


def test_a_draw_says_which_cases_the_rubric_is_not_for(run: Run, workspace: Path) -> None:
    use = "status: trial\nuse_for: {unit: [Unit 0, Unit 1]}\n"
    write(workspace, "small.yaml", CLEAN.replace("status: trial\n", use))
    ran = run(*DRAW, folder=workspace)
    assert ran.code == 0 and ran.err.count("R055") == 1
    assert "unit: Unit 0 or Unit 1. 4 drawn (" in ran.err and ") are not." in ran.err


def test_a_draw_says_of_which_cases_nothing_tells(run: Run, workspace: Path) -> None:
    write(workspace, "small.yaml", CLEAN.replace("status: trial\n", "status: trial\nuse_for: {stage: [charge]}\n"))
    ran = run(*DRAW, folder=workspace)
    assert ran.code == 0 and "the export does not say it of 12 drawn (" in ran.err and "and 7 more" in ran.err
