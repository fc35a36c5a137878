"""What reviewers said cannot wait: for the leader at once, and never for whoever is still to mark the case."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from cqa.commands.records import SampleRecord
from cqa.facts import how_many
from cqa.screen.clean import one_line
from cqa.screen.typist import time_of_day


@dataclass(frozen=True, slots=True)
class Concern:
    """What cannot wait on a case, in the reviewer's words, and since when (UTC text)."""

    sample: str
    case_id: str
    reviewer: str
    at: str
    words: str

    def as_json(self) -> dict[str, str]:
        """Under the stable names of the JSON contract."""
        return asdict(self)


def concerns_for(records: Iterable[SampleRecord], viewer: str) -> tuple[list[Concern], int]:
    """The urgent concerns that the viewer may see, the oldest first, and how many are kept from them, who are still to
    mark the case: what another reviewer found there would colour their marks."""
    told, unseen = [], 0
    for record in records:
        hidden = record.still_to_mark(viewer)
        for one in record.everyone:
            if not one.assessment.urgent:
                continue
            if one.case.case_id in hidden and one.reviewer.casefold() != viewer.casefold():
                unseen += 1
            else:
                told.append(Concern(record.name, one.case.case_id, one.reviewer, one.assessment.urgent_at,
                                    one.assessment.urgent))
    return sorted(told, key=lambda concern: concern.at), unseen


def in_words(concerns: Iterable[Concern], unseen: int, now: datetime) -> list[str]:
    """Each concern as a line, and that there are some which are not shown."""
    told = [f"URGENT, {one.sample}, case {one.case_id}, said by {one.reviewer} at {time_of_day(one.at, now)}: "
            f"{one_line(one.words)}" for one in concerns]
    if unseen:
        told.append(f"{how_many(unseen, 'urgent concern')} on a case that you are still to mark: not shown to you, and "
                    "shown to your team leader.")
    return told
