"""Approvals of rubrics, beside them: of every approved version the bytes, and who took it live when, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cqa.errors import BadInput, Damaged, Problem
from cqa.files.atomic import write_bytes
from cqa.files.rubrics import RubricFile, rubric_of
from cqa.files.yaml_tree import read_tree, written
from cqa.tree import Items, Node, Plain, Reader

FOLDER = "approvals"
FORMAT = "cqa-approval/1"
_RECORD = ".approval.yaml"
_KEYS = ("format", "id", "version", "title", "sha256", "bytes", "approvals")
_SIGNED = ("person", "account", "at", "check", "try")


@dataclass(frozen=True, slots=True)
class Signed:
    """One person's approval: when (UTC), from which account, and what check and try had said."""

    person: str
    account: str
    at: str
    check: Mapping[str, str]
    tried: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Approved:
    """One approved version: the rubric as it was approved, and who did so; never empty."""

    file: RubricFile
    signed: tuple[Signed, ...]

    @property
    def version(self) -> str:
        """The version that was approved."""
        return self.file.rubric.version

    @property
    def by(self) -> str:
        """Who approved it and on what day, in words."""
        return ", ".join(f"{one.person} on {one.at[:10]}" for one in self.signed)


def approved_versions(path: Path, rubric_id: str) -> tuple[Approved, ...]:
    """Every approved version of the rubric that `path` holds or will hold, in no certain order.

    Raises BadInput where a record cannot be read, Damaged where the bytes kept are not those that were approved.
    """
    try:
        names = sorted(name for place in (path.parent / FOLDER).iterdir()
                       if (name := place.name).startswith(f"{rubric_id}-".casefold()) and name.endswith(_RECORD))
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise BadInput(Problem("P004", f"The folder cannot be read: {error.strerror}.", "Ask for permission to it.",
                               str(path.parent / FOLDER))) from error
    return tuple(one for name in names if (one := _read(path.parent / FOLDER / name, rubric_id)) is not None)


def keep_approval(path: Path, found: RubricFile, signed: Sequence[Signed]) -> Path:
    """Writes the approved bytes, and then the record that names them. Gives the record. Raises NotSaved."""
    stem = f"{found.rubric.id}-{found.rubric.version}".casefold()
    folder = path.parent / FOLDER
    write_bytes(folder / f"{stem}.yaml", found.data)
    record: dict[str, Plain] = {
        "format": FORMAT, "id": found.rubric.id, "version": found.rubric.version, "title": found.rubric.title,
        "sha256": found.sha256, "bytes": len(found.data),
        "approvals": [{"person": one.person, "account": one.account, "at": one.at, "check": dict(one.check),
                       "try": dict(one.tried)} for one in signed],
    }
    return write_bytes(folder / f"{stem}{_RECORD}", written(record).encode())


def _read(place: Path, rubric_id: str) -> Approved | None:
    """The approval at a place; None where it is of another rubric, whose id begins with this one's."""
    reader = Reader(str(place), ("R066", "R066", "R066"))
    tree = reader.mapping(read_tree(place)[0], "the approval", _KEYS)
    if reader.text(reader.required(tree, "id", "The approval"), "id").casefold() not in ("", rubric_id.casefold()):
        return None
    reader.choice(reader.required(tree, "format", "The approval"), "format", (FORMAT,), "")
    sha256 = reader.text(reader.required(tree, "sha256", "The approval"), "sha256")
    listed = reader.required(tree, "approvals", "The approval")
    signed = tuple(_signed(reader, node) for node in (listed.values if isinstance(listed, Items) else ()))
    if not signed:
        reader.wrong("R066", listed, "The approval names nobody.", "Put the record back as it was.")
    if reader.problems:
        raise BadInput(reader.problems)
    return Approved(_kept(place, sha256), signed)


def _kept(place: Path, sha256: str) -> RubricFile:
    copy = place.with_name(place.name.removesuffix(_RECORD) + ".yaml")
    try:
        data = copy.read_bytes()
    except OSError as error:
        raise Damaged(Problem("R066", f"The bytes that were approved are not there: {error.strerror}.",
                              "Put the file back as it was.", str(copy))) from error
    found = rubric_of(data, str(copy))
    if found.sha256 != sha256:
        raise Damaged(Problem("R066", "These are not the bytes that were approved.", "Put the file back as it was: its "
                              f"SHA-256 was {sha256}.", str(copy)))
    return found


def _signed(reader: Reader, node: Node) -> Signed:
    tree = reader.mapping(node, "an approval", _SIGNED)
    person, account, at = (reader.text(reader.required(tree, name, "An approval"), name)
                           for name in ("person", "account", "at"))
    check, tried = ({key.value: reader.text(value, key.value) for key, value in reader.mapping(tree.get(name), name)}
                    for name in ("check", "try"))
    return Signed(person, account, at, check, tried)
