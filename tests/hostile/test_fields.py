"""The core strings in every field that is no text of a mark: names, options, settings, people, rubrics, ratings."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from cqa.world import World
from tests.casework import DRAW, Run, running_in
from tests.hostile.everything import Heard
from tests.hostile.strings import CORE, STRINGS
from tests.practised import PRACTICE, put_practice

UNTYPED = ("X03", "X06")
"""What cannot be typed: a system passes on no NUL, and half a character only as a byte of another encoding."""
OFTEN = ("F01", "X05", "A01", "R01", "P01")
"""Those that every run tries; a run of them all is of minutes."""
ENDS = (0, 1, 2, 3, 4, 5)
SAMPLE = ("--sample", "march")
DRAWN = ("draw", "export.csv", "--sample", "t", "--id", "case_id", "--take", "2", "--where", "unit=none")
"""A draw that is refused, if by nothing else then because nothing is left to draw."""
OPTIONS = ("--where", "--by", "--keep", "--weight", "--handled-by", "--collapse", "--per", "--rates", "--rubric",
           "--encoding", "--dates", "--second", "--allocation", "--reviewers", "--seed", "--seed-source")
NAMED = (
    ("show", "{}"), ("status", "{}", "--json"), ("verify", "{}", "--json"), ("export", "{}", "--json"),
    ("report", "{}", "--json"), ("plan", "export.csv", "--sample={}", "--id", "case_id", "--where", "unit=none"),
    ("draw", "export.csv", "--sample={}", "--id", "case_id", "--take", "1", "--where", "unit=none"),
    ("assess", *SAMPLE, "--as={}", "--script", "-"), ("withdraw", "00001", *SAMPLE, "--as={}", "--reason", "x"),
    ("assign", "00001", *SAMPLE, "--as", "lead", "--to={}", "--reason", "x"),
    ("assign", *SAMPLE, "--as", "lead", "--to", "cat", "--all-of={}", "--reason", "x"),
    ("assess", *SAMPLE, "--as", "ann", "--plain", "--", "{}"), ("replace", "{}", "--reason", "out_of_scope", *SAMPLE,
                                                                "--as", "lead"),
    ("verify", "march", "--export={}"), ("look", "{}"), ("agreement", "{}"), ("rubric", "check", "{}", "--json"),
    ("rubric", "new", "--id={}", "--title", "x"), ("rubric", "move", "{}", *SAMPLE, "--as", "lead", "--reason", "x"),
    ("rubric", "approve", "small.yaml", "--as={}"), ("practise", "{}"), ("practise", "--rubric={}"),
    ("agreement", "ratings.csv", "--levels={}", "--weights={}", "--json"), ("agreement", "ratings.csv", "--case={}"),
    ("size", "--tolerable={}", "--population={}", "--json"),
    ("history", "{}"), ("history", "h1", "--as={}"), ("feedback", "{}", *SAMPLE, "--as", "lead"),
    ("feedback", "00001", *SAMPLE, "--as={}"), ("feedback", "00001", *SAMPLE, "--as", "lead", "--reply={}"),
    ("feedback", "00001", *SAMPLE, "--as", "lead", "--strength={}", "--next={}", "--given={}", "--how={}", "--seen={}"),
    ("feedback", "00001", *SAMPLE, "--as", "lead", "--decide={}", "--reason={}", "--again", "1", "--in-case={}"),
    ("rubric", "try", "small.yaml", "--seed={}", "--cases", "3"), ("look", "export.csv", "--by={}", "--id={}"))
"""Commands, each with a name or value that is somebody's own."""


def strings(*left_out: str) -> list[ParameterSet]:
    """The names of the core strings, all but a few of them for the slow run."""
    return [pytest.param(name, marks=() if name in OFTEN else pytest.mark.slow)
            for name in CORE if name not in left_out]


def tree(world: World) -> dict[str, int]:
    """Every file but those of the device's memory, with its size."""
    root = world.home.parent
    return {str(path): path.stat().st_size for path in root.rglob("*")
            if path.is_file() and world.home not in path.parents}


@pytest.mark.parametrize("name", strings(*UNTYPED))
def test_a_hostile_name_or_option_is_refused_or_taken_as_text_and_writes_nothing(
    run: Run, world: World, sample: Path, name: str
) -> None:
    heard, text = Heard(run, sample.parent.parent), STRINGS[name]
    (heard.folder / "ratings.csv").write_text("case,reviewer,mark\n1,a,1\n1,b,2\n2,a,1\n2,b,1\n", encoding="utf-8")
    before = tree(world)
    for named in NAMED:
        command = (named[0], *named[2:], "--", text) if named[1] == "{}" else named
        heard(*(part.format(text) for part in command), codes=ENDS)
    for option in OPTIONS:
        heard(*DRAWN, f"{option}={text}", codes=(2, 3, 5))
    added = {path for path in tree(world).keys() - before.keys() if not path.endswith("march.jsonl")}
    assert heard.faults == [] and {Path(path).parent.name for path in added} <= {"approvals", "marks", "changes"}
    assert {path: size for path, size in tree(world).items() if path in before} == before


@pytest.mark.parametrize("name", strings(*UNTYPED))
def test_a_hostile_reviewer_or_home_in_the_environment_is_told_and_becomes_no_file(
    world: World, sample: Path, name: str
) -> None:
    before = tree(world)
    heard = Heard(running_in(replace(world, environment={"CQA_REVIEWER": STRINGS[name]})), sample.parent.parent)
    for command in ("assess --sample march --script -", "assign 00001 --to cat --reason x --sample march",
                    "rubric approve small.yaml"):
        heard(*command.split(), codes=(2, 3))
    heard("status", codes=(0,))
    assert heard.faults == [] and tree(world) == before


def settings_of(text: str) -> dict[str, object]:
    """Every setting that takes a text, with that text."""
    return {"organisation": text, "export": {"case_id": text, "columns": {"child": text}, "handled_by": [text],
                                             "encoding": text, "dates": [text], "collapse": [text]},
            "draw": {"by": [text], "keep": [text], "where": [text], "allocation": text, "second": text, "take": text},
            "language": text, "screen": text, "keys": {"help": text, text: "x"}, text or "x": text,
            "replacement": {"reasons": [text], "findings": [text]}, "report": {"names": text, "margin": text},
            "plan": {"per": text, "cases": text, "period": text, "second": text},
            "due": {"mark": text, "feedback": text, "holidays": [text]},
            "calibration": {"rate": text, "tolerance": {text: text}, "clearance": text}}


@pytest.mark.parametrize("name", strings())
def test_hostile_settings_and_people_are_told_with_their_lines(run: Run, workspace: Path, name: str) -> None:
    heard, text = Heard(run, workspace), STRINGS[name]
    for settings in (settings_of(text), {key: value for key, value in settings_of(text).items()
                                         if key in ("export", "draw", "organisation")}):
        (workspace / "cqa.yaml").write_text(json.dumps(settings), encoding="utf-8")
        for command in ("status", "look export.csv", "draw export.csv --sample s --take 2"):
            heard(*command.split(), codes=(3,))
    (workspace / "cqa.yaml").write_text(json.dumps({"organisation": text}), encoding="utf-8")
    refused = name == "X06"
    heard("status", codes=(3,) if refused else (0,))
    (workspace / "cqa.yaml").write_text("", encoding="utf-8")
    people = io.StringIO(newline="")
    csv.writer(people).writerows([["person", "name", "role", "unit", "manager", "conflicts"],
                                  [text, "x", "reviewer", "u", "m", "c"]])
    (workspace / "people.csv").write_bytes(people.getvalue().encode("utf-8", "surrogatepass"))
    heard("status", codes=(3,))
    people = io.StringIO(newline="")
    csv.writer(people).writerows([["person", "name", "role", "unit", "manager", "conflicts"],
                                  ["ann", text, "reviewer", text, text, text], ["bob", text, text, text, "ann", text]])
    (workspace / "people.csv").write_bytes(people.getvalue().encode("utf-8", "surrogatepass"))
    for command in ("status", " ".join(DRAW), "status --json", "verify", "report"):
        heard(*command.split())
    assert heard.faults == []


def rubric_of(text: str) -> dict[str, object]:
    """A rubric whose every prose is that text."""
    told = f"{text} no"
    question = {"ask": text, "look_for": text, "guidance": text, "notes": text, "legal_basis": [text], "tags": [text]}
    return {
        "format": "cqa-rubric/1", "id": "hostile", "version": "1.0", "title": text, "status": "trial", "owner": text,
        "notes": [text], "case_facts": {"child": {"column": "Child victim", "type": "text", "label": text}},
        "scales": {"met": {"title": text, "levels": {
            "fully_met": {"key": "1", "label": text, "points": 2},
            "not_met": {"key": "3", "label": told, "points": 0, "needs": ["reason"]}}}},
        "sections": [{"id": "a", "title": text, "notes": text, "questions": [
            {"id": "q1", "scale": "met", **question, "levels": {"fully_met": text, "not_met": told},
             "examples": {"fully_met": [text]}, "critical": {"fails_on": ["not_met"]}},
            {"id": "q2", "scale": "met", **question, "ask_when": {"case": {"child": [text, "Y"]}}},
            {"id": "q3", "type": "choice", "choices": [text, "b"], **question}]}],
        "rules": [{"id": "r1", "when": {"q1": ["not_met"]}, "forbid": {"q2": ["fully_met"]}, "say": text}],
        "result": {"bands": [{"band": text, "when": {"critical_failed": "true"}},
                             {"band": "Poor", "otherwise": "true"}]}}


@pytest.mark.parametrize("name", strings("X06"))
def test_hostile_prose_of_a_rubric_is_shown_and_written_as_text(run: Run, workspace: Path, name: str) -> None:
    heard = Heard(run, workspace)
    text = STRINGS[name][:2_000]
    (workspace / "r.yaml").write_text(json.dumps(rubric_of(text), ensure_ascii=False).replace("\x7f", "\\u007f"),
                                      encoding="utf-8")
    for command in ("rubric check r.yaml --json", "rubric check r.yaml", "rubric show r.yaml", "rubric book r.yaml",
                    "rubric show r.yaml --json", "rubric diff small.yaml r.yaml", "rubric try r.yaml --cases 5",
                    "rubric diff r.yaml small.yaml --json", "rubric book r.yaml --out r.md",
                    "rubric book r.yaml --out r.xlsx"):
        heard(*command.split(), codes=(0, 1, 3))
    drawn = heard(*("r.yaml" if part == "small.yaml" else part for part in DRAW), codes=(0, 3))
    if drawn.code == 0:
        heard("assess", "--sample", "march", "--as", "ann", "--plain",
              typed="l\ng\ni\n1\n?\n3\nx\n\n1\nl\na\nd\ns\nq\nq\n")
        for command in ("report", "status", "export --csv m.csv", "export --json", "report --json --no-books"):
            heard(*command.split())
    assert heard.faults == [] and (drawn.code == 0 or name in ("X03", "A01", "X05", "F07"))
    for page in workspace.glob("r.md"):
        assert "\n=" not in page.read_text(encoding="utf-8") and "<b>" not in page.read_text(encoding="utf-8")


def test_hostile_ratings_are_counted_as_text(run: Run, workspace: Path) -> None:
    heard = Heard(run, workspace)
    texts = {text.strip().casefold(): text for name in CORE if name not in ("X03", "X06")
             for text in (STRINGS[name][:500],)}
    rows = [["case", "reviewer", "mark", "question"]]
    for text in texts.values():
        rows += [[text, text, "1", "a"], [text, "x", "2", "a"], ["c", text, text, "b"], [text, "y", text, text]]
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    (workspace / "r.csv").write_bytes(out.getvalue().encode())
    told = json.loads(heard("agreement", "r.csv", "--json", "--replicates", "0").out)
    assert {one["question"] for one in told["questions"]} >= {"a", "b", STRINGS["F01"], STRINGS["R01"]}
    heard("agreement", "r.csv")
    heard("agreement", "r.csv", "--severity", codes=(3,))
    assert heard.faults == []


@pytest.mark.parametrize("name", strings(*UNTYPED, "S01"))
def test_hostile_practice_is_shown_as_text(run: Run, workspace: Path, name: str) -> None:
    heard = Heard(run, workspace)
    told = json.dumps(STRINGS[name])
    put_practice(workspace, PRACTICE.replace("text: V is well.", f"text: {told}").replace(
        "title: A note without a date", f"title: {told}").replace(
        "because: A promise to ask is not asking.", f"because: {told}"))
    heard("practise", "--rubric", "small.yaml", typed="1\n1\n1\nq\n", codes=(0, 3))
    heard("practise", "--rubric", "small.yaml", typed="1\n1\n1\nq\n", codes=(0, 3))
    assert heard.faults == []


GARBAGE = {"empty": b"", "nul": b"\0" * 500, "random": bytes(range(256)) * 40, "zip": b"PK\x03\x04" + b"\0" * 200,
           "utf-16": "a,b\n1,2\n".encode("utf-16"), "deep": b"[" * 200_000, "json": b'{"a":' * 90_000,
           "one line": b"x" * 2_000_000, "lines": b"\n" * 20_000, "quote": b'"' + b"a,b\n" * 20_000,
           "bom": b"\xef\xbb\xbf", "aliases": b"a: &a [x]\nb: [*a, *a]\n",
           "tag": b"!!python/object/apply:os.system [id]"}


@pytest.mark.parametrize("what", GARBAGE)
def test_a_file_of_garbage_in_any_place_ends_with_a_code(run: Run, sample: Path, what: str) -> None:
    heard = Heard(run, sample.parent.parent)
    (heard.folder / "g").write_bytes(GARBAGE[what])
    for command in ("look g", "draw g --sample s --id x --take 1", "agreement g --json", "rubric check g --json",
                    "rubric diff g small.yaml", "rubric book g", "rubric approve g --as ann", "practise --rubric g",
                    "draw export.csv --sample t --id case_id --take 1 --where unit=none --rubric g",
                    "verify --export g",
                    "draw export.csv --sample t --id case_id --total 2 --allocation neyman --rates g",
                    "assess --sample march --as ann --script g", "rubric move g --sample march --as lead --reason x"):
        heard(*command.split(), codes=(0, 1, 2, 3) if what in ("empty", "lines", "bom") else (1, 2, 3))
    for place in ("marks/ann.1.jsonl", "changes/lead.1.jsonl", "sample.yaml", "plan.yaml", "cases.csv",
                  "assignments.csv", "frame.csv", "rubrics/small-1.0.yaml"):
        path = sample / place
        kept = path.read_bytes() if path.exists() else None
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(GARBAGE[what])
        for command in ("status", "verify --json", "show march", "export --json", "report --json --no-books",
                        "assess --sample march --as ann --plain"):
            heard(*command.split(), typed="q\n", codes=(0, 1, 3, 7))
        path.unlink()
        if kept is not None:
            path.write_bytes(kept)
    for place in ("people.csv", "cqa.yaml"):
        (heard.folder / place).write_bytes(GARBAGE[what])
        heard("status", codes=(0, 3))
        heard("draw", "export.csv", "--sample", "u", "--id", "case_id", "--take", "1", "--where", "unit=none",
              codes=(2, 3))
        (heard.folder / place).write_text("" if place == "cqa.yaml" else "person\n", encoding="utf-8")
    for place in ("device.json", "journals.json"):
        (heard.folder.parent.parent / "home" / place).write_bytes(GARBAGE[what])
        heard("assess", "--sample", "march", "--as", "ann", "--plain", typed="q\n", codes=(0,))
    for draft in (sample / "marks").glob("*.jsonl"):
        draft.with_suffix(".draft").write_bytes(GARBAGE[what])
        heard("assess", "--sample", "march", "--as", "ann", "--plain", typed="q\n", codes=(0,))
    assert heard.faults == []
