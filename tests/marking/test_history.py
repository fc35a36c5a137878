"""The history folded line by line is what all events together come to, in whatever order they are read."""

from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from cqa.marking.events import STATUS, Event, event_of
from cqa.marking.history import HistoryFold
from cqa.marking.replay import CaseRecord, replay, signs

Line = Mapping[str, object]
WRITERS = ("ann.1", "ann.2", "ann.3")


@st.composite
def journals(draw: st.DrawFn) -> dict[str, list[Line]]:
    """Journals of up to three devices whose events replace and sign one another at will, later and unknown ones too."""
    ids = [f"{writer}:{seq}" for writer in WRITERS for seq in range(1, 10)]
    some = st.lists(st.sampled_from(ids), max_size=3)
    found: dict[str, list[Line]] = {}
    for writer in WRITERS[: draw(st.integers(1, 3))]:
        lines: list[Line] = []
        for seq in range(1, draw(st.integers(1, 9)) + 1):
            kind = draw(st.sampled_from(["answered", "answered", "signed_off", "reopened", "flagged", "opened"]))
            said: dict[str, object] = {"seq": seq, "kind": kind, "at": f"2026-03-02T09:{seq:02d}:00Z"}
            if kind == "opened":
                said |= {"rubric_sha256": draw(st.sampled_from(["r1", "r2"]))}
            else:
                said |= {"case": draw(st.sampled_from(["c1", "c2"])), "replaces": draw(some)}
            if kind == "answered":
                said |= {"question": draw(st.sampled_from(["q1", "q2"])), "mark": "met"}
            if kind == "signed_off":
                said |= {"signs": " ".join(draw(some))}
            if kind == "flagged":
                said |= {"flag": "on"}
            lines.append(said)
        found[writer] = lines
    return found


def events(found: Mapping[str, list[Line]]) -> list[Event]:
    made = []
    for writer, lines in found.items():
        rubric = ""
        for line in lines:
            rubric = str(line["rubric_sha256"]) if line["kind"] == "opened" else rubric
            made.append(event_of(line, writer, rubric))
    return made


def all_at_once(made: list[Event]) -> dict[str, CaseRecord]:
    """The records as their words say, with every event at hand."""
    known = {event.id: event for event in made if event.case_id}
    gone = {event_id for event in known.values() for event_id in event.replaces}
    standing = sorted((event for event in known.values() if event.id not in gone),
                      key=lambda one: (one.case_id, one.slot, one.writer, one.seq))
    records: dict[str, CaseRecord] = {}
    for case_id, of_case in groupby(standing, key=lambda one: one.case_id):
        heads = {slot: tuple(of_slot) for slot, of_slot in groupby(of_case, key=lambda one: one.slot)}
        status = max(heads.get(STATUS, ()), key=lambda one: (one.writer, one.seq), default=None)
        named = [known[event_id] for event_id in (signs(status) or ()) if event_id in known] if status else []
        records[case_id] = CaseRecord(heads, tuple(event for event in named if event.case_id == case_id))
    return records


@given(journals(), st.randoms(use_true_random=False))
def test_the_fold_is_what_all_events_come_to(found: dict[str, list[Line]], order: Random) -> None:
    writers = sorted(found)
    order.shuffle(writers)
    fold = HistoryFold()
    for writer in writers:
        fold.read(found[writer], writer)
    missed = fold.missed()
    for writer in writers if missed else ():
        fold.read_again(found[writer], writer, missed)
    history, made = fold.history(), events(found)
    assert history.records == all_at_once(made) == replay(made)
    assert history.begun == {event.case_id for event in made if event.question_id}
    assert history.rubrics == {event.rubric for event in made if event.case_id}
    assert history.latest == max(datetime.fromisoformat(str(lines[-1]["at"])) for lines in found.values())
