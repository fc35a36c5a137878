"""Which keys are pressed by a person, one at a time: pasted bursts and keys held down are no marks."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["pressed", "repeat", "held", "paste"]

BURST_MS, BURST_KEYS = 30, 3
"""So many keys within so many milliseconds were never pressed one by one."""
QUIET_MS = 120
"""A paste may come in several pieces: it has ended when nothing came for so long."""
REPEAT_MS = 80
"""A key held down comes again in less; nobody presses one key so fast."""
HELD_AFTER_MS = 1_200
"""The longest that a keyboard waits before a held key comes the second time."""


@dataclass(slots=True)
class Pace:
    """Judges key after key by the times at which they came, in milliseconds.

    `pressed`: take it. `repeat`: leave it. `held`: leave it, and take back the press before it, for the key was being
    held down then. `paste`: leave it and all that follows until it is quiet, and take back `burst` presses before it.
    `recent` holds when the last keys came and whether they were taken.
    """

    key: str = ""
    at: int = -10_000
    run: int = 0
    began_alone: bool = True
    burst: int = 0
    pasting: bool = False
    recent: tuple[tuple[int, bool], ...] = ()

    def judge(self, key: str, at: int, waiting: int = 0) -> Verdict:
        """The verdict on a key that came `at`, while so many more are `waiting` to be looked at."""
        # A clock that was put back says nothing of how fast a key came.
        since = at - self.at if at >= self.at else HELD_AFTER_MS + 1
        self.at = at
        if self.pasting and since < QUIET_MS:
            self.burst = 0
            return "paste"
        # The window slides with every key: three keys that straddle two windows are a burst all the same.
        self.recent = tuple(one for one in self.recent if 0 <= at - one[0] <= BURST_MS)
        self.pasting = len(self.recent) + 1 + waiting >= BURST_KEYS
        if self.pasting:
            self.burst = sum(taken for _, taken in self.recent)
            self.key, self.run, self.recent = "", 0, ()
            return "paste"
        verdict = self._repeated(key, since)
        self.recent = (*self.recent, (at, verdict == "pressed"))
        return verdict

    def belongs_to_a_paste(self, at: int) -> None:
        """What comes from `at` on is the rest of a paste that began in a box: left until it is quiet."""
        self.at, self.pasting, self.burst = at, True, 0

    def _repeated(self, key: str, since: int) -> Verdict:
        if key == self.key and since < REPEAT_MS:
            self.run += 1
            # One quick second press is a bouncing key; two in a row are a key held down since the press before them.
            return "held" if self.run == 2 and not self.began_alone else "repeat"
        self.began_alone = key != self.key or since > HELD_AFTER_MS
        self.key, self.run = key, 0
        return "pressed"
