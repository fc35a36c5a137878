"""A workbook's XML parts as the rules need them: sheets with cells, tables and drawings, and the styles in use."""

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from tests.workbook_lint.styles import MAIN, Styles

_DOCUMENT = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REF = re.compile(r"\$?([A-Z]{1,3})\$?(\d+)")
Spot = tuple[int, int]


def at(ref: str) -> Spot:
    """Row and column of a reference such as B4, from 1."""
    found = _REF.fullmatch(ref)
    if not found:
        raise ValueError(f"{ref} is no cell")
    column = 0
    for letter in found[1]:
        column = 26 * column + ord(letter) - 64
    return int(found[2]), column


def span(ref: str) -> tuple[int, int, int, int]:
    """First row and column, last row and column of a range."""
    first, _, last = ref.partition(":")
    return (*at(first), *at(last or first))


def letters(column: int) -> str:
    """The letters of a column."""
    told = ""
    while column:
        column, rest = divmod(column - 1, 26)
        told = chr(65 + rest) + told
    return told


def decoded(text: str) -> str:
    """The text as Excel shows it: _x000A_ is a line feed."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: reference, row, column, style, kind (`n`, `inlineStr`, …), what it holds as text, whether computed."""

    ref: str
    row: int
    column: int
    style: int
    kind: str
    text: str
    formula: bool


class Sheet:
    """One sheet: its name and XML, with what its relationships lead to."""

    def __init__(self, package: "Package", entry: etree._Element) -> None:
        self.entry, self.package = entry, package
        self.name = entry.get("name", "")
        self.part = package.targets("xl/workbook.xml")[entry.get(f"{_DOCUMENT}id", "")][1]
        self.tree = package.trees[self.part]

    @cached_property
    def cells(self) -> dict[Spot, Cell]:
        """Every cell that holds something."""
        read = map(self._cell, self.tree.iterfind(f".//{MAIN}c"))
        return {(cell.row, cell.column): cell for cell in read if cell.text.strip() or cell.formula}

    def _cell(self, element: etree._Element) -> Cell:
        ref, kind = element.get("r", ""), element.get("t", "n")
        held = element.find(f"{MAIN}v")
        text = "" if held is None else held.text or ""
        inside = element.find(f"{MAIN}is")
        if inside is not None:
            text = "".join(piece.text or "" for piece in inside.iter(f"{MAIN}t"))
        elif kind == "s":
            text = self.package.shared[int(text)]
        row, column = at(ref)
        return Cell(ref, row, column, int(element.get("s", "0")), kind, text, element.find(f"{MAIN}f") is not None)

    def related(self, kind: str) -> list[etree._Element]:
        """The parts of that kind that the sheet's relationships name."""
        return [self.package.trees[part] for ending, part in self.package.targets(self.part).values()
                if ending == kind]

    @property
    def tables(self) -> list[etree._Element]:
        """The sheet's tables."""
        return self.related("table")

    @cached_property
    def to_fill(self) -> set[Spot]:
        """The empty cells of a protected sheet that are not locked: whoever reads it is to fill them."""
        if self.tree.find(f"{MAIN}sheetProtection") is None:
            return set()
        return {at(cell.get("r", "")) for cell in self.tree.iterfind(f".//{MAIN}c")
                if not self.package.styles.all[int(cell.get("s", "0"))].locked}

    @cached_property
    def charts(self) -> list[etree._Element]:
        """The charts of the sheet's drawings."""
        drawings = [part for kind, part in self.package.targets(self.part).values() if kind == "drawing"]
        return [self.package.trees[part] for drawing in drawings
                for kind, part in self.package.targets(drawing).values() if kind == "chart"]

    @cached_property
    def widths(self) -> dict[int, float]:
        """Width by column, where one is set."""
        return {column: float(col.get("width", "0")) for col in self.tree.iterfind(f"{MAIN}cols/{MAIN}col")
                for column in range(int(col.get("min", "1")), min(int(col.get("max", "1")), 200) + 1)}

    def in_order(self) -> list[Cell]:
        """The cells row by row."""
        return [self.cells[spot] for spot in sorted(self.cells)]


class Package:
    """The whole file. `language` is the one it should say it is in."""

    def __init__(self, data: bytes, language: str) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.raw = {name: archive.read(name) for name in archive.namelist()}
        self.language = language
        self.trees = {name: etree.fromstring(part) for name, part in self.raw.items()
                      if name.endswith((".xml", ".rels"))}
        self.book, self.core = self.trees["xl/workbook.xml"], self.trees["docProps/core.xml"]
        self.styles = Styles(self.trees["xl/styles.xml"], self.trees.get("xl/theme/theme1.xml"))

    @cached_property
    def shared(self) -> list[str]:
        """The shared texts, where there are any."""
        tree = self.trees.get("xl/sharedStrings.xml")
        return [] if tree is None else ["".join(piece.text or "" for piece in item.iter(f"{MAIN}t")) for item in tree]

    @cached_property
    def sheets(self) -> list[Sheet]:
        """The sheets in the order of their tabs."""
        return [Sheet(self, entry) for entry in self.book.iterfind(f"{MAIN}sheets/{MAIN}sheet")]

    def targets(self, part: str) -> dict[str, tuple[str, str]]:
        """What a part's relationships lead to: id to the last word of its kind, and the part."""
        folder, name = posixpath.split(part)
        relations = self.trees.get(f"{folder}/_rels/{name}.rels")
        found = {}
        for relation in () if relations is None else relations:
            target = relation.get("Target", "")
            whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            found[relation.get("Id", "")] = (relation.get("Type", "").rsplit("/", 1)[-1], whole)
        return found
