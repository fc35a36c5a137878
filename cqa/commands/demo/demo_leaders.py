"""The demo's leaders: they moderate, agree reference marks, ask for further looks and feed back, as people would."""

import io
import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from cqa.commands.demo.demo_reviewers import DemoReviewer
from cqa.commands.handlers import feedback
from cqa.commands.handlers.feedback_typed import FeedbackOptions
from cqa.commands.leaders import assigning
from cqa.commands.leaders.assigning import Typed
from cqa.commands.leaders.second_looks import second_looks_due
from cqa.commands.moderation import moderate
from cqa.commands.moderation.moderate import ModerateOptions
from cqa.commands.moderation.moderation_cases import cases_for
from cqa.commands.records import SampleRecord, read_record
from cqa.files.sample_folder import SampleFolder
from cqa.marking.compared import Compared, compare
from cqa.marking.moderation import MODERATION, REFERENCE
from cqa.screen.printer import Printer
from cqa.world import World

LEADER, SECOND_LINE = "t-leader", "q-assurance"
LEFT_UNSETTLED, REFERENCES, DIPPED, FED_BACK = 5, 5, 3, 4
"""So many differing cases nobody has settled yet; so many get reference marks; so many assessments are dip-sampled; and
on so many cases somebody has fed back."""
DIP_SEED, NEXT_DAY = "44109265", "2030-01-31"
_CAUSES = ("fact_missed", "judgement", "judgement", "guidance_unclear", "slip")
_REASONS = {
    "fact_missed": "One marker did not see the entry that the other names.",
    "judgement": "Both saw the same; the descriptor of this level fits better.",
    "guidance_unclear": "The guidance can be read both ways; it is to say which.",
    "slip": "A wrong key: the reason beside the mark speaks of this level.",
}
_NEXT = ("Chase the schedule by telephone when a date has passed", "Write down why each witness is warned",
         "Name the weak point of the case in every review")


class DemoLeaders:
    """What the leaders of the demo do with a sample that is marked. The same seed makes the same entries."""

    def __init__(self, world: World, sample: SampleFolder) -> None:
        self._world, self._sample = world, sample
        self._judge = DemoReviewer("the panel", sample.sample.seed)

    def moderate(self) -> None:
        """Settles the cases whose markers differ, but for the last few."""
        found = self._shared(self._record(), MODERATION)
        waiting = [case_id for case_id, questions in found.items() if any(one.differs for one in questions)]
        self._script(MODERATION, (line for case_id in waiting[:-LEFT_UNSETTLED]
                                  for line in self._lines(case_id, found[case_id])))

    def agree_references(self) -> None:
        """Sets reference marks on the first cases that were marked twice."""
        found = self._shared(self._record(), REFERENCE)
        self._script(REFERENCE, (line for case_id in list(found)[:REFERENCES]
                                 for line in self._lines(case_id, found[case_id])))

    def slip_in(self) -> Mapping[str, list[str]]:
        """Slips calibration cases into the reviewers' work. Gives whose, and which."""
        given: dict[str, list[str]] = self._assign(calibration=True, reason="the rate of this period")["given"]
        return given

    def look_again(self) -> dict[str, list[str]]:
        """Asks for a second look where the first overall result is low, and has assessments dip-sampled. Gives who is
        to mark what."""
        record, asked = self._record(), dict[str, list[str]]()
        for due in second_looks_due([record])[:1]:
            taker = next(name for name in record.folder.sample.plan.reviewers if name != due.reviewer)
            self._assign(case=due.case_id, to=taker, turn="triggered", trigger=due.trigger, reason="low overall result")
            asked.setdefault(taker, []).append(due.case_id)
        drawn = self._assign(to=SECOND_LINE, dip=str(DIPPED), seed=DIP_SEED,
                             reason="the second line's check of this period")["drawn"]
        asked[SECOND_LINE] = [one["case"] for one in drawn]
        return asked

    def feed_back(self) -> list[str]:
        """Writes and gives the first few sheets; the handlers have seen half of them. Gives the cases."""
        record = self._record()
        cases = [one.case.case_id for one in record.assessed
                 if one.turn == "first" and one.case.handlers and record.both_signed(one.case.case_id)][:FED_BACK]
        for place, case_id in enumerate(cases):
            handler = next(case.handlers[0] for case in record.folder.sample.cases if case.case_id == case_id)
            feedback.run(*self._quiet(), FeedbackOptions(
                case=case_id, sample=record.name, who=LEADER,
                strength="The case theory is clear, and its weak points are met.",
                todo=(f"{_NEXT[place % len(_NEXT)]}; {handler}; {NEXT_DAY}",), given="today", how="in person",
                seen="today" if place % 2 else None))
        return cases

    def _record(self) -> SampleRecord:
        return read_record(self._sample)

    def _shared(self, record: SampleRecord, purpose: str) -> dict[str, tuple[Compared, ...]]:
        """The cases that the leader may moderate, question by question."""
        return {case_id: compare(shared, record.moderations.of(case_id, purpose))
                for case_id, shared in cases_for(record, LEADER, ()).shared.items()}

    def _lines(self, case_id: str, found: tuple[Compared, ...]) -> Iterator[dict[str, object]]:
        for one in found:
            if one.owed:
                rng = random.Random(f"{self._sample.sample.seed}|{case_id}|{one.question.id}|cause")  # noqa: S311
                cause = rng.choice(_CAUSES)
                yield {"case": case_id, "question": one.question.id, "agreed": self._agreed(case_id, one),
                       "cause": cause, "reason": _REASONS[cause], "change_rubric": cause == "guidance_unclear"}
        yield {"case": case_id, "do": "settle"}

    def _agreed(self, case_id: str, one: Compared) -> str:
        """One of the marks given, the one that lies nearer to how good the casework was."""
        truth = self._judge.truth(case_id, one.question)
        given = [answer.value for answer in one.answers if answer.value]
        return truth if truth in given else given[0]

    def _script(self, purpose: str, lines: Iterator[dict[str, object]]) -> None:
        world, printer = self._quiet("".join(json.dumps(line) + "\n" for line in lines))
        moderate.run(world, printer, ModerateOptions(
            sample=self._sample.sample.name, who=LEADER, script="-", reference=purpose == REFERENCE))

    def _assign(
        self, reason: str, case: str = "", to: str = "", turn: str = "", trigger: str = "", dip: str = "",
        seed: str | None = None, calibration: bool = False
    ) -> dict[str, Any]:
        """Runs `cqa assign`. Gives what it says as JSON."""
        world, _ = self._quiet()
        assigning.run(world, Printer(world, as_json=True), Typed(
            case, "", to, turn, trigger, False, calibration, dip, "", seed, reason, self._sample.sample.name, LEADER))
        told: dict[str, Any] = json.loads(cast(io.StringIO, world.stdout).getvalue())
        return told

    def _quiet(self, typed: str = "") -> tuple[World, Printer]:
        """The same world with `typed` as its input, and nobody who hears."""
        world = replace(self._world, stdin=io.StringIO(typed), stdout=io.StringIO(), stderr=io.StringIO())
        return world, Printer(world)
