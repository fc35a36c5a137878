"""A case under two hands, for tests: what each gave, without a sample or a disk."""

from collections.abc import Mapping
from dataclasses import replace

from cqa.marking.compared import Marker, SharedCase, in_hidden_order
from cqa.marking.moderating import State, step
from cqa.marking.moderating_actions import Action
from cqa.marking.moderation import MODERATION
from cqa.marking.replay import Mark
from cqa.rubric.model import Rubric
from cqa.rubric.scoring import result_of
from tests.screen.desk_at import built

NOW = "2026-03-02T09:00:00.000Z"


def marker(
    name: str, marks: Mapping[str, str], child: str = "Y", rubric: Rubric | None = None, signed: str = ""
) -> Marker:
    """Somebody who gave these marks, each with a reason and a place, and signed them off."""
    rubric, facts = rubric or built(), {"child": child}
    kept = {name: Mark(name, value, f"why {value}", f"page of {name}", NOW, f"{name}:1")
            for name, value in marks.items()}
    return Marker(name, "first" if name == "ann" else "second", signed or f"{name}.1:9", rubric.version, kept, facts,
                  result_of(rubric, marks, facts))


def shared(*markers: Marker, case_id: str = "c1", rubric: Rubric | None = None) -> SharedCase:
    """A case with these markers, in the order that hides them."""
    return SharedCase(case_id, rubric or built(), in_hidden_order("seed", case_id, markers))


def two(one: Mapping[str, str], other: Mapping[str, str]) -> SharedCase:
    """A case that ann and bob marked."""
    return shared(marker("ann", one), marker("bob", other))


def begun(*cases: SharedCase, purpose: str = MODERATION, **closed: tuple[str, ...]) -> State:
    """A moderator, lee, before their first action."""
    return State(purpose, "lee", "lee.1", {case.case_id: case for case in cases}, closed, {}, 2)


def after(state: State, *actions: Action) -> State:
    """The state once these are done."""
    for action in actions:
        state = step(state, action, NOW).state
    return state


def amended(state: State, case: SharedCase) -> State:
    """The state once a case has other sign-offs than before."""
    return replace(state, cases={**state.cases, case.case_id: case})
