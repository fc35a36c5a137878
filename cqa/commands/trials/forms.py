"""The two forms that a trial is to compare, read and held against each other before anything is drawn."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cqa.errors import BadInput, Problem, only_errors
from cqa.files.rubrics import RubricFile, read_draft, read_rubric
from cqa.rubric.checking import Checked, Places
from cqa.rubric.gates import fact_holds, holds
from cqa.rubric.matched import Matched, Unmatched, matched
from cqa.rubric.model import FactIs, Question, Rubric
from cqa.rubric.rules import lint
from cqa.rubric.trial_questions import SECTION, TRIAL_QUESTIONS
from cqa.sampling.trial import Trial
from cqa.world import World

_ABOUT_THE_PARENT = ("R045", "R046", "R047", "R048", "R049", "R056")


@dataclass(frozen=True, slots=True)
class Forms:
    """The rubric that stands, and the variant that is tried against it; `doubts` are warnings about what the variant
    says of the other."""

    parent: RubricFile
    variant: RubricFile
    matched: tuple[Matched, ...]
    unmatched: tuple[Unmatched, ...]
    doubts: tuple[Problem, ...]

    def file(self, trial: Trial, arm: int) -> RubricFile:
        """The rubric of an arm."""
        return self.parent if arm == trial.parent else self.variant


    def asked(self, cases: Sequence[Mapping[str, str]]) -> float:
        """On which share of these cases (their facts) a question that compares may be asked in both forms, on average
        over the questions. A gate that waits for a mark counts as open."""
        parent, variant = self.parent.rubric.by_id, self.variant.rubric.by_id
        may = [any(_may_be_asked(parent[name], facts) for name in one.parents if name in parent)
               and _may_be_asked(variant[one.question], facts) for one in self.matched for facts in cases]
        return sum(may) / len(may)


def _may_be_asked(question: Question, facts: Mapping[str, str]) -> bool:
    return holds(question.gate, lambda leaf: fact_holds(leaf, facts) if isinstance(leaf, FactIs) else None) is not False


def read_forms(world: World, parent: str, variant: str) -> Forms:
    """The two rubrics. Raises BadInput with every error in either, in what the variant says it corresponds to, and
    where nothing could be compared."""
    paths = [world.folder / file for file in (parent, variant)]
    files: list[RubricFile] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            files.append(read_rubric(path))
        except BadInput as error:
            problems.extend(error.problems)
    if problems:
        raise BadInput(problems)
    stands, tried = files
    told = _against(paths[1], stands.rubric)
    found, alone = matched(stands.rubric, tried.rubric)
    wrong = [*only_errors(told), *_unfit(stands.rubric, tried.rubric, str(paths[1]))]
    if not found and not wrong:
        wrong.append(Problem("S080", f"No question of '{tried.rubric.id}' compares with one of '{stands.rubric.id}'.",
                             "Say under corresponds_to which mean the same: kind same or lower_of.", str(paths[1])))
    if wrong:
        raise BadInput(wrong)
    return Forms(stands, tried, found, alone, tuple(one for one in told if one.severity == "warning"
                                                    and not one.acknowledged))


def _against(path: Path, parent: Rubric) -> tuple[Problem, ...]:
    """What the check of a rubric finds in all that the variant says of this parent."""
    draft = read_draft(path)
    if draft.built is None:
        return draft.problems
    variant = draft.built.draft
    of_it = variant.variant_of is not None and variant.variant_of.id.casefold() == parent.id.casefold()
    found = lint(Checked(draft.where, variant, Places(draft.root), draft.built.prose, True, parent if of_it else None))
    return tuple(one for one in found if one.code in _ABOUT_THE_PARENT)


def _unfit(parent: Rubric, variant: Rubric, where: str) -> Iterator[Problem]:
    named = variant.variant_of
    if named is not None and named.id.casefold() != parent.id.casefold():
        yield Problem("S080", f"'{variant.id}' is a variant of '{named.id}', and is to be tried against '{parent.id}'.",
                      "Name the rubric that it was made from with --rubric.", where)
    if (parent.id.casefold(), parent.version) == (variant.id.casefold(), variant.version):
        yield Problem("S080", f"Both forms are called {parent.id} {parent.version}.", "Give the variant an id or a "
                      "version of its own: the report tells them apart by it.", where)
    for rubric in (parent, variant):
        names = {*rubric.by_id, *(section.id for section in rubric.sections)}
        if taken := [name for name in (*TRIAL_QUESTIONS, SECTION) if name in names]:
            yield Problem("S080", f"'{rubric.id}' uses {', '.join(taken)}, which is what every trial calls its own "
                          "questions.", "Give them other ids.", where)
