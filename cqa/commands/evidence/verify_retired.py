"""What `cqa verify` says of samples that were retired: whether their records are as they were written."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from cqa.errors import Damaged, Problem
from cqa.files.retiring import leaving, read_retired, record_place


def check_retired(sample: Path) -> tuple[list[Problem], dict[str, object]]:
    """The problems of a retired sample, of which the folder was `sample`, and what was looked at."""
    problems = list(_cut_off(sample))
    try:
        told = read_retired(record_place(sample))
    except Damaged as error:
        return [*problems, *error.problems], {"retired": True, "files": False}
    return problems, {"retired": True, "files": not problems, "at": told.at, "by": told.by}


def _cut_off(sample: Path) -> Iterator[Problem]:
    """A warning where a retirement was not brought to its end."""
    for rest in (leaving(sample), sample):
        if rest.exists():
            yield Problem("S038", f"Sample '{sample.name}' was to be retired, and that was cut off.", "Run cqa retire "
                          "again.", str(rest), severity="warning")


def agreed_retired(checked: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    """In words, which samples were retired when and by whom."""
    for name, told in sorted(checked.items()):
        if told.get("retired"):
            yield (f"{name}: retired on {str(told.get('at'))[:10]} by {told.get('by')}; the record of it is as it was "
                   "written.")
