"""A sample's folder: written whole or not at all, and read back with its digests checked."""

import csv
import hashlib
import io
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from cqa import __version__
from cqa.errors import BadInput, CqaError, Damaged, NotSaved, Problem, WrongUse
from cqa.files.atomic import write_bytes
from cqa.files.workspace import Workspace
from cqa.files.yaml_tree import parse_tree, written
from cqa.sampling.draw import DrawnCase, Stratum
from cqa.sampling.pairing import Assignment
from cqa.sampling.plan import Committed, Plan, RubricRef, Sample, read_plan, read_sources, source_record
from cqa.sampling.survey import Frame
from cqa.tree import Items, Plain, Reader, Tree

SAMPLE_FORMAT = "cqa-sample/1"
PLAN, RECORD, CASES, ASSIGNMENTS, FRAME = "plan.yaml", "sample.yaml", "cases.csv", "assignments.csv", "frame.csv"
MOST_LISTED = 1_000_000
"""A frame of more cases is not listed: its digest and the export are there to check the draw with."""

_CASE_COLUMNS = ("case_id", "stratum", "ticket", "rank", "role", "weight", "handler", "barred")
_ASSIGNMENT_COLUMNS = ("case_id", "reviewer", "turn", "rubric")
_JOINT = "; "
_SEAL = b"seal: "
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
        """The rubric byte for byte as it stood at the draw. Raises Damaged when it is not the one recorded."""
        rubric = self.sample.plan.rubric
        if rubric is None:
            raise BadInput(Problem("S016", f"Sample '{self.sample.name}' was drawn without a rubric.",
                                   "Draw again under another name, with --rubric FILE."))
        return _recorded_bytes(self.path / self.rubric_file, rubric.sha256)


def rubric_file(rubric: RubricRef | None) -> str:
    """Where in a sample's folder its rubric is kept."""
    return f"rubrics/{rubric.id}-{rubric.version}.yaml" if rubric else ""


def write_plan(folder: Path, plan: Plan, plan_text: str, rubric: bytes | None) -> None:
    """The folder of a sample that is planned and not drawn. Raises WrongUse when it exists, NotSaved for the disk."""
    refuse_taken(folder)
    with _Building(folder) as building:
        _put_plan(building, plan, plan_text, rubric)


def write_sample(folder: Path, sample: Sample, plan_text: str, rubric: bytes | None, frame: Frame) -> None:
    """The sample's folder, complete, under its final name only once everything is on disk.

    A planned sample is completed: its record is written last, and without it nothing counts as drawn. Raises WrongUse
    when the sample exists, NotSaved when the disk refuses; then nothing is left behind.
    """
    if is_planned(folder):
        _complete(folder, sample, plan_text, frame)
        return
    refuse_taken(folder)
    with _Building(folder) as building:
        _put_plan(building, sample.plan, plan_text, rubric)
        digests = _put_draw(building, sample, frame)
        _put(building / RECORD, _sealed(_sample_record(sample, plan_text, digests)))
        (building / "marks").mkdir()


def _put_plan(building: Path, plan: Plan, plan_text: str, rubric: bytes | None) -> None:
    _put(building / PLAN, plan_text.encode())
    if rubric is not None:
        _put(building / rubric_file(plan.rubric), rubric)


def _put_draw(building: Path, sample: Sample, frame: Frame) -> dict[str, str]:
    """Writes everything that follows from the draw, and gives the SHA-256 of each file."""
    rubric = sample.plan.rubric
    told = f"{rubric.id}-{rubric.version}" if rubric else ""
    facts = [fact for fact, _ in sample.plan.columns.facts]
    digests = {
        CASES: _put_text(building / CASES, [_csv_text(
            [(*_CASE_COLUMNS, *facts), *(_case_row(case, facts) for case in sample.cases)])]),
        ASSIGNMENTS: _put_text(building / ASSIGNMENTS, [_csv_text(
            [_ASSIGNMENT_COLUMNS, *((mark.case_id, mark.reviewer, mark.turn, told) for mark in sample.assignments)])]),
    }
    if sum(size.size for size in frame.strata) <= MOST_LISTED:
        digests[FRAME] = _put_frame(building / FRAME, sample.plan, frame)
    return digests


def _put_frame(path: Path, plan: Plan, frame: Frame) -> str:
    """The frame's list: every case of the export, its stratum (and cell), and why it could not be drawn."""
    cells, weighted = bool(plan.columns.per), bool(plan.columns.weight)
    split = {name: (" / ".join(values[: len(plan.columns.by)]) or "all", " / ".join(values[len(plan.columns.by):]))
             for name, values in frame.names.items()} if cells else {}
    header = ("case_id", "stratum", *(("cell",) if cells else ()), "excluded", *(("weight",) if weighted else ()))
    rest = _Rest(split)

    def pieces() -> Iterator[str]:
        yield _csv_text([header])
        for ids, told, weights in frame.listing():
            ends = [rest[one] for one in told]
            if weighted:
                ends = [f"{end[:-1]},{weight}\n" for end, weight in zip(ends, weights, strict=True)]
            yield "".join(map(str.__add__, map(_quoted, ids) if _SPECIAL.search("".join(ids)) else ids, ends))
    return _put_text(path, pieces())


_SPECIAL = re.compile(r"[,\"\r\n]")


def _quoted(text: str) -> str:
    return _csv_text([(text,)]).removesuffix("\n")


class _Rest(dict[tuple[str, str], str]):
    """What follows an id in the frame's list, for a stratum and a reason: made once for each, not for each case."""

    def __init__(self, split: Mapping[str, tuple[str, str]]) -> None:
        super().__init__()
        self.split = split

    def __missing__(self, told: tuple[str, str]) -> str:
        stratum, reason = told
        self[told] = made = "," + _csv_text([(*self.split.get(stratum, (stratum,)), reason)])
        return made


def _csv_text(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _put_text(path: Path, pieces: Iterable[str]) -> str:
    """Writes text piece by piece, on the disk before it returns; gives its SHA-256."""
    digest = hashlib.sha256()
    with path.open("xb") as stream:
        for piece in pieces:
            data = piece.encode()
            digest.update(data)
            stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    return digest.hexdigest()


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


class _Building:
    """A folder beside the final one, renamed to it at the end and removed when anything goes wrong."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.part = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")

    def __enter__(self) -> Path:
        try:
            self.part.mkdir(parents=True)
        except OSError as error:
            raise _not_written(self.folder, error) from error
        return self.part

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if kind is None:
            try:
                self.part.rename(self.folder)
            except OSError as failed:
                shutil.rmtree(self.part, ignore_errors=True)
                raise _not_written(self.folder, failed) from failed
            return
        shutil.rmtree(self.part, ignore_errors=True)
        if isinstance(error, OSError):
            raise _not_written(self.folder, error) from error


def _not_written(folder: Path, error: OSError) -> NotSaved:
    return NotSaved(Problem("P004", f"The sample could not be written: {error.strerror or error}.",
                            "Nothing was saved. Check the disk and the folder's permissions.", str(folder)))


def _complete(folder: Path, sample: Sample, plan_text: str, frame: Frame) -> None:
    """Puts the draw into a planned sample's folder: made apart, moved in file by file, the record last."""
    part = folder / f".draw.{os.getpid()}.tmp"
    moved: list[Path] = []
    try:
        part.mkdir()
        digests = _put_draw(part, sample, frame)
        for name in digests:
            (part / name).replace(folder / name)
            moved.append(folder / name)
        write_bytes(folder / RECORD, _sealed(_sample_record(sample, plan_text, digests)))
    except (OSError, CqaError) as error:
        for path in moved:
            path.unlink(missing_ok=True)
        raise _not_written(folder, error) if isinstance(error, OSError) else error from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    # Not before the record: a folder of marks tells a damaged sample from a planned one. The first mark would make it.
    with suppress(OSError):
        (folder / "marks").mkdir(exist_ok=True)


def is_planned(folder: Path) -> bool:
    """Whether a sample is planned and not drawn."""
    return (folder / PLAN).is_file() and not (folder / RECORD).exists() and not (folder / "marks").exists()


def refuse_taken(folder: Path) -> None:
    """Raises WrongUse when a sample of this name exists already, NotSaved when that cannot be told."""
    try:
        taken = folder.exists()
    except OSError as error:
        raise _not_written(folder, error) from error
    if taken and is_planned(folder):
        raise WrongUse(Problem("S020", f"A plan called '{folder.name}' exists already, and it is fixed.",
                               f"Draw it with: cqa draw --sample {folder.name} --seed TEXT. For another plan choose "
                               "another name.", str(folder)))
    if taken:
        raise WrongUse(Problem("S002", f"A sample called '{folder.name}' exists already.",
                               "Choose another name: a drawn sample is never drawn again.", str(folder)))


def _case_row(case: DrawnCase, facts: Sequence[str]) -> tuple[str, ...]:
    return (case.case_id, case.stratum, case.ticket, str(case.rank), case.role, str(case.weight),
            _JOINT.join(case.handlers), _JOINT.join(case.barred), *(case.facts.get(fact, "") for fact in facts))


def _sample_record(sample: Sample, plan_text: str, digests: Mapping[str, str]) -> dict[str, Plain]:
    return {
        "format": SAMPLE_FORMAT,
        "sample": sample.name,
        "drawn_at": sample.drawn_at,
        "cqa_version": __version__,
        "seed": sample.seed,
        "seed_source": sample.seed_source,
        "rules": dict(sample.plan.rules),
        "commitment": hashlib.sha256(plan_text.encode()).hexdigest(),
        "export": [source_record(source) for source in sample.sources],
        "frame": {"digest": sample.frame_digest, "cases": sample.frame_cases},
        "excluded": [{"reason": reason, "cases": cases} for reason, cases in sample.excluded.items()],
        "strata": [
            {"stratum": stratum.name, "size": stratum.size, "eligible": stratum.eligible, "take": stratum.take,
             "reserves": stratum.reserves, "shortfall": stratum.shortfall}
            for stratum in sample.strata
        ],
        "files": dict(digests),
        "rubric": rubric_file(sample.plan.rubric),
    }


def _sealed(record: Mapping[str, Plain]) -> bytes:
    """The record with a last line that holds the SHA-256 of all before it, so that a careless edit shows."""
    data = written(record).encode()
    return data + _SEAL + f'"{hashlib.sha256(data).hexdigest()}"\n'.encode()


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
    """A planned sample's plan and the bytes it was hashed as. Raises Damaged when it cannot be read."""
    path = folder / PLAN
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Damaged(_unreadable(path, error)) from error
    reader = _reader(path)
    committed = _damaged_if_bad(lambda: read_plan(reader, parse_tree(data, str(path))))
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
    committed = _damaged_if_bad(lambda: read_plan(plan_reader, parse_tree(plan_bytes, str(folder / PLAN))))
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
        frame_cases=reader.parsed(frame.get("cases"), "cases", int, 0, "a whole number"),
        excluded=_read_excluded(reader, tree),
        strata=_read_strata(reader, tree),
        cases=_rows(folder / CASES, data[CASES], lambda row: _read_case(row, committed.plan)),
        assignments=_rows(folder / ASSIGNMENTS, data[ASSIGNMENTS],
                          lambda row: Assignment(row["case_id"], row["reviewer"], row["turn"])),
    )
    if reader.problems or plan_reader.problems:
        raise Damaged((*reader.problems, *plan_reader.problems))
    name = reader.text(tree.get("sample"), "sample")
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
    body, _, seal = data.rpartition(_SEAL)
    if seal.strip().strip(b'"').decode("ascii", "replace") != hashlib.sha256(body).hexdigest():
        wrong(_changed(path))
    reader = _reader(path)
    tree = reader.mapping(_damaged_if_bad(lambda: parse_tree(data, str(path))), "the sample")
    reader.choice(tree.get("format"), "format", (SAMPLE_FORMAT,), "")
    return tree, reader


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
    return {reader.text(item.get("reason"), "reason"): reader.parsed(item.get("cases"), "cases", int, 0,
                                                                     "a whole number")
            for item in _mappings(reader, tree, "excluded")}


def _read_strata(reader: Reader, tree: Tree) -> tuple[Stratum, ...]:
    return tuple(
        Stratum(reader.text(item.get("stratum"), "stratum"), *(
            reader.parsed(item.get(key), key, int, 0, "a whole number")
            for key in ("size", "eligible", "take", "reserves", "shortfall")))
        for item in _mappings(reader, tree, "strata")
    )


def _read_case(row: dict[str, str], plan: Plan) -> DrawnCase:
    return DrawnCase(
        case_id=row["case_id"], stratum=row["stratum"], ticket=row["ticket"], rank=int(row["rank"]),
        role=row["role"], weight=Fraction(row["weight"]), handlers=_parts(row["handler"]),
        barred=_parts(row["barred"]), facts={fact: row.get(fact, "") for fact, _ in plan.columns.facts})


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(_JOINT) if part)
