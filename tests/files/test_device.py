"""What the device remembers of a journal: a warning when the journal is not as it was left, and never a cost."""

from dataclasses import replace
from pathlib import Path

import pytest

from cqa.files.device import remember_end, remembered_reviewer, shorter_than_remembered, this_device
from cqa.world import World

LINES = tuple({"seal": f"seal {number}"} for number in range(1, 5))


def warned(world: World, lines: tuple[dict[str, str], ...]) -> list[str]:
    return [f"{problem.code} {problem.severity}"
            for problem in shorter_than_remembered(world, "march|ann.1", Path("ann.1.jsonl"), lines)]


@pytest.mark.parametrize(("lines", "told"), [
    (LINES, []),
    (LINES[:3], []),
    (LINES[:2], ["J011 warning"]),
    ((), ["J011 warning"]),
    ((*LINES[:2], {"seal": "another"}, LINES[3]), ["J011 warning"]),
])
def test_a_journal_that_was_cut_or_rewritten_is_told(
    world: World, lines: tuple[dict[str, str], ...], told: list[str]
) -> None:
    assert warned(world, lines) == []
    remember_end(world, "march|ann.1", 3, "seal 3")
    assert warned(world, lines) == told


def test_a_memory_that_cannot_be_kept_or_read_costs_nothing(world: World, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    nowhere = replace(world, home=tmp_path / "file" / "home")
    remember_end(nowhere, "march|ann.1", 3, "seal 3")
    assert warned(nowhere, ()) == []
    world.home.mkdir()
    for broken in ("[]", '{"march|ann.1": 3}', "{", '{"march|ann.1": ["x", 1]}'):
        (world.home / "journals.json").write_text(broken, encoding="utf-8")
        assert warned(world, ()) == []


@pytest.mark.parametrize("kept", [
    '{"device": "../../x", "reviewer": "ann"}', '{"device": "", "reviewer": "ann"}', '{"device": "a/b"}', "[]", '"x"',
    '{"device": {"a": 1}}', '{"device": "\\ud800"}', '{"device": "\\u001b[2J"}', "[" * 100_000, '{"device": "x\\n"}'])
def test_an_id_that_no_file_could_be_called_by_is_made_anew(world: World, kept: str) -> None:
    world.home.mkdir()
    (world.home / "device.json").write_text(kept, encoding="utf-8")
    assert remembered_reviewer(world) == ""
    made = this_device(world)
    assert made.id.isalnum() and len(made.id) == 8 and this_device(world) == made


@pytest.mark.parametrize("reviewer", ["../ann", "nul", "\\u202ean", "a" * 65, "\\ud800"])
def test_a_reviewer_that_can_be_no_name_is_not_remembered(world: World, reviewer: str) -> None:
    world.home.mkdir()
    (world.home / "device.json").write_text(f'{{"device": "1", "reviewer": "{reviewer}"}}', encoding="utf-8")
    assert remembered_reviewer(world) == "" and this_device(world).id == "1"
