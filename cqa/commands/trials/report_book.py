"""A trial's report as a workbook before it is written: the verdict and its reasons first, then every figure."""

from cqa.book import Book
from cqa.chart import Intervals
from cqa.commands.reports.books import as_of
from cqa.commands.trials.ground import TrialGround
from cqa.consistency.trials.design_tables import design_tables
from cqa.consistency.trials.difference import METHOD
from cqa.consistency.trials.headlines import trial_headlines
from cqa.consistency.trials.report import TrialReport, figure_tables
from cqa.files.workspace import Workspace
from cqa.rubric.compare import compare
from cqa.table import Table

_HANDLING = ("Names forms, reviewers and cases: for the working group and the leader of the trial. Reviewers who are "
             "still to mark must not see it.")
_HANDLING_HIDDEN = ("Reviewers have letters; letters.csv of the workspace says who is who, and stays there. What "
                    "people wrote is not changed, and may name somebody. Reviewers who are still to mark must not see "
                    "it.")


def trial_book(workspace: Workspace, ground: TrialGround, report: TrialReport, *, hidden: bool = False) -> Book:
    """The workbook of a trial."""
    trial = report.data.trial
    cover = (
        *((one.about, one.says) for one in trial_headlines(report)),
        ("Trial", f"{trial.name}: samples {' and '.join(record.name for record in ground.records.values())}"),
        *((f"The {form.form}", f"{form.name}, SHA-256 {form.sha256}") for form in report.data.forms),
        as_of(tuple(ground.records.values())),
        ("Handling", _HANDLING_HIDDEN if hidden else _HANDLING),
    )
    notes = (*METHOD.values(), "A figure that its data cannot bear is not given, and the reason stands in its place.",
             "The verdict rule was written into both samples before anything was marked. Its SHA-256 is that of its "
             "words: anybody can check that it is the same rule now.")
    return Book(f"Trial {trial.name}", workspace.settings.organisation, workspace.settings.language, cover, notes,
                (*figure_tables(report), *_design(ground, report)), _charts(report))


def _design(ground: TrialGround, report: TrialReport) -> tuple[Table, ...]:
    parent = ground.rubrics[ground.data.trial.parent].rubric
    variant = ground.rubrics[ground.data.trial.variant].rubric
    return design_tables(report.data, compare(parent, variant), variant)


def _charts(report: TrialReport) -> tuple[Intervals, ...]:
    """How far apart the forms are, in agreement and in strictness, where intervals can be drawn."""
    agreement = any(one.low is not None for one in report.difference.headline.values())
    strictness = any(one.shares.difference.low is not None for one in report.strictness.questions)
    return (*((_AGREEMENT,) if agreement else ()), *((_STRICTNESS,) if strictness else ()))


_AGREEMENT = Intervals(
    "Chart of agreement", "Do reviewers agree more by one form than by the other?",
    "Bars to the right: they agree more by the variant. Lines: 95% intervals; one that reaches 0 tells nothing.",
    "Agreement by form", "Mean over the questions", "Variant less parent", "Low", "High", "Variant less parent",
    highest_first=True)
_STRICTNESS = Intervals(
    "Chart of strictness", "Which form gives the best level more often, question by question",
    "Bars to the right: the variant does. Lines: 95% intervals, in points.", "Strictness", "Question",
    "Variant less parent, points", "Low", "High", "Variant less parent, points")
