"""The leaders' changes on disk, and the one place where a sample is read as it stands with them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cqa.errors import Problem
from cqa.files.journals import Journals, read_journals, writer_of
from cqa.files.parts import withheld_said
from cqa.files.recorded_names import is_filed
from cqa.files.sample_folder import SampleFolder
from cqa.files.workspace import is_name
from cqa.marking.history import Line
from cqa.sampling.changes import (
    ADDED,
    BROUGHT,
    DIPPED,
    DROPPED,
    REASSIGNED,
    REPLACED,
    RUBRIC_MOVED,
    WITHDRAWN,
    Added,
    Brought,
    Change,
    DipDraw,
    Dropped,
    HandOn,
    Replacement,
    RubricMove,
    Withdrawal,
)
from cqa.sampling.plan import RubricRef
from cqa.sampling.settling import Settled, settle


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes of a sample as written down in every leader's journal, and the problems of these journals."""

    changes: tuple[Change, ...]
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
    """The changes in the folder of changes, which need not exist. Never writes."""
    journals: Journals = read_journals(folder)
    found = tuple(read(line, writer_of(*owner)) for owner, lines in journals.lines.items() for line in lines
                  if (read := _READ.get(_text(line, "kind"))))
    return Changes(found, journals.problems, journals.count)


def as_it_stands(folder: SampleFolder) -> Standing:
    """The sample with every change that counts. `folder` must hold the sample as it was drawn."""
    changes = read_changes(folder.changes)
    settled = settle(folder.sample, changes.changes)
    problems = (*withheld_said(folder), *changes.problems, *settled.problems(str(folder.changes), "warning"))
    return Standing(replace(folder, sample=settled.sample), settled, problems)


def change_line(one: Change) -> dict[str, object]:
    """A change as its journal line holds it, without the number and seals that the chain adds."""
    if isinstance(one, Replacement):
        said: dict[str, object] = {
            "kind": REPLACED, "case": one.case_id, "with": one.reserve, "stratum": one.stratum, "reason": one.reason,
            "note": one.note, "reviewer": one.reviewer or None, "second": one.second or None, "rule": one.rule}
    elif isinstance(one, Withdrawal):
        said = {"kind": WITHDRAWN, "case": one.case_id, "reason": one.reason, "signed": list(one.signed)}
    elif isinstance(one, RubricMove):
        said = {"kind": RUBRIC_MOVED, "rubric": one.to.id, "from_version": one.was.version,
                "from_sha256": one.was.sha256, "version": one.to.version,
                "sha256": one.to.sha256, "reason": one.reason}
    elif isinstance(one, Added):
        said = {"kind": ADDED, "case": one.case_id, "turn": one.turn, "to": one.taker, "trigger": one.trigger,
                "reason": one.reason}
    elif isinstance(one, Brought):
        said = {"kind": BROUGHT, "case": one.case_id, "from_sample": one.origin, "stratum": one.stratum,
                "rubric_sha256": one.rubric_sha256,
                "facts": dict(one.facts), "handlers": list(one.handlers), "reference": dict(one.reference),
                "tolerance": dict(one.tolerance), "to": list(one.takers), "reason": one.reason}
    elif isinstance(one, Dropped):
        said = {"kind": DROPPED, "case": one.case_id, "from": one.taker, "reason": one.reason}
    elif isinstance(one, DipDraw):
        said = {"kind": DIPPED, "seed": one.seed, "seed_source": one.seed_source, "rule": one.rule,
                "population": [list(pair) for pair in one.population], "wanted": one.wanted,
                "to": dict(one.takers), "reason": one.reason}
    else:
        said = {"kind": REASSIGNED, "case": one.case_id, "turn": one.turn, "from": one.giver or None, "to": one.taker,
                "reason": one.reason}
    return {"at": one.at, **said, "after": list(one.after)}


def _replacement(line: Line, writer: str) -> Replacement:
    return Replacement(
        writer, _number(line), _text(line, "at"), _text(line, "case"), _text(line, "with"), _text(line, "stratum"),
        _text(line, "reason"), _text(line, "note"), _text(line, "reviewer"), _text(line, "second"),
        _text(line, "rule"), _texts(line, "after"))


def _withdrawal(line: Line, writer: str) -> Withdrawal:
    return Withdrawal(writer, _number(line), _text(line, "at"), _text(line, "case"), _text(line, "reason"),
                      _texts(line, "signed"), _texts(line, "after"))


def _hand_on(line: Line, writer: str) -> HandOn:
    """A name that no file could have is taken for none: journals and books are called by it."""
    return HandOn(writer, _number(line), _text(line, "at"), _text(line, "case"), _text(line, "turn"),
                  _text(line, "from"), _name(_text(line, "to")), _text(line, "reason"), _texts(line, "after"))


def _move(line: Line, writer: str) -> RubricMove:
    """A version that no file could have is taken for none: the rubric's copy is called by it."""
    name, version = _text(line, "rubric"), _text(line, "version")
    if not (is_filed(name) and is_filed(version)):
        version = ""
    return RubricMove(writer, _number(line), _text(line, "at"),
                      RubricRef(name, _text(line, "from_version"), _text(line, "from_sha256")),
                      RubricRef(name, version, _text(line, "sha256")), _text(line, "reason"), _texts(line, "after"))


def _added(line: Line, writer: str) -> Added:
    return Added(writer, _number(line), _text(line, "at"), _text(line, "case"), _text(line, "turn"),
                 _name(_text(line, "to")), _text(line, "trigger"), _text(line, "reason"), _texts(line, "after"))


def _brought(line: Line, writer: str) -> Brought:
    tolerance = line.get("tolerance")
    levels = tolerance if isinstance(tolerance, dict) else {}
    return Brought(
        writer, _number(line), _text(line, "at"), _text(line, "case"), _text(line, "from_sample"),
        _text(line, "stratum"), _text(line, "rubric_sha256"), _pairs(line, "facts"), _texts(line, "handlers"),
        _pairs(line, "reference"), {str(key): value for key, value in levels.items() if isinstance(value, int)},
        tuple(filter(None, map(_name, _texts(line, "to")))), _text(line, "reason"), _texts(line, "after"))


def _dropped(line: Line, writer: str) -> Dropped:
    return Dropped(writer, _number(line), _text(line, "at"), _text(line, "case"), _name(_text(line, "from")),
                   _text(line, "reason"), _texts(line, "after"))


def _dip(line: Line, writer: str) -> DipDraw:
    listed, wanted = line.get("population"), line.get("wanted")
    population = tuple((str(pair[0]), str(pair[1])) for pair in (listed if isinstance(listed, list) else ())
                       if isinstance(pair, list) and len(pair) == 2)
    takers = {case_id: name for case_id, taker in _pairs(line, "to").items() if (name := _name(taker))}
    return DipDraw(writer, _number(line), _text(line, "at"), _text(line, "seed"), _text(line, "seed_source"),
                   _text(line, "rule"), population, wanted if isinstance(wanted, int) else 0, takers,
                   _text(line, "reason"), _texts(line, "after"))


def _name(text: str) -> str:
    """A person's name; one that no file could have is taken for none."""
    return text if is_name(text) else ""


def _pairs(line: Line, key: str) -> dict[str, str]:
    value = line.get(key)
    return {str(name): str(text) for name, text in value.items()} if isinstance(value, dict) else {}


_READ: Mapping[str, Callable[[Line, str], Change]] = {
    REPLACED: _replacement, WITHDRAWN: _withdrawal, REASSIGNED: _hand_on, RUBRIC_MOVED: _move, ADDED: _added,
    BROUGHT: _brought, DIPPED: _dip, DROPPED: _dropped}


def _number(line: Line) -> int:
    seq = line.get("seq")
    return seq if isinstance(seq, int) else 0


def _text(line: Mapping[str, object], key: str) -> str:
    value = line.get(key)
    return value if isinstance(value, str) else ""


def _texts(line: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = line.get(key)
    return tuple(map(str, value)) if isinstance(value, list) else ()
