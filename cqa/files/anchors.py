"""Anchors: how many lines each journal of a sample has and the seal of the last, to be kept by somebody else.

A chain alone cannot show that its end was cut off, or that all of it was written anew. Against an anchor that was made
before and is held elsewhere, either shows.
"""

import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cqa.errors import BadInput, Problem
from cqa.files.journals import Owner, journal_path, read_journals
from cqa.files.plain_file import read_file
from cqa.files.rooms import MARKS, ROOMS
from cqa.files.sample_folder import RECORD, SampleFolder

ANCHOR_FORMAT, ANCHOR_SHEET = "cqa-anchor/1", "Anchor"
ANCHOR_FILE = "ANCHOR.txt"
"""What an evidence pack calls its anchor."""
_MOST_BYTES = 1 << 24
_SAMPLE = re.compile(r"sample ([A-Za-z0-9._-]+) ([0-9a-f]{64})")
_JOURNAL = re.compile(rf"journal ({'|'.join(ROOMS)})/([A-Za-z0-9._-]+)\.([A-Za-z0-9-]+(?:\.\d+)?) (\d{{1,12}}) "
                      "([0-9a-f]{32})")


@dataclass(frozen=True, slots=True)
class End:
    """Where a journal ended: in which room, whose it is, the number of its last sealed line, and that line's seal."""

    room: str
    owner: Owner
    seq: int
    seal: str

    @property
    def name(self) -> str:
        """`<room>/<person>.<device>`, which is the journal's file without its ending."""
        return f"{self.room}/{self.owner[0]}.{self.owner[1]}"

    def __str__(self) -> str:
        return f"journal {self.name} {self.seq} {self.seal}"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A sample, the SHA-256 of its record, and where each of its journals ended."""

    sample: str
    record: str
    ends: tuple[End, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The anchor as text, a line for the format, one for the sample and one for each journal."""
        return (ANCHOR_FORMAT, f"sample {self.sample} {self.record}", *map(str, self.ends))


def anchor_of(folder: SampleFolder, only: str = "") -> Anchor:
    """The anchor of a sample as it is now; with `only`, of that person's journals of marks alone. Never writes.

    Of a damaged journal the last line counts whose seal holds. Raises OSError when the record cannot be read.
    """
    return anchor_at(folder.path, folder.name, only)


def anchor_at(path: Path, name: str, only: str = "") -> Anchor:
    """As `anchor_of`, for the folder of a sample of that name, whose other files need not be as they were written."""
    record = hashlib.sha256(read_file(path / RECORD)).hexdigest()
    return Anchor(name.casefold(), record, ends_at(path, only))


def ends_at(path: Path, only: str = "") -> tuple[End, ...]:
    """Where each journal in the folder of a sample ends; with `only`, of that person's journals of marks alone."""
    return tuple(end for room in ((MARKS,) if only else ROOMS) for end in _ends(path / room, only))


def _ends(room: Path, only: str) -> Iterator[End]:
    for owner, lines in sorted(read_journals(room, only).lines.items()):
        if lines:
            seq = lines[-1].get("seq")
            yield End(room.name, owner, seq if isinstance(seq, int) else 0, str(lines[-1].get("seal")))


def read_anchors(texts: Iterable[str]) -> tuple[Anchor, ...]:
    """The anchors in lines of text, wherever they stand between other lines; none where there are none."""
    found: list[Anchor] = []
    for text in texts:
        if sample := _SAMPLE.fullmatch(text.strip()):
            found.append(Anchor(sample[1].casefold(), sample[2], ()))
        elif found and (journal := _JOURNAL.fullmatch(text.strip())):
            room, person, device, seq, seal = journal.groups()
            end = End(room, (person.casefold(), device), int(seq), seal)
            found[-1] = Anchor(found[-1].sample, found[-1].record, (*found[-1].ends, end))
    return tuple(found)


def anchors_in(path: Path) -> tuple[Anchor, ...]:
    """The anchors that a file holds: a workbook of cqa on its sheet Anchor, an evidence pack, or any text.

    Raises BadInput for a file that cannot be read, or holds none.
    """
    try:
        if path.suffix.casefold() == ".xlsx":
            from cqa.files.workbook_in import texts_in  # noqa: PLC0415 - openpyxl is for workbooks only

            found = read_anchors(texts_in(path, ANCHOR_SHEET))
        elif path.suffix.casefold() == ".zip":
            found = read_anchors(_in_pack(path))
        else:
            found = read_anchors(path.read_text(encoding="utf-8-sig", errors="replace").splitlines())
    except OSError as error:
        raise BadInput(Problem("J017", f"The file cannot be read: {error.strerror}.", "Name the workbook, or the text, "
                               "that holds the anchor.", str(path))) from error
    if not found:
        raise BadInput(Problem("J017", "The file holds no anchor.", f"Name a workbook of cqa with a sheet "
                               f"'{ANCHOR_SHEET}', or a text with its lines.", str(path)))
    return found


def _in_pack(path: Path) -> list[str]:
    """The lines of the anchor in an evidence pack; none where it is none. Raises OSError when it cannot be read."""
    with suppress(zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError), \
            zipfile.ZipFile(path) as pack:
        for name in pack.namelist():
            if name.count("/") == 1 and name.endswith(f"/{ANCHOR_FILE}"):
                with pack.open(name) as stream:
                    return stream.read(_MOST_BYTES).decode("utf-8", "replace").splitlines()
    return []


def check_anchor(folder: SampleFolder, anchor: Anchor, where: Path) -> list[Problem]:
    """What is no longer as the anchor, read from the file `where`, says: a journal cut off, written anew or gone."""
    problems = []
    if hashlib.sha256(read_file(folder.path / RECORD)).hexdigest() != anchor.record:
        problems.append(Problem("S004", f"sample.yaml is not the file that the anchor in '{where.name}' was made of.",
                                "Restore the sample's folder from a copy.", str(folder.path / RECORD)))
    journals = {room: read_journals(folder.path / room).lines for room in ROOMS}
    for end in anchor.ends:
        lines = journals[end.room].get(end.owner, ())
        seals = {line.get("seq"): line.get("seal") for line in lines}
        if seals.get(end.seq) == end.seal:
            continue
        there = journal_path(folder.path / end.room, *end.owner).exists()
        told = ("the journal is here, and nothing in it can be read as it is" if not lines and there else
                "the journal is not here" if not lines else
                f"its line {end.seq} is not the one that the anchor names: the journal was written anew"
                if end.seq in seals else
                f"line {end.seq} is missing, which the anchor names; the last is {max(map(_number, seals))}")
        problems.append(Problem("J016", f"Not as anchored in '{where.name}': {told}.", "Restore the journal from a "
                                "copy, and find out who could write here since.",
                                str(folder.path / f"{end.name}.jsonl"), end.seq if end.seq in seals else None))
    return problems


def _number(seq: object) -> int:
    return seq if isinstance(seq, int) else 0
