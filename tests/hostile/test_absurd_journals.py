"""Sealed and absurd: whoever can write a journal can seal anything, and no command may fault on it, hang or be fooled
into writing elsewhere."""

import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cqa.world import World
from tests.casework import DRAW, RUBRIC, Run, case_rows, csv_text, running_in, world_at
from tests.hostile.absurd import BY_HAND, CHANGING, MARKING, Payload, lines, put, sealed
from tests.hostile.everything import Heard

FILES = ("ann.1.jsonl", "ann.ab54a98c.jsonl")
"""A journal of another device, and that of the device which is going to write."""
CODES = (0, 1, 2, 4, 7)
SECONDS = 2.0
ROOMS = ("marks", "changes", "books")
READING = ("status", "status --json", "export --json", "export --csv m.csv", "verify", "verify --json",
           "show march", "show march --json", "report march --json --no-books")


@dataclass(frozen=True)
class Place:
    """A drawn sample whose journals are put there and taken away again; the cases, ann's first."""

    heard: Heard
    world: World
    sample: Path
    cases: tuple[str, ...]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    world = world_at(tmp_path_factory.mktemp("absurd"))
    run: Run = running_in(world)
    run("init", "work")
    folder = world.folder / "work"
    (folder / "small.yaml").write_text(RUBRIC, encoding="utf-8", newline="\n")
    (folder / "export.csv").write_text(csv_text(case_rows(60)), encoding="utf-8", newline="\n")
    heard = Heard(run, folder)
    drawn = json.loads(heard(*DRAW, "--json").out)["cases"]
    cases = sorted((case for case in drawn if case["role"] == "main"), key=lambda case: case["reviewer"] != "ann")
    assert cases[1]["reviewer"] == "ann"
    heard("report", "march")  # what is loaded once is no command's own time
    heard("assess", "--sample", "march", "--as", "ann", "--script", "-")
    return Place(heard, world, folder / "samples" / "march", tuple(case["case_id"] for case in cases))


def outside(place: Place) -> set[str]:
    """Every file that is neither in the sample nor one that a command was told to write."""
    root = place.world.home.parent
    return {path.relative_to(root).as_posix() for path in root.rglob("*")
            if place.sample not in (path, *path.parents) and path.name not in ("m.csv", "journals.json")}


def tried(place: Place, marks: Sequence[tuple[str, bytes]], changes: bytes, commands: Sequence[str]) -> list[str]:
    """What went against the rules while every command met these journals."""
    place.heard.faults.clear()
    before = outside(place)
    case = place.cases[0]
    script = [{"case": case, "question": "q1", "mark": "fully_met"}, {"case": case, "do": "undo"},
              {"case": case, "do": "sign_off"}, {"case": case, "do": "reopen"}]
    jobs = [*((command, "") for command in commands),
            ("assess --sample march --as ann --script -", "".join(json.dumps(line) + "\n" for line in script)),
            ("assess --sample march --as ann --plain", "a\na 1\nl\ni\nu\nr\n! now\ns\na 2\n1\nl\nq\n"),
            (f"amend {case} --sample march --as ann --reason x --script -", ""),
            (f"withdraw {place.cases[3]} --reason x --as lead", ""),
            (f"replace {place.cases[4]} --reason out_of_scope --as lead", ""),
            (f"assign {place.cases[5]} --to cat --reason x --as lead", "")]
    for command, typed in jobs:
        for room in ROOMS:
            shutil.rmtree(place.sample / room, ignore_errors=True)
        for name, data in marks:
            put(place.sample, "marks", name, data)
        put(place.sample, "changes", "lead.1.jsonl", changes)
        begun = time.process_time()
        place.heard(*command.split(), typed=typed, codes=CODES)
        if time.process_time() - begun > SECONDS:
            place.heard.faults.append(f"{command}: took {time.process_time() - begun:.1f} s")
    if new := outside(place) - before:
        place.heard.faults.append(f"written elsewhere: {sorted(new)}")
    return place.heard.faults


@pytest.mark.parametrize("what", BY_HAND)
def test_a_line_that_no_encoder_would_make_is_told_or_taken_and_never_a_fault(place: Place, what: str) -> None:
    journal = BY_HAND[what]
    assert journal and tried(place, [(FILES[len(what) % 2], journal)], journal, (*READING, "report march")) == []


def packed(place: Place, marks: Sequence[tuple[str, bytes]], changes: bytes) -> list[str]:
    """What went against the rules while the record was packed as it is. Every workbook is made, which takes longer."""
    place.heard.faults.clear()
    for room in ROOMS:
        shutil.rmtree(place.sample / room, ignore_errors=True)
    for name, data in marks:
        put(place.sample, "marks", name, data)
    put(place.sample, "changes", "lead.1.jsonl", changes)
    place.heard("pack", "march", "--out", "m.csv", codes=(0, 7))
    return place.heard.faults


@pytest.mark.parametrize("what", BY_HAND)
def test_a_record_with_a_line_that_no_encoder_would_make_is_packed_as_it_is(place: Place, what: str) -> None:
    assert packed(place, [(FILES[0], BY_HAND[what])], BY_HAND[what]) == []


def journals(kinds: Sequence[str], most: int) -> st.SearchStrategy[list[Payload]]:
    """A journal of absurd lines on the sample's cases."""
    cases = tuple(row[0] for row in case_rows(60)[1:])
    return st.lists(lines(cases, kinds), max_size=most)


def through(place: Place, ann: list[Payload], bob: list[Payload], lead: list[Payload], chained: bool) -> None:
    """Absurd journals of two reviewers and a leader, through every command. Ann's lines are put on her own cases."""
    mine = [{**line, "case": place.cases[number % 2]} if number % 3 else line for number, line in enumerate(ann)]
    name = FILES[len(ann) % 2]
    found = tried(place, [(name, sealed(mine, chained)), ("bob.1.jsonl", sealed(bob))], sealed(lead), READING)
    assert found == []


@settings(max_examples=8, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(journals(MARKING, 12), journals(MARKING, 4), journals(CHANGING, 5), st.booleans())
def test_absurd_journals_go_through_every_command_without_a_fault(
    place: Place, ann: list[Payload], bob: list[Payload], lead: list[Payload], chained: bool
) -> None:
    through(place, ann, bob, lead, chained)


@pytest.mark.slow
@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(journals(MARKING, 30), journals(MARKING, 8), journals(CHANGING, 12), st.booleans())
def test_many_absurd_journals_go_through_every_command_without_a_fault(
    place: Place, ann: list[Payload], bob: list[Payload], lead: list[Payload], chained: bool
) -> None:
    through(place, ann, bob, lead, chained)


@pytest.mark.slow
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(journals(MARKING, 12), journals(MARKING, 4), journals(CHANGING, 5), st.booleans())
def test_many_absurd_records_are_packed_as_they_are(
    place: Place, ann: list[Payload], bob: list[Payload], lead: list[Payload], chained: bool
) -> None:
    assert packed(place, [(FILES[0], sealed(ann, chained)), ("bob.1.jsonl", sealed(bob))], sealed(lead)) == []
