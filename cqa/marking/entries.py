"""What team leaders write down about marked cases: entries, each of which sets one slot of one case.

A journal of moderation or of feedback is a list of entries. As with marks the clock orders nothing: an entry names
those that it replaces, and what nobody replaced stands. Two leaders who did not see each other leave two that stand.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

Line = Mapping[str, object]
Slot = tuple[str, ...]
"""What an entry sets within its case: its kind, and a question or a number where there is one of each."""
_FRAME = frozenset(("at", "kind", "case", "question", "replaces", "seq", "prev", "seal"))


class Entry(NamedTuple):
    """One line of a leader's journal. `writer` is `<person>.<device>`, which with `seq` makes the entry's id; `person`
    whose journal it is, in lower case; `body` holds what is set. `question_id` is empty where the entry is about the
    whole case."""

    person: str
    writer: str
    seq: int
    at: str
    kind: str
    case_id: str
    question_id: str = ""
    body: Mapping[str, object] = {}
    replaces: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """`<person>.<device>:<seq>`."""
        return f"{self.writer}:{self.seq}"

    def text(self, key: str) -> str:
        """A text of the body; empty where there is none."""
        value = self.body.get(key)
        return value if isinstance(value, str) else ""

    def number(self, key: str) -> int | None:
        """A whole number of the body; None where there is none."""
        value = self.body.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None


def entry_line(entry: Entry) -> dict[str, object]:
    """The entry as a journal line holds it, without the number and seals that the chain adds."""
    line: dict[str, object] = {"at": entry.at, "kind": entry.kind, "case": entry.case_id}
    if entry.question_id:
        line["question"] = entry.question_id
    line.update(entry.body)
    if entry.replaces:
        line["replaces"] = list(entry.replaces)
    return line


def entry_of(line: Line, person: str, writer: str) -> Entry | None:
    """The entry of a sealed line; None for a line that is about no case, such as the one that begins a run."""
    case_id, seq, replaces, question_id = (line.get(key) for key in ("case", "seq", "replaces", "question"))
    if not isinstance(case_id, str) or not case_id or not isinstance(seq, int):
        return None
    return Entry(
        person, writer, seq, str(line.get("at", "")), str(line.get("kind", "")), case_id,
        question_id if isinstance(question_id, str) else "",
        {key: value for key, value in line.items() if key not in _FRAME},
        tuple(map(str, replaces)) if isinstance(replaces, list) else ())


Standing = Mapping[str, Mapping[Slot, tuple[Entry, ...]]]
"""Case to slot to the entries that stand there: one, or several where leaders did not see each other."""


def standing_entries(entries: Iterable[Entry], slot_of: Callable[[Entry], Slot | None]) -> Standing:
    """What stands of entries in any order. `slot_of` says what an entry sets; None: nothing that is known here."""
    known = {entry.id: (entry, slot) for entry in entries if (slot := slot_of(entry)) is not None}
    replaced = {(known[entry_id][1], entry_id) for entry, slot in known.values() for entry_id in entry.replaces
                if entry_id in known and known[entry_id][1] == slot and known[entry_id][0].case_id == entry.case_id}
    standing: dict[str, dict[Slot, tuple[Entry, ...]]] = {}
    for entry, slot in sorted(known.values(), key=lambda pair: (pair[0].writer, pair[0].seq)):
        if (slot, entry.id) not in replaced:
            slots = standing.setdefault(entry.case_id, {})
            slots[slot] = (*slots.get(slot, ()), entry)
    return standing


def head(slots: Mapping[Slot, tuple[Entry, ...]], slot: Slot) -> Entry | None:
    """The one entry that stands in a slot; None where there is none, and where several stand, which is settled only
    when one of them is given once more."""
    standing = slots.get(slot, ())
    return standing[0] if len(standing) == 1 else None


def ids(slots: Mapping[Slot, tuple[Entry, ...]], slot: Slot) -> tuple[str, ...]:
    """The ids that stand in a slot, which the next entry there replaces."""
    return tuple(entry.id for entry in slots.get(slot, ()))
