"""What somebody is still to mark in any sample: until then nothing of these cases may be shown to them, also of what
others did with the same case in another sample, from which it may have been brought in as a calibration case."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from cqa.errors import Damaged
from cqa.files.changes import as_it_stands
from cqa.files.marks import read_marks
from cqa.files.plain_file import read_file
from cqa.files.rooms import CHANGES
from cqa.files.sample_folder import ASSIGNMENTS, RECORD, read_sample
from cqa.marking.replay import assessment_of


def still_owed(samples: Path, viewer: str) -> Mapping[Path, frozenset[str]]:
    """The cases that somebody is still to mark, by the folder of the sample in which they are. `samples` holds the
    samples of a workspace. Of one that cannot be read nobody can say; nobody can mark in it either."""
    if not viewer:
        return {}
    drawn = (path for path in sorted(samples.iterdir())
             if not path.name.startswith(".") and (path / RECORD).is_file())
    return {path: owed for path in drawn if _may_name(path, viewer) and (owed := _owed_in(path, viewer))}


def _may_name(folder: Path, viewer: str) -> bool:
    """Whether the assignments or a change could hold the name: nearly all samples are told apart by this alone."""
    wanted = viewer.casefold().encode()
    return any(wanted in content.lower() for content in _contents((folder / ASSIGNMENTS, *(
        folder / CHANGES).glob("*.jsonl"))))


def _contents(paths: Iterable[Path]) -> Iterable[bytes]:
    for path in paths:
        try:
            yield read_file(path)
        except OSError:
            continue


def _owed_in(folder: Path, viewer: str) -> frozenset[str]:
    try:
        standing = as_it_stands(read_sample(folder)).folder
    except Damaged:
        return frozenset()
    marked = {case.case_id for case in standing.sample.cases if case.marked}
    mine = {one.case_id for one in standing.sample.assignments
            if one.reviewer.casefold() == viewer.casefold() and one.case_id in marked}
    if not mine:
        return frozenset()
    records = read_marks(standing.marks, viewer).of(viewer).records
    return frozenset(case_id for case_id in mine if case_id not in records
                     or not assessment_of(case_id, records[case_id]).signed_at)
