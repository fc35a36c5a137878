"""Who has done how much of what they were given: what is missing is a figure of its own, never a smaller whole."""

from collections.abc import Iterable
from dataclasses import dataclass

from cqa.table import Column, Table


@dataclass(frozen=True, slots=True)
class Completion:
    """One reviewer over the samples reported: main cases to mark first, those signed off and those only begun, and the
    second marks that are due and done."""

    reviewer: str
    to_mark: int
    signed: int
    begun: int
    second_due: int
    second_signed: int

    @property
    def not_begun(self) -> int:
        """Cases to mark first without a mark."""
        return self.to_mark - self.signed - self.begun

    @property
    def open(self) -> int:
        """Cases to mark first that are not signed off."""
        return self.to_mark - self.signed

    @property
    def second_open(self) -> int:
        """Second marks that are not signed off."""
        return self.second_due - self.second_signed

    def as_json(self) -> dict[str, object]:
        """Under the stable names of the JSON contract."""
        return {"reviewer": self.reviewer, "to_mark": self.to_mark, "signed": self.signed, "begun": self.begun,
                "not_begun": self.not_begun, "second_due": self.second_due, "second_signed": self.second_signed}


def completion_table(completion: Iterable[Completion]) -> Table:
    """Each reviewer: what they were given, and how far it is."""
    columns = (Column("Reviewer", "text", 26), Column("To mark", "number"), Column("Signed off", "number"),
               Column("Begun", "number"), Column("Not begun", "number"), Column("Second marks due", "number", 14),
               Column("Second marks signed", "number", 14))
    rows = tuple((one.reviewer, one.to_mark, one.signed, one.begun, one.not_begun, one.second_due, one.second_signed)
                 for one in completion)
    return Table("Completion", "Who has done how much", "Main cases to mark first, and second marks; only what is "
                 "signed off counts in the figures.", columns, rows)
