"""The small rubric, the export and the draw that tests work with, and a world of their own to run cqa in."""

import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cqa import cli
from cqa.world import World

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


class Clock:
    """A clock that moves on by one second each time somebody looks at it."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


def world_at(place: Path) -> World:
    """A world that works in the folder `here` of `place`, which is made, with a clock and a randomness of its own."""
    folder = place / "here"
    folder.mkdir()
    return World(
        now=Clock(), random_digits=lambda count: "0123456789" * 10 if count > 20 else "12345678901234567890"[:count],
        environment={}, folder=folder, home=place / "home", account="tester", host="desk",
        stdin=io.StringIO(), stdout=io.StringIO(), stderr=io.StringIO())


def running_in(world: World) -> Run:
    """Runs one command line in this process and that world, with `typed` as its standard input."""
    def running(*arguments: str, typed: str = "", folder: Path | None = None) -> Ran:
        inside = replace(world, stdin=io.StringIO(typed), stdout=io.StringIO(), stderr=io.StringIO(),
                         folder=folder or world.folder)
        code = cli.run(arguments, inside)
        return Ran(code, inside.stdout.getvalue(), inside.stderr.getvalue())  # type: ignore[attr-defined]
    return running


def new_workspace(run: Run, folder: Path) -> Path:
    """A workspace in `folder`, with the small rubric and an export of 60 cases, ready for a draw."""
    assert run("init", "work").code == 0
    root = folder / "work"
    (root / "small.yaml").write_text(RUBRIC, encoding="utf-8", newline="\n")
    (root / "export.csv").write_text(csv_text(case_rows(60)), encoding="utf-8", newline="\n")
    return root


def drawn_sample(run: Run, workspace: Path) -> Path:
    """A drawn sample called march, of 12 main cases, 6 of them to be marked twice."""
    drawn = run(*DRAW, folder=workspace)
    assert drawn.code == 0, drawn.err
    return workspace / "samples" / "march"
