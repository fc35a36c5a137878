"""The house style of charts, and the settings without which one program or another draws them otherwise than meant."""

from collections.abc import Iterable
from math import ceil, floor, log10
from typing import Literal

from openpyxl.chart._chart import ChartBase
from openpyxl.chart.axis import ChartLines, NumericAxis, _BaseAxis
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
from openpyxl.chart.error_bar import ErrorBars
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.chart.title import Title, title_maker
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

from cqa.files.cells import heading
from cqa.table import Table

PALETTE = ("12436D", "28A197", "801650", "F46A25", "3D3D3D", "A285D1")
DONE_OR_NOT = ("12436D", "28A197", "A6A6A6")
"""What is open is no alarm: grey."""
ON_DARK = ("12436D", "801650", "3D3D3D")
GRID, AXIS, PALE = "D9D9D9", "595959", "6BACE6"
WIDTH_CM = 24
_THIN, _FIRM = 9_525, 19_050
"""Widths of lines in English metric units: 0.75 and 1.5 points."""


class Cells:
    """Where the columns of the table beside a chart stand, as the formulas that charts refer to."""

    def __init__(self, table: Table, sheet: Worksheet, header_row: int) -> None:
        self.sheet, self.header_row = quote_sheetname(sheet.title), header_row
        self.places = {column.name: get_column_letter(place) for place, column in enumerate(table.columns, start=1)}
        self.rows = len(table.rows)

    def column(self, name: str, first: int = 0, last: int | None = None) -> str:
        """The cells of rows `first` to `last` of a column, counted from 0; of all unless told."""
        letter, top = self.places[name], self.header_row + 1
        end = self.rows - 1 if last is None else last
        return f"{self.sheet}!${letter}${top + first}:${letter}${top + end}"

    def header(self, name: str) -> str:
        """The cell that names a column."""
        return f"{self.sheet}!${self.places[name]}${self.header_row}"

    def cell(self, name: str, row: int) -> str:
        """One cell of a column."""
        return f"{self.sheet}!${self.places[name]}${self.header_row + 1 + row}"


def numbers(where: str) -> NumDataSource:
    """Figures to draw."""
    return NumDataSource(numRef=NumRef(f=where))


def sizes_at(where: str) -> AxDataSource:
    """Figures along an axis."""
    return AxDataSource(numRef=NumRef(f=where))


def words(where: str) -> AxDataSource:
    """Names along an axis: as text, which openpyxl would call numbers."""
    return AxDataSource(strRef=StrRef(f=where))


def named(where: str) -> SeriesLabel:
    """The name of a series."""
    return SeriesLabel(strRef=StrRef(f=where))


def reaches(down: str, up: str, direction: Literal["y"] | None) -> ErrorBars:
    """Intervals as error bars; `direction` only for charts that have two axes of figures."""
    bars = ErrorBars(errDir=direction, errBarType="both", errValType="cust", noEndCap=False,
                     plus=numbers(up), minus=numbers(down))
    # The schema wants plus before minus; openpyxl writes them the other way round, and Excel may drop the drawing.
    order = ("errDir", "errBarType", "errValType", "noEndCap", "plus", "minus", "val", "spPr")
    setattr(bars, "__elements__", order)  # noqa: B010 - for this one alone, which types do not foresee
    bars.graphicalProperties = line(AXIS, _FIRM)
    return bars


def line(colour: str, width: int = _THIN, dash: Literal["dash", "sysDot"] | None = None) -> GraphicalProperties:
    """A line of that colour."""
    return GraphicalProperties(ln=LineProperties(solidFill=colour, w=width, prstDash=dash))


def no_line() -> GraphicalProperties:
    """Nothing between the points."""
    return GraphicalProperties(ln=LineProperties(noFill=True))


def framed(chart: ChartBase, title: str, *, legend: bool, height_cm: float) -> None:
    """Title and legend beside the plot, square corners, the house's size."""
    chart.title = title_of(title, 1400)
    chart.roundedCorners = False
    chart.width, chart.height = WIDTH_CM, height_cm
    if legend and chart.legend is not None:
        chart.legend.position = "t"
        chart.legend.overlay = False
        chart.legend.txPr = text_of(1000, "000000")
    else:
        chart.legend = None


def axis(of: _BaseAxis, title: str, number_format: str | None = None) -> None:
    """An axis that is kept (openpyxl's silence hides it in Excel), titled, in the house's fonts."""
    of.delete = False
    of.title = title_of(title)
    of.graphicalProperties = line(AXIS)
    of.txPr = text_of(1000, "000000")
    of.majorTickMark = "out"
    if number_format:
        of.number_format = number_format


def scale(of: NumericAxis, least: float, most: float, step: float) -> None:
    """Limits that hold the ends of intervals too, with pale lines at every step."""
    of.scaling.min, of.scaling.max, of.majorUnit = least, most, step
    of.majorGridlines = ChartLines(spPr=line(GRID))


def steps(figures: Iterable[float], *, whole: bool = False) -> tuple[float, float, float]:
    """Round limits around the figures, 0 among them, and a step of which they are multiples; a whole one of counts."""
    listed = [0.0, *figures]
    least, most = min(listed), max(listed)
    span = max(most - least, 1e-9)
    power = 10.0 ** floor(log10(span / 5))
    found = (power * times for times in (1, 2, 2.5, 5, 10, 20))
    step = next(size for size in found if span / size <= 8 and not (whole and size % 1))
    return floor(least / step + 1e-9) * step, ceil(most / step - 1e-9) * step, step


def shares_scale(figures: Iterable[float]) -> tuple[float, float, float]:
    """Limits of shares that are drawn as points: whole tenths around them."""
    listed = list(figures)
    least, most = floor(10 * min(listed, default=0.0) + 1e-9), ceil(10 * max(listed, default=1.0) - 1e-9)
    least = min(least, most - 2)
    return max(least, 0) / 10, max(most, 2) / 10, 0.1 if most - least <= 6 else 0.2


def labels(number_format: str, colour: str) -> DataLabelList:
    """Figures beside or on what is drawn, and nothing else there."""
    made = DataLabelList(numFmt=number_format, showVal=True, showSerName=False, showCatName=False, showPercent=False,
                         showBubbleSize=False, showLegendKey=False, showLeaderLines=False)
    made.txPr = text_of(900, colour)
    return made


def name_label(position: Literal["t", "b"]) -> DataLabelList:
    """The name of the series above its point or below."""
    made = DataLabelList(showVal=False, showSerName=True, showCatName=False, showPercent=False, showBubbleSize=False,
                         showLegendKey=False, showLeaderLines=False, dLblPos=position)
    made.txPr = text_of(900, "000000")
    return made


def pointed(series: Series, colour: str, size: int = 8) -> None:
    """Round points of that colour."""
    series.marker = Marker(symbol="circle", size=size, spPr=GraphicalProperties(
        solidFill=colour, ln=LineProperties(solidFill="FFFFFF")))


def title_of(text: str, size: int = 1100) -> Title:
    """A title beside the plot, never over it."""
    title: Title = title_maker(heading(text))
    title.overlay = False
    for paragraph in title.tx.rich.p if title.tx and title.tx.rich else ():
        paragraph.pPr = ParagraphProperties(defRPr=_characters(size, "000000", bold=True))
    return title


def text_of(size: int, colour: str) -> RichText:
    """Arial, in hundredths of a point."""
    properties = _characters(size, colour)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=properties), endParaRPr=properties)])


def _characters(size: int, colour: str, *, bold: bool = False) -> CharacterProperties:
    return CharacterProperties(sz=size, b=bold, solidFill=colour, latin=Font(typeface="Arial"))
