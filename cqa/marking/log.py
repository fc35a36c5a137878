"""Journal lines as people read them: what each changed, from what to what, who wrote it, when, and why."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cqa.marking.events import AMENDMENT, BAND, STATUS, URGENT
from cqa.marking.history import Line
from cqa.marking.spent import moment_of, seconds_between

NOTHING = "nothing"
WITHHELD = "withheld: a case fact that is never shown"
BACKWARDS = 1.0
"""From so many seconds on a clock counts as set back; less is what keeps clocks right."""

_LIFTED = frozenset(("at", "kind", "case", "question", "turn", "replaces", "reason", "note", "seq", "prev", "seal",
                     "after", "shown_ms", "format", "drawn_at", "frame", "sample", "signs", "person", "device"))
"""What stands elsewhere than among the values of a line, or says nothing that another line does not."""
_SPOKEN = {"cleared": "no mark", "reopened": "open again", "undone": "no mark", "redone": "no mark",
           "withdrawn": "left the sample"}
"""What a line comes to that sets no value."""
_BESIDE = {URGENT: "urgent concern", BAND: "band disputed"}


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of a journal. `room` is the folder its journal lies in; `reference` is `<person>.<device>:<seq>`; `what`
    is the question, or what else the line sets; `old` and `new` are its values in words, with the texts of a mark;
    `reason` is that of a change."""

    room: str
    reference: str
    who: str
    at: str
    kind: str
    case_id: str
    what: str
    old: str
    new: str
    reason: str

    @property
    def writer(self) -> str:
        """`<person>.<device>`: in whose journal it stands."""
        return self.reference.rpartition(":")[0]


Owner = tuple[str, str]
"""Whose a journal is: person, in lower case, and device."""


def log_entries(room: str, journals: Mapping[Owner, Sequence[Line]], hidden: frozenset[str]) -> Iterator[LogEntry]:
    """Every line of the journals of one room, journal after journal, each in its own order.

    `journals` by owner; `hidden` are the ids of case facts whose values are withheld.
    """
    kept = {str(event) for lines in journals.values() for line in lines for event in _list(line, "replaces")}
    known = {place: line for owner, lines in journals.items() for line in lines
             if (place := _reference(owner, line)) in kept}
    for owner, lines in journals.items():
        for line in lines:
            yield _entry(room, owner, line, known, hidden)


def _entry(room: str, owner: Owner, line: Line, known: Mapping[str, Line], hidden: frozenset[str]) -> LogEntry:
    replaced = [value_of(known[event], hidden) if event in known else f"not here ({event})"
                for event in map(str, _list(line, "replaces"))]
    old, new = " | ".join(replaced) or _from(line), value_of(line, hidden)
    reason = ": ".join(filter(None, (_text(line, "reason"), _text(line, "note"))))
    return LogEntry(room, _reference(owner, line), owner[0], _text(line, "at"), _text(line, "kind"),
                    _text(line, "case"), _what(line), old, new, reason)


def value_of(line: Line, hidden: frozenset[str]) -> str:
    """What a line sets, in words: a mark with its texts, a fact's value, a flag, who marks, the rubric's version."""
    if line.get("mark") is not None:
        return "\n".join((_text(line, "mark"), *(f"{name}: {text}" for name, text in (
            ("Reason", _text(line, "mark_reason")), ("Evidence", _text(line, "evidence"))) if text)))
    if "fact" in line:
        return WITHHELD if _text(line, "fact") in hidden else _text(line, "value") or NOTHING
    if "flag" in line:
        return f"flag {_text(line, 'flag')}"
    beside = next((slot for slot in _BESIDE if slot in line), "")
    if beside:
        return _text(line, beside) or NOTHING
    return _other(line)


def _other(line: Line) -> str:
    kind = _text(line, "kind")
    if kind == "signed_off":
        return f"signed off, {_text(line, 'marks')} marks"
    if AMENDMENT in line:
        return f"amends what was signed ({_text(line, AMENDMENT)})"
    parts = (f"{key.replace('_', ' ')}: {_text(line, key)}" for key in line
             if key not in _LIFTED and not key.startswith("from") and line[key] not in (None, "", []))
    return "; ".join(parts) or _SPOKEN.get(kind, NOTHING)


def _from(line: Line) -> str:
    """What a leader's change says itself that it takes the place of."""
    return "; ".join(f"{key.removeprefix('from_').replace('from', 'marker')}: {_text(line, key)}"
                     for key in line if key.startswith("from") and line[key]) or NOTHING


def _what(line: Line) -> str:
    """The question of a line, or what else it sets."""
    if "fact" in line:
        return f"fact {_text(line, 'fact')}"
    beside = next((name for slot, name in _BESIDE.items() if slot in line), "")
    if beside or "flag" in line:
        return beside or "flag"
    return _text(line, "question") or _text(line, "turn") or (
        STATUS if line.get("kind") in ("signed_off", "reopened", "amended") else "-")


def _reference(owner: Owner, line: Line) -> str:
    return f"{owner[0]}.{owner[1]}:{line.get('seq')}"


def _text(line: Line, key: str) -> str:
    value = line.get(key)
    if isinstance(value, list):
        return ", ".join("; ".join(map(str, item.values())) if isinstance(item, dict) else str(item) for item in value)
    return "" if value is None else str(value)


def _list(line: Line, key: str) -> list[object]:
    value = line.get(key)
    return value if isinstance(value, list) else []


@dataclass(frozen=True, slots=True)
class ClockStep:
    """Two lines of one journal of which the later one tells an earlier time: its number, both times, and by how many
    seconds."""

    seq: int
    before: str
    at: str
    seconds: float


def clock_steps(lines: Iterable[Line]) -> Iterator[ClockStep]:
    """Where the clock of a journal's device went back by a second or more. A text that is no time is passed over."""
    before = ""
    for number, line in enumerate(lines, start=1):
        at = _text(line, "at")
        if moment_of(at) is None:
            continue
        if before and (back := -seconds_between(before, at)) >= BACKWARDS:
            seq = line.get("seq")
            yield ClockStep(seq if isinstance(seq, int) else number, before, at, back)
        before = at


@dataclass(frozen=True, slots=True)
class Reworked:
    """A signed case that was opened again: by the entry that did so, what was changed in that journal until the case
    was next signed off there, and that sign-off; None where there is none."""

    opened: LogEntry
    changed: tuple[LogEntry, ...]
    signed: LogEntry | None


def reworked(entries: Iterable[LogEntry]) -> tuple[Reworked, ...]:
    """Every amendment and every reopening, in the order of the entries."""
    done: list[Reworked] = []
    begun: dict[tuple[str, str], int] = {}
    for entry in entries:
        place = (entry.writer, entry.case_id)
        if entry.kind in ("amended", "reopened"):
            begun[place] = len(done)
            done.append(Reworked(entry, (), None))
        elif place in begun:
            one = done[begun[place]]
            if entry.kind == "signed_off":
                done[begun.pop(place)] = Reworked(one.opened, one.changed, entry)
            else:
                done[begun[place]] = Reworked(one.opened, (*one.changed, entry), None)
    return tuple(done)
