"""Rules of each sheet: titled, nothing merged or hidden, nothing computed, charts that everyone can read."""

import re
from collections.abc import Iterator

from lxml import etree

from tests.workbook_lint.book_rules import Place
from tests.workbook_lint.parts import Package, Sheet
from tests.workbook_lint.styles import MAIN

_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_PLACED = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_AXES = ("catAx", "valAx", "dateAx", "serAx")
SHORTEST_ALT = 20


def titled(book: Package) -> Iterator[Place]:
    """7. A1 of every sheet holds its title, in the style of titles. An empty sheet is rule 8's."""
    for sheet in book.sheets:
        cell = sheet.cells.get((1, 1))
        if sheet.cells and cell is None:
            yield sheet.name, "A1", "there is no title"
        elif cell is not None and "title" not in book.styles.all[cell.style].named.casefold():
            yield sheet.name, "A1", "the title is not in a style of that name"


def not_blank(book: Package) -> Iterator[Place]:
    """8. No sheet is blank."""
    for sheet in book.sheets:
        if not sheet.cells:
            yield sheet.name, "", "the sheet is blank"


def nothing_merged(book: Package) -> Iterator[Place]:
    """9. No cells are merged."""
    for sheet in book.sheets:
        for merged in sheet.tree.iterfind(f".//{MAIN}mergeCell"):
            yield sheet.name, merged.get("ref", ""), "cells are merged"


def nothing_hidden(book: Package) -> Iterator[Place]:
    """20. No row or column is hidden, or shrunk to nothing."""
    for sheet in book.sheets:
        for row in sheet.tree.iterfind(f".//{MAIN}row"):
            if row.get("hidden") in ("1", "true") or row.get("ht") == "0":
                yield sheet.name, f"A{row.get('r')}", "the row is hidden"
        for column in sheet.tree.iterfind(f".//{MAIN}col"):
            if column.get("hidden") in ("1", "true") or float(column.get("width", "8")) == 0:
                yield sheet.name, "", f"columns {column.get('min')} to {column.get('max')} are hidden"


def _drawings(sheet: Sheet) -> Iterator[etree._Element]:
    return iter(sheet.related("drawing"))


def alt_text(book: Package) -> Iterator[Place]:
    """24. Every chart and picture has a text of 20 characters or more that is no file's name."""
    for sheet in book.sheets:
        for drawing in _drawings(sheet):
            for frame in drawing.iter(f"{_PLACED}cNvPr"):
                text = frame.get("descr", "").strip()
                if len(text) < SHORTEST_ALT or re.fullmatch(r"\S+\.\w{2,4}", text):
                    yield sheet.name, "", f"what is drawn is described as {text!r}"


def no_boxes_or_comments(book: Package) -> Iterator[Place]:
    """25. There are no text boxes and no comments."""
    for sheet in book.sheets:
        if any(drawing.find(f".//{_PLACED}sp") is not None for drawing in _drawings(sheet)):
            yield sheet.name, "", "there is a text box"
        if sheet.tree.find(f"{MAIN}legacyDrawing") is not None or \
                any("omment" in kind for kind, _ in book.targets(sheet.part).values()):
            yield sheet.name, "", "there are comments"


def axes(book: Package) -> Iterator[Place]:
    """26. Every axis of a chart is kept and has a title with words in it."""
    for sheet in book.sheets:
        for chart in sheet.charts:
            for axis in (found for name in _AXES for found in chart.iter(f"{_CHART}{name}")):
                deleted, title = axis.find(f"{_CHART}delete"), axis.find(f"{_CHART}title")
                if deleted is None or deleted.get("val") not in ("0", "false"):
                    yield sheet.name, "", "an axis vanishes in Excel"
                if title is None or not "".join(map(str, title.itertext())).strip():
                    yield sheet.name, "", "an axis has no title"


def nothing_computed(book: Package) -> Iterator[Place]:
    """33. No cell holds a formula, and none an error, which is what becomes of text such as #N/A that was taken for a
    result. No name is defined but for printing, and no condition of a format or check of an entry computes: a
    list of words to choose from does not."""
    for sheet in book.sheets:
        for cell in sheet.cells.values():
            if cell.formula or cell.kind in ("e", "str"):
                yield sheet.name, cell.ref, "the cell is computed, or an error"
        checks = sheet.tree.iterfind(f".//{MAIN}dataValidation/{MAIN}formula1")
        if any(not re.fullmatch(r'"[^"]*"', check.text or "") for check in checks):
            yield sheet.name, "", "an entry is checked by a formula"
    for name in book.book.iterfind(f"{MAIN}definedNames/{MAIN}definedName"):
        if not name.get("name", "").startswith("_xlnm.Print_"):
            yield "", "", f"the name {name.get('name')!r} is defined"
