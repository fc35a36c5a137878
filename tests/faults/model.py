"""What ought to stand after any order of deeds: plain dictionaries, which know nothing of journals and events."""

from typing import Any

QUESTIONS = ("q1", "q2", "q3")
Slots = dict[str, Any]


class Model:
    """What ought to stand: one dictionary a case, and what this sitting may undo."""

    def __init__(self, child: dict[str, str]) -> None:
        self.child = child
        self.slots: dict[str, Slots] = {case: {} for case in child}
        self.signed: dict[str, Slots] = {}
        self.amending: set[str] = set()
        self.withdrawn: set[str] = set()
        self.trail: dict[str, list[tuple[str, Any, Any]]] = {}
        self.undone: dict[str, list[tuple[str, Any]]] = {}

    def closed(self, case: str) -> bool:
        """Whether the case is signed off and not being amended."""
        return case in self.signed and case not in self.amending

    def fact(self, case: str, slots: Slots) -> str:
        """The case fact: the export's, else the reviewer's."""
        return self.child[case] or slots.get("child") or ""

    def asked(self, case: str, question: str, slots: Slots) -> bool:
        """Whether the question is asked as these slots stand."""
        if question == "q2":
            return slots.get("q1") in ("fully_met", "partly_met")
        return question == "q1" or self.fact(case, slots) == "Y"

    def finished(self, case: str) -> bool:
        """Whether nothing is owed: every text is always given."""
        slots = self.slots[case]
        forbidden = slots.get("q1") == "not_met" and slots.get("q3") == "fully_met" and self.fact(case, slots) == "Y"
        return bool(self.fact(case, slots)) and not forbidden and all(
            slots.get(question) for question in QUESTIONS if self.asked(case, question, slots))

    def set(self, case: str, slot: str, value: Any) -> None:
        """A new value, which can be undone."""
        self.trail.setdefault(case, []).append((slot, self.slots[case].get(slot), value))
        self.undone[case] = []
        self.slots[case][slot] = value

    def undo(self, case: str) -> bool:
        """Takes the last change back, if this sitting made one."""
        if not self.trail.get(case):
            return False
        slot, before, value = self.trail[case].pop()
        self.slots[case][slot] = before
        self.undone.setdefault(case, []).append((slot, value))
        return True

    def redo(self, case: str) -> bool:
        """Makes again what was last taken back."""
        if not self.undone.get(case):
            return False
        slot, value = self.undone[case].pop()
        self.trail.setdefault(case, []).append((slot, self.slots[case].get(slot), value))
        self.slots[case][slot] = value
        return True

    def settle(self, case: str) -> None:
        """After a sign-off, or what follows it, nothing can be undone."""
        self.trail.pop(case, None)
        self.undone.pop(case, None)

    def counting(self) -> dict[tuple[str, str], str]:
        """What an export must hold: case and question to level."""
        rows: dict[tuple[str, str], str] = {}
        for case, slots in self.slots.items():
            counts = self.signed.get(case, slots)
            if case not in self.withdrawn:
                rows |= {(case, question): counts[question] for question in QUESTIONS
                         if counts.get(question) and self.asked(case, question, counts)}
        return rows
