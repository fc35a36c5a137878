"""Earlier marks under another rubric: what `cqa report --rubric` shows, taken from the record and changing nothing."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cqa.commands.records import Assessed, SampleRecord
from cqa.commands.rubrics.rubric_check import clean_rubric
from cqa.consistency.rescored import NewRubric, RescoredCase, RescoredReport, RescoredRubric
from cqa.consistency.rescored_tables import (
    changed_table,
    changes_table,
    cross_table,
    doubtful_table,
    gaps_table,
    rescored_said,
)
from cqa.errors import BadInput, Problem
from cqa.files.rubrics import RubricFile
from cqa.files.workspace import Workspace
from cqa.marking.standing import known_facts
from cqa.rubric.compare import Change, compare
from cqa.rubric.model import Rubric
from cqa.rubric.rescoring import Carrying, carrying, rescored
from cqa.rubric.sentences import band_when
from cqa.rubric.steps import Kind
from cqa.rubric.trial_questions import TRIAL_QUESTIONS, with_trial_questions
from cqa.screen.printer import NARROW, Printer
from cqa.world import World

_SCORING: tuple[Kind, ...] = ("scoring", "scale", "gate", "rules", "added", "retired", "removed")
"""The kinds of change that the score or band of a case may depend on."""
_LISTED = 15


Counts = Callable[[str, str, str], bool]
"""Whether marks of a reviewer under a rubric and version are in the figures of the report."""


@dataclass(frozen=True, slots=True)
class Rescoring:
    """The rubric to hold earlier marks against, and its file as typed."""

    new: RubricFile
    file: str

    def of(self, records: Sequence[SampleRecord], called: Callable[[str], str], counts: Counts) -> RescoredReport:
        """Every signed-off assessment by a first or second marker that counts. `called` gives the name by which the
        report calls somebody.

        Raises BadInput where too little carries over from any of the rubrics that they were signed off under.
        """
        rubric = self.new.rubric
        signed = [pair for record in records for pair in _signed(record, rubric, counts)]
        under = tuple(_under(signed))
        if under and all(one.why for one in under):
            raise BadInput(Problem("R080", f"From {one.rubric} {one.version} too little carries over. {one.why}",
                                   "Two forms are compared in a trial: cqa trial design.", self.file) for one in under)
        bands = tuple(band.name for band in rubric.bands)
        # The folder's name stays out of the report: it may name somebody.
        to = NewRubric(rubric.id, rubric.version, self.new.sha256, Path(self.file).name, bands)
        return RescoredReport(to, under, tuple(_case(one, told, called) for one, told in signed if told.enough))


def rescoring_of(world: World, workspace: Workspace, file: str) -> Rescoring | None:
    """The rubric of the file, where one is named. It may be a draft of any version, approved or not. Raises BadInput
    with every error in it."""
    return Rescoring(clean_rubric(world, file, workspace.settings.language, versions=False), file) if file else None


def _signed(record: SampleRecord, rubric: Rubric, counts: Counts) -> Iterator[tuple[Assessed, Carrying]]:
    """The signed-off assessments with how their marks are taken over. Those of a trial also answer the questions that
    end its cases."""
    after = with_trial_questions(rubric) if record.settled.drawn.plan.trial else rubric
    known: dict[str, Carrying] = {}
    for one in record.assessed:
        if one.signed and counts(one.reviewer, one.rubric.id, one.rubric.version):
            if one.rubric.version not in known:
                known[one.rubric.version] = carrying(one.rubric, after)
            yield one, known[one.rubric.version]


def _under(signed: Sequence[tuple[Assessed, Carrying]]) -> Iterator[RescoredRubric]:
    """The versions that assessments were signed off under, in the order of the samples."""
    counted = Counter((one.rubric.id, one.rubric.version) for one, _ in signed)
    told = {(one.rubric.id, one.rubric.version): told for one, told in reversed(signed)}
    for key, count in counted.items():
        found = told[key]
        if found.enough:
            yield RescoredRubric(*key, count, _changes(found))
        else:
            yield RescoredRubric(*key, count, (), _too_little(found))


def _too_little(told: Carrying) -> str:
    variant = told.after.variant_of is not None and told.after.variant_of.id == told.before.id
    form = "It is a variant, another form: o" if variant else "O"
    return (f"{form}nly questions that keep their id and their meaning carry marks over, and these are "
            f"{float(told.share):.0%} of the new rubric's weight. A score of less than half of it would mean nothing.")


def _changes(told: Carrying) -> tuple[Change, ...]:
    changes = (one for one in compare(told.before, told.after).changes
               if one.kind in _SCORING and one.question not in TRIAL_QUESTIONS)
    return tuple(each for one in changes for each in (_by_band(one, told) if one.what == "bands" else (one,)))


def _by_band(whole: Change, told: Carrying) -> tuple[Change, ...]:
    """A change of the bands as one for each of them that is given when something else holds; where only their order
    is another, as it is."""
    was, now = ({band.name: band_when(band, rubric) for band in rubric.bands} for rubric in (told.before, told.after))
    differing = (name for name in dict.fromkeys((*now, *was)) if was.get(name) != now.get(name))
    return tuple(Change("scoring", "", f"band {name}", was.get(name, "none"), now.get(name, "none"))
                 for name in differing) or (whole,)


def _case(one: Assessed, told: Carrying, called: Callable[[str], str]) -> RescoredCase:
    facts = known_facts(told.after, one.case.facts, one.assessment.facts)
    came = rescored(told, one.standing.result(one.rubric), one.standing.values, facts)
    return RescoredCase(one.sample, one.case.case_id, called(one.reviewer), one.turn, one.rubric.id,
                        one.rubric.version, came)


def tell_rescored(printer: Printer, report: RescoredReport) -> None:
    """The findings on the screen, with the assessments that change band."""
    for one in rescored_said(report):
        printer.line(f"\n{one.about}")
        printer.paragraph(one.says, indent=2)
    if not report.cases:
        return
    printer.line()
    for table in (cross_table(report), changes_table(report)):
        printer.table(table, NARROW)
        printer.line()
    doubtful = [one for one in report.partly if one.came.moved != "same"]
    for make, cases in ((changed_table, report.changed), (doubtful_table, doubtful)):
        if cases:
            printer.table(make(cases[:_LISTED]), NARROW)
            if len(cases) > _LISTED:
                printer.line(f"{len(cases) - _LISTED} more: sheet Re-scored cases.")
            printer.line()
    if report.not_carried:
        printer.table(gaps_table(report), NARROW)
        printer.line()
