"""The journals of a folder: what they are called, whose they are, and which copies of one to believe."""

import hashlib
import json
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from cqa.errors import Problem
from cqa.files.journal import Lines, journal_lines, read_journal
from cqa.files.plain_file import open_file, read_file
from cqa.marking.chain import MAX_LINE
from cqa.marking.history import Line

Owner = tuple[str, str]
_NAMING = ("opened", "recovered", "set_aside")
PERSON = ("reviewer", "person")
"""The key that names whose journal it is: a reviewer's of marks, any person's otherwise."""
FOLLOWS, FOLLOWS_SHA256 = "follows", "follows_sha256"
DAMAGE = ("J002", "J003", "J008")
"""The codes of what `cqa verify --set-aside` is for."""


@dataclass(frozen=True, slots=True)
class Journals:
    """The journals of a folder as a reader sees them: the believed lines of each owner, the problems as in Marks, and
    the number of sealed lines of all files."""

    lines: Mapping[Owner, Lines]
    problems: tuple[Problem, ...]
    count: int


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    owner: Owner
    lines: Lines


def journal_path(folder: Path, reviewer: str, device: str) -> Path:
    """The journal that one reviewer writes on one device; nobody else ever writes it."""
    return folder / f"{reviewer.casefold()}.{device}.jsonl"


def live_device(folder: Path, person: str, device: str) -> str:
    """The device under whose name a person's journal is gone on with: the device's own, or, where the journal was
    damaged and another follows it, that of the last to follow, as `7f3a91c2.2`."""
    number = 2
    while journal_path(folder, person, f"{device}.{number}").exists():
        number += 1
    return device if number == 2 else f"{device}.{number - 1}"


def following_device(device: str) -> str:
    """The device under whose name a damaged journal is followed by the next."""
    name, _, number = device.partition(".")
    return f"{name}.{int(number or 1) + 1}"


def following(path: Path) -> dict[str, str]:
    """What the line says in which a person goes on beside a damaged journal: its name, and its SHA-256 as it was then.
    Raises OSError when the journal cannot be read."""
    return {FOLLOWS: path.name, FOLLOWS_SHA256: hashlib.sha256(read_file(path)).hexdigest()}


def writer_of(reviewer: str, device: str) -> str:
    """The name under which a reviewer's events on a device are numbered."""
    return f"{reviewer.casefold()}.{device}"


def read_journals(folder: Path, only: str = "") -> Journals:
    """Every journal of a folder; with `only`, of that person alone. Never writes.

    Of another person's journal then nothing but the line that names its owner is read, which holds no mark. Copies
    of one journal are recognised by that line, never by name: the longest is believed, and where two part ways that
    is an error.
    """
    opening = Opening(folder, only, {})
    lines = {owner: tuple(found) for owner, found in opening.journals()}
    for line in chain.from_iterable(lines.values()):
        opening.beside(line)
    return Journals(lines, opening.told(), opening.count)


class Opening:
    """The journals of a folder, one after the other: what was wrong and how many lines there were stands at the end."""

    def __init__(self, folder: Path, only: str, known: Mapping[Path, Lines]) -> None:
        self.folder, self.only, self.known = folder, only, known
        self.problems: list[Problem] = []
        self.count = 0
        self._followed: dict[str, tuple[str, str]] = {}
        """A damaged journal's name, to its SHA-256 when another went on beside it, and that one's name."""

    def journals(self) -> Iterator[tuple[Owner, Iterable[Line]]]:
        """Whose each journal is, with its lines, which are to be taken before the next is asked for. Those of no case
        are to be passed to `beside`."""
        paths, problems = _journals_in(self.folder)
        self.problems.extend(problems)
        for owner, copies in _by_owner(paths, self.only).items():
            yield owner, self._lines(copies[0]) if len(copies) == 1 else self._longest(owner, copies)

    def beside(self, line: Line) -> None:
        """Notes the damaged journal that is gone on from, where a line names one."""
        if FOLLOWS in line:
            person = next((str(line[key]) for key in PERSON if line.get(key)), "")
            follower = journal_path(self.folder, person, str(line.get("device"))).name
            self._followed[str(line[FOLLOWS])] = (str(line.get(FOLLOWS_SHA256)), follower)

    def _lines(self, path: Path) -> Iterator[Line]:
        found = self.known.get(path)
        if found is not None:
            self.count += len(found)
            return iter(found)
        return journal_lines(path, self.problems.append, self._ended)

    def _ended(self, count: int) -> None:
        self.count += count

    def told(self) -> tuple[Problem, ...]:
        """The problems; damage that its writer has acknowledged, and that is still what it was then, as a warning."""
        return tuple(_acknowledged(problem, *self._followed.get(Path(problem.where).name, ("", "")))
                     if problem.code in DAMAGE else problem for problem in self.problems)

    def _longest(self, owner: Owner, paths: Iterable[Path]) -> Lines:
        """The lines of the copy that is believed, of several of one journal."""
        copies = [_File(path, owner, tuple(self._lines(path))) for path in paths]
        believed = _believed(copies)
        self.problems.extend(_copy_problem(believed, copy) for copy in copies if copy is not believed)
        return believed.lines


def _journals_in(folder: Path) -> tuple[list[Path], list[Problem]]:
    """The journals of a folder, which need not exist; one that cannot be listed is a problem, and not an empty one."""
    try:
        return sorted(path for path in folder.iterdir() if path.name.endswith(".jsonl")), []
    except FileNotFoundError:
        return [], []
    except OSError as error:
        return [], [Problem("J004", f"The journals cannot be read: {error.strerror}.",
                            "Check the folder's permissions.", str(folder))]


def readable_by_others(folder: Path) -> tuple[Path, ...]:
    """The journals of a folder that others who use this computer may read; none where the system tells no such
    rights, as Windows does not."""
    if sys.platform == "win32":
        return ()
    return tuple(path for path in _journals_in(folder)[0] if _open_to_others(path))


def _open_to_others(path: Path) -> bool:
    try:
        mode = path.lstat().st_mode
    except OSError:
        return False
    return stat.S_ISREG(mode) and bool(mode & (stat.S_IRGRP | stat.S_IROTH))


def ahead_of(live: Path, owner: Owner, lines: Lines) -> tuple[Problem, ...]:
    """The copies of a live journal that forbid going on with it: one that is longer, or that parts from it.

    `owner` is reviewer and device, `lines` are those of the live journal. Whatever such a copy's name is, appending
    to the live journal would fork the two, or leave marks behind that were acknowledged.
    """
    reviewer, device = owner
    problems = []
    for path in sorted(live.parent.glob("*.jsonl")):
        if path.name != live.name and _owner(path) == (reviewer.casefold(), device):
            copy = _File(path, owner, read_journal(path).lines)
            if _parting(lines, copy.lines) or len(copy.lines) > len(lines):
                problems.append(_ahead(live, lines, copy))
    return tuple(problems)


def _ahead(live: Path, lines: Lines, copy: _File) -> Problem:
    parting = _parting(lines, copy.lines)
    told = (f"{copy.path.name} and {live.name} are journals of one reviewer and device and part ways at line {parting}"
            if parting else
            f"{copy.path.name} is a copy of {live.name} and goes on from line {len(lines) + 1}, where {live.name} ends")
    return Problem("J006", f"{told}. Nothing was added to either.",
                   f"Keep both elsewhere, and leave here only the one that holds your marks, named {live.name}.",
                   str(copy.path), parting or len(lines) + 1)


def _acknowledged(problem: Problem, sha256: str, follower: str) -> Problem:
    try:
        same = sha256 == hashlib.sha256(read_file(Path(problem.where))).hexdigest()
    except OSError:
        same = False
    if not same:
        return problem
    return replace(problem, severity="warning", acknowledged=f"{follower} goes on beside it.",
                   remedy="What the line held is lost; whoever wrote it has been told, and has gone on in "
                          f"{follower}.")


def _believed(copies: list[_File]) -> _File:
    """The longest of the copies; of equal ones the one with the journal's own name."""
    return max(copies, key=lambda copy: (len(copy.lines), copy.path.stem == writer_of(*copy.owner)))


def _copy_problem(believed: _File, copy: _File) -> Problem:
    parting = _parting(believed.lines, copy.lines)
    if parting:
        return Problem("J006", f"This journal and {believed.path.name} are of one reviewer and device, and part ways "
                       f"at line {parting}.", "Keep both, and ask the reviewer which one holds their marks.",
                       str(copy.path), parting)
    return Problem("J006", f"This file is a copy of {believed.path.name} and is ignored: it holds nothing more.",
                   "It may be removed.", str(copy.path), severity="warning")


def _parting(one: Iterable[Line], other: Iterable[Line]) -> int:
    """The first line, from 1, that differs between two journals; 0 when one is the beginning of the other."""
    pairs = enumerate(zip(one, other, strict=False), start=1)
    return next((number for number, (first, second) in pairs if first.get("seal") != second.get("seal")), 0)


def _owner(path: Path) -> Owner:
    """Reviewer (in lower case) and device of the first line that names them; else as the file's name has them.

    The line is not verified here: it only says whose journal this is, and is verified when the journal is read.
    """
    for line in _parsed(path):
        person = next((line[key] for key in PERSON if line.get(key)), None)
        if line.get("kind") in _NAMING and person and line.get("device"):
            return str(person).casefold(), str(line["device"])
    reviewer, _, device = path.stem.rpartition(".")
    return reviewer.casefold(), device


def _parsed(path: Path) -> Iterator[Line]:
    """The lines of a journal that are JSON objects, one after the other, as far as they can be read."""
    try:
        with open_file(path) as stream:
            while raw := stream.readline(MAX_LINE):
                try:
                    line = json.loads(raw)
                except (ValueError, RecursionError):
                    continue
                if isinstance(line, dict):
                    yield line
    except OSError:
        return


def journals_of(folder: Path, only: str = "") -> dict[Owner, tuple[Path, ...]]:
    """The files of each owner's journal, the one that is believed first; with `only`, of that person alone."""
    paths, _ = _journals_in(folder)
    return {owner: tuple(_believed_first(owner, copies)) for owner, copies in _by_owner(paths, only).items()}


def _believed_first(owner: Owner, paths: list[Path]) -> list[Path]:
    if len(paths) == 1:
        return paths
    believed = _believed([_File(path, owner, read_journal(path).lines) for path in paths]).path
    return sorted(paths, key=lambda path: path != believed)


def _by_owner(paths: Iterable[Path], only: str) -> dict[Owner, list[Path]]:
    """Journal files by their owner; with `only`, those of that person alone."""
    files: dict[Owner, list[Path]] = {}
    for path in paths:
        owner = _owner(path)
        if not only or owner[0] == only.casefold():
            files.setdefault(owner, []).append(path)
    return files
