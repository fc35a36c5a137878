"""What stands against feedback and forbids nothing: markers who differ, and replies that nobody decided on."""

from collections.abc import Iterator

from cqa.commands.moderation.moderation_cases import shared_case
from cqa.commands.records import SampleRecord
from cqa.errors import Problem
from cqa.facts import how_many
from cqa.marking.compared import compare
from cqa.marking.feedback import Feedback
from cqa.marking.feedback_deeds import Ground
from cqa.marking.moderation import MODERATION
from cqa.sampling.extra_turns import CALIBRATION, DIP


def warn_of_difference(record: SampleRecord, ground: Ground) -> Iterator[Problem]:
    """J049 where everyone has signed, markers differ and moderation has settled nothing. Marks for calibration and of
    dip-samples have no part in it."""
    given = [one for one in record.of_case(ground.case_id) if one.turn not in (CALIBRATION, DIP)]
    moderation = record.moderations.of(ground.case_id, MODERATION)
    if ground.waiting or len(given) < 2 or moderation.settled:
        return
    if count := sum(one.differs for one in compare(shared_case(record, given), moderation)):
        yield Problem("J049", f"The markers of this case differ on {how_many(count, 'question')}, and moderation has "
                      "not settled it: the sheet holds the first marker's marks.",
                      f"Settle it first: cqa moderate {ground.called}", severity="warning")


def warn_of_undecided(ground: Ground, feedback: Feedback) -> Iterator[Problem]:
    """W026 where a sheet is written over replies that nobody decided on."""
    if feedback.undecided:
        waiting = [reply.question_id for reply in feedback.undecided]
        yield Problem("W026", f"Version {feedback.version} is written, and nobody has decided on what was replied on: "
                      f"{', '.join(waiting)}.", f"Decide: cqa feedback {ground.called} --decide {waiting[0]}=keep (or "
                      "change, third_mark) --reason TEXT", severity="warning")
