"""A large export gone through in parts, each by a process of its own, with what one process alone would find."""

import os
import pickle
import sys

from cqa.errors import BadInput
from cqa.files.exports import ExportFiles
from cqa.files.row_check import Tally
from cqa.sampling.frame import Collapse, Export
from cqa.sampling.survey import Survey, gather

MOST_PARTS = 4
_LETTERS = "abcd"
_START = "fork" if sys.platform == "linux" else "spawn"
"""A copy of this process begins at once; where that is not safe or not known, a new one takes 0.2 s."""


def gather_in_parts(into: Survey, export: Export, collapse: Collapse) -> None:
    """Adds all cases to the survey; in parts where the export is worth it and its rows need not be joined.

    Whatever is wrong with a part, the whole is then read again from the beginning, so that every problem is named with
    its line as ever. Raises BadInput as `gather` does.
    """
    parts = export.parts(_processors()) if isinstance(export, ExportFiles) and not collapse.allowed else []
    if len(parts) > 1 and isinstance(export, ExportFiles) and _gathered(into, export, parts, collapse):
        return
    gather(into, export, collapse)


def _processors() -> int:
    free = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(MOST_PARTS, free)


def _gathered(into: Survey, export: ExportFiles, parts: list[ExportFiles], collapse: Collapse) -> bool:
    """Whether the parts could be gathered without a problem; if not, the survey is as it was."""
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - only large exports pay for it
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415
    from multiprocessing import get_context  # noqa: PLC0415

    surveys = [into.part(letter) for letter, _ in zip(_LETTERS, parts, strict=False)]
    try:
        with ProcessPoolExecutor(len(parts) - 1, mp_context=get_context(_START)) as pool:
            others = [pool.submit(_part, survey, part, collapse)
                      for survey, part in zip(surveys[1:], parts[1:], strict=True)]
            # Only now, for a process is best copied while it has no second thread.
            export.files[0].hashing()
            done = [_part(surveys[0], parts[0], collapse), *(other.result() for other in others)]
    except (BadInput, BrokenProcessPool, pickle.PicklingError, AttributeError, TypeError, OSError):
        return False
    for survey, _ in done:
        into.join(survey)
    export.read_in_parts([tally for _, tally in done])
    return True


def _part(survey: Survey, part: ExportFiles, collapse: Collapse) -> tuple[Survey, Tally]:
    gather(survey, part, collapse)
    return survey, part.files[0].tally
