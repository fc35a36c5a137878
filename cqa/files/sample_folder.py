"""A sample's folder as it is read: every file held against the digest that was recorded for it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cqa.errors import BadInput, Damaged, Problem, WrongUse
from cqa.facts import ratio, recorded_number
from cqa.files.plain_file import read_file
from cqa.files.recorded import (
    RESTORE,
    changed,
    check_recorded,
    damaged_if_bad,
    record_reader,
    recorded_bytes,
    recorded_rows,
    stop,
    unreadable,
)
from cqa.files.recorded_names import names_of_no_file
from cqa.files.rooms import CHANGES, FEEDBACK, MARKS, MODERATION
from cqa.files.sealing import is_sealed
from cqa.files.withheld import WITHHELD, read_withheld
from cqa.files.workspace import RETIRED, Workspace
from cqa.files.yaml_tree import parse_tree
from cqa.sampling.draw import DrawnCase, Stratum
from cqa.sampling.pairing import Assignment
from cqa.sampling.plan import Committed, Plan, RubricRef, Sample, read_plan, read_sources
from cqa.sampling.trial import ARMS
from cqa.sampling.withholding import HANDLER
from cqa.tree import Reader, Tree
from cqa.whole import is_whole

SAMPLE_FORMAT = "cqa-sample/1"
PLAN, RECORD, CASES, ASSIGNMENTS, FRAME = "plan.yaml", "sample.yaml", "cases.csv", "assignments.csv", "frame.csv"
JOINT = "; "
"""Between the names of one field."""

_TAKE = re.compile(r"[0-9a-f]{8}")


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
    taken: str = ""
    """The id of the take where the folder is one: one reviewer's cases, taken away for marking. Empty otherwise."""
    withheld: tuple[str, ...] = ()
    """The columns of cases.csv that were left out when the sample was packed: their facts read as blank here."""
    order: tuple[int, ...] = ()
    """In a take of a trial's sample: its arms in the order in which the reviewer marks them. Empty otherwise."""

    @property
    def marks(self) -> Path:
        """Where the reviewers' journals are."""
        return self.path / MARKS

    @property
    def books(self) -> Path:
        """Where the reviewers' workbooks are rendered."""
        return self.path / "books"

    @property
    def changes(self) -> Path:
        """Where the leaders' journals of changes are."""
        return self.path / CHANGES

    @property
    def moderation(self) -> Path:
        """Where the leaders' journals of moderation are."""
        return self.path / MODERATION

    @property
    def feedback(self) -> Path:
        """Where the journals of feedback are."""
        return self.path / FEEDBACK

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
        return recorded_bytes(self.path / rubric_file(rubric), rubric.sha256)


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
    if not folder.is_dir() and (record := workspace.root / RETIRED / f"{folder.name}.yaml").exists():
        raise WrongUse(Problem("S037", f"The sample '{name}' was retired, and is no more.", "What is known of it "
                               "stands in its record.", str(record)))
    if not folder.is_dir():
        names = workspace.sample_names()
        if arms := [name for name in (f"{folder.name}-1", f"{folder.name}-2") if name in names]:
            raise WrongUse(Problem("S001", f"'{name}' is no sample by itself.", f"Name one of its two: "
                                   f"{' or '.join(arms)}."))
        known = ", ".join(names)
        raise WrongUse(Problem("S001", f"There is no sample called '{name}'.",
                               f"Samples here: {known}." if known else "Draw one with: cqa draw"))
    return read_sample(folder)


def read_committed(folder: Path) -> tuple[Committed, bytes]:
    """A planned sample's plan and the bytes it was hashed as. Raises Damaged when it cannot be read or was changed."""
    path = folder / PLAN
    try:
        data = read_file(path)
    except OSError as error:
        raise Damaged(unreadable(path, error)) from error
    if not is_sealed(data):
        raise Damaged(Problem("S020", "The plan was changed after it was written.", "Restore plan.yaml from a copy, so "
                              "that its SHA-256 is the commitment that was published; or plan again under another "
                              "name.", str(path)))
    reader = record_reader(path)
    tree = damaged_if_bad(lambda: parse_tree(data, str(path), kept=True))
    committed = damaged_if_bad(lambda: read_plan(reader, tree))
    for named in committed.paths:
        if "\0" in named or not is_whole(named):
            reader.malformed(tree, f"'{named[:80]}' cannot be the path of an export.", RESTORE)
    if reader.problems:
        raise Damaged(reader.problems)
    return committed, data


def read_sample(folder: Path, wrong: Callable[[Problem], None] | None = None) -> SampleFolder:
    """The sample in `folder`. Raises Damaged when a file is missing, unreadable or not as sample.yaml records it.

    With `wrong`, a file that was changed and can still be read is told to it instead, and read as it stands.
    """
    wrong = wrong or stop
    tree, reader = _read_record(folder / RECORD, wrong)
    digests = reader.mapping(tree.get("files"), "files")

    def recorded(name: str, sha256: str) -> bytes:
        return recorded_bytes(folder / name, sha256, wrong)

    taken = reader.mapping(tree.get("taken"), "taken")
    # The plan of a take names nobody else, so it cannot be the one that was committed to.
    plan_bytes = recorded(PLAN, reader.text(digests.get(PLAN) if taken.pairs else tree.get("commitment"), "commitment"))
    plan_reader = record_reader(folder / PLAN)
    committed = damaged_if_bad(lambda: read_plan(plan_reader, parse_tree(plan_bytes, str(folder / PLAN), kept=True)))
    cases_as_drawn = reader.text(digests.get(CASES), CASES)
    withheld = read_withheld(folder)
    if withheld and withheld.drawn != cases_as_drawn:
        wrong(changed(folder / WITHHELD))
    gone = frozenset(withheld.columns if withheld else ())
    data = {CASES: recorded(CASES, withheld.packed if withheld else cases_as_drawn),
            ASSIGNMENTS: recorded(ASSIGNMENTS, reader.text(digests.get(ASSIGNMENTS), ASSIGNMENTS))}
    if listed := digests.get(FRAME) is not None:
        check_recorded(folder / FRAME, reader.text(digests.get(FRAME), FRAME), wrong)
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
        cases=recorded_rows(folder / CASES, data[CASES], lambda row: _read_case(row, committed.plan, gone)),
        assignments=recorded_rows(folder / ASSIGNMENTS, data[ASSIGNMENTS],
                          lambda row: Assignment(row["case_id"], row["reviewer"], row["turn"])),
    )
    if reader.problems or plan_reader.problems:
        raise Damaged((*reader.problems, *plan_reader.problems))
    name = reader.text(tree.get("sample"), "sample")
    if wrong_names := names_of_no_file(sample, {RECORD: name, PLAN: sample.plan.sample}):
        raise Damaged(Problem("S004", told, RESTORE, str(folder)) for told in wrong_names)
    return SampleFolder(folder, sample, committed, listed, name, rules, _take_id(reader, taken),
                        withheld.columns if withheld else (), _order(reader, taken))


def _take_id(reader: Reader, taken: Tree) -> str:
    """The id of a take; it becomes part of journals' names, so it must be one."""
    if not taken.pairs:
        return ""
    take = reader.text(taken.get("id"), "id")
    if not _TAKE.fullmatch(take):
        raise Damaged(Problem("S004", "The take has no id.", RESTORE, reader.where))
    return take


def _order(reader: Reader, taken: Tree) -> tuple[int, ...]:
    """The arms of a trial in the order in which whoever took them away marks them."""
    told = reader.texts(taken.get("order"), "order")
    return tuple(arm for one in told for arm in ARMS if one == str(arm))


def _read_record(path: Path, wrong: Callable[[Problem], None]) -> tuple[Tree, Reader]:
    """The record's tree, its seal checked. Raises Damaged for a missing or unreadable record."""
    try:
        data = read_file(path)
    except OSError as error:
        raise Damaged(unreadable(path, error)) from error
    if not is_sealed(data):
        wrong(changed(path))
    reader = record_reader(path)
    tree = reader.mapping(damaged_if_bad(lambda: parse_tree(data, str(path), kept=True)), "the sample")
    reader.choice(tree.get("format"), "format", (SAMPLE_FORMAT,), "")
    return tree, reader


def _read_excluded(reader: Reader, tree: Tree) -> dict[str, int]:
    return {reader.text(item.get("reason"), "reason"): reader.parsed(item.get("cases"), "cases", recorded_number, 0,
                                                                     "a whole number")
            for item in reader.mappings(tree.get("excluded"), "excluded")}


def _read_strata(reader: Reader, tree: Tree) -> tuple[Stratum, ...]:
    return tuple(
        Stratum(reader.text(item.get("stratum"), "stratum"), *(
            reader.parsed(item.get(key), key, recorded_number, 0, "a whole number")
            for key in ("size", "eligible", "take", "reserves", "shortfall")))
        for item in reader.mappings(tree.get("strata"), "strata")
    )


def _read_case(row: dict[str, str], plan: Plan, gone: frozenset[str]) -> DrawnCase:
    return DrawnCase(
        case_id=row["case_id"], stratum=row["stratum"], ticket=row["ticket"], rank=recorded_number(row["rank"]),
        role=row["role"], weight=ratio(row["weight"]),
        handlers=_parts("" if HANDLER in gone else row[HANDLER]),
        barred=_parts(row["barred"]),
        facts={fact: "" if fact in gone else row[fact] for fact, _ in plan.columns.facts})


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(JOINT) if part)
