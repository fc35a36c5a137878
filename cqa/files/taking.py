"""A take: the folder with one reviewer's cases, rubrics and journals, a workspace and a sample of its own."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cqa import __version__
from cqa.files.atomic import sync_folder
from cqa.files.building import Building, put
from cqa.files.changes import change_line
from cqa.files.journals import Owner, journal_path
from cqa.files.plain_file import read_file
from cqa.files.rooms import CHANGES, FORMATS
from cqa.files.sample_folder import ASSIGNMENTS, CASES, PLAN, RECORD, SAMPLE_FORMAT, SampleFolder, rubric_file
from cqa.files.sample_writing import assignments_text, cases_text
from cqa.files.sealing import sealed
from cqa.files.workspace import SETTINGS_FILE
from cqa.marking.chain import START, encode
from cqa.sampling.changes import RubricMove
from cqa.sampling.plan import RubricRef, Sample, plan_record
from cqa.sampling.taking import LEADER
from cqa.tree import Plain

README = "README.txt"


@dataclass(frozen=True, slots=True)
class Take:
    """What of one sample goes with one reviewer: their part of it, the moves of its rubric, every version of the
    rubric, their own journals byte for byte; in a trial also the order in which they mark its arms."""

    id: str
    person: str
    at: str
    part: Sample
    moves: tuple[RubricMove, ...]
    rubrics: Mapping[RubricRef, bytes]
    journals: Mapping[Owner, bytes]
    order: tuple[int, ...] = ()


def write_take(place: Path, taken: Sequence[tuple[SampleFolder, Take]], settings: str, readme: str) -> None:
    """The folder of a take, whole or not at all, readable by its owner alone: what of each sample goes along, the
    settings, and what the folder says of itself. `place` must be free, or an empty folder. Raises NotSaved when the
    disk refuses."""
    with Building(place, "folder", private=True) as building:
        put(building / SETTINGS_FILE, settings.encode())
        put(building / README, readme.encode())
        for home, take in taken:
            sample = building / "samples" / home.path.name
            _put_journals(sample, take)
            _put_sample(sample, home, take)
    sync_folder(place.parent)


def _put_journals(sample: Path, take: Take) -> None:
    for rubric, data in take.rubrics.items():
        put(sample / rubric_file(rubric), data)
    for device, lines in _changes(take).items():
        put(journal_path(sample / "changes", LEADER, device), lines)
    (sample / "marks").mkdir(parents=True, mode=0o700)
    for owner, data in take.journals.items():
        journal = journal_path(sample / "marks", *owner)
        put(journal, data)
        journal.chmod(0o600)


def _put_sample(sample: Path, home: SampleFolder, take: Take) -> None:
    part = take.part
    plan = sealed(plan_record(part.plan, (), part.frame_digest, part.frame_cases, ()))
    facts = [fact for fact, _ in part.plan.columns.facts]
    digests = {
        PLAN: put(sample / PLAN, plan.encode()),
        CASES: put(sample / CASES, cases_text(part.cases, facts).encode()),
        ASSIGNMENTS: put(sample / ASSIGNMENTS, assignments_text(part).encode()),
    }
    put(sample / RECORD, sealed(_record(home, take, digests)).encode())


def _record(home: SampleFolder, take: Take, digests: Mapping[str, str]) -> dict[str, Plain]:
    """The take's own sample.yaml: of the same ground as the sample's, so that journals belong to both."""
    part = take.part

    def digest(name: str) -> str:
        return hashlib.sha256(read_file(home.path / name)).hexdigest()

    return {
        "format": SAMPLE_FORMAT,
        "sample": part.name,
        "drawn_at": part.drawn_at,
        "cqa_version": __version__,
        "seed": part.seed,
        "seed_source": part.seed_source,
        "rules": dict(part.plan.rules),
        "commitment": digest(PLAN),
        "frame": {"digest": part.frame_digest, "cases": part.frame_cases},
        "files": dict(digests),
        "rubric": rubric_file(part.plan.rubric),
        "taken": {"id": take.id, "for": take.person, "at": take.at, "record": digest(RECORD),
                  **({"order": list(take.order)} if take.order else {})},
    }


def _changes(take: Take) -> dict[str, bytes]:
    """The journals of changes in which the moves of the rubric are written down again, by their device."""
    by_device: dict[str, list[RubricMove]] = {}
    for one in take.moves:
        by_device.setdefault(one.writer.rpartition(".")[2], []).append(one)
    return {device: _chained(({
        "at": take.at, "kind": "opened", "format": FORMATS[CHANGES], "sample": take.part.name,
        "drawn_at": take.part.drawn_at, "frame": take.part.frame_digest, "person": LEADER, "device": device,
        "cqa": __version__}, *map(change_line, moves))) for device, moves in by_device.items()}


def _chained(payloads: Iterable[Mapping[str, object]]) -> bytes:
    lines: list[bytes] = []
    seal = START
    for number, payload in enumerate(payloads, start=1):
        lines.append(encode(payload, number, seal))
        seal = lines[-1][-35:-3].decode("ascii")
    return b"".join(lines)
