"""Unfinished texts beside a journal: written whole after every line, so that a closed window costs one line at most."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from cqa.files.atomic import write_bytes
from cqa.files.plain_file import read_file


@dataclass(frozen=True, slots=True)
class Draft:
    """A text of a mark that was begun and not saved: `text` is reason or evidence, `at` UTC text, `words` the lines."""

    case: str
    question: str
    text: str
    at: str
    words: str


class DraftFile:
    """The unfinished texts of one journal. `stamp` gives the present moment as UTC text."""

    def __init__(self, journal: Path, stamp: Callable[[], str]) -> None:
        self.path, self.stamp = journal.with_suffix(".draft"), stamp
        self._drafts = _read(self.path)

    def get(self, case: str, question: str, text: str) -> tuple[str, str] | None:
        """When the unfinished text was kept (UTC text), and its words; None where there is none."""
        draft = self._drafts.get((case, question, text))
        return (draft.at, draft.words) if draft else None

    def keep(self, case: str, question: str, text: str, words: str) -> None:
        """Keeps the words so far; blank ones are no draft. Raises NotSaved when the disk refuses."""
        if not words.strip():
            if self._drafts.pop((case, question, text), None):
                self._write()
            return
        self._drafts[case, question, text] = Draft(case, question, text, self.stamp(), words)
        self._write()

    def drop(self, case: str, question: str = "", text: str = "") -> None:
        """Forgets one text, or all of a case. Raises NotSaved when the disk refuses."""
        gone = [key for key in self._drafts if key[0] == case and question in ("", key[1]) and text in ("", key[2])]
        for key in gone:
            del self._drafts[key]
        if gone:
            self._write()

    def places(self) -> tuple[tuple[str, str, str], ...]:
        """Case, question, and which text it is, of every unfinished text."""
        return tuple(self._drafts)

    def _write(self) -> None:
        if self._drafts:
            listed = [asdict(draft) for draft in self._drafts.values()]
            write_bytes(self.path, json.dumps(listed).encode("ascii"), code="J004")
        else:
            self.path.unlink(missing_ok=True)


def _read(path: Path) -> dict[tuple[str, str, str], Draft]:
    """The drafts of the file; none where there is no file or it is not one of ours."""
    try:
        drafts = [Draft(**kept) for kept in json.loads(read_file(path))]
    except (OSError, ValueError, TypeError, RecursionError):
        return {}
    return {(draft.case, draft.question, draft.text): draft for draft in drafts
            if all(isinstance(value, str) for value in asdict(draft).values())}
