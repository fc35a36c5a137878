"""`cqa rubric new` and `schema`: a rubric that works from its first minute, and never in place of another."""

import json
from pathlib import Path

import pytest

from cqa.world import World
from tests.casework import Run


def test_a_new_rubric_passes_the_check_and_lies_beside_its_schema(run: Run, world: World) -> None:
    ran = run("rubric", "new", "mine.yaml", "--id", "mine", "--title", "Mine")
    assert ran.code == 0, ran.err
    assert json.loads((world.folder / "cqa-rubric.schema.json").read_text(encoding="utf-8"))["type"] == "object"
    checked = run("rubric", "check", "mine.yaml", "--json")
    assert checked.code == 0 and json.loads(checked.out) == {"ok": True, "problems": []}
    assert run("rubric", "try", "mine.yaml", "--cases", "300").code == 0


def test_in_a_workspace_it_goes_to_the_rubrics(run: Run, workspace: Path) -> None:
    schema = (workspace / "rubrics" / "cqa-rubric.schema.json").read_bytes()
    assert run("rubric", "new", "--id", "fraud", "--title", "Fraud", folder=workspace).code == 0
    assert (workspace / "rubrics" / "fraud.yaml").is_file()
    assert (workspace / "rubrics" / "cqa-rubric.schema.json").read_bytes() == schema


def test_nothing_is_overwritten(run: Run, workspace: Path) -> None:
    before = (workspace / "small.yaml").read_bytes()
    ran = run("rubric", "new", "small.yaml", "--id", "small", "--title", "Small", folder=workspace)
    assert ran.code == 2 and "R060" in ran.err and (workspace / "small.yaml").read_bytes() == before


@pytest.mark.parametrize(("rubric_id", "title", "code"), [
    ("a b", "x", "S003"), ("nul", "x", "S003"), ("../up", "x", "S003"), ("a", "  ", "S018"), ("a", "\udc80", "S018")])
def test_an_id_or_title_that_cannot_be_is_wrong_use(
    run: Run, world: World, rubric_id: str, title: str, code: str
) -> None:
    ran = run("rubric", "new", "--id", rubric_id, "--title", title)
    assert ran.code == 2 and code in ran.err and list(world.folder.iterdir()) == []


@pytest.mark.parametrize("title", [
    'Said "so": # and \\ more?', "{braces} [and] lists", "caf\u00e9 \u2013 caf\u00e9", "a\tb"])
def test_any_title_is_kept_as_typed(run: Run, world: World, title: str) -> None:
    assert run("rubric", "new", "m.yaml", "--id", "m", "--title", title).code == 0
    assert json.loads(run("rubric", "show", "m.yaml", "--json").out)["title"] == title


def test_the_schema_is_shown_or_written_and_is_the_same(run: Run, world: World) -> None:
    shown = run("rubric", "schema").out
    assert run("rubric", "schema", "--out", "s.json").code == 0
    assert (world.folder / "s.json").read_bytes().decode() == shown
    assert json.loads(shown)["$defs"]["question"]["properties"]["ask"]["description"]


def test_a_disk_that_refuses_is_exit_5(run: Run, world: World) -> None:
    (world.folder / "file").write_text("", encoding="utf-8")
    assert run("rubric", "new", "file/m.yaml", "--id", "m", "--title", "M").code == 5
    assert run("rubric", "schema", "--out", "file/s.json").code == 5
