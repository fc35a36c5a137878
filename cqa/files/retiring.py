"""A sample retired at the end of its retention: a sealed record of it is written, and then its folder removed."""

import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cqa.errors import Damaged, InUse, NotSaved, Problem, WrongUse
from cqa.files import journal
from cqa.files.anchors import ends_at
from cqa.files.atomic import sync_folder, write_bytes
from cqa.files.plain_file import read_file
from cqa.files.recorded import damaged_if_bad
from cqa.files.rooms import ROOMS
from cqa.files.sealing import is_sealed, sealed
from cqa.files.workspace import RETIRED
from cqa.files.yaml_tree import parse_tree
from cqa.tree import Plain, Reader

FORMAT = "cqa-retired/1"
_FLAGS = os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


@dataclass(frozen=True, slots=True)
class Retired:
    """A retired sample: its name, when (UTC text) and by whom, and the lines of its anchor."""

    sample: str
    at: str
    by: str
    anchor: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ops:
    """The calls that are made; a test replaces one to fail."""

    write: Callable[[Path, bytes], object] = write_bytes
    rename: Callable[[Path, Path], object] = os.rename
    remove: Callable[[Path], object] = shutil.rmtree
    unlink: Callable[[Path], object] = os.unlink
    sync_folder: Callable[[Path], None] = sync_folder


REAL = Ops()


def record_place(sample: Path) -> Path:
    """Where the record of a retired sample is, by the folder that it had."""
    return sample.parent.parent / RETIRED / f"{sample.name}.yaml"


def leaving(sample: Path) -> Path:
    """What the folder of a sample is called from the moment its record stands until it is gone: nothing reads it."""
    return sample.with_name(f".{sample.name}.retiring")


def retired_names(root: Path) -> tuple[str, ...]:
    """The names, in lower case, of the samples that were retired in a workspace."""
    return tuple(sorted(path.stem for path in (root / RETIRED).glob("*.yaml") if not path.name.startswith(".")))


def refuse_retired(sample: Path) -> None:
    """Raises WrongUse where a sample of that folder was retired: its name stays taken."""
    if record_place(sample).exists():
        raise WrongUse(Problem("S037", f"A sample called '{sample.name}' was retired.", "Choose another name: that of "
                               "a retired sample is never used again.", str(record_place(sample))))


def read_retired(place: Path) -> Retired:
    """The record of a retired sample. Raises Damaged when it cannot be read or is not as it was written."""
    try:
        data = read_file(place)
    except OSError as error:
        raise Damaged(Problem("S038", f"The record cannot be read: {error.strerror}.", "Ask for permission to read it.",
                              str(place))) from error
    if not is_sealed(data):
        raise Damaged(Problem("S038", "The record is not as it was written.", "Restore it from a copy.", str(place)))
    reader = Reader(str(place), ("S038", "S038", "S038"))
    tree = reader.mapping(damaged_if_bad(lambda: parse_tree(data, str(place), kept=True)), "the record")
    reader.choice(tree.get("format"), "format", (FORMAT,), "")
    told = reader.mapping(reader.required(tree, "retired", "The record"), "retired")
    at, by = (reader.text(reader.required(told, key, "retired"), key) for key in ("at", "by"))
    found = Retired(reader.text(reader.required(tree, "sample", "The record"), "sample"), at, by,
                    reader.texts(tree.get("anchor"), "anchor"))
    if reader.problems:
        raise Damaged(reader.problems)
    return found


class HeldJournals:
    """Every journal of a sample, locked, so that nobody adds to one while the sample is being retired."""

    def __init__(self, sample: Path, ops: journal.Ops = journal.REAL) -> None:
        self._sample, self._ops = sample, ops
        self.names: set[str] = set()
        self._descriptors: list[int] = []

    def __enter__(self) -> "HeldJournals":
        try:
            for path in _journals(self._sample):
                self._hold(path)
        except BaseException:
            self.release()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        """Lets all of them go."""
        while self._descriptors:
            self._ops.close(self._descriptors.pop())

    def _hold(self, path: Path) -> None:
        try:
            descriptor = self._ops.open(path, _FLAGS, 0o600)
        except OSError as error:
            raise NotSaved(Problem("J004", f"The journal cannot be opened: {error.strerror or error}. Nothing was "
                                   "changed.", "Ask for permission to it.", str(path))) from error
        self._descriptors.append(descriptor)
        try:
            self._ops.lock(descriptor)
        except OSError as error:
            raise InUse(Problem("J005", "A sitting has this journal open. Nothing was changed.",
                                "Retire the sample when nobody is marking it.", str(path))) from error
        self.names.add(_name(path))


def _journals(sample: Path) -> list[Path]:
    return sorted(path for room in ROOMS for path in (sample / room).glob("*.jsonl")
                  if path.is_file() and not path.is_symlink())


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def retire(
    sample: Path, record: Mapping[str, Plain], held: HeldJournals, release_first: bool = False, ops: Ops = REAL
) -> None:
    """Puts the record on the disk, and only then removes the sample's folder. `held` are its journals, locked.

    The folder is renamed first: a retirement that is cut off leaves a sample as it was, or none, and never a part of
    one that looks damaged; `remove_rest` finishes it. With `release_first` the journals are let go just before, for
    Windows renames no folder in which a file is open.

    Raises InUse where somebody marked meanwhile, and NotSaved when the disk refuses: the sample is then as it was,
    unless the message says that it is retired and the rest of its folder is still there.
    """
    place, gone = record_place(sample), leaving(sample)
    ends = ends_at(sample)
    ops.write(place, sealed(record).encode())
    if release_first:
        held.release()
    try:
        ops.rename(sample, gone)
    except OSError as error:
        _take_back(place, ops)
        raise NotSaved(Problem("P004", f"The folder could not be moved: {error.strerror or error}. The sample is as it "
                               "was.", "Close every file in it, and retire it again.", str(sample))) from error
    if any(_name(path) not in held.names for path in _journals(gone)) or ends_at(gone) != ends:
        _put_back(sample, ops)
        raise InUse(Problem("J005", "Somebody marked meanwhile. Nothing was changed.", "Retire the sample when nobody "
                            "is marking it.", str(sample)))
    with suppress(OSError):
        ops.sync_folder(sample.parent)
    remove_rest(sample, ops)


def _put_back(sample: Path, ops: Ops) -> None:
    """The sample is there again, and nothing says that it is retired. Raises NotSaved where that cannot be done."""
    _take_back(record_place(sample), ops)
    try:
        ops.rename(leaving(sample), sample)
    except OSError as error:
        raise NotSaved(Problem("P004", f"Somebody marked meanwhile, and the folder could not be put back: "
                               f"{error.strerror or error}. Nothing of it was removed.", f"Rename it to {sample.name}.",
                               str(leaving(sample)))) from error


def finish(sample: Path, retired: Retired, ops: Ops = REAL) -> None:
    """Ends a retirement that was cut off after its record stood. Raises Damaged where the folder holds a journal that
    the record does not name so: nothing is removed then. Raises NotSaved as `remove_rest`."""
    if unknown := [end for end in ends_at(leaving(sample)) if str(end) not in retired.anchor]:
        raise Damaged(Problem("S038", f"The journal {unknown[0].name} is not as the record of the retirement says: "
                              "somebody marked meanwhile. Nothing was removed.", f"Rename the folder to {sample.name}, "
                              "remove the record, and retire the sample again.", str(leaving(sample))))
    remove_rest(sample, ops)


def remove_rest(sample: Path, ops: Ops = REAL) -> None:
    """Removes what is left of a retired sample's folder. Raises NotSaved when it cannot be removed."""
    gone = leaving(sample)
    try:
        if gone.exists():
            ops.remove(gone)
        ops.sync_folder(sample.parent)
    except OSError as error:
        raise NotSaved(Problem("P004", f"The sample is retired, and the rest of its folder could not be removed: "
                               f"{error.strerror or error}.", "Close every file in it, and run cqa retire again.",
                               str(gone))) from error


def _take_back(place: Path, ops: Ops) -> None:
    """Removes a record that is not true: the sample is still there. The next retirement writes another."""
    with suppress(OSError):
        ops.unlink(place)
        ops.sync_folder(place.parent)


def elsewhere(root: Path, name: str) -> tuple[str, ...]:
    """What of the sample lies in other places of the workspace and is not touched: reports and packs by their names,
    and takes. A report over many samples does not name them, and is named here since it may hold this one."""
    reports = [path for path in sorted((root / "reports").glob("*")) if _is_of(path.name.casefold(), name)]
    takes = sorted(path.parent.parent.parent for path in root.glob(f"*/samples/{name}/sample.yaml"))
    return tuple(path.relative_to(root).as_posix() for path in (*reports, *takes))


def _is_of(report: str, name: str) -> bool:
    samples, _, _ = report.partition("-consistency")
    return name in samples.split("+") or report.startswith(f"{name}-evidence") or "-samples++" in report
