"""Names in a sample's records: reports, books, journals and rubrics are called by them, so each must be one."""

import re
from collections.abc import Mapping

from cqa.files.workspace import is_name
from cqa.sampling.plan import Sample

_FILED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def is_filed(part: str) -> bool:
    """Whether a rubric's id or version can be part of a file's name, as it is in a sample's folder."""
    return _FILED.fullmatch(part) is not None


def names_of_no_file(sample: Sample, named: Mapping[str, str]) -> list[str]:
    """What is wrong, in sentences: each name of the sample, of a person or of a rubric that no file could have.

    `named` is what the files of the sample's folder call it.
    """
    people = dict.fromkeys((*sample.plan.reviewers, *(mark.reviewer for mark in sample.assignments)))
    rubric = sample.plan.rubric
    parts = (rubric.id, rubric.version) if rubric else ()
    return [
        *(f"'{name[:80]}', as {file} says, cannot be the name of a sample." for file, name in named.items()
          if not is_name(name)),
        *(f"'{name[:80]}' cannot be the name of a person who marks." for name in people if not is_name(name)),
        *(f"'{part[:80]}' cannot be the id or version of a rubric." for part in parts if not is_filed(part))]
