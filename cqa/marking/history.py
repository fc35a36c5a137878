"""What one person's journals come to: every case's record, the time spent, and under which rubrics."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cqa.marking.events import Event, event_of
from cqa.marking.fold import Fold
from cqa.marking.replay import CaseRecord, records_of, signed_text
from cqa.marking.spent import Spent, Times, moment_of, together

Line = Mapping[str, object]
NO_LINE: Line = {}
_Told = tuple[Line, str, str]
"""A line, its writer, and the SHA-256 of the rubric of its sitting."""


@dataclass(frozen=True, slots=True)
class History:
    """One person's events on all devices, folded.

    `records` by case; `spent` on each, where that was asked for; `begun` are the cases with an event on a question;
    `rubrics` the SHA-256 of every rubric under which a case had an event; `opened` when each writer's last sitting
    began; `latest` the time of the last event of any device, as it told it.
    """

    records: Mapping[str, CaseRecord] = field(default_factory=dict)
    spent: Mapping[str, Spent] = field(default_factory=dict)
    begun: frozenset[str] = frozenset()
    rubrics: frozenset[str] = frozenset()
    opened: Mapping[str, str] = field(default_factory=dict)
    latest: datetime | None = None


class HistoryFold:
    """Makes the history of one person from the lines of their journals, journal after journal, in any order."""

    def __init__(self, timed: bool = False) -> None:
        self._fold: Fold[_Told] = Fold()
        self._timed = timed
        self._spent: dict[str, Spent] = {}
        self._begun: set[str] = set()
        self._rubrics: set[str] = set()
        self._opened: dict[str, str] = {}
        self._ends: list[str] = []

    def read(self, lines: Iterable[Line], writer: str) -> None:
        """Takes in the lines of one journal. `writer` is `<person>.<device>`."""
        times, rubric, line = Times(), "", NO_LINE
        begun, rubrics, add, spend = self._begun, self._rubrics, self._fold.add, times.add if self._timed else None
        for line in lines:
            case_id = line.get("case")
            if not case_id or type(case_id) is not str:
                if line.get("kind") == "opened":
                    rubric = str(line.get("rubric_sha256") or "")
                    self._opened[writer] = str(line.get("at", ""))
                if spend:
                    spend("", str(line.get("at", "")))
                continue
            question_id, replaces, kind = line.get("question"), line.get("replaces"), line.get("kind")
            if question_id and type(question_id) is str:
                begun.add(case_id)
            if question_id or event_of(line, writer).slot:
                add(f"{writer}:{line['seq']}", case_id, (line, writer, rubric),
                    map(str, replaces) if type(replaces) is list else (),
                    signed_text(kind, line) if kind == "signed_off" else None)
            rubrics.add(rubric)
            if spend:
                spend(case_id, str(line.get("at", "")))
        self._ends.append(str(line.get("at", "")))
        self._spent = together(self._spent, times.spent)

    def missed(self) -> frozenset[str]:
        """Ids of signed events that were let go before their sign-off came: their journals are to be read again."""
        return self._fold.missed()

    def read_again(self, lines: Iterable[Line], writer: str, missed: frozenset[str]) -> None:
        """Finds those that were missed among the lines of a journal, all of which `read` has seen."""
        rubric = ""
        for line in lines:
            if line.get("kind") == "opened":
                rubric = str(line.get("rubric_sha256") or "")
            elif (event_id := f"{writer}:{line['seq']}") in missed:
                self._fold.keep(event_id, (line, writer, rubric))

    def history(self) -> History:
        """What all lines so far come to."""
        records = records_of((event_of(*told) for told in self._fold.standing()), self._known)
        return History(records, self._spent, frozenset(self._begun), frozenset(self._rubrics), self._opened,
                       max(filter(None, map(moment_of, self._ends)), default=None))

    def _known(self, event_id: str) -> Event | None:
        told = self._fold.known(event_id)
        return event_of(*told) if told else None
