"""`cqa look`: what to see before trusting an export. It shows values on the screen only and writes no file."""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from cqa.commands.drawing import look_tables as tables
from cqa.commands.drawing.planning import read_collapse, read_patterns
from cqa.errors import BadInput, ExitCode, Problem, WrongUse, only_errors
from cqa.files.exports import ExportFiles, open_export
from cqa.files.workspace import settings_above
from cqa.sampling.frame import Collapse, Columns, find_places
from cqa.sampling.id_column import guessed_id, id_rank
from cqa.sampling.look import Look, look
from cqa.screen.printer import Printer
from cqa.settings import Settings
from cqa.world import World

_TAKE = 10
_STRATA_NAMES = ("unit", "office", "area", "region", "team", "court")
_PLAIN = re.compile(r"[\w./:=,\\-]+")
_SPACED = re.compile(r"[\w./:=,() &'-]+")


@dataclass(frozen=True, slots=True)
class LookOptions:
    """The options of `cqa look` as typed; None and () where not given."""

    exports: tuple[str, ...]
    case_id: str | None = None
    by: tuple[str, ...] = ()
    encoding: str | None = None
    dates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which columns are looked at as id and strata, how the id was told, and what is wrong with what was asked."""

    case_id: str | None
    told_by: str
    by: tuple[str, ...]
    problems: tuple[Problem, ...]
    unknown: bool
    """Whether a column was typed that the export lacks."""


def run(world: World, printer: Printer, options: LookOptions) -> int:
    """Shows everything at once. Exit 1 when a problem would stop any draw, 3 when an export cannot be read at all or
    lacks a column that was typed. Raises WrongUse for options, BadInput for cqa.yaml."""
    settings = settings_above(world.folder)
    problems: list[Problem] = []
    patterns = read_patterns(options.dates or settings.dates, problems)
    if problems:
        raise WrongUse(problems)
    by, named = options.by or settings.by, options.case_id or settings.case_id
    try:
        export = open_export([world.folder / path for path in options.exports], (*filter(None, (named,)), *by),
                             options.encoding or settings.encoding)
    except BadInput as error:
        return _unreadable(printer, error)
    asked = _asked(export, options, settings)
    export = export.by_id(asked.case_id or "")
    with printer.progress("Reading the export", 1) as steps:
        seen = look(export, None if asked.case_id is None else export.place(asked.case_id), asked.by, patterns,
                    read_collapse(settings.collapse).allowed)
        steps.advance()
    problems = [*asked.problems, *seen.problems, *export.remarks()]
    _show(printer, export, seen, asked, problems)
    if not printer.as_json:
        _conclude(printer, problems, suggested(options, settings, export, seen))
    if asked.unknown:
        return ExitCode.BAD_INPUT
    return ExitCode.ANSWER_IS_NO if only_errors(problems) else ExitCode.DONE


def _unreadable(printer: Printer, error: BadInput) -> int:
    if printer.as_json:
        printer.json({"files": [], "columns": [], "case_id": {}, "dates": [], "strata": [],
                      "problems": [problem.as_json() for problem in error.problems]})
    else:
        printer.problems(error.problems)
    return ExitCode.BAD_INPUT


def _asked(export: ExportFiles, options: LookOptions, settings: Settings) -> _Asked:
    """The columns asked for, as far as there are any; where no id was named, or not one there is, it is guessed."""
    named = options.case_id or settings.case_id
    by = options.by or settings.by
    problems = _missing(export, named, by)
    typed = _missing(export, options.case_id or "", options.by)
    unknown = any(problem.code == "C004" for problem in typed)
    there = tuple(name for name in by if export.place(name) is not None)
    if named and export.place(named) is not None:
        return _Asked(named, "as named" if options.case_id else "set in cqa.yaml", there, problems, unknown)
    place = guessed_id(export.header[1], _first_rows(export))
    if place is None:
        told = Problem("C004", "No column looks like the case id.", "Name it with --id COLUMN.", export.where,
                       export.header[0])
        return _Asked(None, "not found: name it with --id COLUMN", there, (*problems, told), unknown)
    name = export.header[1][place]
    why = "its name" if id_rank(name) is not None else "being filled and unique"
    return _Asked(name.strip(), f"guessed by {why}: name another with --id COLUMN", there, problems, unknown)


def _missing(export: ExportFiles, case_id: str, by: Sequence[str]) -> tuple[Problem, ...]:
    """Of these columns those the export lacks or has twice, as a draw would say it."""
    names = tuple(filter(None, (case_id, *by)))
    try:
        if names:
            find_places(export, Columns(names[0], names[1:]), Collapse({}, None))
    except BadInput as error:
        return error.problems
    return ()


def _first_rows(export: ExportFiles) -> list[Sequence[str]]:
    """The first rows there are, by which the case id is guessed."""
    rows: list[Sequence[str]] = []
    try:
        for batch in islice(export.by_id("").batches(), 1):
            rows.extend(batch.rows)
    except BadInput:
        return rows  # what is wrong is said when all is read
    return rows


def _show(printer: Printer, export: ExportFiles, seen: Look, asked: _Asked, problems: Sequence[Problem]) -> None:
    """Everything as tables, or the same tables as JSON."""
    files, columns, dates = tables.files(export.files), tables.columns(seen), tables.dates(seen)
    case_id, strata = tables.case_id(seen, asked.case_id, asked.told_by), tables.strata(seen)
    if printer.as_json:
        printer.json({"files": files.records(), "columns": columns.records(), "case_id": case_id.record(),
                      "dates": dates.records(), "strata": strata.records(),
                      "problems": [problem.as_json() for problem in problems]})
        return
    for table in (files.table, columns.table, *case_id.tables(), *dates.shown(), *strata.tables()):
        printer.table(table)
        printer.line()
    printer.problems(problems)


def _conclude(printer: Printer, problems: Sequence[Problem], command: str) -> None:
    errors = only_errors(problems)
    if errors:
        printer.line("The problems that are not called warnings would stop any draw. Mend them, look again, and then "
                     "draw, such as:")
    else:
        printer.line("Nothing found here would stop a draw such as:")
    printer.line(f"  {command}")


def suggested(options: LookOptions, settings: Settings, export: ExportFiles, seen: Look) -> str:
    """A draw that fits what was found; what cqa.yaml says already is left out."""
    header = export.header[1]
    parts = ["cqa", "draw", *options.exports, "--sample", "NAME"]
    if not settings.case_id or options.case_id:
        parts += ["--id", "COLUMN" if seen.id_place is None else _on_one_line(header[seen.id_place])]
    if by := options.by or (() if settings.by else _likely_by(seen)):
        parts += ["--by", ",".join(by)]
    if settings.take is None:
        parts += ["--take", f"{_TAKE}"]
    if options.encoding:
        parts += ["--encoding", options.encoding]
    if options.dates:
        parts += ["--dates", ",".join(options.dates)]
    return " ".join(map(_quoted, (*parts, *([] if settings.collapse else _collapse(seen, header)))))


def _likely_by(seen: Look) -> tuple[str, ...]:
    """The first column there is that is called as strata usually are."""
    names = {strata.by[0].casefold(): strata.by for strata in seen.strata if seen.likely}
    return next((names[name] for name in _STRATA_NAMES if name in names), ())


def _collapse(seen: Look, header: Sequence[str]) -> list[str]:
    """How the rows of one case would join: a rule for each column in which they differ."""
    if seen.ids is None or not seen.ids.several:
        return []
    rules = [f"{_on_one_line(header[place])}={seen.columns[place].rule}" for place, _ in seen.ids.differing]
    return [part for rule in rules or ["same"] for part in ("--collapse", rule)]


def _on_one_line(name: str) -> str:
    return " ".join(name.split())


def _quoted(part: str) -> str:
    """The part as every shell reads it; one with signs that a shell would act on as a POSIX shell reads it."""
    if _PLAIN.fullmatch(part):
        return part
    return f'"{part}"' if _SPACED.fullmatch(part) else shlex.quote(part)
