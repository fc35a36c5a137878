"""A checker of a workbook's XML against the rules that public spreadsheets and Excel itself hold it to."""

import io
import re
import zipfile
from collections.abc import Iterator

from lxml import etree

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
      "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
      "d": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
      "dc": "http://purl.org/dc/elements/1.1/"}


def lint(data: bytes) -> list[str]:
    """Every rule the workbook breaks, in words; empty for a good one."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    trees = {name: etree.fromstring(part) for name, part in parts.items() if name.endswith((".xml", ".rels"))}
    return [*_book(trees, parts), *(problem for name, tree in trees.items() if name.startswith("xl/worksheets/sheet")
                                    for problem in _sheet(name, tree, trees)), *_drawings(trees)]


def _book(trees: dict[str, etree._Element], parts: dict[str, bytes]) -> Iterator[str]:
    core, book = trees["docProps/core.xml"], trees["xl/workbook.xml"]
    if not core.findtext("dc:title", namespaces=NS):
        yield "no title property"
    if core.findtext("dc:language", namespaces=NS) != "en-GB":
        yield "no language"
    if core.findtext("dc:creator", namespaces=NS) in (None, "", "openpyxl"):
        yield "the author is the tool"
    names = [sheet.get("name", "") for sheet in book.iterfind("m:sheets/m:sheet", NS)]
    if names[0] != "Cover" or "Contents" not in names:
        yield "no cover or contents"
    for name in names:
        if len(name) > 31 or re.search(r"[\[\]:*?/\\]", name) or name.casefold() == "history":
            yield f"bad sheet name {name}"
    if len({name.casefold() for name in names}) < len(names):
        yield "sheet names repeat"
    if any(sheet.get("state", "visible") != "visible" for sheet in book.iterfind("m:sheets/m:sheet", NS)):
        yield "a hidden sheet"
    if any(view.get("activeTab", "0") != "0" for view in book.iterfind("m:bookViews/m:workbookView", NS)):
        yield "does not open on the cover"
    if any(word in name for name in parts for word in ("vbaProject", "externalLink", "connections", "embeddings")):
        yield "a macro or a link outside"
    fonts = trees["xl/styles.xml"]
    if any(float(size.get("val", "0")) < 10 for size in fonts.iterfind("m:fonts/m:font/m:sz", NS)) or \
            fonts.find("m:fonts/m:font/m:i", NS) is not None:
        yield "a font that is too small or italic"


def _sheet(name: str, tree: etree._Element, trees: dict[str, etree._Element]) -> Iterator[str]:
    cells = {cell.get("r", ""): "".join(map(str, cell.itertext())) for cell in tree.iterfind(".//m:c", NS)}
    if tree.find(".//m:f", NS) is not None:
        yield f"{name}: a formula"
    if any(cell.get("t") == "e" for cell in tree.iterfind(".//m:c", NS)):
        yield f"{name}: an error cell"
    if tree.find("m:mergeCells", NS) is not None or tree.find(".//m:row[@hidden]", NS) is not None:
        yield f"{name}: merged cells or hidden rows"
    if not cells.get("A1"):
        yield f"{name}: no title in A1"
    relations = trees.get(f"xl/worksheets/_rels/{name.rsplit('/', 1)[1]}.rels")
    tables = [] if relations is None else [relation.get("Target", "").split("/")[-1] for relation in relations
                                           if relation.get("Type", "").endswith("/table")]
    if len(tables) > 1:
        yield f"{name}: more than one table"
    for table in tables:
        yield from _table(name, cells, trees[f"xl/tables/{table}"])
    if not tables and any(re.match(r"[B-Z]", place) for place in cells):
        yield f"{name}: figures outside a table"
    if tree.find("m:pageSetup[@paperSize='9']", NS) is None:
        yield f"{name}: no print set-up"
    rows = {int(re.sub(r"\D", "", place)) for place in cells}
    if tree.find(".//m:pane", NS) is not None and len(rows) < 25:
        yield f"{name}: frozen although short"


def _table(name: str, cells: dict[str, str], table: etree._Element) -> Iterator[str]:
    first, last = table.get("ref", "").split(":")
    top, bottom = (int(re.sub(r"\D", "", place)) for place in (first, last))
    headers = [column.get("name", "") for column in table.iterfind("m:tableColumns/m:tableColumn", NS)]
    if table.find("m:autoFilter", NS) is not None:
        yield f"{name}: filter buttons"
    if not first.startswith("A") or not re.match(r"[A-Za-z]+_", table.get("displayName", "")):
        yield f"{name}: the table begins elsewhere or has a bad name"
    if len({header.casefold() for header in headers}) < len(headers) or "" in headers:
        yield f"{name}: headers repeat or are blank"
    letters = [re.sub(r"\d", "", place) for place in cells if place.endswith(str(top)) and
               int(re.sub(r"\D", "", place)) == top]
    if [cells[f"{letter}{top}"] for letter in letters] != headers:
        yield f"{name}: headers differ from their cells"
    if any(int(re.sub(r"\D", "", place)) > bottom for place in cells):
        yield f"{name}: something below the table"
    if any(not cells.get(f"{letter}{row}") for letter in letters for row in range(top, bottom + 1)):
        yield f"{name}: an empty cell in the table"


def _drawings(trees: dict[str, etree._Element]) -> Iterator[str]:
    for name, tree in trees.items():
        for frame in tree.iterfind(".//d:cNvPr", NS):
            if len(frame.get("descr", "")) < 20:
                yield f"{name}: no text for a chart"
        for axis in (*tree.iterfind(".//c:catAx", NS), *tree.iterfind(".//c:valAx", NS)):
            deleted, title = axis.find("c:delete", NS), axis.find("c:title", NS)
            if deleted is None or deleted.get("val") != "0" or title is None:
                yield f"{name}: an axis that vanishes or has no title"
