"""Reviewers whose names no other text holds by chance, their sample, and how they mark it wherever it is."""

import json
from pathlib import Path
from typing import Any

from tests.casework import SEED, Ran, Run, case_rows, csv_text

ANN, BOB, CAT = "quillby", "ostravar", "Mirzapor"
"""Two of them also handle cases, under the same names."""
WHO = (ANN, BOB, CAT)
SECRET = "Zanzibar"
"""Stands in every text that somebody writes of a mark."""


def drawn(run: Run, workspace: Path, *options: str) -> Path:
    """The sample called march: 12 main cases, 6 of them to be marked twice."""
    names = {"ann": ANN, "bob": BOB}
    rows = [[names.get(value, value) for value in row] for row in case_rows(60)]
    (workspace / "export.csv").write_text(csv_text(rows), encoding="utf-8", newline="\n")
    ran = run("draw", "export.csv", "--sample", "march", "--id", "case_id", "--by", "unit", "--take", "4", "--seed",
              SEED, "--rubric", "small.yaml", "--reviewers", ",".join(WHO), "--second", "0.5", "--handled-by",
              "handler", *options, folder=workspace)
    assert ran.code == 0, ran.err
    return workspace / "samples" / "march"


def cases_to_mark(run: Run, folder: Path, who: str) -> list[str]:
    """The main cases that somebody is to mark, as the sample in the workspace stands."""
    told = json.loads(run("show", "march", "--json", folder=folder).out)["cases"]
    return [one["case_id"] for one in told
            if one["role"] == "main" and who in (one["reviewer"], one["second_reviewer"])]


def marking(run: Run, folder: Path, who: str, *lines: dict[str, object]) -> list[dict[str, Any]]:
    """What the tool answers to a script typed in a workspace or a take."""
    typed = "".join(json.dumps(line) + "\n" for line in lines)
    ran = run("assess", "--sample", "march", "--as", who, "--script", "-", typed=typed, folder=folder)
    assert ran.code == 0, ran.err
    return [json.loads(line) for line in ran.out.splitlines()]


def mark(run: Run, folder: Path, who: str, cases: list[str], level: str = "fully_met", sign: bool = True) -> None:
    """Marks q1 to q3 of the cases, with a secret for a reason, and signs them off."""
    lines: list[dict[str, object]] = []
    for case in cases:
        text = {"reason": f"{SECRET} of {case}", "evidence": "page 2"}
        lines += [{"case": case, "fact": "child", "value": "N"},
                  {"case": case, "question": "q1", "mark": level, **text},
                  {"case": case, "question": "q2", "mark": "fully_met", **text},
                  {"case": case, "question": "q3", "mark": "fully_met", **text}]
        lines += [{"case": case, "do": "sign_off"}] if sign else []
    answers = marking(run, folder, who, *lines)
    assert not sign or all(answer["saved"] for answer in answers if answer.get("do") == "sign_off"), answers


def take(run: Run, folder: Path, who: str, *options: str) -> Path:
    """Somebody's take, made in the workspace."""
    ran = run("take", who, "--sample", "march", "--json", *options, folder=folder)
    assert ran.code == 0, ran.err
    return Path(json.loads(ran.out)["folder"])


def figures(run: Run, folder: Path) -> dict[str, Any]:
    """The figures of the report, without what is said of files."""
    ran: Ran = run("report", "march", "--json", "--no-books", folder=folder)
    told: dict[str, Any] = json.loads(ran.out)
    return {key: value for key, value in told.items() if key != "problems"}


def files(root: Path) -> dict[str, bytes]:
    """Every file below a folder, by its place in it."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
