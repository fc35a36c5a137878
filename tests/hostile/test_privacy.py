"""What the plan did not ask for is nowhere: every byte that any command writes or says is searched for it."""

import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cqa.commands.drawing import draw as draw_command
from tests.casework import SEED, Ran, Run, csv_text

FORBIDDEN = ("defendant", "victim", "notes", "court", "status", "closed")
"""Columns that no option keeps; the plan's conditions look at the last two."""
ALLOWED = ("case_id", "unit", "handler", "kept")
REVIEWERS = ("ann", "bob", "cat")


def value(column: str, number: int) -> str:
    """A value that occurs nowhere else, and that no other text could hold by chance."""
    return f"{column}zq{number:04d}qz"


def rows(count: int = 60) -> list[list[str]]:
    """A header and cases whose every value tells its column and row, apart from what must have a form."""
    header = ["case_id", "defendant", "unit", "victim", "handler", "Child victim", "notes", "kept", "court", "status",
              "closed", "risk"]
    told = {"Child victim": lambda number: "YN"[number % 2], "risk": lambda number: str(number % 5 + 1),
            "unit": lambda number: value("unit", number % 3), "handler": lambda number: value("handler", number % 7),
            "status": lambda number: "done" if number % 4 else value("status", number),
            "closed": lambda number: f"{number % 28 + 1:02d}/03/2026 13:4{number % 6}:5{number % 9}"}
    return [header, *([told.get(column, lambda one, column=column: value(column, one))(number) for column in header]
                      for number in range(count))]


OPTIONS = ("--id", "case_id", "--by", "unit", "--take", "4", "--rubric", "small.yaml", "--reviewers",
           ",".join(REVIEWERS), "--second", "0.5", "--handled-by", "handler", "--keep", "kept", "--weight", "risk",
           "--where", "status=done", "--where", "closed=2026-03-02..2026-03-27")


@dataclass
class Heard:
    """Everything that was said by the commands that ran."""

    run: Run
    folder: Path
    said: list[bytes] = field(default_factory=list)

    def __call__(self, *arguments: str, code: int = 0, typed: str = "") -> Ran:
        ran = self.run(*arguments, typed=typed, folder=self.folder)
        assert ran.code == code, ran.err
        self.said.extend((ran.out.encode(), ran.err.encode()))
        return ran


def written(root: Path) -> dict[str, bytes]:
    """All bytes below a folder by where they are, the parts of workbooks one by one; but for the exports themselves."""
    found: dict[str, bytes] = {}
    for path in root.rglob("*"):
        if not path.is_file() or path.name in ("export.csv", "other.csv", "ragged.csv"):
            continue
        found[str(path)] = path.read_bytes()
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                found.update({f"{path}:{name}": book.read(name) for name in book.namelist()})
    return found


def leaks(texts: dict[str, bytes], columns: tuple[str, ...]) -> list[str]:
    """Where a value of the columns stands, in any case, as UTF-8 or UTF-16."""
    marks = [form for column in columns for form in (f"{column}zq".encode(), f"{column}zq".encode("utf-16-le"))]
    times = [f" 13:4{number}:".encode() for number in range(6)] if "closed" in columns else []
    return [where for where, data in texts.items() if any(mark in data.lower() for mark in (*marks, *times))]


@pytest.fixture
def heard(run: Run, workspace: Path) -> Heard:
    (workspace / "export.csv").write_text(csv_text(rows()), encoding="utf-8", newline="\n")
    return Heard(run, workspace)


def mark_everything(heard: Heard) -> None:
    """Everybody marks all of their cases and signs them off."""
    for reviewer in REVIEWERS:
        given = {one["case_id"]: one for one in json.loads(heard("show", "march", "--json").out)["cases"]}
        lines: list[dict[str, Any]] = []
        for case in given.values():
            lines.extend({"case": case["case_id"], "question": question, "mark": "partly_met",
                          "reason": "It was late.", "evidence": "page 2"} for question in ("q1", "q2", "q3"))
            lines.append({"case": case["case_id"], "do": "sign_off"})
        heard("assess", "--sample", "march", "--as", reviewer, "--script", "-",
              typed="".join(json.dumps(line) + "\n" for line in lines))


def test_no_command_writes_or_says_what_the_plan_did_not_ask_for(heard: Heard, tmp_path: Path) -> None:
    workspace = heard.folder
    heard("plan", "export.csv", "--sample", "march", *OPTIONS)
    heard("draw", "--sample", "march", "--seed", SEED)
    heard("draw", "export.csv", "--sample", "april", "--seed", SEED, *OPTIONS)
    mark_everything(heard)
    told = json.loads(heard("status", "--json").out)["rows"]
    assert sum(row["signed"] for row in told if row["sample"] == "march") == 12
    heard("status")
    heard("show", "march")
    heard("report")
    heard("report", "march", "--json")
    heard("export", "march", "--json")
    heard("export", "--csv", "marks.csv")
    changed = [row[:1] + row[1:2] + [value("unit", 9)] + row[3:] if place == 5 else row
               for place, row in enumerate(rows()) if place != 9]
    (workspace / "other.csv").write_text(csv_text([*changed, ["new", *changed[-1][1:]]]), encoding="utf-8")
    heard("verify", "march", "--export", "export.csv")
    heard("verify", "march", "--export", "other.csv", code=1)
    heard("verify", "march", "--export", "other.csv", "--json", code=1)
    texts = {**written(tmp_path), **{f"said {place}": text for place, text in enumerate(heard.said)}}
    assert any(name.endswith("march-consistency.xlsx") for name in texts) and any("books" in name for name in texts)
    assert any("home" in name for name in texts)
    assert leaks(texts, FORBIDDEN) == []
    # The same search finds what was asked for: in the sample, in a reviewer's book, on the screen.
    for column in ALLOWED:
        assert any(name.endswith("cases.csv") for name in leaks(texts, (column,))), column
    assert any(".xlsx:" in name for name in leaks(texts, ("case_id",)))
    assert any(name.startswith("said") for name in leaks(texts, ("handler",)))


def test_refusals_name_ids_and_lines_and_no_other_value(heard: Heard, tmp_path: Path) -> None:
    good = rows()
    short, doubled, joined = [*good], [*good], [*good]
    short[3] = short[3][:-2]
    doubled.append(good[1])
    joined.append([good[1][0], *good[2][1:]])
    nul = [*good]
    nul[4] = [*nul[4][:1], f"{nul[4][1]}\0x", *nul[4][2:]]
    for text, more in ((short, ()), (doubled, ()), (joined, ("--collapse", "closed=same,notes=all")), (nul, ())):
        (heard.folder / "ragged.csv").write_text(csv_text(text), encoding="utf-8")
        heard("draw", "ragged.csv", "--sample", "s", "--seed", SEED, *OPTIONS, *more, code=3)
    texts = {**written(tmp_path), **{f"said {place}": text for place, text in enumerate(heard.said)}}
    assert leaks(texts, FORBIDDEN[:4]) == [] and leaks(texts, ("case_id",))


def test_a_fault_leaves_no_value_in_its_log(
    heard: Heard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        notes = value("notes", 1)
        raise RuntimeError(f"could not deal with {notes}")

    monkeypatch.setattr(draw_command, "derive", broken)
    heard("draw", "export.csv", "--sample", "s", "--seed", SEED, *OPTIONS, code=70)
    texts = {**written(tmp_path), **{f"said {place}": text for place, text in enumerate(heard.said)}}
    assert any(name.endswith("faults.log") for name in texts) and leaks(texts, FORBIDDEN) == []
