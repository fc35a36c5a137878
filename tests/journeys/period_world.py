"""The world of one whole period: its rubric, its settings, its people and its two exports."""

from pathlib import Path

from tests.casework import csv_text

RUBRIC = """\
format: cqa-rubric/1
id: period
version: "1.0"
title: Period
status: trial
case_facts:
  child: {column: Child victim, type: flag, label: Child victim}
scales:
  grade:
    levels:
      fully:  {key: "1", label: Fully met,  points: 3}
      mainly: {key: "2", label: Mainly met, points: 2}
      partly: {key: "3", label: Partly met, points: 1, needs: [reason]}
      not:    {key: "4", label: Not met,    points: 0, needs: [reason, evidence]}
    outside:
      cannot_tell: {key: "8", label: Cannot tell, needs: [reason]}
sections:
  - id: a
    title: Decision
    questions:
      - {id: q1, ask: Was it right, critical: {fails_on: [not]}}
      - {id: q2, ask: Was it reasoned, ask_when: {q1: [fully, mainly, partly]}}
  - id: b
    title: Victims
    questions:
      - {id: q3, ask: Was the child heard, ask_when: {case: {child: true}}}
      - {id: q4, ask: Was the letter sent}
result:
  bands:
    - {band: Fail, when: {critical_failed: true}}
    - {band: Fine, when: {score_at_least: 70}}
    - {band: Poor, otherwise: true}
"""

SETTINGS = """\
plan: {per: handler, cases: 5, period: quarter, second: 0.5}
due: {mark: 10, feedback: 5, holidays: [England and Wales, 2026-03-25]}
calibration: {rate: 60%, clearance: 80%}
"""

PEOPLE = (
    ("person", "name", "role", "unit", "manager", "conflicts"),
    ("ann", "Ann", "reviewer", "Unit A", "lena", ""),
    ("bob", "Bob", "reviewer", "Unit A", "lena", ""),
    ("cat", "Cat", "reviewer", "Unit B", "max", ""),
    ("dee", "Dee", "reviewer", "Unit B", "max", "kit"),
    ("pia", "Pia", "panel", "Unit A", "", ""),
    ("quin", "Quin", "panel", "Unit B", "", ""),
    ("lena", "Lena", "leader", "Unit A", "", ""),
    ("max", "Max", "leader", "Unit B", "", ""),
    ("sol", "Sol", "second line", "", "", ""),
    ("hal", "Hal", "handler", "Unit A", "bob", ""),
    ("ida", "Ida", "handler", "Unit A", "lena", ""),
    ("jon", "Jon", "handler", "Unit B", "max", ""),
    ("kit", "Kit", "handler", "Unit B", "max", ""),
)

HEADER = ("case_id", "unit", "handler", "Child victim")


def winter_rows() -> list[tuple[str, ...]]:
    """Six cases of Unit A and B, all with a child, so that every question can be asked."""
    return [HEADER, *((f"w-{number}", ("Unit A", "Unit B")[number % 2], ("hal", "jon")[number % 2], "Y")
                      for number in range(1, 7))]


def spring_rows() -> list[tuple[str, ...]]:
    """Ten cases in each unit, one in three with a child; one of them is ann's own."""
    rows: list[tuple[str, ...]] = [HEADER]
    for number in range(1, 21):
        unit, handlers = ("Unit A", ("hal", "ida")) if number <= 10 else ("Unit B", ("jon", "kit"))
        handler = "ann" if number == 5 else handlers[number % 2]
        rows.append((f"s-{number:02d}", unit, handler, "N" if number % 3 else "Y"))
    return rows


def write_files(root: Path) -> None:
    """The rubric, the settings, the people and the exports, in a workspace."""
    files = {"period.yaml": RUBRIC, "cqa.yaml": SETTINGS, "people.csv": csv_text(PEOPLE),
             "winter.csv": csv_text(winter_rows()), "spring.csv": csv_text(spring_rows())}
    for name, text in files.items():
        (root / name).write_text(text, encoding="utf-8", newline="\n")
