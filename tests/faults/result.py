"""What a row of the fault suite comes to: how much was tried, what was found, and what of it must be nothing."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Size = Literal["smoke", "ci", "full"]
"""`smoke` is just enough to notice a product that was broken on purpose, `ci` is for every run of the tests."""

EXAMPLES = 5
"""So many cases of what must never be found are told in words."""


@dataclass(frozen=True, slots=True)
class Result:
    """One row's result. Each count in `never` must be 0, and `tried` at least `wanted`; `seen` is for the reader.

    `not_run` says why the row could not be tried here; it has then neither held nor failed.
    """

    tried: int
    unit: str
    wanted: int = 1
    never: Mapping[str, int] = field(default_factory=dict)
    seen: Mapping[str, int] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
    not_run: str = ""

    @property
    def held(self) -> bool:
        """Whether enough was tried and nothing was found that must never be."""
        return not self.not_run and self.tried >= self.wanted and not any(self.never.values())

    @property
    def found(self) -> str:
        """In words, what was found: first what must be nothing, then what was met."""
        return ", ".join(f"{count:,} {what}" for what, count in (*self.never.items(), *self.seen.items()))

    @property
    def told(self) -> str:
        """The result in words, with examples of what must never be found."""
        return "\n".join([f"{self.tried:,} {self.unit} ({self.wanted:,} wanted): {self.found}", *self.examples])


def could_not_run(unit: str, why: str) -> Result:
    """The result of a row that this system cannot try."""
    return Result(0, unit, not_run=why)


@dataclass(slots=True)
class Tally:
    """Counts what is tried and found as a row goes on."""

    unit: str
    wanted: int = 1
    tried: int = 0
    never: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.wanted < 1:
            raise ValueError("a row that tries nothing shows nothing")

    def hold(self, holds: bool, otherwise: str, example: object = "") -> bool:
        """Counts `otherwise` where something does not hold; gives whether it holds."""
        self.never[otherwise] += not holds
        if not holds and len(self.examples) < EXAMPLES:
            self.examples.append(f"{otherwise}: {example}")
        return holds

    @property
    def full(self) -> bool:
        """Whether as much was tried as is wanted."""
        return self.tried >= self.wanted

    def result(self) -> Result:
        """The result so far."""
        return Result(self.tried, self.unit, self.wanted, dict(self.never), dict(self.seen), tuple(self.examples))


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the suite: its key in the table, what it does in a plain line, and the function that does it in a
    folder of its own."""

    key: str
    does: str
    run: Callable[[Size, Path], Result]


def sized(size: Size, smoke: int, ci: int, full: int) -> int:
    """The number for a size."""
    return {"smoke": smoke, "ci": ci, "full": full}[size]


def all_of(results: Iterable[Result]) -> bool:
    """Whether every row that could be tried has held."""
    return all(result.held or result.not_run for result in results)
