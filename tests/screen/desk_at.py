"""A desk without a terminal or a disk: its clock, its drafts and what it keeps belong to the test."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from cqa.errors import NotSaved, Problem
from cqa.files.yaml_tree import parse_tree
from cqa.keys import with_own
from cqa.marking.actions import Action
from cqa.marking.events import Event
from cqa.marking.refusals import Refused
from cqa.marking.session import Outcome, State, step
from cqa.rubric.build import build_rubric
from cqa.rubric.model import Rubric
from cqa.screen import desk_keys
from cqa.screen.desk import Desk
from cqa.screen.frame import page
from cqa.screen.page import Size
from cqa.screen.reading import box_rows
from cqa.screen.rows import columns, text_of
from tests.casework import RUBRIC

SMALL, WIDE = Size(80, 24), Size(100, 30)
SIZES = (SMALL, WIDE, Size(132, 43), Size(99, 29), Size(60, 16), Size(20, 5))
CASES: Mapping[str, Mapping[str, str]] = {"c1": {"child": "Y"}, "c2": {"child": ""}, "c3": {"child": "N"}}
FULL = Problem("J004", "NOT SAVED: No space left on device.", "Line 3 is the last safe one.")


def built(text: str = RUBRIC) -> Rubric:
    """The rubric of a text, which must be one."""
    rubric = build_rubric(parse_tree(text.encode(), "r"), "r").rubric
    assert rubric is not None
    return rubric


class Kept:
    """Drafts in memory; with `broken` none can be kept."""

    def __init__(self) -> None:
        self.texts: dict[tuple[str, str, str], str] = {}
        self.broken = False

    def get(self, case: str, question: str, text: str) -> tuple[str, str] | None:
        """When it was kept, and the words."""
        words = self.texts.get((case, question, text))
        return None if words is None else ("2026-03-02T08:00:00.000Z", words)

    def keep(self, case: str, question: str, text: str, words: str) -> None:
        """Raises NotSaved where the disk is broken."""
        if self.broken:
            raise NotSaved(FULL)
        if words.strip():
            self.texts[case, question, text] = words
        else:
            self.texts.pop((case, question, text), None)

    def drop(self, case: str, question: str = "", text: str = "") -> None:
        """Forgets one."""
        self.texts.pop((case, question, text), None)

    def places(self) -> tuple[tuple[str, str, str], ...]:
        """Which there are."""
        return tuple(self.texts)


class AtDesk:
    """Somebody at a desk. `events` is the journal; `full` is a disk that takes nothing, `looking` a second window."""

    def __init__(self, rubric: Rubric | None = None, cases: Mapping[str, Mapping[str, str]] = CASES,
                 own: Mapping[str, str] | None = None, looking: bool = False) -> None:
        self.time = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        self.events: list[Event] = []
        self.full, self.looking = False, looking
        self.drafts = Kept()
        self.start = State(rubric or built(), "seed", "ann.1", cases, frozenset(), {}, 2)
        self.desk = Desk(self.start, self._act, lambda: self.time, self.drafts, "march", with_own(own or {}),
                         looking=looking)

    def _act(self, action: Action) -> Outcome:
        if self.looking:
            raise Refused("looking")
        stamp = self.time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        outcome = step(self.desk.state, action, stamp)
        if self.full and outcome.event is not None:
            raise NotSaved(FULL)
        self.events += [outcome.event] if outcome.event else []
        return outcome

    def at(self, case_id: str, question_id: str = "") -> "AtDesk":
        """With a case open, and where it is named with one of its questions."""
        self.desk.open(case_id)
        if question_id:
            self.desk.go(question_id)
        return self

    def press(self, *keys: str, apart: int = 400) -> "AtDesk":
        """Keys as a person presses them, so many milliseconds apart."""
        for key in keys:
            self.time += timedelta(milliseconds=apart)
            desk_keys.take(self.desk, key, self.desk.milliseconds())
        return self

    def type(self, words: str) -> "AtDesk":
        """Ends the open box with these words."""
        assert self.desk.writing is not None, self.screen()
        self.time += timedelta(seconds=3)
        self.desk.finish_box(words)
        return self

    def rows(self, size: Size = SMALL) -> list[str]:
        """What is drawn above the box."""
        return [text_of(row) for row in page(self.desk, size)]

    def screen(self, size: Size = SMALL) -> str:
        """What is drawn above the box, as one text."""
        return "\n".join(self.rows(size))

    def flowing(self, size: Size = SMALL) -> str:
        """What is drawn above the box, as one line: it does not matter where a sentence was broken."""
        return " ".join(self.screen(size).split())

    def check_filled(self) -> None:
        """Every window is filled exactly, whatever is open: no row is missing, narrower or wider."""
        for size in SIZES:
            rows = self.rows(size)
            assert len(rows) == max(0, size.height - box_rows(self.desk)), (size, rows)
            assert all(columns(row) == size.width for row in rows), (size, rows)

    @property
    def marks(self) -> dict[str, str]:
        """The marks of the open case."""
        return self.desk.state.assessment(self.desk.case_id).values

    @property
    def kinds(self) -> list[str]:
        """The events so far, in a word each."""
        return [event.kind for event in self.events]
