"""The named styles of every workbook: Arial 12, few of them, shared."""

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.named_styles import NamedStyle
from openpyxl.worksheet.worksheet import Worksheet

from cqa.table import Column

FORMATS = {"percent": "0%", "decimal": "0.00", "number": "General"}
"""The kinds of column that hold figures, and how these are shown."""


FILL = "cqa fill"


def add_styles(workbook: Workbook, *, to_fill: bool = False) -> None:
    """Gives the workbook its styles; that of cells to fill, which are not locked and take all that is typed as text,
    where it has any."""
    body = Font(name="Arial", size=12)
    bold = Font(name="Arial", size=12, bold=True)
    # Column widths are counted in the font of Normal, which openpyxl offers no public way to set.
    workbook._named_styles["Normal"].font = body  # type: ignore[attr-defined]
    flat = Alignment(wrap_text=False, vertical="top", horizontal="left")
    wrapped = Alignment(wrap_text=True, vertical="top", horizontal="left")
    # Without an indent a text runs into the one before it, and a header into its neighbour.
    indented = Alignment(wrap_text=True, vertical="top", horizontal="left", indent=1)
    right = Alignment(vertical="top", horizontal="right", indent=1)
    wrapped_right = Alignment(wrap_text=True, vertical="top", horizontal="right", indent=1)
    rule = Border(bottom=Side(style="medium", color="000000"))
    for style in (
        NamedStyle("cqa title", font=Font(name="Arial", size=16, bold=True), alignment=flat),
        NamedStyle("cqa sentence", font=body, alignment=flat),
        NamedStyle("cqa link", font=Font(name="Arial", size=12, underline="single", color="12436D"), alignment=flat),
        NamedStyle("cqa header", font=bold, alignment=wrapped, border=rule),
        NamedStyle("cqa header right", font=bold, alignment=wrapped_right, border=rule),
        NamedStyle("cqa header indented", font=bold, alignment=indented, border=rule),
        NamedStyle("cqa text", font=body, alignment=wrapped),
        NamedStyle("cqa text indented", font=body, alignment=indented),
        NamedStyle("cqa text right", font=body, alignment=wrapped_right),
        *(NamedStyle(f"cqa {kind}", font=body, number_format=number_format, alignment=right)
          for kind, number_format in FORMATS.items()),
    ):
        workbook.add_named_style(style)
    if to_fill:
        thin = Side(style="thin", color="595959")
        workbook.add_named_style(NamedStyle(
            FILL, font=body, alignment=indented, number_format="@", protection=Protection(locked=False),
            border=Border(left=thin, right=thin, top=thin, bottom=thin), fill=PatternFill("solid", fgColor="FFF8DC")))


def side_of(column: Column, place: int) -> str:
    """The ending of the styles of a column: right for figures, indented for text beside another column."""
    return " right" if column.kind in FORMATS else " indented" if place else ""


def put_text(cell: SheetCell, text: str, style: str) -> None:
    """Text, legal by now, as a string cell: never a formula, also after somebody edits it."""
    cell.value = text
    cell.data_type = "s"
    cell.style = style
    cell.quotePrefix = True


def style_number(sheet: Worksheet, style: str, *, text: bool) -> int:
    """The number under which a sheet's XML names the style of a cell of text, or of a figure."""
    cell = SheetCell(sheet, 1, 1)
    cell.style = style
    if text:
        cell.quotePrefix = True
    return int(cell.style_id)
