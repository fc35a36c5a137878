"""A table of anyone's ratings, long or wide, read as every export is."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cqa.consistency.rating_rows import RatingRows, RatingTable
from cqa.consistency.readings import marks_said
from cqa.errors import BadInput, Findings, Problem
from cqa.facts import folded, is_number
from cqa.files.exports import ExportFiles, open_export
from cqa.sampling.frame import Batch, Collapse, Columns, find_places
from cqa.sampling.shapes import alike
from cqa.sampling.ticket import normal_id

CASE, REVIEWER, MARK, QUESTION = "case", "reviewer", "mark", "question"
_SAME = Collapse({}, None)


@dataclass(frozen=True, slots=True)
class RatingColumns:
    """The columns as typed; None where not given. `wide`: a column for every reviewer."""

    case: str | None = None
    reviewer: str | None = None
    mark: str | None = None
    question: str | None = None
    wide: bool = False

    @property
    def wanted(self) -> tuple[str, ...]:
        """The columns by which delimiter and header are told, the case first."""
        if self.wide:
            return tuple(filter(None, (self.case, self.question)))
        return (self.case or CASE, self.reviewer or REVIEWER, self.mark or MARK, self.question or QUESTION)


def read_ratings(
    path: Path, columns: RatingColumns, encoding: str, levels: Sequence[str] = (), numbers: bool = False
) -> tuple[RatingTable, list[Problem]]:
    """Every mark of the file, and what was taken for granted, as warnings. Raises BadInput with every problem, marks
    that are not among the `levels` or with `numbers` no numbers among them."""
    export = open_export([path], columns.wanted, encoding)
    rows = RatingRows()
    findings = Findings()
    names = _wide(export, columns, rows, findings) if columns.wide else _long(export, columns, rows, findings)
    try:
        table = rows.conclude(export.where, names, levels, numbers)
    except BadInput as error:
        for problem in error.problems:
            findings.add(problem)
    findings.stop()
    return table, [*export.remarks(), *_read_as(export), *_alike(table, export.where)]


def _long(export: ExportFiles, columns: RatingColumns, rows: RatingRows, findings: Findings) -> dict[str, str]:
    question = columns.question or (QUESTION if QUESTION in map(folded, export.header[1]) else None)
    names = {CASE: columns.case or CASE, REVIEWER: columns.reviewer or REVIEWER, MARK: columns.mark or MARK,
             **({QUESTION: question} if question else {})}
    found = find_places(export, Columns(names[CASE], tuple(names.values())[1:]), _SAME)
    places = (found.case_id, found.by[0], found.by[1], found.by[2] if question else None)
    _add_all(export.by_id(names[CASE]), findings, lambda batch: rows.add_long(batch, places))
    return names


def _wide(export: ExportFiles, columns: RatingColumns, rows: RatingRows, findings: Findings) -> dict[str, str]:
    line, header = export.header
    named = [name for name in (columns.case, columns.question) if name]
    found = find_places(export, Columns(named[0], tuple(named[1:])), _SAME) if named else None
    case = found.case_id if found and columns.case else 0
    question = None if not found or not columns.question else found.by[0] if columns.case else found.case_id
    reviewers = {place: normal_id(name) for place, name in enumerate(header) if place not in (case, question)}
    _check_reviewers(export.where, line, tuple(reviewers.values()))
    blank = [place for place, name in reviewers.items() if not name]
    told = {place: name for place, name in reviewers.items() if name}

    def add(batch: Batch) -> None:
        for place in blank:
            for at, row in zip(batch.lines, batch.rows, strict=True):
                if row[place].strip():
                    findings.add(Problem("C037", f"There is a mark in column {place + 1}, which has no name.",
                                         "Write the reviewer above the column.", export.where, at))
        rows.add_wide(batch, case, question, told)

    _add_all(export.by_id(header[case]), findings, add)
    return {CASE: header[case].strip() or "1", REVIEWER: "", QUESTION: columns.question or ""}


def _check_reviewers(where: str, line: int, reviewers: Sequence[str]) -> None:
    """Raises BadInput where no column is a reviewer's, or two have one name."""
    named = Counter(filter(None, reviewers))
    problems = [Problem("C010", f"The column '{name}' occurs {count} times.", "Give every reviewer one column.", where,
                        line) for name, count in named.items() if count > 1]
    if not named:
        problems.append(Problem("C037", "There is no column of a reviewer.", "With --wide the first column is the case "
                                "and every other one a reviewer's. If each row is one mark, leave out --wide.", where,
                                line))
    if problems:
        raise BadInput(problems)


def _add_all(export: ExportFiles, findings: Findings, add: Callable[[Batch], None]) -> None:
    """All rows; what is wrong with some of them is kept, so that everything can be said at once."""
    try:
        for batch in export.batches():
            add(batch)
    except BadInput as error:
        for problem in error.problems:
            findings.add(problem)


def _read_as(export: ExportFiles) -> Iterator[Problem]:
    """That a file was read in an encoding which fits any bytes."""
    for file in export.files:
        if file.layout.encoding == "cp1252" and file.layout.told_by != "named":
            yield Problem("C022", "The file is not UTF-8 and was read as cp1252.", "Look at names with accents; "
                          "--encoding names another.", file.where, severity="warning")


def _alike(table: RatingTable, where: str) -> Iterator[Problem]:
    """Names of reviewers, cases and marks that may be one."""
    named = (("reviewers", table.reviewers, table.reviewer), ("cases", table.cases, table.case),
             ("marks", table.texts, table.mark))
    for what, names, used in named:
        if what == "marks" and all(map(is_number, names)):
            continue  # then 3 and 3.0 are one level
        for group in alike(table.often(names, used)):
            told = " and ".join(f"'{name}' ({marks_said(count)})" for name, count in group)
            yield Problem("C034", f"These may be the same, and were taken as different {what}: {told}.",
                          "Write them alike if they are one.", where, severity="warning")
