"""What a draw is to be told of calibration: cases that could be slipped in, and reviewers who are not cleared."""

from collections.abc import Iterator

from cqa.errors import Problem
from cqa.files.rooms import MODERATION
from cqa.files.sample_folder import SampleFolder
from cqa.files.workspace import Workspace
from cqa.sampling.plan import RubricRef


def not_calibrated(workspace: Workspace, drawn: SampleFolder) -> Iterator[Problem]:
    """Warnings, where cqa.yaml asks for calibration; none for a sample that cannot be marked."""
    settings, rubric = workspace.settings.calibration, drawn.sample.plan.rubric
    if settings is None or rubric is None:
        return
    others = [name for name in workspace.sample_names() if name != drawn.path.name]
    if settings.rate and any((workspace.samples / name / MODERATION).is_dir() for name in others):
        yield Problem("S071", "No calibration cases are slipped into the work of this sample yet.",
                      f"cqa assign --calibration --sample {drawn.sample.name} --reason TEXT --as PERSON",
                      severity="warning")
    if settings.clearance is not None and drawn.sample.plan.reviewers:
        yield from _uncleared(workspace, drawn, rubric)


def _uncleared(workspace: Workspace, drawn: SampleFolder, rubric: RubricRef) -> Iterator[Problem]:
    from cqa.commands.leaders.references import clearances  # noqa: PLC0415
    from cqa.commands.records import read_record  # noqa: PLC0415 - a draw without clearance needs no statistics
    from cqa.consistency.calibration import CLEARED  # noqa: PLC0415

    names = [one.reviewer for one in clearances(workspace, [read_record(drawn)])
             if one.state != CLEARED and (one.rubric, one.version) == (rubric.id, rubric.version)]
    if names:
        yield Problem("S073", f"Not cleared on calibration cases under {rubric.id} {rubric.version}: "
                      f"{', '.join(names)}.", "They may mark; the report names them, and cqa report --cleared leaves "
                      "their marks out.", severity="warning")
