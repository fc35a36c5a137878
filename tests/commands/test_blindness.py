"""Nothing that a reviewer may be shown tells them anything of the other marker's work until both have signed off."""

import io
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cqa.commands.marking.sitting import open_sitting
from cqa.files.sample_folder import open_sample
from cqa.files.workspace import find_workspace
from cqa.marking.actions import DisputeBand
from cqa.screen.desk import Desk
from cqa.screen.desk_keys import press
from cqa.screen.frame import page
from cqa.screen.page import Size
from cqa.screen.rows import text_of
from cqa.screen.typist import NoDrafts
from cqa.world import World
from tests.casework import Ran, Run

SECRET = "Zanzibar"
"""Stands in everything that the first marker writes; no screen, file name or message meant for others may hold it."""


def assess(run: Run, sample: Path, who: str, *lines: dict[str, object]) -> Ran:
    typed = "".join(json.dumps(line) + "\n" for line in lines)
    return run("assess", "--sample", "march", "--as", who, "--script", "-", typed=typed, folder=sample.parent.parent)


@pytest.fixture
def pair(run: Run, world: World, sample: Path) -> tuple[str, str, str]:
    """A case marked twice, its first marker, who has marked and signed it and disputes its band with secret words, and
    its second."""
    shown = json.loads(run("show", "march", "--json", folder=sample.parent.parent).out)
    case = next(one for one in shown["cases"] if one["second_reviewer"] and one["role"] == "main")
    case_id, first, second = case["case_id"], case["reviewer"], case["second_reviewer"]
    text = {"reason": f"{SECRET} reason", "evidence": f"{SECRET} page 1"}
    ran = assess(run, sample, first, {"case": case_id, "fact": "child", "value": "N"},
                 {"case": case_id, "question": "q1", "mark": "partly_met", **text},
                 {"case": case_id, "question": "q2", "mark": "cannot_tell", **text},
                 {"case": case_id, "do": "flag"}, {"case": case_id, "urgent": f"{SECRET} cannot wait"},
                 {"case": case_id, "do": "sign_off"})
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert answers[-1]["saved"] and ran.code == 0, answers
    here = replace(world, folder=sample.parent.parent, stdout=io.StringIO(), stderr=io.StringIO())
    with open_sitting(here, open_sample(find_workspace(here.folder), "march"), first) as sitting:
        sitting.act(DisputeBand(case_id, f"{SECRET} band"))
    return case_id, first, second


def every_letter(case_number: int) -> str:
    """Every letter of plain mode, some with what may follow them."""
    letters = ["?", "n", "b", "j 1", "l", "d", "g", "i", "a", f"a {case_number}", "l", "d", "i", "i 1", "u", "r", "f",
               "f", "! late", "! -", "o 1", f"o {case_number}", "s", "x", "q"]
    return "".join(f"{letter}\n" for letter in letters)


def plain_words(run: Run, sample: Path, second: str, case_id: str) -> Iterator[str]:
    folder = sample.parent.parent
    listed = run("assess", "--sample", "march", "--as", second, "--plain", typed="a\nq\n", folder=folder)
    number = int(re.findall(rf"(\d+)\. {case_id}:", listed.out)[0])
    yield listed.out
    ran = run("assess", "--sample", "march", "--as", second, "--plain", typed=every_letter(number), folder=folder)
    yield ran.out + ran.err
    begun = run("assess", case_id, "--sample", "march", "--as", second, typed="2\n\n3\n\n\nl\nq\n", folder=folder)
    yield begun.out + begun.err


def full_pages(world: World, sample: Path, second: str, case_id: str) -> Iterator[str]:
    here = replace(world, folder=sample.parent.parent, stdout=io.StringIO(), stderr=io.StringIO())
    with open_sitting(here, open_sample(find_workspace(here.folder), "march"), second) as sitting:
        yield " ".join(str(warning) for warning in sitting.warnings)
        desk = Desk(sitting.state, sitting.act, here.now, NoDrafts(), "march")
        desk.show_cases()
        yield from (text_of(row) for row in page(desk, Size(80, 24)))
        desk.open(case_id)
        for key in ("?", "x", "i", "x", "l", "x", "g", "x", "a", "enter", "u", "r", "s", "x", "f", "c", "left", "home"):
            press(desk, key)
            for size in (Size(80, 24), Size(120, 40)):
                yield from (text_of(row) for row in page(desk, size))


def outputs(run: Run, world: World, sample: Path, second: str, case_id: str) -> Iterator[tuple[str, str]]:
    """Everything meant for a reviewer, with where it came from."""
    folder = sample.parent.parent
    mine = replace(world, environment={"CQA_REVIEWER": second})
    for words in plain_words(run, sample, second, case_id):
        yield "plain mode", words
    for words in full_pages(mine, sample, second, case_id):
        yield "the full screen", words
    script = assess(run, sample, second, {"case": case_id, "question": "q2", "mark": "partly_met"},
                    {"case": case_id, "do": "reopen"}, {"case": case_id, "do": "undo"})
    yield "a script", script.out + script.err
    handler = next(case["handler"] for case in json.loads(run("show", "march", "--json", folder=folder).out)["cases"]
                   if case["case_id"] == case_id)
    for command in (f"feedback {case_id} --as {second}", f"feedback {case_id} --as {second} --json",
                    f"history {handler} --as {second}", f"history {handler} --json", "status",
                    "status march", "status --json", "show march", "show march --json", "verify march",
                    "verify march --json", f"amend {case_id} --sample march --as {second} --reason x"):
        ran = run(*command.split(), folder=folder)
        yield command, ran.out + ran.err
    yield "names of files", "\n".join(str(path.relative_to(folder)) for path in sorted(folder.rglob("*")))
    shutil.unpack_archive(sample / "books" / f"{second}.xlsx", sample / "unpacked", "zip")
    for part in (sample / "unpacked").rglob("*.xml"):
        yield f"the book: {part.name}", part.read_text(encoding="utf-8")


def test_no_output_meant_for_the_second_marker_tells_anything_of_the_first(
    run: Run, world: World, sample: Path, pair: tuple[str, str, str]
) -> None:
    case_id, _, second = pair
    assert run("report", "march", folder=sample.parent.parent).code == 0
    seen = list(outputs(run, world, sample, second, case_id))
    assert len(seen) > 100
    assert [where for where, words in seen if SECRET.casefold() in words.casefold()] == []
    assert f"{case_id}: not begun" in seen[0][1]
    assert SECRET in run("export", "march", "--json", folder=sample.parent.parent).out


def test_urgent_concerns_reach_the_leader_at_once_and_the_second_marker_after_their_own_sign_off(
    run: Run, world: World, sample: Path, pair: tuple[str, str, str]
) -> None:
    case_id, first, second = pair
    folder = sample.parent.parent

    def concerns(who: str) -> tuple[list[dict[str, str]], str]:
        inside = replace(world, environment={"CQA_REVIEWER": who}, folder=folder)
        told = [replace(inside, stdout=io.StringIO(), stderr=io.StringIO()) for _ in range(2)]
        from cqa import cli  # noqa: PLC0415
        cli.run(["status", "march", "--json"], told[0])
        cli.run(["status", "march"], told[1])
        return json.loads(told[0].stdout.getvalue())["urgent"], told[1].stdout.getvalue()  # type: ignore[attr-defined]

    found, words = concerns("t-leader")
    assert [(one["case_id"], one["reviewer"]) for one in found] == [(case_id, first)] and "URGENT, march" in words
    hidden, words = concerns(second)
    assert hidden == [] and "1 urgent concern on a case that you are still to mark" in words and case_id not in words
    done = assess(run, sample, second, {"case": case_id, "fact": "child", "value": "N"},
                  {"case": case_id, "question": "q1", "mark": "fully_met"},
                  {"case": case_id, "question": "q2", "mark": "fully_met"}, {"case": case_id, "do": "sign_off"})
    assert json.loads(done.out.splitlines()[-1])["saved"]
    assert len(concerns(second)[0]) == 1


def test_the_days_grace_ends_when_the_other_marker_has_signed_too(
    run: Run, sample: Path, pair: tuple[str, str, str]
) -> None:
    case_id, first, second = pair
    assert json.loads(assess(run, sample, first, {"case": case_id, "do": "reopen"}).out)["saved"]
    assert json.loads(assess(run, sample, first, {"case": case_id, "do": "sign_off"}).out)["saved"]
    assess(run, sample, second, {"case": case_id, "fact": "child", "value": "N"},
           {"case": case_id, "question": "q1", "mark": "fully_met"},
           {"case": case_id, "question": "q2", "mark": "fully_met"}, {"case": case_id, "do": "sign_off"})
    refused = json.loads(assess(run, sample, first, {"case": case_id, "do": "reopen"}).out)
    assert refused["code"] == "seen" and "cqa amend" in refused["why"]
