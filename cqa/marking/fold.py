"""Which events stand: those that nothing replaced, and those that a sign-off names."""

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Fold(Generic[T]):
    """What is left of events as they come, in any order: those that nothing replaced, and those that were signed.

    Each event is added once. What was replaced is let go at once, so that a long record costs no more memory than
    what stands in it.
    """

    def __init__(self) -> None:
        self._standing: dict[str, tuple[str, T]] = {}
        self._replaced: set[str] = set()
        """Ids that were replaced by an event that came before them."""
        self._signed: dict[str, list[str]] = {}
        """Case to what its sign-offs name."""
        self._kept: dict[str, T] = {}
        self._let_go = False

    def add(self, event_id: str, case_id: str, event: T, replaces: Iterable[str], signed: str | None) -> None:
        """One more event of a case, with the ids it replaces and, of a sign-off, the ids it signs as one text."""
        for other in replaces:
            if (found := self._standing.pop(other, None)) is None:
                self._replaced.add(other)
            else:
                self._leave(other, found)
        if signed is not None:
            self._signed.setdefault(case_id, []).append(signed)
        if event_id in self._replaced:
            self._replaced.discard(event_id)
            self._leave(event_id, (case_id, event))
        else:
            self._standing[event_id] = (case_id, event)

    def _leave(self, event_id: str, left: tuple[str, T]) -> None:
        """What was signed counts until it is signed again, so it is kept beside what replaces it."""
        case_id, event = left
        if case_id in self._signed and any(event_id in signed.split() for signed in self._signed[case_id]):
            self._kept[event_id] = event
        else:
            self._let_go = True

    def standing(self) -> Iterator[T]:
        """The events that nothing replaced."""
        return (event for _, event in self._standing.values())

    def known(self, event_id: str) -> T | None:
        """An event that stands, or that was kept for its sign-off."""
        found = self._standing.get(event_id)
        return found[1] if found else self._kept.get(event_id)

    def missed(self) -> frozenset[str]:
        """Ids that a sign-off names and that may have been let go before it came: to be given to `keep`, if seen."""
        if not self._let_go:
            return frozenset()
        return frozenset(event_id for signed in self._signed.values() for text in signed for event_id in text.split()
                         if self.known(event_id) is None)

    def keep(self, event_id: str, event: T) -> None:
        """An event that is signed and was let go."""
        self._kept[event_id] = event
