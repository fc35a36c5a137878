"""The small rubric, the export and the draw that tests work with."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

SEED = "73129048561093847562"


@dataclass(frozen=True)
class Ran:
    """How one command line ended: its exit code and what it said."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]

RUBRIC = """\
format: cqa-rubric/1
id: small
version: "1.0"
title: Small
status: trial
case_facts:
  child: {column: Child victim, type: flag, label: Child victim}
scales:
  met:
    levels:
      fully_met:  {key: "1", label: Fully met,  points: 2}
      partly_met: {key: "2", label: Partly met, points: 1, needs: [reason]}
      not_met:    {key: "3", label: Not met,    points: 0, needs: [reason, evidence]}
    outside:
      cannot_tell: {key: "8", label: Cannot tell, needs: [reason]}
      does_not_apply: {key: "9", label: Does not apply}
sections:
  - id: a
    title: Decision
    questions:
      - {id: q1, ask: Was it right, critical: {fails_on: [not_met]}, forbid: [does_not_apply]}
      - {id: q2, ask: Was it reasoned, ask_when: {q1: [fully_met, partly_met]}}
  - id: b
    title: Victims
    ask_when: {case: {child: true}}
    questions:
      - {id: q3, ask: Was the child heard}
rules:
  - {id: r1, when: {q1: [not_met]}, forbid: {q3: [fully_met]}, say: Not both.}
result:
  bands:
    - {band: Fail, when: {critical_failed: true}}
    - {band: Fine, when: {score_at_least: 70}}
    - {band: Poor, otherwise: true}
"""


def reseal(record: Path, text: str) -> None:
    """Writes sample.yaml, or plan.yaml, with the seal that its lines call for."""
    body = text[: text.index("seal: ")].encode()
    record.write_bytes(body + f'seal: "{hashlib.sha256(body).hexdigest()}"\n'.encode())


def csv_text(rows: Sequence[Sequence[str]]) -> str:
    """Rows as plain CSV, for values that need no quoting."""
    return "".join(",".join(row) + "\n" for row in rows)


def case_rows(count: int) -> list[list[str]]:
    """A header and `count` cases in three units, handled by people of whom two also mark."""
    handlers = ("ann", "bob", "h1", "h2", "h3")
    rows = [["case_id", "unit", "handler", "Child victim", "secret"]]
    rows.extend([f"{number:05d}", f"Unit {number % 3}", handlers[number % 5], "YN "[number % 3].strip(), "hush"]
                for number in range(count))
    return rows


DRAW = ("draw", "export.csv", "--sample", "march", "--id", "case_id", "--by", "unit", "--take", "4", "--seed", SEED,
        "--rubric", "small.yaml", "--reviewers", "ann,bob,cat", "--second", "0.5", "--handled-by", "handler")
