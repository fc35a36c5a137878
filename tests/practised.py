"""The practice file of the small rubric, and how its worked answers are typed."""

from pathlib import Path

import pytest

PRACTICE = """\
format: cqa-practice/1
rubric: small
cases:
  - case: note
    title: A note without a date
    facts: {child: "yes"}
    file:
      - document: Review, 3 March
        text: >
          Charged, because W1 saw it all.

          V will be asked soon.
      - document: Note
        text: V is well.
    answers:
      q1:
        mark: fully_met
        because: A reason is given. Partly met would lack it.
        evidence: 'Review, 3 March: "because W1 saw it all"'
      q2:
        mark: partly_met
        also: not_met
        because: One reason, and no weighing.
        evidence: 'Review, 3 March: "Charged, because W1 saw it all."'
      q3:
        mark: not_met
        because: A promise to ask is not asking.
        evidence: 'Review, 3 March: "V will be asked soon."'
"""


def put_practice(folder: Path, text: str = PRACTICE, name: str = "small.yaml") -> Path:
    """Writes a practice file where it belongs for the rubrics of `folder`."""
    (folder / "practice").mkdir(exist_ok=True)
    place = folder / "practice" / name
    place.write_text(text, encoding="utf-8", newline="\n")
    return place


def changed(old: str, new: str) -> str:
    """The practice file with one part of it changed."""
    if PRACTICE.count(old) != 1:
        pytest.fail(f"'{old}' does not stand in the practice file once")
    return PRACTICE.replace(old, new)
