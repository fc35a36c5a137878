"""What the device remembers of a journal: a warning when the journal is not as it was left, and never a cost."""

from dataclasses import replace
from pathlib import Path

import pytest

from cqa.files.device import remember_end, shorter_than_remembered
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
