"""Samples of which not all is there: a take, with one reviewer's cases, and a pack, without what is never shown."""

from cqa.errors import Forbidden, Problem
from cqa.files.sample_folder import CASES, SampleFolder


def journal_device(folder: SampleFolder, device: str) -> str:
    """The device that names a journal of marks here: in a take it is `<device>-<take>`, so that no two folders on one
    machine ever write to one journal."""
    return f"{device}-{folder.taken}" if folder.taken else device


def refuse_take(folder: SampleFolder | None) -> None:
    """Raises Forbidden where the folder is a take: everything but marking is done where it was taken from."""
    if folder is not None and folder.taken:
        raise Forbidden(Problem("S035", f"This is one reviewer's part of sample '{folder.name}', taken away for "
                                "marking: nothing else can be done with it.", "Go to the workspace it was taken from; "
                                "its marks come back there by cqa collect.", str(folder.path)))


def withheld_said(folder: SampleFolder) -> tuple[Problem, ...]:
    """A warning where columns of cases.csv were left out when the sample was packed."""
    if not folder.withheld:
        return ()
    return (Problem("S036", f"{', '.join(folder.withheld)} of cases.csv were left out when this sample was packed, "
                    "and read as blank here: where a question depends on one, what is asked and counted may differ "
                    "from the sample's own report.", "The report that was packed was made from all of it.",
                    str(folder.path / CASES), severity="warning"),)


def refuse_packed(folder: SampleFolder) -> None:
    """Raises Forbidden where columns were left out: what is asked there is not what the sample asks."""
    if folder.withheld:
        raise Forbidden(Problem("S036", f"This is sample '{folder.name}' as it was packed, without all of its columns: "
                                "it is there to be looked at.", "Go to the workspace it was packed in.",
                                str(folder.path)))
