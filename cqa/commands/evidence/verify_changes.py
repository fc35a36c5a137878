"""What `cqa verify` finds in the journals of a sample: of its reviewers, and of its leaders' changes."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from cqa.commands.evidence.verify_moderation import moderation_problems
from cqa.commands.left_out import signed_before
from cqa.errors import Damaged, Problem
from cqa.facts import how_many
from cqa.files.anchors import Anchor, check_anchor
from cqa.files.changes import read_changes
from cqa.files.entries import read_entries
from cqa.files.journals import readable_by_others
from cqa.files.marks import read_marks
from cqa.files.sample_folder import SampleFolder
from cqa.files.sample_rubrics import moved_problems
from cqa.sampling.changes import HandOn, Replacement, RubricMove, Withdrawal
from cqa.sampling.replacing import check_changes
from cqa.sampling.settling import settle


def _damage(problem: Problem) -> Problem:
    """Who goes on beside damage may be read without an error; a record that is damaged does not verify."""
    return replace(problem, severity="error") if problem.acknowledged else problem


def _readable(room: Path) -> Iterator[Problem]:
    if found := readable_by_others(room):
        yield Problem("J018", f"{how_many(len(found), 'journal')} of {room.name} can be read by others on this "
                      "computer.", "Take their right to read the folder, unless they are to see every mark.", str(room),
                      severity="warning")


def check_anchors(sample: SampleFolder, anchors: Mapping[Path, tuple[Anchor, ...]]) -> tuple[list[Problem], int]:
    """What is no longer as the anchors of this sample say, and how many journals were held against one."""
    mine = [(path, anchor) for path, found in anchors.items() for anchor in found
            if anchor.sample == sample.name.casefold()]
    problems = [problem for path, anchor in mine for problem in check_anchor(sample, anchor, path)]
    return problems, len({end.name for _, anchor in mine for end in anchor.ends})


def check_journals(sample: SampleFolder) -> tuple[list[Problem], dict[str, int]]:
    """The problems of every journal and of every change in them, and how many changes of each kind were looked at."""
    marks, changes, where = read_marks(sample.marks), read_changes(sample.changes), str(sample.changes)
    moderation, feedback = read_entries(sample.moderation), read_entries(sample.feedback)
    settled = settle(sample.sample, changes.changes)
    kinds = Counter(type(one) for one in changes.changes)
    problems = [*map(_damage, (*marks.problems, *changes.problems, *moderation.problems, *feedback.problems)),
                *check_changes(sample.sample, changes.changes, where),
                *moved_problems(sample, [one.to for one in settled.moves]),
                *signed_before(settled, marks.records, where),
                *moderation_problems(settled.sample, moderation.entries, marks.records, str(sample.moderation)),
                *(problem for room in (sample.marks, sample.moderation, sample.feedback)
                  for problem in _readable(room))]
    return problems, {"replacements": kinds[Replacement], "withdrawals": kinds[Withdrawal],
                      "handed_on": kinds[HandOn], "rubric_moves": kinds[RubricMove],
                      "moderation_entries": len(moderation.entries), "feedback_entries": len(feedback.entries),
                      "journal_lines": sum(one.lines for one in (marks, changes, moderation, feedback))}


def rubric_problems(folder: SampleFolder) -> tuple[Problem, ...]:
    """What is wrong with the rubric that the sample was drawn with."""
    if folder.sample.plan.rubric is None:
        return ()
    try:
        folder.rubric_bytes()
    except Damaged as error:
        return error.problems
    return ()
