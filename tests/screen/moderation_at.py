"""A moderator at the full screen, without a terminal or a disk."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from cqa.errors import NotSaved
from cqa.marking.compared import SharedCase
from cqa.marking.entries import Entry
from cqa.marking.moderating import Outcome, step
from cqa.marking.moderating_actions import Action
from cqa.marking.moderation import MODERATION
from cqa.screen.moderation_desk import ModerationDesk, moderation_keys
from cqa.screen.moderation_keys import take
from cqa.screen.moderation_page import page
from cqa.screen.page import Size
from cqa.screen.reading import box_rows
from cqa.screen.rows import columns, text_of
from tests.marking.shared import begun, two
from tests.screen.desk_at import FULL, SIZES, SMALL, Kept

ALL = {"q1": "fully_met", "q2": "fully_met", "q3": "fully_met"}
APART = {"q1": "not_met", "q3": "cannot_tell"}


class AtModeration:
    """Lee, with cases before them; `entries` is the journal, `full` a disk that takes nothing."""

    def __init__(self, *cases: SharedCase, purpose: str = MODERATION, own: Mapping[str, str] | None = None) -> None:
        self.time = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
        self.entries: list[Entry] = []
        self.full, self.drafts = False, Kept()
        state = begun(*(cases or (two(ALL, APART),)), purpose=purpose)
        self.desk = ModerationDesk(state, self._act, lambda: self.time, self.drafts, "march", tuple(state.cases),
                                   moderation_keys(own or {}))
        self.desk.show_cases()

    def _act(self, action: Action) -> Outcome:
        stamp = self.time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        outcome = step(self.desk.state, action, stamp)
        if self.full and outcome.entries:
            raise NotSaved(FULL)
        self.entries += outcome.entries
        return outcome

    def press(self, *keys: str, apart: int = 400) -> "AtModeration":
        """Keys as a person presses them, so many milliseconds apart."""
        for key in keys:
            self.time += timedelta(milliseconds=apart)
            take(self.desk, key, self.desk.milliseconds())
        return self

    def type(self, words: str) -> "AtModeration":
        """Ends the open box with these words."""
        assert self.desk.writing is not None, self.screen()
        self.time += timedelta(seconds=3)
        self.desk.finish_box(words)
        return self

    def screen(self, size: Size = SMALL) -> str:
        """What is drawn above the box."""
        return "\n".join(text_of(row) for row in page(self.desk, size))

    def flowing(self, size: Size = SMALL) -> str:
        """What is drawn above the box, as one line."""
        return " ".join(self.screen(size).split())

    def check_filled(self) -> None:
        """Every window is filled exactly, whatever is open."""
        for size in SIZES:
            rows = self.screen(size).split("\n") if size.height - box_rows(self.desk) > 0 else []
            assert len(rows) == max(0, size.height - box_rows(self.desk)), (size, rows)
            assert all(columns(row) == size.width for row in rows), (size, rows)
