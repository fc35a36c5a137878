"""Which signed-off cases call for a second look that the draw did not choose: low overall, urgent, or disputed."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from cqa.commands.records import Assessed, SampleRecord
from cqa.facts import how_many
from cqa.rubric.scoring import result_of
from cqa.sampling.extra_turns import TRIGGERED, TRIGGERS


@dataclass(frozen=True, slots=True)
class SecondLookDue:
    """A case that one person alone has marked, and what calls for a look by another (one of TRIGGERS)."""

    sample: str
    case_id: str
    reviewer: str
    trigger: str

    def as_json(self) -> dict[str, str]:
        """Under the stable names of the JSON contract."""
        return asdict(self)


def second_looks_due(records: Iterable[SampleRecord], viewer: str = "") -> tuple[SecondLookDue, ...]:
    """The signed-off first assessments that call for a second look and have none, by chance or triggered. What the
    viewer is still to mark is left out."""
    return tuple(SecondLookDue(record.name, one.case.case_id, one.reviewer, trigger)
                 for record in records for one in _alone(record, record.still_to_mark(viewer))
                 if (trigger := _trigger(record, one)))


def _alone(record: SampleRecord, hidden: frozenset[str]) -> Iterator[Assessed]:
    looked_at = {one.case.case_id for one in record.everyone if one.turn in ("second", TRIGGERED)}
    return (one for one in record.assessed
            if one.turn == "first" and one.signed and one.case.case_id not in looked_at | hidden)


def _trigger(record: SampleRecord, one: Assessed) -> str:
    """What calls for a look: the handler's dispute first, for it waits for an answer."""
    replies = record.feedbacks.of(one.case.case_id).replies.values()
    if any(reply.decision == "third_mark" for reply in replies):
        return "reply"
    if one.assessment.urgent:
        return "urgent"
    return "low_overall" if _is_low(one) else ""


def _is_low(one: Assessed) -> bool:
    """Whether a critical question failed, or the band is the one that the lowest marks would give without that."""
    result = one.standing.result(one.rubric)
    if result.critical_failed:
        return True
    lowest = {}
    for question in one.rubric.questions:
        if question.scale and question.id in one.standing.marks:
            levels = [level.id for level in question.scale.levels
                      if level.id not in question.fails_on and level.id not in question.forbid]
            lowest[question.id] = levels[-1] if levels else one.standing.marks[question.id].value
    worst = result_of(one.rubric, lowest, one.standing.facts)
    return bool(result.band) and result.band == worst.band and result.score != 1


def second_looks_told(due: Iterable[SecondLookDue], most: int = 5) -> Iterator[str]:
    """A line for each sample and trigger."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for one in due:
        grouped.setdefault((one.sample, one.trigger), []).append(one.case_id)
    for (sample, trigger), cases in grouped.items():
        shown = ", ".join(cases[:most]) + (f" and {len(cases) - most} more" if len(cases) > most else "")
        yield (f"{how_many(len(cases), 'case')} in {sample} call{'s' if len(cases) == 1 else ''} for a second look, "
               f"because {TRIGGERS[trigger][0].lower()}{TRIGGERS[trigger][1:]}: {shown}. Give it with: cqa assign CASE "
               f"--turn triggered --trigger {trigger} --to PERSON --reason TEXT")
