"""What a journal line says: events, each of which sets one slot of one case and names what it replaces."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

JOURNAL_FORMAT = "cqa-journal/1"
STATUS = "status"
"""The slot of sign-off and reopening."""
URGENT, AMENDMENT, BAND = "urgent", "amendment", "band"
BESIDE = (URGENT, AMENDMENT, BAND)
"""Slots beside the assessment: no sign-off signs them, and they may be set on a signed case."""

Value = str | int | None
_NAMED = frozenset((*BESIDE, "fact", "flag"))
"""What in a body says by itself what the event sets."""
_OWN_FIELDS = ("at", "kind", "case", "question", "replaces", "reason", "seq", "prev", "seal")
_VALUES = (str, int, type(None))
"""The types of a Value, for isinstance."""


class Event(NamedTuple):
    """One line of a journal. A tuple, for a report makes a million of them, at a third of what a dataclass costs.
    `body` holds what is set; `reason` is the reason for a change, not for a mark.

    `writer` is `<person>.<device>`; with `seq` it makes the event's id. The clock orders nothing: `replaces` does.
    `rubric` is the SHA-256 of the rubric of its sitting, as the `opened` line before it says; empty where none does.
    """

    writer: str
    seq: int
    at: str
    kind: str
    case_id: str = ""
    question_id: str = ""
    body: Mapping[str, Value] = MappingProxyType({})
    replaces: tuple[str, ...] = ()
    reason: str = ""
    rubric: str = ""

    @property
    def id(self) -> str:
        """`<person>.<device>:<seq>`."""
        return f"{self.writer}:{self.seq}"

    @property
    def slot(self) -> str:
        """What the event sets: a question, a fact, the flag, the status of its case or a slot beside the assessment;
        empty for other events."""
        body = self.body
        if not _NAMED.isdisjoint(body):
            beside = next((slot for slot in BESIDE if slot in body), "")
            return beside or (f"fact:{body['fact']}" if "fact" in body else "flag")
        if self.kind in ("signed_off", "reopened"):
            return STATUS
        return f"question:{self.question_id}" if self.question_id else ""


def payload_of(event: Event) -> dict[str, object]:
    """The event as a journal line holds it, without the sequence number and seal that the chain adds."""
    line: dict[str, object] = {"at": event.at, "kind": event.kind}
    if event.case_id:
        line["case"] = event.case_id
    if event.question_id:
        line["question"] = event.question_id
    line.update(event.body)
    if event.replaces:
        line["replaces"] = list(event.replaces)
    if event.reason:
        line["reason"] = event.reason
    return line


def event_of(payload: Mapping[str, object], writer: str, rubric: str = "") -> Event:
    """The event of a sealed journal line, made under the rubric of that SHA-256."""
    replaces, seq = payload.get("replaces"), payload.get("seq")
    body = dict(payload)
    for own in _OWN_FIELDS:
        body.pop(own, None)
    return Event(
        writer,
        seq if isinstance(seq, int) else 0,
        str(payload.get("at", "")),
        str(payload.get("kind", "")),
        str(payload.get("case", "")),
        str(payload.get("question", "")),
        {key: value for key, value in body.items() if isinstance(value, _VALUES)},
        tuple(map(str, replaces)) if isinstance(replaces, list) else (),
        str(payload.get("reason", "")),
        rubric,
    )
