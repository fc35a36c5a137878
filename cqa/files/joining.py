"""Journals brought together on the disk: one that is here grows by the lines that a copy of it has more."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from cqa.errors import NotSaved, Problem
from cqa.files.journal import REAL, Journal, Ops
from cqa.files.journals import Owner, journal_path, journals_of
from cqa.marking.chain import Chain, read_chain
from cqa.marking.joining import Verdict, judged


@dataclass(frozen=True, slots=True)
class Joined:
    """What a copy was beside the journal that is here, and how many lines that had before and has now."""

    verdict: Verdict
    before: int
    after: int


class _Joining(Journal):
    """A journal that takes sealed lines as they are. It adds none of its own: that would part it from its copies."""

    _chain = Chain((), (), 0)
    _data = b""

    def _mend(self, chain: Chain, data: bytes, stamp: Callable[[], str], owner: Mapping[str, object]) -> None:
        """Keeps in mind that the tail is torn: it is set aside only where something is added after it."""
        self._chain, self._data = chain, data

    def join(self, lines: Sequence[bytes]) -> Joined:
        """Takes the lines that are missing. Raises NotSaved when the disk refuses; the journal then is as it was, but
        for a torn tail that was set aside."""
        ours = [str(line.get("seal")) for line in self.lines]
        verdict, = judged(ours, [[line[-35:-3].decode("ascii") for line in lines]])
        if verdict.what not in ("new", "longer"):
            return Joined(verdict, len(ours), len(ours))
        missing = b"".join(lines[len(ours):])
        try:
            self._clear_tail(missing)
            self._write(missing)
        except OSError as error:
            self._take_back()
            raise NotSaved(_unsaved(self.path, error, f"The journal has its {len(ours)} lines as before.")) from error
        return Joined(verdict, len(ours), len(lines))

    def _clear_tail(self, missing: bytes) -> None:
        """Sets a torn tail aside; one that is only the beginning of what is missing is written again instead."""
        if not (self._chain.torn or self._chain.newline_hurt):
            return
        if not self._chain.newline_hurt and missing.startswith(self._data[self._chain.end:]):
            self._ops.truncate(self._descriptor, self._chain.end)
        else:
            self._recover(self._chain, self._data)


def _unsaved(path: Path, error: OSError, safe: str) -> Problem:
    return Problem("J004", f"NOT SAVED: {error.strerror or error}. {safe}", "Free the disk or the folder, and collect "
                   "again.", str(path))


def join(path: Path, lines: Sequence[bytes], ops: Ops = REAL) -> Joined:
    """The journal at `path`, made where there is none, takes what the sealed `lines` of a copy have more.

    Everything is looked at again under the journal's lock; when this returns, every line is on the disk. Where it
    raises, and wherever it is cut off, the journal has all of its lines, and may have some more, whole.

    Raises InUse while a sitting has the journal open, Damaged when it is damaged here, NotSaved when the disk refuses.
    """
    journal = _Joining.open(path, str, ops)
    if not isinstance(journal, _Joining):
        raise TypeError(path)
    with journal:
        return journal.join(lines)


class _Keeping(Journal):
    """A file of a journal that is damaged, and is kept byte for byte: nothing of it is verified or mended."""

    _data = b""

    def _begin(self, *_: object) -> None:
        try:
            self._data = self._ops.read(self._descriptor)
        except OSError as error:
            raise NotSaved(_unsaved(self.path, error, "It is as it was.")) from error
        self._length = len(self._data)

    def keep(self, data: bytes) -> Joined:
        """Takes the bytes where nothing is here, or their beginning. Raises NotSaved when the disk refuses."""
        before, lines = (len(read_chain(held).lines) for held in (self._data, data))
        if data == self._data:
            return Joined(Verdict("known"), before, before)
        if not data.startswith(self._data):
            return Joined(Verdict("forked", _first_other(self._data, data)), before, before)
        try:
            self._write(data[len(self._data):])
        except OSError as error:
            self._take_back()
            raise NotSaved(_unsaved(self.path, error, "It is as it was.")) from error
        return Joined(Verdict("longer" if self._data else "new"), before, lines)


def _first_other(one: bytes, other: bytes) -> int:
    """The first line, from 1, that differs, or that only one of the two has."""
    pairs = enumerate(zip_longest(one.split(b"\n"), other.split(b"\n")), start=1)
    return next((number for number, (first, second) in pairs if first != second), 0)


def keep(path: Path, data: bytes, ops: Ops = REAL) -> Joined:
    """A damaged journal, which its reviewer went on beside, is kept at `path` byte for byte if nothing else is there.

    Raises InUse and NotSaved as `join`.
    """
    journal = _Keeping.open(path, str, ops)
    if not isinstance(journal, _Keeping):
        raise TypeError(path)
    with journal:
        return journal.keep(data)


def place_of(folder: Path, owner: Owner) -> Path | None:
    """Where an owner's journal is in a folder, by its content, or would be; None where a file of somebody else's has
    that name."""
    own = journal_path(folder, *owner)
    copies = journals_of(folder, only=owner[0]).get(owner, ())
    if own in copies or not copies:
        return None if own not in copies and own.exists() else own
    return copies[0]
