"""The leaders' changes on disk, and the one place where a sample is read as it stands with them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cqa.errors import Problem
from cqa.files.marks import Journals, Line, read_journals, writer_of
from cqa.files.sample_folder import SampleFolder
from cqa.sampling.changes import REPLACED, Replacement, Settled, settle

CHANGES_FORMAT = "cqa-changes/1"


@dataclass(frozen=True, slots=True)
class Changes:
    """The replacements of a sample as written down in every leader's journal, and the problems of these journals."""

    replacements: tuple[Replacement, ...]
    problems: tuple[Problem, ...]
    lines: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A sample's folder with the sample as it stands now, what was settled, and problems: damage, and as warnings
    what does not count."""

    folder: SampleFolder
    settled: Settled
    problems: tuple[Problem, ...]


def read_changes(folder: Path) -> Changes:
    """The replacements in the folder of changes, which need not exist. Never writes."""
    journals: Journals = read_journals(folder)
    found = tuple(_replacement(line, writer_of(*owner)) for owner, lines in journals.lines.items() for line in lines
                  if line.get("kind") == REPLACED)
    return Changes(found, journals.problems, journals.count)


def as_it_stands(folder: SampleFolder) -> Standing:
    """The sample with every replacement that counts. `folder` must hold the sample as it was drawn."""
    changes = read_changes(folder.changes)
    settled = settle(folder.sample, changes.replacements)
    problems = (*changes.problems, *settled.problems(str(folder.changes), "warning"))
    return Standing(replace(folder, sample=settled.sample), settled, problems)


def replaced_line(one: Replacement) -> dict[str, object]:
    """A replacement as its journal line holds it, without the number and seals that the chain adds."""
    return {
        "at": one.at, "kind": REPLACED, "case": one.case_id, "with": one.reserve, "stratum": one.stratum,
        "reason": one.reason, "note": one.note, "reviewer": one.reviewer or None, "second": one.second or None,
        "rule": one.rule, "after": list(one.after),
    }


def _replacement(line: Line, writer: str) -> Replacement:
    seq, after = line.get("seq"), line.get("after")
    return Replacement(
        writer, seq if isinstance(seq, int) else 0, _text(line, "at"), _text(line, "case"), _text(line, "with"),
        _text(line, "stratum"), _text(line, "reason"), _text(line, "note"), _text(line, "reviewer"),
        _text(line, "second"), _text(line, "rule"),
        tuple(map(str, after)) if isinstance(after, list) else ())


def _text(line: Mapping[str, object], key: str) -> str:
    value = line.get(key)
    return value if isinstance(value, str) else ""
