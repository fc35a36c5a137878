"""A sample's folder, written whole or not at all: a plan, a draw, or a planned draw completed."""

import csv
import hashlib
import io
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path

from cqa import __version__
from cqa.errors import BadInput, CqaError, NotSaved, Problem, WrongUse
from cqa.files.atomic import write_bytes
from cqa.files.sample_folder import (
    ASSIGNMENTS,
    CASES,
    FRAME,
    JOINT,
    PLAN,
    RECORD,
    SAMPLE_FORMAT,
    SEAL,
    is_planned,
    rubric_file,
)
from cqa.files.yaml_tree import parse_tree, written
from cqa.sampling.draw import DrawnCase
from cqa.sampling.plan import Plan, Sample, source_record
from cqa.sampling.survey import Frame
from cqa.tree import Plain

MOST_LISTED = 1_000_000
"""A frame of more cases is not listed: its digest and the export are there to check the draw with."""

_SURELY_READ = 64 * 1024
"""A record of so many bytes is within every limit of reading, for each of its parts takes four at least."""

_CASE_COLUMNS = ("case_id", "stratum", "ticket", "rank", "role", "weight", "handler", "barred")
_ASSIGNMENT_COLUMNS = ("case_id", "reviewer", "turn", "rubric")


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
        _put(building / RECORD, sealed(_sample_record(sample, plan_text, digests)).encode())
        (building / "marks").mkdir()


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
            ends = list(map(rest.__getitem__, told))
            if weighted:
                ends = [f"{end[:-1]},{weight}\n" for end, weight in zip(ends, weights, strict=True)]
            text = "".join(ids)
            plain = not any(mark in text for mark in _SPECIAL)
            yield "".join(chain.from_iterable(zip(ids if plain else map(_quoted, ids), ends, strict=True)))
    return _put_text(path, pieces())


_SPECIAL = ",\"\r\n"


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
        write_bytes(folder / RECORD, sealed(_sample_record(sample, plan_text, digests)).encode())
    except (OSError, CqaError) as error:
        for path in moved:
            path.unlink(missing_ok=True)
        raise _not_written(folder, error) if isinstance(error, OSError) else error from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    # Not before the record: a folder of marks tells a damaged sample from a planned one. The first mark would make it.
    with suppress(OSError):
        (folder / "marks").mkdir(exist_ok=True)


def _case_row(case: DrawnCase, facts: Sequence[str]) -> tuple[str, ...]:
    return (case.case_id, case.stratum, case.ticket, str(case.rank), case.role, str(case.weight),
            JOINT.join(case.handlers), JOINT.join(case.barred), *(case.facts.get(fact, "") for fact in facts))


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


def sealed(record: Mapping[str, Plain]) -> str:
    """The record with a last line that holds the SHA-256 of all before it, so that a careless edit shows.

    Raises BadInput for a record that could not be read again: nothing may be drawn then.
    """
    text = written(record)
    body = text.encode()
    _check_readable(body)
    return f'{text}{SEAL.decode()}"{hashlib.sha256(body).hexdigest()}"\n'


def _check_readable(body: bytes) -> None:
    """Raises BadInput for a record larger than those that are read. A small one need not be tried."""
    if len(body) <= _SURELY_READ:
        return
    try:
        parse_tree(body + SEAL + b'"' + 64 * b"0" + b'"\n', RECORD, kept=True)
    except BadInput as error:
        raise BadInput(Problem("P012", f"The record of this draw would have {len(body):,} bytes, too many to be read "
                               "again.", "Draw by fewer columns, so that there are fewer strata, or shorten the "
                               "longest values in these columns.")) from error
