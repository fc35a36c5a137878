"""What a reviewer is told of the rubric's versions when a sitting begins."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from cqa.errors import BadInput, Problem
from cqa.files.journal import Lines
from cqa.files.rubrics import MOST_FILES, rubric_of
from cqa.files.sample_folder import SampleFolder
from cqa.files.sample_rubrics import SampleRubrics
from cqa.files.yaml_tree import read_bytes
from cqa.marking.history import History
from cqa.marking.session import State
from cqa.rubric.touched import changes_said
from cqa.sampling.settling import Settled
from cqa.screen.printer import listed


def rubric_told(
    folder: SampleFolder, settled: Settled, rubrics: SampleRubrics, state: State, history: History, lines: Lines,
) -> Iterator[Problem]:
    """As warnings: once that a leader moved the rubric since the reviewer last marked, and at every start which
    questions are to be answered again; else that the workspace's rubric is another one by now.

    `history` is the reviewer's on all devices, `lines` are those of the live journal before this sitting.
    """
    begun = bool(history.rubrics - {rubrics.current.sha256})
    seen = any(line.get("rubric_sha256") == rubrics.current.sha256 for line in lines)
    again = _again(rubrics, state, history)
    if settled.moves and begun and not seen:
        yield Problem("S034", f"{_moved(settled, rubrics, history)} {_to_answer(again)}".rstrip(), severity="warning")
    elif again:
        yield Problem("S034", f"The rubric was changed since you marked. {_to_answer(again)}", severity="warning")
    if not settled.drawn.plan.trial:
        yield from _beside(folder, rubrics)


def _moved(settled: Settled, rubrics: SampleRubrics, history: History) -> str:
    """Who changed the rubric when, from the version last marked under to the present one, and what changed."""
    versions = rubrics.versions
    order = [versions.drawn, *(one.to.sha256 for one in (*settled.moves, *settled.moves_apart))]
    marked = history.rubrics & versions.rubrics.keys()
    last = next((sha256 for sha256 in reversed(order) if sha256 in marked and sha256 != versions.current),
                versions.drawn)
    before, move = versions.rubrics[last], settled.moves[-1]
    told = changes_said(before, rubrics.current.rubric) or "nothing that it asks or means"
    # In a trial nobody is told which form they use, and a version tells.
    what = told if settled.drawn.plan.trial else f"{before.version} to {move.to.version} ({told})"
    return f"The rubric was changed by {move.leader} on {move.at[:10]}: {what}. Reason: {move.reason.rstrip('.')}."


def _again(rubrics: SampleRubrics, state: State, history: History) -> dict[str, int]:
    """Question to the number of the reviewer's cases in which its mark is set aside and not given again."""
    found: dict[str, int] = {}
    for case_id, record in history.records.items():
        if case_id in state.cases:
            for question in rubrics.versions.set_aside(record):
                if state.standing(case_id).asked.get(question) and not state.assessment(case_id).signed_at:
                    found[question] = found.get(question, 0) + 1
    return {name: found[name] for name in rubrics.current.rubric.by_id if name in found}


def _to_answer(again: dict[str, int]) -> str:
    if not again:
        return "Every mark you gave stands."
    told = listed([f"{name} ({count} {'case' if count == 1 else 'cases'})" for name, count in again.items()])
    return f"Questions to answer again: {told}."


def _beside(folder: SampleFolder, rubrics: SampleRubrics) -> Iterator[Problem]:
    """That the workspace holds another version of the rubric, which this sample does not follow by itself."""
    mine = rubrics.current
    for path in sorted((folder.path.parent.parent / "rubrics").glob("*.yaml"))[:MOST_FILES]:
        data = _of_id(path, mine.rubric.id)
        if not data or hashlib.sha256(data).hexdigest() in rubrics.versions.rubrics:
            continue
        try:
            other = rubric_of(data, str(path)).rubric
        except BadInput:
            continue
        told = changes_said(mine.rubric, other) or "comments, layout or version alone"
        yield Problem("S034", f"This sample stays on {mine.rubric.id} {mine.rubric.version}; {path.name} is at "
                      f"{other.version} by now ({told}).", "A leader may move it: cqa rubric move.",
                      severity="warning")


def _of_id(path: Path, rubric_id: str) -> bytes:
    """The bytes of a rubric's file, by a look at its `id:` line alone; empty for another rubric's."""
    try:
        data = read_bytes(path)
    except BadInput:
        return b""
    pattern = rf"""^id:[ \t]*(["']?){re.escape(rubric_id)}\1[ \t]*(#.*)?\r?$""".encode()
    return data if re.search(pattern, data, re.MULTILINE) else b""
