"""A sample's folder: written whole or not at all, and read back with its digests checked."""

import csv
import hashlib
import io
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from cqa import __version__
from cqa.errors import BadInput, Damaged, NotSaved, Problem, WrongUse
from cqa.files.workspace import Workspace
from cqa.files.yaml_tree import parse_tree, read_tree, written
from cqa.sampling.draw import DrawnCase, Stratum
from cqa.sampling.pairing import Assignment
from cqa.sampling.plan import RULES, Plan, Sample, read_plan, read_source, source_record
from cqa.tree import Items, Plain, Reader, Tree

SAMPLE_FORMAT = "cqa-sample/1"

_CASE_COLUMNS = ("case_id", "stratum", "ticket", "rank", "role", "weight", "handler", "barred")
_ASSIGNMENT_COLUMNS = ("case_id", "reviewer", "turn", "rubric")
_JOINT = "; "


@dataclass(frozen=True, slots=True)
class SampleFolder:
    """A sample and the folder it lives in."""

    path: Path
    sample: Sample
    rubric_file: str

    @property
    def marks(self) -> Path:
        """Where the reviewers' journals are."""
        return self.path / "marks"

    @property
    def books(self) -> Path:
        """Where the reviewers' workbooks are rendered."""
        return self.path / "books"

    def rubric_bytes(self) -> bytes:
        """The rubric byte for byte as it stood at the draw. Raises Damaged when it is not the one recorded."""
        rubric = self.sample.plan.rubric
        if rubric is None:
            raise BadInput(Problem("S016", f"Sample '{self.sample.name}' was drawn without a rubric.",
                                   "Draw again under another name, with --rubric FILE."))
        return _recorded_bytes(self.path / self.rubric_file, rubric.sha256)


def write_sample(folder: Path, sample: Sample, plan_text: str, rubric: bytes | None) -> None:
    """The sample's folder, complete, under its final name only once everything is on disk.

    Raises WrongUse when the folder exists, NotSaved when the disk refuses; then nothing is left behind.
    """
    reference = sample.plan.rubric
    rubric_file = f"rubrics/{reference.id}-{reference.version}.yaml" if reference else ""
    facts = [*(fact for fact, _ in sample.plan.columns.facts)]
    cases = _csv_bytes((*_CASE_COLUMNS, *facts), (_case_row(case, facts) for case in sample.cases))
    told = f"{reference.id}-{reference.version}" if reference else ""
    assignments = _csv_bytes(_ASSIGNMENT_COLUMNS, (
        (mark.case_id, mark.reviewer, mark.turn, told) for mark in sample.assignments))
    record = _sample_record(sample, plan_text, rubric_file, cases, assignments)
    parts = {
        "plan.yaml": plan_text.encode(),
        "sample.yaml": written(record).encode(),
        "cases.csv": cases,
        "assignments.csv": assignments,
        **({rubric_file: rubric} if rubric is not None else {}),
    }
    _write_folder(folder, parts)


def refuse_taken(folder: Path) -> None:
    """Raises WrongUse when a sample of this name exists already."""
    if folder.exists():
        raise WrongUse(Problem("S002", f"A sample called '{folder.name}' exists already.",
                               "Choose another name: a drawn sample is never drawn again.", str(folder)))


def _write_folder(folder: Path, parts: Mapping[str, bytes]) -> None:
    refuse_taken(folder)
    building = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    try:
        for name, data in parts.items():
            path = building / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
        (building / "marks").mkdir()
        building.rename(folder)
    except OSError as error:
        shutil.rmtree(building, ignore_errors=True)
        raise NotSaved(Problem("P004", f"The sample could not be written: {error.strerror}.",
                               "Nothing was saved. Check the disk and the folder's permissions.",
                               str(folder))) from error


def _csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def _case_row(case: DrawnCase, facts: Sequence[str]) -> tuple[str, ...]:
    return (case.case_id, case.stratum, case.ticket, str(case.rank), case.role, str(case.weight),
            _JOINT.join(case.handlers), _JOINT.join(case.barred), *(case.facts.get(fact, "") for fact in facts))


def _sample_record(
    sample: Sample, plan_text: str, rubric_file: str, cases: bytes, assignments: bytes
) -> dict[str, Plain]:
    return {
        "format": SAMPLE_FORMAT,
        "sample": sample.name,
        "drawn_at": sample.drawn_at,
        "cqa_version": __version__,
        "seed": sample.seed,
        "seed_source": sample.seed_source,
        "rules": dict(RULES),
        "commitment": hashlib.sha256(plan_text.encode()).hexdigest(),
        "export": source_record(sample.source),
        "frame": {"digest": sample.frame_digest, "cases": sample.frame_cases},
        "excluded": [],
        "strata": [
            {"stratum": stratum.name, "size": stratum.size, "eligible": stratum.eligible, "take": stratum.take,
             "reserves": stratum.reserves, "shortfall": stratum.shortfall}
            for stratum in sample.strata
        ],
        "files": {
            "cases.csv": hashlib.sha256(cases).hexdigest(),
            "assignments.csv": hashlib.sha256(assignments).hexdigest(),
        },
        "rubric": rubric_file,
    }


def open_sample(workspace: Workspace, name: str) -> SampleFolder:
    """The sample of that name. Raises WrongUse when there is none, Damaged when its files are not as written."""
    folder = workspace.sample_folder(name)
    if not (folder / "sample.yaml").is_file():
        known = ", ".join(workspace.sample_names())
        raise WrongUse(Problem("S001", f"There is no sample called '{name}'.",
                               f"Samples here: {known}." if known else "Draw one with: cqa draw"))
    return read_sample(folder)


def read_sample(folder: Path) -> SampleFolder:
    """The sample in `folder`. Raises Damaged when a file is missing or differs from what sample.yaml records."""
    path = folder / "sample.yaml"
    reader = Reader(str(path), ("S004", "S004", "S004"))
    tree = reader.mapping(read_tree(path)[0], "the sample")
    reader.choice(tree.get("format"), "format", (SAMPLE_FORMAT,), "")
    digests = reader.mapping(tree.get("files"), "files")
    plan_bytes = _recorded_bytes(folder / "plan.yaml", reader.text(tree.get("commitment"), "commitment"))
    plan = read_plan(reader, parse_tree(plan_bytes, str(folder / "plan.yaml")))
    rows = {
        name: _csv_rows(_recorded_bytes(folder / name, reader.text(digests.get(name), name)))
        for name in ("cases.csv", "assignments.csv")
    }
    frame = reader.mapping(tree.get("frame"), "frame")
    sample = Sample(
        plan=plan,
        seed=reader.text(reader.required(tree, "seed", "The sample"), "seed"),
        seed_source=reader.text(tree.get("seed_source"), "seed_source"),
        drawn_at=reader.text(tree.get("drawn_at"), "drawn_at"),
        source=read_source(reader, tree.get("export")),
        frame_digest=reader.text(frame.get("digest"), "digest"),
        frame_cases=reader.parsed(frame.get("cases"), "cases", int, 0, "a whole number"),
        strata=_read_strata(reader, tree),
        cases=tuple(_read_case(row, plan) for row in rows["cases.csv"]),
        assignments=tuple(
            Assignment(row["case_id"], row["reviewer"], row["turn"]) for row in rows["assignments.csv"]),
    )
    if reader.problems:
        raise Damaged(reader.problems)
    return SampleFolder(folder, sample, reader.text(tree.get("rubric"), "rubric"))


def _recorded_bytes(path: Path, sha256: str) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Damaged(Problem("S004", f"The file cannot be read: {error.strerror}.",
                              "Restore the sample's folder from a copy.", str(path))) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Damaged(Problem("S004", "The file is not as it was written.",
                              "Restore it from a copy; changes are recorded by commands, never by editing.",
                              str(path)))
    return data


def _csv_rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))


def _read_strata(reader: Reader, tree: Tree) -> tuple[Stratum, ...]:
    node = tree.get("strata")
    strata = [reader.mapping(item, "strata") for item in node.values] if isinstance(node, Items) else []
    return tuple(
        Stratum(reader.text(item.get("stratum"), "stratum"), *(
            reader.parsed(item.get(key), key, int, 0, "a whole number")
            for key in ("size", "eligible", "take", "reserves", "shortfall")))
        for item in strata
    )


def _read_case(row: dict[str, str], plan: Plan) -> DrawnCase:
    return DrawnCase(
        case_id=row["case_id"], stratum=row["stratum"], ticket=row["ticket"], rank=int(row["rank"]),
        role=row["role"], weight=Fraction(row["weight"]), handlers=_parts(row["handler"]),
        barred=_parts(row["barred"]), facts={fact: row.get(fact, "") for fact, _ in plan.columns.facts})


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(_JOINT) if part)
