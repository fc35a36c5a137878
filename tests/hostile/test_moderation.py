"""Hostile texts of markers and of moderators: shown harmless everywhere, kept as they are, never computed."""

import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from cqa.marking.compared import SharedCase
from cqa.marking.moderating_actions import Agree, Settle
from tests.casework import Run
from tests.commands.shared_cases import ALL, moderate, twice_marked
from tests.hostile.everything import Heard
from tests.hostile.strings import STRINGS, raw_in
from tests.marking.shared import after, begun
from tests.screen.desk_at import SMALL, WIDE
from tests.screen.moderation_at import AtModeration
from tests.screen.test_script import assess
from tests.workbook_lint import lint

SHOWN = {name: text for name, text in STRINGS.items() if name not in ("X06", "X07")}
"""All but those with half a character, which no text may hold."""


def signed(run: Run, sample: Path, case: str, who: str, mark: str, text: str) -> None:
    """Somebody gives q2 a mark in hostile words, and signs off."""
    lines: list[dict[str, object]] = [{"case": case, "fact": "child", "value": "N"}]
    lines += [{"case": case, "question": name, "mark": mark if name == "q2" else "fully_met", "reason": text,
               "evidence": text} for name in ALL]
    assert assess(run, sample, *lines, {"case": case, "do": "sign_off"}, who=who)[1][-1]["saved"] is True


def test_what_markers_and_moderators_wrote_is_shown_harmless_and_kept_as_it_is(run: Run, sample: Path) -> None:
    case = twice_marked(run, sample)[0]
    case_id, heard = str(case["case_id"]), Heard(run, sample.parent.parent)
    one, other = str(case["reviewer"]), str(case["second_reviewer"])
    worst = "\n".join(text for text in SHOWN.values() if text.strip())[:7_900]
    signed(run, sample, case_id, one, "not_met", worst)
    signed(run, sample, case_id, other, "partly_met", "=cmd|' /C calc'!A0")
    as_lee = ("--sample", "march", "--as", "lee")
    kept = []
    for name, text in STRINGS.items():
        line = {"case": case_id, "question": "q2", "agreed": "not_met", "cause": "slip", "reason": text}
        ran = heard("moderate", *as_lee, "--script", "-", typed=json.dumps(line) + "\n", codes=(0, 3, 4))
        answer = json.loads(ran.out)
        can_be_kept = name in SHOWN and bool(text.strip()) and len(text.strip()) <= 8_000
        assert answer["saved"] is can_be_kept or answer["code"] == "text_of_controls", (name, ran.out[:300])
        kept += [text.strip()] if answer["saved"] else []
    for keys in ("cause", "question", "agreed", "do", "case"):
        heard("moderate", *as_lee, "--script", "-", codes=(3, 4), typed="".join(
            json.dumps({"case": case_id, "question": "q2", "agreed": "not_met", "cause": "slip", "reason": "so",
                        keys: text}) + "\n" for text in STRINGS.values() if text.strip()))
    heard("moderate", case_id, "--plain", *as_lee, typed="l\n\nc\n\ng\ns\n1\nq\n")
    heard("moderate", *as_lee, "--json")
    assert heard.faults == []
    (journal,) = (sample / "moderation").iterdir()
    lines = [json.loads(line) for line in journal.read_text(encoding="utf-8").split("\n") if line]
    reasons = [line["reason"] for line in lines if line["kind"] == "agreed"]
    assert set(kept) <= set(reasons)


def test_the_pack_computes_nothing_whatever_was_written(run: Run, sample: Path) -> None:
    texts = [text for text in SHOWN.values() if text.strip()]
    for place, case in enumerate(twice_marked(run, sample)):
        part = "\n".join(texts[place::6])[:7_900]
        signed(run, sample, str(case["case_id"]), str(case["reviewer"]), "not_met", part)
        signed(run, sample, str(case["case_id"]), str(case["second_reviewer"]), "partly_met", texts[place][:7_900])
    ran = moderate(run, sample, "--panel", "panel.xlsx")
    path = sample.parent.parent / "panel.xlsx"
    assert ran.code == 0, ran.err
    assert lint(path.read_bytes()) == []
    assert all(cell.data_type not in ("f", "e") for sheet in openpyxl.load_workbook(path)
               for cells in sheet.iter_rows() for cell in cells)


@pytest.mark.parametrize("name", SHOWN)
def test_the_full_screen_shows_no_raw_character(name: str) -> None:
    case: SharedCase = AtModeration().desk.state.cases["c1"]
    text = SHOWN[name][:7_900]
    markers = tuple(replace(marker, marks={question: replace(mark, reason=text, evidence=text)
                                           for question, mark in marker.marks.items()}) for marker in case.markers)
    at = AtModeration(replace(case, markers=markers))
    for keys in (("enter",), ("l",), ("enter",), ("g",), ("enter",)):
        at.press(*keys)
        assert not any(raw_in(at.screen(size)) for size in (SMALL, WIDE))
        at.check_filled()
    if text.strip():
        done = after(begun(at.desk.state.cases["c1"]), *(
            Agree("c1", question, "partly_met" if question == "q1" else "fully_met", "slip", text)
            for question in ("q1", "q2", "q3")), Settle("c1"))
        at.desk.state = done
        at.desk.open("c1")
        assert not any(raw_in(at.screen(size)) for size in (SMALL, WIDE))
        at.check_filled()
