"""Sealed and absurd lines in journals of feedback: whoever writes one can seal anything, and no command may fault."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.casework import drawn_sample, new_workspace, running_in, world_at
from tests.fed_back import Case, signed
from tests.hostile.absurd import BY_HAND, ODD, TEXTS, TIMES, Payload, put, sealed
from tests.hostile.everything import Heard

KINDS = ("written", "given", "seen", "replied", "decided", "done", "again", "opened", "agreed", "settled", "")
CODES = (0, 1, 2, 3, 4, 7)


@dataclass(frozen=True)
class Place:
    """A sample with one signed case, whose journals of feedback are put there and taken away again."""

    heard: Heard
    sample: Path
    case: Case


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    world = world_at(tmp_path_factory.mktemp("absurd"))
    run = running_in(world)
    root = new_workspace(run, world.folder)
    sample = drawn_sample(run, root)
    return Place(Heard(run, root), sample, signed(run, sample))


def lines(case_id: str) -> st.SearchStrategy[Payload]:
    """One line: each field absent, as it should be, or anything at all."""
    ids = st.builds("{}:{}".format, st.sampled_from(("lead.1", "mod.1")), st.integers(0, 6))
    action = st.fixed_dictionaries({}, optional={"what": TEXTS, "owner": TEXTS, "due": st.just("2026-04-01") | TEXTS})
    usual: Mapping[str, st.SearchStrategy[object]] = {
        "at": TIMES, "kind": st.sampled_from(KINDS), "case": st.just(case_id),
        "question": st.sampled_from(("q1", "q9")), "strength": TEXTS,
        "actions": st.lists(action, max_size=4), "nothing": TEXTS, "version": st.integers(-1, 3),
        "over": TEXTS, "sheet": TEXTS, "day": st.just("2026-03-02") | TEXTS, "how": TEXTS, "answer": TEXTS |
        st.sampled_from(("agree", "disagree", "context")), "words": TEXTS, "decision": TEXTS | st.just("keep"),
        "reason": TEXTS, "reply": ids, "what": TEXTS, "in_case": TEXTS, "in_sample": TEXTS, "again": st.booleans(),
        "agreed": TEXTS, "purpose": st.just("moderation"), "replaces": st.lists(ids, max_size=2)}
    return st.builds(lambda first, odd: {**first, **odd}, st.fixed_dictionaries({}, optional=dict(usual)),
                     st.dictionaries(st.sampled_from(sorted(usual)), ODD, max_size=2))


def tried(place: Place, journals: Sequence[bytes]) -> list[str]:
    """What went against the rules while every command met these journals."""
    place.heard.faults.clear()
    case, handler = str(place.case["case_id"]), str(place.case["handler"])
    for command in (("feedback", case, "--as", "boss"), ("feedback", case, "--as", "boss", "--json"),
                    ("history", handler), ("history", handler, "--json"), ("verify",),
                    ("feedback", case, "--as", "boss", "--given", "today", "--how", "by phone"),
                    ("feedback", case, "--as", "boss", "--decide", "q1=keep", "--reason", "so"),
                    ("feedback", case, "--as", "boss", "--done", "1", "--on", "today"),
                    ("feedback", case, "--as", "boss", "--strength", "Good.", "--none", "All is well.")):
        for room in ("feedback", "moderation", "books"):
            shutil.rmtree(place.sample / room, ignore_errors=True)
        for number, data in enumerate(journals):
            put(place.sample, "feedback", f"{('lead', 'mod')[number % 2]}.1.jsonl", data)
            put(place.sample, "moderation", f"{('lead', 'mod')[number % 2]}.1.jsonl", data)
        place.heard(*command, codes=CODES)
    return place.heard.faults


@pytest.mark.parametrize("what", BY_HAND)
def test_a_line_that_no_encoder_would_make_is_told_or_taken_and_never_a_fault(place: Place, what: str) -> None:
    assert tried(place, [BY_HAND[what]]) == []


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_sealed_line_makes_a_fault(place: Place, data: st.DataObject) -> None:
    case_id = str(place.case["case_id"])
    journals = data.draw(st.lists(st.lists(lines(case_id), max_size=6).map(sealed), min_size=1, max_size=2))
    assert tried(place, journals) == []
