"""Rules of the workbook as a whole: its properties, its tabs, how it opens, and what may not be in it."""

import re
from collections.abc import Iterator

from tests.workbook_lint.parts import Package, decoded
from tests.workbook_lint.styles import MAIN

Place = tuple[str, str, str]
"""Sheet, cell, and what is wrong."""
_DC = "{http://purl.org/dc/elements/1.1/}"
_NOT_IN_TABS = re.compile(r"[\[\]:*?/\\]|^[ ']|[ ']$|^$")


def title_property(book: Package) -> Iterator[Place]:
    """1. The title property is set."""
    if not (book.core.findtext(f"{_DC}title") or "").strip():
        yield "", "", "the title property is empty"


def language_property(book: Package) -> Iterator[Place]:
    """2. The language property is the one the workbook is in: en-GB, unless its settings say another."""
    found = book.core.findtext(f"{_DC}language")
    if found != book.language:
        yield "", "", f"the language property is {found!r}, not {book.language!r}"


def author(book: Package) -> Iterator[Place]:
    """3. The author is the team, not the tool."""
    found = (book.core.findtext(f"{_DC}creator") or "").strip()
    if found.casefold() in ("", "openpyxl", "xlsxwriter"):
        yield "", "", f"the author property is {found!r}"


def cover_first(book: Package) -> Iterator[Place]:
    """4. The cover is the first visible sheet; there are contents where there are more than three sheets. House rule:
    the cover of what is handed to one person is called Summary."""
    names = [sheet.name for sheet in book.sheets if sheet.entry.get("state", "visible") == "visible"]
    if not names or not any(word in names[0].casefold() for word in ("cover", "summary")):
        yield names[0] if names else "", "", "the first visible sheet is not the cover"
    if len(names) > 3 and not any("contents" in name.casefold() for name in names):
        yield "", "", f"{len(names)} sheets and no contents"


def sheet_names(book: Package) -> Iterator[Place]:
    """5. Sheet names mean something, are at most 31 UTF-16 units, legal, and unique ignoring case."""
    seen: set[str] = set()
    for sheet in book.sheets:
        name = sheet.name
        if re.fullmatch(r"(?i)sheet ?\d+|history", name):
            yield name, "", "the name says nothing, or is one that Excel keeps for itself"
        if len(name.encode("utf-16-le")) // 2 > 31 or _NOT_IN_TABS.search(name):
            yield name, "", "the name is too long, or holds what no name may"
        if name.casefold() in seen:
            yield name, "", "the name is there already, but for its case"
        seen.add(name.casefold())


def no_hidden_sheet(book: Package) -> Iterator[Place]:
    """6. No sheet is hidden."""
    for sheet in book.sheets:
        if sheet.entry.get("state", "visible") != "visible":
            yield sheet.name, "", "the sheet is hidden"


def links(book: Package) -> Iterator[Place]:
    """27. Every link leads to a cell of a sheet that is there, and its text says where to. House rule: none leads out
    of the workbook."""
    names = {sheet.name for sheet in book.sheets}
    for sheet in book.sheets:
        for link in sheet.tree.iterfind(f".//{MAIN}hyperlink"):
            ref = link.get("ref", "")
            target, _, cell = link.get("location", "").rpartition("!")
            target = target[1:-1].replace("''", "'") if target.startswith("'") else target
            if target not in names or not re.fullmatch(r"\$?[A-Z]{1,3}\$?\d+", cell):
                yield sheet.name, ref, f"the link leads to {link.get('location')!r}, which is not there"
            text = next((found.text for found in sheet.cells.values() if found.ref == ref), "")
            if re.match(r"(?i)\s*(https?://|www\.|click here|here\s*$|$)", text):
                yield sheet.name, ref, "the link's text does not say where it leads"


def opens_at_start(book: Package) -> Iterator[Place]:
    """28. The workbook opens at A1 of the first sheet. Below frozen rows the cell that is on is A1 all the same."""
    if any(view.get("activeTab", "0") != "0" for view in book.book.iterfind(f".//{MAIN}workbookView")):
        yield "", "", "it does not open on the first sheet"
    for place, sheet in enumerate(book.sheets):
        for view in sheet.tree.iterfind(f".//{MAIN}sheetView"):
            if place and view.get("tabSelected") in ("1", "true"):
                yield sheet.name, "", "its tab is selected beside the first"
            if view.get("topLeftCell", "A1") != "A1":
                yield sheet.name, view.get("topLeftCell", ""), "it opens further down"
        for selection in sheet.tree.iterfind(f".//{MAIN}selection"):
            if selection.get("activeCell", "A1") != "A1":
                yield sheet.name, selection.get("activeCell", ""), "a cell other than A1 is on"


def nothing_from_outside(book: Package) -> Iterator[Place]:
    """29. There are no macros, controls, links to other files, connections or embedded files."""
    for name in book.raw:
        if re.search(r"vbaProject|externalLink|connections|embeddings|activeX|ctrlProps|customUI|queryTable", name):
            yield "", "", f"it holds {name}"
    for name, tree in book.trees.items():
        if name.endswith(".rels"):
            for relation in tree:
                if relation.get("TargetMode") == "External":
                    yield "", "", f"{name} leads outside, to {relation.get('Target')}"


def print_setup(book: Package) -> Iterator[Place]:
    """31. Every sheet prints on A4, turned one way or the other, one page wide; the header of a table is repeated on
    every page. House rule: a sheet without a table has no rows to repeat."""
    titled = {int(entry.get("localSheetId", "-1")): entry.text or ""
              for entry in book.book.iterfind(f"{MAIN}definedNames/{MAIN}definedName")
              if entry.get("name") == "_xlnm.Print_Titles"}
    for place, sheet in enumerate(book.sheets):
        page, fit = sheet.tree.find(f"{MAIN}pageSetup"), sheet.tree.find(f".//{MAIN}pageSetUpPr")
        if page is None or page.get("paperSize") != "9" or page.get("orientation") not in ("landscape", "portrait"):
            yield sheet.name, "", "the paper is not A4, or not turned one way or the other"
        elif page.get("fitToWidth", "1") != "1" or fit is None or fit.get("fitToPage") not in ("1", "true"):
            yield sheet.name, "", "it does not print one page wide"
        for table in sheet.tables:
            header = re.search(r"\d+", table.get("ref", ""))
            if header and not decoded(titled.get(place, "")).endswith(f"${header[0]}:${header[0]}"):
                yield sheet.name, "", "the header is not repeated on every printed page"
