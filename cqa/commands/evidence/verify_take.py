"""What `cqa verify` can derive of a take, of which only one reviewer's part is there, and what it cannot."""

from collections.abc import Iterator, Mapping, Sequence

from cqa.commands.evidence.verify_changes import check_journals, rubric_problems
from cqa.errors import Problem
from cqa.files.sample_folder import SampleFolder
from cqa.sampling.verify import check_record, check_rules, check_tickets


def check_take(
    take: SampleFolder, problems: Sequence[Problem], exports: Sequence[str]
) -> tuple[list[Problem], dict[str, object], bool]:
    """The problems of a take with those that its files had, and what was looked at; an export can always be used.

    Files, tickets, rubric and journals are checked. The draw, the order in the strata and who marks what follow from
    the whole sample alone.
    """
    where = str(take.path)
    found, counts = check_journals(take)
    all_found = [*problems, *check_record(take.sample, take.committed, take.name, where),
                 *check_rules(take.rules, take.sample, where), *check_tickets(take.sample, where),
                 *rubric_problems(take), *found]
    if exports:
        all_found.append(Problem("S035", "Nothing of a take can be held against an export.", "Verify the whole sample, "
                                 "where it was taken from.", where, severity="warning"))
    told: dict[str, object] = {"files": not problems, "take": take.taken, "cases": len(take.sample.cases),
                               "assignments": len(take.sample.assignments), "export": False, "draw": False, **counts}
    return list(dict.fromkeys(all_found)), told, False


def agreed_takes(checked: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    """In words, of each take what agrees, and that the draw cannot be derived from it."""
    for name, told in sorted(checked.items()):
        if told.get("take"):
            yield (f"{name}: one reviewer's part, taken away as {told['take']}. Its files, tickets and journals agree. "
                   "Draw and assignment cannot be derived from a part: verify the whole sample for that.")
