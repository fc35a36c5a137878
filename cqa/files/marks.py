"""The marks of a sample: the history of each reviewer, and whether their journals belong to the sample."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path

from cqa.errors import Damaged, Problem
from cqa.files.journal import Lines
from cqa.files.journals import PERSON, Opening, writer_of
from cqa.marking.history import History, HistoryFold, Line
from cqa.marking.replay import CaseRecord

_GROUND = ("sample", "drawn_at", "frame", "rubric_sha256")
NOTHING = History()


@dataclass(frozen=True, slots=True)
class Marks:
    """The history of each reviewer (by name in lower case), and what was found wrong with their files.

    `problems` are those of every chain, every fork with the line where the files part (J006), and copies that are
    ignored, as warnings. `lines` counts the sealed lines of all files.
    """

    histories: Mapping[str, History]
    problems: tuple[Problem, ...]
    lines: int

    def of(self, reviewer: str) -> History:
        """What a reviewer has marked; nothing where they have no journal."""
        return self.histories.get(reviewer.casefold(), NOTHING)

    @property
    def records(self) -> dict[str, Mapping[str, CaseRecord]]:
        """Reviewer (in lower case) to the record of each case."""
        return {reviewer: history.records for reviewer, history in self.histories.items()}


def read_marks(
    folder: Path, only: str = "", known: Mapping[Path, Lines] | None = None, timed: bool = False
) -> Marks:
    """The marks in a sample's folder; with `only`, of that reviewer alone. Never writes.

    `known` are the lines of journals that were verified already. With `timed` the time spent on each case is told too.
    """
    opening = Opening(folder, only, known or {})
    folds: dict[str, HistoryFold] = {}
    for owner, lines in opening.journals():
        fold = folds.setdefault(owner[0], HistoryFold(timed))
        fold.read(lines, writer_of(*owner))
    histories = {reviewer: _whole(fold, opening, reviewer) for reviewer, fold in folds.items()}
    return Marks(histories, opening.told(), opening.count)


def _whole(fold: HistoryFold, opening: Opening, reviewer: str) -> History:
    """The history of one reviewer; their journals are read once more where one device replaced what another signed."""
    if missed := fold.missed():
        for owner, lines in Opening(opening.folder, reviewer, opening.known).journals():
            fold.read_again(lines, writer_of(*owner), missed)
    return fold.history()


def check_ground(lines: Lines, opened: Line, path: Path, rubrics: Container[object] = ()) -> None:
    """Raises Damaged when an earlier sitting was another person's, or on another device, sample or rubric.

    `opened` is the line that is to begin the next sitting in the journal at `path`. `rubrics` are the SHA-256 of those
    that the sample had before a leader moved it: earlier sittings may have been on any of them.
    """
    for line in lines:
        if line.get("kind") != "opened":
            continue
        moved = [key for key in _GROUND if line.get(key) != opened.get(key)
                 and not (key == "rubric_sha256" and line.get(key) in rubrics)]
        if moved:
            raise Damaged(Problem("J007", f"The journal was begun on another ground: {', '.join(moved)} differ.",
                                  "Put back the sample's folder as it was when marking began.", str(path)))
        for key in (*PERSON, "device"):
            if str(line.get(key)).casefold() != str(opened.get(key)).casefold():
                raise Damaged(Problem("J007", f"This file has your journal's name, and by its opened line it is of "
                                      f"{key} '{line.get(key)}'.", "Give it back its own name; nothing was added to "
                                      "it.", str(path)))
