"""A sample's folder, written whole or not at all: a plan, a draw, or a planned draw completed."""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path

from cqa import __version__
from cqa.errors import CqaError, Problem, WrongUse
from cqa.files.atomic import write_bytes
from cqa.files.building import Building, csv_text, not_written, put, put_text
from cqa.files.parts import refuse_take
from cqa.files.retiring import refuse_retired
from cqa.files.sample_folder import (
    ASSIGNMENTS,
    CASES,
    FRAME,
    JOINT,
    PLAN,
    RECORD,
    SAMPLE_FORMAT,
    SampleFolder,
    is_planned,
    read_sample,
    rubric_file,
)
from cqa.files.sealing import sealed
from cqa.sampling.draw import DrawnCase
from cqa.sampling.plan import Plan, Sample, source_record
from cqa.sampling.survey import Frame
from cqa.tree import Plain

MOST_LISTED = 1_000_000
"""A frame of more cases is not listed: its digest and the export are there to check the draw with."""

_CASE_COLUMNS = ("case_id", "stratum", "ticket", "rank", "role", "weight", "handler", "barred")
_ASSIGNMENT_COLUMNS = ("case_id", "reviewer", "turn", "rubric")


def write_plan(folder: Path, plan: Plan, plan_text: str, rubric: bytes | None) -> None:
    """The folder of a sample that is planned and not drawn. Raises WrongUse when it exists, NotSaved for the disk."""
    refuse_taken(folder)
    with Building(folder, "sample") as building:
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
    with Building(folder, "sample") as building:
        _put_plan(building, sample.plan, plan_text, rubric)
        digests = _put_draw(building, sample, frame)
        put(building / RECORD, sealed(_sample_record(sample, plan_text, digests)).encode())
        (building / "marks").mkdir()


def unwrite_sample(folder: Path) -> None:
    """Takes a sample away that was written a moment ago, because another that belongs to it could not be."""
    shutil.rmtree(folder, ignore_errors=True)


def refuse_taken(folder: Path) -> None:
    """Raises WrongUse when a sample of this name exists already or was retired, Forbidden when it is a take, NotSaved
    when that cannot be told."""
    refuse_retired(folder)
    try:
        taken = folder.exists()
    except OSError as error:
        raise not_written(folder, error, "sample") from error
    if taken and is_planned(folder):
        raise WrongUse(Problem("S020", f"A plan called '{folder.name}' exists already, and it is fixed.",
                               f"Draw it with: cqa draw --sample {folder.name} --seed TEXT. For another plan choose "
                               "another name.", str(folder)))
    if taken:
        refuse_take(_read_if_whole(folder))
        raise WrongUse(Problem("S002", f"A sample called '{folder.name}' exists already.",
                               "Choose another name: a drawn sample is never drawn again.", str(folder)))


def _read_if_whole(folder: Path) -> SampleFolder | None:
    try:
        return read_sample(folder)
    except CqaError:
        return None


def _put_plan(building: Path, plan: Plan, plan_text: str, rubric: bytes | None) -> None:
    put(building / PLAN, plan_text.encode())
    if rubric is not None:
        put(building / rubric_file(plan.rubric), rubric)


def _put_draw(building: Path, sample: Sample, frame: Frame) -> dict[str, str]:
    """Writes everything that follows from the draw, and gives the SHA-256 of each file."""
    facts = [fact for fact, _ in sample.plan.columns.facts]
    digests = {
        CASES: put_text(building / CASES, [cases_text(sample.cases, facts)]),
        ASSIGNMENTS: put_text(building / ASSIGNMENTS, [assignments_text(sample)]),
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
        yield csv_text([header])
        for ids, told, weights in frame.listing():
            ends = list(map(rest.__getitem__, told))
            if weighted:
                ends = [f"{end[:-1]},{weight}\n" for end, weight in zip(ends, weights, strict=True)]
            text = "".join(ids)
            plain = not any(mark in text for mark in _SPECIAL)
            yield "".join(chain.from_iterable(zip(ids if plain else map(_quoted, ids), ends, strict=True)))
    return put_text(path, pieces())


_SPECIAL = ",\"\r\n"


def _quoted(text: str) -> str:
    return csv_text([(text,)]).removesuffix("\n")


class _Rest(dict[tuple[str, str], str]):
    """What follows an id in the frame's list, for a stratum and a reason: made once for each, not for each case."""

    def __init__(self, split: Mapping[str, tuple[str, str]]) -> None:
        super().__init__()
        self.split = split

    def __missing__(self, told: tuple[str, str]) -> str:
        stratum, reason = told
        self[told] = made = "," + csv_text([(*self.split.get(stratum, (stratum,)), reason)])
        return made


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
        raise not_written(folder, error, "sample") if isinstance(error, OSError) else error from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    # Not before the record: a folder of marks tells a damaged sample from a planned one. The first mark would make it.
    with suppress(OSError):
        (folder / "marks").mkdir(exist_ok=True)


def cases_text(cases: Iterable[DrawnCase], facts: Sequence[str]) -> str:
    """cases.csv with a column for each of the facts."""
    return csv_text([(*_CASE_COLUMNS, *facts), *(_case_row(case, facts) for case in cases)])


def assignments_text(sample: Sample) -> str:
    """assignments.csv: who marks what at which turn, and the rubric it was drawn with."""
    rubric = sample.plan.rubric
    told = f"{rubric.id}-{rubric.version}" if rubric else ""
    return csv_text([_ASSIGNMENT_COLUMNS,
                     *((mark.case_id, mark.reviewer, mark.turn, told) for mark in sample.assignments)])


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
