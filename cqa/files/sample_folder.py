"""A sample's folder as it is read: every file held against the digest that was recorded for it."""

import csv
import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from cqa.errors import BadInput, Damaged, Problem, WrongUse
from cqa.facts import ratio, recorded_number
from cqa.files.recorded_names import names_of_no_file
from cqa.files.workspace import Workspace
from cqa.files.yaml_tree import parse_tree
from cqa.sampling.draw import DrawnCase, Stratum
from cqa.sampling.pairing import Assignment
from cqa.sampling.plan import Committed, Plan, RubricRef, Sample, read_plan, read_sources
from cqa.tree import Items, Reader, Tree
from cqa.whole import is_whole

SAMPLE_FORMAT = "cqa-sample/1"
PLAN, RECORD, CASES, ASSIGNMENTS, FRAME = "plan.yaml", "sample.yaml", "cases.csv", "assignments.csv", "frame.csv"
JOINT = "; "
"""Between the names of one field."""
SEAL = b"seal: "
"""Begins the record's last line, which holds the SHA-256 of all before it."""

_RESTORE = "Restore the sample's folder from a copy."

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SampleFolder:
    """A sample and the folder it lives in."""

    path: Path
    sample: Sample
    committed: Committed
    listed: bool
    """Whether the folder holds the frame's list."""
    name: str
    rules: Mapping[str, str]
    """The sample's name, and the rules by name, as sample.yaml records them."""

    @property
    def marks(self) -> Path:
        """Where the reviewers' journals are."""
        return self.path / "marks"

    @property
    def books(self) -> Path:
        """Where the reviewers' workbooks are rendered."""
        return self.path / "books"

    @property
    def changes(self) -> Path:
        """Where the leaders' journals of changes are."""
        return self.path / "changes"

    @property
    def rubric_file(self) -> str:
        """The rubric's place in the folder; empty where there is none."""
        return rubric_file(self.sample.plan.rubric)

    def rubric_bytes(self) -> bytes:
        """The rubric byte for byte as it stood at the draw, or when a leader moved the sample to it. Raises Damaged
        when it is not the one recorded."""
        rubric = self.sample.plan.rubric
        if rubric is None:
            raise BadInput(Problem("S016", f"Sample '{self.sample.name}' was drawn without a rubric.",
                                   "Draw again under another name, with --rubric FILE."))
        return self.bytes_of(rubric)

    def bytes_of(self, rubric: RubricRef) -> bytes:
        """A version of the rubric that the folder keeps. Raises Damaged when it is not the one recorded."""
        return _recorded_bytes(self.path / rubric_file(rubric), rubric.sha256)


def rubric_file(rubric: RubricRef | None) -> str:
    """Where in a sample's folder its rubric is kept."""
    return f"rubrics/{rubric.id}-{rubric.version}.yaml" if rubric else ""


def is_planned(folder: Path) -> bool:
    """Whether a sample is planned and not drawn."""
    return (folder / PLAN).is_file() and not (folder / RECORD).exists() and not (folder / "marks").exists()


def open_sample(workspace: Workspace, name: str) -> SampleFolder:
    """The sample of that name. Raises WrongUse when there is none, Damaged when its files are not as written."""
    folder = workspace.sample_folder(name)
    if is_planned(folder):
        raise WrongUse(Problem("S001", f"The sample '{name}' is planned, not drawn.",
                               f"Draw it with: cqa draw --sample {name} --seed TEXT"))
    if not folder.is_dir():
        known = ", ".join(workspace.sample_names())
        raise WrongUse(Problem("S001", f"There is no sample called '{name}'.",
                               f"Samples here: {known}." if known else "Draw one with: cqa draw"))
    return read_sample(folder)


def read_committed(folder: Path) -> tuple[Committed, bytes]:
    """A planned sample's plan and the bytes it was hashed as. Raises Damaged when it cannot be read or was changed."""
    path = folder / PLAN
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Damaged(_unreadable(path, error)) from error
    if not _is_sealed(data):
        raise Damaged(Problem("S020", "The plan was changed after it was written.", "Restore plan.yaml from a copy, so "
                              "that its SHA-256 is the commitment that was published; or plan again under another "
                              "name.", str(path)))
    reader = _reader(path)
    tree = _damaged_if_bad(lambda: parse_tree(data, str(path), kept=True))
    committed = _damaged_if_bad(lambda: read_plan(reader, tree))
    for named in committed.paths:
        if "\0" in named or not is_whole(named):
            reader.malformed(tree, f"'{named[:80]}' cannot be the path of an export.", _RESTORE)
    if reader.problems:
        raise Damaged(reader.problems)
    return committed, data


def read_sample(folder: Path, wrong: Callable[[Problem], None] | None = None) -> SampleFolder:
    """The sample in `folder`. Raises Damaged when a file is missing, unreadable or not as sample.yaml records it.

    With `wrong`, a file that was changed and can still be read is told to it instead, and read as it stands.
    """
    wrong = wrong or _stop
    tree, reader = _read_record(folder / RECORD, wrong)
    digests = reader.mapping(tree.get("files"), "files")

    def recorded(name: str, sha256: str) -> bytes:
        return _recorded_bytes(folder / name, sha256, wrong)

    plan_bytes = recorded(PLAN, reader.text(tree.get("commitment"), "commitment"))
    plan_reader = _reader(folder / PLAN)
    committed = _damaged_if_bad(lambda: read_plan(plan_reader, parse_tree(plan_bytes, str(folder / PLAN), kept=True)))
    data = {name: recorded(name, reader.text(digests.get(name), name)) for name in (CASES, ASSIGNMENTS)}
    if listed := digests.get(FRAME) is not None:
        _check_recorded(folder / FRAME, reader.text(digests.get(FRAME), FRAME), wrong)
    frame = reader.mapping(tree.get("frame"), "frame")
    rules = {key.value: reader.text(node, key.value) for key, node in reader.mapping(tree.get("rules"), "rules")}
    sample = Sample(
        plan=committed.plan,
        seed=reader.text(reader.required(tree, "seed", "The sample"), "seed"),
        seed_source=reader.text(tree.get("seed_source"), "seed_source"),
        drawn_at=reader.text(tree.get("drawn_at"), "drawn_at"),
        sources=read_sources(reader, tree.get("export")),
        frame_digest=reader.text(frame.get("digest"), "digest"),
        frame_cases=reader.parsed(frame.get("cases"), "cases", recorded_number, 0, "a whole number"),
        excluded=_read_excluded(reader, tree),
        strata=_read_strata(reader, tree),
        cases=_rows(folder / CASES, data[CASES], lambda row: _read_case(row, committed.plan)),
        assignments=_rows(folder / ASSIGNMENTS, data[ASSIGNMENTS],
                          lambda row: Assignment(row["case_id"], row["reviewer"], row["turn"])),
    )
    if reader.problems or plan_reader.problems:
        raise Damaged((*reader.problems, *plan_reader.problems))
    name = reader.text(tree.get("sample"), "sample")
    if wrong_names := names_of_no_file(sample, {RECORD: name, PLAN: sample.plan.sample}):
        raise Damaged(Problem("S004", told, _RESTORE, str(folder)) for told in wrong_names)
    return SampleFolder(folder, sample, committed, listed, name, rules)


def _stop(problem: Problem) -> None:
    raise Damaged(problem)


def _reader(path: Path) -> Reader:
    return Reader(str(path), ("S004", "S004", "S004"))


def _read_record(path: Path, wrong: Callable[[Problem], None]) -> tuple[Tree, Reader]:
    """The record's tree, its seal checked. Raises Damaged for a missing or unreadable record."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Damaged(_unreadable(path, error)) from error
    if not _is_sealed(data):
        wrong(_changed(path))
    reader = _reader(path)
    tree = reader.mapping(_damaged_if_bad(lambda: parse_tree(data, str(path), kept=True)), "the sample")
    reader.choice(tree.get("format"), "format", (SAMPLE_FORMAT,), "")
    return tree, reader


def _is_sealed(data: bytes) -> bool:
    """Whether the last line is the SHA-256 of all before it."""
    body, _, seal = data.rpartition(SEAL)
    return seal.strip().strip(b'"').decode("ascii", "replace") == hashlib.sha256(body).hexdigest()


def _damaged_if_bad(read: Callable[[], T]) -> T:
    """What `read` gives; a recorded file that cannot be read is damaged, not bad input of the user's."""
    try:
        return read()
    except BadInput as error:
        raise Damaged(replace(problem, code="S004", remedy=_RESTORE) for problem in error.problems) from error


def _unreadable(path: Path, error: OSError) -> Problem:
    return Problem("S004", f"The file cannot be read: {error.strerror}.", _RESTORE, str(path))


def _changed(path: Path) -> Problem:
    return Problem("S004", "The file is not as it was written.",
                   "Restore it from a copy; changes are recorded by commands, never by editing.", str(path))


def _recorded_bytes(path: Path, sha256: str, wrong: Callable[[Problem], None] = _stop) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Damaged(_unreadable(path, error)) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        wrong(_changed(path))
    return data


def _check_recorded(path: Path, sha256: str, wrong: Callable[[Problem], None]) -> None:
    """As `_recorded_bytes`, for a file too large to be held."""
    try:
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise Damaged(_unreadable(path, error)) from error
    if found != sha256:
        wrong(_changed(path))


def _rows(path: Path, data: bytes, read: Callable[[dict[str, str]], T]) -> tuple[T, ...]:
    """Each row of a recorded CSV file. Raises Damaged for one that no longer has its form."""
    try:
        return tuple(map(read, csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)))
    except (ValueError, KeyError, TypeError, AttributeError, ZeroDivisionError, csv.Error) as error:
        raise Damaged(_changed(path)) from error


def _mappings(reader: Reader, tree: Tree, key: str) -> list[Tree]:
    node = tree.get(key)
    return [reader.mapping(item, key) for item in node.values] if isinstance(node, Items) else []


def _read_excluded(reader: Reader, tree: Tree) -> dict[str, int]:
    return {reader.text(item.get("reason"), "reason"): reader.parsed(item.get("cases"), "cases", recorded_number, 0,
                                                                     "a whole number")
            for item in _mappings(reader, tree, "excluded")}


def _read_strata(reader: Reader, tree: Tree) -> tuple[Stratum, ...]:
    return tuple(
        Stratum(reader.text(item.get("stratum"), "stratum"), *(
            reader.parsed(item.get(key), key, recorded_number, 0, "a whole number")
            for key in ("size", "eligible", "take", "reserves", "shortfall")))
        for item in _mappings(reader, tree, "strata")
    )


def _read_case(row: dict[str, str], plan: Plan) -> DrawnCase:
    return DrawnCase(
        case_id=row["case_id"], stratum=row["stratum"], ticket=row["ticket"], rank=recorded_number(row["rank"]),
        role=row["role"], weight=ratio(row["weight"]), handlers=_parts(row["handler"]),
        barred=_parts(row["barred"]), facts={fact: row.get(fact, "") for fact, _ in plan.columns.facts})


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(JOINT) if part)
