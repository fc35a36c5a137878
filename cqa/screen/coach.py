"""What practice adds to a sitting, for every front end alike."""

from collections.abc import Iterable
from typing import Protocol


class Coach(Protocol):
    """Has the papers of an invented case and its worked answers. What it tells are lines, to be cleaned and broken."""

    def papers(self, case_id: str, number: int) -> Iterable[str]:
        """One document of the case's file, counted from 1; all of them for 0."""
        ...

    def after_mark(self, case_id: str, question_id: str) -> Iterable[str]:
        """What is said once a question has its mark, and the texts that the mark owes."""
        ...

    def closing(self, case_id: str) -> Iterable[str]:
        """What is said of a finished case in place of its score and band."""
        ...
